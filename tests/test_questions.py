"""Questions with both times, on a real PostgreSQL: the shapes of the answers, and what exactly they say.

The register of most examples is told fact by fact at given instants, so that positions and times are known: `STORY`
numbers its facts from 1, each recorded at noon in Kyiv of its day.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from given import CLERK, uid
from test_registry import append

from registry import compositions, days, questions, texts
from registry.aggregates.dwelling.events import Address, AddressRenamed, DwellingEntered
from registry.aggregates.person.events import (
    Change,
    Deceased,
    EntryWithdrawn,
    OccupiedAddressNoted,
    Particulars,
    ParticularsUpdated,
    PastResidenceEntered,
    PersonEntered,
    ResidenceAnnulled,
    ResidenceCarriedOver,
    ResidenceCorrected,
    ResidenceDeclared,
    ResidenceDeregistered,
    ResidenceRegistered,
    ResidenceVersion,
    StayRegistered,
)
from registry.opening import opened
from registry.outgoing import outbox
from registry.projections import runner
from registry.services.terms import months_after
from registry.storage.mapper import KYIV, Draft, Envelope
from registry.storage.recorder import SQL as LOG
from registry.viewer import OPEN

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
A, B, C, D = (uid(100 + number) for number in range(4))
P, Q, S, S2 = (uid(200 + number) for number in range(4))
R1, R2, R3, R4, R5, R6, R7 = (uid(300 + number) for number in range(1, 8))
OLD_NAME, NEW_NAME = "вулиця Перша, буд. 1", "вулиця Нова, буд. 1"


def lives(residence, dwelling, since, fact=ResidenceRegistered):
    return fact(residence=residence, dwelling=dwelling, since=since)


def person(surname, ref=None, **said):
    return PersonEntered(particulars=Particulars(surname=surname, **said), ref=ref)


def version(dwelling, since):
    return ResidenceVersion(kind="declared", dwelling=dwelling, since=since)


STORY = [
    ("2020-01-01", A, DwellingEntered(address=Address(street="вулиця Перша", house="1"), ref="Ж-1")),
    ("2020-01-02", B, DwellingEntered(address=Address(street="вулиця Друга", house="2"), ref="Ж-2")),
    ("2020-01-03", D, DwellingEntered(address=Address(), kind="abroad")),
    ("2020-01-04", P, person("Вигадана", "П-1", given_names="Олена", unzr="19900510-00017", birth_date="1990-05-10")),
    ("2020-01-05", P, lives(R1, A, "2020-01-05")),
    ("2020-06-01", P, lives(R2, B, "2020-06-01", ResidenceDeclared)),
    ("2020-07-01", A, AddressRenamed(address=Address(street="вулиця Нова", house="1"), since="2020-03-01")),
    ("2020-08-01", Q, person("Вигаданий", "П-2", given_names="Богдан", patronymic="Іванович")),
    ("2020-08-02", Q, lives(R3, B, "2020-08", StayRegistered)),
    (
        "2020-09-01",
        P,
        ResidenceCorrected(residence=R2, was=version(B, "2020-06-01"), now=version(B, "2020-05-15"), reason="описка"),
    ),
    ("2020-10-01", S, person("Двійник", "П-3", unzr="20000101-00015")),
    ("2020-11-01", S, EntryWithdrawn(reason="двійник")),
    ("2020-12-01", S2, person("Справжня", "П-3", unzr="20000101-00015")),
    ("2021-01-01", Q, ResidenceDeregistered(residence=R3, dwelling=B, until="2020-12")),
    ("2021-02-01", S2, lives(R4, D, "2010-01-01")),
    ("2021-02-02", S2, lives(R5, D, "2012-01-01", StayRegistered)),
    ("2021-02-03", S2, ResidenceDeregistered(residence=R5, dwelling=D, until="2014-01-01")),
    ("2021-02-04", S2, lives(R6, D, "2015-01-01")),
]


def recorded(day):
    return datetime.combine(date.fromisoformat(day), time(12), KYIV).astimezone(UTC)


def tell(registry, story):
    """Records facts as (day, stream, fact), each an act at noon of its day, into an empty register."""
    versions = {}
    acts = []
    for day, stream, fact in story:
        versions[stream] = versions.get(stream, 0) + 1
        acts.append((Envelope(recorded(day), CLERK, uuid4()), [Draft(stream, versions[stream], fact)]))
    with registry.loading() as log:
        log.write_acts(acts, registry.mapper)
        runner.refill(log.connection, log.position)


def register_of(server, story):
    from conftest import _database

    for url in _database(server, template="hromada"):
        with opened(url) as registry:
            if story:
                tell(registry, story)
            yield registry


@pytest.fixture(scope="module")
def registry(server):
    yield from register_of(server, STORY)


@pytest.fixture(scope="module")
def empty(server):
    yield from register_of(server, [])


def asked(**what):
    return questions.asked(now=NOW, **what)


class TestTimes:
    def test_on_is_by_default_the_day_in_kyiv(self):
        late = datetime(2024, 6, 1, 21, 30, tzinfo=UTC)
        assert questions.asked(now=late).on == date(2024, 6, 2)
        assert asked(on="2020-02-29").on == date(2020, 2, 29)
        assert questions.asked(now=late).known_at is None

    @pytest.mark.parametrize(
        ("typed", "instant"),
        [
            ("2024-06-01", "2024-06-01T20:59:59.999999Z"),
            ("2024-01-01", "2024-01-01T21:59:59.999999Z"),
            ("2024-03-31", "2024-03-31T20:59:59.999999Z"),
            ("2026-05-31", "2026-05-31T20:59:59.999999Z"),
            ("2024-06-01T12:00", "2024-06-01T09:00:00.000000Z"),
            ("2024-01-01 12:00:00", "2024-01-01T10:00:00.000000Z"),
            ("2024-06-01T12:00:00Z", "2024-06-01T12:00:00.000000Z"),
            ("2024-06-01T12:00:00.000001+02:00", "2024-06-01T10:00:00.000001Z"),
        ],
    )
    def test_known_at_is_a_day_to_its_end_in_kyiv_a_local_time_or_one_with_its_offset(self, typed, instant):
        assert asked(known_at=typed).head["known_at"] == instant

    def test_a_day_that_has_not_ended_is_asked_about_as_it_stands(self):
        assert asked(known_at="2026-06-01") == asked()

    @pytest.mark.parametrize(
        "typed", ["2026-06-02", "2026-06-01T12:00:01Z", "2026-06-01T15:00:01", "2999-01-01T00:00Z"]
    )
    def test_known_at_that_has_not_come_is_refused(self, typed):
        with pytest.raises(questions.BadQuestion, match="ще не настав"):
            asked(known_at=typed)

    @pytest.mark.parametrize(
        "what",
        [
            {"known_at": "учора"},
            {"known_at": "2024-02-30"},
            {"known_at": "2024"},
            {"known_at": "0001-01-01T00:00+23:00"},
            {"known_at": "9999-12-31T23:59-23:00"},
            {"known_at": "9999-12-32"},
            {"on": "20240201"},
            {"on": "2024-W05-4"},
            {"on": "9999-12-31"},
            {"on": "31.12.9999"},
            {"on": "0001-01-01"},
            {"known_at": "20240201"},
            {"known_at": "2024-02-01T12:00+0200"},
            {"known_at": "2024-02-01 12:00+02:00"},
            {"known_at": "0001-01-01"},
            {"on": "2024-02-30"},
            {"start": "2024"},
            {"end": "завтра"},
            {"on": "2024-01-01", "start": "2024-01-01"},
            {"start": "2024-01-02", "end": "2024-01-01"},
            {"start": "2024-01-01", "end": "2024-01-01"},
        ],
    )
    def test_what_cannot_be_asked_is_told_in_ukrainian(self, what):
        with pytest.raises(questions.BadQuestion, match=r"[а-яіїєґ]{4}"):
            asked(**what)

    def test_a_period_may_be_open_at_either_side(self):
        known = "2024-01-01T00:00:00.000000Z"
        assert asked(start="2020-01-01", known_at=known).head == {
            "on": None,
            "from": "2020-01-01",
            "until": None,
            "known_at": known,
        }
        assert asked(end="2020-01-01", known_at=known).head["from"] is None


class TestBeforeTheFirstFact:
    def test_the_answer_is_that_there_was_no_register(self, empty, registry):
        moved = {"least": 1, "first": 10, "community": ""}
        for register, question in ((empty, asked()), (registry, asked(known_at="2019-12-31"))):
            for answer in (
                questions.residence(register, "П-1", question, NOW, seen_by=OPEN),
                questions.occupancy(register, "Ж-1", question, NOW, seen_by=OPEN),
                questions.moved(register, question, NOW, **moved, seen_by=OPEN),
            ):
                assert (answer["position"], answer["answer"]) == (0, "реєстр ще не вівся")
                assert answer["known_at"] == questions.settled(register, question, NOW).head["known_at"]

    def test_from_the_very_instant_of_the_first_fact_there_is_one(self, registry):
        first = recorded("2020-01-01").isoformat()
        assert questions.occupancy(registry, "Ж-1", asked(known_at=first), NOW, seen_by=OPEN)["answer"] == []
        before = (recorded("2020-01-01") - timedelta(microseconds=1)).isoformat()
        assert questions.occupancy(registry, "Ж-1", asked(known_at=before), NOW, seen_by=OPEN)["position"] == 0


class TestResidence:
    def ask(self, registry, name="П-1", **what):
        return questions.residence(registry, name, asked(**what), NOW, seen_by=OPEN)

    def test_prints_both_times_and_the_position(self, registry):
        answer = self.ask(registry, on="2020-05-20", known_at="2020-08-31")
        assert {key: answer[key] for key in answer if key != "answer"} == {
            "on": "2020-05-20",
            "known_at": "2020-08-31T20:59:59.999999Z",
            "position": 9,
        }
        assert self.ask(registry)["position"] == len(STORY)
        answer = self.ask(registry, start="2020-01-01", end="2021-01-01")
        assert (answer["on"], answer["from"], answer["until"]) == (None, "2020-01-01", "2021-01-01")

    def test_a_row_says_all_of_this(self, registry):
        assert self.ask(registry, on="2020-05-15")["answer"] == [
            {
                "residence_id": str(R2),
                "kind": "declared",
                "dwelling_id": str(B),
                "dwelling_ref": "Ж-2",
                "address": "вулиця Друга, буд. 2",
                "since": "2020-05-15",
                "until": None,
                "since_known": "day",
                "until_known": "none",
                "certain": True,
                "kept": False,
                "carried": False,
                "facts": [6, 10],
            }
        ]

    def test_the_day_before_it_was_the_other(self, registry):
        found = self.ask(registry, on="2020-05-14")["answer"]
        assert [(row["dwelling_ref"], row["until"], row["facts"]) for row in found] == [
            ("Ж-1", "2020-05-15", [5, 6, 10])
        ]
        assert self.ask(registry, on="2020-01-04")["answer"] == []

    @pytest.mark.parametrize(
        ("known_at", "expected"),
        [
            ("2020-01-04", []),
            ("2020-05-31", [("Ж-1", "2020-01-05", None, [5])]),
            ("2020-08-31", [("Ж-1", "2020-01-05", "2020-06-01", [5, 6])]),
            ("2020-09-01T08:59:59.999999Z", [("Ж-1", "2020-01-05", "2020-06-01", [5, 6])]),
            ("2020-09-01T09:00:00Z", [("Ж-2", "2020-05-15", None, [6, 10])]),
            ("2020-09-01", [("Ж-2", "2020-05-15", None, [6, 10])]),
        ],
    )
    def test_of_one_day_as_the_register_said_then(self, registry, known_at, expected):
        found = self.ask(registry, on="2020-05-20", known_at=known_at)["answer"]
        assert [(row["dwelling_ref"], row["since"], row["until"], row["facts"]) for row in found] == expected

    def test_over_a_period_newest_first_not_clipped(self, registry):
        found = self.ask(registry, start="2020-05-14", end="2020-05-16")["answer"]
        assert [(row["since"], row["until"]) for row in found] == [("2020-05-15", None), ("2020-01-05", "2020-05-15")]
        assert [row["since"] for row in self.ask(registry, end="2020-05-15")["answer"]] == ["2020-01-05"]
        assert [row["since"] for row in self.ask(registry, start="2020-05-15")["answer"]] == ["2020-05-15"]

    def test_partial_dates_are_resolved_and_marked(self, registry):
        (row,) = self.ask(registry, "П-2", start="2020-01-01")["answer"]
        assert {key: row[key] for key in ("since", "until", "since_known", "until_known", "certain", "kind")} == {
            "since": "2020-08-01",
            "until": "2020-12-31",
            "since_known": "month",
            "until_known": "month",
            "certain": False,
            "kind": "stay",
        }
        for on, certain in (("2020-08-01", False), ("2020-08-02", True), ("2020-11-30", True), ("2020-12-01", False)):
            assert [row["certain"] for row in self.ask(registry, "П-2", on=on)["answer"]] == [certain]

    @pytest.mark.parametrize(
        ("on", "known_at", "address"),
        [
            ("2020-02-29", "2020-12-31", OLD_NAME),
            ("2020-03-01", "2020-12-31", NEW_NAME),
            ("2020-03-01", "2020-06-30", OLD_NAME),
        ],
    )
    def test_a_renamed_street_is_called_as_on_the_asked_day(self, registry, on, known_at, address):
        assert [row["address"] for row in self.ask(registry, on=on, known_at=known_at)["answer"]] == [address]

    def test_over_a_period_as_called_at_its_end(self, registry):
        found = self.ask(registry, start="2020-01-01", end="2020-03-01")["answer"]
        assert [row["address"] for row in found] == [OLD_NAME]
        found = self.ask(registry, start="2020-01-01", end="2020-03-02")["answer"]
        assert [row["address"] for row in found] == [NEW_NAME]

    def test_a_dwelling_without_ref_or_address(self, registry):
        (row,) = self.ask(registry, "П-3", on="2020-01-01")["answer"]
        assert (row["dwelling_ref"], row["address"]) == (str(D), texts.TEXTS["address"]["unknown"])


class TestNames:
    @pytest.mark.parametrize("name", ["П-1", "19900510-00017", str(P), str(P).upper(), P.hex])
    def test_a_person_by_ref_unzr_or_id(self, registry, name):
        assert questions.find_person(registry, name, len(STORY), seen_by=OPEN) == P

    @pytest.mark.parametrize("name", ["П-3", "20000101-00015"])
    def test_as_known_at_the_asked_time(self, registry, name):
        assert questions.find_person(registry, name, 11, seen_by=OPEN) == S
        for position in (10, 12):
            with pytest.raises(questions.NotFound):
                questions.find_person(registry, name, position, seen_by=OPEN)
        assert questions.find_person(registry, name, 13, seen_by=OPEN) == S2
        assert questions.find_person(registry, str(S), 11, seen_by=OPEN) == S
        with pytest.raises(questions.NotFound):
            questions.find_person(registry, str(S), 12, seen_by=OPEN)

    @pytest.mark.parametrize("name", ["", "П-9", "19900510-00018", str(uid(9)), str(A), "Вигадана"])
    def test_nobody_called_so(self, registry, name):
        with pytest.raises(questions.NotFound, match="особи"):
            questions.find_person(registry, name, len(STORY), seen_by=OPEN)

    def test_a_dwelling_by_ref_or_id_not_before_it_was_recorded(self, registry):
        assert [questions.find_dwelling(registry, name, 2) for name in ("Ж-2", str(B))] == [B, B]
        for name, position in (("Ж-2", 1), (str(B), 1), (str(P), 9), ("Ж-9", 9)):
            with pytest.raises(questions.NotFound, match="житла"):
                questions.find_dwelling(registry, name, position)


class TestOccupancy:
    def ask(self, registry, name="Ж-2", **what):
        return questions.occupancy(registry, name, asked(**what), NOW, seen_by=OPEN)

    def test_on_a_day_people_by_ref(self, registry):
        answer = self.ask(registry, on="2020-12-30")
        assert (answer["on"], answer["position"]) == ("2020-12-30", len(STORY))
        assert answer["answer"] == [
            {
                "person_ref": "П-1",
                "person_id": str(P),
                "name": "Вигадана Олена",
                "residence_id": str(R2),
                "kind": "declared",
                "since": "2020-05-15",
                "until": None,
                "since_known": "day",
                "until_known": "none",
                "certain": True,
                "kept": False,
                "facts": [6, 10],
            },
            {
                "person_ref": "П-2",
                "person_id": str(Q),
                "name": "Вигаданий Богдан Іванович",
                "residence_id": str(R3),
                "kind": "stay",
                "since": "2020-08-01",
                "until": "2020-12-31",
                "since_known": "month",
                "until_known": "month",
                "certain": False,
                "kept": False,
                "facts": [9, 14],
            },
        ]

    @pytest.mark.parametrize(
        ("on", "known_at", "refs"),
        [
            ("2020-05-14", "2026-05-31", []),
            ("2020-05-15", "2026-05-31", ["П-1"]),
            ("2020-12-31", "2026-05-31", ["П-1"]),
            ("2020-12-31", "2020-12-31", ["П-1", "П-2"]),
            ("2020-05-15", "2020-08-31", []),
        ],
    )
    def test_first_day_last_day_and_as_known(self, registry, on, known_at, refs):
        assert [row["person_ref"] for row in self.ask(registry, on=on, known_at=known_at)["answer"]] == refs

    def test_of_more_names_than_can_be_shown_it_is_refused_in_words(self, registry, monkeypatch):
        period = {"start": "2020-01-01", "end": "2021-01-01"}
        monkeypatch.setattr(compositions, "MOST_NAMED", 4)
        assert len(self.ask(registry, **period)["answer"]) == 3
        monkeypatch.setattr(compositions, "MOST_NAMED", 3)
        with pytest.raises(questions.BadQuestion, match="коротший період"):
            self.ask(registry, **period)
        assert len(self.ask(registry, start="2020-01-01", end="2020-12-01")["answer"]) == 2

    def test_over_a_period_a_segment_for_each_composition_clipped(self, registry):
        olena, both = ["Вигадана Олена"], ["Вигадана Олена", "Вигаданий Богдан Іванович"]
        assert self.ask(registry, start="2020-01-01", end="2021-01-01")["answer"] == [
            {
                "from": "2020-05-15",
                "until": "2020-08-01",
                "persons": ["П-1"],
                "names": olena,
                "certain": True,
                "facts": [6, 10],
            },
            {
                "from": "2020-08-01",
                "until": "2020-12-31",
                "persons": ["П-1", "П-2"],
                "names": both,
                "certain": False,
                "facts": [6, 9, 10, 14],
            },
            {
                "from": "2020-12-31",
                "until": "2021-01-01",
                "persons": ["П-1"],
                "names": olena,
                "certain": True,
                "facts": [6, 10],
            },
        ]

    def test_an_open_period_has_open_ends(self, registry):
        found = self.ask(registry, start="2020-12-31")["answer"]
        assert [(one["from"], one["until"]) for one in found] == [("2020-12-31", None)]

    def test_adjoining_ones_of_the_same_people_are_merged_gaps_left_out(self, registry):
        found = self.ask(registry, str(D), start="2011-01-01", end="2016-01-01")["answer"]
        assert [(one["from"], one["until"], one["persons"], one["facts"]) for one in found] == [
            ("2011-01-01", "2014-01-01", ["П-3"], [15, 16, 17]),
            ("2015-01-01", "2016-01-01", ["П-3"], [18]),
        ]

    def test_nobody(self, registry):
        assert self.ask(registry, on="2020-01-01")["answer"] == []
        assert self.ask(registry, start="2019-01-01", end="2020-01-01")["answer"] == []


def home(number, **said):
    return (
        "2019-01-01",
        uid(400 + number),
        DwellingEntered(address=Address(house=str(number), **said.pop("at", {})), **said),
    )


def counted():
    """People for `moved`, by what is special about them."""
    told = [
        home(1, at={"katottg": "UA0100"}),
        home(2, at={"katottg": "UA0100"}),
        home(3, kind="elsewhere"),
        home(4, kind="abroad"),
        home(5, at={"katottg": "UA9900"}),
    ]
    told = [(f"2019-01-{number:02}", stream, fact) for number, (_, stream, fact) in enumerate(told, 1)]
    moved = {
        "fourteen": ("2010-06-15", [(1, "2020-01-01"), (2, "2021-01-01")]),
        "leap": ("2012-02-29", [(1, "2020-01-01"), (2, "2021-01-01")]),
        "dead": ("1950-01-01", [(1, "2020-01-01"), (2, "2021-01-01"), "died"]),
        "carried": ("1950-01-01", [(1, "2020-01-01"), "carried"]),
        "carried and moved": ("1950-01-01", [(1, "2020-01-01"), "carried", (1, "2023-01-01")]),
        "elsewhere": ("1950-01-01", [(1, "2020-01-01"), (3, "2021-01-01"), (4, "2022-01-01")]),
        "other code": ("1950-01-01", [(1, "2020-01-01"), (5, "2021-01-01")]),
        "no birth": (None, [(1, "2020-01-01"), (2, "2021-01-01")]),
        "year of birth": ("2010", [(1, "2020-01-01"), (2, "2021-01-01")]),
        "annulled": ("1950-01-01", [(1, "2020-01-01"), (2, "2021-01-01"), "annulled"]),
        "superseded": ("1950-01-01", [(1, "2020-01-01"), (2, "2019-01-01")]),
        "past": ("1950-01-01", ["past", (2, "2021-01-01")]),
        "kept": ("1950-01-01", [(1, "2020-01-01"), "kept", (2, "2021-01-01")]),
        "late": ("1950-01-01", [(1, "2020-01-01"), (2, "2025-01-01")]),
        "three": ("1950-01-01", [(1, "2020-01-01"), (2, "2021-01-01"), (1, "2022-01-01")]),
    }
    day = date(2019, 2, 1)
    for number, (ref, (born, steps)) in enumerate(moved.items()):
        stream, last = uid(1000 + number), None
        facts = [person("Вигадана", ref, birth_date=born)]
        for step in steps:
            new = uid(5000 + 100 * number + len(facts))
            match step:
                case "died":
                    facts.append(Deceased(registered_on="2022-01-01"))
                case "carried":
                    carried = {"from_residence": last, "residence": new, "dwelling": uid(402), "since": "2021-01-01"}
                    facts.append(ResidenceCarriedOver(**carried, succession=1))
                case "annulled":
                    facts.append(ResidenceAnnulled(residence=last, dwelling=uid(402), basis="суд", revives=True))
                case "past":
                    past = {"residence": new, "kind": "stay", "dwelling": uid(401)}
                    facts.append(PastResidenceEntered(**past, since="2010-01-01", until="2011-01-01"))
                case "kept":
                    facts.append(OccupiedAddressNoted(residence=last, list_entry="99"))
                case (at, since):
                    facts.append(lives(new, uid(400 + at), since))
            last = new if isinstance(step, tuple) or step == "carried" else last
        for fact in facts:
            told.append((day.isoformat(), stream, fact))
            day += timedelta(1)
    return told


@pytest.fixture(scope="module")
def movers(server):
    yield from register_of(server, counted())


class TestMoved:
    def ask(self, movers, on="2024-06-15", least=2, first=99, community="UA01", **more):
        return questions.moved(
            movers, asked(on=on, **more), NOW, least=least, first=first, community=community, seen_by=OPEN
        )

    def refs(self, movers, **more):
        return {row["person_ref"] for row in self.ask(movers, **more)["answer"]}

    def test_by_ref_with_the_number_of_residences(self, movers):
        answer = self.ask(movers)
        assert (answer["on"], answer["position"]) == ("2024-06-15", len(counted()))
        assert answer["answer"] == [
            {"person_ref": "carried and moved", "name": "Вигадана", "residences": 2},
            {"person_ref": "fourteen", "name": "Вигадана", "residences": 2},
            {"person_ref": "kept", "name": "Вигадана", "residences": 2},
            {"person_ref": "no birth", "name": "Вигадана", "residences": 2},
            {"person_ref": "past", "name": "Вигадана", "residences": 2},
            {"person_ref": "three", "name": "Вигадана", "residences": 3},
            {"person_ref": "year of birth", "name": "Вигадана", "residences": 2},
        ]
        assert [row["person_ref"] for row in self.ask(movers, least=3)["answer"]] == ["three"]
        assert len(self.ask(movers, first=2)["answer"]) == 2

    @pytest.mark.parametrize(
        ("ref", "on", "there"),
        [
            ("fourteen", "2024-06-14", False),
            ("fourteen", "2024-06-15", True),
            ("leap", "2026-02-28", False),
            ("leap", "2026-03-01", True),
            ("year of birth", "2023-12-31", False),
            ("year of birth", "2024-01-01", True),
            ("dead", "2021-12-31", True),
            ("dead", "2022-01-01", False),
            ("late", "2024-12-31", False),
            ("late", "2025-01-01", True),
            ("three", "2020-12-31", False),
            ("three", "2021-01-01", True),
        ],
    )
    def test_on_the_very_day(self, movers, ref, on, there):
        assert (ref in self.refs(movers, on=on)) is there

    def test_on_29_february_who_is_born_on_28_is_of_age_and_who_on_1_march_is_not(self):
        assert months_after(date(2024, 2, 29), -14 * 12) == date(2010, 2, 28)
        assert months_after(date(2024, 3, 1), -14 * 12) == date(2010, 3, 1)

    def test_carried_over_annulled_and_superseded_do_not_count(self, movers):
        assert self.refs(movers) & {"carried", "annulled", "superseded"} == set()

    @pytest.mark.parametrize(("community", "also"), [("UA01", set()), ("UA9", {"other code"}), ("", {"other code"})])
    def test_only_in_this_community_by_its_code_or_without_one_by_kind(self, movers, community, also):
        outside = {"elsewhere", "other code"}
        assert self.refs(movers, community=community) & outside == (also if community != "UA9" else set())

    def test_as_known_then(self, movers):
        assert self.refs(movers, known_at="2019-01-31") == set()
        assert self.refs(movers, known_at="2019-02-02") == set()
        assert self.refs(movers, known_at="2019-02-03") == {"fourteen"}


NAMES = [
    ("Ґалаґан", "Іван", "Петрович", "1990-05-04", "1000000001"),
    ("Гнатюк", "Олена", "Іванівна", "1990-05", "1000000002"),
    ("Ємець", "Олена", "Петрівна", "1990", None),
    ("Їжакевич", "Пилип", None, "1991-01-01", None),
    ("Йосипенко", "Оксана", None, "1991-12-31", None),
    ("Знам’янська-Петренко", "Дарина", "Ігорівна", "1992-02-29", None),
    ("Сорока", "Назар", None, None, None),
    ("Щука", "Яків", None, None, None),
]


@pytest.fixture(scope="module")
def searched(server):
    told = [
        ("2020-01-01", uid(1), DwellingEntered(address=Address(street="вулиця Зелена", house="10"), ref="Ж-1")),
        ("2020-01-02", uid(2), DwellingEntered(address=Address(street="вулиця Зелена", house="9"), ref="Ж-2")),
        ("2020-01-03", uid(1), AddressRenamed(address=Address(street="вулиця Синя", house="10"), since="2020-01-01")),
    ]
    for number, (surname, given, patronymic, born, rnokpp) in enumerate(reversed(NAMES)):
        said = {"given_names": given, "patronymic": patronymic, "birth_date": born, "rnokpp": rnokpp}
        unzr = "19900504-00019" if born == "1990-05-04" else None
        told.append((f"2020-02-{number + 1:02}", uid(50 + number), person(surname, f"П-{number}", unzr=unzr, **said)))
    change = Change(field="surname", was="Щука", now="Яструб")
    told.append(("2020-03-01", uid(50), ParticularsUpdated(changes=(change,), basis="шлюб")))
    told.append(("2020-03-02", uid(99), person("Сорока", "П-99")))
    told.append(("2020-03-03", uid(99), EntryWithdrawn(reason="двійник")))
    yield from register_of(server, told)


class TestSearch:
    def found(self, searched, query, **more):
        return [row["surname"] for row in questions.search_people(searched, query, **more, seen_by=OPEN)]

    @pytest.mark.parametrize(
        ("query", "surnames"),
        [
            ("ґалаґан", ["Ґалаґан"]),
            ("ҐАЛАҐАН", ["Ґалаґан"]),
            ("ала", ["Ґалаґан"]),
            ("знам'янська", ["Знам’янська-Петренко"]),
            ("знамянська", ["Знам’янська-Петренко"]),
            ("знам’янська-петренко", ["Знам’янська-Петренко"]),
            ("петренко", ["Знам’янська-Петренко"]),
            ("нська петр", ["Знам’янська-Петренко"]),
            ("олена", ["Гнатюк", "Ємець"]),
            ("олена петрівна", ["Ємець"]),
            ("ємець олена петрівна", ["Ємець"]),
            ("yizhak", ["Їжакевич"]),
            ("Hnatiuk", ["Гнатюк"]),
            ("uyfn.r", ["Гнатюк"]),
            ("cjhjrf", ["Сорока"]),
            ("Copокa", ["Сорока"]),
            ("щука", ["Яструб"]),
            ("яструб яків", ["Яструб"]),
            ("щука назар", []),
            ("ніхто", []),
            ("", []),
            ("   ", []),
            ("%", []),
            (".*", []),
            ("олена 1990", ["Гнатюк", "Ємець"]),
            ("олена 05.1990", ["Гнатюк"]),
            ("олена 1991", []),
        ],
    )
    def test_any_part_of_a_name_old_or_new_however_typed(self, searched, query, surnames):
        assert self.found(searched, query) == surnames

    @pytest.mark.parametrize(
        ("query", "surnames"),
        [
            ("1990-05-04", ["Ґалаґан", "Гнатюк", "Ємець"]),
            ("04.05.1990", ["Ґалаґан", "Гнатюк", "Ємець"]),
            ("4.5.1990", ["Ґалаґан", "Гнатюк", "Ємець"]),
            ("1991", ["Їжакевич", "Йосипенко"]),
            ("12.1991", ["Йосипенко"]),
            ("29.02.1992", ["Знам’янська-Петренко"]),
            ("1900", []),
            ("1000000002", ["Гнатюк"]),
            ("1000000009", []),
            ("19900504-00019", ["Ґалаґан"]),
            ("1990050400019", ["Ґалаґан"]),
            ("П-0", ["Яструб"]),
        ],
    )
    def test_a_birth_as_far_as_it_is_known_or_a_number(self, searched, query, surnames):
        assert sorted(self.found(searched, query)) == sorted(surnames)

    def test_in_ukrainian_order_page_by_page(self, searched):
        in_order = ["Гнатюк", "Ґалаґан", "Ємець", "Знам’янська-Петренко", "Їжакевич", "Йосипенко", "Сорока", "Яструб"]
        rows = questions.search_people(searched, "а", limit=99, seen_by=OPEN)
        whole = [row["surname"] for row in rows]
        assert whole == [surname for surname in in_order if surname in whole]
        assert len(whole) > 4
        pages, after = [], None
        while page := questions.search_people(searched, "а", limit=2, after=after, seen_by=OPEN):
            pages += [row["surname"] for row in page]
            after = (page[-1]["sort_key"], page[-1]["person"])
        assert pages == whole
        births = questions.search_people(searched, "1990", limit=2, seen_by=OPEN)
        after = (births[-1]["sort_key"], births[-1]["person"])
        assert [row["surname"] for row in births] == ["Гнатюк", "Ґалаґан"]
        assert self.found(searched, "1990", after=after) == ["Ємець"]

    def test_a_withdrawn_entry_is_not_found(self, searched):
        assert len(questions.search_people(searched, "сорока", seen_by=OPEN)) == 1
        assert questions.search_people(searched, "П-99", seen_by=OPEN) == []

    @pytest.mark.parametrize(
        ("query", "houses"),
        [
            ("зелена", [("вулиця Зелена, буд. 9", True), ("вулиця Зелена, буд. 10", False)]),
            ("зелена 9", [("вулиця Зелена, буд. 9", True)]),
            ("синя 10", [("вулиця Синя, буд. 10", True)]),
            ("ptktyf", [("вулиця Зелена, буд. 9", True), ("вулиця Зелена, буд. 10", False)]),
            ("червона", []),
            ("", []),
        ],
    )
    def test_a_dwelling_by_every_word_of_a_present_or_past_address(self, searched, query, houses):
        rows = questions.search_dwellings(searched, query)
        assert [(row["address"], row["until"] is None) for row in rows] == houses


PROJECTIONS = {one.TABLE: one for one in (*runner.PROJECTIONS, outbox)}
WHOLE = {
    ("residences", "moved"): "counts everybody's residences: a report, not a page",
    ("people", "count"): "counts everybody",
    ("people", "along_the_alphabet"): "reads nothing: it says how the next query is planned",
    ("dwellings", "count"): "counts every dwelling",
    ("extracts", "facts_since"): "goes over every extract: a report, not a page",
    ("streets", "any"): "stops at the first row of a file",
    ("streets", "held"): "reads the list whole: an import of it",
    ("territories", "from_list"): "reads the list whole: an import of it",
    ("outbox", "since"): "reads a table of one row",
    ("outbox", "copy"): "writes",
    ("outbox", "restate"): "writes",
    ("outbox", "restate_all"): "writes, over every row: an import, a rebuild",
    ("outbox", "untold"): "goes over every row: verify",
    ("outbox", "count"): "counts every row: a rebuild",
    ("outbox", "makers"): "reads a log that was just loaded, whole",
}
UNBOUNDED = {
    ("protections", "hidden"): "reads the partial index of sealed entries whole: a city has a few",
    ("applications", "awaiting_count"): "counts the partial index of those that wait for a second person: few",
    ("people", "known_parts"): "looks at a hundred addresses, in their order, before it asks the index",
    ("applications", "waiting_of_dwelling"): "reads the partial index of those that wait for a second person: few",
    ("applications", "queued_for_approval"): "reads the partial index of those that wait for a second person: few",
    ("extracts", "unfinished"): "reads the partial index of unfinished ones whole: it is all but empty",
    ("log", "tip"): "the last one, from the end of the index",
    ("log", "last_position"): "the last one, from the end of the index",
    ("log", "position_known_at"): "and whether the last one is later, from the end of the index",
}
ID = UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")
PARAMETERS = {
    **dict.fromkeys(("person", "dwelling", "stream", "command", "application", "paper"), ID),
    **dict.fromkeys(("position", "after_position", "before_position"), 5),
    **dict.fromkeys(("on", "today", "from", "born_by"), date(2020, 1, 1)),
    **dict.fromkeys(("ref", "unzr", "rnokpp"), "7"),
    **{key: ["7", "8"] for key in ("refs", "unzrs", "codes")},
    **{"since": "2019-01-01", "role": "task", "statuses": ["received"]},
    **{"until": date(2021, 1, 1), "limit": 20, "longest": "c4ca4238", "next": "c4ca4238", "others": ["вигадана"]},
    **{"after_key": "", "after": UUID(int=0), "low": "", "high": "~", "most": 1001, "patterns": ["(?!)"]},
    **{"words": "'w7':* & 'вигадана':*", "but_not": "'N1'", "among": None, "named": None, "address": "'X7'"},
    **{"begun": "'S1'", "numbered": "'N1'", "lows": [""], "highs": ["~"], "called": "'X7'"},
    **{"one": "'w7':*", "others": "'вигадана':*"},
    "addresses": ["'X7'", "'вулиця':*"],
    **{"names": [None, "'вигадана':*"], "holds": "%вигадана7%", "exact": "'X7'", "anywhere": "'X7'", "marked": "'N1'"},
    **{"keys": ["7", "8"], "rnokpps": ["7", "8"], "id": ID, "mark": "7", "marks": ["7"]},
    **{
        "year": 2020,
        "number": 7,
        "before": NOW,
        "known_at": NOW - timedelta(2000),
        "streams": [ID],
        "people": [ID],
        "dwellings": [ID],
        "applications": [ID],
        "kind": "7",
        "code": "7",
        "scan": "7",
        "birth_date": "1990-05-04",
        "surname": "Вигадана",
        "given_names": "Олена",
    },
    **{"entries": [ID], "around": ["UA12"], "plain": "село"},
    **{"item": "x", "state": "sent", "overdue": None, "ids": [ID], "positions": [5], "commands": [ID]},
    "topic": "residence-deregistered",
    **{"due_from": date(2020, 1, 1), "due_until": date(2020, 1, 9), "at_desk": None},
    **{
        "first": date(2020, 1, 1),
        "last": date(2020, 2, 1),
        "born_after": "1980-01-01",
        "born_by": "1980-02-01",
        "offset": 0,
    },
}
OF_STREETS = {"place": None, "beginning": "% село 7%", "streets": [ID], "street": ID, "house": "7"}
OF_STREETS |= {"street_keys": ["7"], "home_keys": ["7"], "home_key": "7", "day": date(2020, 1, 1)}
OF_STREETS |= {"places": ["село", ""]}
OF_DAYS = {"since": datetime(2001, 6, 1, tzinfo=UTC), "until": datetime(2001, 6, 2, tzinfo=UTC), "by": ["7"]}
OF_DAYS |= {"first": date(2001, 6, 1), "behind": date(2001, 7, 1), "community": "UA12", "longest": 500}
OF_DAYS |= {"applications": ["7"], "office": "7"}
OF_TABLE = {
    "days": OF_DAYS,
    "territories": {"names": ["село 7"]},
    "streets": OF_STREETS,
    "houses": {**OF_STREETS, "after": "", "beginning": "7%"},
    "addresses": {**OF_STREETS, "after": "7"},
    "identities": {"names": ["7"], "numbers": ["7"], "besides": ID},
}
OF_QUERY = {"few_inside_of": {"among": "'w7'"}, "beside": {"besides": UUID(int=0)}, "composition": {"skipped": 0}}
OF_QUERY |= {name: {**OF_QUERY.get(name, {}), "others": []} for name in ("few_inside", "few_inside_of", "many_inside")}
OF_QUERY |= {name: {"skipped": 0} for name in ("living_page", "composition_of_now")}
OF_QUERY |= {"versions": {"since": 5}, "drawn_of_year": {"year": "2020-01-01", "next": "2021-01-01"}}
OF_TABLE["identities"] |= dict.fromkeys(("born_from", "born_until"), date(2020, 1, 1))
READ = [(name, query) for name, module in PROJECTIONS.items() for query in module.SQL if (name, query) not in WHOLE]
LOG_READ = [
    "tip",
    "last_position",
    "position_known_at",
    "act_of_position",
    "versions",
    "last_of_stream",
    "of_command",
    "of_streams",
]
LOG_READ += ["of_stream", "naming_dwelling_after", "dwelling_touched_after", "at_position"]
READ += [("log", query) for query in LOG_READ]
READ += [("days", query) for query in days.SQL if query != "of_office"]  # the staff is read whole: some dozens

MANY = """
INSERT INTO facts SELECT md5(n::text)::uuid, 1, 'x', '', n, '2000-01-01'::timestamptz + n * interval '1 hour',
    md5(n::text)::uuid, NULL, NULL, NULL, NULL, md5((n % 5000)::text)::uuid, NULL, NULL, NULL, NULL, ''
    FROM generate_series(1, 20000) AS n;
INSERT INTO people SELECT md5(n::text)::uuid, n::text, 'Вигадана', 'Олена', NULL, NULL, (date '1930-01-01' + n)::text,
    date '1930-01-01' + n, NULL, n::text, n::text, NULL, NULL, '{}', n::text,
    ' ' || md5(n::text) || ' вигадана' || n, n, NULL, false,
    array_to_tsvector(ARRAY['w' || n, 'вигадана' || n, 'N' || n]) FROM generate_series(1, 20000) AS n;
INSERT INTO dwellings SELECT md5(n::text)::uuid, NULL, NULL, 'адреса', n::text, NULL, NULL, NULL, n::text,
    ' ' || md5(n::text) || ' вигадана' || n, n, NULL, array_to_tsvector(ARRAY['w' || n, 'вигадана' || n, 'X' || n])
    FROM generate_series(1, 5000) AS n;
INSERT INTO residences SELECT md5(n::text)::uuid, md5(n::text)::uuid, 1, 'stay', md5((n % 5000)::text)::uuid,
    '2020-01-01', NULL, 'day', 'none', '2020-01-01', NULL, 'standing', false, false, false, '{1}', n, NULL
    FROM generate_series(1, 20000) AS n;
INSERT INTO extracts SELECT md5(n::text)::uuid, md5(n::text)::uuid, 2000 + n % 20, n, n::text, n % 5000 > 0, NULL, NULL,
    false, n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO applications SELECT md5(n::text)::uuid,
    CASE WHEN n % 40 > 1 THEN 'granted' ELSE (ARRAY['received', 'awaiting-approval'])[1 + n % 40] END,
    n::text, '{x}', 'office', 'cnap-1', '2020-01-01T10:00', date '2020-01-01' + n % 500, ARRAY[md5(n::text)::uuid],
    NULL, n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO family SELECT md5(n::text)::uuid, md5(n::text)::uuid, 'parent', md5((n % 9000)::text)::uuid, NULL, NULL,
    NULL, 'none', 'none', NULL, NULL, 'standing', '{1}', n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO papers SELECT md5(n::text)::uuid, 1, md5(n::text)::uuid, 'owner_1', NULL, n::text, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, n::text, false, ARRAY[md5(n::text)::uuid], n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO letters SELECT md5(n::text)::uuid, md5(n::text)::uuid, n::text, n::text, '{1}', true, n::text, n, NULL
    FROM generate_series(1, 20000) AS n;
INSERT INTO territories SELECT md5(n::text)::uuid, 'Село ' || n, 'село ' || n, 'UA12', 'UA12' || n, 'occupied',
    '2022-03-01', NULL, '309', '2022-12-22', 'list', n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO kept_addresses SELECT md5(n::text)::uuid, md5(n::text)::uuid, md5(n::text)::uuid, NULL, n, NULL
    FROM generate_series(1, 20000) AS n;
INSERT INTO absences SELECT md5(n::text)::uuid, md5(n::text)::uuid, 'custody', '2024-01-01', NULL, '2024', NULL, 'x', n,
    NULL FROM generate_series(1, 20000) AS n;
INSERT INTO protections SELECT md5(n::text)::uuid, md5(n::text)::uuid, '2019-01-01',
    CASE WHEN n % 1000 > 0 THEN date '2019-06-01' END, '2019', NULL, 'x', n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO leases SELECT md5((n % 5000)::text)::uuid, md5(n::text)::uuid, md5(n::text)::uuid,
    date '2020-01-01' + n % 5000, 'x', n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO permits SELECT md5(n::text)::uuid, md5(n::text)::uuid, 'x', date '2020-01-01' + n % 5000, 'x', n, NULL
    FROM generate_series(1, 20000) AS n;
INSERT INTO outbox (position, item, role, application, deadline, made_at, state, id)
    SELECT n, CASE WHEN n % 100 = 0 THEN 'x' ELSE 'y' END, 'task', md5(n::text)::uuid, date '2020-01-01' + n % 500,
    now(), CASE WHEN n % 50 = 0 THEN 'waiting' ELSE 'sent' END, md5(n::text)::uuid FROM generate_series(1, 20000) AS n;
INSERT INTO merged SELECT md5(n::text)::uuid, md5((n + 1)::text)::uuid, n::text, n::text, ARRAY[n::text], n, NULL
    FROM generate_series(1, 20000) AS n;
INSERT INTO identities SELECT md5(n::text)::uuid, ARRAY[n::text], date '1930-01-01' + n, date '1930-01-01' + n,
    ARRAY[n::text], n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO streets SELECT md5(n::text)::uuid, NULL, NULL, n::text, n::text, ' село ' || n || ' ', 'село', 'село', NULL,
    NULL, 'list', n::text, n, NULL FROM generate_series(1, 5000) AS n;
INSERT INTO houses SELECT md5((n % 5000)::text)::uuid, n::text, n::text, NULL, NULL, 'list', n::text, n, NULL
    FROM generate_series(1, 20000) AS n;
INSERT INTO addresses SELECT md5(n::text)::uuid, NULL, NULL, NULL, 'село', NULL, n::text, n::text, NULL, NULL, NULL,
    NULL, NULL, 'село', (n % 500)::text, n::text, n::text, n, NULL FROM generate_series(1, 20000) AS n;
INSERT INTO visits SELECT md5(n::text)::uuid, n::text, 'x', 'x', NULL,
    '2000-01-01'::timestamptz + n * interval '1 hour', NULL FROM generate_series(1, 20000) AS n;
INSERT INTO access SELECT n, '2000-01-01'::timestamptz + n * interval '1 hour', '{}', false, '{}', '', (n % 50)::text
    FROM generate_series(1, 20000) AS n;
INSERT INTO requests SELECT md5(n::text)::uuid, sha256(n::text::bytea) FROM generate_series(1, 20000) AS n;
ANALYZE;
"""


@pytest.fixture(scope="module")
def crowded(server):
    """Twenty thousand of everything, so that the planner has a choice."""
    from conftest import _database

    for url in _database(server, template="hromada"):
        with psycopg.connect(url, cursor_factory=psycopg.ClientCursor, autocommit=True) as connection:
            connection.execute(MANY)
            yield connection


def plan_of(connection, name, query):
    sql = {"log": LOG, "days": days.SQL}.get(name) or PROJECTIONS[name].SQL
    said = PARAMETERS | OF_TABLE.get(name, {}) | OF_QUERY.get(query, {})
    rows = connection.execute(f"EXPLAIN (COSTS OFF) {sql[query]}", said).fetchall()
    return "\n".join(row[0] for row in rows)


class TestPlans:
    @pytest.mark.parametrize(("name", "query"), READ)
    def test_a_query_of_a_page_reads_by_an_index_and_within_bounds(self, crowded, name, query):
        plan = plan_of(crowded, name, query)
        assert "Seq Scan" not in plan, plan
        assert not re.search(r"Function Scan on \w+_(at|now)", plan), plan
        scans = re.findall(r"Scan.* using \w+.*|Bitmap Index Scan.*", plan)
        assert scans, plan
        if (name, query) not in UNBOUNDED:
            conditions = plan.count("Index Cond")
            ordered_and_limited = plan.startswith("Limit") and "Sort Key" not in plan
            assert conditions == len(scans) or ordered_and_limited, plan

    @pytest.mark.parametrize(("name", "query"), READ)
    def test_none_needs_a_scan_of_a_table(self, crowded, name, query):
        crowded.execute("SET enable_seqscan = off")
        try:
            assert "Seq Scan" not in plan_of(crowded, name, query)
        finally:
            crowded.execute("RESET enable_seqscan")

    def test_the_exceptions_exist(self):
        for name, query in WHOLE:
            assert query in PROJECTIONS[name].SQL

    def test_an_instant_becomes_a_position_by_the_index_of_times(self, crowded):
        plan = plan_of(crowded, "log", "position_known_at")
        assert re.search(r"Index Cond: \(recorded_at <=", plan), plan

    def test_who_approved_is_read_by_the_approvals_alone(self, crowded):
        # By the command, an import would be read whole for each card that it brought.
        assert "facts_approvals" in plan_of(crowded, "applications", "approvals")

    def test_and_it_is_the_last_of_its_act(self, database_url):
        with opened(database_url) as registry:
            acts = [append(registry, *((uuid4(), [person("В")], 0) for _ in range(3))) for _ in range(2)]
            for at, position in ((acts[0].recorded_at, 3), (acts[1].recorded_at, 6)):
                assert registry.position_known_at(at) == position
                assert registry.position_known_at(at - timedelta(microseconds=1)) == position - 3
                assert registry.act_of(position - 1) == registry.act_of(position) == (at, position)
