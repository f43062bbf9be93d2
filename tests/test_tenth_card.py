"""A tenth card: an invented service, in force since last month, is granted with one file and one condition.

The houses are copied, `cards/tenth/card_10.toml` is put beside the nine, and its condition to the end of
`predicates.py`: nothing else is edited.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
TENTH = TESTS / "cards" / "tenth"
IN_FORCE = "from = 2026-01-01"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The three houses with the tenth card."""
    for name in ("registry", "api", "replay"):
        shutil.copytree(TESTS.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    services = tmp_path / "registry" / "services"
    last_month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    said = (TENTH / "card_10.toml").read_text("utf-8")
    assert IN_FORCE in said
    (services / "cards" / "card_10.toml").write_text(said.replace(IN_FORCE, f"from = {last_month}"), "utf-8")
    condition = (TENTH / "condition.py").read_text("utf-8")
    with (services / "predicates.py").open("a", encoding="utf-8") as predicates:
        predicates.write("\n\n" + condition[condition.index("def ") :])
    return tmp_path


def granted(house: Path, database_url: str, day: date) -> dict[str, Any]:
    """What the API of the house answered."""
    done = subprocess.run(
        [sys.executable, TENTH / "grant.py", database_url, day.isoformat(), house],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(house), str(TESTS)]), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        cwd=house,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_is_granted_over_http_with_one_file_and_one_condition(house: Path, database_url: str) -> None:
    day = date.today() - timedelta(days=1)
    found = granted(house, database_url, day)
    assert found["house"] == str(house / "registry")
    adult, elderly = (found["said"][born]["parts"][0] for born in ("1990-05-04", "1960-05-04"))
    assert (adult["fee"]["kopiykas"], adult["fee"]["reference"]) == (5000, "картка 10, рядок 11")
    assert (elderly["fee"]["kopiykas"], elderly["due_by"]) == (0, day.isoformat())
    for born in found["residences"]:
        (row,) = found["residences"][born]
        assert (row["kind"], row["since"]) == ("stay", day.isoformat())
        assert "Реєстрація сезонного проживання в садовому будинку" in found["pages"][born]
    # It is listed from its first day, and says what it does.
    assert found["services"][-1]["id"] == "register_season" and "register_season" not in found["earlier"]
    (card,) = found["service"]["cards"]
    assert (card["settles"], card["channels"], card["removes"]) == ("stay", ["office"], False)
    assert found["service"]["amounts"]["late"]["kopiykas"] == 5000
