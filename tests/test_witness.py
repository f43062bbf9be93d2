"""What the register itself adds to an application, and what was said otherwise: on neither is anything decided."""

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest
from given import entries, uid
from test_decisions import FLAT, HOME, R1, R2, annulled, carried, ended, kept, past, registered

from registry.aggregates.case.witness import Held, merged, of_another, under_14, witnessed
from registry.aggregates.dwelling.events import (
    Address,
    AddressRenamed,
    DwellingEntered,
    DwellingSucceeded,
    LeaseRecorded,
    Owner,
    OwnersRecorded,
)
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.dwelling.state import fold as fold_dwelling
from registry.aggregates.person.events import (
    Deceased,
    Document,
    Particulars,
    PersonEntered,
    ResidenceRegistered,
    StayRegistered,
)
from registry.aggregates.person.leaving import carried as carried_over
from registry.aggregates.person.leaving import left_home
from registry.aggregates.person.state import NOBODY, fold
from registry.texts import value_text

COMMUNITY = "UA63120270"
OURS, THEIRS = f"{COMMUNITY}000000001", "UA01000000000000000"
ME, OTHER = uid(1), uid(2)
DAY = "2025-03-13T09:00"
BIRTH = {"born": "1990-03-15"}
LEAVE = {"service": "deregister_residence"}


def home(katottg: str | None = None, kind: str | None = "private", *more: Any) -> Dwelling:
    entered = DwellingEntered(address=Address(katottg=katottg, street="вулиця Перша"), kind=kind)
    return fold_dwelling(entries([entered, *more]))


HOMES = {HOME: home(OURS), FLAT: home()}


def entered(*papers: Document, **said: Any) -> PersonEntered:
    who = Particulars(surname="Вигадана", **{"birth_date": "1990-03-15", **said})
    return PersonEntered(particulars=who, documents=papers)


def witness(
    asked: dict[str, Any], *life: Any, homes: Any = HOMES, service: str = "register_residence", **held: Any
) -> tuple[dict[str, Any], list[tuple[str | None, str, str]]]:
    """The facts as the register adds to them, and what differs: where, what is held, what was said."""
    said = {"service": service, "received": DAY, **asked}
    person = fold(entries(life), NOBODY)
    known, faults = witnessed(said, Held(who=ME, person=person, homes=homes, community=COMMUNITY, **held))
    assert all(one.code == "differs-from-register" and one.named["person"] == str(ME) for one in faults)
    for where, filled in known.items():
        words = said.get(where, {})
        again = [name for name in filled if name in words]
        assert all(isinstance(filled[name], dict) and isinstance(words[name], dict) for name in again)
    return merged(said, known), [(one.field, one.named["held"], one.named["said"]) for one in faults]


def subject(asked: dict[str, Any], *life: Any, **more: Any) -> dict[str, Any]:
    """The subject of an application about somebody who lived so, where nothing differs."""
    found, differs = witness({"subject": asked}, *life, **more)
    assert differs == []
    said: dict[str, Any] = found["subject"]
    return said


def differs(asked: dict[str, Any], *life: Any, **more: Any) -> list[Any]:
    return witness({"subject": asked}, *life, **more)[1]


class TestWhoTheyAre:
    def test_birth_and_citizenship_are_filled_in(self) -> None:
        assert subject({}, entered(citizenship="stateless")) == {**BIRTH, "citizenship": "stateless"}

    @pytest.mark.parametrize("born", ["1990", "1990-03", "1990-02-30", None])
    def test_a_birth_that_is_not_known_to_the_day_differs_from_what_it_cannot_mean(self, born: str | None) -> None:
        day = "1990-02-11" if born == "1990-02-30" else "1990-03-16"
        assert subject({"born": day}, entered(birth_date=born)) == {"born": day}
        if born:
            assert differs({"born": "1991-01-01"}, entered(birth_date=born)) == [("subject.born", born, "1991-01-01")]

    @pytest.mark.parametrize("citizenship", [None, "Україна"])
    def test_a_citizenship_that_is_none_of_the_three_is_not_known(self, citizenship: str | None) -> None:
        assert "citizenship" not in subject({}, entered(citizenship=citizenship))

    def test_another_birth_differs(self) -> None:
        assert differs({"born": "1990-03-16"}, entered()) == [("subject.born", "1990-03-15", "1990-03-16")]
        assert subject(BIRTH, entered()) == BIRTH

    @pytest.mark.parametrize(("held", "said"), [("foreigner", "ua"), ("ua", "foreigner"), ("stateless", "foreigner")])
    def test_another_citizenship_differs_both_ways(self, held: str, said: str) -> None:
        told = differs({**BIRTH, "citizenship": said}, entered(citizenship=held))
        assert told == [("subject.citizenship", held, said)]

    def test_nothing_else_changes_and_what_was_said_stays_as_it_was(self) -> None:
        asked = {"subject": {"orphan": True}, "documents": ["application"]}
        found, _ = witness(asked, entered(), registered(R1, "2020-01-01"), service="amend_record")
        assert found["subject"] == {"orphan": True, **BIRTH} and asked["subject"] == {"orphan": True}

    def test_who_was_registered_before_is_not_for_the_first_time(self) -> None:
        said = {"first_registration": True}
        assert differs(said, entered(), registered(R1, "2020-01-01"), ended(R1, "2021-01-01")) == [
            ("subject.first_registration", "registered-before", "first-registration")
        ]
        assert differs(said, entered()) == []


CARD = Document(kind="passport_card", number="000000001", valid_until="2030-01-01")
OVER = Document(kind="passport_card", number="000000002", valid_until="2020-01-01")
BOOKLET = Document(kind="passport_booklet", number="АА000001")
PERMIT = Document(kind="temporary_permit", valid_until="2030-01-01")
PERMIT_OVER = Document(kind="temporary_permit", valid_until="2020-01-01")
SHOWN = {"documents": ["application", "identity_document"]}


class TestPapers:
    @pytest.mark.parametrize(
        ("papers", "citizenship", "kind"),
        [
            ([BOOKLET], "ua", "passport_booklet"),
            ([OVER, BOOKLET], "ua", "passport_booklet"),
            ([OVER], "ua", "passport_card"),
            ([CARD, BOOKLET], "ua", None),
            ([PERMIT], "foreigner", "temporary_permit"),
            ([PERMIT_OVER], "stateless", "temporary_permit"),
            ([PERMIT, CARD], "ua", "passport_card"),
            ([Document(kind="other", number="1")], "ua", None),
            ([Document(kind="other", number="1")], "foreigner", None),
            ([], "ua", None),
        ],
    )
    def test_the_only_valid_one_is_shown(self, papers: Any, citizenship: str, kind: str | None) -> None:
        assert subject({}, entered(*papers, citizenship=citizenship)).get("identity_document") == kind

    def test_one_that_the_register_does_not_hold_differs(self) -> None:
        assert differs({"identity_document": "passport_booklet"}, entered(CARD)) == [
            ("subject.identity_document", "passport_card", "passport_booklet")
        ]
        for kind in ("passport_card", "passport_booklet"):
            assert subject({"identity_document": kind}, entered(CARD, BOOKLET))["identity_document"] == kind
        assert subject({"identity_document": "passport_booklet"}, entered())

    def test_every_kind_that_it_holds_is_named(self) -> None:
        papers = (PERMIT, Document(kind="refugee_certificate"))
        assert differs({"identity_document": "permanent_permit"}, entered(*papers, citizenship="foreigner")) == [
            ("subject.identity_document", "temporary_permit, refugee_certificate", "permanent_permit")
        ]

    def test_a_ukrainian_passport_of_a_foreigner_differs(self) -> None:
        told = differs({"identity_document": "passport_card"}, entered(citizenship="foreigner"))
        assert told == [("subject.identity_document", "foreigner", "passport_card")]
        assert differs({"identity_document": "refugee_certificate"}, entered(citizenship="foreigner")) == []

    def test_a_permit_of_a_citizen_differs(self) -> None:
        said = {"identity_document": "temporary_permit"}
        assert differs(said, entered(citizenship="ua")) == [("subject.identity_document", "ua", "temporary_permit")]
        assert differs(said, entered(citizenship="stateless")) == differs(said, entered()) == []

    @pytest.mark.parametrize(
        ("papers", "until"), [([OVER], "2020-01-01"), ([CARD, OVER], "2030-01-01"), ([BOOKLET], None), ([], None)]
    )
    def test_the_term_of_the_paper_that_was_shown(self, papers: Any, until: str | None) -> None:
        found, told = witness(SHOWN, entered(*papers))
        assert (found.get("valid_until", {}).get("identity_document"), told) == (until, [])
        assert "valid_until" not in witness({"documents": ["application"]}, entered(*papers))[0]

    def test_another_term_differs_unless_it_is_of_another_paper_of_the_kind(self) -> None:
        said = {**SHOWN, "valid_until": {"identity_document": "2031-01-01"}}
        told = [("valid_until.identity_document", "2030-01-01", "2031-01-01")]
        assert witness(said, entered(CARD))[1] == told
        assert witness({**SHOWN, "valid_until": {"identity_document": "2020-01-01"}}, entered(CARD, OVER))[1] == []
        assert witness(said, entered(Document(kind="passport_card", valid_until="2031")))[1] == []
        assert witness(said, entered(Document(kind="passport_card")))[1] == []

    def test_one_without_a_term_or_of_another_kind_says_nothing_of_the_term(self) -> None:
        for papers in ((CARD, Document(kind="passport_card", number="3")), (PERMIT, BOOKLET)):
            found, told = witness(SHOWN, entered(*papers))
            assert (found.get("valid_until"), told) == (None, [])
        found, _ = witness(SHOWN, entered(PERMIT_OVER, BOOKLET, citizenship="foreigner"))
        assert found["valid_until"] == {"identity_document": "2020-01-01"}
        # Whose document nobody knows is read as the card that the form takes for granted.
        assert witness(SHOWN, entered(CARD, BOOKLET))[0]["valid_until"] == {"identity_document": "2030-01-01"}

    def test_the_last_day_of_a_document_is_one_of_it(self) -> None:
        today = Document(kind="passport_card", valid_until=DAY[:10])
        assert subject({}, entered(today, BOOKLET)).get("identity_document") is None
        over = Document(kind="passport_card", valid_until="2025-03-12")
        assert subject({}, entered(over, BOOKLET))["identity_document"] == "passport_booklet"

    def test_a_ukrainian_passport_of_a_stateless_person_differs_too(self) -> None:
        told = differs({"identity_document": "passport_card"}, entered(citizenship="stateless"))
        assert told == [("subject.identity_document", "stateless", "passport_card")]

    def test_a_declaration_shows_the_document_itself(self) -> None:
        found, _ = witness({}, entered(OVER), service="declare_residence")
        assert found["valid_until"] == {"identity_document": "2020-01-01"}

    @pytest.mark.parametrize(
        ("service", "kind", "shown"),
        [
            ("issue_extract", "person", True),
            ("issue_extract", "parent", False),
            ("amend_record", "proxy_representative", False),
            ("register_residence", "legal_representative", True),
            ("register_child_residence", "parent", False),
        ],
    )
    def test_of_whom_it_is(self, service: str, kind: str, shown: bool) -> None:
        found, _ = witness({**SHOWN, "applicant": {"kind": kind}}, entered(OVER), service=service)
        assert ("valid_until" in found) is shown

    def test_nobody_said_who_files_so_the_subject_does(self) -> None:
        assert "valid_until" in witness(SHOWN, entered(OVER), service="issue_extract")[0]

    def test_a_citizenship_of_who_files_that_is_none_of_the_three_is_not_known(self) -> None:
        files = fold(entries([entered(citizenship="Україна")]))
        asked = {"applicant": {"kind": "parent"}}
        found, _ = witness(asked, entered(), service="register_child_residence", applicant=files)
        assert found["applicant"] == {"kind": "parent"}

    def test_who_files_for_a_child_shows_their_own(self) -> None:
        parent = fold(entries([entered(PERMIT_OVER, citizenship="foreigner")]))
        asked = {"applicant": {"kind": "parent"}, "documents": ["parent_identity_document"]}
        found, _ = witness(asked, entered(), service="register_child_residence", applicant=parent)
        assert found["applicant"] == {
            "kind": "parent",
            "citizenship": "foreigner",
            "identity_document": "temporary_permit",
        }
        assert found["valid_until"] == {"parent_identity_document": "2020-01-01"}
        asked["applicant"] = {"kind": "parent", "citizenship": "ua"}
        _, told = witness(asked, entered(), service="register_child_residence", applicant=parent)
        assert ("applicant.citizenship", "foreigner", "ua") in told

    @pytest.mark.parametrize(
        ("kind", "paper"), [("dwelling_owner", "owner_identity"), ("legal_representative", "representative_identity")]
    )
    def test_who_files_for_another_shows_their_own(self, kind: str, paper: str) -> None:
        files = fold(entries([entered(OVER)]))
        asked = {"applicant": {"kind": kind}, "documents": [paper]}
        found, told = witness(asked, entered(CARD), applicant=files, **LEAVE)
        assert (found["valid_until"], told) == ({paper: "2020-01-01"}, [])
        found, _ = witness({"documents": [paper]}, entered(CARD), applicant=files, **LEAVE)
        assert "valid_until" not in found
        found, _ = witness(
            {**SHOWN, "applicant": {"kind": kind}}, entered(CARD), service="issue_extract", applicant=files
        )
        assert found["valid_until"] == {"identity_document": "2020-01-01"}


class TestWhereTheyLive:
    LIFE = (entered(), registered(R1, "2020-01-01"))

    def test_a_residence_here_is_filled_in(self) -> None:
        here = {"kind": "residence", "place": "this_community"}
        assert subject({}, *self.LIFE)["current_residence"] == here

    def test_a_stay_as_a_stay(self) -> None:
        stay = StayRegistered(residence=R1, dwelling=HOME, since="2020-01-01")
        assert subject({}, entered(), stay)["current_residence"]["kind"] == "stay"
        assert subject({"current_residence": {}}, entered(), stay)["current_residence"]["kind"] == "stay"
        assert differs({"current_residence": {"kind": "residence"}}, entered(), stay) == [
            ("subject.current_residence", "stay", "residence")
        ]

    @pytest.mark.parametrize("said", [{}, {"place": "this_community"}, {"kept": True, "occupied": {}}])
    def test_what_is_said_more_of_it_stays(self, said: dict[str, Any]) -> None:
        found = subject({"current_residence": said}, *self.LIFE)["current_residence"]
        assert found == {"kind": "residence", "place": "this_community", **said}

    @pytest.mark.parametrize(("said", "told"), [(None, "nothing"), ({"place": "other_community"}, "other_community")])
    def test_but_not_that_there_is_none_or_another(self, said: Any, told: str) -> None:
        assert differs({"current_residence": said}, *self.LIFE) == [("subject.current_residence", "residence", told)]

    def test_nor_that_there_is_one_here_where_the_register_has_none(self) -> None:
        for said in ({}, {"place": "this_community"}):
            told = [("subject.current_residence", "nowhere", "residence")]
            assert differs({"current_residence": said}, entered()) == told

    def test_a_stay_is_told_as_one(self) -> None:
        told = [("subject.current_residence", "nowhere", "stay")]
        assert differs({"current_residence": {"kind": "stay"}}, entered()) == told

    def test_of_whom_the_register_does_not_hold_nothing_differs(self) -> None:
        assert differs({"current_residence": {}, "identity_document": "passport_card"}) == []

    def test_one_since_an_unknown_day_ends_no_removal(self) -> None:
        assert differs({"deregistered_on": "2025-01-01"}, entered(birth_date=None), registered(R1, None)) == []

    def test_which_one_and_what_it_was_carried_over_from(self) -> None:
        one = fold(entries([*self.LIFE, carried(R1, R2, "2022-01-01")]), NOBODY)
        assert (left_home(one, None), left_home(one, R1), left_home(one, ME)) == (FLAT, HOME, None)
        assert (carried_over(one, None), carried_over(one, R1), carried_over(one, ME)) == ([R2, R1], [R1], [])
        left = fold(entries([*self.LIFE, ended(R1, "2024-02-29")]), NOBODY)
        assert (left_home(left, None), carried_over(left, None)) == (None, [])
        assert (left_home(left, R1), carried_over(left, R1)) == (HOME, [R1])

    @pytest.mark.parametrize(
        ("before", "chain"),
        [
            ([registered(R1, "2020-01-01")], [R2, R1]),
            ([registered(R1, "2020-01-01", FLAT)], [R2]),
            ([registered(R1, "2020-01-01"), ended(R1, "2021-01-01")], [R2]),
            ([registered(R1, "2020-01-01"), kept(R1)], [R2]),
            ([registered(R1, "2020-01-01"), annulled(R1)], [R2]),
            ([past(R1, "2010-01-01", None)], [R2]),
            ([registered(R1, "2020-01-01"), registered(ME, "2021-01-01", FLAT)], [R2]),
            ([registered(ME, "2019-01-01", FLAT), registered(R1, "2020-01-01")], [R2, R1]),
        ],
    )
    def test_one_takes_the_place_of_the_last_in_the_same_dwelling(self, before: Any, chain: Any) -> None:
        one = fold(entries([entered(), *before, registered(R2, "2022-01-01")]), NOBODY)
        assert carried_over(one, R2) == chain

    @pytest.mark.parametrize(
        ("born", "child"), [("2011-03-14", True), ("2011-03-13", False), ("2020", True), ("2011", False), (None, False)]
    )
    def test_a_child_until_the_fourteenth_birthday(self, born: str | None, child: bool) -> None:
        assert under_14(fold(entries([entered(birth_date=born)]), NOBODY), date(2025, 3, 13)) is child

    def test_one_elsewhere_only_the_applicant_knows(self) -> None:
        away = {"current_residence": {"place": "other_community"}}
        assert subject(away, entered()) == {**BIRTH, **away}

    def test_all_differences_at_once(self) -> None:
        assert [field for field, _, _ in differs({"born": "1991-01-01", "current_residence": None}, *self.LIFE)] == [
            "subject.born",
            "subject.current_residence",
        ]

    @pytest.mark.parametrize("service", ["deregister_residence", "amend_record", "issue_extract"])
    def test_only_who_settles_is_asked_where_from(self, service: str) -> None:
        assert "current_residence" not in subject({}, *self.LIFE, service=service)

    def test_a_residence_that_is_kept_is_not_the_current_one(self) -> None:
        assert "current_residence" not in subject({}, *self.LIFE, kept(R1))
        both = (*self.LIFE, kept(R1), registered(R2, "2022-01-01", FLAT))
        assert subject({}, *both)["current_residence"]["place"] == "this_community"

    def test_one_that_is_kept_may_be_kept_again_and_no_other(self) -> None:
        again, plain = {"kept": True, "occupied": {}}, {"place": "this_community"}
        nowhere = [("subject.current_residence", "nowhere", "residence")]
        assert differs({"current_residence": again}, *self.LIFE, kept(R1)) == []
        assert differs({"current_residence": plain}, *self.LIFE, kept(R1)) == nowhere
        assert differs({"current_residence": again}, *self.LIFE, kept(R1), ended(R1, "2024-02-29")) == nowhere
        assert differs({"current_residence": again}, *self.LIFE, ended(R1, "2024-02-29")) == nowhere
        # A residence that is kept beside one that ended.
        life = (*self.LIFE, kept(R1), registered(R2, "2022-01-01", FLAT), ended(R2, "2024-02-29", FLAT))
        assert differs({"current_residence": again}, *life) == []
        # One elsewhere is not kept by being without an end.
        moved = (*self.LIFE, registered(R2, "2022-01-01", FLAT))
        assert differs({"current_residence": again}, *moved, homes={**HOMES, FLAT: home(THEIRS)}) == [
            ("subject.current_residence", "other_community", "residence")
        ]


class TestWhoLeft:
    LEFT = (entered(), registered(R1, "2020-01-01"), ended(R1, "2024-02-29"))

    def test_the_day_of_the_last_removal_is_filled_in(self) -> None:
        life = (entered(), past(R2, "2010-01-01", "2015-06-01"), registered(R1, "2020-01-01"), ended(R1, "2024-02-29"))
        assert subject({}, *life) == {**BIRTH, "deregistered_on": "2024-02-29"}

    @pytest.mark.parametrize("said", ["2025-01-01", "2023-12-31"])
    def test_another_differs_earlier_and_later(self, said: str) -> None:
        assert differs({"deregistered_on": said}, *self.LEFT) == [("subject.deregistered_on", "2024-02-29", said)]
        assert differs({"deregistered_on": "2024-02-29"}, *self.LEFT) == []

    def test_that_there_was_none_is_said_too(self) -> None:
        said = {"deregistered_on": None}
        assert differs(said, *self.LEFT) == [("subject.deregistered_on", "2024-02-29", "nothing")]
        for more in ({"deregistered_from": "other_community"}, {"current_residence": {"place": "other_community"}}):
            assert differs({**said, **more}, *self.LEFT) == []
        assert differs(said, entered()) == differs(said, entered(), registered(R1, "2020-01-01")) == []

    def test_who_was_removed_elsewhere_since_says_so(self) -> None:
        there = {"deregistered_from": "other_community"}
        assert "deregistered_on" not in subject(there, *self.LEFT)
        assert differs({**there, "deregistered_on": "2025-01-01"}, *self.LEFT) == []
        assert differs({**there, "deregistered_on": "2023-01-01"}, *self.LEFT) != []
        away = {"current_residence": {"place": "other_community"}}
        assert "deregistered_on" not in subject(away, *self.LEFT)

    def test_who_lives_here_was_not_removed_since(self) -> None:
        life = (entered(), registered(R1, "2020-01-01"))
        assert differs({"deregistered_on": "2025-01-01"}, *life) == [
            ("subject.deregistered_on", "residence", "2025-01-01")
        ]
        assert differs({"deregistered_on": "2020-01-01"}, *life) == []
        assert differs({"deregistered_on": "2019-12-01"}, *life) == []

    @pytest.mark.parametrize(("until", "within"), [("2024-02", "2024-02-11"), ("2024", "2024-07-01")])
    def test_one_that_is_not_known_to_the_day(self, until: str, within: str) -> None:
        life = (entered(), past(R1, "2010-01-01", "2015-06-01"), registered(R2, "2020-01-01"), ended(R2, until))
        assert subject({}, *life)["deregistered_on"] == "2015-06-01"
        assert differs({"deregistered_on": within}, *life) == []
        assert differs({"deregistered_on": "2023-12-31"}, *life) != []

    def test_the_only_one_that_is_not_known_to_the_day_is_not_filled_in(self) -> None:
        assert "deregistered_on" not in subject({}, entered(), registered(R1, "2020-01-01"), ended(R1, "2024"))

    def test_the_last_is_the_one_that_ended_last_and_a_kept_one_did_not(self) -> None:
        began = (entered(), registered(R1, "2020-01-01"), kept(R1))
        assert differs({"deregistered_on": "2024-01-01"}, *began) == []
        life = (*began, registered(R2, "2022-01-01", FLAT), ended(R2, "2023-01-01", FLAT))
        assert differs({"deregistered_on": "2023-01-01"}, *life) == []
        over = (*life, ended(R1, "2024-02-29"))
        assert differs({"deregistered_on": "2024-02-29"}, *over) == []
        assert differs({"deregistered_on": "2023-01-01"}, *over) == [
            ("subject.deregistered_on", "2024-02-29", "2023-01-01")
        ]

    def test_who_never_lived_here_did_not_leave(self) -> None:
        assert "deregistered_on" not in subject({}, entered())
        assert differs({"deregistered_on": "2024-01-01"}, entered()) == []

    @pytest.mark.parametrize(
        "there", [home(THEIRS), home(THEIRS, kind=None), home(kind="elsewhere"), home(kind="abroad")]
    )
    def test_who_lives_elsewhere_by_the_register_is_not_one_who_left(self, there: Dwelling) -> None:
        """Semantics 3: a dwelling lies here by its code, and without one by its kind."""
        moved = ResidenceRegistered(residence=R2, dwelling=FLAT, since="2024-01-01")
        life, homes = (entered(), registered(R1, "2020-01-01"), moved), {**HOMES, FLAT: there}
        assert subject({}, *life, homes=homes) == BIRTH
        away = {"current_residence": {"place": "other_community"}}
        assert subject(away, *life, homes=homes) == {**BIRTH, **away}
        assert differs({"current_residence": {}}, *life, homes=homes) == [
            ("subject.current_residence", "other_community", "residence")
        ]

    def test_by_the_latest_name_of_a_renamed_dwelling(self) -> None:
        called = [
            DwellingEntered(address=Address(katottg=THEIRS)),
            AddressRenamed(address=Address(katottg=OURS), since="2023-01-01"),
        ]
        homes = {HOME: fold_dwelling(entries(called))}
        assert subject({}, entered(), registered(R1, "2020-01-01"), homes=homes)["current_residence"]

    def test_of_the_dead_the_day_of_the_death(self) -> None:
        life = (entered(), registered(R1, "2020-01-01"), Deceased(registered_on="2024-03-01"))
        assert subject({}, *life)["deregistered_on"] == "2024-03-01"


RUNS = LeaseRecorded(number="", lessee=ME, until="2027-05-01")


class TestDwelling:
    @pytest.mark.parametrize("kind", ["state_or_communal", "dormitory_school"])
    def test_its_kind(self, kind: str) -> None:
        found, _ = witness({}, entered(), home=home(OURS, kind))
        assert found["dwelling"] == {"kind": kind}
        said = {"dwelling": {"kind": "private"}}
        assert witness(said, entered(), home=home(OURS, kind))[1] == [("dwelling.kind", kind, "private")]
        assert witness({"dwelling": {"kind": kind}}, entered(), home=home(OURS, kind))[1] == []

    @pytest.mark.parametrize("kind", [None, "elsewhere", "abroad"])
    def test_a_kind_that_is_none_of_the_vocabulary_is_not_known(self, kind: str | None) -> None:
        assert "dwelling" not in witness({}, entered(), home=home(OURS, kind))[0]

    def test_the_contract_of_whoever_is_removed(self) -> None:
        found, _ = witness({}, entered(), home=home(OURS, "private", RUNS), **LEAVE)
        assert found["dwelling"]["rental"] == {"until": "2027-05-01", "terminated_on": None}
        theirs = LeaseRecorded(number="", lessee=OTHER, until="2027-05-01")
        assert "rental" not in witness({}, entered(), home=home(OURS, "private", theirs), **LEAVE)[0]["dwelling"]
        assert "rental" not in witness({}, entered(), home=home(OURS, "private", RUNS))[0]["dwelling"]

    def test_one_in_another_dwelling_is_not_meant(self) -> None:
        homes = {HOME: home(OURS), FLAT: home(OURS, "private", RUNS)}
        assert "rental" not in witness({}, entered(), home=homes[HOME], homes=homes, **LEAVE)[0]["dwelling"]

    def test_a_note_of_no_owner_says_nothing(self) -> None:
        note = OwnersRecorded(owners=())
        assert "owners" not in witness({}, entered(), home=home(OURS, "private", note), **LEAVE)[0]["dwelling"]

    def test_one_shown_by_whoever_settles_is_the_one_that_was_named(self) -> None:
        ended = replace(RUNS, until="2025-01-01")
        found, _ = witness({}, entered(), home=home(OURS), shown=ended)
        assert found["dwelling"]["rental"] == {"until": "2025-01-01", "terminated_on": None}
        said = {"dwelling": {"rental": {"until": "2027-05-01"}}}
        told = witness(said, entered(), home=home(OURS), shown=ended)[1]
        assert told == [("dwelling.rental", "2025-01-01", "2027-05-01")]

    def test_it_is_of_the_residence_that_ends_and_goes_with_it_where_the_dwelling_was_renumbered(self) -> None:
        of_first = replace(RUNS, of_residence=R1)
        for residences, holds in (([R1], True), ([R2, R1], True), ([R2], False)):
            here = home(OURS, "private", of_first)
            found, _ = witness({}, entered(), home=here, residences=residences, **LEAVE)
            assert ("rental" in found["dwelling"]) is holds
        old = home(OURS, "private", of_first, DwellingSucceeded(successor=FLAT, since="2024-01-01", reason="рішення"))
        more = {"home": home(), "homes": {HOME: old, FLAT: home()}, "residences": [R2, R1]}
        assert witness({}, entered(), **more, **LEAVE)[0]["dwelling"]["rental"]["until"] == "2027-05-01"

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            (None, "nothing"),
            ({"until": "2026-01-01"}, "2026-01-01"),
            ({"until": None}, "open-ended"),
            ({"until": "2027-05-01", "terminated_on": "2025-01-01"}, "2027-05-01, 2025-01-01"),
        ],
    )
    def test_another_contract_differs(self, said: Any, told: str) -> None:
        asked = {"dwelling": {"rental": said}}
        _, found = witness(asked, entered(), home=home(OURS, "private", RUNS), **LEAVE)
        assert found == [("dwelling.rental", "2027-05-01", told)]

    @pytest.mark.parametrize("said", [{}, {"until": "2027-05-01"}])
    def test_what_is_left_out_of_it_is_not_said(self, said: Any) -> None:
        found, told = witness({"dwelling": {"rental": said}}, entered(), home=home(OURS, "private", RUNS), **LEAVE)
        assert (found["dwelling"]["rental"]["until"], told) == ("2027-05-01", [])

    def test_the_note_of_owners_fills_in_and_never_differs(self) -> None:
        note = OwnersRecorded(owners=(Owner(name="Вигадана", person=ME), Owner(name="Вигаданий")))
        found, _ = witness({}, entered(), home=home(OURS, "private", note), **LEAVE)
        assert (found["dwelling"]["owners"], found["dwelling"]["subject_is_owner"]) == (2, True)
        others = OwnersRecorded(owners=(Owner(name="Інша", person=OTHER),))
        assert (
            witness({}, entered(), home=home(OURS, "private", others), **LEAVE)[0]["dwelling"]["subject_is_owner"]
            is False
        )
        said = {"dwelling": {"owners": 1, "subject_is_owner": False}}
        found, told = witness(said, entered(), home=home(OURS, "private", note), **LEAVE)
        assert (found["dwelling"]["owners"], found["dwelling"]["subject_is_owner"], told) == (1, False, [])
        assert "owners" not in witness({}, entered(), home=home(OURS, "private", note))[0]["dwelling"]


class TestParents:
    CHILD = entered(birth_date="2018-02-03")

    def test_an_address_where_nobody_lives_is_no_parents(self) -> None:
        said = {"parents": {"dwelling_is_parents": True}}
        for child in (self.CHILD, entered(birth_date="2009-02-03")):
            _, told = witness(said, child, home=HOMES[HOME], lived_in=False)
            assert told == [("parents.dwelling_is_parents", "nobody", "yes")]

    @pytest.mark.parametrize("lived_in", [True, None])
    def test_who_the_parents_are_no_register_says(self, lived_in: bool | None) -> None:
        said = {"parents": {"dwelling_is_parents": True}}
        assert witness(said, self.CHILD, home=HOMES[HOME], lived_in=lived_in)[1] == []
        found, told = witness({}, self.CHILD, home=HOMES[HOME], lived_in=False)
        assert ("parents" in found, told) == (False, [])

    def test_of_a_grown_person_it_is_nothing(self) -> None:
        said = {"parents": {"dwelling_is_parents": True}}
        assert witness(said, entered(), home=HOMES[HOME], lived_in=False)[1] == []

    @pytest.mark.parametrize(("born", "differ"), [("2007-03-14", True), ("2007-03-13", False)])
    def test_until_the_eighteenth_birthday(self, born: str, differ: bool) -> None:
        said = {"parents": {"dwelling_is_parents": True}}
        told = witness(said, entered(birth_date=born), home=HOMES[HOME], lived_in=False)[1]
        assert bool(told) == differ

    @pytest.mark.parametrize(("lived_in", "held"), [(False, "nobody"), (True, "parent-elsewhere")])
    def test_a_parent_who_files_and_lives_elsewhere(self, lived_in: bool, held: str) -> None:
        here = {"home": HOMES[HOME], "lived_in": lived_in, "files_from": False}
        assert witness({}, self.CHILD, **here)[0]["parents"] == {"dwelling_is_parents": False}
        said = {"parents": {"dwelling_is_parents": True}}
        assert witness(said, self.CHILD, **here)[1] == [("parents.dwelling_is_parents", held, "yes")]
        assert witness(said, self.CHILD, **{**here, "lived_in": True, "files_from": True})[1] == []

    def test_where_nobody_lives_neither_does_the_other_parent(self) -> None:
        here = {"home": HOMES[HOME], "lived_in": False, "files_from": False}
        apart = {"parents": {"dwelling_is_parents": True, "same_address": False}}
        assert witness(apart, self.CHILD, **here)[1] == [("parents.dwelling_is_parents", "nobody", "yes")]
        found, _ = witness({"parents": {"same_address": False}}, self.CHILD, **here)
        assert found["parents"] == {"same_address": False, "dwelling_is_parents": False}

    def test_the_other_parent_may_live_there_where_they_live_apart(self) -> None:
        here = {"home": HOMES[HOME], "lived_in": True, "files_from": False}
        for said in ({}, {"dwelling_is_parents": True}):
            apart = {"parents": {**said, "same_address": False}}
            assert witness(apart, self.CHILD, **here) == (
                {**witness(apart, self.CHILD, home=HOMES[HOME])[0], **apart},
                [],
            )

    def test_whose_birth_is_not_known_is_no_child_by_the_register(self) -> None:
        said = {"parents": {"dwelling_is_parents": True}}
        assert witness(said, entered(birth_date=None), home=HOMES[HOME], lived_in=False)[1] == []

    def test_a_parent_who_was_not_settled_there_at_the_same_visit(self) -> None:
        said = {"parents": {"dwelling_is_parents": True}}
        waits = {"home": HOMES[HOME], "awaited": True}
        found, told = witness(said, self.CHILD, **waits)
        assert (found["parents"], told) == ({"dwelling_is_parents": True, "registry_agrees": False}, [])
        assert witness({}, self.CHILD, **waits)[0]["parents"] == {"dwelling_is_parents": False}
        assert witness(said, entered(), **waits)[0]["parents"] == said["parents"]


class TestWhatIsAskedOf:
    def test_whose_service_nobody_knows_is_told_who_they_are_and_nothing_else(self) -> None:
        found, told = witness({}, entered(citizenship="ua"), registered(R1, "2020-01-01"), service="unheard")
        assert (found["subject"], told) == ({"born": "1990-03-15", "citizenship": "ua"}, [])

    def test_what_was_said_tells_whose_document_is_looked_for(self) -> None:
        found, _ = witness({"subject": {"citizenship": "foreigner"}}, entered(CARD, PERMIT))
        assert found["subject"]["identity_document"] == "temporary_permit"

    def test_what_is_plain_is_not_mixed_with_what_is_not(self) -> None:
        assert merged({"a": {"b": 1}}, {"a": 2}) == {"a": {"b": 1}}
        assert merged({"a": 2}, {"a": {"b": 1}}) == {"a": 2}
        assert merged({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}) == {"a": {"b": 1, "c": 3}}


class TestNotices:
    @pytest.mark.parametrize(
        ("ground", "name"),
        [("dms_notice", "death_registered_on"), ("registered_elsewhere_notice", "registered_elsewhere_on")],
    )
    def test_one_that_names_no_day_tells_of_its_own(self, ground: str, name: str) -> None:
        found, _ = witness({"ground": ground}, entered(), noticed="2025-03-10", **LEAVE)
        assert found["subject"][name] == "2025-03-10"
        said = {"ground": ground, "subject": {name: "2025-02-01"}}
        assert witness(said, entered(), noticed="2025-03-10", **LEAVE)[0]["subject"][name] == "2025-02-01"

    def test_without_one_nothing_is_told(self) -> None:
        assert witness({"ground": "dms_notice"}, entered(), **LEAVE)[0]["subject"] == BIRTH

    def test_of_a_court_it_is_the_act_that_counts(self) -> None:
        asked = {"ground": "court_eviction", "subject": BIRTH}
        assert witness(asked, entered(), noticed="2025-03-10", **LEAVE)[0]["subject"] == BIRTH


class TestAnother:
    """Somebody whom the part names beside its subject."""

    SAID: ClassVar[dict[str, Any]] = {
        "born": "1990-03-15",
        "citizenship": "ua",
        "deregistered_on": "2025-01-01",
        "orphan": True,
    }

    def of(self, *life: Any, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        said = {"service": "register_residence", "received": DAY, "subject": self.SAID, **(asked or {})}
        held = Held(who=OTHER, person=fold(entries(life), NOBODY), homes=HOMES, community=COMMUNITY)
        found = of_another(said, held)
        known, faults = witnessed(found, held)
        assert faults == []
        return merged(found, known)

    def test_what_the_register_knows_of_them_is_theirs(self) -> None:
        them = self.of(entered(birth_date="1988-02-29", citizenship="foreigner"), registered(R1, "2020-01-01"))
        assert them["subject"] == {
            "born": "1988-02-29",
            "citizenship": "foreigner",
            "orphan": True,
            "current_residence": {"kind": "residence", "place": "this_community"},
        }

    def test_their_own_document_is_shown_and_where_they_live_nothing_ended_elsewhere(self) -> None:
        said = {**self.SAID, "identity_document": "passport_card", "deregistered_from": "other_community"}
        life = [entered(PERMIT, citizenship="foreigner"), registered(R1, "2020-01-01")]
        them = self.of(*life, asked={"subject": said})["subject"]
        assert them["identity_document"] == "temporary_permit"
        assert not {"deregistered_on", "deregistered_from"} & them.keys()

    def test_where_they_live_now_is_not_as_was_said_of_the_subject(self) -> None:
        said = {"born": "1990-03-15", "current_residence": {"place": "other_community"}}
        them = self.of(entered(), registered(R1, "2020-01-01"), asked={"subject": said})["subject"]
        assert them["current_residence"] == {"kind": "residence", "place": "this_community"}

    def test_what_it_does_not_is_as_was_said(self) -> None:
        them = self.of(entered(birth_date=None))
        assert them["subject"] == self.SAID and "valid_until" not in them

    def test_the_term_of_their_own_paper(self) -> None:
        asked = {**SHOWN, "valid_until": {"identity_document": "2031-01-01"}}
        assert self.of(entered(OVER), asked=asked)["valid_until"] == {"identity_document": "2020-01-01"}
        assert self.of(entered(), asked=asked)["valid_until"] == asked["valid_until"]
        asked["valid_until"] = {"identity_document": "2031-01-01", "owner_identity": "2032-01-01"}
        assert self.of(entered(BOOKLET), asked=asked)["valid_until"] == {"owner_identity": "2032-01-01"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("foreigner", "іноземець"),
        ("2024-02-29", "29.02.2024"),
        ("2024", "2024"),
        ("passport_card, passport_booklet", "картки, паспорт"),
        ("nobody", "ніхто не проживає"),
        ("state_or_communal", "державне або комунальне житло"),
    ],
)
def test_a_value_is_told_in_words(value: str, told: str) -> None:
    assert told in value_text(value)
