"""By which way a request comes to the desk, and whether that way is open. Three are:

- on this machine, straight to the port, under the name of this machine;
- by HTTPS, through a proxy that HROMADA_PROXIES names: the request comes from the proxy's own address, the proxy says
  `X-Forwarded-Proto: https`, and its `Host` is that of HROMADA_DESK_URL;
- from the network without TLS, where whoever serves has said `--insecure-http`.

A way is known by where the connection is from and where it came to, which nobody can write into a request. Of what a
request says only these two words of a named proxy count, besides a `Host` that a page of somebody else's cannot have;
every other header of proxies is no more than a sign that there is one. What a way opens is the door and no more.
"""

import re
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from api.limits import address_in, is_of
from registry.settings import Settings

THIS_MACHINE = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
PUBLIC = re.compile(r"/(v|status)(/.*)?|/(static|api/v1/status)/.*|/bring|/\.well-known/jwks\.json")
"""What anybody may open, on this machine under the public address too: the address in a QR code must answer."""
OF_PROXIES = re.compile(
    r"forwarded(-for)?|via|x-forwarded.*|x-real-.+|x-original-.+|x-rewrite-url|(x-)?client-ip|x-cluster-client-ip"
    r"|true-client-ip|x-proxyuser-ip|x-envoy-.+|x-arr-.+|x-azure-.+|x-amzn-.+|cf-.+|cdn-loop|fastly-.+"
)
"""Headers that only a proxy adds: no program of this computer comes with them."""


def refused(scope: Scope, settings: Settings, public_host: str) -> str | None:
    """Why a request comes by no way that is open, as a code of `problem_details`; None: it does. `scope["scheme"]` is
    then what the browser's is, so that what is made of it (an origin, HSTS) is right. `public_host` is the host of the
    public address, with its port if it names one."""
    headers = Headers(scope=scope)
    host = headers.get("host", "").lower()
    peer, here = _end(scope.get("client")), _end(scope.get("server"))
    local = (address := address_in(here)) is not None and address.is_loopback
    ours = local and THIS_MACHINE.fullmatch(host) is not None
    # nginx comes as HTTP/1.0 unless told otherwise; browsers and programs of today do not.
    forwarded = scope["http_version"] == "1.0" or any(map(OF_PROXIES.fullmatch, headers))
    if local and PUBLIC.fullmatch(scope["path"]) and (ours or host == public_host):
        return None
    if settings.by_https and is_of(peer, settings.proxies) and (forwarded or not ours):
        return _by_https(scope, settings, headers, host)
    if forwarded:
        return "through-a-proxy"
    if not (local or settings.insecure_http):
        return "directly"
    named = settings.insecure_http and host in (_netloc(settings.desk_url), _written(scope))
    return None if ours or named else "foreign-host"


def _by_https(scope: Scope, settings: Settings, headers: Headers, host: str) -> str | None:
    """Of a request that a named proxy brings."""
    if headers.getlist("x-forwarded-proto") != ["https"]:
        return "not-by-https"
    if host != _netloc(settings.desk_url):
        return "foreign-host"
    scope["scheme"] = "https"
    return None


def _netloc(url: str | None) -> str | None:
    """The host of an address, with its port if it names one."""
    return urlsplit(url).netloc if url else None


def _written(scope: Scope) -> str | None:
    """The address that the connection came to, as `Host` names it: whatever address a server listens on, no name that
    others give to it is its own."""
    address = address_in(_end(scope.get("server")))
    if address is None:
        return None
    shown = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    port = scope["server"][1]
    return shown if port == 80 else f"{shown}:{port}"


def _end(of: tuple[str, int | None] | None) -> str:
    return of[0] if of else ""
