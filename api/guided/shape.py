"""Questions of a guided page as data: what is asked, when, and which field of an application an answer fills."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent
Kind = Literal["choice", "yes_no", "text", "day", "person", "dwelling", "residence"]


@dataclass(frozen=True, kw_only=True)
class GuidedQuestion:
    """One question. `path` is the field that its answer fills, `also` another one that says the same; `sets` by option
    what that fills instead. It is asked where all of `when` holds and nothing of `unless`."""

    id: str
    kind: Kind
    path: str = ""
    also: str = ""
    options: tuple[str, ...] = ()
    source: str = ""
    sets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)
    unless: Mapping[str, Any] = field(default_factory=dict)
    needed: bool = False
    rare: bool = False
    """Whether it stands folded away until it is answered."""
    family: bool = False
    """Whether children and parents of whoever applies are offered."""

    @property
    def fills(self) -> frozenset[str]:
        """Every field that an answer may fill."""
        found = {path for option in self.sets.values() for path in option}
        return frozenset(found | {one for one in (self.path, self.also) if one})


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A message of another body: the service that it asks for, who sends it, on which grounds."""

    id: str
    service: str
    sender: str
    grounds: tuple[str, ...]


def _question(said: dict[str, Any]) -> GuidedQuestion:
    listed = {"options": tuple(said.pop("options", ())), "source": said.pop("from", "")}
    return GuidedQuestion(**said, **listed)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


QUESTIONS: tuple[GuidedQuestion, ...] = tuple(map(_question, _read("questions.toml")["question"]))
NOTICES: Mapping[str, NoticeKind] = {
    one["id"]: NoticeKind(**{**one, "grounds": tuple(one["grounds"])}) for one in _read("notices.toml")["notice"]
}
