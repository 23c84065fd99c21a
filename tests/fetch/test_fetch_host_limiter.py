from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.fetch.host_limiter import HostLimiter, PausedError
from aggregator.fetch.host_turns import SharedTurns
from aggregator.ports import HostBounds, HostBusy, HostPermit, Slowdown


class LogicalTime:
    """Seconds that pass only when everybody waits for them."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self._order = count()
        self._waiting: list[tuple[float, int, asyncio.Event]] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._waiting.append((self.seconds + seconds, next(self._order), event))
        await event.wait()

    async def run(self, *work: asyncio.Task[None]) -> None:
        while not all(task.done() for task in work):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._waiting and not all(task.done() for task in work):
                self._waiting.sort()
                self.seconds, _, event = self._waiting.pop(0)
                event.set()
        await asyncio.gather(*work)


class Bench:
    """Requests through a limiter, with a record of when each began and ended."""

    def __init__(self, shared: SharedTurns | None = None, **options: float) -> None:
        chosen = {"concurrency": 10, "per_host": 2, "gap": 0.0} | options
        self.time = LogicalTime()
        self.limiter = HostLimiter(
            concurrency=int(chosen["concurrency"]),
            per_host=int(chosen["per_host"]),
            gap=chosen["gap"],
            clock=self.time.now,
            sleep=self.time.sleep,
            shared=shared,
        )
        self.begun: list[tuple[str, float]] = []
        self.running = 0
        self.most = 0

    async def ask(self, name: str, host: str, seconds: float) -> None:
        async with self.limiter.slot(host):
            self.begun.append((name, self.time.seconds - 100))
            self.running += 1
            self.most = max(self.most, self.running)
            await self.time.sleep(seconds)
            self.running -= 1

    async def run(self, *requests: tuple[str, str, float]) -> None:
        await self.time.run(*(asyncio.create_task(self.ask(*request)) for request in requests))


async def test_starts_at_one_host_are_a_gap_apart_and_in_order():
    bench = Bench(gap=5)
    await bench.run(*((str(number), "a", 1) for number in range(4)))
    assert bench.begun == [("0", 0), ("1", 5), ("2", 10), ("3", 15)]


async def test_other_hosts_do_not_wait_for_the_gap_of_one():
    bench = Bench(gap=5)
    await bench.run(("a1", "a", 1), ("a2", "a", 1), ("b", "b", 1), ("c", "c", 1))
    assert bench.begun == [("a1", 0), ("b", 0), ("c", 0), ("a2", 5)]


async def test_no_more_than_per_host_run_at_once_at_one_host():
    bench = Bench(per_host=2)
    await bench.run(*((str(number), "a", 10) for number in range(5)))
    assert bench.begun == [("0", 0), ("1", 0), ("2", 10), ("3", 10), ("4", 20)]
    assert bench.most == 2


async def test_no_more_than_concurrency_run_at_once_in_all():
    bench = Bench(concurrency=3)
    await bench.run(*((str(number), f"host{number}", 10) for number in range(7)))
    assert bench.most == 3
    assert [name for name, _ in bench.begun] == [str(number) for number in range(7)]


async def test_waiting_for_a_busy_host_takes_no_place_from_others():
    bench = Bench(concurrency=2, per_host=1)
    await bench.run(("a1", "a", 50), ("a2", "a", 1), ("a3", "a", 1), ("b", "b", 1), ("c", "c", 1))
    assert dict(bench.begun) == {"a1": 0, "b": 0, "c": 1, "a2": 50, "a3": 51}


async def test_the_first_too_many_requests_slows_the_host_but_does_not_stop_it():
    bench = Bench(gap=0)
    bench.limiter.record_throttle("a", 86400)
    await bench.run(("a1", "a", 0), ("a2", "a", 0), ("b", "b", 0))
    assert bench.begun == [("b", 0), ("a1", 1), ("a2", 2)]


async def test_an_ordinary_answer_ends_the_slowness():
    bench = Bench(gap=0)
    bench.limiter.record_throttle("a", None)
    await bench.run(("a1", "a", 0))
    bench.limiter.record_answer("a")
    await bench.run(("a2", "a", 0), ("a3", "a", 0), ("a4", "a", 0))
    assert [when for _, when in bench.begun][-2:] == [2, 2]


@pytest.mark.parametrize(("wanted", "paused"), [(None, 60), (7, 7), (0, 1), (86400, 300)])
async def test_after_three_in_a_row_the_host_is_left_alone_for_a_bounded_time(wanted: float | None, paused: float):
    bench = Bench()
    for _ in range(3):
        bench.limiter.record_throttle("a", wanted)
    with pytest.raises(PausedError) as caught:
        await bench.ask("a1", "a", 0)
    assert caught.value.seconds == paused
    bench.time.seconds += paused
    await bench.run(("a2", "a", 0))
    assert [name for name, _ in bench.begun] == ["a2"]


async def test_requests_already_waiting_end_when_their_host_is_paused():
    bench = Bench(gap=10)
    await bench.run(("first", "a", 0))
    waiting = asyncio.create_task(bench.ask("second", "a", 0))
    await asyncio.sleep(0)
    for _ in range(3):
        bench.limiter.record_throttle("a", None)
    with pytest.raises(PausedError):
        await bench.time.run(waiting)


async def test_a_request_called_off_while_waiting_gives_its_turn_back():
    bench = Bench(per_host=1, gap=3)
    running = asyncio.create_task(bench.ask("a1", "a", 5))
    waiting = asyncio.create_task(bench.ask("a2", "a", 5))
    for _ in range(5):
        await asyncio.sleep(0)
    waiting.cancel()
    running.cancel()
    await asyncio.gather(waiting, running, return_exceptions=True)
    await bench.run(("a3", "a", 1))
    assert bench.begun[-1][0] == "a3"


async def test_hosts_that_are_busy_or_paused_are_remembered():
    bench = Bench()
    async with bench.limiter.slot("busy"):
        for _ in range(3):
            bench.limiter.record_throttle("paused", 300)
        for number in range(600):
            bench.limiter.record_answer(f"host{number}")
        bench.time.seconds += 100
        for number in range(600, 1200):
            bench.limiter.record_answer(f"host{number}")
        with pytest.raises(PausedError):
            await bench.ask("late", "paused", 0)
    assert len(bench.limiter._lanes) < 1000


async def test_hosts_with_nothing_to_remember_are_forgotten():
    bench = Bench(gap=1)
    for number in range(5000):
        bench.time.seconds += 60
        async with bench.limiter.slot(f"host{number}"):
            pass
    assert len(bench.limiter._lanes) < 600


LEAVE = HostPermit(id="usual", next_start=1, strikes=0)
BOUNDS = HostBounds(at_once=3, gap=timedelta(seconds=5), lease=timedelta(seconds=35))


class Others:
    """Stands in for the store that many share: says what it is told to, and notes what it is told."""

    def __init__(self, *answers: HostBusy | HostPermit | StoreError) -> None:
        self.answers: deque[Any] = deque(answers)
        self.begun: deque[HostBusy | HostPermit] = deque()
        self.wanted: list[HostBounds] = []
        self.ended: list[tuple[str, Slowdown | None]] = []

    async def take_turn(self, _: str, bounds: HostBounds) -> HostPermit | HostBusy:
        self.wanted.append(bounds)
        found = self.answers.popleft() if self.answers else LEAVE
        if isinstance(found, StoreError):
            raise found
        return found

    async def begin_turn(self, _host: str, _permit: HostPermit, _bounds: HostBounds) -> HostPermit | HostBusy:
        return self.begun.popleft()

    async def end_turn(self, _: str, permit: HostPermit, slowdown: Slowdown | None = None) -> None:
        self.ended.append((permit.id, slowdown))

    async def forget_hosts(self) -> None:
        raise AssertionError


def among(others: Others, **options: float) -> Bench:
    return Bench(SharedTurns(store=others, bounds=BOUNDS), **options)


async def test_a_request_waits_for_its_turn_among_all_processes():
    others = Others(HostBusy(wait=timedelta(seconds=7)), LEAVE, HostBusy(wait=timedelta(seconds=2)))
    bench = among(others, gap=5, per_host=3)
    await bench.run(("a1", "a", 1), ("b", "b", 1))
    assert bench.begun == [("b", 0), ("a1", 9)]
    assert others.wanted == [BOUNDS] * 4
    assert others.ended == [("usual", None)] * 2


async def test_of_one_process_one_request_at_a_time_asks_whose_turn_it_is():
    others = Others(*[HostBusy(wait=timedelta(seconds=1))] * 4)
    bench = among(others, gap=0, concurrency=1)
    await bench.run(("a1", "a", 0), ("a2", "a", 0))
    assert [when for _, when in bench.begun] == [4, 4]
    assert len(others.wanted) == 6


async def test_a_host_that_others_found_wanting_peace_is_not_asked_here_either():
    others = Others(HostBusy(wait=timedelta(seconds=40), paused=True))
    bench = among(others)
    with pytest.raises(PausedError) as caught:
        await bench.ask("a1", "a", 0)
    assert caught.value.seconds == 40
    with pytest.raises(PausedError):
        await bench.ask("a2", "a", 0)
    assert len(others.wanted) == 1


async def test_others_are_told_how_a_host_answered_and_count_on_from_there():
    others = Others(replace(LEAVE, id="third", strikes=2))
    bench = among(others, gap=0)
    async with bench.limiter.slot("a"):
        bench.limiter.record_throttle("a", 90)
    slow = Slowdown(strikes=3, gap=timedelta(seconds=4), pause=timedelta(seconds=90))
    assert others.ended == [("third", slow)]
    bench.time.seconds += 100
    for _ in range(2):
        async with bench.limiter.slot("a"):
            bench.limiter.record_answer("a")
    assert [told for _, told in others.ended[1:]] == [None, None], "the others had put it back to normal"
    others.answers.append(replace(LEAVE, id="slow", strikes=1))
    async with bench.limiter.slot("a"):
        bench.limiter.record_answer("a")
    assert others.ended[-1] == ("slow", Slowdown())


async def test_a_request_that_is_sent_later_than_it_might_tells_the_others_and_waits_if_it_was_overtaken():
    """Reaching the host took a while, or the process was stopped."""
    others = Others()
    bench = among(others)
    sent: list[float] = []

    async def ask(late: float) -> None:
        async with bench.limiter.slot("a") as turn:
            bench.time.seconds += late
            await turn.begin()
            sent.append(bench.time.seconds - 100)

    await bench.time.run(asyncio.create_task(ask(1 / 32)))
    assert sent == [1 / 32], "nobody is told of so little"
    others.begun += [HostBusy(wait=timedelta(seconds=3)), HostBusy(wait=timedelta(seconds=2)), LEAVE]
    await bench.time.run(asyncio.create_task(ask(31 / 32)))
    assert sent[1:] == [6]
    assert not others.begun


async def test_a_request_that_left_later_than_it_was_let_go_tells_the_others_too():
    """The machine did something else between the look at the clock and the sending."""
    others = Others()
    bench = among(others)
    async with bench.limiter.slot("a") as turn:
        await turn.begin()
        bench.time.seconds += 1 / 32
        await turn.sent()
        bench.time.seconds += 1
        others.begun += [replace(LEAVE, id="later"), HostBusy(wait=timedelta(seconds=3))]
        for _ in range(2):  # who was overtaken meanwhile has sent it all the same
            await turn.sent()
    assert not others.begun
    assert others.ended == [("later", None)]


async def test_a_store_that_fails_takes_no_place_away():
    bench = among(Others(StoreError("the disk is full")), concurrency=1, per_host=1)
    with pytest.raises(StoreError):
        await bench.ask("a1", "a", 0)
    await bench.run(("a2", "a", 0))
    assert [name for name, _ in bench.begun] == ["a2"]
