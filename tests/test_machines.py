"""What portals and other bodies send: with a key of their own, in their own name, and by this door only."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from filing import DAY, LEAVE, MOVE, NOTICE, about, alive, filed
from given import HOURS, installation
from starlette.testclient import TestClient
from test_api import SECRET, Desk, codes
from test_services import ask
from test_viewer import SeesNobody

from api.machines import machine_of, read_keys
from api.main import create_app
from registry import viewer
from registry.aggregates.case.coming import Coming, coming_faults
from registry.aggregates.case.events import Notice, PaperJournal
from registry.opening import opened
from registry.settings import SettingsError

THURSDAY, JOURNAL = date(2025, 3, 13), PaperJournal(kind="outage", number="7")
KEY, NEWER, OTHER = "9f3b-diia", "77aa-diia", "4cd2-dracs"


def line(name: str, key: str) -> str:
    return f"{name}:{hashlib.sha256(key.encode()).hexdigest()}\n"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "machines.txt"
    file.write_text("# портали\n" + line("diia", KEY) + "\n" + line("dracs", OTHER) + line("diia", NEWER), "utf-8")
    return file


@pytest.fixture
def desk(database_url: str, tmp_path: Path, keys: Path) -> Iterator[Desk]:
    with opened(database_url) as registry:
        settings = installation(data=tmp_path, actor_id="clerk-1", second_person=False, machine_keys=keys)
        with TestClient(create_app(registry, settings)) as client:
            yield Desk(client, registry)


@pytest.fixture
def leaving(desk: Desk) -> dict[str, Any]:
    """A removal that somebody asks for through Дія."""
    person = desk.person()
    desk.settled(person, desk.dwelling())
    body = filed(desk, **LEAVE, channel="diia", register=about(person))
    return {name: said for name, said in body.items() if name not in ("transcribed", "office", "acted_on")}


class TestHowItCame:
    """The core's own words, without a door."""

    AT: ClassVar = {
        "channel-of-machines": "channel",
        "machine-at-office": "channel",
        "nothing-transcribed": "transcribed",
        "notice-missing": "notice",
        "notice-unasked": "notice",
        "notice-after-receipt": "notice.dated",
        "machine-has-no-paper": "paper_journal",
    }

    @pytest.mark.parametrize(
        ("channel", "coming", "faults"),
        [
            ("office", Coming(), []),
            ("office", Coming(machine="diia"), ["machine-at-office"]),
            ("office", Coming(transcribed=True), ["nothing-transcribed"]),
            ("office", Coming(notice=Notice(sender="Орган", dated=DAY)), ["notice-unasked"]),
            ("diia", Coming(), ["channel-of-machines"]),
            ("emaliatko", Coming(), ["channel-of-machines"]),
            ("emaliatko", Coming(transcribed=True), []),
            ("diia", Coming(machine="diia"), []),
            ("diia", Coming(machine="diia", transcribed=True), ["nothing-transcribed"]),
            ("notice", Coming(), ["notice-missing"]),
            ("notice", Coming(machine="dracs"), ["notice-missing"]),
            ("notice", Coming(notice=Notice(sender="Орган", dated="2025-03-13")), []),
            ("notice", Coming(notice=Notice(sender="Орган", dated="2025-03-14")), ["notice-after-receipt"]),
            ("office", Coming(paper=JOURNAL), []),
            ("diia", Coming(machine="diia", paper=JOURNAL), ["machine-has-no-paper"]),
        ],
    )
    def test_what_has_to_be_said_of_it(self, channel: str, coming: Coming, faults: list[str]) -> None:
        asked = ask("deregister_residence", channel=channel)  # on Thursday, 13 March 2025
        found = [(one.code, one.field) for one in coming_faults(asked, coming, THURSDAY, HOURS)]
        assert found == [(code, self.AT[code]) for code in faults]

    @pytest.mark.parametrize(
        ("coming", "last"),
        [
            (Coming(), 13),
            (Coming(transcribed=True), 13),
            (Coming(paper=JOURNAL), 14),
            (Coming(transcribed=True, paper=JOURNAL), 14),
            (Coming(machine="diia"), 31),
        ],
    )
    def test_until_when_it_needs_no_reason(self, coming: Coming, last: int) -> None:
        asked = ask("deregister_residence", channel="diia" if coming.machine or coming.transcribed else "office")
        for day in range(13, 32):
            found = [(one.code, one.field) for one in coming_faults(asked, coming, date(2025, 3, day), HOURS)]
            assert found == ([] if day <= last else [("received-earlier", "reason")]), day
            assert coming_faults(asked, replace(coming, reason="світла не було"), date(2025, 3, day), HOURS) == []


class TestAMachine:
    @pytest.mark.parametrize("key", [KEY, NEWER])
    def test_sends_in_its_own_name_and_the_clerk_decides(self, desk: Desk, leaving: dict[str, Any], key: str) -> None:
        told = desk.act("/applications", leaving, **bearer(key))
        where = f"/applications/{told['application']}"
        held = desk.get(where).json()
        assert held["by"] == {"id": "diia", "name": "diia"} and not held["transcribed"]
        assert {one["source"] for one in held["parts"][0]["checks"]} == {"diia"}
        decided = desk.act(f"{where}/decision", {"acted_on": DAY})
        assert decided["status"] == "granted" and decided["parts"][0]["by"]["id"] == "clerk-1"
        person = leaving["register"]["persons"][0]["person"]
        assert alive(desk, person) == []

    def test_asks_whether_it_may_too(self, desk: Desk, leaving: dict[str, Any]) -> None:
        answer = desk.post("/applications?dry_run=1", leaving, **bearer(KEY))
        assert answer.status_code == 200 and answer.json()["parts"][0]["outcome"] == "granted"
        assert codes(desk.refused("/applications?dry_run=1", leaving)) == [("channel-of-machines", "channel")]

    def test_sends_a_notice(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        dead = {"born": "1990-05-04", "death_registered_on": "2025-02-10"}
        said = {"ground": "death_data", "applicant": {"kind": "civil_registry"}, "subject": dead, "channel": "notice"}
        body = filed(desk, **LEAVE, **said, register=about(person))
        told = desk.act("/applications", {**body, "decide": True}, **bearer(OTHER))
        held = desk.get(f"/applications/{told['application']}").json()
        assert told["status"] == "granted" and (held["by"]["id"], held["notice"]) == ("dracs", NOTICE)

    def test_what_it_sent_is_amended_by_nobody(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        said = {"ground": "court_eviction", "channel": "notice", "applicant": {"kind": "court"}}
        body = filed(desk, **LEAVE, **said, register=about(person))
        told = desk.post("/applications", {**body, "acted_on": None}, **bearer(OTHER)).json()["application"]
        names = ("service", "ground", "applicant", "subject", "register", "documents")
        anew = {**{name: body[name] for name in names}, "reason": "описка"}
        assert codes(desk.refused(f"/applications/{told}/amendment", anew)) == [("declared-unchangeable", None)]
        assert desk.act(f"/applications/{told}/withdrawal", {"said_by": "sender"})["status"] == "withdrawn"

    def test_does_not_stand_at_the_office_and_transcribes_nothing(self, desk: Desk, leaving: dict[str, Any]) -> None:
        office = {**leaving, "channel": "office"}
        assert codes(desk.refused("/applications", office, **bearer(KEY))) == [("machine-at-office", "channel")]
        copied = {**leaving, "transcribed": True}
        assert codes(desk.refused("/applications", copied, **bearer(KEY))) == [("nothing-transcribed", "transcribed")]

    def test_gets_no_service_that_its_channel_is_not_admitted_for(self, desk: Desk) -> None:
        body = filed(desk, **MOVE, channel="diia", register=about(desk.person(), dwelling=desk.dwelling()))
        body = {name: said for name, said in body.items() if name != "transcribed"}
        assert desk.act("/applications", {**body, "decide": True}, **bearer(KEY))["status"] == "not-possible"

    def test_repeats_what_it_sent(self, desk: Desk, leaving: dict[str, Any]) -> None:
        command = "0b0d5e0c-5d5c-4a0a-9a53-0c6f2d9e4c22"
        leaving |= {"acted_on": DAY}
        first = desk.act("/applications", leaving, Idempotency_Key=command, **bearer(KEY))
        again = desk.post("/applications", leaving, Idempotency_Key=command, **bearer(KEY))
        assert (again.status_code, again.json()) == (200, first)

    def test_sees_whom_its_name_may_see(
        self, desk: Desk, leaving: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(viewer, "viewer_of", lambda actor: SeesNobody() if actor.id == "diia" else viewer.OPEN)
        for how in ("", "?dry_run=1"):
            assert desk.refused(f"/applications{how}", leaving, 403, **bearer(KEY))["type"] == "/problems/hidden"
        desk.act("/applications", leaving, **bearer(OTHER))

    def test_opens_nothing_else(self, desk: Desk, leaving: dict[str, Any]) -> None:
        where = f"/applications/{desk.act('/applications', leaving, **bearer(KEY))['application']}"
        for path, body in ((f"{where}/decision", {"acted_on": DAY}), ("/persons", {"particulars": {"surname": "Я"}})):
            assert "POST /api/v1/applications" in desk.refused(path, body, 403, **bearer(KEY))["detail"]
        assert desk.client.get(f"/api/v1{where}", headers=bearer(KEY)).status_code == 403
        assert desk.client.get(f"/api/v1{where}").status_code == 200


class TestAKey:
    @pytest.mark.parametrize(
        "said",
        [f"Bearer {SECRET}", "Bearer", "Bearer ", "Basic ZGlpYTpkaWlh", SECRET, f"Token {OTHER}", OTHER],
    )
    def test_that_nobody_knows_is_refused_and_logged_nowhere(
        self, desk: Desk, leaving: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        header: Any = {"Authorization": said.encode()}
        for how in ("", "?dry_run=1"):
            problem = desk.refused(f"/applications{how}", leaving, 401, **header)
            assert problem["type"] == "/problems/unknown-machine"
        assert desk.post("/applications", leaving, **bearer(OTHER)).status_code == 201
        logged = capsys.readouterr().err
        assert '"status": 401' in logged and not any(key in logged for key in (SECRET, OTHER, "ZGlpYTpkaWlh"))

    def test_where_no_machine_is_known_none_is_let_in(self, database_url: str, tmp_path: Path) -> None:
        with opened(database_url) as registry:
            desk = Desk(TestClient(create_app(registry, installation(data=tmp_path))), registry)
            assert desk.refused("/applications", {}, 401, **bearer(KEY))["title"] == "Ключ машини невідомий"

    def test_is_told_by_its_digest_alone(self, keys: Path) -> None:
        known = read_keys(keys)
        assert [name for name, _ in known] == ["diia", "dracs", "diia"]
        digest = hashlib.sha256(KEY.encode()).hexdigest()
        assert machine_of(f"Bearer {KEY}", known) == machine_of(f"bearer {KEY}", known) == "diia"
        assert machine_of(f"Bearer {digest}", known) is None and machine_of(f"Bearer {KEY}x", known) is None

    @pytest.mark.parametrize("wrong", ["diia", "diia:", "diia:123", ":" + "0" * 64, "diia:" + "g" * 64])
    def test_a_file_that_is_none_stops_the_program_and_is_not_quoted(self, tmp_path: Path, wrong: str) -> None:
        file = tmp_path / "machines.txt"
        file.write_text(line("dracs", OTHER) + wrong + "\n", "utf-8")
        with pytest.raises(SettingsError) as error:
            read_keys(file)
        assert "рядок 2" in str(error.value) and wrong not in str(error.value)

    def test_nor_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="HROMADA_MACHINE_KEYS"):
            read_keys(tmp_path / "nowhere")
        assert read_keys(None) == ()
