"""Issued extracts that the register no longer states: since which day, because of what, and who is told."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from clocks import StoppedClock
from conftest import _database
from extracting import Office, text
from fastapi.testclient import TestClient
from given import CLERK, installation, waiting
from running import Command, assert_refused

from api.main import create_app
from registry import journal, texts
from registry.aggregates.dwelling.events import Address
from registry.aggregates.extract.events import ExtractIssued
from registry.app import LostRace, Registry
from registry.extracts import content, issuing, superseding
from registry.extracts.requesting import Wanted, requested
from registry.opening import opened
from registry.projections import runner
from registry.viewer import OPEN
from replay.compare import verify

pytestmark = pytest.mark.slow

ENTERED, ISSUED, ACTED, LATER = "2026-03-01T09:00", "2026-03-02T09:00", "2026-03-05T09:00", "2026-03-20T09:00"
ON_ACT = date(2026, 3, 5)
CONTACT = "+380000000017"
REPRESENTED = {"basis": "legal_representative", "requester": "Опікун Придуманий"}


@pytest.fixture
def office(database_url, tmp_path):
    with opened(database_url, clock=StoppedClock(ENTERED)) as register:
        yield Office(register, installation(data=tmp_path))


@pytest.fixture
def at(office):
    """Sets the clock of the office."""
    return office.registry.clock.set


@pytest.fixture
def unrendered(monkeypatch):
    """Documents that are no PDF, for extracts by the hundred."""
    monkeypatch.setattr(issuing, "_made", lambda entry, key, settings: entry.fact.code.encode())


def moves(office, person, dwelling, residence):
    office.settle(person, office.home("9"), "2026-03-04")


def leaves(office, person, dwelling, residence):
    office.does("deregister_residence", person, residence=residence, until="2026-03-04")


def dies(office, person, dwelling, residence):
    office.does("record_death", person, registered_on="2026-03-04")


def marries(office, person, dwelling, residence):
    office.does("change_particulars", person, corrects=False, changes={"surname": "Придумана"}, basis="шлюб")


def was_misspelt(office, person, dwelling, residence):
    office.does("change_particulars", person, corrects=True, changes={"birth_date": "1985-04-03"}, basis="описка")


def is_corrected(office, person, dwelling, residence):
    office.does("correct_residence", person, residence=residence, changes={"since": "2010-07-16"}, reason="описка")


def is_annulled(office, person, dwelling, residence):
    office.does("annul_residence", person, residence=residence, basis="рішення суду", revives=False)


def is_annulled_and_revives(office, person, dwelling, residence):
    office.does("annul_residence", person, residence=residence, basis="рішення суду", revives=True)


def is_withdrawn(office, person, dwelling, residence):
    office.does("withdraw_entry", person, reason="внесено двічі")


def dwelling_corrected(office, person, dwelling, residence):
    address = Address(settlement="смт Вигадівка", street="вул. Калинова", house="70")
    office.does("correct_dwelling", dwelling, address=address, kind="private", reason="описка")


def renumbered(office, person, dwelling, residence):
    office.does("readdress", dwelling, successor=office.home("7-А"), since="2026-03-04", reason="перенумерація")


def past_one_entered(office, person, dwelling, residence):
    office.past(person, office.home("1"), "2005-01-01", "2010-07-15")


def street_renamed(office, person, dwelling, residence):
    address = Address(settlement="смт Вигадівка", street="вул. Вільна", house="7")
    office.does("rename_address", dwelling, address=address, since="2026-03-04")


def somebody_else_gets_one(office, person, dwelling, residence):
    office.issue(person, **REPRESENTED)


def phone_changed(office, person, dwelling, residence):
    changes = {"phone": "+380000000099", "email": "inshe@example.ua", "citizenship": "stateless"}
    office.does("change_particulars", person, corrects=False, changes=changes, basis="заява")


def another_acts(office, person, dwelling, residence):
    other = office.enter(surname="Їжак", birth_date="1991-02-03")
    wrong = office.settle(other, office.home("9"), "2015-01-01")
    office.does("correct_residence", other, residence=wrong, changes={"since": "2015-02-01"}, reason="описка")


def somebody_settles_there(office, person, dwelling, residence):
    office.settle(office.enter(surname="Їжак", birth_date="1991-02-03"), dwelling, "2026-03-04")


CHANGES = (moves, leaves, dies, marries, was_misspelt, is_corrected, is_annulled, is_annulled_and_revives)
CHANGES += (is_withdrawn, dwelling_corrected, renumbered)
NO_CHANGES = (street_renamed, somebody_else_gets_one, phone_changed, another_acts, somebody_settles_there)
TELLS = (was_misspelt, is_corrected, is_annulled, is_annulled_and_revives, is_withdrawn, dwelling_corrected)
"""Those that make untrue what was stated of the day itself; after the others it was true then."""


def named(act):
    return act.__name__


class TestOfAPerson:
    @pytest.fixture
    def lives(self, office):
        person, dwelling, residence = office.lives()
        return person, dwelling, residence

    @pytest.mark.parametrize("act", CHANGES, ids=named)
    @pytest.mark.parametrize("history", [False, True], ids=["plain", "history"])
    def test_stops_being_so_on_the_day_of(self, office, at, lives, act, history):
        at(ISSUED)
        issued = office.issue(lives[0], history=history)
        at(ACTED)
        assert office.superseded(issued) is None
        act(office, *lives)
        assert office.superseded(issued) == ON_ACT
        at(LATER)
        marries(office, *lives) if act not in (is_withdrawn, dies, marries) else another_acts(office, *lives)
        assert office.superseded(issued) == ON_ACT

    @pytest.mark.parametrize("act", (*NO_CHANGES, past_one_entered), ids=named)
    def test_stays_so_after(self, office, at, lives, act):
        at(ISSUED)
        issued = office.issue(lives[0])
        at(ACTED)
        act(office, *lives)
        assert office.superseded(issued) is None
        at(LATER)
        assert office.superseded(issued) is None

    def test_stays_so_when_a_release_puts_its_words_better(self, office, at, lives, monkeypatch):
        at(ISSUED)
        issued = office.issue(lives[0], history=True)
        for group, code in (("kinds", "registered"), ("kinds", "declared"), ("marks", "carried")):
            monkeypatch.setitem(texts.TEXTS[group], code, "інакше сказане")
        assert office.superseded(issued) is None

    def test_a_past_residence_matters_to_whoever_asked_for_history(self, office, at, lives):
        at(ISSUED)
        issued = office.issue(lives[0], history=True)
        at(ACTED)
        past_one_entered(office, *lives)
        assert office.superseded(issued) == ON_ACT

    def test_a_deregistration_taken_back(self, office, at, lives):
        at(ISSUED)
        leaves_ = office.does("deregister_residence", lives[0], residence=lives[2], until="2020-01-01")
        issued = office.issue(lives[0])
        assert leaves_ and "знято" in office.content(issued)["kind"]
        at(ACTED)
        office.does("annul_deregistration", lives[0], basis="рішення суду")
        assert office.superseded(issued) == ON_ACT

    @pytest.mark.parametrize("act", CHANGES, ids=named)
    def test_as_the_register_stood_is_for_ever(self, office, at, lives, act):
        at(ISSUED)
        issued = office.issue(lives[0], known_at=datetime(2026, 3, 1, 12, tzinfo=UTC), history=True)
        at(ACTED)
        act(office, *lives)
        assert office.superseded(issued) is None and listed(office) == []

    @pytest.mark.parametrize("act", CHANGES, ids=named)
    def test_of_a_past_day_only_what_changes_that_day(self, office, at, lives, act):
        at(ISSUED)
        issued = office.issue(lives[0], on=date(2015, 1, 1))
        at(ACTED)
        act(office, *lives)
        # A person is called as they are called now, on an extract of any day.
        changed = act in (*TELLS, marries)
        assert office.superseded(issued) == (ON_ACT if changed else None)

    def test_of_a_past_day_never_before_it_was_formed(self, office, at, lives):
        """An end that came between the day and the forming is no moment of such an extract."""
        person, _, residence = lives
        office.does("deregister_residence", person, residence=residence, until="2020-01-01")
        at(ISSUED)
        issued = office.issue(person, on=date(2015, 1, 1))
        at(ACTED)
        is_corrected(office, *lives)
        assert office.superseded(issued) == ON_ACT

    def test_corrected_wrongly_and_corrected_back_it_is_so_again(self, office, at, lives):
        person, _, residence = lives
        at(ISSUED)
        issued = office.issue(person)
        found = []
        for day, since in ((5, "2010-07-16"), (6, "2010-07-15"), (8, "2011-01-01"), (9, "2012-01-01")):
            at(f"2026-03-{day:02}T09:00")
            asked = {"residence": residence, "changes": {"since": since}, "reason": "описка"}
            office.does("correct_residence", person, **asked)
            found.append(office.superseded(issued))
            number = [row["number"] for row in listed(office)]
            assert number == ([] if found[-1] is None else [issued.number])
        assert found == [date(2026, 3, 5), None, date(2026, 3, 8), date(2026, 3, 8)]

    def test_the_day_is_kyivs(self, office, at, lives):
        issued = office.issue(lives[0])
        at("2026-03-05T22:30")
        is_corrected(office, *lives)
        assert office.superseded(issued) == date(2026, 3, 6)

    def test_an_end_known_to_the_year_comes_by_itself(self, office, at, lives):
        """Nobody records anything on the day on which a residence, ended «2026», has surely ended."""
        at(ISSUED)
        office.does("deregister_residence", lives[0], residence=lives[2], until="2026")
        issued = office.issue(lives[0])
        at("2026-12-30T09:00")
        assert office.superseded(issued) is None
        for day in ("2026-12-31T09:00", "2027-01-05T09:00"):
            at(day)
            assert office.superseded(issued) == date(2026, 12, 31)
        phone_changed(office, *lives)
        assert office.superseded(issued) == date(2026, 12, 31)

    def test_read_before_a_fact_and_numbered_after_it(self, office, at, lives, monkeypatch):
        """The content is fixed at the position that was read, though somebody acted before the number was given."""
        real = Registry.append

        def slow(register, lines, **how):
            if lines[0][1][0].NAME == "application-received":
                monkeypatch.setattr(Registry, "append", real)
                is_corrected(office, *lives)
            return real(register, lines, **how)

        monkeypatch.setattr(Registry, "append", slow)
        issued = office.issue(lives[0], contact=CONTACT)
        assert issued.position < issued.fact - 1 and office.superseded(issued) == office.today()
        assert [row["number"] for row in listed(office)] == [issued.number] and sent(office) == []


class TestOfADwelling:
    CHANGES = (moves, leaves, dies, marries, is_corrected, is_annulled, is_withdrawn, dwelling_corrected, renumbered)
    CHANGES += (somebody_settles_there,)

    @pytest.mark.parametrize("act", CHANGES, ids=named)
    def test_stops_being_so_on_the_day_of(self, office, at, act):
        lives = office.lives()
        at(ISSUED)
        issued = office.of(lives[1])
        at(ACTED)
        act(office, *lives)
        assert office.superseded(issued) == ON_ACT
        at(LATER)
        assert office.superseded(issued) == ON_ACT

    @pytest.mark.parametrize("act", [street_renamed, phone_changed, another_acts, past_one_entered], ids=named)
    def test_stays_so_after(self, office, at, act):
        lives = office.lives()
        at(ISSUED)
        issued = office.of(lives[1])
        at(ACTED)
        act(office, *lives)
        assert office.superseded(issued) is None

    def test_a_birth_date_is_not_stated_there(self, office, at):
        lives = office.lives()
        issued = office.of(lives[1])
        at(ACTED)
        was_misspelt(office, *lives)
        assert office.superseded(issued) is None

    def test_of_an_empty_one(self, office, at):
        dwelling = office.home()
        issued = office.of(dwelling)
        at(ACTED)
        assert office.superseded(issued) is None
        somebody_settles_there(office, None, dwelling, None)
        assert office.superseded(issued) == ON_ACT


def listed(office, since="2026-03-01"):
    return superseding.listed(office.registry, datetime.fromisoformat(since).replace(tzinfo=UTC), seen_by=OPEN)[
        "answer"
    ]


class TestTheList:
    """`ask superseded`: of corrections and annulments, which issued extracts stated what was wrong."""

    @pytest.mark.parametrize("act", (*CHANGES, *NO_CHANGES, past_one_entered), ids=named)
    def test_holds_exactly_what_a_correction_or_an_annulment_made_untrue(self, office, at, act):
        lives = office.lives()
        at(ISSUED)
        issued = office.issue(lives[0], contact=CONTACT, **REPRESENTED)
        at(ACTED)
        act(office, *lives)
        rows = [row for row in listed(office) if row["number"] == issued.number]
        assert bool(rows) is (act in TELLS)
        for row in rows:
            assert (row["requester"], row["contact"]) == (REPRESENTED["requester"], CONTACT)
            assert (row["basis"], row["person_id"]) == ("заява законного представника", str(lives[0]))
            assert (row["superseded_on"], row["on"], row["because"][:3]) == (
                str(ON_ACT),
                "2026-03-02",
                row["because"][:3],
            )
            assert row["fact"] <= office.registry.position()

    def test_of_a_dwelling_too(self, office, at):
        lives = office.lives()
        issued = [office.issue(lives[0]).number, office.of(lives[1]).number]
        at(ACTED)
        is_corrected(office, *lives)
        rows = listed(office)
        assert [row["number"] for row in rows] == issued
        assert [(row["person_id"], row["dwelling_id"]) for row in rows] == [
            (str(lives[0]), None),
            (None, str(lives[1])),
        ]

    def test_since(self, office, at):
        lives = office.lives()
        issued = office.issue(lives[0])
        at(ACTED)
        is_corrected(office, *lives)
        found = [[row["number"] for row in listed(office, since)] for since in ("2026-03-05", "2026-03-06")]
        assert found == [[issued.number], []]

    def test_never_one_whose_number_was_closed(self, office, at, monkeypatch):
        lives = office.lives()
        with monkeypatch.context() as broken, pytest.raises(issuing.CannotIssue):
            broken.setattr(issuing, "_made", lambda *_: 1 / 0)
            office.issue(lives[0], contact=CONTACT)
        at(ACTED)
        is_corrected(office, *lives)
        assert listed(office) == [] and sent(office) == []

    def test_by_the_command(self, office, at, database_url, tmp_path):
        lives = office.lives()
        issued = office.issue(lives[0], **REPRESENTED)
        at(ACTED)
        is_corrected(office, *lives)
        hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"), COLUMNS="200")
        said = hromada.answer("ask", "superseded", "--since", "2026-03-05")
        assert said == json.loads(
            json.dumps(superseding.listed(office.registry, datetime(2026, 3, 4, 22, tzinfo=UTC), seen_by=OPEN))
        )
        told = hromada("ask", "superseded", "--since", "2026-03-05").stdout
        assert issued.number in told and REPRESENTED["requester"] in told and "05.03.2026" in told
        assert_refused(hromada("ask", "superseded", "--since", "вчора"), 2, "потрібен день")
        assert_refused(hromada("ask", "superseded", "--since", "2199-01-01"), 2, "ще не настав")
        assert_refused(hromada("ask", "superseded"), 2, "--since")


def sent(office):
    """The notices in the outbox: about which extract, when sent, in words."""
    with office.registry.snapshot() as connection:
        rows = connection.execute("SELECT * FROM outbox WHERE item = 'extract_superseded' ORDER BY position, extract")
        return rows.fetchall()


class TestNotices:
    @pytest.mark.parametrize("act", (*CHANGES, *NO_CHANGES), ids=named)
    def test_one_for_each_that_a_correction_made_untrue_where_a_contact_is_known(self, office, at, act):
        lives = office.lives()
        at(ISSUED)
        reached = [office.issue(lives[0], contact=CONTACT, history=history) for history in (False, True)]
        office.issue(lives[0])
        at(ACTED)
        act(office, *lives)
        rows = sent(office)
        assert {row["extract"] for row in rows} == (
            {office.asked(one).stream for one in reached} if act in TELLS else set()
        )
        assert len(rows) == (2 if act in TELLS else 0)
        for row in rows:
            assert (row["role"], row["person"], row["deadline"], row["sent_at"]) == ("message", lives[0], ON_ACT, None)
            assert row["made_at"].date() == ON_ACT
            assert "більше не відповідає реєстру" in row["text"] and CONTACT not in row["text"]
        told = waiting(office.registry, "message")
        assert {row["extract"] for row in told if row["item"] != "dms"} == {row["extract"] for row in rows}

    def test_of_a_dwelling_it_names_nobody(self, office, at):
        lives = office.lives()
        office.of(lives[1], contact=CONTACT)
        at(ACTED)
        is_corrected(office, *lives)
        assert [(row["person"], "2026/000000001" in row["text"]) for row in sent(office)] == [(None, True)]

    def test_in_the_transaction_of_the_fact(self, office, at):
        person, _, residence = office.lives()
        office.issue(person, contact=CONTACT)
        version = office.registry.person(person).version
        at(ACTED)
        with pytest.raises(LostRace):
            asked = {"residence": residence, "changes": {"since": "2010-07-16"}, "reason": "описка"}
            office.does("correct_residence", person, version=version - 1, **asked)
        assert sent(office) == []
        act = office.does("correct_residence", person, version=version, **asked)
        assert [row["position"] for row in sent(office)] == [act.position]

    def test_not_again_by_a_repeated_command_a_rebuild_or_another_correction(self, office, at):
        person, dwelling, residence = office.lives()
        office.issue(person, contact=CONTACT)
        at(ACTED)
        asked = {"residence": residence, "changes": {"since": "2010-07-16"}, "reason": "описка", "command": uuid4()}
        for _ in range(2):
            office.does("correct_residence", person, **asked)
        for projection in runner.PROJECTIONS:
            office.registry.rebuild(projection.TABLE)
        was_misspelt(office, person, dwelling, residence)
        assert len(sent(office)) == 1 and verify(office.registry).differences == []

    def test_again_when_it_had_become_true_between(self, office, at):
        person, _, residence = office.lives()
        office.issue(person, contact=CONTACT)
        at(ACTED)
        for since in ("2010-07-16", "2010-07-15", "2010-07-17"):
            asked = {"residence": residence, "changes": {"since": since}, "reason": "описка"}
            office.does("correct_residence", person, **asked)
        assert len(sent(office)) == 2

    def test_one_whose_document_is_being_made_counts(self, office, at, monkeypatch):
        lives, real = office.lives(), issuing._made

        def made(entry, key, settings):
            is_corrected(office, *lives)
            return real(entry, key, settings)

        monkeypatch.setattr(issuing, "_made", made)
        issued = office.issue(lives[0], contact=CONTACT)
        assert [row["extract"] for row in sent(office)] == [office.asked(issued).stream]

    def test_come_back_from_a_journal_as_sent(self, office, at, server, tmp_path):
        lives = office.lives()
        office.issue(lives[0], contact=CONTACT)
        office.of(lives[1], contact=CONTACT)
        office.issue(office.enter(surname="Інша"), contact=CONTACT)
        at(ACTED)
        is_corrected(office, *lives)
        at(LATER)
        dwelling_corrected(office, *lives)
        office.issue(lives[0], contact=CONTACT)
        journal.export(office.registry, tmp_path / "journal.jsonl", seen_by=OPEN)
        for url in _database(server, template="hromada"):
            with opened(url) as another:
                journal.load(another, tmp_path / "journal.jsonl", datetime.now(UTC))
                loaded = sent(Office(another, installation()))
                rows = sent(office)
                assert [{**row, "sent_at": None, "state": "waiting"} for row in loaded] == rows and len(rows) == 2
                assert all(row["sent_at"] == row["made_at"] for row in loaded)
                assert waiting(another) == []


def issued_before(office, person, *, without=(), rows_without=(), instead=None):
    """An extract as an earlier release stored and printed it: no number of a schema, and no field that came later."""
    wanted = Wanted(person=person, contact=CONTACT, history=True)
    asked = requested(office.registry, wanted, settings=office.settings, by=CLERK, now=office.now(), seen_by=OPEN)
    kept = {name: value for name, value in asked.content.items() if name not in ("schema", "title", "dwelling")}
    kept["person"] = {name: value for name, value in kept["person"].items() if name not in without}
    kept["residences"] = [
        {name: value for name, value in row.items() if name not in rows_without} for row in kept["residences"]
    ]
    command = uuid4()
    facts = [replace(asked, content=kept if instead is None else instead)]
    act = office.registry.append([(uuid4(), facts, 0)], by=CLERK, command=command)
    if instead is None:
        return issuing.finished(office.registry, office.settings, act.entries[0], seen_by=OPEN)
    done = ExtractIssued(person=person, sha256="0" * 64, renderer="1")
    office.registry.append([(act.entries[0].stream, [done], 1)], by=CLERK, command=uuid4())
    return act.entries[0].fact


LATER_FIELDS = {"without": ("unzr", "latin"), "rows_without": ("note_id", "kept", "address_now")}


WHOLE = {
    **dict.fromkeys(("kind", "register", "community", "office", "basis", "requester", "clerk"), "х"),
    **dict.fromkeys(("requested_at", "known_at"), "2026-03-02T09:00:00.000000Z"),
    **{"past": False, "on": "2026-03-02", "person": {}, "died": "1999-01-01", "residences": [], "previous": None},
    **{"no_data": True},
}
UNREADABLE = [
    {},
    {"residences": 7},
    {**WHOLE, "person": None},
    {**WHOLE, "residences": [{"since": 7}]},
    {**WHOLE, "on": "2026-03"},
    {**WHOLE, "office": "х\0"},
]


class TestIssuedBeforeAFieldExisted:
    """A release adds what is printed; what was issued before it is compared, told and printed as it was."""

    @pytest.fixture
    def lives(self, office, at):
        found = office.lives()
        at(ISSUED)
        return found

    def test_new_ones_say_their_schema(self, office, lives):
        assert office.content(office.issue(lives[0]))["schema"] == content.SCHEMA

    def test_stays_so_while_what_it_states_is_so(self, office, at, lives):
        issued = issued_before(office, lives[0], **LATER_FIELDS)
        at(ACTED)
        phone_changed(office, *lives)
        assert office.superseded(issued) is None and listed(office) == []

    @pytest.mark.parametrize("act", TELLS, ids=named)
    def test_a_correction_is_recorded_and_its_holder_told(self, office, at, lives, act):
        issued = issued_before(office, lives[0], **LATER_FIELDS)
        at(ACTED)
        act(office, *lives)
        assert [row["extract"] for row in sent(office)] == [office.asked(issued).stream]
        assert office.superseded(issued) == ON_ACT
        assert [row["number"] for row in listed(office)] == [issued.number]

    def test_what_it_did_not_state_does_not_supersede_it(self, office, at, lives):
        issued = issued_before(office, lives[0], **LATER_FIELDS)
        at(ACTED)
        changes = {"unzr": "19850402-00027"}
        office.does("change_particulars", lives[0], corrects=True, changes=changes, basis="описка")
        assert office.superseded(issued) is None and sent(office) == []

    def test_the_check_answers_and_it_prints_again(self, office, lives):
        issued = issued_before(office, lives[0], **LATER_FIELDS)
        for kept in (office.settings.data / "documents").iterdir():
            kept.unlink()
        assert office.again(issued) == issued.pdf
        assert "УНЗР" not in text(issued.pdf) and "УНЗР" in text(office.issue(lives[0]).pdf)
        with TestClient(create_app(office.registry, office.settings)) as client:
            answer = client.get(f"/v/{issued.code}")
            assert (answer.status_code, issued.number in answer.text) == (200, True)
            is_corrected(office, *lives)
            assert "Витяг застарів" in client.get(f"/v/{issued.code}").text

    @pytest.mark.parametrize("instead", UNREADABLE, ids=str)
    def test_of_one_that_cannot_be_read_nothing_is_claimed_and_no_act_is_kept_from(self, office, at, lives, instead):
        """Another register's journal may hold anything as a content."""
        asked = issued_before(office, lives[0], instead=instead)
        at(ACTED)
        for act in (is_corrected, was_misspelt, marries, is_annulled):
            act(office, *lives)
        assert sent(office) == listed(office) == []
        with TestClient(create_app(office.registry, office.settings)) as client:
            assert client.get(f"/v/{asked.code}").status_code == 200
            told = client.get(f"/api/v1/extracts/{texts.extract_number(asked.year, asked.number)}").json()
            assert (told["content"], told["superseded_on"]) == (instead, None)


class TestSpeed:
    @pytest.mark.slow
    def test_a_correction_of_somebody_with_two_hundred_extracts(self, office, at, unrendered, capsys):
        lives = office.lives()
        for number in range(200):
            office.issue(lives[0], contact=CONTACT, history=bool(number % 2))
        at(ACTED)
        started = time.perf_counter()
        is_corrected(office, *lives)
        taken = time.perf_counter() - started
        started = time.perf_counter()
        rows = listed(office)
        with capsys.disabled():
            print(
                f"\n200 extracts with a contact: correction {taken:.3f} s, list {time.perf_counter() - started:.3f} s"
            )
        assert len(sent(office)) == len(rows) == 200

    def test_a_fact_that_corrects_nothing_asks_nothing_of_extracts(self, office, at, monkeypatch):
        lives = office.lives()
        at(ACTED)
        monkeypatch.setattr(superseding, "_speaking_of", lambda connection, streams: 1 / 0 if streams else {})
        for act in (moves, marries, street_renamed):
            act(office, *lives)
