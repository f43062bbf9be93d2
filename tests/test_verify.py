"""What `verify` finds in a register that somebody with every right changed by hand, row by row of an auditor's table;
and what nothing but a root that was kept elsewhere shows."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from conftest import _create, _drop
from extracting import Office
from given import CLERK, installation
from running import Command
from test_registry import tamper

from api.commands import running
from registry import journal, texts
from registry.aggregates.case.events import ChangeApproved, ChangeRejected, ChangeRequested
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.community.keys import KeyBegun, KeyEnded
from registry.aggregates.dwelling.events import Address, AddressRenameAnnulled
from registry.aggregates.extract.events import ExtractIssued
from registry.aggregates.person import events
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.extracts import issuing, keys
from registry.opening import opened
from registry.storage import mapper
from registry.storage.access import Look
from registry.storage.database import session_url
from registry.storage.embedded import Embedded
from registry.storage.mapper import instant_text
from registry.viewer import OPEN
from replay import guards, ranges
from replay.compare import Report, verify
from replay.said import untrue

SECRET = "Вигаданенко"


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as register:
        yield register


@dataclass(frozen=True)
class Town:
    """A register in which two people lived, moved, were corrected, renumbered, and one of them died."""

    registry: Registry
    url: str
    person: UUID
    other: UUID
    home: UUID
    away: UUID

    def verified(self) -> Report:
        return verify(self.registry)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.states()]

    def states(self) -> list[bytes]:
        with self.registry.snapshot() as connection:
            rows = connection.execute("SELECT state FROM facts ORDER BY notification_id").fetchall()
        return [bytes(row["state"]) for row in rows]

    def at(self, name: str, nth: int = 0) -> int:
        """The position of a fact of a name, the first or a later one."""
        return [line["position"] for line in self.lines() if line["name"] == name][nth]

    def rewrite(self, position: int, edit: Callable[[bytes], bytes], *columns: str) -> None:
        """Other bytes with the leaf that belongs to them; `columns` are set besides."""
        was = self.states()[position - 1]
        made = edit(was)
        assert made != was
        leaf = mapper.leaf(made).hex()
        more = "".join(f", {one}" for one in columns)
        said = (
            f"UPDATE facts SET state = '\\x{made.hex()}', leaf = '\\x{leaf}'{more} WHERE notification_id = {position}"
        )
        tamper(self.url, said)

    def rebuild(self) -> None:
        for follower in self.registry.followers:
            for table in follower.queries:
                self.registry.rebuild(table)


def built(registry: Registry, url: str) -> Town:
    clerk = Clerk(registry, CLERK)

    def home(house: str) -> UUID:
        address = Address(settlement="смт Вигадівка", street="вул. Вигадана", house=house)
        return clerk.enter_dwelling(command=uuid4(), address=address).entries[0].stream

    def enter(**said: str) -> UUID:
        return clerk.enter_person(command=uuid4(), particulars=Particulars(**said)).entries[0].stream

    homes = [home(house) for house in "123"]
    person = enter(surname=SECRET, given_names="Зоя", birth_date="1985-04-02", phone="+380000000017")
    other = enter(surname="Вигадана")
    about = {"kind": "registered", "confirmed": True}
    clerk.settle(person, command=uuid4(), dwelling=homes[0], since="2010-05-01", basis="заява", **about)
    clerk.settle(other, command=uuid4(), dwelling=homes[0], since="2011-05-01", **about)
    moved = clerk.settle(person, command=uuid4(), dwelling=homes[1], since="2015-05-01", **about)
    residence = moved.entries[0].fact.residence
    clerk.annul_residence(person, command=uuid4(), residence=residence, basis="суд", revives=True)
    succession = {"successor": homes[1], "since": "2018-01-01", "reason": "рішення"}
    clerk.readdress(homes[0], command=uuid4(), confirmed=True, **succession)
    clerk.record_death(other, command=uuid4(), registered_on="2020-12-01")
    for _ in range(3):
        registry.looked(Look(action="printed", persons=(person,), about={}), CLERK)
    return Town(registry, url, person, other, homes[0], homes[1])


@pytest.fixture(scope="module")
def told(server: Embedded) -> Iterator[str]:
    """The name of a database with such a register, which each test gets a copy of."""
    database = _create(server, "hromada")
    url = session_url(server.url_of(database.name))
    with opened(url) as register:
        assert built(register, url).verified().differences == []
    database.session.close()
    yield database.name
    _drop(server, database)


@pytest.fixture
def town(server: Embedded, told: str) -> Iterator[Town]:
    database = _create(server, told)
    url = session_url(server.url_of(database.name))
    with opened(url) as register, register.snapshot() as connection:
        rows = connection.execute("SELECT state FROM facts ORDER BY notification_id").fetchall()
    lines = [json.loads(bytes(row["state"])) for row in rows]
    people = [line["stream"] for line in lines if line["name"] == "person-entered"]
    homes = [line["stream"] for line in lines if line["name"] == "dwelling-entered"]
    with opened(url) as register:
        yield Town(register, url, *map(UUID, (*people, *homes[:2])))
    _drop(server, database)


def replaced(old: str, new: str, count: int = -1) -> Callable[[bytes], bytes]:
    return lambda state: state.replace(old.encode(), new.encode(), count)


def sql(*statements: str) -> Callable[[Town], None]:
    return lambda town: tamper(town.url, *statements)


def rewritten(name: str, *edit: Any) -> Callable[[Town], None]:
    return lambda town: town.rewrite(town.at(name), replaced(*edit))


def other_instant(by: timedelta, name: str = "deceased") -> Callable[[Town], None]:
    """Another recorded time, in the bytes and the column alike."""

    def change(town: Town) -> None:
        said = town.lines()[town.at(name) - 1]["recorded_at"]
        moved = instant_text(datetime.fromisoformat(said) + by)
        town.rewrite(town.at(name), replaced(said, moved), f"recorded_at = '{moved}'")

    return change


def later_half_of_an_act(town: Town) -> None:
    """Two times in one act."""
    said = town.lines()[town.at("residence-carried-over") - 1]["recorded_at"]
    moved = instant_text(datetime.fromisoformat(said) + timedelta(microseconds=1))
    town.rewrite(town.at("residence-carried-over"), replaced(said, moved), f"recorded_at = '{moved}'")


def torn_act(town: Town) -> None:
    """An act goes on under another one's command."""
    first, last = town.lines()[0]["command"], town.lines()[-1]["command"]
    town.rewrite(len(town.lines()), replaced(last, first), f"command = '{first}'")


APPEND_ONLY = "ALTER TABLE access DISABLE TRIGGER ALL"
AGAIN = "ALTER TABLE access ENABLE TRIGGER ALL"

FOUND: dict[str, tuple[Callable[[Town], None], str]] = {
    "bytes, leaf left": (
        sql("UPDATE facts SET state = convert_to(replace(convert_from(state, 'UTF8'), 'Зоя', 'Ївга'), 'UTF8')"),
        "leaf",
    ),
    "what a projection shows, leaf right": (rewritten("person-entered", "Зоя", "Ївга"), "people "),
    "bytes that are no JSON": (
        sql("UPDATE facts SET state = '\\x00ff' WHERE notification_id = 4"),
        "position 4: рядок",
    ),
    "bytes that are no fact": (rewritten("deceased", '"registered_on"', '"registered_at"'), "рядок не читається"),
    "a date that is none": (rewritten("deceased", "2020-12-01", "2020-13-01"), "рядок не читається"),
    "blanks": (rewritten("deceased", '"version":', '"version": '), "не в тому вигляді"),
    "an unknown member of the body": (rewritten("deceased", '"body":{', '"body":{"x":1,'), "не в тому вигляді"),
    "an absent field as null": (rewritten("deceased", '"body":{', '"body":{"basis":null,'), "не в тому вигляді"),
    "an absent field as null, the last": (
        rewritten("deceased", '},"salt"', ',"basis":null},"salt"'),
        "не в тому вигляді",
    ),
    "an escape that need not be": (rewritten("person-entered", '"Зоя"', '"\\u0417оя"'), "не в тому вигляді"),
    "an unknown member of the head": (rewritten("deceased", '{"position"', '{"x":1,"position"'), "не в тому вигляді"),
    "a typed head": (sql("UPDATE facts SET since = '2001' WHERE topic = 'deceased'"), "заголовок since"),
    "the name of the fact in its column": (sql("UPDATE facts SET topic = 'x' WHERE topic = 'deceased'"), "topic"),
    "the leaf": (sql("UPDATE facts SET leaf = sha256('') WHERE notification_id = 2"), "position 2: байти"),
    "a time to come": (other_instant(timedelta(400)), "час ще не настав"),
    "a time before the last one": (other_instant(-timedelta(1)), "час запису не зростає"),
    "two times in an act": (later_half_of_an_act, "різний час"),
    "two authors in an act": (rewritten("residence-carried-over", CLERK.name, "Хтось"), "різних авторів"),
    "nobody": (rewritten("deceased", CLERK.name, ""), "без автора"),
    "an act torn apart": (torn_act, "розірвано"),
    "positions that changed places": (
        sql(
            "UPDATE facts SET notification_id = 999 WHERE notification_id = 4",
            "UPDATE facts SET notification_id = 4 WHERE notification_id = 5",
            "UPDATE facts SET notification_id = 5 WHERE notification_id = 999",
        ),
        "notification_id",
    ),
    "a fact in the middle deleted": (sql("DELETE FROM facts WHERE notification_id = 6"), "position 7: пропуск"),
    "the last fact deleted": (sql("DELETE FROM facts WHERE topic = 'deceased'"), "people "),
    "all facts deleted": (sql("DELETE FROM facts"), "rows stored"),
    "the exclusion constraint dropped": (
        sql("ALTER TABLE residences DROP CONSTRAINT residences_one_at_a_time"),
        "residences: немає residences_one_at_a_time",
    ),
    "the trigger of the log dropped": (sql("DROP TRIGGER facts_are_for_ever ON facts"), "facts: немає facts_are"),
    "the trigger of the looks disabled": (
        sql("ALTER TABLE access DISABLE TRIGGER access_is_for_ever"),
        "access: access_is_for_ever не таке",
    ),
    "a trigger that lets everything through": (
        sql(
            "CREATE OR REPLACE FUNCTION facts_are_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RETURN NULL; END'"
        ),
        "facts: facts_are_for_ever не таке",
    ),
    "a trigger of somebody else": (
        sql("CREATE TRIGGER more BEFORE INSERT ON people FOR EACH STATEMENT EXECUTE FUNCTION facts_are_for_ever()"),
        "people: додано more",
    ),
    "a column dropped": (sql("ALTER TABLE people DROP COLUMN haystack CASCADE"), "people"),
    "the outbox: deleted": (sql("DELETE FROM outbox"), "якого немає"),
    "the outbox: to somebody else": (sql("UPDATE outbox SET addressee = 'applicant'"), "addressee"),
    "the outbox: another day": (sql("UPDATE outbox SET deadline = deadline + 9"), "deadline"),
    "the outbox: sent": (sql("UPDATE outbox SET state = 'sent', sent_at = now()"), "sent_at"),
    "the outbox: a row added": (
        sql(
            "INSERT INTO outbox (position, item, role, person, deadline, made_at, addressee, state, id) "
            "SELECT position, 'unheard_of', role, person, deadline, made_at, addressee, state, gen_random_uuid() "
            "FROM outbox"
        ),
        "жоден факт",
    ),
    "a look altered": (
        sql(APPEND_ONLY, "UPDATE access SET state = state || '\\x20' WHERE position = 2", AGAIN),
        "access position 2",
    ),
    "a look deleted": (sql(APPEND_ONLY, "DELETE FROM access WHERE position = 2", AGAIN), "access position 3"),
    "a mark of nobody": (sql("INSERT INTO marks (mark) VALUES ('sound')"), "marks: позначка"),
    "a mark to come": (sql("INSERT INTO marks VALUES ('given-times', now() + interval '1 year')"), "marks: час"),
    "given times claimed": (sql("INSERT INTO marks VALUES ('given-times', now())"), "sent_at"),
}


@pytest.mark.parametrize("what", FOUND)
def test_is_found_and_names_nothing_personal(town: Town, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    change, said = FOUND[what]
    change(town)
    report = town.verified()
    told = "\n".join(report.differences)
    assert report.found and said in told, told
    assert not any(secret in told for secret in (SECRET, "Зоя", "Ївга", "2010", "+380"))
    assert same(report, in_small_ranges(monkeypatch, town))


def in_small_ranges(monkeypatch: pytest.MonkeyPatch, town: Town, helpers: int = 0) -> Report:
    """The report where nearly every stream is a range of its own."""
    monkeypatch.setattr(ranges, "FEWEST", 1)
    return verify(town.registry, helpers=helpers)


def same(one: Report, other: Report) -> bool:
    """Whether two reports say the same, whatever the order of what was found in several ranges."""
    said = [(sorted(report.differences), report.found, report.counts, report.roots) for report in (one, other)]
    return said[0] == said[1]


def rebuilt(change: Callable[[Town], None]) -> Callable[[Town], None]:
    def both(town: Town) -> None:
        change(town)
        town.rebuild()

    return both


def another_command(town: Town) -> None:
    was, now = town.lines()[-1]["command"], str(uuid4())
    town.rewrite(town.at("deceased"), replaced(was, now), f"command = '{now}'")


def tail_cut(town: Town) -> None:
    tamper(town.url, "DELETE FROM facts WHERE topic = 'deceased'")
    town.rebuild()


def emptied(town: Town) -> None:
    tables = ["facts", "outbox", *(one for follower in town.registry.followers for one in follower.queries)]
    tamper(town.url, *(f"TRUNCATE {table}" for table in dict.fromkeys(tables)))


def another_since(town: Town) -> None:
    position = town.at("residence-registered")
    town.rewrite(position, replaced("2010-05-01", "2010-05-02"), "since = '2010-05-02'")


def another_kind(town: Town) -> None:
    """The name of a sibling of the fact."""
    columns = ("topic = 'residence-declared'", "kind = 'declared'")
    town.rewrite(town.at("residence-registered"), replaced("residence-registered", "residence-declared"), *columns)


ONLY_A_ROOT: dict[str, Callable[[Town], None]] = {
    "what a projection shows, and a rebuild": rebuilt(rewritten("person-entered", "Зоя", "Ївга")),
    "what no projection shows": rewritten("dwelling-succeeded", "рішення", "рішення № 2"),
    "the basis of a residence": rewritten("residence-registered", "заява", "наказ"),
    "the name of a sibling fact, and a rebuild": rebuilt(another_kind),
    "another plausible since, and a rebuild": rebuilt(another_since),
    "the author of an act": rewritten("deceased", CLERK.name, "Хтось Інший"),
    "a recorded time between its neighbours": other_instant(timedelta(microseconds=1)),
    "the command of an act": another_command,
    "the last fact deleted, and a rebuild": tail_cut,
    "everything emptied": emptied,
}


@pytest.mark.parametrize("what", ONLY_A_ROOT)
def test_is_shown_by_a_root_kept_elsewhere_and_by_nothing_else(town: Town, what: str) -> None:
    """Whoever may rewrite the database may rewrite all of it: honest is only what left the machine before."""
    before = town.verified().roots["facts"]
    ONLY_A_ROOT[what](town)
    report = town.verified()
    assert report.differences == [] and report.roots["facts"] != before


def test_an_emptied_journal_of_looks_is_shown_by_its_root_alone(town: Town) -> None:
    before = town.verified().roots["access"]
    tamper(town.url, APPEND_ONLY, "DELETE FROM access", AGAIN)
    report = town.verified()
    assert report.differences == [] and report.roots["access"] != before and report.counts["looks"] == 0


def test_the_roots_are_those_of_the_lines(town: Town) -> None:
    level = [mapper.leaf(state) for state in town.states()]
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    assert town.verified().roots["facts"] == level[0].hex()


def test_a_broken_line_hides_no_other(town: Town) -> None:
    """Each broken line is named; what stands on other streams is compared as ever; there is one JSON value."""
    succeeded, died = town.at("dwelling-succeeded"), town.at("deceased")
    town.rewrite(succeeded, lambda state: b"\xff\xfe")
    town.rewrite(died, lambda state: state[:-1])
    tamper(town.url, f"UPDATE people SET surname = 'x' WHERE person = '{town.person}'")
    told = town.verified().differences
    assert sum("рядок не читається" in text for text in told) == 2
    assert any(text.startswith(f"people {town.person}") for text in told)


@pytest.mark.parametrize("position", range(1, 12))
def test_no_broken_line_ends_in_a_traceback(town: Town, tmp_path: Path, position: int) -> None:
    tamper(town.url, f"UPDATE facts SET state = '[]'::bytea WHERE notification_id = {position}")
    done = Command(DATABASE_URL=town.url, HROMADA_DATA=str(tmp_path))("verify", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1 and f"position {position}: рядок" in " ".join(said["differences"])
    assert "Traceback" not in done.stderr


ID, NOWHERE = UUID(int=7), UUID(int=9)


def version_of(town: Town, stream: UUID) -> int:
    return max((line["version"] for line in town.lines() if line["stream"] == str(stream)), default=0)


def appended(whose: str, *facts: Any, by: Actor = CLERK) -> Callable[[Town], None]:
    """Facts that no decision made, on the stream of the person, of the other one who died, of their home, of the
    community, or of nobody."""

    def change(town: Town) -> None:
        own = {"person": town.person, "other": town.other, "home": town.home}
        stream = {**own, "community": COMMUNITY, "nobody": NOWHERE}[whose]
        after = version_of(town, stream)
        made = [fact(town) if callable(fact) else fact for fact in facts]
        for number, fact in enumerate(made):
            town.registry.append([(stream, [fact], after + number)], by=by, command=uuid4())

    return change


def lives(since: str | None = "2022-01-01", **said: Any) -> Callable[[Town], Any]:
    return lambda town: events.ResidenceRegistered(**{"residence": ID, "dwelling": town.away, "since": since, **said})


def residence_of(town: Town) -> Any:
    """The residence that the person has now."""
    return town.registry.person(town.person).residences[-1]


def ended(until: str, **said: Any) -> Callable[[Town], Any]:
    def fact(town: Town) -> Any:
        one = residence_of(town)
        return events.ResidenceDeregistered(**{"residence": one.id, "dwelling": one.dwelling, "until": until, **said})

    return fact


def annulled(**said: Any) -> Callable[[Town], Any]:
    def fact(town: Town) -> Any:
        one = residence_of(town)
        plain = {"residence": one.id, "dwelling": one.dwelling, "basis": "суд", "revives": False}
        return events.ResidenceAnnulled(**{**plain, **said})

    return fact


def corrected(town: Town) -> Any:
    one = residence_of(town)
    was = events.ResidenceVersion(kind=one.kind, dwelling=one.dwelling, since="1999")
    return events.ResidenceCorrected(residence=one.id, was=was, now=replace(was, since="2018"), reason="помилка")


def carried(town: Town) -> Any:
    one = residence_of(town)
    moved = {"from_residence": one.id, "residence": ID, "dwelling": town.home, "since": "2019-01-01"}
    return events.ResidenceCarriedOver(**moved, succession=1)


ENTERED = events.PersonEntered(particulars=Particulars(surname="Удруга"))
ASKED = ChangeRequested(person=None, asked_for="deceased", after=0, facts=())

KEYS = [KeyBegun(kid=keys.thumbprint(x), algorithm="EdDSA", x=x, made_at="2020-01-01T00:00:00Z") for x in ("a", "b")]
ENDED = KeyEnded(kid=KEYS[0].kid, reason="replaced")


def signed(key: KeyBegun, *told: Any) -> Callable[[Town], None]:
    """An extract that was issued by a key, behind what the log tells of keys."""

    def change(town: Town) -> None:
        appended("community", *told)(town)
        appended("nobody", ExtractIssued(sha256="ab" * 32, renderer="1", key=key.kid))(town)

    return change


UNTRUE: dict[str, tuple[Callable[[Town], None], str]] = {
    "a dwelling that nobody entered": (appended("person", lives(dwelling=NOWHERE)), "no_dwelling"),
    "a residence of somebody never entered": (appended("nobody", lives()), "nobody_entered"),
    "somebody entered twice": (appended("person", ENTERED), "entered_twice"),
    "the end of an unknown residence": (appended("person", ended("2022-01-01", residence=ID)), "names_nothing"),
    "an end before the start": (appended("person", ended("2001-01-01")), "ends_before_start"),
    "an end in another dwelling": (appended("person", ended("2022-01-01", dwelling=NOWHERE)), "dwelling"),
    "a correction of what was not": (appended("person", corrected), "was"),
    "particulars that were not": (
        appended(
            "person",
            events.ParticularsCorrected(
                changes=(events.Change(field="surname", was="Небула", now="Була"),), basis="паспорт"
            ),
        ),
        "was",
    ),
    "revived by nothing": (appended("person", annulled(revives=False, revived=ID)), "revived"),
    "an end of nobody who revives": (appended("person", annulled(revived_until="2030")), "revived_until"),
    "a death that is none": (appended("person", events.DeathAnnulled(takes_back=1, basis="суд")), "names_nothing"),
    "a second death": (appended("other", events.Deceased(registered_on="2021-01-01")), "second_death"),
    "a residence after the death": (appended("other", lives()), "after_death"),
    "a death before the birth": (appended("person", events.Deceased(registered_on="1801-01-01")), "before_birth"),
    "a death that supersedes what it does not": (
        appended("person", events.Deceased(registered_on="2022-01-01", supersedes=(ID,))),
        "supersedes",
    ),
    "a carry-over by no succession": (appended("person", carried), "no_succession"),
    "a carry-over taken back that is none": (
        appended(
            "person",
            lambda town: events.CarryOverAnnulled(takes_back=1, residence=ID, dwelling=town.home, basis="суд"),
        ),
        "names_nothing",
    ),
    "a name taken back that a dwelling has not": (
        appended("home", AddressRenameAnnulled(takes_back=1)),
        "names_nothing",
    ),
    "a day to come": (appended("person", lives("2099-01-01")), "day_to_come"),
    "a day before the birth": (appended("person", lives("0001-01-01")), "before_birth"),
    "a day of no calendar": (appended("person", lives("2023-02-30")), "no_day"),
    "a number of no form": (
        appended("nobody", events.PersonEntered(particulars=Particulars(surname="Вигадана", unzr="17"))),
        "number",
    ),
    "an extract that nobody asked for": (
        appended("nobody", ExtractIssued(sha256="ab" * 32, renderer="1")),
        "extract_unasked",
    ),
    "a change of somebody whom nobody entered": (appended("nobody", replace(ASKED, person=ID)), "no_person"),
    "approved by whoever asked": (appended("nobody", ASKED, ChangeApproved()), "approved_by_asker"),
    "approved unasked": (appended("nobody", ChangeApproved()), "unasked"),
    "rejected unasked": (appended("nobody", ChangeRejected(reason="ні")), "unasked"),
    "a key by another name": (appended("community", replace(KEYS[0], x="c")), "key_other"),
    "a key begun beside another": (appended("community", *KEYS), "key_twice"),
    "a key begun again": (appended("community", KEYS[0], ENDED, KEYS[0]), "key_twice"),
    "a key ended that never began": (appended("community", KEYS[1], ENDED), "key_none"),
    "signed by a key that never began": (signed(KEYS[0], KEYS[1]), "key_unbegun"),
    "signed by a key that ended": (signed(KEYS[0], KEYS[0], ENDED, KEYS[1]), "key_over"),
    "signed by a key that ended, and none began": (signed(KEYS[0], KEYS[0], ENDED), "key_over"),
}


@pytest.mark.parametrize("what", UNTRUE)
def test_what_a_fact_says_and_is_not_so_is_found_and_no_journal_brings_it_in(
    town: Town, registry: Registry, tmp_path: Path, what: str
) -> None:
    change, code = UNTRUE[what]
    change(town)
    said = f"position {len(town.lines())}: {texts.say('differences', code)}"
    assert said in town.verified().differences, town.verified().differences
    file, now = tmp_path / "journal.jsonl", datetime.now(UTC)
    journal.export(town.registry, file, seen_by=OPEN)
    with pytest.raises(journal.BadJournal, match="--with-differences") as refused:
        journal.load(registry, file, now, differences=partial(untrue, registry))
    assert said in str(refused.value) and registry.position() == 0
    assert journal.load(registry, file, now) == len(town.lines())
    assert said in verify(registry).differences


def test_a_shortened_journal_is_shown_by_its_root_alone(town: Town, registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    journal.export(town.registry, file, seen_by=OPEN)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    journal.load(registry, file, datetime.now(UTC), differences=partial(untrue, registry))
    report = verify(registry)
    assert report.differences == [] and report.roots["facts"] != town.verified().roots["facts"]


def test_a_mark_that_was_removed_is_found_by_what_was_sent(
    town: Town, registry: Registry, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "journal.jsonl"
    journal.export(town.registry, file, seen_by=OPEN)
    journal.load(registry, file, datetime.now(UTC))
    assert verify(registry).differences == []
    tamper(database_url, "DELETE FROM marks")
    assert "sent_at" in " ".join(verify(registry).differences)


def test_only_an_option_imports_such_a_journal(town: Town, database_url: str, tmp_path: Path) -> None:
    appended("other", lives())(town)
    file = tmp_path / "journal.jsonl"
    journal.export(town.registry, file, seen_by=OPEN)
    hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path))
    refused = hromada("import", file)
    assert refused.returncode == 2 and f"position {len(town.lines())}: " in refused.stderr
    assert hromada("import", file, "--with-differences").returncode == 0
    assert hromada.answer("verify")["found"] == 1


class TestGuards:
    def test_what_the_migrations_make_is_what_is_on_file(self, registry: Registry) -> None:
        """After a migration `guards.txt` is what `guards.there` finds in a database that was just migrated."""
        with registry.snapshot() as connection:
            assert sorted(guards.there(connection)) == guards.MADE.read_text("utf-8").splitlines()

    def test_they_stand_after_a_rebuild(self, town: Town) -> None:
        town.rebuild()
        assert town.verified().differences == []


@pytest.fixture
def office(registry: Registry, tmp_path: Path) -> Office:
    return Office(registry, installation(data=tmp_path))


class TestWhatIsKept:
    """The documents and the keys that the log names are in the data folder."""

    @pytest.fixture
    def issued(self, office: Office) -> tuple[Office, Path, Path]:
        """An office that issued an extract, its file, and the file of the key."""
        person = office.enter(surname=SECRET, given_names="Зоя")
        office.settle(person, office.home(), "2020-01-01")
        sha256 = office.issue(person=person).sha256
        folder = office.settings.data
        [key] = (folder / "keys").glob("*.jwk")
        assert self.told(office) == []
        return office, folder / "documents" / f"{sha256}.pdf", key

    def told(self, office: Office) -> list[str]:
        return verify(office.registry, settings=office.settings).differences

    def test_lost_altered_replaced_deleted(self, issued: tuple[Office, Path, Path]) -> None:
        office, document, key = issued
        position, made, signs = office.registry.position(), document.read_bytes(), key.read_bytes()
        document.write_bytes(made + b" ")
        assert self.told(office) == [f"position {position}: {texts.say('differences', 'document_altered')}"]
        document.unlink()
        assert self.told(office) == [f"position {position}: {texts.say('differences', 'document_lost')}"]
        document.write_bytes(made)
        [kid] = [one.kid for one in keys.kept(office.settings)]
        lost = f"position {position}: {texts.say('differences', 'key_lost', kid)}"
        key.unlink()
        assert self.told(office) == [lost]
        foreign = keys.rotate(office.settings, office.now()).kid
        assert self.told(office) == [lost, f"keys: {texts.say('differences', 'key_foreign', foreign)}"]
        key.write_text("{}")
        assert self.told(office)[1:] == [lost] and key.name in self.told(office)[0]
        key.write_bytes(signs)
        assert self.told(office) == []

    def test_what_the_log_says_of_the_key(self, issued: tuple[Office, Path, Path], database_url: str) -> None:
        """Its beginning altered in the log, or taken out of it."""
        office, _, key = issued
        [begun] = [one for one in office.registry.entries(COMMUNITY) if isinstance(one.fact, KeyBegun)]
        town = Town(office.registry, database_url, *[NOWHERE] * 4)
        other = keys.rotate(replace(office.settings, data=key.parent), office.now())
        town.rewrite(begun.position, replaced(begun.fact.x, other["x"]))
        assert self.told(office) == [f"position {begun.position}: {texts.say('differences', 'key_other')}"]
        town.rewrite(begun.position, replaced(begun.fact.kid, str(other.kid)))
        assert self.told(office) == [
            f"position {begun.position + 1}: {texts.say('differences', 'key_unbegun')}",
            f"keys: {texts.say('differences', 'key_foreign', begun.fact.kid)}",
            f"position {begun.position}: {texts.say('differences', 'key_lost', other.kid)}",
        ]
        tamper(database_url, f"DELETE FROM facts WHERE notification_id = {begun.position}")
        assert self.told(office) == [f"position {begun.position + 1}: {texts.say('differences', 'hole', 1)}"]


class TestNumbersCutOff:
    """A number whose document never came is closed within a minute, and none that somebody is at (semantics 9)."""

    def asked(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> UUID:
        person = office.enter(surname="Вигадана")
        office.settle(person, office.home(), "2020-01-01")
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(issuing, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            office.issue(person=person)
        [row] = office.registry.query("extracts", "of_person", person=person)
        return row["extract"]

    def test_one_that_another_process_is_at_stays_open_until_it_ends(
        self, office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        extract, registry = self.asked(office, monkeypatch), office.registry
        later = registry.clock() + timedelta(seconds=70)
        registry.recorder.clock = lambda: later
        [told] = verify(registry, settings=office.settings).differences
        assert told == f"extracts {extract}: {texts.say('differences', 'number_open')}"
        words = f"from registry.storage.held import AtWork\nwith AtWork({database_url!r}).at({str(extract)!r}):"
        program = [sys.executable, "-c", f"{words}\n    print('at it', flush=True)\n    input()"]
        with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout and other.stdout.readline() == "at it\n"
            assert issuing.void_unfinished(registry, by=CLERK, now=later) == 0
            other.kill()
            other.wait()
        # What the killed one held is let go of by the database, once it has noticed.
        for _ in range(100):
            if not registry.is_held(extract):
                break
        assert issuing.void_unfinished(registry, by=CLERK, now=later) == 1
        assert registry.extract(extract).voided
        assert verify(registry, settings=office.settings).differences == []

    def test_a_server_closes_it(self, office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        extract, registry = self.asked(office, monkeypatch), office.registry
        monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)
        monkeypatch.setattr(issuing, "UNFINISHED_AFTER", timedelta())
        closed = Event()
        before = issuing.void_unfinished

        def void(*said: Any, **named: Any) -> int:
            number = before(*said, **named)
            if number:
                closed.set()
            return number

        monkeypatch.setattr(issuing, "void_unfinished", void)
        with running._closing_numbers(registry):
            assert closed.wait(60)
        voided = registry.extract(extract).voided
        assert voided and voided.reason == texts.TEXTS["extract_faults"]["interrupted"]
