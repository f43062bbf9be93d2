"""Finding people and dwellings. By POST, because a name or a number in a URL would end in logs."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from api.desk import Desk, desk_of
from api.errors import Problem
from api.forms import Search
from registry import occasion, questions, search, texts
from registry.app import Registry
from registry.search import Found

router = APIRouter(prefix="/api/v1/search", tags=["search"])

Key = tuple[str, UUID]
_KEY = re.compile(r"[0-5][!-~]*")
"""A rank, and a key as `ukrainian.sort_key` makes it."""


@router.post("/people")
def people(body: Search, request: Request) -> dict[str, Any]:
    """People by name, birth, number, document, phone, mark or address, the best match first."""
    desk = desk_of(request).on_ground(body.ground)
    found, after = page(partial(search.people, seen_by=desk.viewer), desk.registry, body, "person")
    return {"people": people_rows(desk, found.rows), "next": after, **_counted(found)}


@router.post("/dwellings")
def dwellings(body: Search, request: Request) -> dict[str, Any]:
    """Dwellings by words of the address of today or of an earlier one, or by a mark, the best match first."""
    desk = desk_of(request).on_ground(body.ground)
    found, after = page(partial(search.dwellings, seen_by=desk.viewer), desk.registry, body, "dwelling")
    return {"dwellings": [dwelling_row(row) for row in found.rows], "next": after, **_counted(found)}


def page(asked: Callable[..., Found], registry: Registry, body: Search, id: str) -> tuple[Found, str | None]:
    """One page of what is found behind `after`, and the token of the next one if there is more."""
    after = _read_token(body.after) if body.after else None
    found = asked(registry, body.q or "", limit=body.limit + 1, after=after)
    shown = found.rows[: body.limit]
    occasion.asks("searched", line=_kind(body.q or ""), **{f"{id}_by": sorted({row["match"] for row in shown})})
    more = len(found.rows) > len(shown)
    return replace(found, rows=shown), _token(shown[-1]["sort_key"], shown[-1][id]) if more else None


def _kind(line: str) -> str:
    """What kind of line it was, and never what stood there."""
    letters, digits = any(map(str.isalpha, line)), any(map(str.isdigit, line))
    return "both" if letters and digits else "numbers" if digits else "words"


def _counted(found: Found) -> dict[str, Any]:
    return {"total": found.total, "total_exact": found.exact}


def people_rows(desk: Desk, rows: list[dict[str, Any]], position: int | None = None) -> list[dict[str, Any]]:
    """Found people, each with the address of today, as known at the last position if another is not said."""
    if not rows:
        return []
    moment, registry = desk.now(), desk.registry
    question = questions.asked(now=moment)
    position = position or questions.position_of(registry, question, moment)
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
        "match": row["match"],
    }


def dwelling_row(row: dict[str, Any]) -> dict[str, Any]:
    """A found dwelling by the name that was found; `until` says that it is called otherwise now, `address_now` how."""
    return {
        "id": str(row["dwelling"]),
        "ref": row["ref"],
        "address": row["address"],
        "until": row["until"].isoformat() if row["until"] else None,
        "address_now": row["address_now"] if row["until"] else row["address"],
        "kind": row["kind"],
        "kind_uk": texts.label("dwelling_kinds", row["kind"]),
        "successor": str(row["successor"]) if row["successor"] else None,
        "match": row["match"],
    }


def _token(key: str, id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([key, str(id)]).encode()).decode()


def _read_token(token: str) -> Key:
    try:
        key, id = json.loads(base64.urlsafe_b64decode(token))
        # What it holds goes to the database: a rank and a sort key of ours, nothing else.
        if not isinstance(key, str) or not isinstance(id, str) or not _KEY.fullmatch(key):
            raise ValueError
        return key, UUID(id)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        fault = {"code": "bad-token", "field": "after", "detail": texts.say("api", "bad_token")}
        raise Problem(422, "bad-token", fault["detail"], [fault]) from None
