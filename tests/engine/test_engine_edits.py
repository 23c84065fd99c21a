"""No sequence of edits to feeds.yaml announces an item twice, dates one anew or gives a feed another id."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue.opt_outs import heed
from aggregator.engine.poller import Poller
from aggregator.model import Catalogue, Publication, Site, Source
from aggregator.pipeline.refresh import Services
from aggregator.schedule import Pace
from aggregator.text.item_names import spellings
from tests.support.nouns import source
from tests.support.planet import Planet, planet

FEEDS = ("one", "two", "wire")
"""Whose ids are IRIs, numbers that others use too, and none at all; `wire` brings every third piece of `one`."""

WORDS = (
    "council",
    "river",
    "bridge",
    "school",
    "market",
    "harbour",
    "theatre",
    "winter",
    "garden",
    "museum",
    "tower",
)


def piece(number: int) -> str:
    """A text like no other: enough of it to be known again elsewhere."""
    words = [
        WORDS[(number * 5 + place * (number % 7 + 1)) % len(WORDS)] + str(number * place) for place in range(60)
    ]
    return f"Piece {number}. {' '.join(words)}."


def feed(name: str, until: int) -> str:
    """What a feed lists when so many pieces were written."""
    mine = range(FEEDS.index(name) * 1000, FEEDS.index(name) * 1000 + until)
    copied = [number for number in range(until) if number % 3 == 0] if name == "wire" else []
    items = ""
    for number in (*mine, *copied):
        guid = {"one": f"tag:one.example,2026:{number}", "two": str(number % 1000)}.get(name)
        items += (
            (f"<item><guid isPermaLink='false'>{guid}</guid>" if guid else "<item>")
            + f"<link>https://{name}.example/{number}</link><title>Title of piece {number}</title>"
            + f"<pubDate>Sun, 01 Mar 2026 {number % 1000:02}:00:00 GMT</pubDate>"
            + f"<description>{piece(number)}</description></item>"
        )
    return f"<rss version='2.0'><channel><title>{name}</title><link>https://{name}.example/</link>{items}</channel></rss>"


@dataclass
class Desk:
    """An editor with feeds.yaml, and subscribers of all that is published by it.

    Attributes:
        here: The product.
        labels: What sources are called, by whose feed they have; in the editor's order.
        shown: What subscribers of a feed were shown: feed -> piece -> its id and date.
        feeds: The ids of feeds, by what they are of.
    """

    here: Planet
    labels: dict[str, str] = field(default_factory=lambda: {name: name for name in FEEDS})
    away: dict[str, str] = field(default_factory=dict)
    https: set[str] = field(default_factory=set)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    first: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=lambda: {"all": ["all"], "some": ["some"]})
    gone: set[str] = field(default_factory=set)
    tagged: bool = False
    link: str | None = None
    withdrawn: set[str] = field(default_factory=set)
    opted_out: set[str] = field(default_factory=set)
    written: int = 3
    count: int = 0
    shown: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)

    def fresh(self, word: str) -> str:
        self.count += 1
        return f"{word}-{self.count}"

    # -------------------------------------------------------------- edits

    def rename(self, which: int) -> None:
        if self.labels:
            name = [*self.labels][which % len(self.labels)]
            self.labels[name] = self.fresh("label")

    def swap(self, which: int) -> None:
        if len(self.labels) > 1:
            one, other = ([*self.labels] * 2)[which % len(self.labels) :][:2]
            self.labels[one], self.labels[other] = self.labels[other], self.labels[one]

    def remove(self, which: int) -> None:
        if self.labels:
            name = [*self.labels][which % len(self.labels)]
            self.away[name] = self.labels.pop(name)

    def restore(self, which: int) -> None:
        if self.away:
            name = [*self.away][which % len(self.away)]
            label = self.away.pop(name)
            self.labels[name] = label if which % 2 and label not in self.labels.values() else self.fresh("again")

    def reorder(self, which: int) -> None:
        names = [*self.labels]
        self.labels = {name: self.labels[name] for name in names[which % 3 :] + names[: which % 3]}

    def move(self, which: int) -> None:
        self.https ^= {FEEDS[which % 3]}

    def tag(self, which: int) -> None:
        name = FEEDS[which % 3]
        self.tags[name] = () if self.tags.get(name) else ("news",)

    def call(self, which: int) -> None:
        self.titles[[*FEEDS, "all", "some"][which % 5]] = self.fresh("Title")

    def switch(self, which: int) -> None:
        self.off ^= {FEEDS[which % 3]}

    def prefer(self, which: int) -> None:
        self.first[FEEDS[which % 3]] = which

    def settle(self, which: int) -> None:
        self.link = (None, "https://planet.example/", "https://news.example/a/")[which % 3]

    def rename_publication(self, which: int) -> None:
        names = self.names[("all", "some")[which % 2]]
        names.append(names.pop(0) if which % 5 == 4 and len(names) > 1 else self.fresh("feed"))

    def leave_out(self, which: int) -> None:
        self.gone ^= {("all", "some")[which % 2]}

    def select(self, _which: int) -> None:
        self.tagged = not self.tagged

    def withdraw(self, which: int) -> None:
        self.withdrawn ^= {f"https://{FEEDS[which % 2]}.example/{(which % 2) * 1000 + which % 3}"}

    def opt_out(self, which: int) -> None:
        self.opted_out ^= {f"{FEEDS[which % 3]}.example"}

    # -------------------------------------------------------------- what comes of them

    def catalogue(self) -> Catalogue:
        return Catalogue(
            site=Site(title="Desk", link=self.link, contact=None),
            sources=tuple(self._source(name, label) for name, label in self.labels.items()),
            publications=tuple(self._publication(key) for key in self.names if key not in self.gone)
            or (Publication(id="nothing", title="Nothing", sources=("none",)),),
            withdrawn={one: 1 for name in self.withdrawn for one in spellings(name)},
            opted_out=dict.fromkeys(self.opted_out, 1),
            text=str(self.count).encode(),
        )

    def _source(self, name: str, label: str) -> Source:
        url = f"http{'s' if name in self.https else ''}://{name}.example/feed"
        made = source(
            id=label,
            location=url,
            url=url,
            title=self.titles.get(name),
            tags=self.tags.get(name, ()),
            enabled=name not in self.off,
            priority=self.first.get(name, 0),
        )
        return heed(made, dict.fromkeys(self.opted_out, 1))

    def _publication(self, key: str) -> Publication:
        *was, name = self.names[key]
        bound = {"tags": ("news",)} if key == "some" and self.tagged else {}
        title = self.titles.get(key, key)
        return Publication(
            id=name,
            title=title,
            was=tuple(one for one in reversed(was) if one != name),
            formats=("atom",),
            **bound,
        )

    async def pass_an_hour(self) -> None:
        """Everything is polled and published; subscribers read."""
        self.written += 1
        here = self.here
        here.at += timedelta(hours=1)
        here.catalogue = self.catalogue()
        here.bodies = {label: feed(name, self.written).encode() for name, label in self.labels.items()}
        services = Services(fetcher=here, reader=here, store=here.store, clock=here, pace=Pace())
        poller = Poller(lambda: here.catalogue, services, concurrency=4)
        await poller.poll([one.id for one in here.catalogue.sources if one.enabled])
        await here.publisher.publish_outdated()
        for key, names in self.names.items():
            if key not in self.gone:
                await self.read(f"publication {key}", names[-1])
        for name, label in self.labels.items():
            await self.read(f"source {name}", f"source/{label}")

    async def read(self, what: str, name: str) -> None:
        document = await self.here.document(name)
        if document is None:
            return
        head, *entries = document.body.decode().split("<entry")
        (identity,) = re.findall(r"<id>(.*?)</id>", head)
        assert self.feeds.setdefault(what, identity) == identity, f"{what} has another id"
        known = self.shown.setdefault(what, {})
        for entry in entries:
            (number,) = re.findall(r"<title>Title of piece (\d+)</title>", entry)
            said = tuple(re.findall(f"<{tag}>(.*?)</{tag}>", entry)[0] for tag in ("id", "published"))
            assert known.setdefault(number, said) == said, f"{what} announces {number} again"
        assert len({known[n] for n in known}) == len(known)


EDITS: tuple[Callable[[Desk, int], None], ...] = (
    Desk.rename, Desk.swap, Desk.remove, Desk.restore, Desk.reorder, Desk.move, Desk.tag, Desk.call, Desk.switch,
    Desk.prefer, Desk.settle, Desk.rename_publication, Desk.leave_out, Desk.select, Desk.withdraw,
    Desk.opt_out,
)  # fmt: skip
EDIT = st.tuples(st.sampled_from(EDITS), st.integers(0, 9))


@settings(max_examples=8)
@given(st.lists(st.lists(EDIT, min_size=1, max_size=2), min_size=1, max_size=8))
def test_no_sequence_of_edits_announces_an_item_twice(days: list[list[tuple[Callable[[Desk, int], None], int]]]):
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with planet(Path(folder)) as here:
                desk = Desk(here=here)
                await desk.pass_an_hour()
                assert desk.shown["publication all"]
                for edits in days:
                    for edit, which in edits:
                        edit(desk, which)
                    await desk.pass_an_hour()

    asyncio.run(run())
