"""The questions of the guided pages as data: nothing of an application is forgotten, every word is there."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from api.case_forms import NewApplication
from api.guided.body import filled, kopiykas, put
from api.guided.shape import NOTICES, QUESTIONS
from api.guided.view import option_label
from registry import texts
from registry.services.catalogue import EVERY_CARD
from registry.services.checks import CHECKS
from registry.services.headers import SERVICES

UNASKED = {
    "service": "the page itself",
    "decide": "the button",
    "office": "the office where the clerk works",
    "transcribed": "follows from the channel",
    "confirmed": "asked beside what is to be confirmed",
    "checks": "answered in the panel",
    "documents": "ticked in the panel",
    "consents": "ticked in the panel",
    "invalid_documents": "ticked in the panel",
    "valid_until": "the register knows it of the documents it holds; of others the paper says it by the API",
    "papers": "of a court's decision asked; of others the API takes what is written on them",
    "persons": "each of several people is a part",
    "payments": "the check says what was paid",
    "family_formed": "the portal of newborns alone sends it",
    "documents_collected_on": "the portal of newborns alone sends it",
    "subject.born": "with the date of birth",
    "subject.serves_in_unit": "asked by a card of before 2021 only",
    "subject.absence_stands": "the check says it",
    "dwelling.owners": "the check says it",
    "dwelling.encumbrance": "the check says it",
    "dwelling.mortgaged": "the check says it",
    "dwelling.property_register_agrees": "the check says it",
    "dwelling.is_dwelling": "the check says it",
    "extract.previous_periods": "the register knows them",
    "register.list_entry": "the register finds the entry by the address",
    "register.territory": "the list of territories has a command of its own",
    "register.persons.0.distinct_from": "asked beside the likeness",
    "register.persons.0.distinct_reason": "asked beside the likeness",
    "register.persons.0.changed.documents": "a new document is shown by the API until papers have a page",
    "register.persons.0.changed.particulars": "those that change in life are asked, others are corrected by the head",
    "register.persons.0.family.0.of_part": "a parent of an earlier part is known without it",
    "register.persons.0.family.0.since": "the register takes the day of birth or of the paper",
    "register.persons.0.family.0.until": "a link that is over is ended by its own act",
    "register.dwelling_changed.owners.0.person": "whose share it is, the name says",
}
"""Fields of an application that no question fills, and why."""


def paths(form: type[BaseModel], before: str = "") -> list[str]:
    """Every field of a form, with those within it; of a list its first."""
    found = []
    for name, field in form.model_fields.items():
        path = f"{before}{field.alias or name}"
        inner, many = inner_form(field.annotation)
        found += [path] if inner is None else paths(inner, f"{path}{'.0' if many else ''}.")
    return found


def inner_form(hint: Any, many: bool = False) -> tuple[type[BaseModel] | None, bool]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint, many
    for part in get_args(hint):
        found = inner_form(part, many or getattr(hint, "__origin__", None) is list)
        if found[0]:
            return found
    return None, many


FILLED = {path for one in QUESTIONS for path in one.fills}


def test_every_field_of_an_application_is_asked_or_said_why_not() -> None:
    fields = [one for one in paths(NewApplication) if not one.startswith("children.")]
    unsaid = [
        one for one in fields if one not in FILLED and not any(f"{one}.".startswith(f"{why}.") for why in UNASKED)
    ]
    assert len(fields) > 100 and unsaid == []
    left_over = [why for why in UNASKED if not any(f"{one}.".startswith(f"{why}.") for one in fields)]
    assert left_over == []


def test_every_question_fills_a_field_that_there_is() -> None:
    known = set(paths(NewApplication))
    assert FILLED - known == set()


def test_every_word_of_a_question_is_there_and_none_is_left_over() -> None:
    ids = {one.id for one in QUESTIONS}
    assert set(texts.TEXTS["guided_questions"]) == ids and set(texts.TEXTS["guided_hints"]) <= ids
    options = [(one.id, option) for one in QUESTIONS for option in one.options]
    assert [pair for pair in options if option_label(*pair) == pair[1]] == []
    assert set(texts.TEXTS["guided_notices"]) == set(NOTICES)
    assert {one.service for one in NOTICES.values()} <= set(SERVICES)


def test_every_refusal_says_what_would_have_to_change() -> None:
    facts = {
        fact for card in EVERY_CARD if card.until.year > 3000 for rule in card.rules["refusals"] for fact in rule.facts
    }
    assert facts == set(texts.TEXTS["guided_changes"])


def test_every_answer_of_a_check_has_a_name() -> None:
    names = {name for kind in CHECKS.values() for name in kind.__dataclass_fields__} - {"payments"}
    assert names == set(texts.TEXTS["check_fields"])


@pytest.mark.parametrize(
    ("text", "sum_"), [("49,92", 4992), ("49.9", 4990), ("1 000", 100000), ("0", 0), ("49,925", "49,925"), ("x", "x")]
)
def test_a_sum_is_read_in_hryvnias(text: str, sum_: int | str) -> None:
    assert kopiykas(text) == sum_


def test_a_path_leads_into_lists() -> None:
    said: dict[str, Any] = {}
    for path in ("a.0.b", "a.0.c.0.d"):
        put(said, path, 1)
    assert said == {"a": [{"b": 1, "c": [{"d": 1}]}]}


def test_an_answer_fills_its_field_and_what_says_the_same() -> None:
    born = next(one for one in QUESTIONS if one.id == "birth_date")
    assert filled(born, "03.02.1988") == [
        ("register.persons.0.particulars.birth_date", "1988-02-03"),
        ("subject.born", "1988-02-03"),
    ]
    assert filled(born, "") == []
