"""A month of sources with bad habits, as a subscriber of the merged feed sees it after every round."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from aggregator.model import Publication
from tests.support.month import EVERY, ROUNDS, Month, month
from tests.support.nouns import source
from tests.support.planet import DAY, Planet, planet

pytestmark = pytest.mark.acceptance

ATOM = "{http://www.w3.org/2005/Atom}"
MARK = re.compile(r"Zq\w+?x\b")


@dataclass
class Subscriber:
    """A reader that forgets nothing: every id that it ever met, and what it was about."""

    about: dict[str, str] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    updated: dict[str, str] = field(default_factory=dict)
    ids: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    updates: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def read(self, body: bytes, *, archived: bool = False) -> None:
        """Look at a document as it is now."""
        entries = etree.fromstring(body).findall(f"{ATOM}entry")
        names = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
        dates = [entry.findtext(f"{ATOM}published") or "" for entry in entries]
        if len(set(names)) != len(names):
            self.faults.append("two entries share an id")
        if not archived and dates != sorted(dates, reverse=True):
            self.faults.append("the order is not that of publication")
        for name, entry in zip(names, entries, strict=True):
            self._meet(name, entry, archived=archived)

    def _meet(self, name: str, entry: etree._Element, *, archived: bool) -> None:
        text = entry.findtext(f"{ATOM}content") or entry.findtext(f"{ATOM}summary") or ""
        mark = MARK.search(text)
        if mark is None:
            self.faults.append(f"{name} says nothing")
            return
        if self.about.setdefault(name, mark[0]) != mark[0]:
            self.faults.append(f"{name} was about {self.about[name]} and is about {mark[0]}")
        self.ids[mark[0]].add(name)
        published, updated = entry.findtext(f"{ATOM}published") or "", entry.findtext(f"{ATOM}updated") or ""
        if self.published.setdefault(name, published) != published:
            self.faults.append(f"{name} was published {self.published[name]} and now {published}")
        # A page of the archive says what an entry said when the page was written.
        if self.updated.setdefault(name, updated) != updated and not archived:
            self.updates[mark[0]] += 1
            self.updated[name] = updated


async def subscribed(here: Planet, reader: Subscriber) -> bytes:
    document = await here.store.document("all", "atom")
    assert document is not None
    reader.read(document.body)
    return document.body


async def poll_all(here: Planet, world: Month, bodies: dict[str, str]) -> None:
    for site in world.sites:
        await here.poll(site.name, bodies[site.name], after=timedelta(seconds=20), publish=False)
    await here.publisher.publish_outdated()


@pytest.mark.parametrize(
    ("seed", "each"), [(20260301, 1), *(pytest.param(20260301 + n, 5, marks=pytest.mark.trial) for n in range(3))]
)
async def test_a_month_of_bad_habits_brings_each_article_once_at_its_date(seed: int, each: int, tmp_path: Path):
    world, reader = month(seed, each), Subscriber()
    # Private, so that the feeds of single sources need not be rendered as well.
    everything = Publication(
        id="all", title="All", limit=400, formats=("atom",), tokens=("a-token-of-16-characters",)
    )
    sources = [
        source(id=site.name, location=f"https://{site.name}.example/feed", url=f"https://{site.name}.example/feed")
        for site in world.sites
    ]
    bodies: dict[str, str] = {}
    async with planet(tmp_path, everything, sources=sources) as here:
        for round_ in range(ROUNDS):
            here.at += EVERY - timedelta(seconds=20 * len(world.sites))
            world.pass_time(round_, here.at)
            bodies = {site.name: world.body(site, round_, here.at) for site in world.sites}
            await poll_all(here, world, bodies)
            await subscribed(here, reader)
            if round_ % 10 == 9:
                await here.stop()
                await here.start()
            if round_ == ROUNDS - 4:
                for number in await here.store.archive_numbers("all"):
                    await here.page(number)  # the words on pages that nobody asked for are spared
                assert await here.store.prune(here.at - 20 * DAY) > 0
        last = await subscribed(here, reader)
        calm = {site.name: bodies[site.name] for site in world.sites}
        await poll_all(here, world, calm)
        assert await subscribed(here, reader) == last, "nothing changed, and so no byte did"
        for number in await here.store.archive_numbers("all"):
            page = await here.page(number)
            assert page is not None
            reader.read(page.body, archived=True)
    judge(world, reader)


def judge(world: Month, reader: Subscriber) -> None:
    """Hold what the subscriber saw against what was true."""
    profile = {f"Zq{site.name}n": site.habit for site in world.sites}

    def habit(mark: str) -> str:
        return "wire" if mark in world.wires else profile[re.match(r"Zq\w+?n(?=\d+x$)", mark)[0]]  # type: ignore[index]

    twice = Counter(habit(mark) for mark, names in reader.ids.items() if len(names) > 1)
    # What was there before the publication was, is shown as far as there is room, and archived as far as shown.
    missing = Counter(habit(mark) for mark in world.delivered - world.backlog - reader.ids.keys())
    # That a headline is one of two that take turns is known from the second turn on: its first is an update.
    false = Counter(
        habit(mark)
        for mark, count in reader.updates.items()
        if mark not in world.edited and count > (habit(mark) == "two headlines")
    )
    unnoticed = [mark for mark in world.edited - world.backlog if not reader.updates[mark]]
    told = (
        f"{len(reader.ids)} articles, twice: {dict(twice)}, missing: {dict(missing)}, "
        f"false updates: {dict(false)}, edits unnoticed: {len(unnoticed)} of {len(world.edited)}"
    )
    assert reader.faults == [], told
    assert len(world.wires) > ROUNDS // 3
    assert len(reader.ids) > len(world.sites) * 10
    assert (dict(twice), dict(missing), dict(false), unnoticed) == ({}, {}, {}, []), told
