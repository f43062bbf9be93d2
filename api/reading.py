"""The description of the API read for a page: operations by their section, bodies and answers as rows and examples."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry import texts


@dataclass(frozen=True)
class Section:
    """A section of the API: the operations of one tag."""

    name: str
    title: str
    about: str
    operations: list[dict[str, Any]]


def sections(schema: Mapping[str, Any]) -> list[Section]:
    """The sections in the order of the description, each with its operations as the page shows them."""
    shown = [
        (operation["tags"][0], _operation(path, method, operation, schema["components"]))
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
    return [
        Section(
            tag["name"], tag["x-displayName"], tag["description"], [one for name, one in shown if name == tag["name"]]
        )
        for tag in schema["tags"]
    ]


def _operation(path: str, method: str, said: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    body = said.get("requestBody", {}).get("content", {})
    return {
        "id": said["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": said["summary"],
        "about": said.get("description"),
        "roles": [texts.label("roles", role) for role in said.get("x-roles", ())],
        "parameters": [
            {
                "name": one["name"],
                "place": one["in"],
                "required": one.get("required", False),
                "type": _type(one["schema"]),
                "about": one.get("description"),
                "example": _plain(one["example"]),
            }
            for one in said.get("parameters", [])
        ],
        "body": [_content(kind, content) for kind, content in body.items()],
        "answers": [_answer(status, one, components) for status, one in said["responses"].items()],
    }


def _answer(status: str, said: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    refused = "$ref" in said
    if refused:
        said = components["responses"][said["$ref"].rsplit("/", 1)[1]]
    contents = [_content(kind, content) for kind, content in said["content"].items()]
    return {"status": status, "about": said["description"], "refused": refused, "contents": contents}


def _content(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    example = content.get("example")
    shown = None if example is None else json.dumps(example, ensure_ascii=False, indent=1)
    return {"kind": kind, "shapes": _shapes(content["schema"]), "example": shown}


def _shapes(schema: Mapping[str, Any]) -> list[str]:
    """The names of the shapes that a content may have."""
    of = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return [one["$ref"].rsplit("/", 1)[1] for one in of if "$ref" in one]


def fields(shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of a shape as rows: name, type, the shape that the type is of, whether it is always there."""
    required = shape.get("required", ())
    return [
        {
            "name": name,
            "type": _type(one),
            "shape": _inner(one),
            "required": name in required,
            "about": one.get("description"),
        }
        for name, one in shape.get("properties", {}).items()
    ]


def _type(schema: Mapping[str, Any]) -> str:
    """A type in a word, as programs write it."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if of := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(map(_type, of)))
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    kind = str(schema.get("type", "any"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _inner(schema: Mapping[str, Any]) -> str | None:
    """The first shape that a type names."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    inside = [*(schema.get("anyOf") or schema.get("oneOf") or ()), *([schema["items"]] if "items" in schema else ())]
    return next((found for one in inside if (found := _inner(one))), None)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
