"""How often one address may ask what anybody may ask: a moving window in the memory of this process."""

from ipaddress import ip_address, ip_network
from math import ceil
from time import time

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import DETAILS, Problem

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
        client = _client(address)
        if self._window.hit(self._item, client):
            return 0
        return max(1, ceil(self._window.get_window_stats(self._item, client).reset_time - time()))


def _client(address: str) -> str:
    """Who asks: of IPv6 the network of one subscriber, which has more addresses than there are requests."""
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ip_address(address).version == 6 else address
    except ValueError:
        return address


def public(request: Request) -> None:
    """The dependency of every public page."""
    wait = request.app.state.public_rate.wait(request.client.host if request.client else "")
    if wait:
        raise Problem(429, "too-often", DETAILS["too-often"].format(wait), headers={"Retry-After": str(wait)})
