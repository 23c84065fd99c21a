"""What every store keeps of incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aggregator.model import Incident
from aggregator.ports import Store
from tests.support.nouns import NOON

DAY = timedelta(days=1)
LONG_AGO = NOON - 999 * DAY


def incident(name: str, **fields: object) -> Incident:
    found = Incident(
        id=f"urn:uuid:{name}",
        kind="silent",
        subject=name,
        title="River",
        text="\ud800 سلام",
        began=NOON,
        changed=NOON,
    )
    return replace(found, **fields)  # type: ignore[arg-type]


async def test_incidents_begin_come_again_and_are_over(store: Store):
    river = replace(incident("river"), text="It is silent.")
    await store.note_incidents([river], LONG_AGO)
    assert await store.incidents(NOON, 10) == (river,)
    over = replace(river, ended=NOON + DAY, changed=NOON + DAY)
    await store.note_incidents([over], LONG_AGO)
    assert await store.incidents(NOON, 10) == (over,)
    assert await store.incidents(NOON + 2 * DAY, 10) == ()
    await store.note_incidents([replace(river, changed=NOON + 2 * DAY)], LONG_AGO)
    assert await store.incidents(NOON + 9 * DAY, 10) == (replace(river, changed=NOON + 2 * DAY),)


async def test_those_that_began_last_come_first_and_no_more_than_asked_for(store: Store):
    several = [incident(str(day), began=NOON + day * DAY, text="t") for day in range(5)]
    await store.note_incidents(several, LONG_AGO)
    assert [one.subject for one in await store.incidents(NOON, 3)] == ["4", "3", "2"]


async def test_two_that_look_at_once_begin_one_incident(store: Store):
    await store.note_incidents([incident("a", subject="river")], LONG_AGO)
    await store.note_incidents([incident("b", subject="river"), incident("c", subject="lake")], LONG_AGO)
    assert {one.id for one in await store.incidents(NOON, 9)} == {"urn:uuid:a", "urn:uuid:c"}


async def test_what_was_over_long_ago_is_forgotten_and_what_stands_never(store: Store):
    await store.note_incidents([incident("a", ended=NOON), incident("b", began=LONG_AGO)], LONG_AGO)
    await store.note_incidents([], NOON + DAY)
    assert [one.subject for one in await store.incidents(LONG_AGO, 9)] == ["b"]


async def test_a_text_that_no_database_takes_costs_nothing(store: Store):
    await store.note_incidents([incident("river")], LONG_AGO)
    assert [one.text for one in await store.incidents(NOON, 9)] == ["\ufffd سلام"]
