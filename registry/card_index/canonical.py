"""What an earlier release stored of a card, as it would be read from the same card today.

Releases before the gate kept what was typed. A card is compared with what the register holds in the one form of both,
so that the same card, loaded then and read again now, is the same card. The log itself stays as it is.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from registry import ukrainian
from registry.aggregates.dwelling.events import DwellingEntered
from registry.aggregates.person.events import CardRow, PersonEntered
from registry.card_index import reading

NO_DAY_TO_COME = "9999-12-31"


def canonical_person(fact: PersonEntered, died: str | None) -> tuple[PersonEntered, str | None]:
    """A person as entered, and the date of death that the card said."""
    said: dict[str, Any] = asdict(fact.particulars) | {"person_ref": fact.ref}
    for document in fact.documents[:1]:
        said |= {f"document_{name}": getattr(document, name) for name in reading.DOCUMENT}
    # What could not be kept as it stood is read from the card's own text again.
    said |= {"death_registered_on": died} | (fact.on_card or {})
    again, examined = reading.person(0, said, NO_DAY_TO_COME)
    return (fact, died) if examined.faults else (again.fact, again.died)


def canonical_dwelling(fact: DwellingEntered) -> DwellingEntered:
    """A dwelling as entered."""
    said = asdict(fact.address) | {"dwelling_ref": fact.ref, "kind": fact.kind}
    again, examined = reading.dwelling(0, said, NO_DAY_TO_COME)
    return fact if examined.faults else again.fact


def canonical_row(row: CardRow) -> CardRow:
    """A row of residences as kept in a fact."""
    again, examined = reading.residence(0, asdict(row), NO_DAY_TO_COME)
    return row if examined.faults else again.row


def spellings(ref: str) -> Iterator[str]:
    """How an earlier release may have stored a mark: composed or not, with whichever apostrophe and blank."""
    for apostrophe in ukrainian.APOSTROPHES if "\u02bc" in ref else "\u02bc":
        for form in ("NFC", "NFD"):
            spelt = unicodedata.normalize(form, ref.replace("\u02bc", apostrophe))
            yield spelt
            yield spelt.replace(" ", "\u00a0")
