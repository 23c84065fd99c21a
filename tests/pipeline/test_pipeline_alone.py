"""What is placed at once, because nothing like it is near, is placed as it would be one by one."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import stories
from aggregator.model import Glance, Overrides
from tests.pipeline.test_pipeline_comparing import LATER, OTHER, REPORT, named
from tests.support.installation import rss
from tests.support.nouns import NOON
from tests.support.planet import HOUR, planet

SOURCES = [named(name) for name in ("river", "lake", "sea", "hill")]
WORDS = [
    a + b
    for a in ("wat", "brid", "coun", "har", "tra", "scho", "sto", "mar")
    for b in ("er", "el", "ing", "us", "ad", "om")
]


LOOKS = "uid, source_id, first_seen, published, title_key, url, recurring, shared_url, length, credit, signature"


def made_up(seed: object) -> str:
    """A text like many of a desk: a few sentences of one vocabulary."""
    words = random.Random(str(seed))
    return "".join(f"<p>{' '.join(words.choices(WORDS, k=30)).capitalize()}.</p>" for _ in range(4))


def item(name: str, number: int, title: str, text: str, hour: int) -> str:
    return (
        f"<item><guid isPermaLink='false'>{name}-{number}</guid><link>https://{name}.example/{number % 40}</link>"
        f"<title>{title}</title><pubDate>Sun, 01 Mar 2026 {hour:02}:00:00 GMT</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
    )


def feed(name: str, seed: int) -> str:
    """Pieces of its own, some that others carry too, a column, and headlines without a text."""
    chance = random.Random(f"{name} {seed}")
    shared = [("Pier collapses in Varesh", REPORT), ("Pier collapses", LATER), ("Frost in Sorn", OTHER)]
    found = [
        item(
            name, number, " ".join(chance.choices(WORDS, k=5)), made_up(f"{name} {seed * 7 + number}"), number % 24
        )
        for number in range(12)
    ]
    found += [item(name, 50 + n, *chance.choice(shared), chance.randrange(24)) for n in range(chance.randrange(3))]
    found += [item(name, 60 + n, "Weather today", made_up(n % 2), n) for n in range(4)]
    found += [item(name, 70 + n, chance.choice(shared)[0], "", 8) for n in range(chance.randrange(2))]
    return rss(*found, title=name.title())


def tables(folder: Path) -> dict[str, list[Any]]:
    queries = {
        "items": "SELECT uid, story, compared FROM items ORDER BY uid",
        "signatures": f"SELECT {LOOKS} FROM signatures ORDER BY uid",
        "bands": "SELECT band, uid FROM bands JOIN signatures ON number = bands.signature ORDER BY band, uid",
        "edges": "SELECT * FROM edges ORDER BY one, other",
        "misses": "SELECT * FROM near_misses ORDER BY one, other",
    }
    with closing(sqlite3.connect(folder / "planet.db")) as database:
        return {name: database.execute(query).fetchall() for name, query in queries.items()}


async def play(folder: Path, overrides: Overrides) -> tuple[dict[str, list[Any]], dict[str, int]]:
    async with planet(folder, sources=SOURCES) as here:
        here.catalogue = replace(here.catalogue, overrides=overrides)
        for turn, one in enumerate([*SOURCES, *SOURCES]):
            await here.poll(one.id, feed(one.id, turn // 4), HOUR, publish=turn % 2 == 1)
        await here.publisher.publish_outdated()
        states = await here.store.states()
        outdated = await here.store.find_outdated({"all": "?"}, NOON + timedelta(days=1))
    assert states
    return tables(folder), dict(outdated)


@pytest.mark.parametrize(
    "overrides",
    [
        Overrides(),
        Overrides(merge=frozenset({("river-1", "lake-2")}), never_merge=frozenset({("river-50", "lake-50")})),
    ],
    ids=["", "editor"],
)
async def test_at_once_or_one_by_one_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overrides: Overrides
):
    once, each = tmp_path / "once", tmp_path / "each"
    once.mkdir()
    each.mkdir()
    taken: list[int] = []
    find_alone = stories.find_alone

    def counting(batch: Any, glance: Glance, words: Overrides) -> Any:
        found = find_alone(batch, glance, words)
        taken.append(len(found))
        return found

    monkeypatch.setattr(stories, "find_alone", counting)
    at_once, marks = await play(once, overrides)
    monkeypatch.setattr(stories, "find_alone", lambda *_: [])
    one_by_one, _ = await play(each, overrides)
    assert at_once == one_by_one
    assert sum(taken) > 40, "what is new and like nothing"
    assert at_once["edges"]
    assert at_once["misses"]
    assert marks
