"""How long a sign-in takes while ten thousand wrong passwords come from as many addresses, at the real server.

    .venv/bin/python contrib/bench_sign_in.py --data /var/tmp/bench [--wrong 10000] [--at-once 100] [--kind one]

Makes a register with invented users in --data, serves it with HROMADA_PROXIES=127.0.0.1, comes to it as a proxy that
names another address for each attempt. `--kind`: `one` login, `many` logins that there are, `unknown` ones. Meanwhile a
user signs in by a known browser and by new ones. Printed are seconds. Nothing is asserted. Let nothing else run.
"""

import argparse
import http.client
import itertools
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

from registry.aggregates.values import Actor
from registry.clock import utc_now
from registry.opening import opened
from registry.staff import users
from registry.storage.database import migrate
from registry.storage.embedded import Embedded

PORT, HOST, PASSWORD = 8097, "desk.example.test", "kalyna roste krai dorohy"
LOGINS = {
    "one": lambda number: "olena",
    "many": lambda number: f"clerk-{number % 20}",
    "unknown": lambda number: f"nobody-{number}",
}


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--data", type=Path, required=True)
    said.add_argument("--wrong", type=int, default=10_000)
    said.add_argument("--at-once", type=int, default=100)
    said.add_argument("--kind", choices=LOGINS, default="one")
    asked = said.parse_args()
    database = Embedded(asked.data)
    database.start()
    migrate(database.url)
    with opened(database.url) as registry:
        for login in ("olena", "ivan", *(f"clerk-{number}" for number in range(20))):
            if users.of_login(registry.staff, login) is None:
                named = {"name": "Vyhadana O. O.", "role": "clerk", "by": Actor("bench", "bench"), "now": utc_now()}
                users.add(registry.staff, login=login, password=PASSWORD, **named)
    ports = {"HROMADA_PORT": str(PORT), "HROMADA_PUBLIC_PORT": str(PORT + 1)}
    environment = {**os.environ, **ports, "HROMADA_DATA": str(asked.data), "HROMADA_PROXIES": "127.0.0.1"}
    environment["HROMADA_DESK_URL"] = f"https://{HOST}"
    program = [Path(sys.executable).with_name("hromada"), "serve"]
    server = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait()
        measure(asked)
    finally:
        server.terminate()
        server.wait()


def wait() -> None:
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", PORT).request("GET", "/healthz")
            return
        except OSError:
            time.sleep(0.2)


def measure(asked: argparse.Namespace) -> None:
    status, taken, cookie = sign_in("olena", PASSWORD, "192.0.2.1")
    print(f"before: {status} in {taken:.2f} s")
    numbers, statuses = itertools.count(), Counter()

    def attack() -> None:
        while (number := next(numbers)) < asked.wrong:
            address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
            statuses[sign_in(LOGINS[asked.kind](number), "wrong password", address)[0]] += 1

    threads = [threading.Thread(target=attack) for _ in range(asked.at_once)]
    for one in threads:
        one.start()
    known, new = [], []
    for number in itertools.count():
        if not any(one.is_alive() for one in threads):
            break
        known.append(sign_in("olena", PASSWORD, "192.0.2.1", cookie)[:2])
        new.append(sign_in("ivan", PASSWORD, f"203.0.113.{number % 200}")[:2])
        time.sleep(1)
    print(f"wrong ones: {dict(statuses)}")
    for name, rows in (("known browser", known), ("new browser", new)):
        seconds = [taken for _, taken in rows]
        print(f"{name}: {dict(Counter(status for status, _ in rows))}, at the most {max(seconds):.2f} s")


def sign_in(login: str, password: str, address: str, cookie: str = "") -> tuple[int, float, str]:
    """The status, the seconds, and the cookies that were set."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address, "Cookie": cookie}
    headers |= {"X-Forwarded-Proto": "https", "Host": HOST}
    connection.request("POST", "/sign-in", urlencode({"login": login, "password": password}), headers)
    answer = connection.getresponse()
    answer.read()
    set_ = "; ".join(said.partition(";")[0] for said in answer.headers.get_all("set-cookie") or [])
    return answer.status, time.perf_counter() - started, set_


if __name__ == "__main__":
    main()
