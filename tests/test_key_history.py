"""When each key of the register began to sign and ended is in its log: made, changed, ended, carried by a journal,
begun late in a register of an earlier release; and no document is issued by a key that the log does not know to sign.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from conftest import _database
from extracting import Office
from given import CLERK, OURS, VARIABLES, entries, founded, installation
from running import Command, assert_refused
from starlette.testclient import TestClient
from test_check_command import NOWHERE

from api.main import create_public_app
from registry import community, journal, texts
from registry.aggregates.community import rotating
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.community.keys import KeyBegun, KeyEnded, KeyUse, signing, use_of
from registry.aggregates.community.state import fold
from registry.aggregates.values import Impossible
from registry.app import Registry
from registry.extracts import issuing, keys
from registry.extracts import signing as signs
from registry.extracts.statement import checked
from registry.opening import opened
from registry.roles import PROGRAM
from registry.storage.mapper import instant_text
from registry.viewer import OPEN
from replay.compare import verify

FIRST, SECOND, THIRD = (
    KeyBegun(kid=name, algorithm="EdDSA", x=name, made_at="2026-03-01T09:00:00.000000Z") for name in ("a", "b", "c")
)

AWAY = {"DATABASE_URL": NOWHERE["DATABASE_URL"]}


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as register:
        yield register


@pytest.fixture
def office(registry: Registry, tmp_path: Path) -> Office:
    return Office(registry, installation(data=tmp_path / "data"))


def told(registry: Registry) -> list[Any]:
    """The facts about keys."""
    return [one.fact for one in registry.entries(COMMUNITY) if isinstance(one.fact, KeyBegun | KeyEnded)]


def differences(office: Office) -> list[str]:
    return verify(office.registry, settings=office.settings).differences


def of_before(office: Office, monkeypatch: pytest.MonkeyPatch) -> issuing.Issued:
    """An extract that a release issued which told the log of no key."""
    with monkeypatch.context() as patched:
        now = office.now()
        version = office.registry.community().version
        patched.setattr(signs, "current", lambda _, settings: (keys.current(settings, now), version))
        return office.issue(office.lives()[0])


class TestDecisions:
    def uses(self, *facts: Any) -> tuple[KeyUse, ...]:
        return fold(entries(facts)).keys

    def test_another_key_ends_the_one_before(self) -> None:
        assert rotating.signed_by((), FIRST) == [FIRST]
        known = self.uses(FIRST)
        assert rotating.signed_by(known, FIRST) == []
        assert rotating.signed_by(known, SECOND) == [KeyEnded(kid="a", reason="replaced"), SECOND]

    def test_a_rotation_tells_of_what_the_log_did_not_know(self) -> None:
        lost = KeyEnded(kid="a", reason="lost")
        assert rotating.rotated((), None, FIRST, "lost") == [FIRST]
        assert rotating.rotated((), FIRST, SECOND, "lost") == [FIRST, lost, SECOND]
        assert rotating.rotated(self.uses(FIRST), FIRST, SECOND, "lost") == [lost, SECOND]

    def test_whoever_signed_first_with_the_new_one_did_not_know_why(self) -> None:
        known = self.uses(FIRST, KeyEnded(kid="a", reason="replaced"), SECOND)
        assert rotating.rotated(known, FIRST, SECOND, "replaced") == []
        assert rotating.rotated(known, FIRST, SECOND, "compromised") == [KeyEnded(kid="a", reason="compromised")]

    def test_one_that_was_changed_before_it_signed_is_not_told_of(self) -> None:
        known = self.uses(FIRST, KeyEnded(kid="a", reason="replaced"), THIRD)
        assert rotating.rotated(known, SECOND, THIRD, "lost") == []
        assert rotating.rotated(known, FIRST, THIRD, "replaced") == []
        lost = self.uses(FIRST, KeyEnded(kid="a", reason="lost"), THIRD)
        assert rotating.rotated(lost, FIRST, THIRD, "replaced") == []

    def test_why_an_earlier_one_ended(self) -> None:
        known = self.uses(FIRST, KeyEnded(kid="a", reason="replaced"), SECOND)
        again = KeyEnded(kid="a", reason="compromised")
        assert rotating.ended_for(known, "a", "compromised") == [again]
        assert rotating.ended_for(known, "a", "replaced") == []
        for kid, code in (("b", "key-signs"), ("c", "key-unknown")):
            with pytest.raises(Impossible) as refused:
                rotating.ended_for(known, kid, "lost")
            assert [one.code for one in refused.value.faults] == [code]

    def test_it_ended_when_that_was_told_first(self) -> None:
        before, after = (
            use_of(self.uses(FIRST, KeyEnded(kid="a", reason="replaced"), SECOND, *more), "a")
            for more in ((), (KeyEnded(kid="a", reason="lost"),))
        )
        assert before and after == replace(before, reason="lost")
        assert self.uses(KeyEnded(kid="c", reason="lost")) == ()


class TestSigning:
    def test_the_first_document_begins_its_key_and_no_other_does(self, office: Office) -> None:
        issued = office.issue(office.lives()[0])
        [key] = keys.kept(office.settings)
        assert told(office.registry) == [
            KeyBegun(kid=str(key.kid), algorithm="EdDSA", x=key["x"], made_at=key["created_at"])
        ]
        begun = next(one for one in office.registry.entries(COMMUNITY) if isinstance(one.fact, KeyBegun))
        stream = office.asked(issued).stream
        assert begun.by == PROGRAM and begun.position < office.registry.entries(stream)[-1].position
        office.issue(office.enter(surname="Вигадана"))
        assert len(told(office.registry)) == 1 and differences(office) == []

    def test_a_new_key_ends_the_one_before_in_one_act(self, office: Office) -> None:
        person = office.lives()[0]
        issued = office.issue(person)
        key = signs.rotated(office.registry, office.settings, "compromised")
        first, ended, second = told(office.registry)
        assert (ended, second.kid) == (KeyEnded(kid=first.kid, reason="compromised"), key.kid)
        last = office.registry.entries(COMMUNITY)[-2:]
        assert last[0].command == last[1].command
        office.issue(person)
        assert len(told(office.registry)) == 3 and office.again(issued) == issued.pdf and differences(office) == []

    def test_two_that_change_it_at_once_leave_the_newest(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        office.issue(office.lives()[0])
        made, between = keys.rotate, []

        def slow(*said: Any) -> Any:
            key = made(*said)
            if not between:
                between.append(key)
                between.append(signs.rotated(office.registry, office.settings, "replaced"))
            return key

        monkeypatch.setattr(keys, "rotate", slow)
        signs.rotated(office.registry, office.settings, "lost")
        now = signing(office.registry.community().keys)
        assert now and now.kid == between[1].kid == keys.kept(office.settings)[0].kid
        assert differences(office) == []

    def test_one_that_ended_never_signs_again(self, office: Office) -> None:
        office.issue(office.lives()[0])
        first = (office.settings.data / "keys" / "000001.jwk").read_bytes()
        second = signs.rotated(office.registry, office.settings, "compromised").kid
        (office.settings.data / "keys" / "000002.jwk").write_bytes(first)
        office.issue(office.enter(surname="Вигадана"))
        third = keys.kept(office.settings)[0].kid
        assert [one.kid for one in office.registry.community().keys] == [
            keys.kept(office.settings)[1].kid,
            second,
            third,
        ]
        assert differences(office) == []

    def test_cut_off_between_the_file_and_the_log_the_next_document_tells_it(self, office: Office) -> None:
        office.issue(office.lives()[0])
        key = keys.rotate(office.settings, office.now())
        assert differences(office) == [f"keys: {texts.say('differences', 'key_foreign', key.kid)}"]
        office.issue(office.enter(surname="Вигадана"))
        first, ended, second = told(office.registry)
        assert (ended, second.kid) == (KeyEnded(kid=first.kid, reason="replaced"), key.kid)
        assert differences(office) == []

    def test_a_key_that_ended_while_its_document_was_made_signs_nothing(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made, times = issuing._made, []

        def slow(*said: Any) -> bytes:
            document = made(*said)
            if not times:
                signs.rotated(office.registry, office.settings, "replaced")
            times.append(document)
            return document

        monkeypatch.setattr(issuing, "_made", slow)
        issued = office.issue(office.lives()[0])
        second = keys.kept(office.settings)[0].kid
        assert len(times) == 2 and issued.pdf == times[1] != times[0]
        assert office.registry.extract(office.asked(issued).stream).issued.key == second
        assert differences(office) == []

    def test_a_register_of_before_begins_its_key_late(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        before = of_before(office, monkeypatch)
        assert told(office.registry) == [] and differences(office) == []
        office.issue(office.enter(surname="Вигадана"))
        [begun] = told(office.registry)
        assert begun.kid == keys.kept(office.settings)[0].kid and differences(office) == []
        assert checked(before.pdf, keys.public(office.settings)).outcome == "valid"

    def test_and_tells_of_it_where_it_is_changed_first(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        of_before(office, monkeypatch)
        signs.rotated(office.registry, office.settings, "lost")
        assert [type(one) for one in told(office.registry)] == [KeyBegun, KeyEnded, KeyBegun]
        assert differences(office) == []


class TestTheCommunity:
    """Keys stand on its stream, and say nothing of who we are."""

    def test_it_is_founded_behind_a_key(self, office: Office) -> None:
        registry = office.registry
        office.issue(office.lives()[0])
        assert not registry.community().known and community.described(registry, office.settings, office.today())
        asked = {"by": CLERK, "settings": office.settings, "today": office.today()}
        assert community.enter(registry, OURS, **asked).act
        assert registry.community().known and community.enter(registry, OURS, **asked).act is None
        assert signing(registry.community().keys) and differences(office) == []

    def test_what_the_variables_say_is_recorded_first(self, office: Office, database_url: str) -> None:
        office.issue(office.lives()[0])
        key = told(office.registry)[0]
        founding = community.of_variables(office.settings)
        with opened(database_url, founding=founding) as other:
            Office(other, office.settings).enter(surname="Вигадана")
            facts = [one.fact for one in other.entries(COMMUNITY)]
            assert facts == [key, *founding] and other.community().keys == office.registry.community().keys

    def test_or_with_the_key(self, database_url: str, office: Office) -> None:
        office.lives()
        founding = community.of_variables(office.settings)
        with opened(database_url, founding=founding) as other:
            signs.current(other, office.settings)
            assert [type(one.fact) for one in other.entries(COMMUNITY)] == [*map(type, founding), KeyBegun]

    def test_an_empty_register_is_told_nothing(self, office: Office) -> None:
        signs.rotated(office.registry, office.settings, "replaced")
        assert office.registry.position() == 0
        founded(office.registry)
        assert told(office.registry) == []


class TestElsewhere:
    @pytest.fixture
    def other(self, server: Any) -> Iterator[Registry]:
        for url in _database(server, template="hromada"):
            with opened(url) as register:
                yield register

    def test_a_journal_brings_them(self, office: Office, other: Registry, tmp_path: Path) -> None:
        issued = office.issue(office.lives()[0])
        signs.rotated(office.registry, office.settings, "replaced")
        file = tmp_path / "journal.jsonl"
        journal.export(office.registry, file, seen_by=OPEN)
        journal.load(other, file, office.now())
        assert other.community().keys == office.registry.community().keys
        there = Office(other, replace(office.settings, data=tmp_path / "there"))
        assert [one.partition(": ")[2] for one in differences(there)] == [
            texts.say("differences", "document_lost"),
            *(texts.say("differences", "key_lost", one.kid) for one in other.community().keys),
        ]
        copytree(office.settings.data, there.settings.data)
        assert differences(there) == [] and there.again(issued) == issued.pdf
        there.issue(there.enter(surname="Вигадана"))
        assert len(told(other)) == 3

    def test_where_the_files_did_not_come_along_another_key_begins(
        self, office: Office, other: Registry, tmp_path: Path
    ) -> None:
        office.issue(office.lives()[0])
        file = tmp_path / "journal.jsonl"
        journal.export(office.registry, file, seen_by=OPEN)
        journal.load(other, file, office.now())
        there = Office(other, replace(office.settings, data=tmp_path / "there"))
        there.issue(there.enter(surname="Вигадана"))
        first, ended, second = told(other)
        assert ended == KeyEnded(kid=first.kid, reason="replaced") and second.kid != first.kid


class TestWhatIsTold:
    @pytest.fixture
    def client(self, office: Office) -> Iterator[TestClient]:
        with TestClient(create_public_app(office.registry, office.settings)) as client:
            yield client

    def test_the_public_keys_say_when_each_began_and_ended(self, office: Office, client: TestClient) -> None:
        issued = office.issue(office.lives()[0])
        signs.rotated(office.registry, office.settings, "lost")
        ended, now = office.registry.community().keys
        at = instant_text(now.begun_at)
        second, first = client.get("/.well-known/jwks.json").json()["keys"]
        assert [(one["kid"], one["begun_at"]) for one in (first, second)] == [
            (ended.kid, instant_text(ended.begun_at)),
            (now.kid, at),
        ]
        assert (first["ended_at"], first["ended_because"]) == (at, "lost") and "ended_at" not in second
        found = checked(issued.pdf, {"keys": [second, first]})
        assert (found.outcome, found.key_ended_at, found.key_ended_because) == ("valid", at, "lost")

    def test_a_check_repeats_only_what_a_register_could_have_said(self, office: Office) -> None:
        issued = office.issue(office.lives()[0])
        [key] = keys.public(office.settings)["keys"]
        for said in ({}, {"begun_at": "вчора", "ended_at": 7, "ended_because": ["lost"]}, {"ended_because": "[b]x"}):
            found = checked(issued.pdf, {"keys": [{**key, **said}]})
            assert (found.outcome, found.key_begun_at, found.key_ended_at, found.key_ended_because) == (
                *("valid", None, None),
                None,
            )

    def test_the_page_of_a_paper_says_it_of_a_key_that_others_may_have(
        self, office: Office, client: TestClient
    ) -> None:
        code = office.issue(office.lives()[0]).code
        signs.rotated(office.registry, office.settings, "replaced")
        named = texts.say("check_page", "key")
        assert named not in client.get(f"/v/{code}").text
        signs.ended(office.registry, office.registry.community().keys[0].kid, "compromised")
        page = client.get(f"/v/{code}").text
        assert named in page and texts.label("key_reasons", "compromised") in page and "Витяг чинний" in page


class TestCommands:
    @pytest.fixture
    def hromada(self, database_url: str, office: Office) -> Command:
        return Command(DATABASE_URL=database_url, HROMADA_DATA=str(office.settings.data), COLUMNS="200", **VARIABLES)

    def test_listed_rotated_ended(self, hromada: Command, office: Office, tmp_path: Path) -> None:
        issued = office.issue(office.lives()[0])
        first = told(office.registry)[0].kid
        assert hromada("keys", "rotate", "--because", "gone").returncode == 2
        assert_refused(hromada("keys", "end", first, "--because", "lost"), 2, "keys rotate")
        second = hromada.answer("keys", "rotate")["kid"]
        assert [one.kid for one in told(office.registry)] == [first, first, second]
        assert_refused(hromada("keys", "end", "невідомий", "--because", "lost"), 2, "keys list")
        said = hromada.answer("keys", "end", first, "--because", "compromised")
        assert (said["kid"], said["ended_because"]) == (first, "compromised")
        rows = hromada("keys", "list").stdout.splitlines()
        assert second in rows[0] and "завершено" not in rows[0] and "чужих рук" in rows[1]
        file, listed = tmp_path / "витяг.pdf", tmp_path / "keys.json"
        file.write_bytes(issued.pdf)
        listed.write_text(hromada("keys", "list", "--json").stdout, "utf-8")
        done = hromada("check", file, "--keys", listed)
        assert done.returncode == 0 and "чому не підписують: міг потрапити до чужих рук" in done.stdout
        (office.settings.data / "keys" / "000001.jwk").unlink()
        [gone] = hromada.answer("keys", "list")["gone"]
        assert gone["kid"] == first and "файлу немає" in hromada("keys", "list").stdout

    def test_while_the_database_is_away_files_alone(self, hromada: Command, office: Office) -> None:
        office.issue(office.lives()[0])
        first = told(office.registry)[0].kid
        done = hromada("keys", "rotate", "--because", "compromised", **AWAY)
        assert done.returncode == 0 and f"keys end {first} --because compromised" in done.stderr
        assert len(keys.kept(office.settings)) == 2 and len(told(office.registry)) == 1
        listed = hromada("keys", "list", "--json", **AWAY)
        assert "журнал" in listed.stderr and len(json.loads(listed.stdout)["keys"]) == 2
        office.issue(office.enter(surname="Вигадана"))
        assert hromada("keys", "end", first, "--because", "compromised").returncode == 0
        assert [one.reason for one in told(office.registry) if isinstance(one, KeyEnded)] == ["replaced", "compromised"]
