"""What is typed in a terminal, or is said in a variable of it, goes through the gate as what a form sends does."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_values import BROKEN, MARK

from api.commands.cli import main
from registry.settings import Settings, SettingsError

Typed = Callable[..., tuple[int, str]]
REASONS = [
    ("community", "reject"),
    ("territories", "reject"),
    ("territories", "annul", "6d1f9d1e-0000-4000-8000-000000000001"),
    ("streets", "reject"),
    ("streets", "annul", "6d1f9d1e-0000-4000-8000-000000000001"),
    ("streets", "carry", "6d1f9d1e-0000-4000-8000-000000000001"),
]
NAMES = [("ask", "residence"), ("ask", "occupancy"), ("extract", "--out", "x.pdf")]
WRITTEN = {name: text for name, text in BROKEN.items() if "\0" not in text}
"""What no terminal can send is left out."""


@pytest.fixture
def typed(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(Path(__file__).parent)

    def run(*said: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["hromada", *said])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out + told.err

    return run


@pytest.mark.parametrize("command", REASONS, ids=" ".join)
def test_a_reason_that_cannot_be_read(typed: Typed, command: tuple[str, ...]) -> None:
    for text in (*WRITTEN.values(), " ", "-"):
        status, told = typed(*command, "--", text)
        assert status == 2 and MARK not in told and "Traceback" not in told, (text, told)


@pytest.mark.parametrize("option", ["--take-back", "--decision", "--since"])
def test_a_decision_that_cannot_be_read(typed: Typed, option: str) -> None:
    for text in (*WRITTEN.values(), " ", "-"):
        status, told = typed("readdress", f"{option}={text}", "nothing.csv")
        assert status == 2 and MARK not in told and "Traceback" not in told, (text, told)


@pytest.mark.parametrize("command", NAMES, ids=" ".join)
def test_a_name_that_nobody_can_have(typed: Typed, command: tuple[str, ...]) -> None:
    assert typed("init", "../registry/demo/vyhadiv.toml")[0] == 0
    for text in WRITTEN.values():
        status, told = typed(*command, "--", text)
        assert status == 2 and MARK not in told and "UnicodeEncodeError" not in told, (text, told)


def test_who_issues_is_called_in_one_form() -> None:
    settings = Settings.read({"HROMADA_OFFICE_NAME": "  Рада Д'якова\u200b  села"})
    assert settings.office_name == "Рада Д\u02bcякова села"
    for name in ("HROMADA_OFFICE_NAME", "HROMADA_COMMUNITY_NAME"):
        for text in ("Вига\ufffdдана", "Вигадана\udcc2", "?????"):
            with pytest.raises(SettingsError) as told:
                Settings.read({name: text})
            assert text not in str(told.value)


def test_a_file_of_a_community(typed: Typed, tmp_path: Path) -> None:
    """Saved by a notepad, with a mark at its beginning; names in one form, and nothing of what was lost."""
    said = (Path(__file__).parent.parent / "registry/demo/vyhadiv.toml").read_text("utf-8")
    name = 'name = "Вигадівська територіальна громада"'
    file = tmp_path / "community.toml"
    file.write_text(said.replace(name, 'name = "Д\'яківська\u200b  громада"'), "utf-8-sig")
    assert typed("init", str(file))[0] == 0
    assert "Д\u02bcяківська громада" in typed("community", "show")[1]
    for lost in ("Вига\ufffdдівська", "????????", "Вигаді\u202eвська"):
        file.write_text(said.replace(name, f'name = "{lost}"'), "utf-8")
        status, told = typed("init", str(file))
        assert status == 2 and "community.name" in told and lost not in told
