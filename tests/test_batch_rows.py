"""Rows of a table of applications, without a register: how they travel, what their words mean, who stands twice."""

from typing import Any
from uuid import UUID

import pytest

from api.guided.batch import BATCHES, COMMAND, MOST_ROWS, headings, of_table, packed, rows_of, spoilt, twins, unpacked
from api.guided.batch_table import loaded
from api.guided.shape import QUESTIONS
from registry import texts
from registry.card_index.files import Spoilt, folded
from registry.services.catalogue import EVERY_CARD
from registry.services.checks import CHECKS

ARRIVALS = BATCHES["arrivals"]
A_COMMAND = "0d3b7c1e-4b1f-4a53-9a0b-0c6a9d3c2f11"


def row(**said: str) -> dict[str, list[str]]:
    names = {"surname": "Вигаданенко", "given_names": "Іван", "birth_date": "03.02.1988", **said}
    return {name: [value] for name, value in names.items()}


class TestKinds:
    @pytest.mark.parametrize("kind", BATCHES.values(), ids=BATCHES)
    def test_say_only_what_there_is(self, kind: Any) -> None:
        ids = {one.id for one in QUESTIONS}
        beside = {"documents", "payment-kopiykas", "payment-receipt"}
        assert {*kind.visit, *kind.same, *kind.rare} <= ids and set(kind.rare) <= {*kind.visit, *kind.same}
        assert set(kind.columns) <= ids | beside and set(kind.required) <= set(kind.columns)
        assert set(kind.checks) <= set(CHECKS)
        cards = [card for card in EVERY_CARD if kind.service in card.services and card.until.year > 3000]
        named = {who for card in cards for rule in card.rules["applicants"] for who in rule.kinds}
        assert (
            cards and set(kind.applicants) <= named and all(kind.reference.startswith(one.reference) for one in cards)
        )

    def test_every_kind_column_and_state_has_its_words(self) -> None:
        assert set(texts.TEXTS["batches"]) == set(BATCHES)
        assert set(texts.TEXTS["batch_columns"]) == {one for kind in BATCHES.values() for one in kind.columns}
        called = [folded(one) for text in texts.TEXTS["batch_columns"].values() for one in text.split("|")]
        assert len(called) == len(set(called))


class TestTravelling:
    def test_a_row_in_one_field_is_the_same_again(self) -> None:
        said = {
            COMMAND: [A_COMMAND],
            "surname": ['О"Нил; <b>'],
            "documents": ["a", "b"],
            "sex": [""],
            "refuse": ["yes"],
        }
        assert unpacked(packed(said)) == {COMMAND: [A_COMMAND], "surname": ['О"Нил; <b>'], "documents": ["a", "b"]}

    @pytest.mark.parametrize("text", ["{", "[1]", "[[1, 2]]", '{"a": 1}', "[[]]", "null", "[" * 5000])
    def test_what_no_page_has_packed_says_nothing(self, text: str) -> None:
        assert unpacked(text) == {}

    def test_what_is_typed_goes_before_what_was_packed(self) -> None:
        typed = {
            "rows": ["1"],
            "1-packed": [packed(row(documents="a"))],
            "1-surname": ["Інший"],
            "1-documents": ["all"],
        }
        [found] = rows_of(typed)
        assert found["surname"] == ["Інший"] and found["given_names"] == ["Іван"] and found["documents"] == ["a", "all"]

    def test_each_row_has_a_command_that_stays(self) -> None:
        typed = {"rows": ["2"], "1-surname": ["А"], f"2-{COMMAND}": [A_COMMAND]}
        first, second = rows_of(typed)
        assert UUID(first[COMMAND][0]) and second[COMMAND] == [A_COMMAND]

    @pytest.mark.parametrize(
        ("said", "count"), [("2", 2), ("-1", 0), ("х", 0), ("", 0), ("999", MOST_ROWS), ("9999", 0)]
    )
    def test_a_form_has_no_more_rows_than_a_table(self, said: str, count: int) -> None:
        assert len(rows_of({"rows": [said]})) == count

    def test_one_is_taken_out(self) -> None:
        typed = {"rows": ["3"], "remove": ["2"], **{f"{at}-surname": [str(at)] for at in (1, 2, 3)}}
        assert [one["surname"] for one in rows_of(typed)] == [["1"], ["3"]]


class TestWords:
    @pytest.mark.parametrize(
        ("column", "typed", "answer"),
        [
            ("sex", "ж", "female"),
            ("citizenship", "Україна", "ua"),
            ("document_kind", "ID-картка", "passport_card"),
            ("document_kind", "грамота", "грамота"),
            ("right", "Договір", "paper"),
            ("right", "власник або співвласник", "owner"),
            ("homeless", "так", "yes"),
            ("military", "Ні", "no"),
            ("where_from", "уперше", "never"),
            ("where_from", "з іншої громади", "other_community"),
            ("documents", "Усі", "all"),
            ("surname", "Так", "Так"),
        ],
    )
    def test_of_a_cell(self, column: str, typed: str, answer: str) -> None:
        assert of_table(ARRIVALS, {column: typed})[column] == [answer]

    def test_a_dwelling_is_looked_for_and_papers_are_all_or_unsaid(self) -> None:
        found = of_table(ARRIVALS, {"dwelling": "12", "documents": "паспорт", "sex": None})
        assert found.keys() == {COMMAND, "dwelling_find"} and found["dwelling_find"] == ["12"]

    def test_what_another_program_spoilt_stays_so_until_it_is_typed_anew(self) -> None:
        found = of_table(ARRIVALS, {"dwelling": Spoilt("2026-05-01", "cell-date"), "surname": "Вигаданенко"})
        assert spoilt(unpacked(packed(found))) == {"dwelling": texts.say("rejects", "cell-date")}
        assert spoilt(row(surname="#5: поверх")) == {}

    def test_of_headings_ours_come_first(self) -> None:
        assert list(headings(ARRIVALS))[:4] == ["Прізвище", "Ім’я", "По батькові", "Дата народження"]

    def test_a_file_of_another_encoding_is_read(self) -> None:
        content = "Прізвище;Власне ім’я;День народження\nВигаданенко;Іван;03.02.1988".encode("cp1251")
        [found] = loaded(content, ARRIVALS).rows
        assert found["given_names"] == ["Іван"] and found["birth_date"] == ["03.02.1988"]

    @pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x00\x01"], ids=["xls", "zip", "bytes"])
    def test_what_is_no_table_gives_a_fault_and_no_rows(self, content: bytes) -> None:
        found = loaded(content, ARRIVALS)
        assert found.rows == [] and len(found.faults) == 1


class TestTwins:
    @pytest.mark.parametrize(
        ("said", "is_twin"),
        [
            ({}, True),
            ({"surname": "Вигаданенко ", "birth_date": "1988-02-03"}, True),
            ({"birth_date": "04.02.1988"}, False),
            ({"surname": "Інша", "document_kind": "passport_card", "document_number": "000900001"}, True),
            ({"surname": "Інша", "unzr": "19880203-00017"}, True),
            ({"surname": "Інша"}, False),
            ({"surname": "Інша", "person": A_COMMAND}, True),
        ],
    )
    def test_are_found_by_whatever_tells_a_person(self, said: dict[str, str], is_twin: bool) -> None:
        first = row(document_kind="passport_card", document_number="000900001", unzr="19880203-00017", person=A_COMMAND)
        assert twins([first, row(surname="Третя"), row(**said)]) == ({3: 1} if is_twin else {})

    def test_nobody_is_the_twin_of_an_empty_row(self) -> None:
        assert twins([{}, {}, {"surname": ["А"]}]) == {}
