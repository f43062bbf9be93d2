"""The description of the API as a page for people: every operation with what it takes, what it answers, an example."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.reading import fields, sections
from api.shapes.words import templates

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs(request: Request) -> Response:
    """The operations by their parts; nothing is loaded from outside, and no script runs."""
    schema = request.app.openapi()
    shown = {"sections": sections(schema), "shapes": schema["components"]["schemas"], "fields": fields}
    about = schema["info"]["description"].strip()
    return templates.TemplateResponse(request, "docs.html", {**shown, "about": about, "marks": []})
