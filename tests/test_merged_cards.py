"""A card index whose people were entered twice and merged since (semantics 1.9, 8): the same cards load nothing again
and are rejected no more than before, and a mark of a merged entry is of whoever answers for it."""

from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from given import CLERK
from test_card_index import cards, counts, load, registry

from registry import questions
from registry.app import Registry
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["cards", "registry"]
TWICE = "О-1,Вигадана,Оксана,1970-05-04,,\nО-2,Вигадана,Оксанна,1970-05-04,,\n"
STAYS = (
    "О-1,Ж-1,registered,2010-01-01,,,,\n"
    "О-2,Ж-2,registered,1995-01-01,2003-01-01,move,,\n"
    "О-2,Ж-2,registered,2004-01-01,,,,\n"
)


def person(registry: Registry, ref: str) -> UUID:
    return questions.find_person(registry, ref, registry.position(), seen_by=OPEN)


def merge(registry: Registry, gone: str, into: str, *keep: UUID) -> UUID:
    loser = person(registry, gone)
    said = {"into": person(registry, into), "keep": frozenset(keep), "reason": "дві картки", "confirmed": True}
    Clerk(registry, CLERK).merge_entries(loser, command=uuid4(), **said)
    return loser


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_the_same_cards_load_nothing_and_are_not_rejected(registry, cards, kept):
    folder = cards(STAYS, TWICE)
    assert counts(load(registry, folder)) == (2, 2, 3, 0)
    merge(registry, "О-2", "О-1", *[one.id for one in registry.person(person(registry, "О-2")).residences][:kept])
    position = registry.position()
    for how in ({"dry_run": True}, {}):
        assert counts(load(registry, folder, **how)) == (0, 0, 0, 0)
    assert registry.position() == position and verify(registry).found == 0


def test_at_the_end_of_a_chain_and_after_the_taking_back(registry, cards):
    folder = cards(STAYS, TWICE + "О-3,Вигадана,Оксана,1970-05-04,,\n")
    load(registry, folder)
    gone = merge(registry, "О-2", "О-1")
    first = merge(registry, "О-1", "О-3")
    assert counts(load(registry, folder)) == (0, 0, 0, 0)
    for one in (first, gone):
        Clerk(registry, CLERK).annul_merge(one, command=uuid4(), basis="паспорти звірено")
    assert counts(load(registry, folder)) == (0, 0, 0, 0)


def test_a_new_row_of_a_merged_mark_is_of_whoever_answers_for_it(registry, cards):
    load(registry, cards(STAYS, TWICE))
    merge(registry, "О-2", "О-1")
    stays = person(registry, "О-1")
    more = "О-2,Ж-1,registered,1985-01-01,1990-01-01,move,,\nО-1,Ж-1,registered,1980-01-01,1985-01-01,move,,\n"
    folder = cards(STAYS + more, TWICE)
    assert counts(load(registry, folder)) == (0, 0, 2, 0)
    assert [one.row.person_ref for one in registry.person(stays).residences if one.row] == ["О-1", "О-1", "О-2"]
    assert counts(load(registry, folder)) == (0, 0, 0, 0)
    assert verify(registry).found == 0


def test_a_new_row_of_a_merged_mark_that_overlaps_is_rejected(registry, cards):
    load(registry, cards(STAYS, TWICE))
    merge(registry, "О-2", "О-1")
    folder = cards(STAYS + "О-2,Ж-2,registered,2015-01-01,2016-01-01,move,,\n", TWICE)
    assert [(one.line, one.code) for one in load(registry, folder).rejects] == [(5, "overlaps")]


def test_a_card_that_says_something_else_is_rejected_as_changed(registry, cards):
    load(registry, cards(STAYS, TWICE))
    merge(registry, "О-2", "О-1")
    done = load(registry, cards(STAYS, TWICE.replace("Оксанна", "Олена")))
    assert [(one.file, one.line, one.code) for one in done.rejects] == [("persons.csv", 3, "changed")]


def test_whoever_stays_without_a_mark_and_one_who_is_withdrawn(registry, cards):
    folder = cards(STAYS, TWICE)
    load(registry, folder)
    clerk = Clerk(registry, CLERK)
    particulars = registry.person(person(registry, "О-1")).particulars
    without = clerk.enter_person(command=uuid4(), particulars=particulars).entries[0].stream
    merge(registry, "О-2", str(without))
    folder = cards(STAYS + "О-2,Ж-1,registered,1985-01-01,1990-01-01,move,,\n", TWICE)
    assert counts(load(registry, folder)) == (0, 0, 1, 0)
    assert len(registry.person(without).residences) == 1
    clerk.withdraw_entry(without, command=uuid4(), reason="помилка")
    done = load(registry, folder)
    assert {one.code for one in done.rejects} == {"withdrawn", "unknown-person"} and done.residences == 0
