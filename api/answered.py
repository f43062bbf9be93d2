"""The shapes of answers and refusals put into the generated description of the API."""

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from api.answers.problems import Problem
from api.operations import OPERATIONS, Operation
from api.problem_examples import KINDS, problem
from registry import texts

JSON, PROBLEM = "application/json", "application/problem+json"
ALWAYS = (400, 401, 403, 500, 503)
"""What the guard and the door in front of every route may answer: a wrong Host or header, nobody, a role that may not,
an accident, a database that is silent."""
HEADERS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    500: ("X-Incident",),
}
_REFS = "#/components/schemas/{model}"


class _AsAnswered(GenerateJsonSchema):
    """A dataclass is answered with all its fields, whatever their defaults are."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return super().field_is_required(field, total) if field["type"] == "typed-dict-field" else True

    def default_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])


def answered(schema: dict[str, Any]) -> dict[str, Any]:
    """The generated description with the name of each operation and the shape of all that it answers; `schema` itself
    is changed and returned. A route without a line in `OPERATIONS` stays as it was generated."""
    shapes = {shape: id(shape) for shape in _shapes()}
    made, components = TypeAdapter.json_schemas(
        [(key, "serialization", TypeAdapter(shape)) for shape, key in shapes.items()],
        ref_template=_REFS,
        schema_generator=_AsAnswered,
    )
    known = schema["components"]["schemas"]
    known.pop("HTTPValidationError", None), known.pop("ValidationError", None)
    for name, shape in components["$defs"].items():
        if name in known:
            raise ValueError(f"two shapes are called {name}")
        known[name] = shape
    refs = {shape: made[key, "serialization"] for shape, key in shapes.items()}
    refusals = {f"Refused{status}": _refusal(status, refs[Problem]) for status in KINDS}
    schema["components"]["responses"] = refusals
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if said := OPERATIONS.get(f"{method.upper()} {path}"):
                operation["operationId"] = said.id
                operation["responses"] = _responses(said, path, operation, refs)
    return schema


def _shapes() -> list[Any]:
    of_answers = (one for said in OPERATIONS.values() for shapes in said.answers.values() for one in shapes)
    return list(dict.fromkeys([Problem, *of_answers]))


def _responses(said: Operation, path: str, operation: dict[str, Any], refs: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, shapes in sorted(said.answers.items()):
        found[str(status)] = {"description": _success(status, said), "content": _content(said, shapes, refs)}
    for status in sorted({*ALWAYS, *said.refused, *_refusals(path, operation)}):
        found[str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
    return found


def _refusal(status: int, shape: Any) -> dict[str, Any]:
    """How everything is refused with a status."""
    content = {PROBLEM: {"schema": shape, "example": problem(status)}}
    said = {"description": texts.say("api_refusals", str(status)), "content": content}
    headers = {name: {"schema": {"type": "string"}} for name in HEADERS.get(status, ())}
    return {**said, "headers": headers} if headers else said


def _content(said: Operation, shapes: tuple[Any, ...], refs: dict[Any, Any]) -> dict[str, Any]:
    if said.file:
        return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in said.file}
    schemas = [refs[one] for one in shapes]
    return {JSON: {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}}


def _success(status: int, said: Operation) -> str:
    if said.file:
        return texts.say("api", "scan_file" if len(said.file) > 1 else "pdf_file")
    if status == 202:
        return texts.say("api", "waits")
    if status == 201:
        return texts.say("api", "recorded")
    if 201 not in said.answers:
        return texts.say("api", "answer")
    return texts.say(
        "api", "tried" if len(said.answers[200]) > len(said.answers[201]) + (202 in said.answers) else "repeated"
    )


def _refusals(path: str, operation: dict[str, Any]) -> Iterator[int]:
    """What may be answered because of how the operation is asked."""
    asked = {(one["in"], one["name"].lower()) for one in operation.get("parameters", [])}
    if "{" in path:
        yield 404
    if any(place == "query" for place, _ in asked):
        yield 422
    if "requestBody" in operation:
        yield from (413, 422)
    if ("header", "idempotency-key") in asked:
        yield from (404, 409, 412, 422)
