"""Many extracts at once from a real server: eight clients over HTTP, numbers without a gap, memory that does not grow.

`EXTRACT_LOAD` says how many (1000 by default). The rate is printed, not asserted.
"""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import httpx2 as httpx
import pypdfium2
import pytest
import zxingcpp
from extracting import Office
from given import founded, installation
from running import Server

from registry.extracts.statement import checked
from registry.opening import opened
from registry.storage import access
from replay.compare import verify

pytestmark = pytest.mark.slow

EXTRACTS = int(os.environ.get("EXTRACT_LOAD", "1000"))
CLIENTS = 8
WARM = 300
"""So many are issued before memory is looked at first: fonts, pools and what the engine remembers are there by then."""
GROWTH_MIB = 60
"""How much the server may have grown from then to the end."""


@pytest.fixture
def office(database_url, tmp_path):
    with opened(database_url) as registry:
        founded(registry)
        yield Office(registry, installation(data=tmp_path))


@pytest.fixture
def desk(office, database_url, tmp_path):
    running = Server(database_url, tmp_path)
    yield running
    running.stop()


def asks(office):
    """Where each client asks, and what: of thirty people and ten dwellings, plain and with history."""
    homes = [office.home(str(number)) for number in range(10)]
    paths = []
    for number in range(30):
        person = office.enter(surname=f"Вигаданенко-{number}", given_names="Зеновія", birth_date="1985-04-02")
        office.past(person, homes[(number + 3) % 10], "2001", "2010-07-15")
        office.settle(person, homes[number % 10])
        paths.append((f"/api/v1/persons/{person}/extracts", {"history": bool(number % 2)}))
    owner = {"basis": "dwelling_owner", "requester": "Власник Придуманий"}
    owner["documents"] = ["identity_document", "ownership_document"]
    return paths + [(f"/api/v1/dwellings/{home}/extracts", owner) for home in homes]


def test_eight_clients_at_once(office, desk, tmp_path, capsys):
    wanted = list(islice(cycle(asks(office)), EXTRACTS))
    with (
        httpx.Client(base_url=desk.address, headers=desk.by, timeout=300) as client,
        ThreadPoolExecutor(CLIENTS) as clients,
    ):

        def ask(one):
            answer = client.post(one[0], json=one[1])
            assert answer.status_code == 201, answer.text
            return answer.json()

        started = time.perf_counter()
        warm = min(WARM, EXTRACTS // 2)
        issued = list(clients.map(ask, wanted[:warm]))
        before = desk.resident_mib()
        issued += clients.map(ask, wanted[warm:])
        seconds, after = time.perf_counter() - started, desk.resident_mib()
        public = client.get("/.well-known/jwks.json").json()
    with capsys.disabled():
        rate = EXTRACTS / seconds
        print(f"\n{EXTRACTS} extracts from {CLIENTS} clients: {rate:.1f}/s; the server {before:.0f} → {after:.0f} MiB")
    assert after - before < GROWTH_MIB
    year = office.today().year
    assert sorted(one["number"] for one in issued) == [f"{year}/{number:09d}" for number in range(1, EXTRACTS + 1)]
    assert len({one["code"] for one in issued}) == len({one["sha256"] for one in issued}) == EXTRACTS
    for number, one in enumerate(issued):
        made = (tmp_path / "documents" / f"{one['sha256']}.pdf").read_bytes()
        assert hashlib.sha256(made).hexdigest() == one["sha256"] and len(pypdfium2.PdfDocument(made)) == 1
        if number % 50 == 0:
            assert checked(made, public).outcome == "valid"
            assert scanned(made) == f"{desk.public}/v/{one['code']}"
    entries = access.entries(office.registry.access, limit=2 * EXTRACTS + 1)
    assert sorted(entry.about["extract"] for entry in entries if entry.action == "issued") == sorted(
        one["number"] for one in issued
    )
    assert verify(office.registry).differences == []


def scanned(made):
    """What a phone reads in the QR code of the first page."""
    drawn = pypdfium2.PdfDocument(made)[0].render(scale=3).to_pil()
    (found,) = zxingcpp.read_barcodes(drawn)
    return found.text
