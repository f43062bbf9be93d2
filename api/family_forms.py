"""HTTP → a family: what papers show of it in a visit, and what is asked of its links."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from api.fields import Day, Name, Text, Words
from api.forms import Form
from registry.aggregates.person.links import ROLES

Role = Literal[ROLES]  # type: ignore[valid-type]  # the list is data
MOST_RELATIVES = 20


class FamilyShown(Form):
    """Who somebody is to the person, by a paper of the part."""

    role: Role
    relative: Text = Field(default=None)
    relative_name: Name = Field(default=None)
    of_part: Annotated[StrictInt, Field(ge=1, le=100)] | None = Field(default=None)
    since: Day = Field(default=None)
    until: Day = Field(default=None)
    paper: Text = Field(default=None)


class LinkEnd(Form):
    until: Day = Field(default=None)
    basis: Words = Field(default=None)


class LinkCorrection(Form):
    """Only what differs."""

    role: Role | None = Field(default=None)
    relative: Text = Field(default=None)
    relative_name: Name = Field(default=None)
    since: Day = Field(default=None)
    until: Day = Field(default=None)
    reason: Words = Field(default=None)


class LinkAnnulment(Form):
    basis: Words = Field(default=None)


class IdentitySeal(Form):
    basis: Words = Field(default=None)
    successor: Text = Field(default=None)
