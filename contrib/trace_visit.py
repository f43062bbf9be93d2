"""How far one visit walks: `POST /api/v1/applications` with `decide`, one part, three checks, traced in one process.

    .venv/bin/python contrib/trace_visit.py [--calls N] [--files]

Counted are the calls of named functions of this project (no lambdas, no comprehensions, no generator steps), the files
that they stand in, and how often the walk goes from one file to another; how often an application was read, its dues
worked out, a decision made, a stream read and an entry decoded. The register is an embedded one in a new folder, which
is removed; the visit traced is the third, so that nothing is counted that happens once a process. With `--calls` the N
functions called most, with `--files` every file. Needs what `make install-dev` installs. Nothing is asserted.
"""

import argparse
import os
import shutil
import sys
import threading
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
HOUSES = tuple(f"{ROOT / house}{os.sep}" for house in ("registry", "api", "replay"))
UNNAMED = ("<lambda>", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<module>")
WATCHED = {
    "an application read": ("registry/services/application.py", "read"),
    "dues worked out": ("registry/services/decision.py", "dues"),
    "decisions made": ("registry/services/decision.py", "decide"),
    "the card looked up": ("registry/services/decision.py", "card_for"),
    "entries decoded": ("registry/storage/mapper.py", "read_entry"),
}
API = "/api/v1"


class Walk:
    """The calls of one request; a generator counts when it is made, not at each step."""

    def __init__(self) -> None:
        self.on = False
        self.calls: Counter[tuple[str, str]] = Counter()
        self.changes_of_file = 0
        self._last = ""

    def step(self, frame: FrameType, event: str, _: Any) -> None:
        """The profiler's hook."""
        code: CodeType = frame.f_code
        if not self.on or event != "call" or not code.co_filename.startswith(HOUSES) or code.co_name in UNNAMED:
            return
        # A generator is called again at each step, with the instruction that it stopped at.
        if frame.f_lasti > 0 and code.co_flags & 0x20:
            return
        file = str(Path(code.co_filename).relative_to(ROOT))
        self.calls[file, code.co_name] += 1
        self.changes_of_file += file != self._last
        self._last = file


def visit(home: str) -> dict[str, Any]:
    """A newcomer of an invented town registers: one part, three checks."""
    who = {"surname": "Вигадана", "given_names": "Оксана", "patronymic": "Тестівна", "birth_date": "1990-05-04"}
    return {
        "service": "register_residence",
        "subject": {"born": "1990-05-04"},
        "dwelling": {"right_document_held": True},
        "documents": ["application", "identity_document", "dwelling_right_document", "fee_evidence"],
        "register": {"dwelling": home, "persons": [{"particulars": who}]},
        "checks": [
            {"check": "ownership", "said": {"owners": 1}},
            {"check": "encumbrance", "said": {"encumbrance": "none"}},
            {"check": "payment", "said": {"kopiykas": 4992, "receipt": "квитанція 17"}},
        ],
        "decide": True,
    }


def traced(folder: Path) -> Walk:
    """The walk of the third visit."""
    from starlette.testclient import TestClient

    from api.main import create_app
    from registry.roles import PROGRAM
    from registry.settings import Settings
    from registry.staff import keys
    from registry.storage.database import migrate
    from registry.storage.embedded import Embedded

    try:
        from registry.opening import opened
    except ImportError:
        from registry.app import Registry as opened  # type: ignore[assignment]  # before followers

    embedded = Embedded(folder)
    embedded.start()
    try:
        migrate(embedded.url)
        walk = Walk()
        threading.setprofile(walk.step)
        with opened(embedded.url) as registry:
            key = keys.add(registry.staff, name="trace", role="clerk", by=PROGRAM, now=registry.clock())[1]
            by = {"Authorization": f"Bearer {key}"}
            client = TestClient(create_app(registry, Settings(data=folder)), "http://127.0.0.1:8080", headers=by)
            address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}
            home = client.post(f"{API}/dwellings", json={"kind": "private", "address": address}).json()["dwelling"]
            for number in range(3):
                walk.on = number == 2
                command = {"Idempotency-Key": str(uuid4())}
                answer = client.post(f"{API}/applications", json=visit(home), headers=command)
                walk.on = False
                if answer.status_code != 201 or answer.json()["status"] != "granted":
                    raise SystemExit(f"the visit was not granted: {answer.status_code} {answer.text}")
        return walk
    finally:
        threading.setprofile(None)  # type: ignore[arg-type]  # None takes the hook away
        embedded.stop()


def told(walk: Walk, calls: int, files: bool) -> None:
    """Prints the counts."""
    by_file: Counter[str] = Counter()
    for (file, _), number in walk.calls.items():
        by_file[file] += number
    print(f"calls of named functions   {walk.calls.total():6}")
    print(f"functions                  {len(walk.calls):6}")
    print(f"files                      {len(by_file):6}")
    print(f"changes of file            {walk.changes_of_file:6}")
    for name, where in WATCHED.items():
        print(f"{name:26} {walk.calls[where]:6}")
    for (file, name), number in walk.calls.most_common(calls):
        print(f"{number:6}  {file}:{name}")
    for file, number in by_file.most_common() if files else ():
        print(f"{number:6}  {file}")


def main() -> None:
    """Traces, prints, removes the register."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]  # it is above
    asked.add_argument("--calls", type=int, default=0, help="the N functions called most")
    asked.add_argument("--files", action="store_true", help="every file")
    how = asked.parse_args()
    folder = Path("/tmp") / f"hromada-trace-{os.getpid()}"
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)
    try:
        told(traced(folder), how.calls, how.files)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
