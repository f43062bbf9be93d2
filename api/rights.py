"""Who may do what: the one table of roles, of every route and of every command."""

from collections.abc import Mapping
from typing import Final, Literal

from registry.roles import Role

Anyone = Literal["anyone"]
ANYONE: Final[Anyone] = "anyone"
"""Whoever comes, known or not: no person is shown and nothing is done."""

_COUNTER: frozenset[Role] = frozenset({"clerk", "head"})
_READS: frozenset[Role] = frozenset({"clerk", "head", "auditor"})
_LOADS: frozenset[Role] = frozenset({"head", "admin"})
_APPROVES: frozenset[Role] = frozenset({"head"})
_EVERYBODY: frozenset[Role] = frozenset({"head", "auditor"})
_ADMIN: frozenset[Role] = frozenset({"admin"})

COMMANDS: Mapping[str, Anyone | frozenset[Role]] = {
    **dict.fromkeys(("demo", "serve", "db start", "db stop", "db status", "version"), ANYONE),
    **dict.fromkeys(("verify", "rebuild", "upgrade", "keys list", "keys rotate"), ANYONE),
    **dict.fromkeys(("fee", "office", "check", "community show", "territories show", "streets show"), ANYONE),
    **dict.fromkeys(("ask residence", "ask occupancy", "ask moved", "ask superseded", "replay"), _READS),
    "streets reconcile": _READS | _LOADS,
    "extract": _COUNTER,
    **dict.fromkeys(("export", "access"), _EVERYBODY),
    **dict.fromkeys(("init", "import", "territories import", "territories annul"), _LOADS),
    **dict.fromkeys(("streets import", "streets rename", "streets carry", "streets annul"), _LOADS),
    **dict.fromkeys(("community approve", "territories approve", "streets approve"), _APPROVES),
    # A head; or whoever asked, of their own.
    **dict.fromkeys(("community reject", "territories reject", "streets reject"), _LOADS),
    **dict.fromkeys(("user add", "user disable", "user reset", "user list"), _ADMIN),
    **dict.fromkeys(("key add", "key list", "key end"), _ADMIN),
}
"""By the words that are typed. Whom the files of this machine belong to needs no role to start, check and mend them."""
