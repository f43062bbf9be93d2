"""How every act over HTTP goes: find whom, repeat or decide, answer with what was recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse

from api.desk import Desk, desk_of
from api.errors import KeyReused, OutdatedChange, Problem, Stale
from api.shapes import cases as case_shapes
from api.shapes import letters as letter_shapes
from api.shapes.names import (
    UNKNOWN,
    dwelling_or_nowhere,
    find_application,
    find_dwelling,
    find_merged,
    find_outgoing,
    find_person,
)
from registry import texts
from registry.acts import Clerk, Requested, repeats
from registry.aggregates.case.events import ChangeApproved, ChangeRequested
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.household.events import HouseholdAnswered
from registry.aggregates.outgoing.events import item_id
from registry.aggregates.outgoing.state import LEADS_TO
from registry.aggregates.person.merge_requests import MergeEntries
from registry.aggregates.person.requests import ChangeParticulars, EnterPerson
from registry.aggregates.requests import digest_of
from registry.aggregates.values import id_of
from registry.app import Act, LostRace, Registry
from registry.outgoing import makers
from registry.questions import NotFound
from registry.storage.mapper import instant_text

PREFIX = "/api/v1"
PLACES = {"person": "persons", "dwelling": "dwellings", "application": "applications", "outgoing": "outbox"} | {
    "household": "household-requests"
}
MAY_WAIT: dict[int | str, dict[str, Any]] = {202: {"description": texts.say("api", "waits")}}
"""What an act that needs a second person may answer too."""


@dataclass
class Asking:
    """One request to act: who acts, under which command id, on which version; and the act, if it was made before."""

    request: Request
    clerk: Clerk
    command: UUID
    version: int | None
    done: Act | None

    @property
    def registry(self) -> Registry:
        return self.clerk.registry

    @property
    def position(self) -> int:
        """The position at which the request reads names: for a repeated one, that of the first time."""
        return self.done.entries[0].position - 1 if self.done else self.registry.position()

    def person(self, ref: str) -> UUID:
        """The person named in the address."""
        person = self._found(partial(find_person, seen_by=self.clerk.viewer), ref)
        self.request.state.person = person
        return person

    def merged(self, ref: str) -> UUID:
        """The entry named in the address that was merged into another one, not who answers for it."""
        return self._found(partial(find_merged, seen_by=self.clerk.viewer), ref)

    def dwelling(self, ref: str) -> UUID:
        """The dwelling named in the address."""
        return self._found(find_dwelling, ref)

    def home(self, name: str | None) -> UUID:
        """The dwelling that a body names; the one that no register has, if it names none."""
        return dwelling_or_nowhere(self.registry, name, self.position)

    def relative(self, name: str | None) -> UUID | None:
        """Somebody whom a body names beside the person; whom the register has not, the decision says."""
        if name is None:
            return None
        try:
            return find_person(self.registry, name, self.position, seen_by=self.clerk.viewer)
        except NotFound:
            return UNKNOWN

    def act(self, request: Requested) -> JSONResponse:
        """Records what is asked for, or answers as the first time."""
        return self._made(
            request.stream,
            request.makes,
            request.digest,
            lambda: self.clerk.act(request, command=self.command, version=self.version),
        )

    def tried(self, request: EnterPerson | ChangeParticulars | MergeEntries) -> JSONResponse:
        """What an act would record of whom, and whether a second person would be asked; nothing is stored."""
        facts, waits = self.clerk.tried(request, version=self.version)
        would = {str(stream): [case_shapes.fact_name(fact.NAME) for fact in made] for stream, made in facts.items()}
        return JSONResponse({"dry_run": True, "would_record": would, "waits": waits}, 200)

    def application(self, ref: str) -> UUID:
        """The application named in the address."""
        return self._found(partial(find_application, seen_by=self.clerk.viewer), ref)

    def on_application(
        self,
        ref: str,
        makes: str,
        said: Mapping[str, Any],
        act: Callable[[UUID, bytes], Act],
        more: Callable[[Act], Mapping[str, Any]] = lambda act: {},
    ) -> JSONResponse:
        """An act on an application named in the address, which makes a fact of this name there: `act` takes its id and
        the digest of what is said; `more` says what is answered besides."""
        application = self.application(ref)
        digest = digest_of(makes, {"application": application, **said})
        try:
            return self._made(application, makes, digest, lambda: act(application, digest), more)
        except LostRace as race:
            if any(one.stream == application for one in race.raced):
                raise
            raise OutdatedChange(race) from None

    def on_household(
        self,
        request: UUID | None,
        makes: str,
        said: Mapping[str, Any],
        act: Callable[[bytes], Act],
        more: Mapping[str, Any] | None = None,
    ) -> JSONResponse:
        """An act on a request of a department, or the one that takes it in."""
        digest = digest_of(makes, {"household": request, **said})
        return self._made(request, makes, digest, lambda: act(digest), lambda made: _of_household(made, more or {}))

    def on_outgoing(
        self, ref: str, makes: str, said: Mapping[str, Any], act: Callable[[UUID, bytes], Act]
    ) -> JSONResponse:
        """An act on a message or task named in the address, as `on_application`."""
        item = self._found(partial(find_outgoing, seen_by=self.clerk.viewer), ref)
        digest = digest_of(makes, {"outgoing": item, **said})
        return self._made(item, makes, digest, lambda: act(item, digest))

    def on_outgoing_together(
        self, items: Sequence[UUID], makes: str, said: Mapping[str, Any], act: Callable[[list[UUID], bytes], Act]
    ) -> JSONResponse:
        """The same on several at once, named in the body."""
        found = [self._found(partial(find_outgoing, seen_by=self.clerk.viewer), str(item)) for item in items]
        digest = digest_of(makes, {"items": found, **said})
        made = self.done or act(found, digest)
        if made.repeated and not repeats(made, digest=digest, makes=makes, stream=None):
            raise KeyReused
        state = LEADS_TO[made.entries[0].fact.NAME]
        body = {
            "command": str(made.command),
            "position": made.position,
            "recorded_at": instant_text(made.recorded_at),
            "items": [{"outgoing": str(one.stream), "version": one.version, "state": state} for one in made.entries],
        }
        headers = {"Idempotency-Replayed": "true"} if made.repeated else {}
        return JSONResponse(body, 200 if made.repeated else 201, headers=headers)

    def _found(self, find: Callable[[Registry, str, int], UUID], ref: str) -> UUID:
        try:
            return find(self.registry, ref, self.position)
        except NotFound:
            if self.done:
                raise KeyReused from None
            raise

    def _made(
        self,
        stream: UUID | None,
        makes: str,
        digest: bytes,
        act: Callable[[], Act],
        more: Callable[[Act], Mapping[str, Any]] = lambda act: {},
    ) -> JSONResponse:
        try:
            made = self.done or act()
        except LostRace as race:
            if self.version is not None and any(one.stream == stream for one in race.raced):
                raise Stale(race) from None
            raise
        if made.repeated and not repeats(made, digest=digest, makes=makes, stream=stream):
            raise KeyReused
        return self._answer(made, more(made))

    def _answer(self, act: Act, more: Mapping[str, Any]) -> JSONResponse:
        first = act.entries[0]
        stream = _acted_on(act)
        last = next(entry for entry in reversed(act.entries) if entry.stream == stream)
        aggregate = AGGREGATE_OF[last.fact.NAME]
        waits = isinstance(first.fact, ChangeRequested)
        body = {
            "command": str(act.command),
            "position": act.position,
            "recorded_at": instant_text(act.recorded_at),
            aggregate: str(stream),
            "version": last.version,
            **(_waiting(first.fact) if waits else _recorded(act, aggregate)),
            **({"extracts": formed} if (formed := case_shapes.extracts(self.registry, act)) else {}),
            **({"letters": letters} if (letters := letter_shapes.of_act(act)) else {}),
            **more,
        }
        headers = {"ETag": f'"{last.version}"', "Location": f"{PREFIX}/{PLACES[aggregate]}/{stream}"}
        if act.repeated:
            headers["Idempotency-Replayed"] = "true"
        return JSONResponse(body, 200 if act.repeated else 202 if waits else 201, headers=headers)


def _of_household(made: Act, more: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer says of a request besides: the reply that waits to go out."""
    entry = made.entries[0]
    if not isinstance(entry.fact, HouseholdAnswered):
        return dict(more)
    return {**more, "outgoing": str(item_id(entry.position, makers.REPLY.id, None, None, None))}


def of_press(request: Request, desk: Desk, command: str, version: str | None) -> Asking:
    """The press of a page's form as an act on what was shown (`version`; None: the form has a way of its own): the same
    press again is the same act. Raises `Problem` where the page did not write its fields."""
    id = id_of(command)
    if id is None or not (version is None or (version.isascii() and version.isdigit() and len(version) < 10)):
        raise Problem(400, "bad-header", texts.say("problem_details", "bad-key"))
    return Asking(request, desk.clerk, id, None if version is None else int(version), desk.registry.of_command(id))


def _acted_on(act: Act) -> UUID:
    """The stream that an act was for: of an approval the person's, if it recorded anything of them."""
    first = act.entries[0]
    person: UUID | None = first.fact.person if isinstance(first.fact, ChangeApproved) else None
    return person if person and any(one.stream == person for one in act.entries) else first.stream


def _waiting(change: ChangeRequested) -> dict[str, Any]:
    """What an answer says of a change that another person has yet to approve."""
    return {"status": "awaiting-approval", **case_shapes.asked_change(change)}


def _recorded(act: Act, aggregate: str) -> dict[str, Any]:
    """What an answer says of facts that were recorded; of an approved change, also where it was asked for."""
    first = act.entries[0]
    residence = next((one for entry in act.entries if (one := getattr(entry.fact, "residence", None))), None)
    return {
        "facts": [entry.position for entry in act.entries],
        **({"residence": str(residence)} if residence and aggregate == "person" else {}),
        **({"application": str(first.stream)} if isinstance(first.fact, ChangeApproved) else {}),
        **({"state": LEADS_TO[first.fact.NAME]} if aggregate == "outgoing" else {}),
    }


def asking(
    request: Request,
    idempotency_key: Annotated[str | None, Header()] = None,
    if_match: Annotated[str | None, Header()] = None,
) -> Asking:
    """The dependency of every act."""
    insist_on_no_question(request)
    desk = desk_of(request)
    command = _command(idempotency_key)
    done = desk.registry.of_command(command) if idempotency_key else None
    return Asking(request, desk.clerk, command, version_of(if_match), done)


def insist_on_no_question(request: Request) -> None:
    """What stands behind «?» of an act that has nothing there is no detail: a `dry_run` would have been recorded."""
    if request.query_params and not request.scope["route"].dependant.query_params:
        detail = texts.TEXTS["faults"]["query-unasked"]
        raise Problem(422, "query-unasked", detail, [{"code": "query-unasked", "field": None, "detail": detail}])


def _command(key: str | None) -> UUID:
    if key is None:
        return uuid4()
    try:
        return UUID(key.strip().strip('"'))
    except ValueError:
        raise Problem(400, "bad-header", texts.say("problem_details", "bad-key")) from None


def version_of(if_match: str | None) -> int | None:
    """The version in an `If-Match` header; None without one, and for `*`."""
    if if_match is None or if_match.strip() == "*":
        return None
    bare = if_match.strip()
    if len(bare) < 3 or bare[0] + bare[-1] != '""' or not (bare[1:-1].isascii() and bare[1:-1].isdigit()):
        raise Problem(400, "bad-header", texts.say("problem_details", "bad-version"))
    return int(bare[1:13].strip('"'))


Acting = Annotated[Asking, Depends(asking)]
