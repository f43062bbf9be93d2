"""The description of the API in words: what FastAPI generates from the code, with the texts of `texts.toml` put in.

The code of a route or of a form says in English what it is; whoever uses the API reads the Ukrainian of [routes],
[parameters] and [forms].
"""

from typing import Any

from api.cookies import SESSION
from api.rights import ANYONE, ROUTES, Rights
from registry import texts
from registry.roles import ROLES
from registry.texts import TEXTS


def worded(schema: dict[str, Any]) -> dict[str, Any]:
    """The generated description with its Ukrainian texts; `schema` itself is changed and returned."""
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _guard(operation, ROUTES[f"{method.upper()} {path}"])
            _name(operation, TEXTS["routes"].get(f"{method.upper()} {path}"))
            for parameter in operation.get("parameters", []):
                of_all, of_one = parameter["name"], f"{operation['operationId']}.{parameter['name']}"
                # FastAPI says it of the parameter and of its shape.
                for said in (parameter, parameter["schema"]):
                    _describe(said, TEXTS["parameters"].get(of_one) or TEXTS["parameters"].get(of_all))
    schema["tags"] = [_tag(name, text) for name, text in TEXTS["api_tags"].items()]
    schema["servers"] = [{"url": "/", "description": texts.say("api", "server")}]
    schema["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": texts.say("api", "key")},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": f"__Host-{SESSION}",
            "description": texts.say("api", "session"),
        },
    }
    for form, shape in schema["components"]["schemas"].items():
        # What a class says of itself is English, for who reads the code.
        shape.pop("description", None)
        _describe(shape, TEXTS["forms"].get(form))
        for field, of_field in shape.get("properties", {}).items():
            _describe(of_field, TEXTS["forms"].get(f"{form}.{field}") or TEXTS["forms"].get(field))
    return schema


def _guard(operation: dict[str, Any], rights: Rights) -> None:
    """By what one comes in, and with which roles; by nothing where anybody may."""
    operation["security"] = [] if rights == ANYONE else [{"key": []}, {"session": []}]
    if rights != ANYONE:
        operation["x-roles"] = [role for role in ROLES if role in rights]


def _name(operation: dict[str, Any], text: str | None) -> None:
    """The first line of a text is the title of an operation, the rest its description, if there is more."""
    if text is None:
        return
    operation.pop("description", None)
    operation["summary"], _, more = text.partition("\n")
    if more:
        operation["description"] = more


def _tag(name: str, text: str) -> dict[str, str]:
    """A part of the API: its name is for programs, the first line of its text for people."""
    title, _, more = text.partition("\n")
    return {"name": name, "x-displayName": title, "description": more}


def _describe(said: dict[str, Any], text: str | None) -> None:
    if text:
        said.setdefault("description", text)
