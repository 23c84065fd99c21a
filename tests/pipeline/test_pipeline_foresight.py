"""What an edit of feeds.yaml will do is told before it is done, and is what then happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.catalogue.comparison import describe
from aggregator.catalogue.opt_outs import heed
from aggregator.engine.poller import Poller
from aggregator.model import Catalogue, Drop, Item, Matcher, Publication, Source
from aggregator.pipeline.foresight import UNSETTLED, find_again, foresee
from aggregator.pipeline.refresh import Services
from aggregator.schedule import Pace
from tests.pipeline.test_pipeline_comparing import LAKE, OTHER, RIVER, SEA, report
from tests.support.databases import read_rows
from tests.support.nouns import entry
from tests.support.planet import Planet, planet

ALL, FEW = Publication(id="all", title="All"), Publication(id="few", title="Few", sources=("river",))
PIER = Drop(any_of=(Matcher(field="title", pattern="Pier", shown="Pier"),))


def relabelled(was: Source, name: str) -> Source:
    return replace(was, id=name)


def sources(*found: Source) -> Callable[[Catalogue], Catalogue]:
    return lambda catalogue: replace(catalogue, sources=found)


def publications(*found: Publication) -> Callable[[Catalogue], Catalogue]:
    return lambda catalogue: replace(catalogue, publications=found)


EDITS = {
    "nothing": (lambda catalogue: catalogue, "no source and no publication changes"),
    "rename": (
        sources(relabelled(RIVER, "stream"), LAKE, SEA),
        "1 source renamed (river -> stream); few: 0 entries added, 1 dropped; 0 announced again",
    ),
    "swap": (
        sources(relabelled(LAKE, "river"), relabelled(RIVER, "lake"), SEA),
        "2 sources renamed (lake -> river, river -> lake); 0 announced again",
    ),
    "another feed under its label": (
        sources(replace(RIVER, location="https://new.example/", url="https://new.example/"), LAKE, SEA),
        (
            "1 source moved (river); 0 announced again; not counting what river brings from its new address, "
            "which nobody has read yet"
        ),
    ),
    "remove": (
        sources(LAKE, SEA),
        "1 source removed (river); few: 0 entries added, 1 dropped; 0 announced again",
    ),
    "remove two": (
        sources(SEA),
        (
            "2 sources removed (river, lake); all: 0 entries added, 1 dropped; few: 0 entries added, 1 dropped; "
            "0 announced again"
        ),
    ),
    "reorder and retag": (
        sources(SEA, replace(LAKE, tags=("world",)), RIVER),
        "1 source changed (lake); 0 announced again",
    ),
    "filter": (
        publications(replace(ALL, filters=(PIER,)), FEW),
        "1 publication changed (all); all: 0 entries added, 1 dropped; 0 announced again",
    ),
    "every copy": (
        publications(replace(ALL, duplicates="keep"), FEW),
        "1 publication changed (all); all: 1 entry added, 0 dropped; 0 announced again",
    ),
    "rename a publication": (
        publications(ALL, replace(FEW, id="lean", was=("few",))),
        ("1 publication renamed (few -> lean); lean: 0 entries added, 0 dropped; 0 announced again"),
    ),
    "a new one for an old": (
        publications(ALL, replace(FEW, id="lean")),
        (
            "1 publication added (lean); 1 publication removed (few); 3 addresses end (/few.atom, /few.rss, "
            "/few.json); lean: 1 entry added, 0 dropped; 0 announced again"
        ),
    ),
    "all at once": (
        lambda _: replace(
            sources(relabelled(LAKE, "pond"), relabelled(SEA, "river"))(_),
            publications=(replace(ALL, limit=1), FEW),
        ),
        None,
    ),
}


async def news(here: Planet) -> None:
    """River and lake carry one piece, the sea another one."""
    await here.poll("river", report("river", hour=8))
    await here.poll("lake", report("lake", hour=8))
    await here.poll("sea", report("sea", title="Apples freeze in Sorn", text=OTHER, hour=7))


async def shown(here: Planet) -> dict[str, list[str]]:
    """By publication the ids of its entries, as subscribers get them."""
    found = {}
    for one in here.catalogue.publications:
        document = await here.document(one.id, "json")
        found[one.id] = [item["id"] for item in json.loads(document.body)["items"]] if document else []
    return found


def dump(here: Planet) -> list[tuple[Any, ...]]:
    return read_rows(Path(here.database.removeprefix("sqlite:///")))


@pytest.mark.parametrize("name", EDITS)
async def test_what_is_foreseen_of_an_edit_is_what_then_happens_and_looking_writes_nothing(
    tmp_path: Path, name: str
):
    edit, told = EDITS[name]
    async with planet(tmp_path, ALL, FEW, sources=[RIVER, LAKE, SEA]) as here:
        await news(here)
        before, had, stored = here.catalogue, await shown(here), dump(here)
        after = edit(before)
        found = await foresee(before, after, here.store)
        assert dump(here) == stored
        here.catalogue = after
        await here.publisher.publish_outdated()
        has = await shown(here)
    assert found.uncounted == ""
    assert told in {None, describe(found)}
    for one in found.publications:
        old, new = had.get(one.was or one.id, []), has.get(one.id, [])
        if one.fate == "edited" and one.entries is not None:
            assert one.entries.added == tuple(name for name in new if name not in old)
            assert one.entries.dropped == tuple(name for name in old if name not in new)
            assert one.entries.shown == len(new)
            assert one.entries.again == ()
    named = {one.id for one in found.publications}
    assert all(has[one] == had[one] for one in has if one not in named), "what is not named does not change"


async def test_another_feed_that_carries_the_same_articles_would_announce_them_again(tmp_path: Path):
    mirror = report("lake").replace("https://lake.example/1", "https://river.example/1")
    few = replace(FEW, duplicates="keep")
    async with planet(tmp_path, few, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", mirror)
        after = publications(replace(few, sources=("lake",)))(here.catalogue)
        found = await foresee(here.catalogue, after, here.store)
        merged = publications(FEW)(here.catalogue)
        mended = await foresee(merged, publications(replace(FEW, sources=("lake",)))(merged), here.store)
    (change,) = found.publications
    assert change.entries is not None
    assert change.entries.again == change.entries.added
    assert len(change.entries.again) == found.again == 1
    assert describe(found).endswith("1 entry added, 1 dropped; 1 announced again")
    assert mended.again == 0, "one entry per story has the id that subscribers know"


def item(name: str, url: str | None = None) -> Item:
    made = Item.__new__(Item)
    object.__setattr__(made, "public_id", name)
    object.__setattr__(made, "entry", entry(url_key=url))
    return made


def test_only_what_was_met_under_an_id_that_is_gone_is_announced_again():
    one, two = {"a": item("a")}, {"b": item("b")}
    assert find_again(one, two, {"b": ["a"]}) == ("b",), "the piece stood under the other id"
    assert find_again(one, two, {"b": []}) == (), "nobody was shown it"
    assert find_again(one, two, {"b": ["a", "b"]}) == (), "it comes back under its own"
    assert find_again(one, one | two, {"b": ["a"]}) == (), "the other one is still there"
    assert find_again({"a": item("a", "x")}, {"b": item("b", "x")}, {}) == ("b",), "one address, two ids"


async def test_what_the_editor_withdraws_is_counted_and_a_story_goes_on_under_the_id_that_subscribers_know(
    tmp_path: Path,
):
    async with planet(tmp_path, ALL, FEW, sources=[RIVER, LAKE, SEA]) as here:
        await news(here)
        had = await shown(here)
        names = {"https://river.example/1": 1, "sea-1": 2, "https://nowhere.example/": 3}
        after = replace(here.catalogue, withdrawn=names)
        found = await foresee(here.catalogue, after, here.store)
        here.catalogue = replace(after, text=b"edited")
        await here.publisher.publish_outdated()
        has = await shown(here)
    assert (found.sections, found.again) == (("withdraw",), 0)
    for one in found.publications:
        assert one.entries is not None
        assert one.entries.dropped == tuple(name for name in had[one.id] if name not in has[one.id])
        assert one.entries.added == ()
    assert {one.id: len(one.entries.dropped) for one in found.publications if one.entries} == {"all": 1, "few": 1}


async def test_a_source_that_comes_back_is_said_to_be_known_and_one_that_nobody_knows_is_not(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        both = here.catalogue
        here.catalogue = sources(LAKE)(both)
        await here.publisher.publish_outdated()
        found = await foresee(here.catalogue, sources(LAKE, relabelled(RIVER, "brook"), SEA)(both), here.store)
    assert [(one.id, one.fate, one.items) for one in found.sources] == [("brook", "added", 1), ("sea", "added", 0)]
    (change,) = found.publications
    assert change.entries is not None
    assert len(change.entries.added) == 1
    assert found.again == 0, "it comes back under the id that it had"


async def test_entries_are_not_counted_once_the_store_goes_by_another_version(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        before = here.catalogue
        here.catalogue = sources(relabelled(RIVER, "brook"))(before)
        await here.publisher.publish_outdated()
        found = await foresee(before, here.catalogue, here.store)
    assert found.uncounted == UNSETTLED
    assert describe(found) == "1 source renamed (river -> brook)"


async def test_a_worker_logs_once_what_diff_says_of_the_edit_that_it_takes_over(tmp_path: Path):
    async with planet(tmp_path, ALL, FEW, sources=[RIVER, LAKE, SEA]) as here:
        await news(here)
        services = Services(fetcher=here, reader=here, store=here.store, clock=here, pace=Pace())
        poller = Poller(lambda: here.catalogue, services, concurrency=4)
        here.publisher.edits = poller.edits
        here.catalogue = before = replace(here.catalogue, text=b"1")
        await poller.register()
        await here.publisher.publish_outdated()
        after = replace(sources(relabelled(RIVER, "stream"), LAKE)(before), text=b"2")
        told = describe(await foresee(before, after, here.store))
        here.catalogue = after
        with capture_logs() as logs:
            await poller.register()
            await here.publisher.publish_outdated()
        await poller.stop()
    assert [line["change"] for line in logs if line["event"] == "edited"] == [told]
    assert told.startswith("1 source renamed (river -> stream); 1 source removed (sea); all: 0 entries added, 1 ")


async def test_what_leaves_because_a_host_asked_not_to_be_read_is_counted_also_where_its_source_is_renamed(
    tmp_path: Path,
):
    wished = {"sea.example": 1, "river.example": 2}
    async with planet(tmp_path, ALL, FEW, sources=[RIVER, LAKE, SEA]) as here:
        await news(here)
        had = await shown(here)
        renamed = sources(RIVER, LAKE, relabelled(SEA, "ocean"))(here.catalogue)
        asked = tuple(heed(one, wished) for one in renamed.sources)
        after = replace(renamed, opted_out=wished, sources=asked)
        found = await foresee(here.catalogue, after, here.store)
        here.catalogue = replace(after, text=b"edited")
        await here.publisher.publish_outdated()
        has = await shown(here)
    assert (found.sections, found.again) == (("opt_out",), 0)
    assert {one.id for one in found.sources if one.polling == "ends"} == {"river", "ocean"}
    for one in found.publications:
        assert one.entries is not None
        assert one.entries.dropped == tuple(name for name in had[one.id] if name not in has[one.id])
        assert one.entries.added == ()
    assert len(had["all"]) - len(has["all"]) == 1, "a story goes on with what others have of it"
