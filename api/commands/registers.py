"""The register that a command works on, and who acts by it."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.commands.terminal import Stop
from registry import community, seals, texts
from registry.acts import Clerk
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.clock import utc_now
from registry.opening import opened
from registry.projections import runner
from registry.settings import Settings
from registry.storage.database import connect_url, migrate
from registry.storage.recorder import PATIENT, Patience
from registry.viewer import Viewer


@contextmanager
def up_to_date(settings: Settings, patience: Patience = PATIENT) -> Iterator[Registry]:
    """The register that the settings name, its database started, its schema and its projections up to date. Raises
    `Stop` if another version of the program made the rows of a projection."""
    with migrated(settings, patience) as registry:
        if stale := runner.stale(registry.recorder):
            raise Stop(4, texts.TEXTS["upgrade"]["stale"].format(names=", ".join(stale)))
        yield registry


@contextmanager
def migrated(settings: Settings, patience: Patience = PATIENT) -> Iterator[Registry]:
    """The same for what reads only the log, or makes the projections itself: their rows may be stale."""
    url = connect_url(settings)
    migrate(url)
    with opened(url, clock=utc_now, founding=community.of_variables(settings), patience=patience) as registry:
        yield registry


def actor(settings: Settings) -> Actor:
    """Who acts at the terminal."""
    return Actor(settings.actor_id, settings.actor_name)


def clerk_of(registry: Registry, settings: Settings) -> Clerk:
    """Whoever acts at the terminal, for the acts of the register."""
    return Clerk(registry, actor(settings), settings.second_person)


def viewer_of(registry: Registry, settings: Settings) -> Viewer:
    """Whom the answers at the terminal are for."""
    return seals.viewer_of(registry, actor(settings))
