"""How a difference is told: by the position of its line, or by the table and the id of its row; never what it says of a
person. The words are in `texts.toml`, `[differences]`."""

from registry import texts


def at(position: int, code: str, *named: object) -> str:
    """A difference of a fact, by its position."""
    return told(code, *named, where=f"position {position}")


def told(code: str, *named: object, where: str) -> str:
    """A difference of what `where` names."""
    return f"{where}: {texts.say('differences', code, *named)}"
