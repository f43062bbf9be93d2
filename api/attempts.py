"""Wrong passwords: they cost whoever tries them, and lock nobody out.

A password is tried in one of two lanes. *Near* is a browser in which that very user has signed in before, and an
address from which they have since this program started; *far* is everybody else. What is promised to whoever has the
right password:

- near: nothing that others do refuses them. They wait for other near ones alone: one of the two places at the hash is
  never given to the far lane. Only their own browser's wrong passwords (`OWN`) put them into the far lane;
- far, from an address with fewer than `OF_ADDRESS` failures of late: they are refused only while more than `WAITING`
  others wait whose failures, of the login, the address and its network together, are no more than theirs: a flood of
  one login, from addresses that have failed before or from one network comes behind. They are told to come in a few
  seconds, and may at once. What is tried and not over yet is no failure: an office that begins its day behind one
  address waits for itself, `WAITING` behind those whom the address may try at once, and is not refused;
- nobody is refused for the failures of a login alone: while one is attacked (`OF_LOGIN`), an address that has failed
  more than once has to wait, any other has not.

The far lane hashes `BURST` wrong passwords at once and `A_SECOND` from then on, whatever comes, and none of a login
that nobody has: such a one keeps nobody waiting. Who comes next is chosen when there is a place and leave for one:
whoever has failed least waits for one hash and one leave, half a second, and besides for those alone who failed no
more. What nobody has the login of is answered as any wrong password is, after `WRONG_SECONDS` at the least and after as
long as the last one took, and it is refused where another would be. What is remembered has an end (`REMEMBERED`), and
so has what waits.
"""

import asyncio
import heapq
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import count
from math import ceil
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from api.limits import address_in, client_of

PLACES, OF_FAR = 2, 1
"""How many hashes at once, 64 MiB each, and how many of those are the far lane's."""
OF_ADDRESS, OF_LOGIN, OWN = 10, 20, 10
"""So many failures of late: an address is refused; a login is attacked; a known browser is like any other."""
LEAK_SECONDS = 60.0
"""One failure is forgotten in so much time; of more than `MOST` of a kind no account is kept."""
MOST = 30
BURST, A_SECOND, WAITING = 20, 3.0, 20
WRONG_SECONDS = 1.0
REMEMBERED = 20_000

Found = TypeVar("Found")


class TooOften(Exception):
    """The password was not tried; `seconds` to wait."""

    def __init__(self, seconds: float):
        self.seconds = max(1, ceil(seconds))


@dataclass(slots=True)
class Failures:
    """How often something failed of late: each failure leaks away in a minute. The oldest are forgotten first."""

    levels: OrderedDict[Hashable, tuple[float, float]] = field(default_factory=OrderedDict)

    def of(self, what: Hashable, now: float) -> float:
        level, at = self.levels.get(what, (0.0, now))
        return max(0.0, level - (now - at) / LEAK_SECONDS)

    def reach(self, what: Hashable, many: int, now: float) -> bool:
        """Whether it failed so often, and of the last time not a whole minute has leaked away."""
        return self.of(what, now) > many - 1

    def add(self, what: Hashable, now: float, more: int = 1) -> None:
        self.levels[what] = (min(MOST, max(0.0, self.of(what, now) + more)), now)
        self.levels.move_to_end(what)
        if len(self.levels) > REMEMBERED:
            self.levels.popitem(last=False)


class Attempts:
    """All attempts at one desk; belongs to one event loop, whose seconds it counts."""

    def __init__(self) -> None:
        self.failures = Failures()
        self.hashed = {"near": 0, "far": 0}
        """How many passwords were tried, for whoever measures."""
        self._near: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._threads = CapacityLimiter(PLACES)
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._far_at_work, self._leaves, self._filled = 0, float(BURST), 0.0
        self._later: asyncio.TimerHandle | None = None
        self._trying: Counter[Hashable] = Counter()
        self._behind: Counter[str] = Counter()
        self._over: dict[Hashable, asyncio.Event] = {}
        """How many of the failures of an address are tries that are not over; how many wait for the end of one, which
        it tells them."""
        self._took = 0.0

    async def password(
        self, login: str, address: str, device: str | None, check: Callable[[], Found | None] | None
    ) -> Found | None:
        """What `check` finds, which hashes and runs in a thread; None, after a while, if the password is wrong.
        `device` names the browser if it is known as this login's, else is None; `check` is None if nobody has the
        login. Raises `TooOften`."""
        loop = asyncio.get_running_loop()
        started, client = loop.time(), client_of(address)
        own, penalty = ("device", device), 0
        failing: list[Hashable]
        if device is not None and not self.failures.reach(own, OWN, started):
            near, failing = True, [own]
        elif (login, client) in self._near and not self.failures.reach(client, OF_ADDRESS, started):
            near, failing = True, [client]
        else:
            await self._admit(login, client)
            near, failing = False, [client, *_beside(login, client)]
            penalty = self._penalty(login, client, loop.time())
        # Counted before it is known to be one: of a hundred at once from one address not one has failed yet.
        self._count(failing, 1)
        self._trying.update(failing)
        found = None
        try:
            if check is not None:
                found = await (self._hash("near", check) if near else self._far(penalty, check))
        except BaseException:
            self._count(failing, -1)
            raise
        else:
            if found is not None:
                self._count(failing, -1)
        finally:
            self._ends(failing)
        if found is not None:
            self._leaves += not near
            self._remember(login, client)
            return found
        if check is not None and not near:
            self._took = loop.time() - started
        await asyncio.sleep(started + max(WRONG_SECONDS, self._took) - loop.time())
        return None

    async def _admit(self, login: str, client: str) -> None:
        """Waits while no more than what is tried from an address, and not over, keeps it from trying. Raises `TooOften`
        where so much has failed, or too many wait."""
        loop = asyncio.get_running_loop()
        self._insist(login, client, loop.time())
        while self.failures.reach(client, self._allowed(login, loop.time()), loop.time()):
            if self._behind[client] >= WAITING:
                raise TooOften(WAITING / A_SECOND)
            self._behind[client] += 1
            try:
                await self._over.setdefault(client, asyncio.Event()).wait()
            finally:
                self._behind[client] -= 1
            self._insist(login, client, loop.time())

    def _ends(self, failing: Iterable[Hashable]) -> None:
        """A try is over: whoever waited for that looks again, in their order."""
        for one in failing:
            self._trying[one] -= 1
            if over := self._over.pop(one, None):
                over.set()
        self._trying, self._behind = +self._trying, +self._behind

    def _count(self, failing: Iterable[Hashable], more: int) -> None:
        now = asyncio.get_running_loop().time()
        for one in failing:
            self.failures.add(one, now, more)

    def _remember(self, login: str, client: str) -> None:
        self._near[login, client] = None
        self._near.move_to_end((login, client))
        if len(self._near) > REMEMBERED:
            self._near.popitem(last=False)

    def insist(self, login: str, address: str) -> None:
        """Raises `TooOften` where an unknown browser would be refused: before a database is asked who that is."""
        client, now = client_of(address), asyncio.get_running_loop().time()
        if (login, client) not in self._near:
            self._insist(login, client, now)

    async def hold(self) -> None:
        """Whoever is refused is answered no sooner than whoever was wrong: a flood comes no faster for it."""
        await asyncio.sleep(WRONG_SECONDS)

    async def known(self, check: Callable[[], Found]) -> Found:
        """What `check` finds for somebody who is in: a PIN, the password that is to be changed."""
        return await self._hash("near", check)

    def _insist(self, login: str, client: str, now: float) -> None:
        """Raises `TooOften` for an address that has failed too often, of late or with a login that is attacked; and
        where the far lane has no place for so many failures."""
        allowed, failed = self._allowed(login, now), self.failures.of(client, now) - self._trying[client]
        if failed > allowed - 1:
            raise TooOften((failed - allowed + 1) * LEAK_SECONDS)
        penalty = self._penalty(login, client, now)
        waiting = [other for other, _, turn in self._queue if not turn.done()]
        if len(waiting) >= WAITING and max(waiting) <= penalty:
            raise TooOften(WAITING / A_SECOND)

    def _penalty(self, login: str, client: str, now: float) -> int:
        # Whole ones: whoever came later would be before others for what has leaked away since.
        return sum(ceil(self.failures.of(one, now) - 0.001) for one in (client, *_beside(login, client)))

    def _allowed(self, login: str, now: float) -> int:
        """So many failures an address may have."""
        return 2 if self.failures.reach(("login", login), OF_LOGIN, now) else OF_ADDRESS

    async def _hash(self, lane: str, check: Callable[[], Found]) -> Found:
        self.hashed[lane] += 1
        return await run_sync(check, limiter=self._threads)

    async def _far(self, penalty: int, check: Callable[[], Found | None]) -> Found | None:
        """Waits for the far lane's place, behind whoever has failed less; of too many the one who failed most goes."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue = [one for one in self._queue if not one[2].done()]
        self._queue.append((penalty, next(self._numbers), turn))
        heapq.heapify(self._queue)
        self._call()
        if len(self._queue) > WAITING:
            worst = max(self._queue)
            self._queue.remove(worst)
            heapq.heapify(self._queue)
            worst[2].set_exception(TooOften(WAITING / A_SECOND))
        try:
            await turn
            return await self._hash("far", check)
        finally:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._far_at_work -= 1
                self._call()

    def _call(self) -> None:
        """Whoever is next, if there is a place, and leave for one more hash; else once there is."""
        loop = asyncio.get_running_loop()
        while self._queue and self._far_at_work < OF_FAR:
            self._leaves = min(float(BURST), self._leaves + (loop.time() - self._filled) * A_SECOND)
            self._filled = loop.time()
            wait = (1 - self._leaves) / A_SECOND
            if wait > 0.001:
                if self._later is None or self._later.when() <= loop.time():
                    self._later = loop.call_later(wait, self._call)
                return
            turn = heapq.heappop(self._queue)[2]
            if not turn.done():
                self._far_at_work += 1
                self._leaves -= 1
                turn.set_result(None)


def _beside(login: str, client: str) -> tuple[Hashable, Hashable]:
    """What fails with an address, and only says who comes first: the login, and the network around it, of which one
    attacker has many addresses at hand."""
    known = address_in(client.partition("/")[0])
    around = ip_network((known, 16 if known.version == 4 else 32), strict=False) if known else client
    return ("login", login), ("network", around)
