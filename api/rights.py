"""Who may do what: the roles of every route, page and command. There is no other place where it is decided.

What is not in the table does not exist: an application with a route that no line names does not start.
"""

from collections.abc import Mapping
from typing import Final, Literal

from registry.roles import ROLES, Role, Who

Rights = Literal["anyone"] | frozenset[Role]

ANYONE: Final = "anyone"
SIGNED_IN: frozenset[Role] = frozenset(ROLES)

_READ: frozenset[Role] = frozenset({"clerk", "head", "auditor"})
_ACT: frozenset[Role] = frozenset({"clerk", "head"})
_SEND: frozenset[Role] = frozenset({"clerk", "head", "machine"})
_ANSWER: frozenset[Role] = frozenset({"clerk", "head", "reader"})
_HEAD: frozenset[Role] = frozenset({"head"})
_ADMIN: frozenset[Role] = frozenset({"admin"})
OVERSEE: frozenset[Role] = frozenset({"head", "auditor"})
_LOAD: frozenset[Role] = frozenset({"head", "admin"})

_API = "/api/v1"
_PERSON, _DWELLING, _CASE = (
    _API + "/persons/{person}",
    _API + "/dwellings/{dwelling}",
    _API + "/applications/{application}",
)
_HOME, _LINK, _MARK = _PERSON + "/residences/{residence}", _PERSON + "/family/{link}", _PERSON + "/absences/{mark}"
_PAPER, _OUT = _CASE + "/papers/{paper}", _API + "/outbox/{outgoing}"

ROUTES: Mapping[str, Rights] = {
    # What anybody may open, without a session: the law, the community, what a code on paper leads to.
    "GET /healthz": ANYONE,
    "GET /readyz": ANYONE,
    "GET /static": ANYONE,
    "GET /docs": ANYONE,
    "GET /v": ANYONE,
    "GET /v/": ANYONE,
    "POST /v": ANYONE,
    "POST /v/": ANYONE,
    "GET /v/{code}": ANYONE,
    "GET /v/{code}.jws": ANYONE,
    "GET /.well-known/jwks.json": ANYONE,
    "GET /status": ANYONE,
    "GET /status/": ANYONE,
    "POST /status": ANYONE,
    "POST /status/": ANYONE,
    "GET /status/{code}": ANYONE,
    "GET /bring": ANYONE,
    f"GET {_API}/openapi.json": ANYONE,
    f"GET {_API}/status/{{code}}": ANYONE,
    f"GET {_API}/services": ANYONE,
    f"GET {_API}/services/{{service}}": ANYONE,
    f"GET {_API}/community": ANYONE,
    f"GET {_API}/territories": ANYONE,
    f"GET {_API}/offices": ANYONE,
    f"GET {_API}/offices/{{office}}": ANYONE,
    # Signing in; what whoever is in has of their own.
    "GET /sign-in": ANYONE,
    "POST /sign-in": ANYONE,
    "POST /sign-out": SIGNED_IN,
    "POST /lock": SIGNED_IN,
    "GET /unlock": SIGNED_IN,
    "POST /unlock": SIGNED_IN,
    "POST /seen": SIGNED_IN,
    "GET /password": SIGNED_IN,
    "POST /password": SIGNED_IN,
    "GET /pin": SIGNED_IN,
    "POST /pin": SIGNED_IN,
    "GET /me": SIGNED_IN,
    "POST /me/end": SIGNED_IN,
    "GET /kept": SIGNED_IN,
    "POST /kept/send": SIGNED_IN,
    "POST /kept/drop": SIGNED_IN,
    "GET /help": SIGNED_IN,
    "POST /me/keys": SIGNED_IN,
    "GET /help/{service}": SIGNED_IN,
    # Pages of the desk.
    "GET /": _READ,
    "POST /": _READ,
    "GET /coming/{name}": _READ,
    "GET /persons/{person}": _READ,
    "GET /persons/{person}/extracts": _READ,
    "POST /persons/{person}/extracts": _ACT,
    "GET /persons/{person}/particulars": _ACT,
    "POST /persons/{person}/particulars": _ACT,
    "GET /residents/new": _ACT,
    "POST /residents/new": _ACT,
    "GET /services": _ACT,
    "GET /services/{service}": _ACT,
    "POST /services/{service}": _ACT,
    "GET /persons/{person}/services": _ACT,
    "GET /persons/{person}/services/{service}": _ACT,
    "POST /persons/{person}/services/{service}": _ACT,
    "GET /applications/{application}": _READ,
    "POST /applications/{application}": _ACT,
    "GET /notices": _ACT,
    "GET /notices/{notice}": _ACT,
    "POST /notices/{notice}": _ACT,
    "GET /batches/{batch}": _ACT,
    "POST /batches/{batch}": _ACT,
    "GET /dwellings/{dwelling}": _READ,
    "GET /dwellings/{dwelling}/extracts": _ACT,
    "POST /dwellings/{dwelling}/extracts": _ACT,
    "GET /dwellings/{dwelling}/address": _ACT,
    "POST /dwellings/{dwelling}/address": _ACT,
    "GET /dwellings/{dwelling}/rights": _ACT,
    "POST /dwellings/{dwelling}/rights": _ACT,
    "GET /dwellings/{dwelling}/readdress": _ACT,
    "POST /dwellings/{dwelling}/readdress": _ACT,
    "POST /dwellings/{dwelling}/readdress/new": _ACT,
    "GET /addresses": _READ,
    "GET /addresses/{street}": _READ,
    "GET /addresses/{street}/homes": _READ,
    "GET /addresses/{street}/new": _ACT,
    "POST /addresses/{street}/new": _ACT,
    "GET /extracts/{year}/{number}": _READ,
    "GET /applications/{application}/letter": _READ,
    "GET /applications/{application}/without-movement": _READ,
    "GET /outbox": _READ,
    "GET /outbox/{outgoing}": _READ,
    "POST /outbox/{outgoing}": _ACT,
    "GET /outbox/{outgoing}/paper": _READ,
    # The day: the head's page, and the journal and the cash sheet, of which a clerk has their own; blank forms.
    "GET /day": _HEAD,
    "GET /day/movement.csv": _HEAD,
    "GET /day/decisions/{application}": _HEAD,
    "GET /day/lists/{name}": _HEAD,
    "GET /day/journal": _ACT,
    "GET /day/cash": _ACT,
    "GET /blanks": _ACT,
    "GET /blanks/{blank}": _ACT,
    "GET /approvals": OVERSEE,
    "GET /approvals/{change}": _READ,
    "POST /approvals/{change}/approval": _HEAD,
    # Whoever asked may take it back, which the route sees to.
    "POST /approvals/{change}/rejection": _ACT,
    # Drafts: each its owner's.
    "GET /drafts": _ACT,
    "POST /drafts": _ACT,
    "GET /drafts/{draft}": _ACT,
    "POST /drafts/{draft}/drop": _ACT,
    "GET /drafts/{draft}/application": _ACT,
    "GET /applications/{application}/application": _READ,
    "GET /applications/{application}/receipt": _READ,
    # Visits and the access journal.
    "POST /visit": _ACT,
    "POST /visit/end": _ACT,
    f"POST {_API}/visits": _ACT,
    f"POST {_API}/visits/{{visit}}/end": _ACT,
    f"GET {_PERSON}/looks": OVERSEE,
    f"GET {_API}/looks": OVERSEE,
    # Those of the administrator, who sees no person; of heads, and of auditors.
    "GET /staff": _ADMIN,
    "POST /staff": _ADMIN,
    "GET /staff/{login}": _ADMIN,
    "POST /staff/{login}": _ADMIN,
    "POST /staff/{login}/reset": _ADMIN,
    "POST /staff/{login}/disable": _ADMIN,
    "GET /sessions": _ADMIN,
    "POST /sessions/end": _ADMIN,
    "GET /keys": _ADMIN,
    "POST /keys": _ADMIN,
    "POST /keys/end": _ADMIN,
    "GET /state": _ADMIN,
    f"GET {_API}/state": _ADMIN,
    "GET /substitutes": _HEAD | _ADMIN,
    "POST /substitutes": _HEAD,
    "POST /substitutes/end": _HEAD,
    "GET /staff-events": frozenset({"auditor", "admin"}),
    # What is asked.
    f"POST {_API}/search/people": _READ,
    f"POST {_API}/search/dwellings": _READ,
    f"GET {_PERSON}": _READ,
    f"GET {_PERSON}/facts": _READ,
    f"GET {_PERSON}/papers": _READ,
    f"GET {_PERSON}/residences": _READ,
    f"GET {_PERSON}/absences": _READ,
    f"GET {_PERSON}/address-protection": OVERSEE,
    f"GET {_PERSON}/family": _READ,
    f"GET {_DWELLING}": _READ,
    f"GET {_DWELLING}/residents": _READ,
    f"GET {_API}/moved": OVERSEE,
    f"GET {_API}/streets": _READ,
    f"GET {_API}/streets/reconciliation": _READ,
    f"GET {_API}/streets/unlisted": _READ,
    f"GET {_API}/streets/{{street}}": _READ,
    f"GET {_API}/streets/{{street}}/houses": _READ,
    f"GET {_API}/streets/{{street}}/reconciliation": _READ,
    f"GET {_API}/applications": _READ,
    f"GET {_CASE}": _READ,
    f"GET {_CASE}/decision": _READ,
    f"GET {_CASE}/letters": _READ,
    f"GET {_CASE}/letters/{{part}}/document": _READ,
    f"GET {_API}/outbox": _READ,
    f"GET {_OUT}": _READ,
    f"GET {_OUT}/document": _READ,
    f"GET {_API}/scans/{{sha256}}": _READ,
    f"GET {_API}/extracts/{{year}}/{{number}}": _READ,
    f"GET {_API}/extracts/{{year}}/{{number}}/document": _READ,
    # What other departments are answered, and nothing else of it.
    f"POST {_API}/household-answers": _ANSWER,
    f"POST {_API}/household-requests": _ACT,
    f"GET {_API}/household-requests/{{household}}": _READ,
    f"POST {_API}/household-requests/{{household}}/answer": _ACT,
    "GET /requests/{household}": _READ,
    "POST /requests/{household}": _ACT,
    "GET /household-answer": _ANSWER,
    "POST /household-answer": _ANSWER,
    # What is for the head: what was recorded late, what waits, what was issued and is so no more.
    f"GET {_API}/past-entries": OVERSEE,
    f"GET {_API}/changes": OVERSEE,
    f"GET {_API}/extracts/superseded": OVERSEE,
    # The word on a change: whoever asked may take it back, which the route sees to.
    f"POST {_CASE}/approval": _HEAD,
    f"POST {_CASE}/rejection": _ACT,
    # What is done. What corrects or annuls waits for a head.
    f"POST {_API}/applications": _SEND,
    f"POST {_CASE}/checks": _ACT,
    f"POST {_CASE}/decision": _ACT,
    f"POST {_CASE}/papers": _ACT,
    f"POST {_CASE}/without-movement": _ACT,
    f"POST {_CASE}/movement": _ACT,
    f"POST {_CASE}/withdrawal": _ACT,
    f"POST {_CASE}/amendment": _ACT,
    f"POST {_CASE}/comparison": _ACT,
    f"POST {_PAPER}/correction": _ACT,
    f"POST {_PAPER}/annulment": _ACT,
    f"PUT {_API}/scans/{{sha256}}": _ACT,
    f"POST {_API}/outbox/sent": _ACT,
    f"POST {_API}/outbox/done": _ACT,
    f"POST {_OUT}/sent": _ACT,
    f"POST {_OUT}/done": _ACT,
    f"POST {_OUT}/failed": _ACT,
    f"POST {_OUT}/reopened": _ACT,
    f"POST {_OUT}/drawn": _ACT,
    f"POST {_DWELLING}/extracts": _ACT,
    f"POST {_PERSON}/extracts": _ACT,
    f"POST {_API}/persons": _ACT,
    f"POST {_API}/residents": _ACT,
    f"POST {_PERSON}/past-residences": _ACT,
    f"POST {_HOME}/correction": _ACT,
    f"POST {_HOME}/annulment": _ACT,
    f"POST {_HOME}/carry-over-annulment": _ACT,
    f"POST {_PERSON}/deregistration-annulment": _ACT,
    f"POST {_PERSON}/death-annulment": _ACT,
    f"POST {_PERSON}/particulars-correction": _ACT,
    f"POST {_PERSON}/particulars-update": _ACT,
    f"POST {_PERSON}/withdrawal": _ACT,
    f"POST {_PERSON}/merge": _ACT,
    f"POST {_PERSON}/merge-annulment": _ACT,
    f"POST {_PERSON}/identity-seal": _ACT,
    f"POST {_PERSON}/identity-seal-annulment": _ACT,
    f"POST {_LINK}/end": _ACT,
    f"POST {_LINK}/correction": _ACT,
    f"POST {_LINK}/annulment": _ACT,
    f"POST {_PERSON}/absences": _ACT,
    f"POST {_MARK}/end": _ACT,
    f"POST {_MARK}/correction": _ACT,
    f"POST {_MARK}/annulment": _ACT,
    f"POST {_PERSON}/address-protection": _HEAD,
    f"POST {_PERSON}/address-protection/{{mark}}/end": _HEAD,
    f"POST {_PERSON}/address-protection/{{mark}}/annulment": _HEAD,
    f"POST {_API}/dwellings": _ACT,
    f"POST {_DWELLING}/names": _ACT,
    f"POST {_DWELLING}/correction": _ACT,
    f"POST {_DWELLING}/readdressing": _ACT,
    f"POST {_DWELLING}/owners": _ACT,
    f"POST {_DWELLING}/encumbrances": _ACT,
    f"POST {_DWELLING}/leases": _ACT,
}
"""By method and path, as the application has them; HEAD is GET."""

FIRST_PAGES: Mapping[Role, str] = {"admin": "/staff", "reader": "/household-answer"}
"""Where those begin who may not open `/`."""


def first_page(who: Who) -> str | None:
    """Where somebody begins for whom `/` is not."""
    return next((page for role, page in FIRST_PAGES.items() if role in who.roles), None)


COMMANDS: Mapping[str, Rights] = {
    # Whom the files of this machine belong to needs no role to start, check and mend them.
    **dict.fromkeys(("demo", "serve", "db start", "db stop", "db status", "bench", "version"), ANYONE),
    **dict.fromkeys(("verify", "rebuild", "upgrade", "keys list", "keys rotate", "keys end"), ANYONE),
    **dict.fromkeys(("fee", "office", "check", "community show", "territories show", "streets show"), ANYONE),
    **dict.fromkeys(("ask residence", "ask occupancy", "replay"), _READ),
    "streets reconcile": _READ | _LOAD,
    "extract": _ACT,
    **dict.fromkeys(("ask moved", "ask superseded", "export", "proof", "access"), OVERSEE),
    **dict.fromkeys(("init", "import", "territories import", "territories annul"), _LOAD),
    **dict.fromkeys(("streets import", "streets rename", "streets carry", "streets annul"), _LOAD),
    "readdress": _LOAD,
    **dict.fromkeys(("community approve", "territories approve", "streets approve"), _HEAD),
    # A head; and whoever asked, of their own.
    **dict.fromkeys(("community reject", "territories reject", "streets reject"), _LOAD),
    **dict.fromkeys(("user add", "user disable", "user reset", "user list"), _ADMIN),
    **dict.fromkeys(("key add", "key end", "key list"), _ADMIN),
}
"""By the words that are typed."""
