"""What portals and other bodies send: with a key of their own, in their own name, and by this door only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from callers import bearer, key_of, of_machine
from filing import DAY, LEAVE, MOVE, NOTICE, about, alive, filed
from given import CLERK, HOURS, installation
from starlette.testclient import TestClient
from test_api import SECRET, Desk, codes
from test_services import ask
from test_viewer import SeesNobody

from api.main import create_app
from registry import viewer
from registry.aggregates.case.coming import Coming, coming_faults
from registry.aggregates.case.events import Notice, PaperJournal
from registry.clock import utc_now
from registry.opening import opened
from registry.staff import keys

THURSDAY, JOURNAL = date(2025, 3, 13), PaperJournal(kind="outage", number="7")


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(database_url) as registry:
        settings = installation(data=tmp_path, actor_id="clerk-1", second_person=False)
        with TestClient(create_app(registry, settings)) as client:
            yield Desk(client, registry)


@pytest.fixture
def diia(desk: Desk) -> dict[str, str]:
    """The headers of a portal."""
    return of_machine(desk.registry)


@pytest.fixture
def dracs(desk: Desk) -> dict[str, str]:
    """Those of another register."""
    return of_machine(desk.registry, "dracs")


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
    def test_sends_in_its_own_name_and_the_clerk_decides(
        self, desk: Desk, leaving: dict[str, Any], diia: dict[str, str]
    ) -> None:
        told = desk.act("/applications", leaving, **diia)
        where = f"/applications/{told['application']}"
        held = desk.get(where).json()
        assert held["by"] == {"id": "diia", "name": "diia"} and not held["transcribed"]
        assert {one["source"] for one in held["parts"][0]["checks"]} == {"diia"}
        decided = desk.act(f"{where}/decision", {"acted_on": DAY})
        assert decided["status"] == "granted" and decided["parts"][0]["by"]["id"] == "clerk-1"
        person = leaving["register"]["persons"][0]["person"]
        assert alive(desk, person) == []

    def test_asks_whether_it_may_too(self, desk: Desk, leaving: dict[str, Any], diia: dict[str, str]) -> None:
        answer = desk.post("/applications?dry_run=1", leaving, **diia)
        assert answer.status_code == 200 and answer.json()["parts"][0]["outcome"] == "granted"
        assert codes(desk.refused("/applications?dry_run=1", leaving)) == [("channel-of-machines", "channel")]

    def test_sends_a_notice(self, desk: Desk, dracs: dict[str, str]) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        dead = {"born": "1990-05-04", "death_registered_on": "2025-02-10"}
        said = {"ground": "death_data", "applicant": {"kind": "civil_registry"}, "subject": dead, "channel": "notice"}
        body = filed(desk, **LEAVE, **said, register=about(person))
        told = desk.act("/applications", {**body, "decide": True}, **dracs)
        held = desk.get(f"/applications/{told['application']}").json()
        assert told["status"] == "granted" and (held["by"]["id"], held["notice"]) == ("dracs", NOTICE)

    def test_what_it_sent_is_amended_by_nobody(self, desk: Desk, dracs: dict[str, str]) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        said = {"ground": "court_eviction", "channel": "notice", "applicant": {"kind": "court"}}
        body = filed(desk, **LEAVE, **said, register=about(person))
        told = desk.post("/applications", {**body, "acted_on": None}, **dracs).json()["application"]
        names = ("service", "ground", "applicant", "subject", "register", "documents")
        anew = {**{name: body[name] for name in names}, "reason": "описка"}
        assert codes(desk.refused(f"/applications/{told}/amendment", anew)) == [("declared-unchangeable", None)]
        assert desk.act(f"/applications/{told}/withdrawal", {"said_by": "sender"})["status"] == "withdrawn"

    def test_does_not_stand_at_the_office_and_transcribes_nothing(
        self, desk: Desk, leaving: dict[str, Any], diia: dict[str, str]
    ) -> None:
        office = {**leaving, "channel": "office"}
        assert codes(desk.refused("/applications", office, **diia)) == [("machine-at-office", "channel")]
        copied = {**leaving, "transcribed": True}
        assert codes(desk.refused("/applications", copied, **diia)) == [("nothing-transcribed", "transcribed")]

    def test_gets_no_service_that_its_channel_is_not_admitted_for(self, desk: Desk, diia: dict[str, str]) -> None:
        body = filed(desk, **MOVE, channel="diia", register=about(desk.person(), dwelling=desk.dwelling()))
        body = {name: said for name, said in body.items() if name != "transcribed"}
        assert desk.act("/applications", {**body, "decide": True}, **diia)["status"] == "not-possible"

    def test_repeats_what_it_sent(self, desk: Desk, leaving: dict[str, Any], diia: dict[str, str]) -> None:
        command = "0b0d5e0c-5d5c-4a0a-9a53-0c6f2d9e4c22"
        leaving |= {"acted_on": DAY}
        first = desk.act("/applications", leaving, Idempotency_Key=command, **diia)
        again = desk.post("/applications", leaving, Idempotency_Key=command, **diia)
        assert (again.status_code, again.json()) == (200, first)

    def test_sees_whom_its_name_may_see(
        self,
        desk: Desk,
        leaving: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
        diia: dict[str, str],
        dracs: dict[str, str],
    ) -> None:
        monkeypatch.setattr(viewer, "viewer_of", lambda who: SeesNobody() if who.actor.id == "diia" else viewer.OPEN)
        for how in ("", "?dry_run=1"):
            assert desk.refused(f"/applications{how}", leaving, 403, **diia)["type"] == "/problems/hidden"
        desk.act("/applications", leaving, **dracs)

    def test_opens_nothing_else(self, desk: Desk, leaving: dict[str, Any], diia: dict[str, str]) -> None:
        where = f"/applications/{desk.act('/applications', leaving, **diia)['application']}"
        for path, body in ((f"{where}/decision", {"acted_on": DAY}), ("/persons", {"particulars": {"surname": "Я"}})):
            assert desk.refused(path, body, 403, **diia)["type"] == "/problems/not-your-role"
        assert desk.client.get(f"/api/v1{where}", headers=diia).status_code == 403
        assert desk.client.get(f"/api/v1{where}").status_code == 200


class TestAKey:
    @pytest.mark.parametrize("said", [f"Bearer {SECRET}", "Bearer", "Bearer ", "bearer Ключ"])
    def test_that_nobody_knows_is_refused_and_logged_nowhere(
        self,
        desk: Desk,
        leaving: dict[str, Any],
        dracs: dict[str, str],
        said: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        header: Any = {"Authorization": said.encode()}
        for how in ("", "?dry_run=1"):
            problem = desk.refused(f"/applications{how}", leaving, 401, **header)
            assert problem["type"] == "/problems/not-signed-in"
        assert desk.post("/applications", leaving, **dracs).status_code == 201
        logged = capsys.readouterr().err
        assert '"status": 401' in logged and '"by": "dracs"' in logged
        assert not any(key in logged for key in (SECRET, dracs["Authorization"].split()[1]))

    def test_of_one_name_there_may_be_two_until_one_is_ended(self, desk: Desk, leaving: dict[str, Any]) -> None:
        old, new = (of_machine(desk.registry) for _ in range(2))
        first = desk.act("/applications", leaving, **old)["application"]
        assert desk.get(f"/applications/{first}").json()["by"] == {"id": "diia", "name": "diia"}
        known = [one for one in keys.listed(desk.registry.staff) if one.name == "diia"]
        keys.end(desk.registry.staff, known[-1].id, by=CLERK, now=utc_now())
        assert sorted(desk.post("/applications", {}, **one).status_code for one in (old, new)) == [401, 422]

    def test_that_has_expired_opens_nothing(self, desk: Desk) -> None:
        day = timedelta(days=1)
        ended = {"now": utc_now() - 2 * day, "expires_at": utc_now() - day}
        key = bearer(key_of(desk.registry, "machine", "diia", **ended))
        assert desk.refused("/applications", {}, 401, **key)["type"] == "/problems/not-signed-in"
