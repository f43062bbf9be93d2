"""The one condition that the tenth card needs and the others do not: it goes to the end of `predicates.py`."""

from registry.services.application import Facts


def of_sixty_or_more(facts: Facts) -> bool:
    """The sixtieth birthday is past (card 10, row 11)."""
    return facts.age >= 60
