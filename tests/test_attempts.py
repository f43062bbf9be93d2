"""Wrong passwords cost whoever tries them, and lock nobody out: what `api.attempts` promises, and ten thousand at once.

Nothing is asserted by time: what is asserted is who got in, who was told to wait, and how many passwords were hashed.
"""

import asyncio
import itertools
import threading
import time
from collections import Counter

import pytest

from api import attempts
from api.attempts import A_SECOND, BURST, OF_ADDRESS, OF_LOGIN, OWN, WAITING, Attempts, TooOften
from registry.aggregates.values import Actor
from registry.opening import opened
from registry.staff import users

RIGHT = "правильний пароль 1"
SYSTEM = Actor("system", "system")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """The waits are there, and short."""
    monkeypatch.setattr(attempts, "WRONG_SECONDS", 0.001)
    monkeypatch.setattr(attempts, "A_SECOND", 100_000.0)


def tried(desk, login="olena", address="192.0.2.1", device=None, right=False):
    return desk.password(login, address, device, lambda: login if right else None)


async def wrong(desk, times, **said):
    return [await tried(desk, **said) for _ in range(times)]


async def refused(desk, **said):
    with pytest.raises(TooOften) as error:
        await tried(desk, **said)
    return error.value.seconds


def run(story):
    return asyncio.run(story(Attempts()))


class TestWhoIsRefused:
    def test_an_address_that_failed_often_waits_and_is_not_hashed(self):
        async def story(desk):
            await wrong(desk, OF_ADDRESS)
            seconds = await refused(desk, login="another", right=True)
            assert desk.hashed == {"near": 0, "far": OF_ADDRESS} and 1 <= seconds <= 120

        run(story)

    def test_of_ipv6_the_network_of_one_subscriber(self):
        async def story(desk):
            for number in range(OF_ADDRESS):
                await tried(desk, address=f"2001:db8:1:2::{number}")
            await refused(desk, address="2001:db8:1:2:ffff::1", right=True)
            assert await tried(desk, address="2001:db8:1:3::1", right=True)

        run(story)

    def test_a_login_under_attack_is_open_to_an_address_that_has_not_failed(self):
        async def story(desk):
            for number in range(3 * OF_LOGIN):
                await tried(desk, address=f"198.51.100.{number}")
            assert await tried(desk, address="203.0.113.1", right=True) == "olena"
            await wrong(desk, 2, address="203.0.113.2", login="ivan")
            assert await refused(desk, address="203.0.113.2", right=True) <= 60

        run(story)

    def test_a_known_browser_is_let_in_from_an_address_that_is_refused(self):
        async def story(desk):
            await wrong(desk, OF_ADDRESS)
            await refused(desk, right=True)
            assert await tried(desk, device="token", right=True) == "olena"

        run(story)

    def test_a_known_browser_that_fails_often_is_like_any_other(self):
        async def story(desk):
            await wrong(desk, OWN, device="stolen")
            assert desk.hashed == {"near": OWN, "far": 0}
            await wrong(desk, OF_ADDRESS, device="stolen")
            await refused(desk, device="stolen", right=True)
            assert await tried(desk, device="mine", right=True)

        run(story)

    def test_an_address_that_one_has_signed_in_from_is_near_for_that_login_alone(self):
        async def story(desk):
            assert await tried(desk, right=True)
            assert await tried(desk, right=True)
            assert await tried(desk, login="ivan", right=True)
            assert desk.hashed == {"near": 1, "far": 2}

        run(story)

    def test_a_login_that_nobody_has_is_never_hashed_and_counts_like_any(self):
        async def story(desk):
            for _ in range(OF_ADDRESS):
                assert await desk.password("nobody", "192.0.2.1", None, None) is None
            await refused(desk, right=True)
            assert desk.hashed == {"near": 0, "far": 0}

        run(story)

    def test_who_was_right_counts_for_nothing_however_often(self):
        async def story(desk):
            for number in range(3 * OF_ADDRESS):
                assert await tried(desk, login=f"clerk-{number}", right=True)

        run(story)

    def test_a_failure_leaks_away_in_a_minute(self, monkeypatch):
        async def story(desk):
            await wrong(desk, OF_ADDRESS)
            await refused(desk)
            monkeypatch.setattr(attempts, "LEAK_SECONDS", 0.0001)
            assert await tried(desk, right=True)

        run(story)

    def test_many_at_once_from_one_address_are_counted_before_they_have_failed(self):
        async def story(desk):
            held = threading.Event()
            tries = [
                asyncio.create_task(desk.password("olena", "192.0.2.1", None, lambda: held.wait(30) and None))
                for _ in range(50)
            ]
            await asyncio.sleep(0)
            while sum(one.done() for one in tries) < 50 - OF_ADDRESS - WAITING:
                await asyncio.sleep(0.001)
            held.set()
            outcomes = await asyncio.gather(*tries, return_exceptions=True)
            assert Counter(map(type, outcomes)) == {TooOften: 50 - OF_ADDRESS, type(None): OF_ADDRESS}
            assert desk.hashed["far"] == OF_ADDRESS

        run(story)

    def test_what_is_tried_and_not_over_refuses_nobody(self):
        async def story(desk):
            held = threading.Event()
            tries = [
                asyncio.create_task(desk.password(f"clerk-{one}", "192.0.2.1", None, lambda: held.wait(30) and "in"))
                for one in range(OF_ADDRESS + WAITING)
            ]
            await asyncio.sleep(0.01)
            desk.insist("another", "192.0.2.1")
            held.set()
            assert await asyncio.gather(*tries) == ["in"] * len(tries)
            assert not desk._trying and not desk._behind and not desk._over

        run(story)

    def test_of_those_who_wait_for_their_address_the_one_who_leaves_holds_up_nobody(self):
        async def story(desk):
            held = threading.Event()
            tries = [
                asyncio.create_task(desk.password(f"clerk-{one}", "192.0.2.1", None, lambda: held.wait(30) and "in"))
                for one in range(OF_ADDRESS + 5)
            ]
            await asyncio.sleep(0.01)
            for one in (*tries[3:6], *tries[-3:]):
                one.cancel()
            held.set()
            outcomes = await asyncio.gather(*tries, return_exceptions=True)
            assert outcomes.count("in") == OF_ADDRESS - 1
            assert await wrong(desk, OF_ADDRESS - 1) == [None] * (OF_ADDRESS - 1)

        run(story)


class Quick(asyncio.SelectorEventLoop):
    """A loop whose clock goes on only where nothing else is left to do."""

    now = 1000.0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


HASH = 0.1
"""Seconds of a hash."""


class TestTheQueue:
    """How long who waits, and in which order, where a hash takes a tenth of a second."""

    @pytest.fixture(autouse=True)
    def timed(self, monkeypatch, impatient):
        monkeypatch.undo()

        async def run_sync(check, *, limiter):
            async with limiter:
                await asyncio.sleep(HASH)
                return check()

        monkeypatch.setattr(attempts, "run_sync", run_sync)

    def told(self, story):
        """What a story answers, told in the time of a loop of its own."""
        with asyncio.Runner(loop_factory=Quick) as runner:
            return runner.run(story(Attempts()))

    @staticmethod
    async def took(attempt):
        """Whether somebody was let in, and after how many seconds."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        return await attempt, round(loop.time() - started, 2)

    @staticmethod
    def flood(desk, many, login=lambda one: "olena", address=lambda one: f"10.0.{one // 256}.{one % 256}"):
        """So many at once, all of them wrong."""
        return [asyncio.create_task(tried(desk, login(one), address(one))) for one in range(many)]

    @pytest.mark.parametrize("logins", [1, 20, 100])
    @pytest.mark.parametrize("since", [0.0, 0.5, 30.0])
    def test_a_stranger_with_the_right_password_waits_less_than_a_second(self, logins, since):
        def login(one):
            return f"clerk-{one % logins}"

        async def story(desk):
            attackers = self.flood(desk, 100, login)
            for second in range(int(since)):
                await asyncio.sleep(1)
                attackers += self.flood(desk, 100, login, lambda one, at=second: f"10.{at + 1}.{one}.1")
            await asyncio.sleep(since % 1)
            found = await self.took(tried(desk, "ivan", "203.0.113.1", right=True))
            for one in attackers:
                one.cancel()
            await asyncio.gather(*attackers, return_exceptions=True)
            return found

        found, seconds = self.told(story)
        assert found == "ivan" and seconds < 1

    def test_an_office_comes_in_at_once_by_one_address_as_fast_as_it_is_hashed(self):
        async def story(desk):
            tries = [self.took(tried(desk, f"clerk-{one}", right=True)) for one in range(30)]
            return await asyncio.gather(*tries)

        came = self.told(story)
        assert [found for found, _ in came] == [f"clerk-{one}" for one in range(30)]
        assert [seconds for _, seconds in came] == [round(HASH * (one + 1), 2) for one in range(30)]

    def test_who_comes_next_is_chosen_when_there_is_leave(self):
        async def story(desk):
            attackers = self.flood(desk, BURST + 10)
            await asyncio.sleep(HASH * BURST + 0.2)
            found = await self.took(tried(desk, "ivan", "203.0.113.1", right=True))
            await asyncio.gather(*attackers, return_exceptions=True)
            return found

        found, seconds = self.told(story)
        assert found == "ivan" and seconds <= 1 / A_SECOND + 2 * HASH

    def test_a_network_that_fails_comes_behind_another(self):
        async def story(desk):
            order = []
            tries = [
                asyncio.create_task(desk.password(f"l{one}", address, None, lambda at=address: order.append(at)))
                for one, address in enumerate(
                    ["10.0.0.1", "10.0.0.2", "10.0.9.9", "2001:db8:1::1", "2001:db8:2::1", "192.0.2.1"]
                )
            ]
            await asyncio.gather(*tries)
            return order

        assert self.told(story) == ["10.0.0.1", "2001:db8:1::1", "192.0.2.1", "10.0.0.2", "2001:db8:2::1", "10.0.9.9"]


class TestTheLanes:
    def test_one_place_is_never_given_to_strangers(self):
        async def story(desk):
            held = threading.Event()
            strangers = [
                asyncio.create_task(desk.password(f"x{one}", f"198.51.100.{one}", None, lambda: held.wait(30) and None))
                for one in range(WAITING)
            ]
            await asyncio.sleep(0.01)
            assert await tried(desk, device="token", right=True) == "olena"
            assert desk.hashed == {"near": 1, "far": 1}
            held.set()
            await asyncio.gather(*strangers)

        run(story)

    def test_who_has_failed_least_comes_first_and_who_has_most_goes(self):
        async def story(desk):
            await wrong(desk, 5, address="198.51.100.200", login="attacked")
            held, order = threading.Event(), []
            first = asyncio.create_task(desk.password("first", "198.51.100.1", None, lambda: held.wait(30) and None))
            await asyncio.sleep(0.01)
            flood = [
                asyncio.create_task(desk.password("attacked", f"198.51.100.{one}", None, lambda: order.append("flood")))
                for one in range(2, 2 + WAITING)
            ]
            await asyncio.sleep(0.01)
            mine = asyncio.create_task(desk.password("mine", "203.0.113.1", None, lambda: order.append("mine") or "in"))
            await asyncio.sleep(0.01)
            held.set()
            assert await mine == "in" and order[0] == "mine"
            outcomes = await asyncio.gather(first, *flood, return_exceptions=True)
            assert sum(isinstance(one, TooOften) for one in outcomes) == 1 and order.count("flood") == WAITING - 1

        run(story)

    def test_whoever_leaves_takes_no_place_along(self):
        async def story(desk):
            held = threading.Event()
            first = asyncio.create_task(desk.password("a", "198.51.100.1", None, lambda: held.wait(30) and None))
            await asyncio.sleep(0.01)
            gone = [asyncio.create_task(tried(desk, login=f"b{one}", address=f"198.51.101.{one}")) for one in range(9)]
            await asyncio.sleep(0.01)
            for one in gone:
                one.cancel()
            held.set()
            await asyncio.gather(first, *gone, return_exceptions=True)
            assert await tried(desk, login="c", address="203.0.113.1", right=True) == "c"
            assert desk.hashed["far"] == 2

        run(story)

    def test_what_is_remembered_has_an_end(self, monkeypatch):
        monkeypatch.setattr(attempts, "REMEMBERED", 100)

        async def story(desk):
            for number in range(300):
                await tried(
                    desk, login=f"l{number}", address=f"198.51.{number // 200}.{number % 200}", right=number % 3 == 0
                )
            assert len(desk.failures.levels) <= 100 and len(desk._near) <= 100

        run(story)


MANY = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("unknown logins", "many logins")]
LOGINS = {
    "one login": lambda number: "olena",
    "unknown logins": lambda number: f"nobody-{number}",
    "many logins": lambda number: f"clerk-{number % 8}",
}
FLOOD, AT_ONCE = 10_000, 300


class TestTenThousand:
    """Ten thousand wrong passwords, each from an address of its own, at a real register, while others sign in."""

    @pytest.mark.parametrize("kind", ["one login", *MANY])
    def test_lock_nobody_out(self, database_url, monkeypatch, kind):
        monkeypatch.undo()
        with opened(database_url) as registry:
            now = registry.clock()
            for login in ("olena", "ivan", *(f"clerk-{number}" for number in range(8))):
                users.add(
                    registry.staff, login=login, name="Вигадана О. О.", role="clerk", by=SYSTEM, now=now, password=RIGHT
                )
            outcome = asyncio.run(self.flood(registry.staff, LOGINS[kind]))
        tried, refused, hashed, seconds, near, far = outcome
        print(f"\n{kind}: {tried} tried and {refused} refused in {seconds:.1f} s; {hashed} hashes")
        print(f"in by a known browser after {max(near):.2f} s at the most, by a new one: {far}")
        assert tried + refused == FLOOD
        assert hashed["far"] <= BURST + A_SECOND * (seconds + 1)
        assert len(near) == 10 and len(far) == 3 and all(far)

    async def flood(self, staff, login_of):
        desk, numbers, outcomes = Attempts(), itertools.count(), Counter()
        started = time.perf_counter()

        def check(login, password):
            there = login.startswith("clerk-") or login in ("olena", "ivan")
            return (lambda: users.with_password(staff, login, password)) if there else None

        async def attacker():
            while (number := next(numbers)) < FLOOD:
                login, address = login_of(number), f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
                try:
                    assert await desk.password(login, address, None, check(login, "не той пароль")) is None
                    outcomes["tried"] += 1
                except TooOften:
                    outcomes["refused"] += 1
                    await asyncio.sleep(0.01)

        attackers = [asyncio.create_task(attacker()) for _ in range(AT_ONCE)]
        near, far = [], []
        await asyncio.sleep(0.05)
        for number in range(10):
            asked = time.perf_counter()
            assert (await desk.password("olena", "192.0.2.1", "token", check("olena", RIGHT))).login == "olena"
            near.append(time.perf_counter() - asked)
            if number % 4 == 0:
                try:
                    asked = time.perf_counter()
                    far.append(bool(await desk.password("ivan", f"203.0.113.{number}", None, check("ivan", RIGHT))))
                except TooOften:
                    far.append(False)
        await asyncio.gather(*attackers)
        return outcomes["tried"], outcomes["refused"], desk.hashed, time.perf_counter() - started, near, far
