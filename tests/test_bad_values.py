"""Every bad value through every text of the description of the API: bodies, queries, addresses, headers.

Nothing of it is an error of the program, nothing is repeated in an answer, nothing is stored but what is refused by no
gate, and that in its one form. The quick tier puts a part of the table into each field, another part into the next.
"""

import ast
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import msgspec
import pytest
from bad_values import EVERY, INSTANTS, MARK
from test_api import Desk, desk
from test_applications_api import entries_after
from tiers import tries

from api.errors import INPUT
from registry import gate, texts
from registry.storage.mapper import encode_body

__all__ = ["desk"]

VALUES = tuple(dict.fromkeys((*EVERY, *INSTANTS)))
API = "/api/v1"
CODES = {
    *(code for group in ("faults", "problems", "problem_details") for code in texts.TEXTS[group]),
    *(code.replace("_", "-") for code in texts.TEXTS["api"]),
    *INPUT.values(),
}
DEEPEST = 6
"""How deep the fields of a body are looked for: a child of a visit has all that a visit has."""
ABOUT_PAGES = ("/bring", "/status/", "/v/")
PLACES = {"path": "path", "query": "query", "header": "header"}


def resolved(schema: dict[str, Any], whole: dict[str, Any]) -> list[dict[str, Any]]:
    """What a value may be: the alternatives of a schema, references followed."""
    if "$ref" in schema:
        return resolved(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], whole)
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    return [one for part in several for one in resolved(part, whole)] if several else [schema]


def leaves(schema: dict[str, Any], whole: dict[str, Any], at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every text in a body."""
    if len(at) > DEEPEST:
        return
    for one in resolved(schema, whole):
        if one.get("type") == "string":
            yield at
        elif one.get("type") == "array":
            yield from leaves(one.get("items", {}), whole, (*at, 0))
        elif one.get("type") == "object":
            for name, part in one.get("properties", {}).items():
                yield from leaves(part, whole, (*at, name))
            if isinstance(one.get("additionalProperties"), dict):
                yield (*at, "identity_document")


def with_value(body: Any, at: tuple[Any, ...], value: Any) -> Any:
    """A body with a value at a place; what it lies in is made."""
    if not at:
        return value
    first, *rest = at
    if isinstance(first, int):
        listed = list(body) if isinstance(body, list) else []
        inner = listed[first] if first < len(listed) else None
        return [*listed[:first], with_value(inner, tuple(rest), value), *listed[first + 1 :]]
    said = dict(body) if isinstance(body, dict) else {}
    return {**said, first: with_value(said.get(first), tuple(rest), value)}


def example(operation: dict[str, Any]) -> Any:
    content = operation["requestBody"]["content"].get("application/json", {})
    named = content.get("examples") or {}
    said = [one.get("value") for one in named.values()] or [content.get("example", {})]
    return deepcopy(said[0])


def described(desk: Desk) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    whole = desk.client.get(API + "/openapi.json").json()
    for path, operations in whole["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation, whole


def address(path: str, operation: dict[str, Any], name: str | None = None, value: str = "") -> str:
    """An address with its parameters said, one of them so."""
    for one in operation.get("parameters", []):
        if one["in"] == "path":
            said = value.encode("utf-8", "surrogatepass") if one["name"] == name else b"1"
            path = path.replace("{" + one["name"] + "}", quote_from_bytes(said, safe=""))
    return path


class Trying:
    """Sends, and looks at what came and at what was stored."""

    def __init__(self, desk: Desk):
        self.desk, self.seen = desk, 0

    def send(self, method: str, url: str, what: str, **how: Any) -> None:
        registry = self.desk.registry
        before = registry.position()
        answer = self.desk.client.request(method, url, **how)
        told = f"{what}: {answer.status_code} {answer.text[:300]}"
        self.seen += 1
        assert answer.status_code < 500, told
        if answer.status_code >= 400 and url.startswith(API):
            assert answer.headers["content-type"] == "application/problem+json", told
            said = answer.json()
            assert said["type"].removeprefix("/problems/") in CODES, told
            assert all(one["code"] in CODES for one in said["errors"]), told
            assert MARK not in answer.text and "\\u0429" not in answer.text, told
        after = registry.position()
        if answer.status_code >= 400:
            assert after == before, told
        if after > before:
            self._stored(before, told)

    def _stored(self, position: int, told: str) -> None:
        for entry in entries_after(self.desk, position):
            for text in strings(msgspec.json.decode(encode_body(entry.fact))):
                assert gate.line(text).value == text, (told, text)


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for name, part in value.items():
                if name != "sent":  # what a portal sent is kept as it was (003 c8 r12)
                    yield from strings(part)
        case list():
            for part in value:
                yield from strings(part)


def some(number: int) -> Iterator[str]:
    """A part of the table, another one for each number: neighbours of a field get what it does not."""
    step = -(-len(VALUES) // max(tries(20), 3))
    yield from VALUES[number % step :: step]


@pytest.mark.examples
def test_in_every_text_of_every_body(desk: Desk) -> None:
    trying, number = Trying(desk), 0
    for method, path, operation, whole in described(desk):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None or method == "GET":
            continue
        base = example(operation)
        for at in dict.fromkeys(leaves(content["schema"], whole)):
            number += 1
            for value in some(number):
                body = json.dumps(with_value(base, at, value))
                trying.send(
                    method,
                    address(path, operation),
                    f"{method} {path} {'.'.join(map(str, at))} = {value!a}",
                    content=body,
                    headers={"Content-Type": "application/json"},
                )
    assert number > 300 and trying.seen > 1000


@pytest.mark.examples
def test_in_every_parameter(desk: Desk) -> None:
    trying, number = Trying(desk), 0
    for method, path, operation, _ in described(desk):
        for one in operation.get("parameters", []):
            number += 1
            for value in some(number):
                said = value.encode("utf-8", "surrogatepass")
                url, how = address(path, operation), {}
                if one["in"] == "path":
                    url = address(path, operation, one["name"], value)
                elif one["in"] == "query":
                    url = f"{url}?{one['name']}={quote_from_bytes(said, safe='')}"
                elif b"\n" in said or b"\r" in said or b"\0" in said:
                    continue  # no client sends it, and no server lets it in
                else:
                    how = {"headers": {one["name"]: said}}
                if method != "GET" and "requestBody" in operation:
                    how["json"] = example(operation)
                trying.send(method, url, f"{method} {path} {one['name']} = {value!a}", **how)
    assert number > 100


@pytest.mark.parametrize("day", ["9999-12-31", "31.12.9999", "0001-01-01", "0014-01-01", "2200-01-01", "1799-12-31"])
def test_a_far_day_is_refused_by_every_question(desk: Desk, day: str) -> None:
    person, home = desk.person(), desk.dwelling()
    desk.settled(person, home)
    for path in (f"/persons/{person}/residences", f"/dwellings/{home}/residents", "/moved", "/community", "/offices"):
        answer = desk.get(path, on=day)
        assert answer.status_code == 422 and "1800" in answer.text, (path, answer.text)
    for page in (f"/persons/{person}", f"/dwellings/{home}"):
        answer = desk.client.get(page, params={"on": day})
        assert answer.status_code in (200, 422), answer.text
    assert desk.get("/persons/" + person + "/residences", on="2199-12-31").status_code == 200
    assert desk.get("/moved", on="1800-01-01").status_code == 200


def test_a_key_of_a_page_that_is_no_text_is_refused(desk: Desk) -> None:
    """What `search.after` decodes from is written by whoever asks."""
    after = "WyJcdWQ4MDAiLCAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0="
    for what in ("people", "dwellings"):
        assert desk.post(f"/search/{what}", {"q": "а", "after": after}).status_code == 422
        assert desk.client.post("/", data={"q": "а", f"after_{what}": after}).status_code in (200, 422)


ROOT = Path(__file__).parent.parent
SHAPES = ("UA[0-9]", r"UA\d", "[0-9]{8}-", r"\d{8}-", "[0-9]{10}", r"\d{10}", "[0-9]{1,2})\\.", r"\d{1,2})\.")
GATE = {f"registry/{name}.py" for name in ("gate", "gated", "typed_days", "writing", "ukrainian")}
OTHERS = {
    "registry/aggregates/community/payees.py": "an IBAN, which is no КАТОТТГ",
    "registry/storage/access.py": "what the journal of looks never holds",
    "registry/card_index/territory_list.py": "a day, as the gate reads it",
}
"""Who else has a pattern that looks like one of these."""


def test_no_other_module_says_what_a_number_or_a_day_looks_like() -> None:
    found = set()
    for house in ("registry", "api", "replay"):
        for path in (ROOT / house).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            said = (
                node.value
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
            )
            if name not in GATE and any(shape in text for text in said for shape in SHAPES):
                found.add(name)
    assert found <= set(OTHERS)
