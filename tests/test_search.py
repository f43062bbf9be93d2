"""One search for people and dwellings: every reading of a line, ranked, on a real PostgreSQL.

What is found is told by ref; the register is told fact by fact, as in `test_questions`. Everybody is invented.
"""

import base64
import hashlib
import json
from datetime import date
from typing import Any

import psycopg
import pytest
from given import uid
from hypothesis import example, given
from hypothesis import strategies as st
from test_api import Desk, desk
from test_questions import lives, register_of

from registry import ranking, search, ukrainian
from registry.aggregates.dwelling.events import Address, AddressRenamed, DwellingEntered
from registry.aggregates.person.events import Document, Particulars, PersonEntered
from registry.aggregates.person.state import Person
from registry.finding import dates, lexemes, lines
from registry.projections import dwellings, people, runner
from registry.storage.database import migrate
from registry.viewer import OPEN

__all__ = ["desk"]

NAMES = [
    # ref, surname, given names, patronymic, birth, more
    ("P-1", "Лук’яненко", "Марія", "Іванівна", "1991-08-14", {"phone": "+380671234567"}),
    ("P-2", "Лукашук", "Петро", "Лукич", "1983-01-02", {"rnokpp": "3034512345"}),
    ("P-3", "Білий", "Лука", "Петрович", "1983-05", {"unzr": "19830501-00017"}),
    ("P-4", "Василенко", "Лукія", "Андріївна", "1983", {}),
    ("P-5", "Білолук", "Іван", None, "1970-02-03", {}),
    ("P-6", "Ґаланюк", "Їжак", None, "1960-03-04", {}),
    ("P-7", "Галаган", "Іван", None, "1960-03-04", {}),
    ("P-8", "Їжакевич", "Пилип", None, "1950-12-31", {}),
    ("P-9", "Нечуй-Левицький", "Юрко", None, "1990-07-05", {"document": "АА 123456"}),
    ("1983", "Калинова", "Оксана", "Тарасівна", "1990-05-04", {"document": "001234567"}),
    ("Р-000129", "Коваль", "Вигадана", None, "1949-06-07", {}),
    ("P-12", "Липень", "Дарина", None, "1990-01-01", {}),
    ("P-13", "Коваленко", "Данило", None, "2003-02-01", {}),
]
HOMES = [
    ("D-1", Address(settlement="село Вигадане", street="вулиця Вокзальна", house="10", flat="9"), None),
    ("D-2", Address(settlement="село Вигадане", street="вулиця Вокзальна", house="100", flat="1"), None),
    ("D-3", Address(settlement="село Вигадане", street="вул. Вокзальна", house="12-А"), None),
    ("D-4", Address(settlement="село Вигадане", street="провулок Вокзальний", house="10"), None),
    ("D-5", Address(settlement="село Вигадане", street="вулиця Стара", house="7"), "вулиця Калинова"),
    ("D-6", Address(settlement="село Вигадане", street="вулиця 9 Січня", house="10/9"), None),
    ("D-7", Address(settlement="смт Ґалагани", street="бульвар Лук’яненка", house="1", flat="10"), None),
    ("D-8", Address(settlement="смт Ґалагани", street="Садова", house="1б", building="2", room="3"), None),
]
LIVES = {"Р-000129": "D-1", "1983": "D-5", "P-13": "D-2"}


def story() -> list[Any]:
    told: list[Any] = []
    for number, (ref, address, renamed) in enumerate(HOMES):
        told.append((f"2020-01-{number + 1:02}", uid(100 + number), DwellingEntered(address=address, ref=ref)))
        if renamed:
            new = Address(settlement=address.settlement, street=renamed, house=address.house)
            told.append(("2020-01-20", uid(100 + number), AddressRenamed(address=new, since="2020-01-20")))
    for number, (ref, surname, given_names, patronymic, born, more) in enumerate(NAMES):
        said = {"given_names": given_names, "patronymic": patronymic, "birth_date": born}
        papers = (Document(kind="passport_booklet", number=more["document"]),) if "document" in more else ()
        said |= {name: value for name, value in more.items() if name != "document"}
        entered = PersonEntered(particulars=Particulars(surname=surname, **said), documents=papers, ref=ref)
        told.append((f"2020-02-{number + 1:02}", uid(200 + number), entered))
        if ref in LIVES:
            home = uid(100 + [one[0] for one in HOMES].index(LIVES[ref]))
            told.append(("2020-03-01", uid(200 + number), lives(uid(300 + number), home, "2020-03-01")))
    return sorted(told, key=lambda one: one[0])


@pytest.fixture(scope="module")
def searched(server):
    yield from register_of(server, story())


def people_of(searched: Any, line: str) -> list[tuple[str, str]]:
    return [(row["ref"], row["match"]) for row in search.people(searched, line, seen_by=OPEN).rows]


def refs(searched: Any, line: str) -> list[str]:
    return [ref for ref, _ in people_of(searched, line)]


def homes(searched: Any, line: str) -> list[str]:
    return [row["ref"] for row in search.dwellings(searched, line, seen_by=OPEN).rows]


class TestRanks:
    def test_the_beginning_of_a_surname_then_of_other_words_then_the_inside(self, searched):
        assert people_of(searched, "лук") == [
            ("P-2", "surname"),
            ("P-1", "surname"),
            ("P-3", "beginning"),
            ("P-4", "beginning"),
            ("P-5", "inside"),
        ]

    @pytest.mark.parametrize("line", ["л", "лу", "лука"])
    def test_whatever_its_length(self, searched, line):
        matches = [match for _, match in people_of(searched, line)]
        assert matches == sorted(matches, key=search.RANKS.index) and "surname" in matches

    @pytest.mark.parametrize(
        ("line", "first", "others"),
        [
            ("1983", ["1983"], {"P-2", "P-3", "P-4"}),
            ("1983 р.", [], {"P-2", "P-3", "P-4"}),
            ("липень 1990", [], {"P-9", "P-12"}),
            ("калинова оксана", ["1983"], set()),
        ],
    )
    def test_every_reading_is_shown_a_number_first(self, searched, line, first, others):
        found = refs(searched, line)
        assert found[: len(first)] == first and set(found[len(first) :]) == others

    def test_the_count_and_the_pages(self, searched):
        whole = search.people(searched, "лук", seen_by=OPEN)
        assert (whole.total, whole.exact) == (5, True)
        shown, after = [], None
        while (page := search.people(searched, "лук", seen_by=OPEN, limit=2, after=after)).rows:
            assert (page.total, page.exact) == (5, True)
            shown += [row["ref"] for row in page.rows]
            after = page.rows[-1]["sort_key"], page.rows[-1]["person"]
        assert shown == [row["ref"] for row in whole.rows]

    def test_of_too_many_the_first_come_in_order(self, searched, monkeypatch):
        whole = refs(searched, "лук")
        monkeypatch.setattr(ranking, "MOST", 2)
        monkeypatch.setattr(ranking, "FEW", 0)
        found = search.people(searched, "лук", seen_by=OPEN, limit=4)
        assert ([row["ref"] for row in found.rows], found.total, found.exact) == (whole[:4], 2, False)
        after = found.rows[1]["sort_key"], found.rows[1]["person"]
        later = search.people(searched, "лук", seen_by=OPEN, limit=4, after=after)
        assert [row["ref"] for row in later.rows] == whole[2:]
        places = search.dwellings(searched, "вокз", limit=2)
        assert ([row["ref"] for row in places.rows], places.exact) == (homes(searched, "вокз")[:2], False)

    def test_behind_a_full_page_of_better_ones_the_others_are_not_counted(self, searched, monkeypatch):
        whole = search.people(searched, "лук", seen_by=OPEN)
        better = [row["ref"] for row in whole.rows if row["match"] == "surname"]
        assert 1 < len(better) < whole.total and whole.exact
        monkeypatch.setattr(ranking, "FEW", 1)
        first = search.people(searched, "лук", seen_by=OPEN, limit=2)
        assert (len(first.rows), first.exact) == (2, False) and len(better) <= first.total < whole.total
        rest = search.people(
            searched, "лук", seen_by=OPEN, limit=9, after=(first.rows[-1]["sort_key"], first.rows[-1]["person"])
        )
        assert [row["ref"] for row in (*first.rows, *rest.rows)] == [row["ref"] for row in whole.rows]
        assert (rest.total, rest.exact) == (whole.total, True)


class TestSpelling:
    @pytest.mark.parametrize("line", ["галанюк", "Ґаланюк", "ГАЛАНЮК", "гала", "Halaniuk", "Galanyuk", "ufky.r ];fr"])
    def test_one_g_finds_the_other(self, searched, line):
        assert "P-6" in refs(searched, line)

    @pytest.mark.parametrize("line", ["ґалаган", "галаґан", "Galagan", "Halahan"])
    def test_and_the_reverse(self, searched, line):
        assert "P-7" in refs(searched, line)

    @pytest.mark.parametrize(
        "line",
        [
            "лук'яненко",
            'лук"яненко',
            "лук*яненко",
            "лукяненко",
            "лук’яненко",
            "Lukyanenko",
            "Lukianenko",
            "Lukjanenko",
            "LUKIANENKO",
            "kerzytyrj",
        ],
    )
    def test_every_spelling_of_one_name(self, searched, line):
        assert refs(searched, line)[0] == "P-1"

    @pytest.mark.parametrize(
        "line", ["нечуй-левицький", "нечуй левицький", "левицький нечуй", "нечуйлевицький", "левиц"]
    )
    def test_a_name_of_two_parts(self, searched, line):
        assert refs(searched, line) == ["P-9"]

    @pytest.mark.parametrize(
        ("line", "ref"),
        [
            ("лукьяненко", "P-1"),
            ("лукяненно", "P-1"),
            ("лукяннеко", "P-1"),
            ("лукьяненко мария", "P-1"),
            ("іжакевич", "P-8"),
            ("їжакевіч", "P-8"),
            ("їжакевч", "P-8"),
            ("їжжакевич", "P-8"),
            ("їжеквич", None),
        ],
    )
    def test_a_slip_where_nothing_else_is_found(self, searched, line, ref):
        assert people_of(searched, line) == ([(ref, "similar")] if ref else [])

    def test_nothing_that_is_only_alike_beside_what_is_found(self, searched):
        assert people_of(searched, "коваль") == [("Р-000129", "surname")]
        assert search.people(searched, "іжакевич", seen_by=OPEN, similar=False).rows == []


class TestDates:
    @pytest.mark.parametrize(
        "line",
        [
            *(
                "14.08.1991",
                "14081991",
                "14/08/1991",
                "14-08-1991",
                "14 08 1991",
                "1991-08-14",
                "19910814",
                "1991.08.14",
            ),
            *("14 серпня 1991", "14 серпня 1991 р.", "14 СЕРПНЯ 1991 року", "14.8.1991", "14.08.91", "14.08.1991р."),
            *(
                "серпень 1991",
                "серпня 1991",
                "08.1991",
                "8/1991",
                "1991-08",
                "1991",
                "1991?",
                "1991р",
                "Марія 14081991",
            ),
            *("14.VIII.1991", "14 viii 1991", "1991 р.н.", "1991р. н.", "1991 року народження", "14.08.1991 р.н."),
        ],
    )
    def test_any_spelling(self, searched, line):
        assert refs(searched, line) == ["P-1"]

    @pytest.mark.parametrize("line", ["31.02.1991", "14.13.1991", "32 серпня 1991", "99999999", "91"])
    def test_what_is_no_day_finds_nobody_by_it(self, searched, line):
        assert refs(searched, line) == []

    def test_a_birth_known_less_exactly_may_be_the_one(self, searched):
        assert set(refs(searched, "05.1983")) == {"P-3", "P-4"}
        assert set(refs(searched, "02.01.1983")) == {"P-2", "P-4"}

    def test_two_figures_mean_both_centuries(self):
        assert dates.read("1.2.03") == ("19030201", "20030201")
        assert dates.read("20111920") == ("19201120",)

    @given(st.dates(min_value=date(1880, 1, 1), max_value=date(2100, 12, 31)))
    def test_every_day_is_read_as_itself(self, day):
        for written in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d%m%Y}", f"{day.day}/{day.month}/{day.year}"):
            assert f"{day:%Y%m%d}" in dates.read(written)


class TestNumbers:
    @pytest.mark.parametrize(
        ("line", "ref"),
        [
            *((line, "P-3") for line in ("19830501-00017", "1983050100017", "19830501 00017", "19830501–00017")),
            ("3034512345", "P-2"),
            *((line, "P-9") for line in ("АА 123456", "АА123456", "аа-123456", "AA 123456", "Нечуй АА №123456")),
            ("001234567", "1983"),
            *((line, "P-1") for line in ("+380671234567", "0671234567", "067 123-45-67", "+38 (067) 123 45 67")),
            *((line, "P-1") for line in ("80671234567", "(067)1234567", "67 123 45 67", "Марія 067 123 45 67")),
            *((line, "Р-000129") for line in ("Р-000129", "P-000129", "p000129", "р 000129", "P‑000129")),
            *((line, "Р-000129") for line in ("З-000129", "з000129", "№ З 000129")),
            *((line, "1983") for line in ("№001234567", "№ 001234567")),
        ],
    )
    def test_any_spelling_of_a_number_or_a_mark(self, searched, line, ref):
        assert people_of(searched, line)[0] == (ref, "number")

    @pytest.mark.parametrize("line", ["19830501-00018", "3034512346", "АВ 123456", "0671234568", "P-000130"])
    def test_another_number_finds_nobody(self, searched, line):
        assert refs(searched, line) == []

    def test_a_name_beside_a_number_of_somebody_else_finds_whose_number_it_is(self, searched):
        assert refs(searched, "Коваль 3034512345") == ["P-2"]

    def test_that_there_is_no_number_is_no_number(self):
        found = lexemes.of_person(Person(particulars=Particulars(rnokpp="refused", surname="Вигадана"), ref="P-1"))
        assert "refused" not in found and "'Np1'" in found


class TestHomes:
    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("вигадана вокзальна", ["Р-000129"]),
            ("Коваль Вокзальна 10", ["Р-000129"]),
            ("вокзальна 10 коваль", ["Р-000129"]),
            ("коваль, вул. Вокзальна, буд. 10, кв. 9", ["Р-000129"]),
            ("ковал вокзальна", ["P-13", "Р-000129"]),
            ("оксана калинова", ["1983"]),
            ("оксана стара 7", ["1983"]),
            ("коваль калинова", []),
            ("D-1", ["Р-000129"]),
            ("d-1", ["Р-000129"]),
            ("В-1", ["Р-000129"]),
            ("Коваль, с. Вигадане, вул. Вокзальна, буд. 10, корп. 0, кв. 9", []),
            ("Коваль Вигадана, с. Вигадане, р-н, вул. Вокзальна, буд. 10, кв. 9", ["Р-000129"]),
            ("с. Вигадане, вул. Вокзальна, буд. 10, кв. 9, Коваль Вигадана 1949 р.н.", ["Р-000129"]),
            ("коваль вулиця 10", ["Р-000129"]),
            ("коваль провулок 10", []),
            ("10 в", []),
            ("вокзальна 10 в", []),
        ],
    )
    def test_a_name_with_a_street_or_the_mark_of_a_dwelling(self, searched, line, found):
        assert refs(searched, line) == found

    def test_the_word_for_a_kind_of_street_may_be_its_name(self):
        embankment = lines.of_people("лісовик набережна").parts
        [(name, place)] = lines.splits(embankment, [(False, True), (True, False)])
        assert "'лісовик':*" in name and "'набережна':*" in place
        [(_, place)] = lines.splits(lines.of_people("лісовик вул лісова").parts, [(0, 1), (1, 0), (1, 0)])
        assert "лісова" in place and "вул" not in place

    def test_a_word_that_nobody_is_called_by_is_of_the_address(self):
        parts = lines.of_people("коваль вокзальна").parts
        assert len(lines.splits(parts, [(True, True), (True, True)])) == 2
        assert len(lines.splits(parts, [(True, True), (True, False)])) == 1
        assert lines.splits(parts, [(False, True), (False, True)]) == []


class TestDwellings:
    @pytest.mark.parametrize(
        ("line", "found"),
        [
            *((line, ["D-3"]) for line in ("12а", "12А", "12-а", "12 а", "вокзальна 12a", "вул.вокзальна,12-А")),
            *(
                (line, ["D-1"])
                for line in ("вокзальна 10/9", "вокзальна 10 9", "вул вокзальна 10 кв 9", "вокзальна 10-9")
            ),
            ("вулиця вокзальна, буд. 10, кв. 9", ["D-1"]),
            ("вокзальна вулиця 10 кв.9", ["D-1"]),
            ("вокз 10 кв9", ["D-1"]),
            ("вокзальна 10", ["D-1", "D-2"]),
            ("вокзальн 10", ["D-4", "D-1", "D-2"]),
            ("провулок вокзальн 10", ["D-4", "D-1", "D-2"]),
            ("пров вокзальний", ["D-4"]),
            ("вулиця вокзальна", ["D-3", "D-1", "D-2"]),
            ("9 січня", ["D-6"]),
            ("9 січня 10/9", ["D-6"]),
            ("вулиця садова 1б", ["D-8"]),
            ("садова 1 Б корп 2 кімн 3", ["D-8"]),
            ("галагани 1", ["D-7", "D-8"]),
            ("лукьяненка", ["D-7"]),
            ("бульвар лукяненка", ["D-7"]),
            ("djrpfkmyf 12", ["D-3"]),
            ("D-000", []),
            ("D-5", ["D-5"]),
            ("d5", ["D-5"]),
            ("", []),
            ("%", []),
            ("вулиця", ["D-5", "D-6", "D-1", "D-3", "D-2"]),
        ],
    )
    def test_forgiving_as_people_are(self, searched, line, found):
        assert sorted(homes(searched, line)) == sorted(found)
        if line in ("вокзальна 10", "провулок вокзальн 10"):
            assert homes(searched, line) == found

    def test_by_the_mark_or_the_number_of_who_lives_there(self, searched):
        assert homes(searched, "P-000129") == homes(searched, "Р-000129") == ["D-1"]
        assert homes(searched, "001234567") == ["D-5"]
        assert search.dwellings(searched, "001234567").rows == []

    def test_an_old_street_says_the_present_one_and_a_present_one_is_told_once(self, searched):
        [old] = search.dwellings(searched, "стара 7").rows
        assert (old["address"], old["address_now"]) == (
            "село Вигадане, вулиця Стара, буд. 7",
            "село Вигадане, вулиця Калинова, буд. 7",
        )
        [new] = search.dwellings(searched, "вигадане 7").rows
        assert new["until"] is None


class Denying:
    """Hides one person."""

    sees_everything = False

    def sees(self, person: Any) -> bool:
        return person != uid(200 + 10)


class TestHidden:
    @pytest.mark.parametrize(
        "line",
        ["коваль", "Р-000129", "07.06.1949", "1949", "коваль вокзальна", "D-1", "ковль", "ковальь", "овал вигад"],
    )
    def test_no_reading_finds_or_counts_one(self, searched, line):
        assert "Р-000129" in refs(searched, line)
        found = search.people(searched, line, seen_by=Denying())
        assert "Р-000129" not in [row["ref"] for row in found.rows] and found.total == len(found.rows)

    def test_nor_where_they_live_by_their_mark(self, searched):
        assert search.dwellings(searched, "Р-000129", seen_by=Denying()).total == 0


ANY = st.sampled_from(NAMES)


class TestProperties:
    @given(ANY, st.data())
    def test_everybody_is_found_by_any_beginning_of_the_surname_however_spelled(self, searched, one, data):
        surname = one[1][: data.draw(st.integers(1, len(one[1])))]
        if surname[-1] in "’-":
            surname = surname[:-1]
        spelled = data.draw(
            st.sampled_from(
                [
                    *(surname, surname.lower(), surname.upper(), surname.replace("’", "'"), surname.replace("’", "")),
                    *(surname.replace("ґ", "г").replace("Ґ", "Г"), surname.replace("-", " ")),
                    ukrainian.transliterate(one[1])[: len(surname)],
                ]
            )
        )
        assert one[0] in refs(searched, spelled), spelled

    @given(ANY, st.data())
    def test_in_any_order_of_words_with_a_birth(self, searched, one, data):
        said = [*one[1:4], ukrainian.format_day(one[4])]
        words = data.draw(st.permutations([word for word in said if word]))
        assert refs(searched, " ".join(words)) == [one[0]]

    @given(st.text(max_size=60))
    @example("\x00 \ud800")
    @example("№")
    def test_nothing_that_is_typed_fails(self, searched, line):
        found = search.people(searched, line, seen_by=OPEN)
        assert found.total >= len(found.rows)
        search.dwellings(searched, line, seen_by=OPEN)

    @given(st.text(alphabet="0123456789.-/ АаPpРр'’`;\\&|!():*<>", max_size=40))
    def test_nor_what_a_query_could_take_for_its_own(self, searched, line):
        search.people(searched, line, seen_by=OPEN)
        search.dwellings(searched, line, seen_by=OPEN)

    @given(st.lists(st.text()))
    def test_what_a_row_holds_is_the_text_that_the_database_writes(self, searched, words):
        made = lexemes.vector(lexemes.NUMBER + ukrainian.number_key(word) for word in words)
        with searched.datastore.get_connection() as connection:
            row = connection.execute("SELECT %s::tsvector::text AS text", [made]).fetchone()
        assert row["text"] == made


class TestTokens:
    @pytest.mark.parametrize(
        "key",
        [["\ud800", str(uid(0))], ["", str(uid(0))], ["9A", str(uid(0))], [1, str(uid(0))], ["1A", 7], {}, "1A", []],
    )
    @pytest.mark.parametrize("what", ["people", "dwellings"])
    def test_whatever_is_no_token_of_ours_is_refused(self, desk: Desk, what: str, key: Any) -> None:
        token = base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
        answer = desk.post(f"/search/{what}", {"q": "а", "after": token})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")
        page = desk.client.post("/", data={"q": "а", f"after_{what}": token})
        assert page.status_code == 422

    def test_a_page_goes_on_behind_the_last_row(self, desk: Desk) -> None:
        ids = {desk.person(f"P-{number}", given_names=f"Оксана-{'абв'[number]}") for number in range(3)}
        first = desk.post("/search/people", {"q": "вигадана", "limit": 2}).json()
        second = desk.post("/search/people", {"q": "вигадана", "limit": 2, "after": first["next"]}).json()
        assert {row["id"] for row in first["people"] + second["people"]} == ids
        assert (first["total"], first["total_exact"], second["next"]) == (3, True, None)
        assert {row["match"] for row in first["people"]} == {"surname"}


class TestPage:
    def test_shows_how_many_and_how_they_match_and_the_present_street(self, desk: Desk) -> None:
        desk.person("P-1")
        home = desk.dwelling()
        new = {"settlement": "смт Вигадівка", "street": "вул. Нова", "house": "7"}
        desk.act(f"/dwellings/{home}/names", {"address": new, "since": "2020-01-01"})
        page = desk.client.post("/", data={"q": "вигад"}).text
        assert "(1)" in page and "прізвище починається так" in page
        page = desk.client.post("/", data={"q": "калинова 7"}).text
        assert "тепер: смт Вигадівка, вул. Нова" in page.replace("\u00a0", " ")

    def test_says_that_names_are_only_alike(self, desk: Desk) -> None:
        desk.person("P-1")
        assert "пишуться подібно" in desk.client.post("/", data={"q": "вигадонна"}).text


class TestRegister:
    def test_acts_and_a_rebuild_make_the_same_lexemes(self, searched):
        def stored() -> list[Any]:
            with searched.datastore.get_connection() as connection:
                return [
                    connection.execute(f"SELECT words::text FROM {table} ORDER BY 1").fetchall()
                    for table in ("people", "dwellings")
                ]

        before = stored()
        for projection in (people, dwellings):
            runner.rebuild(searched.recorder, projection)
        assert stored() == before

    def test_other_lexemes_are_another_version_of_both_projections(self):
        """Where this differs, raise VERSION of `people` and of `dwellings`, so that registers rebuild them."""
        said = [
            lexemes.of_person(Person(particulars=Particulars(surname=one[1], given_names=one[2]), ref=one[0]))
            for one in NAMES
        ]
        said += [lexemes.of_dwelling(address, ref) for ref, address, _ in HOMES]
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
        assert (people.VERSION, dwellings.VERSION, digest) == (2, 2, "1f4f653fa81bfc7c")

    def test_whoever_owns_the_database_needs_no_more_to_migrate(self, server):
        """`pg_trgm` is a trusted extension: the owner of a database makes it, without being a superuser."""
        with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
            connection.execute("CREATE ROLE plain_owner LOGIN")
            connection.execute("CREATE DATABASE plain OWNER plain_owner TEMPLATE template0")
            try:
                from psycopg.conninfo import make_conninfo

                migrate(make_conninfo(server.url_of("plain"), options="-c role=plain_owner"))
            finally:
                connection.execute("DROP DATABASE plain WITH (FORCE)")
                connection.execute("DROP ROLE plain_owner")
