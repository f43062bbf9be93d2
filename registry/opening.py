"""Opening a register: the door to the log, with all that follows it and all that is given to facts under its lock."""

from collections.abc import Sequence
from datetime import timedelta

from registry.aggregates.case.events import ApplicationReceived
from registry.aggregates.community.state import Matter
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.outgoing.events import OutgoingDrawn
from registry.app import Registry
from registry.cases import codes
from registry.clock import Clock, utc_now
from registry.extracts import numbering
from registry.outgoing import drawing, makers, outbox
from registry.projections import runner
from registry.salts import Salts, random_salt
from registry.storage.following import Follower, Prepare
from registry.storage.recorder import PATIENT, LogRecorder, Patience, Progress


def opened(
    url: str,
    *,
    clock: Clock = utc_now,
    salts: Salts = random_salt,
    founding: Sequence[Matter] = (),
    connections: int = 8,
    patience: Patience = PATIENT,
    apart: timedelta | None = None,
) -> Registry:
    """The register of a migrated database, by its libpq address, on a clock. Close it, or use it as a context. `salts`,
    `founding`, `connections`, `patience` and `apart` as `Registry` takes them.

    The projections come first among the followers: what goes out is made from the register as the act left it.
    """
    projections = Follower(
        follow=runner.update,
        refill=runner.refill,
        rebuild=_rebuild,
        queries={one.TABLE: one.SQL for one in runner.PROJECTIONS},
        guards=runner.GUARDS,
    )
    outgoing = Follower(
        follow=makers.follow,
        alone=makers.ALONE,
        refill=makers.refill,
        rebuild=makers.restate,
        queries={outbox.TABLE: outbox.SQL},
    )
    given: dict[type, Prepare] = {
        ExtractRequested: numbering.numbered,
        ApplicationReceived: codes.coded,
        OutgoingDrawn: drawing.numbered,
    }
    return Registry(
        url,
        clock=clock,
        followers=(projections, outgoing),
        prepared=given,
        salts=salts,
        founding=founding,
        connections=connections,
        patience=patience,
        apart=apart,
    )


def _rebuild(recorder: LogRecorder, table: str, progress: Progress) -> int:
    projection = next(one for one in runner.PROJECTIONS if table == one.TABLE)
    return runner.rebuild(recorder, projection, progress)
