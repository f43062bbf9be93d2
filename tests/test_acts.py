"""Acts that put somebody back into a dwelling: nobody slips past a renumbering (semantics 2, 6)."""

from uuid import uuid4

import pytest
from clerks import Clerk
from given import CLERK

from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import NeedsConfirmation
from registry.app import LostRace
from registry.opening import opened


@pytest.fixture
def registry(database_url):
    with opened(database_url) as register:
        yield register


@pytest.fixture
def clerk(registry):
    return Clerk(registry, CLERK)


@pytest.fixture
def left(registry, clerk):
    """Somebody who was deregistered from a dwelling that was then merged into another: person, old, new."""
    old, new = (
        clerk.enter_dwelling(command=uuid4(), address=Address(street="вул. Рання", house=house)).entries[0].stream
        for house in ("1", "2")
    )
    said = Particulars(surname="Вигаданко")
    person = clerk.enter_person(command=uuid4(), particulars=said).entries[0].stream
    clerk.settle(person, command=uuid4(), kind="registered", dwelling=old, since="2010-01-01")
    residence = registry.person(person).residences[0].id
    clerk.deregister_residence(person, command=uuid4(), residence=residence, until="2015-01-01")
    return person, old, new


def merge(clerk, old, new):
    clerk.readdress(old, command=uuid4(), successor=new, since="2020-01-01", reason="рішення")


def test_taking_back_an_end_into_a_merged_dwelling_asks_first(registry, clerk, left):
    person, old, new = left
    merge(clerk, old, new)
    before = registry.position()
    with pytest.raises(NeedsConfirmation) as asked:
        clerk.annul_deregistration(person, command=uuid4(), basis="суд", confirmed=False)
    assert [(fault.code, fault.named["dwelling"]) for fault in asked.value.faults] == [("dwelling-succeeded", str(new))]
    assert registry.position() == before
    clerk.annul_deregistration(person, command=uuid4(), basis="суд", confirmed=True)
    assert registry.position() == before + 1


def test_taking_back_an_end_loses_to_a_merging_recorded_meanwhile(registry, clerk, left, monkeypatch):
    person, old, new = left
    decided = clerk.homes_checked

    def merged_meanwhile(*args):
        checked = decided(*args)
        merge(Clerk(registry, CLERK), old, new)
        return checked

    monkeypatch.setattr(clerk, "homes_checked", merged_meanwhile)
    with pytest.raises(LostRace) as lost:
        clerk.annul_deregistration(person, command=uuid4(), basis="суд", confirmed=True)
    assert [raced.stream for raced in lost.value.raced] == [old]


def test_taking_back_a_carry_over_goes_back_without_asking(registry, clerk, left):
    person, old, new = left
    clerk.settle(person, command=uuid4(), kind="registered", dwelling=old, since="2016-01-01")
    merge(clerk, old, new)
    carried = registry.person(person).residences[-1]
    assert carried.dwelling == new
    clerk.annul_carry_over(person, command=uuid4(), residence=carried.id, basis="помилка")
    rows = registry.query("residences", "current_in_dwelling", dwelling=old)
    assert [row["person"] for row in rows] == [person]
