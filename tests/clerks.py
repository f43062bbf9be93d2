"""The clerk of tests: whatever can be asked, by its name: `clerk.settle(person, command=…, kind=…, dwelling=…)`."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from registry import acts
from registry.aggregates.dwelling import requests as about_dwelling
from registry.aggregates.person import merge_requests as about_two
from registry.aggregates.person import requests as about_person
from registry.aggregates.requests import ActRequest
from registry.aggregates.values import Actor, NeedsConfirmation
from registry.app import Act, Registry
from registry.twice import ALIKE


def _requests() -> dict[str, type[Any]]:
    """Every class that asks for an act, by its name in snake case."""
    found = [one for module in (about_person, about_dwelling, about_two) for one in vars(module).values()]
    made = [one for one in found if isinstance(one, type) and issubclass(one, ActRequest)]
    concrete = [one for one in made if not one.__abstractmethods__]
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", one.__name__).lower(): one for one in concrete}


REQUESTS = _requests()


class Clerk(acts.Clerk):
    """Its acts take the stream first, and the fields of the request by name; `changes` are those of a residence. What
    needs a second person is recorded at once, unless a test says otherwise."""

    def __init__(self, registry: Registry, by: Actor, second_person: bool = False, **how: Any):
        super().__init__(registry, by, second_person, **how)

    def __getattr__(self, name: str) -> Callable[..., Act]:
        if name not in REQUESTS:
            raise AttributeError(name)
        asks = REQUESTS[name]

        def act(stream: UUID | None = None, *, command: UUID, version: int | None = None, **said: Any) -> Act:
            if asks is about_person.CorrectResidence:
                said |= said.pop("changes")
            if asks in (about_person.EnterPerson, about_person.ChangeParticulars, about_person.CorrectParticulars):
                said = {"confirmed": True, **said}
            if stream:
                said["dwelling" if asks.__module__ == about_dwelling.__name__ else "person"] = stream
            try:
                return self.act(asks(**said), command=command, version=version)
            except NeedsConfirmation as question:
                alike = [UUID(one.named["person"]) for one in question.faults if one.code == ALIKE]
                if not alike:
                    raise
                # Somebody who looks like another of the test is another one.
                said |= {"distinct_from": alike, "distinct_reason": "паспорти звірено"}
                return self.act(asks(**said), command=command, version=version)

        return act
