"""A working day of the offices, as fast as it goes: clerks sign in, and serve visitors one after another over HTTP.

    .venv/bin/python contrib/day.py --data /var/tmp/day [--people 100000] [--offices 8] [--visits 66] [--users 100]

Fills an empty register (its own PostgreSQL in --data) with invented people, serves it, and lets a clerk of each office
serve so many visitors in mixed services; then the same with --users clerks at once, all signed in, two visits each. In
each visit somebody is searched for and their card opened, then what they came for: an extract, a removal, another
address, an address for a newcomer; each with its dry run and its decision; and the queue is looked at. All of it goes
by the pages, whose forms are sent as a browser without scripts sends them. Printed are medians and the 95th part of a
hundred in milliseconds by step, what was answered otherwise than it should, and whether `verify` agrees afterwards.
Nothing is asserted by time. Everybody is invented.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from urllib.parse import urlencode
from uuid import UUID

from bench_search import facts, fill, told
from page_forms import FORM, PageForm, encoded

from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.dwelling.events import DwellingEntered
from registry.aggregates.person.events import PersonEntered
from registry.clock import utc_now
from registry.opening import opened
from registry.roles import PROGRAM
from registry.staff import users
from registry.storage.database import migrate
from registry.storage.embedded import Embedded

PORT, PASSWORD = 8099, "вигадана кульбаба 7"
EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "kryvyi-rih.toml"
SERVICES = ("extract",) * 5 + ("move",) * 3 + ("leave", "newcomer")
ADULT_BEFORE = "2005"
ASKED_AGAIN = 3
"""After how many answers at most a page asks nothing more."""
IN_THE_WAY = re.compile(r'<li><a href="#([^"]*)">')
STATUS = re.compile(r'<h1>[^<]*</h1>\s*<span class="chip[^"]*">([^<]+)')
STEPS = ("sign in", "search", "card", "dry run", "decision", "extract", "queue")
Fields = dict[str, list[str]]


class Faults(list[str]):
    """What was answered otherwise than it should; and how many were decided in which way."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: Counter[str] = Counter()


class Clerk:
    """A browser of somebody who has signed in; `times` are of all of them, in milliseconds by step."""

    def __init__(self, login: str, times: dict[str, list[float]], faults: Faults):
        self.times, self.faults = times, faults
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        self.headers = {"Host": f"127.0.0.1:{PORT}", "Origin": f"http://127.0.0.1:{PORT}", "Accept": "text/html"}
        form = urlencode({"login": login, "password": PASSWORD, "to": "/me"})
        _, answer, _ = self.send("sign in", "POST", "/sign-in", form, "application/x-www-form-urlencoded", 303)
        cookies = (said.partition(";")[0] for said in answer.headers.get_all("set-cookie") or [])
        self.headers["Cookie"] = "; ".join(cookies)
        page = self.send(None, "GET", "/me", None, None, 200)[2]
        found = re.search(rb'name="csrf" value="([^"]+)"', page)
        self.csrf = found[1].decode() if found else ""
        self.connection.close()  # the server would, before others have signed in

    def send(
        self, step: str | None, method: str, path: str, body: str | None, kind: str | None, *wanted: int
    ) -> tuple[int, http.client.HTTPResponse, bytes]:
        """One request, whose time counts for a step; another status than is wanted is a fault."""
        headers = {**self.headers, **({"Content-Type": kind} if kind else {})}
        started = time.perf_counter()
        self.connection.request(method, path, body.encode() if body else None, headers)
        answer = self.connection.getresponse()
        read = answer.read()
        if step:
            self.times[step].append((time.perf_counter() - started) * 1000)
        if answer.status not in wanted:
            where = re.sub(r"[0-9a-f-]{36}", "…", path)
            self.faults.append(f"{method} {where}: {answer.status} {_type(read)}")
        return answer.status, answer, read

    def page(self, step: str | None, path: str, fields: Fields | None = None, *wanted: int) -> tuple[str, str]:
        """A page, and whereto an answer leads; with fields, of which the token is one, by POST."""
        said = None if fields is None else encoded({**fields, "csrf": [self.csrf]})
        method, kind = ("GET", None) if fields is None else ("POST", FORM)
        _, answer, read = self.send(step, method, path, said, kind, *(wanted or (200,)))
        return read.decode(errors="replace"), answer.headers.get("location") or ""


def _type(read: bytes) -> str:
    """Which refusal that is, without what it says of anybody."""
    try:
        said = json.loads(read)
        return f"{said.get('type', '')} {[one.get('code') for one in said.get('errors', [])]}"
    except (ValueError, AttributeError):
        return ""


def visit(clerk: Clerk, who: tuple[UUID, str], homes: list[UUID], luck: Random) -> None:
    """One visitor, from the search to the next one."""
    person, surname = who
    service = luck.choice(SERVICES)
    purpose = "extract" if service == "extract" else "application"
    clerk.page(None, "/visit", {"purpose": [purpose]}, 303)
    clerk.page("search", "/", {"q": [surname]})
    card, _ = clerk.page("card", f"/persons/{person}")
    if service == "extract":
        fields = PageForm(card, id="form-extract").fields
        more = {"history": ["1"]} if luck.random() < 0.5 else {}
        clerk.page("extract", f"/persons/{person}/extracts", {**fields, **more}, 303)
    else:
        application(clerk, *asked(service, person, luck.choice(homes), luck))
    clerk.page("queue", "/")
    clerk.page(None, "/visit/end", {}, 303)


def asked(service: str, person: UUID, home: UUID, luck: Random) -> tuple[str, Fields]:
    """The guided page of what a visitor asks for, and their answers."""
    if service == "leave":
        return f"/persons/{person}/services/deregister_residence", {}
    said = {"1-dwelling": [str(home)], "1-right": ["owner"]}
    if service == "move":
        return f"/persons/{person}/services/register_residence", said
    born = date(1950 + luck.randrange(50), 1 + luck.randrange(12), 1 + luck.randrange(28))
    who = {
        "surname": f"Прибулець-{luck.choice(SOUNDS)}{luck.choice(SOUNDS).lower()}енко",
        "given_names": "Любомир",
        "birth_date": born.strftime("%d.%m.%Y"),
        "document_kind": "passport_card",
        "document_number": f"{luck.randrange(10**9):09}",
    }
    return "/services/register_residence", said | {f"1-{name}": [text] for name, text in who.items()}


SOUNDS = "Ба Ві Га Де Жу Зо Ки Ла Мо Ну Пе Ра Со Ти Ха".split()


def application(clerk: Clerk, path: str, answers: Fields) -> None:
    """The page says what the law asks for; then all of it was brought and found, and it is decided: refused, where the
    page says that it will be; as it stands now, where somebody else changed something in between."""
    page, _ = clerk.page(None, path)
    said = {**PageForm(page, id="guided").fields, **answers}
    for _ in range(ASKED_AGAIN):
        page, _ = clerk.page("dry run", path, {**said, "press": ["refresh"]})
        said = PageForm(page, id="guided").everything()
    for _ in range(ASKED_AGAIN):
        page, to = clerk.page("decision", path, {**said, "press": ["decide"]}, 303, 409, 422)
        if to:
            decided = STATUS.search(clerk.page(None, to)[0])
            clerk.faults.outcomes[decided[1] if decided else "?"] += 1
            return
        said = {**PageForm(page, id="guided").everything(), "refuse": ["yes"], "confirmed": ["yes"]}
    clerk.faults.append(f"never decided: {IN_THE_WAY.findall(page)}")


@contextmanager
def served(data: Path) -> Iterator[None]:
    """`hromada serve` for a register that has its people, its community and a clerk for everybody who comes."""
    ports = {"HROMADA_PORT": str(PORT), "HROMADA_PUBLIC_PORT": str(PORT + 1), "HROMADA_DATA": str(data)}
    environment = {**os.environ, **ports}
    program = [sys.executable, "-c", "from api.commands.cli import main; main()", "serve"]
    server = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            try:
                http.client.HTTPConnection("127.0.0.1", PORT).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait()


def at_once(clerks: int, work: Callable[[int], None]) -> float:
    """So many of them at work, each in a thread; the seconds until the last one is done."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clerks) as pool:
        list(pool.map(work, range(clerks)))
    return time.perf_counter() - started


def day(name: str, clerks: int, visits: int, people: list[tuple[UUID, str]], homes: list[UUID]) -> Faults:
    """Serves and tells."""
    times: dict[str, list[float]] = defaultdict(list)
    faults, lock, next_one = Faults(), threading.Lock(), iter(people)

    # One after another: of more than ten unknown browsers at once from one address some are told to wait.
    at_work = [Clerk(f"clerk-{number}", times, faults) for number in range(clerks)]

    def work(number: int) -> None:
        clerk, luck = at_work[number], Random()
        for _ in range(visits):
            with lock:
                who = next(next_one)
            visit(clerk, who, homes, luck)

    seconds = at_once(clerks, work)
    decided = ", ".join(f"{many} {status}" for status, many in faults.outcomes.items())
    print(f"{name}: {clerks * visits} visits in {seconds:.0f} s ({decided}), {len(faults)} faults")
    print(f"{'':<34} {'n':>5} {'p50':>8} {'p95':>8} {'p99':>8}")
    for step in STEPS:
        if times[step]:
            print(told(step, times[step]))
    for fault in sorted(set(faults)):
        print(f"  {faults.count(fault)} × {fault}")
    return faults


def known(people: int) -> tuple[list[tuple[UUID, str]], list[UUID]]:
    """The adults with whom the register was filled, and all its dwellings: made again, they are the same."""
    drafts = list(facts(people))
    entered = [(one.originator_id, one.fact.particulars) for one in drafts if isinstance(one.fact, PersonEntered)]
    homes = [one.originator_id for one in drafts if isinstance(one.fact, DwellingEntered)]
    return [(person, said.surname or "") for person, said in entered if (said.birth_date or "") < ADULT_BEFORE], homes


def main() -> int:
    """Fills, serves, tells; 1 if anything was not as it should be."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--data", type=Path, required=True)
    said.add_argument("--people", type=int, default=100_000)
    said.add_argument("--offices", type=int, default=8)
    said.add_argument("--visits", type=int, default=66)
    said.add_argument("--users", type=int, default=100)
    asked_for = said.parse_args()
    database = Embedded(asked_for.data)
    database.start()
    migrate(database.url)
    fill(database.url, asked_for.people)
    hromada = [sys.executable, "-c", "from api.commands.cli import main; main()"]
    environment = {**os.environ, "HROMADA_DATA": str(asked_for.data)}
    with opened(database.url) as registry:
        if not registry.entries(COMMUNITY):
            subprocess.run([*hromada, "init", str(EXAMPLE)], env=environment, check=True, stdout=subprocess.DEVNULL)
        for number in range(max(asked_for.offices, asked_for.users)):
            if users.of_login(registry.staff, f"clerk-{number}") is None:
                named = {"name": f"Вигадана-{number} О. О.", "role": "clerk", "by": PROGRAM, "now": utc_now()}
                users.add(registry.staff, login=f"clerk-{number}", password=PASSWORD, **named)
    people, homes = known(asked_for.people)
    Random().shuffle(people)
    with served(asked_for.data):
        first = asked_for.offices * asked_for.visits
        faults = day("the day", asked_for.offices, asked_for.visits, people[:first], homes)
        if asked_for.users:
            faults += day("everybody at once", asked_for.users, 2, people[first:], homes)
    agreed = subprocess.run([*hromada, "verify"], env=environment, check=False).returncode == 0
    print("verify agrees" if agreed else "VERIFY DOES NOT AGREE")
    return int(bool(faults) or not agreed)


if __name__ == "__main__":
    sys.exit(main())
