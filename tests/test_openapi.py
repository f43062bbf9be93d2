"""The description of the API: every operation has a name, words, examples, and a shape for all that it answers."""

import json
import re
from typing import Any

import pytest
from described import _validator, description

from api.answered import ALWAYS
from api.operations import OPERATIONS
from api.rights import ANYONE, ROUTES
from registry import texts

CYRILLIC = re.compile("[\u0400-\u04ff]")
WAYS = {
    f"{method.upper()} {path}": operation
    for path, operations in description()["paths"].items()
    for method, operation in operations.items()
}


def answers(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What an operation answers by status, each reference followed."""
    shared = description()["components"]["responses"]
    return {
        status: shared[said["$ref"].rsplit("/", 1)[1]] if "$ref" in said else said
        for status, said in operation["responses"].items()
    }


def test_every_route_has_its_line_in_the_table_and_no_line_is_left_over():
    assert set(WAYS) == set(OPERATIONS), "describe the route in api/operations.py, with the shapes of its answers"


def test_names_are_ascii_and_each_is_given_once():
    ids = [operation["operationId"] for operation in WAYS.values()]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch("[a-z]+(_[a-z]+)*", one)] == []


def test_no_shape_has_a_field_that_is_called_as_itself():
    # A generator of clients that calls both by one name in `from_dict` answers with the field.
    shapes = description()["components"]["schemas"]
    snake = {name: re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in shapes}
    assert [name for name, shape in shapes.items() if snake[name] in shape.get("properties", {})] == []


def test_what_an_operation_answers_is_told_in_ukrainian():
    shapes = description()["components"]["schemas"]
    assert [name for name, one in shapes.items() if not CYRILLIC.search(one.get("description", "я"))] == []
    for operation in WAYS.values():
        for said in answers(operation).values():
            for content in said["content"].values():
                for one in content["schema"].get("anyOf", [content["schema"]]):
                    if "$ref" in one:
                        assert shapes[one["$ref"].rsplit("/", 1)[1]].get("description"), one["$ref"]


def test_tags_are_ascii_and_told_in_ukrainian():
    said = {one["name"]: one for one in description()["tags"]}
    used = {tag for operation in WAYS.values() for tag in operation["tags"]}
    assert used == set(said)
    for name, tag in said.items():
        assert re.fullmatch("[a-z]+", name)
        assert CYRILLIC.search(tag["x-displayName"]) and CYRILLIC.search(tag["description"])


@pytest.mark.parametrize("way", WAYS)
class TestAnOperation:
    def test_says_the_shape_of_every_answer(self, way):
        for status, said in answers(WAYS[way]).items():
            assert said["content"], status
            for kind, content in said["content"].items():
                shape = content["schema"]
                if int(status) >= 400:
                    assert (kind, shape) == ("application/problem+json", {"$ref": "#/components/schemas/Problem"})
                elif kind == "application/json":
                    refs = [one["$ref"] for one in shape.get("anyOf", [shape])]
                    assert all(ref.startswith("#/components/schemas/") for ref in refs)
                else:
                    assert shape == {"type": "string", "format": "binary"}

    def test_says_how_it_refuses(self, way):
        operation = WAYS[way]
        statuses = {int(status) for status in operation["responses"]}
        assert set(ALWAYS) < statuses
        assert ("{" in way) <= (404 in statuses)
        if "requestBody" in operation:
            assert {413, 422} < statuses
        if any(one["name"] == "idempotency-key" for one in operation.get("parameters", [])):
            assert {409, 412, 422} < statuses

    def test_has_words_in_ukrainian(self, way):
        operation = WAYS[way]
        assert CYRILLIC.search(operation["summary"])
        assert all(CYRILLIC.search(said["description"]) for said in answers(operation).values())

    def test_explains_every_parameter_and_shows_one_that_is_good(self, way):
        for one in WAYS[way].get("parameters", []):
            assert CYRILLIC.search(one["description"]), one["name"]
            shape = {**one["schema"], "components": description()["components"]}
            assert _fits(shape, one["example"]), one["name"]

    def test_shows_answers_that_are_as_it_describes_them(self, way):
        method, _, path = way.partition(" ")
        for status, said in answers(WAYS[way]).items():
            for kind, content in said["content"].items():
                if "json" in kind:
                    found = _validator(path, method.lower(), status, kind).iter_errors(content["example"])
                    assert [f"{status}: {one.message}" for one in found] == []


def _fits(shape: dict[str, Any], example: Any) -> bool:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(shape, validate_formats=True).is_valid(example)


def test_each_operation_says_who_may_call_it_and_by_what_one_comes_in():
    for way, operation in WAYS.items():
        rights = ROUTES[way]
        if rights == ANYONE:
            assert operation["security"] == [] and "x-roles" not in operation, way
        else:
            assert operation["security"] == [{"key": []}, {"session": []}] and set(operation["x-roles"]) == rights, way
    assert [way for way, one in WAYS.items() if "machine" in one.get("x-roles", ())] == ["POST /api/v1/applications"]
    known = description()["components"]["securitySchemes"]
    assert {name: (one["type"], one.get("scheme") or one["name"]) for name, one in known.items()} == {
        "key": ("http", "bearer"),
        "session": ("apiKey", "__Host-hromada"),
    }


def test_it_is_served_from_where_it_is_read():
    assert [one["url"] for one in description()["servers"]] == ["/"]


def test_it_is_told_once_and_stays_small():
    # A refusal of each status is told once for all; with a copy of it in each operation this is three times as long.
    assert len(json.dumps(description(), ensure_ascii=False)) < 700_000


def test_every_status_of_a_refusal_has_words():
    told = description()["components"]["responses"]
    assert {name.removeprefix("Refused") for name in told} == set(texts.TEXTS["api_refusals"])
