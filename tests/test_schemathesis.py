"""Requests that nobody thought of, made of the description by schemathesis: every answer must be as it is described.

A bounded smoke with a fixed seed. `SCHEMATHESIS_REQUESTS=20000 pytest tests/test_schemathesis.py` makes at least so
many (docs/developing.md); a failure is printed with the request that shows it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from callers import key_of
from fastapi.testclient import TestClient
from filing import about, filed
from given import NAMED, installation
from running import served
from test_api import Desk

from api.main import create_app
from api.operations import OPERATIONS
from registry.opening import opened
from registry.settings import Settings

pytestmark = pytest.mark.slow

WANTED = int(os.environ.get("SCHEMATHESIS_REQUESTS", "0"))
UNFIT = {
    "positive_data_acceptance": "the law and the register refuse much that has the right form",
    "negative_data_rejection": "a day may be typed in several ways, and its description names the one that is stored",
}
"""The checks that ask for what this API does not promise, and why."""


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A register with somebody in it, behind a real server that a key of a head opens; and the ids of what it holds by
    the name of a parameter."""
    with opened(database_url) as registry:
        desk = Desk(TestClient(create_app(registry, installation(data=tmp_path))), registry)
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        open_case = desk.act("/applications", filed(desk, service="deregister_residence", register=about(person)))
        year, number = desk.act(f"/persons/{person}/extracts", {})["number"].split("/")
        ids = {"person": person, "dwelling": home, "residence": residence, "application": open_case["application"]}
        in_earnest = Settings(data=tmp_path, public_rate="1000000/minute", **NAMED)
        with served(create_app(registry, in_earnest)) as at:
            yield at, key_of(registry, "head"), {**ids, "year": year, "number": number, "service": "issue_extract"}


def test_every_answer_is_as_described(address: tuple[str, str, dict[str, str]], tmp_path: Path) -> None:
    url, key, ids = address
    (tmp_path / "schemathesis.toml").write_text(_settings(key, ids), "utf-8")
    phases = "examples,coverage,fuzzing" if WANTED else "examples,fuzzing"
    examples = max(3, WANTED // len(OPERATIONS))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json"),
        *("--checks", "all", "--exclude-checks", ",".join(UNFIT), "--phases", phases, "--mode", "all"),
        *("--max-examples", str(examples), "--seed", "11", "--suppress-health-check", "all", "--continue-on-failure"),
        *("--generation-database", "none", "--warnings", "off", "--no-color"),
        *("--report", "json", "--report-json-path", str(tmp_path / "report.json")),
        *(() if WANTED else ("--no-shrink",)),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-2000:]


def _settings(key: str, ids: dict[str, str]) -> str:
    """A key is brought, and the addresses lead to what the register holds, so that what is behind them is tried too."""
    said = {f"path.{name}": value for name, value in ids.items()}
    lines = [
        f'headers = {{ Authorization = "Bearer {key}" }}',
        "[parameters]",
        *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in said.items()),
    ]
    return "\n".join(lines)
