"""HTTP → visits, and what is asked of the access journal."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from api.fields import Text
from api.forms import Form
from registry.staff.visits import PURPOSES


class Page(Form):
    """A page of entries, newest first, behind a position."""

    before: int | None = Field(default=None, ge=1, le=2**63 - 1)
    limit: int = Field(default=50, ge=1, le=500)


class Looks(Page):
    """Whose, or of which visit."""

    by: Text = Field(default=None)
    visit: UUID | None = Field(default=None)


class NewVisit(Form):
    purpose: Literal[PURPOSES]  # type: ignore[valid-type]  # the list is data
    office: Text = Field(default=None)
