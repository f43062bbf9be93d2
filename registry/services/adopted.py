"""What a community decides where the cards leave it open: a field for each reading that it may adopt.

The defaults are the readings of the design. Which of them decided is told with the decision (`[[readings]]` of a card,
`readings.py`); the words of each are in `texts.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What a community decides where the cards leave it open."""

    proxy_gets_extract: bool = False
    """T-05: row 8 of card 7 does not name a representative by proxy, row 12 does."""
    foreign_death_document: bool = True
    """Whether anybody may bring the legalised document of a death abroad; row 8 of card 2 knows it from ДМС."""
    consents_by_age: bool = True
    """T-20: consents are asked under 18, whatever the capacity; else not of the emancipated (source 004, 17-28)."""
    official_requests: bool = True
    """Whether bodies get an extract on their official request: card 7 names none; by source 004 (17-07, 17-39, 17-46)
    officials ask the registration department themselves."""
    citizens_expired_invalid: bool = True
    """Whether a paper of a citizen whose term is over is an invalid one; row 13 speaks of the term of a foreigner's."""
    expired_taken_until: Mapping[str, date] = field(default_factory=dict)
    """The last day on which an expired document is taken as valid by law, by its kind or by the id of the paper."""
    owner_representative_removes: bool = False
    """Whether a representative may file for the owner who removes somebody: row 8 of card 2 names the owner, row 9 asks
    the owner's document «у разі особистого звернення»; card 71-02 named the representatives of owners."""
    one_receipt_for_several: bool = False
    """Whether one receipt over the whole sum pays for several people whom an owner removes; row 9 of card 2 wants
    evidence «окремо щодо кожної особи»."""
    expired_permit_referred: bool = True
    """Whether a foreigner whose passport document has expired is referred to ДМС; row 16 of cards 1 to 3 refers those
    with an invalid document, and does not say whether an expired one is."""
    military_data_demanded: bool = False
    """Whether a declaration of somebody liable for military duty without the data of row 9 of card 8 is incomplete (row
    13, 3); the portal stops an incomplete one itself."""
    protected_absence_bars: bool = False
    """Whether an owner may not remove whoever is marked as a protected absentee, once it was found that this stands:
    row 9 of card 2 names point 61 of the Procedure, and the cards no such refusal."""
    days_where_silent: int = 0
    """Days from the act for a message or a task to which the cards give no deadline: ДМС is told the same day."""
    days_to_bring: int = 10
    """Days for what is missing of an application without movement, unless the applicant agreed to another day."""
    days_to_answer: int = 5
    """Working days for the answer to a department's official request. Source 004 (row 9 of 17-07, 17-39, 17-46, 71-42)
    gives it no term: the default is our own, and no rule of law."""
    days_to_answer_notices: int = 0
    """Days from the decision for the letter to whoever sent a notice that was not granted: the cards know no answer to
    a body. By default it is due the same day, as what they tell others of."""


AS_DECIDED = Readings()
"""The readings of the design."""
