"""How often one address may ask what anybody may ask: a moving window in the memory of this process."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil
from time import time

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import DETAILS, Problem
from registry.settings import Network

MOST_ADDRESSES = 100_000
"""Remembered at once; more are forgotten together, so that memory has an end."""


class Rate:
    """So many requests of one client in so much time, `30/minute`."""

    def __init__(self, often: str) -> None:
        self._item, self._storage = parse(often), MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)

    def wait(self, address: str) -> int:
        """Counts a request; the seconds to wait if it was one too many, else 0."""
        if len(self._storage.events) > MOST_ADDRESSES:
            self._storage.reset()
        client = client_of(address)
        if self._window.hit(self._item, client):
            return 0
        return max(1, ceil(self._window.get_window_stats(self._item, client).reset_time - time()))


def client_of(address: str) -> str:
    """Who asks: of IPv6 the network of one subscriber, which has more addresses than there are requests."""
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ip_address(address).version == 6 else address
    except ValueError:
        return address


def asker(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The address that a request comes from: that of the `peer`, or, behind proxies of ours, the last one in
    X-Forwarded-For (`forwarded`: its values in their order) that is no proxy of ours. What stands further left is only
    what somebody said."""
    known = address_in(peer)
    if known is None:
        return peer
    for said in reversed([one for value in forwarded for one in value.split(",")]):
        if not _within(known, proxies) or (before := address_in(said)) is None:
            break
        known = before
    return str(known)


def is_of(peer: str, proxies: Sequence[Network]) -> bool:
    """Whether a connection from `peer` is one of a proxy of ours."""
    known = address_in(peer)
    return known is not None and _within(known, proxies)


def address_in(text: str) -> IPv4Address | IPv6Address | None:
    """An address as headers write it, with or without a port; an IPv4 one that is written as IPv6 is an IPv4 one. None
    for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


def _within(address: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(address in network for network in proxies)


def public(request: Request) -> None:
    """The dependency of every public page."""
    state = request.app.state
    peer = request.client.host if request.client else ""
    address = asker(peer, request.headers.getlist("x-forwarded-for"), state.settings.proxies)
    wait = state.public_rate.wait(address)
    if wait:
        raise Problem(429, "too-often", DETAILS["too-often"].format(wait), headers={"Retry-After": str(wait)})
