"""Pages name things by words: no field of a program, no code, no id."""

import re

import pytest
from test_api import Desk, desk

from registry import texts
from registry.aggregates.values import Fault

__all__ = ["desk"]


@pytest.mark.parametrize("code", texts.TEXTS["faults_on_page"])
def test_a_fault_on_a_page_names_no_field_of_a_program(code: str) -> None:
    programs, people = texts.TEXTS["faults"][code], texts.TEXTS["faults_on_page"][code]
    assert not re.search(r"[a-z_]{2,}|\[\]", re.sub(r"{\w+}", "", people)) and people != programs
    # A page names a dwelling by its address, the API by its id.
    assert set(re.findall(r"{\w+}", people)) - {"{address}"} == set(re.findall(r"{\w+}", programs))
    assert texts.fault_text(Fault(code)) != texts.fault_text(Fault(code), on_page=True)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("passport_card", "паспорт громадянина України у формі картки"),
        ("id_card", "інший документ"),
        ("посвідчення моряка", "посвідчення моряка"),
        ("", ""),
    ],
)
def test_a_kind_of_document_is_said_in_words(kind: str, said: str) -> None:
    assert texts.label("document_kinds", kind) == said


def test_a_card_shows_no_code_of_a_document(desk: Desk) -> None:
    body = {"particulars": {"surname": "Вигадана"}, "documents": [{"kind": "id_card", "number": "АБ123456"}]}
    person = desk.act("/persons", {**body, "confirmed": True})["person"]
    page = desk.client.get(f"/persons/{person}").text
    assert "id_card" not in page and "інший документ АБ123456" in page
