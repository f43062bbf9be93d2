"""What an applicant is told of a decision, in words: kept in the facts, so that it can be printed as it was."""

from dataclasses import replace

from registry import texts
from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationReceived,
    ApplicationRefused,
)
from registry.aggregates.case.state import Outcome
from registry.services.catalogue import EVERY_CARD

_TITLES = {card.id: card.title for card in EVERY_CARD}
_INSTEAD = {(card.id, rule.id): rule.reason for card in EVERY_CARD for rule in card.rules["barred"] if rule.reason}
"""What to do instead, by card and bar, where the card's wording does not say it."""


def worded(outcome: Outcome, received: ApplicationReceived, office: str) -> Outcome:
    """An outcome with its text and that of each message to the applicant. `office` is where the result is given out."""
    if isinstance(outcome, ApplicationBarred):
        bars = [": ".join(filter(None, (one.wording, _INSTEAD.get((outcome.card, one.id))))) for one in outcome.barred]
        return replace(outcome, text=_letter("barred", outcome, received, bars))
    told = texts.TEXTS["to_applicant"]["refused" if isinstance(outcome, ApplicationRefused) else "granted"]
    text = told.format(code=received.code, office=office)
    follows = tuple(replace(one, text=text) if one.person is None else one for one in outcome.follows)
    if isinstance(outcome, ApplicationRefused):
        grounds = [f"{_numbered(one.number)}{one.wording}: {'; '.join(one.said)}" for one in outcome.grounds]
        return replace(outcome, text=_letter("refused", outcome, received, grounds), follows=follows)
    return replace(outcome, follows=follows)


def _numbered(number: int | None) -> str:
    """The official number of a ground; the cards 71-03 and 71-04 do not number theirs."""
    return "" if number is None else f"{number}) "


def _letter(
    kind: str, outcome: ApplicationRefused | ApplicationBarred, received: ApplicationReceived, lines: list[str]
) -> str:
    head = texts.TEXTS["letters"][kind].format(
        title=_TITLES[outcome.card],
        code=received.code,
        received=f"{texts.day(received.received[:10])} {received.received[11:]}",
        on=texts.day(outcome.decided_on),
    )
    return "\n".join([head, *lines])
