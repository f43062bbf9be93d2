"""The forms of our pages as a browser without scripts would send them: read from a page, filled in, sent again."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode

ANSWERS = {"ownership": {"owners": "1"}, "encumbrance": {"encumbrance": "none"}, "payment": {"receipt": "118"}}
"""What other registers say of whom a guided page asks; of any other check, that there is a record."""
FORM = "application/x-www-form-urlencoded"
_FEE = re.compile(r"<h3>Збір ([0-9]+,[0-9]{2}) грн")
_PAPER = re.compile(r"[0-9]+-(?:documents|consents)")
_CHECK = re.compile(r"([0-9]+)-([a-z_]+)-[a-z_]+")


class PageForm(HTMLParser):
    """The fields of one form of a page, by the form's id or the beginning of its action; what could be ticked."""

    def __init__(self, page: str, *, id: str = "", action: str = "") -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.papers: dict[str, list[str]] = {}
        self.checks: set[tuple[str, str]] = set()
        self._wanted, self._inside, self._select = (id, action), False, ""
        self._fee = _FEE.search(page)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            id, action = self._wanted
            self._inside = said.get("id") == id if id else said.get("action", "").startswith(action)
        elif self._inside and tag == "option" and "selected" in said:
            self._add(self._select, said["value"])
        elif self._inside and tag in ("input", "select") and "name" in said:
            self._field(tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def everything(self) -> dict[str, list[str]]:
        """The fields with every paper given and every check answered."""
        given = {**self.fields, **self.papers}
        for number, check in self.checks:
            said = dict(ANSWERS.get(check, {"reason": "запис"}))
            if check == "payment":
                said["kopiykas"] = self._fee[1] if self._fee else "0"
            given |= {f"{number}-{check}-{name}": [text] for name, text in said.items()}
        return given

    def _field(self, tag: str, said: dict[str, str]) -> None:
        name, ticked = said["name"], said.get("type") in ("radio", "checkbox")
        if tag == "select":
            self._select = name
        elif not ticked or "checked" in said:
            self._add(name, said.get("value", ""))
        if ticked and _PAPER.fullmatch(name):
            self.papers.setdefault(name, []).append(said["value"])
        elif not ticked and (found := _CHECK.fullmatch(name)):
            self.checks.add((found[1], found[2]))

    def _add(self, name: str, value: str) -> None:
        if value:
            self.fields.setdefault(name, []).append(value)


def encoded(fields: dict[str, list[str]]) -> str:
    """A form as it travels."""
    return urlencode(list(_pairs(fields)))


def _pairs(fields: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name, values in fields.items():
        yield from ((name, value) for value in values)
