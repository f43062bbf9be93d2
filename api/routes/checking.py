"""The public check of an extract by its code: whether it was issued here and when. It says nothing about the person."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.routes.finding import desk_of
from api.routes.telling import templates
from registry.extracts.issuing import ALPHABET, number_text

router = APIRouter(include_in_schema=False)


@router.get("/v/{code}")
def check(request: Request, code: str) -> Response:
    """A code as printed, with or without its hyphens; a malformed and an unknown one look alike."""
    desk = desk_of(request)
    typed = "".join(char for char in code.upper() if char in ALPHABET)
    rows = desk.registry.query("extracts", "by_code", code=typed)
    row = rows[0] if rows and rows[0]["issued"] else None
    shown = {"row": row, "number": number_text(row["year"], row["number"]) if row else None, "settings": desk.settings}
    return templates.TemplateResponse(request, "check.html", {**shown, "marks": []}, status_code=200 if row else 404)
