"""A refusal of each status as an example (RFC 9457); their shape is in `api/answers/problems.py`."""

from typing import Any

from registry.texts import TEXTS

KINDS = {
    400: "broken-json",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    409: "record-changed",
    412: "record-changed",
    413: "too-large",
    422: "invalid",
    429: "too-often",
    500: "incident",
    503: "unavailable",
}
_DETAILS = {403: "foreign-page", 422: "ends-before-start"}
_FILLED = {429: 30, 500: "4c1f0a9be27d"}


def problem(status: int) -> dict[str, Any]:
    """What is answered with a status, one kind of it."""
    kind = KINDS[status]
    code = _DETAILS.get(status, kind)
    detail = {**TEXTS["faults"], **TEXTS["problem_details"]}[code].format(_FILLED.get(status))
    errors = [{"code": code, "field": "until", "detail": detail}] if status == 422 else []
    named = code if status == 422 else kind
    said = {"type": f"/problems/{named}", "title": TEXTS["problems"][kind], "status": status}
    return {**said, "detail": detail, "errors": errors}
