"""What is no feed goes the way of feeds: its entries are met again, edited, and never announced twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from aggregator.model import FieldSelectors, Update
from tests.support.nouns import source
from tests.support.planet import Planet, planet

TIDES = source(
    kind="json",
    location="https://tides.example/api",
    url="https://tides.example/api",
    select=FieldSelectors(item="rows[]", id="no", title="head", link="page", content="text", published="at"),
)
BOARD = source(
    kind="xpath",
    location="https://tides.example/board",
    url="https://tides.example/board",
    select=FieldSelectors(item="css: li", title="b", content="p"),
)
WORDS = (
    "The water stood at the {} mark for most of the day, and nobody on the quay could say why it had come so far."
)


def row(number: int, **fields: Any) -> dict[str, Any]:
    made = {"no": number, "head": f"Tide {number}", "page": f"/t/{number}", "text": WORDS.format(number)}
    return {**made, "at": 1772366400 + 60 * number, **fields}


def verdicts(update: Update) -> dict[str, int]:
    assert update.state.trouble is None, update.state.error
    return Counter(change.verdict.kind for change in update.changes)


async def poll_rows(river: Planet, *rows: dict[str, Any]) -> Update:
    return await river.poll("river", json.dumps({"rows": rows}))


async def test_an_item_of_json_keeps_its_id_through_edits_and_new_addresses(tmp_path: Path):
    async with planet(tmp_path, sources=[TIDES]) as river:
        first = await poll_rows(river, row(1), row(2), row(3))
        assert verdicts(first) == {"new": 3}
        assert verdicts(await poll_rows(river, row(1), row(2), row(3))) == {}
        edited = await poll_rows(
            river, row(4), row(1, page="/moved/1"), row(2, text=WORDS.format("highest")), row(3)
        )

        assert verdicts(edited)["new"] == 1
        known = {change.item.uid for change in first.changes}
        assert {change.item.uid for change in edited.changes if change.verdict.kind != "new"} <= known


async def test_only_what_is_new_in_json_is_read_again(tmp_path: Path):
    async with planet(tmp_path, sources=[TIDES]) as river:
        await poll_rows(river, *map(row, range(20)))
        state = (await river.store.states())["river"]
        assert len(state.memory.entries) > 0

        assert verdicts(await poll_rows(river, row(20), *map(row, range(20)))) == {"new": 1}
        assert (await river.store.states())["river"].items == 21


async def test_entries_of_a_list_without_links_are_known_by_their_words(tmp_path: Path):
    def board(*names: str) -> str:
        return "".join(f"<li><b>{name}</b><p>{WORDS.format(name)}</p></li>" for name in names)

    async with planet(tmp_path, sources=[BOARD]) as river:
        assert verdicts(await river.poll("river", board("first", "second", "third"))) == {"new": 3}
        assert verdicts(await river.poll("river", board("fourth", "first", "second", "third"))) == {"new": 1}
        renamed = board("fourth", "first", "second", "third").replace("<b>first</b>", "<b>the first</b>")
        assert "new" not in verdicts(await river.poll("river", renamed))


async def test_a_selector_that_finds_nothing_any_more_takes_nothing_back(tmp_path: Path):
    async with planet(tmp_path, sources=[TIDES]) as river:
        await poll_rows(river, row(1), row(2))
        lost = await river.poll("river", json.dumps({"lines": [row(1), row(2)]}))

        assert lost.state.trouble == "not_a_feed"
        assert "`lines[]` (2 × {no, head, page, text, at})" in (lost.state.error or "")
        assert verdicts(await poll_rows(river, row(1), row(2))) == {}
        assert [one.absent_since for one in await river.store.latest(["river"], 9)] == [None, None]
