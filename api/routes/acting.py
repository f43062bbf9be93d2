"""How every act over HTTP goes: find whom, repeat or decide, answer with what was recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse

from api.errors import KeyReused, OutdatedChange, Problem, Stale
from api.routes.finding import desk_of, dwelling_or_nowhere, find_application, find_dwelling, find_person
from registry.acts import Clerk, requested_facts
from registry.aggregates.case.events import ChangeApproved, ChangeRequested
from registry.aggregates.facts import AGGREGATE_OF, RESIDENCE_KINDS
from registry.aggregates.person import events
from registry.aggregates.person.state import fold
from registry.aggregates.values import Entry
from registry.app import Act, LostRace, Registry
from registry.questions import NotFound
from registry.storage.mapper import instant_text

PREFIX = "/api/v1"
PLACES = {"person": "persons", "dwelling": "dwellings", "application": "applications"}
FOR_TWO: dict[int | str, dict[str, Any]] = {202: {"description": "Чекає на погодження іншою особою; адреса в Location"}}
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

    def new(self, act: Callable[..., Act], name: str, asked: dict[str, Any], **how: Any) -> JSONResponse:
        """An act that begins a stream."""
        return self._answer(self._made(None, name, asked, lambda: act(command=self.command, **asked, **how)))

    def on_person(
        self, ref: str, act: Callable[..., Act], name: str, asked: dict[str, Any], **how: Any
    ) -> JSONResponse:
        """An act on the stream of a person named in the address; `name` is that of the fact it makes."""
        person = self._found(find_person, ref)
        self.request.state.person = person
        if "dwelling" in asked:
            asked = {**asked, "dwelling": dwelling_or_nowhere(self.registry, asked["dwelling"], self.position)}
        return self._on(person, act, name, asked, how)

    def on_dwelling(
        self, ref: str, act: Callable[..., Act], name: str, asked: dict[str, Any], **how: Any
    ) -> JSONResponse:
        """An act on the stream of a dwelling named in the address."""
        return self._on(self._found(find_dwelling, ref), act, name, asked, how)

    def on_application(self, ref: str, act: Callable[..., Act], name: str, asked: dict[str, Any]) -> JSONResponse:
        """The word on a change that waits on an application named in the address."""
        application = self._found(find_application, ref)
        try:
            return self._on(application, act, name, asked, {})
        except LostRace as race:
            if any(one.stream == application for one in race.raced):
                raise
            raise OutdatedChange(race) from None

    def _on(
        self, stream: UUID, act: Callable[..., Act], name: str, asked: dict[str, Any], how: dict[str, Any]
    ) -> JSONResponse:
        try:
            made = self._made(
                stream, name, asked, lambda: act(stream, command=self.command, version=self.version, **asked, **how)
            )
        except LostRace as race:
            if self.version is not None and any(one.stream == stream for one in race.raced):
                raise Stale(race) from None
            raise
        return self._answer(made)

    def _found(self, find: Callable[[Registry, str, int], UUID], ref: str) -> UUID:
        try:
            return find(self.registry, ref, self.position)
        except NotFound:
            if self.done:
                raise KeyReused from None
            raise

    def _made(self, stream: UUID | None, name: str, asked: dict[str, Any], act: Callable[[], Act]) -> Act:
        made = self.done or act()
        if made.repeated and not self._same(made, stream, name, asked):
            raise KeyReused
        return made

    def _same(self, act: Act, stream: UUID | None, name: str, asked: dict[str, Any]) -> bool:
        """Whether the stored act is the one that this request asks for."""
        entries = _meant(act)
        entry = next((one for one in entries if one.fact.NAME == name), None)
        if entry is None or {entry.stream, entries[0].stream} != {stream or entry.stream}:
            return False
        return all(_says(self.registry, entry, field, value) for field, value in asked.items())

    def _answer(self, act: Act) -> JSONResponse:
        first = act.entries[0]
        stream = first.fact.person if isinstance(first.fact, ChangeApproved) else first.stream
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
        }
        headers = {"ETag": f'"{last.version}"', "Location": f"{PREFIX}/{PLACES[aggregate]}/{stream}"}
        if act.repeated:
            headers["Idempotency-Replayed"] = "true"
        return JSONResponse(body, 200 if act.repeated else 202 if waits else 201, headers=headers)


def _waiting(change: ChangeRequested) -> dict[str, Any]:
    """What an answer says of a change that another person has yet to approve."""
    return {"status": "awaiting-approval", "asked_for": change.asked_for, "person": str(change.person)}


def _recorded(act: Act, aggregate: str) -> dict[str, Any]:
    """What an answer says of facts that were recorded; of an approved change, also where it was asked for."""
    first = act.entries[0]
    residence = next((one for entry in act.entries if (one := getattr(entry.fact, "residence", None))), None)
    return {
        "facts": [entry.position for entry in act.entries],
        **({"residence": str(residence)} if residence and aggregate == "person" else {}),
        **({"application": str(first.stream)} if isinstance(first.fact, ChangeApproved) else {}),
    }


def _meant(act: Act) -> Sequence[Entry]:
    """The entries that an act was asked for; of one that waits for a second person, those that its change would make.
    A change asked for by deciding an application is another act."""
    entry = act.entries[0]
    change = entry.fact
    if not isinstance(change, ChangeRequested) or entry.version > 1:
        return act.entries
    return [
        replace(entry, stream=change.person, version=version, fact=fact)
        for version, fact in enumerate(requested_facts(change), change.after + 1)
    ]


def _says(registry: Registry, entry: Entry, name: str, value: Any) -> bool:
    """Whether a stored fact says what a request asks in one field; changes are compared by their effect."""
    fact = entry.fact
    if name == "kind" and fact.NAME in RESIDENCE_KINDS:
        return RESIDENCE_KINDS[fact.NAME] == value
    if name == "changes" and isinstance(fact, events.ResidenceCorrected):
        fields = ("kind", "dwelling", "since", "until")
        before = {field: getattr(fact.was, field) for field in fields}
        return {**before, **value} == {field: getattr(fact.now, field) for field in fields}
    if name == "changes":
        then = fold(one for one in registry.entries(entry.stream) if one.version < entry.version).particulars
        real = {field: now for field, now in value.items() if getattr(then, field) != now}
        return real == {change.field: change.now for change in fact.changes}
    return getattr(fact, name) == value


def asking(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(description="UUID цієї дії: повторення з ним повертає перший результат, нічого не роблячи.")
    ] = None,
    if_match: Annotated[
        str | None, Header(description='Версія запису, яку бачили, з ETag: "3". Якщо запис змінено, відповідь 412.')
    ] = None,
) -> Asking:
    """The dependency of every act."""
    desk = desk_of(request)
    command = _command(idempotency_key)
    done = desk.registry.of_command(command) if idempotency_key else None
    return Asking(request, desk.clerk, command, version_of(if_match), done)


def _command(key: str | None) -> UUID:
    if key is None:
        return uuid4()
    try:
        return UUID(key.strip().strip('"'))
    except ValueError:
        raise Problem(
            400, "bad-header", "Idempotency-Key має бути UUID. Створіть його заново для кожної дії."
        ) from None


def version_of(if_match: str | None) -> int | None:
    """The version in an `If-Match` header; None without one, and for `*`."""
    if if_match is None or if_match.strip() == "*":
        return None
    bare = if_match.strip()
    if len(bare) < 3 or bare[0] + bare[-1] != '""' or not (bare[1:-1].isascii() and bare[1:-1].isdigit()):
        raise Problem(400, "bad-header", 'If-Match має бути одним числом у лапках, як в ETag, наприклад "3".')
    return int(bare[1:13].strip('"'))


Acting = Annotated[Asking, Depends(asking)]
