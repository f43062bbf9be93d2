"""Holds every JSON answer that a test gets from the API against its description: what is not described fails the test.

The shapes are open for who reads the API, so that a field may be added. Here they are closed: a field that the
description does not know is a difference too.
"""

import json
import re
from functools import cache
from typing import Any, cast

import jsonschema_rs

from api.main import create_app
from registry.app import Registry
from registry.settings import Settings

SCHEMA = re.compile(r"#/components/schemas/([^\"]+)")


@cache
def description() -> dict[str, Any]:
    """The description of the API, which no register and no setting changes."""
    return create_app(cast(Registry, None), Settings()).openapi()


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """The paths of the description as patterns; one without parameters before one that might have been meant."""
    found = sorted(description()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), path) for path in found]


@cache
def _closed() -> dict[str, Any]:
    return {name: _close(shape) for name, shape in description()["components"]["schemas"].items()}


def _close(shape: Any) -> Any:
    if isinstance(shape, list):
        return [_close(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    made = {name: _close(one) for name, one in shape.items() if name not in ("example", "examples")}
    return {**made, "additionalProperties": False} if "properties" in made and shape.get("type") == "object" else made


@cache
def _validator(path: str, method: str, status: str, kind: str) -> Any:
    said = description()["paths"][path][method]["responses"].get(status)
    assert said is not None, f"{method.upper()} {path} answered {status}, which is not described"
    if "$ref" in said:
        said = description()["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
    assert kind in said["content"], f"{method.upper()} {path} {status}: {kind} is not described"
    return _validator_of(json.dumps(_close(said["content"][kind]["schema"])))


@cache
def _validator_of(shape: str) -> Any:
    """One for each shape, with the schemas that it leads to and no others: of all together a thousand would be held in
    gigabytes."""
    schemas = {name: _closed()[name] for name in _led_to(shape)}
    schema = {**json.loads(shape), "components": {"schemas": schemas}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _led_to(shape: str) -> set[str]:
    found: set[str] = set()
    ahead = set(SCHEMA.findall(shape))
    while ahead:
        found |= ahead
        ahead = {name for one in ahead for name in SCHEMA.findall(json.dumps(_closed()[one]))} - found
    return found


def differences(method: str, path: str, status: int, kind: str, body: Any) -> list[str]:
    """Where an answer of an operation is otherwise than described: the places and the rules, never the values. Of what
    is no operation of the API nothing is said. Raises AssertionError for a status or a kind that is not described."""
    operation = operation_of(method, path)
    if operation is None:
        return []
    validator = _validator(operation, method.lower(), str(status), kind)
    if "json" not in kind:
        return []
    found = validator.iter_errors(body)
    return [f"{method} {operation} {status}: /{'/'.join(map(str, one.instance_path))} {one.message}" for one in found]


@cache
def operation_of(method: str, path: str) -> str | None:
    """The path of the description that an address is of, if it describes the method there."""
    paths = description()["paths"]
    return next((said for pattern, said in _paths() if pattern.fullmatch(path) and method.lower() in paths[said]), None)


def check(answer: Any) -> None:
    """Fails where an answer of a client differs from the description."""
    method, path = answer.request.method, answer.request.url.path
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if operation_of(method, path):
        found = differences(method, path, answer.status_code, kind, answer.json() if "json" in kind else None)
        assert not found, "\n".join(found[:5])
