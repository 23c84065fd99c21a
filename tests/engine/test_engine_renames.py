"""What the editor calls a source is the editor's affair: its items keep their ids and dates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from aggregator.engine.labels import Edits
from aggregator.engine.poller import Poller
from aggregator.model import Catalogue, Failed, Fetched, Item, Site, Source, SourceState, Update, Validators
from aggregator.pipeline.refresh import Services
from aggregator.ports import Store
from aggregator.schedule import Pace
from tests.support import databases
from tests.support.inprocess import InProcess
from tests.support.nouns import NOON, source

DAY = timedelta(days=1)
X, Y, Z = (f"https://{name}.example/feed" for name in "xyz")


def feed(name: str, *numbers: int) -> bytes:
    """A feed whose ids are numbers that every feed has; titles and texts are its own."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><link>https://{name}.example/{n}</link>"
        f"<title>{name}{n} {name}{n * 7}</title><description>Words{name}{n} about{name}{n}.</description></item>"
        for n in numbers
    )
    return (
        f"<rss version='2.0'><channel><title>{name}</title>"
        f"<link>https://{name}.example/</link>{items}</channel></rss>"
    ).encode()


@dataclass
class Desk(InProcess):
    """An editor, the feeds of the world, and the product between them; one poll a day."""

    store: Store
    bodies: dict[str, bytes]
    at: datetime = NOON
    moved: dict[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.at

    async def fetch(self, source: Source, *_: object) -> Fetched | Failed:
        body = self.bodies.get(source.location)
        if body is None:
            return Failed(trouble="http", message="404", status=404)
        return Fetched(
            url=source.location,
            status=200,
            body=body,
            body_hash=blake2b(body).hexdigest(),
            content_type="application/rss+xml",
            content_location=source.location,
            validators=Validators(),
            moved_to=self.moved.get(source.location),
        )

    async def says(self, *sources: Source, polled: str = "") -> list[str]:
        """The editor's file says so; all, or those named, are polled a day later. What the log told, in words."""
        self.at += DAY
        catalogue = Catalogue(site=Site(title="Desk", link=None, contact=None), sources=sources, publications=())
        services = Services(fetcher=self, reader=self, store=self.store, clock=self, pace=Pace())
        with capture_logs() as logs:
            await Poller(lambda: catalogue, services, concurrency=4).poll([*polled] or [one.id for one in sources])
        return [line["why"] for line in logs if line["event"] in {"renamed", "kept apart"}]

    async def items(self, *source_ids: str) -> dict[str, tuple[str, str, datetime]]:
        """Title -> uid, published id and date of what these sources have."""
        found: Sequence[Item] = await self.store.latest(source_ids, 1000)
        assert len({item.public_id for item in found}) == len(found)
        return {item.entry.title: (item.uid, item.public_id, item.published) for item in found}


def named(**urls: str) -> list[Source]:
    """Sources by their labels and addresses."""
    return [source(id=name, location=url, url=url) for name, url in urls.items()]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    structlog.reset_defaults()  # what other tests of this process said of levels must not hide what is told
    async with databases.opened(tmp_path / "desk.db") as store:
        yield Desk(store=store, bodies={X: feed("x", 1, 2, 3), Y: feed("y", 1, 2, 3), Z: feed("z", 1, 2, 3)})


async def test_a_renamed_source_keeps_its_items_and_the_log_says_so(desk: Desk):
    await desk.says(*named(a=X))
    before = await desk.items("a")
    assert await desk.says(*named(b=X)) == ["it takes over 3 items of 'a', which had its address"]
    assert await desk.items("b") == before
    assert await desk.items("a") == {}
    assert (await desk.store.states())["b"].items == 3
    assert await desk.says(*named(b=X)) == []


async def test_what_comes_after_a_rename_is_new_once_and_collides_with_nothing(desk: Desk):
    await desk.says(*named(a=X))
    await desk.says(*named(b=X))
    desk.bodies[X] = feed("x", 4, 1, 2, 3)
    await desk.says(*named(b=X, a=Y))
    desk.bodies[Y] = feed("y", 4, 1, 2, 3)
    await desk.says(*named(b=X, a=Y))
    assert sorted(await desk.items("b")) == sorted(f"x{n} x{n * 7}" for n in range(1, 5))
    assert sorted(await desk.items("a")) == sorted(f"y{n} y{n * 7}" for n in range(1, 5))
    everything = await desk.items("a", "b")
    assert len({uid for uid, _, _ in everything.values()}) == 8


async def test_two_sources_that_exchange_their_labels_keep_what_is_theirs(desk: Desk):
    await desk.says(*named(a=X, b=Y))
    before = await desk.items("a"), await desk.items("b")
    desk.bodies |= {X: feed("x", 4, 1, 2, 3), Y: feed("y", 4, 1, 2, 3)}
    assert len(await desk.says(*named(a=Y, b=X))) == 2
    after = await desk.items("b"), await desk.items("a")
    assert all(was.items() <= now.items() for was, now in zip(before, after, strict=True))
    assert [len(now) for now in after] == [4, 4]


async def test_one_that_is_not_polled_exchanges_its_label_with_one_that_is_and_comes_back_with_all_it_had(
    desk: Desk,
):
    await desk.says(*named(a=X, b=Y))
    before = await desk.items("a"), await desk.items("b")
    await desk.says(*(replace(one, enabled=one.id == "b") for one in named(a=X, b=Y)), polled="b")
    await desk.says(*(replace(one, enabled=one.id == "a") for one in named(a=Y, b=X)), polled="a")
    assert (await desk.items("b"), await desk.items("a")) == before
    await desk.says(*named(a=Y, b=X))
    assert (await desk.items("b"), await desk.items("a")) == before, "and none is there twice"


async def test_three_labels_that_go_round_keep_what_is_theirs(desk: Desk):
    await desk.says(*named(a=X, b=Y, c=Z))
    before = {label: await desk.items(label) for label in "abc"}
    await desk.says(*named(b=X, c=Y, a=Z))
    assert {label: await desk.items(label) for label in "bca"} == dict(zip("bca", before.values(), strict=True))


async def test_a_label_that_was_another_feeds_long_ago_does_not_mix_the_two(desk: Desk):
    await desk.says(*named(a=X, c=Z))
    x, z = await desk.items("a"), await desk.items("c")
    await desk.says(*named(c=Z))
    told = await desk.says(*named(a=Z))
    assert told == [
        "it takes over 3 items of 'c', which had its address",
        "another feed has its label; 3 items of 'a' are kept",
    ]
    assert await desk.items("a") == z
    await desk.says(*named(a=Z, x=X))
    assert (await desk.items("a"), await desk.items("x")) == (z, x)


async def test_a_source_that_is_removed_and_comes_back_under_any_label_has_everything(desk: Desk):
    await desk.says(*named(a=X, b=Y))
    before = await desk.items("a")
    await desk.says(*named(b=Y))
    await desk.says(*named(b=Y, again=X))
    assert await desk.items("again") == before


async def test_a_source_that_moves_and_moves_back_keeps_its_label_and_its_items(desk: Desk):
    await desk.says(*named(a=X))
    before = await desk.items("a")
    desk.bodies["https://new.example/rss"] = desk.bodies[X]
    assert await desk.says(*named(a="https://new.example/rss")) == []
    assert await desk.items("a") == before
    assert await desk.says(*named(a=X)) == []
    assert await desk.items("a") == before


async def test_another_feed_under_the_same_label_leaves_the_items_of_the_first(desk: Desk):
    await desk.says(*named(a=X))
    before = await desk.items("a")
    await desk.says(*named(a=Y))
    after = await desk.items("a")
    assert before.items() <= after.items()
    assert len(after) == 6


@pytest.mark.parametrize(
    "other", ["http://x.example/feed", "https://www.x.example/feed", "https://x.example/feed/"]
)
async def test_an_address_that_differs_in_its_spelling_is_the_same_feed(desk: Desk, other: str):
    await desk.says(*named(a=X))
    before = await desk.items("a")
    desk.bodies[other] = desk.bodies[X]
    await desk.says(*named(b=other))
    assert await desk.items("b") == before


async def test_a_rename_to_where_the_feed_had_moved_is_a_rename(desk: Desk):
    desk.moved[X] = "https://new.example/rss"
    desk.bodies["https://new.example/rss"] = desk.bodies[X]
    await desk.says(*named(a=X))
    before = await desk.items("a")
    await desk.says(*named(b="https://new.example/rss"))
    assert await desk.items("b") == before


async def test_a_renamed_source_whose_secret_was_exchanged_at_once_keeps_its_items(desk: Desk):
    def secret(name: str, key: str) -> Source:
        return source(id=name, location=f"{X}?key={key}", url=f"{X}?key=${{KEY}}")

    desk.bodies |= {f"{X}?key={key}": desk.bodies[X] for key in ("old", "new")}
    await desk.says(secret("a", "old"))
    before = await desk.items("a")
    await desk.says(secret("b", "new"))
    assert await desk.items("b") == before


async def test_a_renamed_file_keeps_its_items(desk: Desk):
    desk.bodies["/srv/x.xml"] = desk.bodies[X]
    await desk.says(source(id="a", kind="file", location="/srv/x.xml", url="x.xml"))
    before = await desk.items("a")
    await desk.says(source(id="b", kind="file", location="/srv/x.xml", url="x.xml"))
    assert await desk.items("b") == before


async def test_of_two_labels_of_one_address_each_keeps_its_own(desk: Desk):
    await desk.says(*named(a=X, b=X))
    before = {label: await desk.items(label) for label in "ab"}
    assert await desk.says(*named(b=X)) == []
    assert await desk.items("b") == before["b"]
    assert await desk.says(*named(a=X, b=X)) == []
    assert {label: await desk.items(label) for label in "ab"} == before


async def test_a_poll_that_was_under_way_writes_nothing_under_a_label_that_changed_hands(desk: Desk):
    await desk.says(*named(a=X, b=Y))
    (state,) = await desk.store.claim(["a"], desk.at, DAY)
    await desk.says(*named(a=Y, b=X))
    states: Mapping[str, object] = await desk.store.states()

    assert not await desk.store.commit(Update(state=replace(state, error="late")))
    assert await desk.store.states() == states


async def test_a_source_that_is_used_keeps_its_label_from_a_feed_that_went_long_ago(desk: Desk):
    await desk.says(*named(old=X, a=Y))
    await desk.says(*named(a=Y))
    before = await desk.items("a")
    desk.bodies[X] = desk.bodies[Y]
    assert await desk.says(*named(a=X)) == []
    assert await desk.items("a") == before


async def test_of_two_who_see_an_edit_the_second_goes_by_what_the_first_one_read_and_a_third_time_it_is_read_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    await desk.says(*named(river=X))
    states, read = desk.store.states, []

    async def counted(source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        read.append(source_ids)
        return await states(source_ids)

    monkeypatch.setattr(desk.store, "states", counted)
    edits = Edits(two=True)
    catalogue = Catalogue(
        site=Site(title="Desk", link=None, contact=None), sources=named(river=X), publications=()
    )
    first, second = [await edits.take_over(catalogue, desk.store, desk.at) for _ in range(2)]
    assert first is second
    assert read == [None]
    assert await edits.take_over(catalogue, desk.store, desk.at) is not first
    edited = replace(catalogue, sources=named(river=X, lake=Y))
    assert await edits.take_over(edited, desk.store, desk.at) is not first
    assert len(read) == 3
    await edits.take_over(edited, desk.store, desk.at)
    assert edits._kept is None, "nothing is kept for longer"


async def test_a_start_asks_once_for_all_that_is_known_of_its_sources(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    await desk.says(*named(river=X))
    states, asked = desk.store.states, []

    async def counted(source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        asked.append(source_ids)
        return await states(source_ids)

    monkeypatch.setattr(desk.store, "states", counted)
    await desk.says(*named(river=X))
    assert asked == [None]
