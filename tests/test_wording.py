"""What an applicant is told of a decision."""

import re
from dataclasses import replace

import pytest
from given import uid
from test_application_decisions import KEPT, checked, outcome, outcomes, part, whole
from test_services import everything

from registry import texts
from registry.aggregates.case.events import ApplicationReceived, Concerned
from registry.aggregates.case.state import Outcome
from registry.aggregates.values import Fault
from registry.cases.letters import worded
from registry.services.catalogue import EVERY_CARD

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
        *lines, missing = lines
        assert lines == [f"{one.number}) {one.wording}: {'; '.join(one.said)}" for one in found.grounds]
        assert missing == "Не подано: письмова згода іпотекодержателя або довірчого власника"
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
