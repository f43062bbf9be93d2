"""What README and the pages of `docs/` tell to type, run word for word; what they name is there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from running import HROMADA, Server

from registry.storage.embedded import Embedded

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
STORY = ROOT / "docs" / "visit.md"
OWN_DATABASE = "server"
"""The page that tells of the embedded database has one."""
_numbers = count()


def blocks(page: Path, *, language: str = "sh") -> list[str]:
    """The blocks of a page in a language, but those for `make`, which this very run of the tests has gone through."""
    found = [text for tongue, text in FENCE.findall(page.read_text("utf-8")) if tongue == language]
    return [text for text in found if not text.lstrip().startswith("make ")]


TOLD = [page for page in PAGES if page != STORY and blocks(page)]


@pytest.fixture
def folder(data_root: Path) -> Iterator[Path]:
    """A folder to type in: `hromada` is a command there, `docs` lies beside, and what it starts is stopped."""
    folder = data_root / f"docs-{next(_numbers)}"
    (folder / "bin").mkdir(parents=True)
    (folder / "docs").symlink_to(ROOT / "docs")
    command = folder / "bin" / "hromada"
    program = HROMADA[2].replace('"', "")
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
    command.chmod(0o755)
    yield folder
    for data in folder.glob("*/pg"):
        Embedded(data.parent).stop()


@pytest.mark.slow
@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.stem)
def test_what_a_page_tells_to_type_works(page: Path, folder: Path, database_url: str) -> None:
    environment = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HROMADA_DATA": str(folder / "data")}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    if page.stem != OWN_DATABASE:
        environment["DATABASE_URL"] = database_url
    before = "" if page.stem != "README" else "hromada demo --no-serve --persons 2000\n"
    script = before + "\n".join(blocks(page))
    told = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr[-2000:]
    assert "Traceback" not in told.stderr


@pytest.mark.slow
def test_an_application_from_the_visit_to_the_register(database_url, tmp_path, folder):
    assert all(map(shutil.which, ("bash", "curl", "jq"))), (
        "the story of docs/visit.md needs them: apt-get install curl jq"
    )
    [story] = blocks(STORY)
    server = Server(database_url, tmp_path)
    try:
        script = story.replace("http://127.0.0.1:8080", server.address)
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        environment = os.environ | {"PATH": path, "DATABASE_URL": database_url, "HROMADA_DATA": str(tmp_path)}
        told = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        server.stop()
    assert (told.returncode, told.stderr) == (0, "")
    said = [json.loads(line) for line in told.stdout.splitlines()]
    (tried, unanswered, *answered, decided), (*messages, status) = said[:6], said[6:]
    assert tried["outcome"] == "granted" and not tried["missing"] and tried["would_record"]
    assert len(unanswered) == len(answered) == len(tried["checks"]) == 3
    assert decided["recorded"] and decided["due"] == tried["fee"]
    assert messages and all(one["deadline"] for one in messages) and status


class TestPages:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_links_within_the_repository_lead_somewhere(self, page: Path) -> None:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), target

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_what_is_typed_stands_in_a_block_that_is_run(self, page: Path) -> None:
        for language, text in FENCE.findall(page.read_text("utf-8")):
            assert language == "sh" or not re.search(r"^ *(?:\$ )?(?:hromada|make) ", text, re.MULTILINE)

    def test_every_page_is_listed(self) -> None:
        listed = re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs" / "README.md").read_text("utf-8"))
        assert sorted(listed) == sorted(page.name for page in PAGES[1:] if page.name != "README.md")

    def test_what_is_made_is_a_target(self) -> None:
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        for page in PAGES:
            assert set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8"))) <= set(targets)

    def test_readme_is_read_in_three_minutes(self) -> None:
        """At 250 words a minute."""
        assert len((ROOT / "README.md").read_text("utf-8").split()) <= 750
