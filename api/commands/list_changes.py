"""Commands on the changes of a list (of territories, of streets) that wait for a second person."""

from typing import Annotated
from uuid import UUID, uuid4

import typer

from api.commands.helping import Commands
from api.commands.registers import As, acting, clerk_of, insist_on_rejecting, up_to_date
from api.commands.terminal import Json, say, typed
from registry import gate, texts
from registry.acts import Clerk
from registry.aggregates.values import Fault, refuse
from registry.card_index import territory_list
from registry.settings import Settings

COMMANDS, OPTIONS = texts.TEXTS["commands"], texts.TEXTS["options"]


def add_to(commands: Commands, group: str, aggregate: str) -> None:
    """Adds `approve` and `reject` to the commands of a group: of the list whose entries are of this aggregate."""

    @commands.command("approve", help=COMMANDS[f"{group} approve"])
    def approve(as_: As = None, as_json: Json = False) -> None:
        """Another person than who asked agrees to every change of the list that waits."""
        settings = Settings.read()
        with up_to_date(settings) as registry:
            clerk = clerk_of(registry, acting(registry, settings, f"{group} approve", as_))
            waiting = _waiting(clerk, aggregate)
            for application in waiting:
                clerk.approve(application, command=uuid4())
        say({"approved": len(waiting)}, as_json, texts.say("territories_say", "approved", len(waiting)))

    @commands.command("reject", help=COMMANDS[f"{group} reject"])
    def reject(
        reason: Annotated[
            str, typer.Argument(help=OPTIONS["territories reject REASON"], callback=typed(gate.words, "reason-missing"))
        ],
        as_: As = None,
        as_json: Json = False,
    ) -> None:
        """The changes of the list that wait are not to be."""
        settings = Settings.read()
        with up_to_date(settings) as registry:
            who = acting(registry, settings, f"{group} reject", as_)
            clerk = clerk_of(registry, who)
            waiting = _waiting(clerk, aggregate)
            insist_on_rejecting(who, *(registry.application(one).asked_by for one in waiting))
            for application in waiting:
                clerk.reject(application, command=uuid4(), reason=reason)
        say({"rejected": len(waiting)}, as_json, texts.say("territories_say", "rejected", len(waiting)))


def _waiting(clerk: Clerk, aggregate: str) -> list[UUID]:
    """The changes that wait. Raises `Impossible` if there are none."""
    found = territory_list.waiting(clerk, aggregate)
    refuse([] if found else [Fault("no-change-waiting")])
    return found
