"""What every store knows of hosts that several processes ask in turns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import product

import pytest

from aggregator.ports import HostBounds, HostBusy, HostPermit, Slowdown, Store
from tests.contract.stock import MINUTE
from tests.contract.test_store_jobs import other  # noqa: F401 # a fixture

NONE = timedelta(0)
TWO = HostBounds(at_once=2, gap=NONE, lease=MINUTE)
APART = HostBounds(at_once=2, gap=MINUTE, lease=MINUTE)


async def permitted(store: Store, bounds: HostBounds = TWO, host: str = "a.example") -> HostPermit:
    found = await store.take_turn(host, bounds)
    assert isinstance(found, HostPermit)
    return found


async def busy(store: Store, bounds: HostBounds = TWO, host: str = "a.example") -> HostBusy:
    found = await store.take_turn(host, bounds)
    assert isinstance(found, HostBusy)
    return found


async def test_no_more_ask_a_host_at_once_than_may_whoever_they_are(store: Store, other: Store):  # noqa: F811
    asked = await asyncio.gather(
        *(one.take_turn("a.example", TWO) for one, _ in product((store, other), range(4)))
    )
    permits = [one for one in asked if isinstance(one, HostPermit)]
    assert len({one.id for one in permits}) == len(permits) == 2
    assert (await busy(store)).wait <= timedelta(seconds=1), "nobody is told when one is over"
    await other.end_turn("a.example", permits[0])
    await other.end_turn("a.example", permits[0])  # again: nothing happens
    await permitted(other)
    await busy(store)
    await permitted(store, host="b.example")


async def test_two_requests_begin_a_gap_apart(store: Store, other: Store):  # noqa: F811
    first = await permitted(store, APART)
    assert NONE < (await busy(other, APART)).wait <= MINUTE
    await store.end_turn("a.example", first)
    assert NONE < (await busy(other, APART)).wait <= MINUTE, "counted from its start"


async def test_the_gap_goes_from_when_a_request_truly_began(store: Store, other: Store):  # noqa: F811
    soon = HostBounds(at_once=3, gap=timedelta(milliseconds=1), lease=MINUTE)
    late = await permitted(store, soon)
    again = await store.begin_turn("a.example", late, APART)
    assert isinstance(again, HostPermit)
    assert (await busy(other)).wait > MINUTE / 2
    assert isinstance(await store.begin_turn("a.example", again, soon), HostPermit), "nobody else began meanwhile"
    await asyncio.sleep(0.01)
    await permitted(other, APART)
    overtaken = await store.begin_turn("a.example", again, soon)
    assert isinstance(overtaken, HostBusy)
    assert overtaken.wait > MINUTE / 2


async def test_a_host_that_is_asked_too_much_is_slowed_down_and_paused_for_all(store: Store, other: Store):  # noqa: F811
    first = await permitted(store)
    await store.end_turn("a.example", first, Slowdown(strikes=1, gap=2 * MINUTE))
    slow = await busy(other)
    assert MINUTE < slow.wait <= 2 * MINUTE
    assert not slow.paused
    await store.end_turn("a.example", first, Slowdown(strikes=3, gap=NONE, pause=4 * MINUTE))
    paused = await busy(other)
    assert paused.paused
    assert 3 * MINUTE < paused.wait <= 4 * MINUTE


async def test_who_gets_leave_knows_how_the_host_answered_others_until_an_ordinary_answer(
    store: Store,
    other: Store,  # noqa: F811
):
    soon = timedelta(milliseconds=1)
    await store.end_turn("a.example", await permitted(store), Slowdown(strikes=2, gap=soon))
    await asyncio.sleep(0.01)
    second = await permitted(other)
    assert second.strikes == 2
    await other.end_turn("a.example", second, Slowdown())
    await asyncio.sleep(0.01)
    assert (await permitted(store)).strikes == 0


async def test_what_a_killed_process_was_asking_is_over_after_its_lease(store: Store, other: Store):  # noqa: F811
    short = HostBounds(at_once=1, gap=NONE, lease=timedelta(milliseconds=1))
    await permitted(store, short)
    await asyncio.sleep(0.01)
    await permitted(other, short)


@pytest.mark.parametrize(
    "wrong", [Slowdown(strikes=1, gap=timedelta(days=9)), Slowdown(strikes=3, pause=timedelta(days=9))]
)
async def test_times_that_only_a_wrong_clock_can_have_set_hold_nobody_up(store: Store, wrong: Slowdown):
    first = await permitted(store)
    await store.end_turn("a.example", first, wrong)
    await store.end_turn("a.example", first, Slowdown())
    await permitted(store)


async def test_hosts_are_forgotten_a_day_after_they_were_asked(store: Store):
    first = await permitted(store, APART)
    await store.forget_hosts()
    await busy(store, APART)
    await store.end_turn("b.example", first)  # one that was forgotten meanwhile
    await permitted(store, host="b.example")
