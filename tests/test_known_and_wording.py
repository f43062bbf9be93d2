"""What the register itself fills into an application, and what an applicant is told of a decision."""

import re
from dataclasses import replace
from typing import Any

import pytest
from given import entries, uid
from test_application_decisions import KEPT, checked, outcome, outcomes, part, whole
from test_decisions import FLAT, HOME, R1, R2, ended, kept, past, registered
from test_services import everything

from registry import texts
from registry.aggregates.case.events import ApplicationReceived, Concerned
from registry.aggregates.case.state import Outcome
from registry.aggregates.dwelling.events import Address, AddressRenamed, DwellingEntered
from registry.aggregates.dwelling.state import fold as fold_dwelling
from registry.aggregates.person.events import Deceased, Particulars, PersonEntered, ResidenceRegistered, StayRegistered
from registry.aggregates.person.state import NOBODY, fold
from registry.aggregates.values import Fault, Impossible
from registry.cases.letters import worded
from registry.cases.prefill import filled
from registry.services.catalogue import EVERY_CARD

COMMUNITY = "UA63120270"
OURS, THEIRS = f"{COMMUNITY}000000001", "UA01000000000000000"


def home(katottg: str | None = None, kind: str | None = "private") -> Any:
    return fold_dwelling(entries([DwellingEntered(address=Address(katottg=katottg, street="вулиця Перша"), kind=kind)]))


HOMES = {HOME: home(OURS), FLAT: home()}


def entered(**said: Any) -> PersonEntered:
    return PersonEntered(particulars=Particulars(surname="Вигадана", **{"birth_date": "1990-03-15", **said}))


def subject(
    asked: dict[str, Any], *life: Any, homes: Any = HOMES, service: str = "register_residence"
) -> dict[str, Any]:
    """The subject of an application about somebody who lived so."""
    return filled({"service": service, "subject": asked}, fold(entries(life), NOBODY), homes, COMMUNITY)["subject"]


def differs(asked: dict[str, Any], *life: Any, homes: Any = HOMES, **said: Any) -> list[Fault]:
    with pytest.raises(Impossible) as found:
        subject(asked, *life, homes=homes, **said)
    return list(found.value.faults)


class TestWhoTheyAre:
    def test_birth_and_citizenship_are_filled_in(self):
        assert subject({}, entered(citizenship="stateless")) == {"born": "1990-03-15", "citizenship": "stateless"}

    @pytest.mark.parametrize("born", ["1990", "1990-03", "1990-02-30", None])
    def test_a_birth_that_is_not_known_to_the_day_is_left_to_the_applicant(self, born):
        assert subject({"born": "1990-03-16"}, entered(birth_date=born)) == {"born": "1990-03-16"}

    @pytest.mark.parametrize("citizenship", [None, "Україна"])
    def test_a_citizenship_that_is_none_of_the_three_too(self, citizenship):
        assert "citizenship" not in subject({}, entered(citizenship=citizenship))

    def test_another_birth_than_the_registers_is_refused(self):
        assert differs({"born": "1990-03-16"}, entered()) == [Fault("differs-from-register", "subject.born")]
        assert subject({"born": "1990-03-15"}, entered()) == {"born": "1990-03-15"}

    def test_of_the_citizenship_the_applicant_knows_best(self):
        assert subject({"citizenship": "ua"}, entered(citizenship="foreigner"))["citizenship"] == "ua"

    def test_nothing_else_of_the_application_changes(self):
        asked = {"service": "amend_record", "subject": {"orphan": True}, "documents": ["application"]}
        person = fold(entries([entered(), registered(R1, "2020-01-01")]), NOBODY)
        assert filled(asked, person, HOMES, COMMUNITY) == {
            **asked,
            "subject": {"orphan": True, "born": "1990-03-15"},
        }
        assert asked["subject"] == {"orphan": True}


class TestWhereTheyLive:
    LIFE = (entered(), registered(R1, "2020-01-01"))

    def test_a_residence_here_is_filled_in(self):
        here = {"kind": "residence", "place": "this_community"}
        assert subject({}, *self.LIFE)["current_residence"] == here

    def test_a_stay_as_a_stay(self):
        stay = StayRegistered(residence=R1, dwelling=HOME, since="2020-01-01")
        assert subject({}, entered(), stay)["current_residence"]["kind"] == "stay"

    @pytest.mark.parametrize("said", [{}, {"place": "this_community"}, {"kept": True, "occupied": {}}])
    def test_what_the_applicant_says_of_it_stays(self, said):
        assert subject({"current_residence": said}, *self.LIFE)["current_residence"] == said

    @pytest.mark.parametrize("said", [None, {"place": "other_community"}])
    def test_but_not_that_there_is_none_or_another(self, said):
        assert differs({"current_residence": said}, *self.LIFE) == [
            Fault("differs-from-register", "subject.current_residence")
        ]

    def test_nor_that_there_is_one_here_where_the_register_has_none(self):
        for said in ({}, {"place": "this_community"}):
            assert differs({"current_residence": said}, entered()) == [
                Fault("differs-from-register", "subject.current_residence")
            ]

    def test_one_elsewhere_only_the_applicant_knows(self):
        away = {"current_residence": {"place": "other_community"}}
        assert subject(away, entered()) == {"born": "1990-03-15", **away}

    def test_both_differences_at_once(self):
        assert differs({"born": "1991-01-01", "current_residence": None}, *self.LIFE) == [
            Fault("differs-from-register", "subject.born"),
            Fault("differs-from-register", "subject.current_residence"),
        ]

    @pytest.mark.parametrize("service", ["deregister_residence", "amend_record", "issue_extract"])
    def test_only_who_settles_is_asked_where_from(self, service):
        assert "current_residence" not in subject({}, *self.LIFE, service=service)

    def test_a_residence_that_is_kept_is_not_the_current_one(self):
        assert "current_residence" not in subject({}, *self.LIFE, kept(R1))
        both = (*self.LIFE, kept(R1), registered(R2, "2022-01-01", FLAT))
        assert subject({}, *both)["current_residence"]["place"] == "this_community"


class TestWhoLeft:
    def test_the_day_of_the_last_removal_is_filled_in(self):
        life = (entered(), past(R2, "2010-01-01", "2015-06-01"), registered(R1, "2020-01-01"), ended(R1, "2024-02-29"))
        assert subject({}, *life) == {"born": "1990-03-15", "deregistered_on": "2024-02-29"}

    def test_unless_the_applicant_says_one(self):
        life = (entered(), registered(R1, "2020-01-01"), ended(R1, "2024-02-29"))
        assert subject({"deregistered_on": "2025-01-01"}, *life)["deregistered_on"] == "2025-01-01"
        away = {"current_residence": {"place": "other_community"}}
        assert "deregistered_on" not in subject(away, *life)

    @pytest.mark.parametrize("until", ["2024-02", "2024", "2024-02-30"])
    def test_or_it_is_not_known_to_the_day(self, until):
        life = (entered(), past(R1, "2010-01-01", "2015-06-01"), registered(R2, "2020-01-01"), ended(R2, until))
        assert subject({}, *life)["deregistered_on"] == "2015-06-01"

    def test_who_never_lived_here_did_not_leave(self):
        assert "deregistered_on" not in subject({}, entered())

    @pytest.mark.parametrize(
        "there", [home(THEIRS), home(THEIRS, kind=None), home(kind="elsewhere"), home(kind="abroad")]
    )
    def test_who_lives_elsewhere_by_the_register_is_not_one_who_left(self, there):
        """Semantics 3: a dwelling lies here by its code, and without one by its kind."""
        moved = ResidenceRegistered(residence=R2, dwelling=FLAT, since="2024-01-01")
        life, homes = (entered(), registered(R1, "2020-01-01"), moved), {**HOMES, FLAT: there}
        assert subject({}, *life, homes=homes) == {"born": "1990-03-15"}
        away = {"current_residence": {"place": "other_community"}}
        assert subject(away, *life, homes=homes) == {"born": "1990-03-15", **away}
        assert differs({"current_residence": {}}, *life, homes=homes) == [
            Fault("differs-from-register", "subject.current_residence")
        ]

    def test_by_the_kind_where_the_dwelling_has_no_code(self):
        homes = {HOME: home(kind="private")}
        assert subject({}, entered(), registered(R1, "2020-01-01"), homes=homes)["current_residence"]

    def test_by_the_latest_name_of_a_renamed_dwelling(self):
        called = [
            DwellingEntered(address=Address(katottg=THEIRS)),
            AddressRenamed(address=Address(katottg=OURS), since="2023-01-01"),
        ]
        homes = {HOME: fold_dwelling(entries(called))}
        assert subject({}, entered(), registered(R1, "2020-01-01"), homes=homes)["current_residence"]

    def test_of_the_dead_the_day_of_the_death(self):
        life = (entered(), registered(R1, "2020-01-01"), Deceased(registered_on="2024-03-01"))
        assert subject({}, *life)["deregistered_on"] == "2024-03-01"


RECEIVED = ApplicationReceived(
    code="012345",
    received="2025-03-13T09:00",
    channel="office",
    office="cnap-1",
    applicant="Вигадана Олена Петрівна",
    phone="+380000000000",
    parts=(part(everything("register_residence"), concerned=(Concerned(person=uid(77)),)),),
)
OFFICE = "ЦНАП Вигадової громади"
PERSONAL = ("Вигадан", "Олена", "Петрівна", "380", "1990", str(uid(77)), "cnap-1")


def told(found: Outcome) -> Outcome:
    return worded(found, RECEIVED, OFFICE)


def messages(found: Outcome) -> list[str | None]:
    return [one.text for one in found.follows if one.person is None]


class TestRefusing:
    def test_the_letter_has_every_ground_with_its_number_wording_and_what_triggered_it(self):
        found = told(outcome("register_residence", "mortgagee", dwelling={"mortgaged": True}, false_data=True))
        head, *lines = found.text.splitlines()
        assert head == (
            "Відмова у наданні послуги «Реєстрація місця проживання». Заява від 13.03.2025 09:00, код 012345. "
            "Рішення від 13.03.2025. Підстави:"
        )
        assert [one.number for one in found.grounds] == [1, 3, 4]
        assert lines == [f"{one.number}) {one.wording}: {'; '.join(one.said)}" for one in found.grounds]
        assert all(one.said for one in found.grounds)

    def test_several_facts_of_one_ground_are_all_named(self):
        found = told(outcome("register_residence", false_data=True, invalid_documents=["identity_document"]))
        (ground,) = found.grounds
        assert len(ground.said) == 2 and found.text.endswith(": " + "; ".join(ground.said))

    def test_a_ground_without_an_official_number_has_none(self):
        """Cards 71-03 and 71-04 do not number theirs."""
        found = told(outcome("issue_extract", "identity_document", received="2021-08-17T10:00"))
        line = found.text.splitlines()[1]
        assert found.grounds[0].number is None and line.startswith(found.grounds[0].wording)

    def test_why_it_is_not_possible_in_the_words_of_the_card(self):
        (barred,) = outcomes(checked(whole("register_residence", **KEPT)))
        head, *lines = told(barred).text.splitlines()
        assert head.startswith("Послугу «Реєстрація місця проживання» у такий спосіб надати не можна.")
        assert "код 012345" in head and "Розглянуто 13.03.2025" in head
        assert lines == [one.wording for one in barred.barred]

    @pytest.mark.parametrize("one", EVERY_CARD, ids=lambda one: one.id)
    def test_every_card_has_a_title_for_its_letter(self, one):
        found = replace(outcome("register_residence", false_data=True), card=one.id)
        assert f"«{one.title}»" in told(found).text


class TestTelling:
    def test_of_both_outcomes_by_the_code(self):
        assert messages(told(outcome("register_residence"))) == [f"Послугу надано (код 012345). {OFFICE}"]
        assert messages(told(outcome("register_residence", false_data=True))) == [
            f"У наданні послуги відмовлено (код 012345). Причини повідомить {OFFICE}"
        ]

    def test_a_declaration_through_diia_too(self):
        """R-094: a refusal is a decision with its grounds, and it is sent where the declaration came from."""
        found = told(outcome("declare_residence", false_data=True))
        assert [(one.id, one.role) for one in found.follows] == [("applicant_diia", "message")]
        assert found.text and messages(found)[0].startswith("У наданні послуги відмовлено")

    def test_what_others_are_told_has_no_text_of_ours(self):
        found = told(outcome("register_residence", subject={"deregistered_on": "2025-01-01"}, kopiykas=7570))
        assert [one.text for one in found.follows if one.person] == [None, None]
        assert len(found.follows) == 3

    def test_nothing_else_changes(self):
        found = outcome("register_residence")
        after = told(found)
        bare = tuple(replace(one, text=None) for one in after.follows)
        assert replace(after, follows=bare) == found

    @pytest.mark.parametrize("said", [{}, {"false_data": True}, KEPT])
    def test_no_personal_data_and_a_code_of_six_digits(self, said):
        """R-137."""
        (found,) = outcomes(checked(whole("register_residence", **said)))
        after = told(found)
        written = [getattr(after, "text", ""), *(messages(after) if hasattr(after, "follows") else [])]
        assert [word for word in PERSONAL for text in written if word in text] == []
        assert all(re.search(r"\bкод \d{6}\b", text) for text in written if text)
        assert any(written)

    def test_every_fault_of_an_application_has_words(self):
        fault = Fault("check-unanswered", "checks", {"part": "1", "check": "payment"})
        assert "сплата адміністративного збору" in texts.fault_text(fault)
