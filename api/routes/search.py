"""Finding people and dwellings. By POST, because a name or a number in a URL would end in logs."""

import base64
import binascii
import json
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from api.desk import Desk, desk_of
from api.errors import Problem
from api.forms import Search
from registry import questions, texts
from registry.app import Registry

router = APIRouter(prefix="/api/v1/search", tags=["search"])

Key = tuple[str, UUID]


@router.post("/people")
def people(body: Search, request: Request) -> dict[str, Any]:
    """People by part of a name (a former one, in Latin letters or of the wrong layout too), birth, numbers or ref."""
    desk = desk_of(request).on_ground(body.ground)
    rows, after = page(partial(questions.search_people, seen_by=desk.viewer), desk.registry, body, "person")
    return {"people": people_rows(desk, rows), "next": after}


@router.post("/dwellings")
def dwellings(body: Search, request: Request) -> dict[str, Any]:
    """Dwellings by words of the address of today or of an earlier one."""
    rows, after = page(questions.search_dwellings, desk_of(request).registry, body, "dwelling")
    return {"dwellings": [dwelling_row(row) for row in rows], "next": after}


def page(search: Any, registry: Registry, body: Search, id: str) -> tuple[list[dict[str, Any]], str | None]:
    """One page of rows behind `after`, and the token of the next one if there is more."""
    after = _read_token(body.after) if body.after else None
    found = search(registry, body.q or "", limit=body.limit + 1, after=after)
    # A search by number has one page only and knows no `after`.
    rows = [row for row in found if after is None or (row["sort_key"], row[id]) > after]
    shown = rows[: body.limit]
    return shown, _token(shown[-1]["sort_key"], shown[-1][id]) if len(rows) > len(shown) else None


def people_rows(desk: Desk, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Found people, each with the address of today."""
    moment, registry = desk.now(), desk.registry
    question = questions.asked(now=moment)
    position = questions.position_of(registry, question, moment)
    people = [row["person"] for row in rows]
    homes = questions.residences_of_all(registry, people, question, position, seen_by=desk.viewer)
    return [_person_row(row, homes[row["person"]]) for row in rows]


def _person_row(row: dict[str, Any], residences: list[dict[str, Any]]) -> dict[str, Any]:
    current = next((one for one in residences if not one["kept"]), None)
    return {
        "id": str(row["person"]),
        "ref": row["ref"],
        **{name: row[name] for name in ("surname", "given_names", "patronymic", "birth_date", "unzr", "died")},
        "former_names": row["former"],
        "address": current["address"] if current else None,
        "kind": current["kind"] if current else None,
        "dwelling_id": current["dwelling_id"] if current else None,
        "kept_addresses": [one["address"] for one in residences if one["kept"]],
    }


def dwelling_row(row: dict[str, Any]) -> dict[str, Any]:
    """A found dwelling by the name that was found; `until` says that it is called otherwise now."""
    return {
        "id": str(row["dwelling"]),
        "ref": row["ref"],
        "address": row["address"],
        "until": row["until"].isoformat() if row["until"] else None,
        "kind": row["kind"],
        "kind_uk": texts.label("dwelling_kinds", row["kind"]),
        "successor": str(row["successor"]) if row["successor"] else None,
    }


def _token(key: str, id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([key, str(id)]).encode()).decode()


def _read_token(token: str) -> Key:
    try:
        key, id = json.loads(base64.urlsafe_b64decode(token))
        str(key).encode()  # half of a character is in no key of a page
        return str(key).replace("\0", ""), UUID(id)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        fault = {"code": "bad-token", "field": "after", "detail": texts.say("api", "bad_token")}
        raise Problem(422, "bad-token", fault["detail"], [fault]) from None
