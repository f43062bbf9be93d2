"""What a clerk waits for: searches, cards and decisions by eight clerks at once, extracts by one and by two, over HTTP.

The real `hromada serve` in a process of its own, whose clerks have signed in; each sends the next request as soon as
the one before is answered, which no clerk does: it is the server under full load, and whoever asks shares its cores.
Searched is on the first page, by a letter, by the beginning of a surname, and by a name with a year; a decision is an
application about another dwelling, checked, decided and recorded by one request; an extract is issued whole, drawn,
signed, kept.
"""

import http.client
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from registry.bench.measures import Measures, at_once, pause, peak_of, watch
from registry.bench.people import SEED
from registry.bench.place import BenchPlace, ended
from registry.bench.ports import free_port
from registry.bench.upstairs import Upstairs
from registry.clock import Clock
from registry.opening import opened
from registry.roles import PROGRAM
from registry.staff import users
from registry.storage.mapper import KYIV, kyiv_day

CLERKS, ENOUGH = 8, 20_000
PASSWORD = "bench kalyna roste"
READY_SECONDS = 120.0
FORM = "application/x-www-form-urlencoded"
PAGE, API, CASES = "/", "/api/v1", "/api/v1/applications"
_CSRF = re.compile(rb'name="csrf" value="([^"]+)"')
People = list[dict[str, Any]]


class BenchClerk:
    """A browser of somebody who has signed in."""

    def __init__(self, port: int, number: int):
        self.number, self.turn = number, count()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}", "Accept": "text/html"}
        said = {"login": login(number), "password": PASSWORD, "to": "/me"}
        answer, _ = self._sent("POST", "/sign-in", urlencode(said), FORM, 303)
        cookies = (one.partition(";")[0] for one in answer.headers.get_all("set-cookie") or [])
        self.headers["Cookie"] = "; ".join(cookies)
        found = _CSRF.search(self._sent("GET", "/me", None, None, 200)[1])
        self.csrf = found[1].decode() if found else ""
        self.headers["X-CSRF-Token"] = self.csrf

    def page(self, path: str) -> bytes:
        """A page."""
        return self._sent("GET", path, None, None, 200)[1]

    def form(self, path: str, **fields: str) -> bytes:
        """What a form is answered with."""
        return self._sent("POST", path, urlencode({**fields, "csrf": self.csrf}), FORM, 200)[1]

    def api(self, path: str, body: dict[str, Any], wanted: int) -> dict[str, Any]:
        """What the JSON API answers."""
        said: dict[str, Any] = json.loads(self._sent("POST", path, json.dumps(body), "application/json", wanted)[1])
        return said

    def _sent(
        self, method: str, path: str, body: str | None, kind: str | None, wanted: int
    ) -> tuple[http.client.HTTPResponse, bytes]:
        headers = {**self.headers, **({"Content-Type": kind} if kind else {})}
        try:
            self.connection.request(method, path, body.encode() if body else None, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()  # the server does not wait for ever: as a browser, once more
            self.connection.request(method, path, body.encode() if body else None, headers)
            answer = self.connection.getresponse()
        read = answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{method} {re.sub('[0-9a-f-]{36}', '...', path)}: {answer.status} {_refusal(read)}")
        return answer, read


Sent = Callable[[], Any]
Asking = Callable[[BenchClerk], Sent]
"""What leads up to a request of a clerk; what it brings back sends it."""


def login(number: int) -> str:
    """What a clerk is called who signs in."""
    return f"bench-{number}"


def measured(place: BenchPlace, measures: Measures, upstairs: Upstairs, people: People, homes: Sequence[Any]) -> None:
    """Measures all of it on the database `desk`, a copy of `people`. Each clerk has
    visitors and dwellings of their own, so that nobody loses a race: a refusal is another, and a quicker, answer."""
    clock = _staffed(place)
    luck = Random(SEED)

    def next_one(clerk: BenchClerk) -> dict[str, Any]:
        own = people[clerk.number :: CLERKS]
        return own[next(clerk.turn) % len(own)]

    def card(clerk: BenchClerk) -> Sent:
        path = _of(next_one(clerk))
        return lambda: clerk.page(path)

    def decision(clerk: BenchClerk) -> Sent:
        body = _application(clerk, next_one(clerk), luck.choice(homes[clerk.number :: CLERKS]), clock())
        return lambda: _granted(clerk.api(CASES, {**body, "decide": True}, 201))

    def extract(clerk: BenchClerk) -> Sent:
        path = f"{API}{_of(next_one(clerk))}/extracts"
        return lambda: clerk.api(path, {"history": True}, 201)

    def searching(way: str) -> Asking:
        def asked(clerk: BenchClerk) -> Sent:
            line = WAYS[way](next_one(clerk))
            return lambda: clerk.form(PAGE, q=line)

        return asked

    with _served(place, upstairs) as (port, server):
        clerks = [BenchClerk(port, number) for number in range(CLERKS)]

        def phases(into: Measures) -> list[Callable[[int], None]]:
            asked: list[tuple[str, int, Asking]] = [(f"search_{way}_ms", CLERKS, searching(way)) for way in WAYS]
            asked += [("card_ms", CLERKS, card), ("decision_ms", CLERKS, decision)]
            asked += [(f"extract_{many}_ms", many, extract) for many in (1, 2)]
            return [partial(_phase, into, figure, clerks[:many], one) for figure, many, one in asked]

        for work in phases(Measures(1, measures.seconds / 4, lambda done: None)):
            work(0)  # a server that has answered before, as on any day but its first minute
        measures.rounds(*phases(measures))
        if (status := Path(f"/proc/{server}/status")).exists():
            measures.note("serve_peak_mb", peak_of(status))


def _staffed(place: BenchPlace) -> Clock:
    """Gives the register a clerk for each who comes; its clock."""
    with opened(place.url("desk")) as registry:
        office = next(iter(registry.community().on(kyiv_day(registry.clock())).timetable.offices), None)
        for number in range(CLERKS):
            who: dict[str, Any] = {"login": login(number), "name": login(number), "role": "clerk", "office": office}
            users.add(registry.staff, **who, password=PASSWORD, by=PROGRAM, now=registry.clock())
        return registry.clock


WAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "letter": lambda one: one["surname"][:1],
    "prefix": lambda one: one["surname"][:4],
    "words": lambda one: f"{one['given_names']} {one['born_on'].year}",
}
"""How somebody is searched for, by the name of the figure."""


def _refusal(read: bytes) -> str:
    """Which refusal that is, by its codes."""
    try:
        said = json.loads(read)
        return f"{said['type']} {[one['code'] for one in said.get('errors', [])]}"
    except (ValueError, KeyError):
        return ""


def _of(one: dict[str, Any]) -> str:
    return f"/persons/{one['person']}"


def _application(clerk: BenchClerk, one: dict[str, Any], home: Any, came: datetime) -> dict[str, Any]:
    """An application about another dwelling with all that the law asks for, as the dry run tells it."""
    body: dict[str, Any] = {
        "service": "register_residence",
        "received": f"{came.astimezone(KYIV):%Y-%m-%dT%H:%M}",
        "dwelling": {"right_document_held": True},
        "confirmed": True,  # that an extract which was given out today holds no more, for one
        "register": {"persons": [{"person": str(one["person"])}], "dwelling": str(home)},
    }
    [part] = clerk.api(f"{CASES}?dry_run=1", body, 200)["parts"]
    for name in ("documents", "consents"):
        body[name] = [asked["id"] for asked in part[f"{name}_required"] if not asked["optional"]]
    fee = {"kopiykas": part["fee"]["kopiykas"]}
    body["checks"] = [
        {"part": 1, "check": one["check"], "said": fee if one["check"] == "payment" else {}} for one in part["checks"]
    ]
    return body


def _granted(said: dict[str, Any]) -> None:
    """Raises where an application with everything was refused: that would be another, and a quicker, decision."""
    if said["status"] != "granted":
        raise RuntimeError(f"an application was {said['status']}")


def _phase(
    measures: Measures,
    figure: str,
    clerks: Sequence[BenchClerk],
    asked: Asking,
    number: int,
) -> None:
    """Every clerk asks, one request after another, until the time is over; once at least. What leads up to a request is
    not timed."""
    until = watch() + measures.seconds

    def at_work(clerk: int) -> list[float]:
        took: list[float] = []
        while not took or watch() < until:
            send = asked(clerks[clerk])
            started = watch()
            send()
            took.append((watch() - started) * 1000)
        return took

    started = watch()
    times = [one for each in at_once(len(clerks), at_work) for one in each]
    measures.note(figure.replace("_ms", "_per_s"), len(times) / (watch() - started))
    measures.taken[figure] += times


@contextmanager
def _served(place: BenchPlace, upstairs: Upstairs) -> Iterator[tuple[int, int]]:
    """`hromada serve` on two free ports; the port of the desk, and the number of the process."""
    port, public = free_port(), free_port()
    ours = {name: text for name, text in os.environ.items() if not name.startswith(("HROMADA_", "PG"))}
    ours |= {"DATABASE_URL": place.url("desk"), "HROMADA_DATA": str(place.folder / "desk")}
    ours |= {"HROMADA_PORT": str(port), "HROMADA_PUBLIC_PORT": str(public)}
    server = subprocess.Popen(
        [*upstairs.program, "serve"],
        env=ours,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = watch() + READY_SECONDS
        while not _answers(port):
            if server.poll() is not None or watch() > until:
                raise RuntimeError("hromada serve does not answer")
            pause(0.1)
        yield port, server.pid
    finally:
        ended(server)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
