"""Why a publication shows an item or does not: each rule, as the selection itself applied it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.dates.writing import to_the_minute
from aggregator.explain.visibility import Visibility, tell_withdrawal, visibility_in
from aggregator.model import Change, Drop, Keep, Limit, Matcher, Publication, Update, Verdict
from aggregator.pipeline import comparing
from aggregator.pipeline.comparing import ClusterContext
from aggregator.pipeline.publication import outputs
from tests.pipeline.test_pipeline_comparing import LAKE, RIVER, SEA, named, report
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import DAY, MINUTE, Planet, planet
from tests.support.shelf import in_state

ALL = Publication(id="all", title="Everything")


async def shown(here: Planet, name: str, publication: str = "all") -> Visibility:
    found = await here.store.item(name)
    assert found is not None
    context = ClusterContext(store=here.store, catalogue=here.catalogue, states=await here.store.states())
    return await visibility_in(found, outputs(here.catalogue)[publication], context)


def many(source: str, *numbers: int) -> str:
    """The feed of a source with articles of its own; the greater the number, the newer."""
    found = (
        item(
            number,
            title=f"{source} {number}",
            text=f"Of {source} {number}",
            date=f"01 Mar 2026 08:{number:02}:00 GMT",
        )
        for number in numbers
    )
    return rss(*found, title=source).replace("river", source)


def matcher(words: str) -> Matcher:
    return Matcher(field="title", pattern=words, shown=f"title: {words}")


async def test_of_copies_that_are_all_kept_each_is_its_own_entry(tmp_path: Path):
    async with planet(tmp_path, replace(ALL, duplicates="keep"), sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river", hour=9))
        await here.poll("lake", report("lake", hour=10))
        assert (await shown(here, "https://river.example/1")).reason == "entry 2 of 2"
        assert (await shown(here, "https://lake.example/1")).reason == "entry 1 of 2"


async def test_a_copy_shares_the_fate_of_the_entry_that_stands_for_it(tmp_path: Path):
    few = replace(ALL, limit=2, per_source=2)
    async with planet(tmp_path, few, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("river", report("river", hour=7))
        await here.poll("lake", report("lake", hour=11))
        await here.poll("sea", many("sea", 1, 2))
        river = await shown(here, "https://river.example/1")
        assert (river.holds, river.rule, river.entry) == (False, "limit", river.entry)
        lake = await shown(here, "https://lake.example/1")
        assert (lake.holds, lake.rule, lake.entry) == (False, "limit", river.entry)
        assert lake.reason == f"it is a copy of {river.entry}, which is not shown: {river.reason}"


async def test_a_copy_that_is_withdrawn_or_filtered_is_out_for_reasons_of_its_own(tmp_path: Path):
    drop = Drop(any_of=(matcher("advert"),))
    async with planet(tmp_path, replace(ALL, filters=(drop,)), sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river", title="Advert: Pier collapses in Varesh"))
        await here.poll("lake", report("lake"))
        assert (await shown(here, "https://river.example/1")).rule == "filter"
        assert (await shown(here, "https://lake.example/1")).reason == "entry 1 of 1"


async def test_a_limit_among_the_filters_of_a_source_is_told_from_the_publications(tmp_path: Path):
    few = named("river", filters=(Limit(count=2),))
    async with planet(tmp_path, ALL, sources=[few, LAKE]) as here:
        await here.poll("river", many("river", 1, 2, 3))
        await here.poll("lake", many("lake", 4))
        found = await shown(here, "urn:river:1")
        assert (found.holds, found.rule) == (False, "step")
        assert found.reason == "newer entries use up the `limit: 2` in the filter of the source river"
        assert (await shown(here, "urn:river:2")).holds


async def test_of_several_limits_that_may_have_been_used_up_all_are_named(tmp_path: Path):
    few = named("river", filters=(Limit(count=2),))
    last = replace(ALL, filters=(Keep(any_of=(matcher("r"),)), Limit(count=2)))
    async with planet(tmp_path, last, sources=[few]) as here:
        await here.poll("river", many("river", 1, 2, 3))
        assert (await shown(here, "urn:river:1")).reason == (
            "newer entries use up the `limit: 2` in the filter of the source river or "
            "the `limit: 2` in the filter of the publication"
        )


async def test_a_limit_among_the_filters_is_found_behind_a_quota_that_is_not_used_up(tmp_path: Path):
    few = named("river", filters=(Limit(count=1),))
    async with planet(tmp_path, replace(ALL, per_source=2), sources=[few]) as here:
        await here.poll("river", many("river", 1, 2, 3))
        assert (await shown(here, "urn:river:1")).rule == "step"


async def test_room_kept_for_others_is_told_from_room_that_there_is_not(tmp_path: Path):
    """Of four places the busier of two sources gets two: its third is out for fairness, its fifth anyway."""
    async with planet(tmp_path, replace(ALL, limit=4), sources=[RIVER, LAKE]) as here:
        await here.poll("lake", many("lake", 1, 2))
        await here.poll("river", many("river", 5, 6, 7, 8, 9))
        third, fifth = await shown(here, "urn:river:7"), await shown(here, "urn:river:5")
        assert (third.rule, third.reason) == (
            "share",
            "newer entries of river have its fair share of the room (`limit: 4`)",
        )
        assert (fifth.rule, fifth.reason) == (
            "limit",
            "newer entries have all the room that there is (`limit: 4`)",
        )


async def test_a_filter_that_drops_names_only_what_it_found(tmp_path: Path):
    drop = Drop(any_of=(matcher("bread"), matcher("pier"), matcher("varesh")))
    async with planet(tmp_path, replace(ALL, filters=(drop,)), sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        found = await shown(here, "https://river.example/1")
        assert found.reason == "a filter of the publication drops what has title: pier and title: varesh"


async def test_items_of_a_source_that_was_removed_are_in_no_publication(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        here.catalogue = replace(here.catalogue, sources=(LAKE,))
        found = await shown(here, "https://river.example/1")
        assert (found.rule, found.reason) == ("source", "its source is not in feeds.yaml any more")


async def test_what_left_the_document_is_said_to_be_in_the_archive_once_a_page_has_it(tmp_path: Path):
    async with planet(tmp_path, replace(ALL, limit=2, per_source=2), sources=[RIVER]) as here:
        for number in range(1, 6):
            await here.poll("river", many("river", number), after=MINUTE)
        found = await shown(here, "urn:river:1")
        assert (found.rule, found.archived) == ("limit", True)
        assert not (await shown(here, "urn:river:5")).archived
        await here.poll("river", many("river", 6, 7, 8), publish=False)
        await comparing.compare(here.store, here.catalogue, here)
        assert not (await shown(here, "urn:river:6")).archived, "nobody noted it yet"


async def test_an_entry_that_no_document_can_hold_is_said_to_be_left_out(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER]) as here:
        await here.poll("river", many("river", 1, 2))
        whole = await here.store.item("urn:river:2")
        assert whole is not None
        odd = replace(whole, uid="odd", key=replace(whole.key, value="odd"), public_id="urn:x y")
        (state,) = await here.store.claim(["river"], here.at, DAY)
        change = Change(item=odd, verdict=Verdict(kind="new", reason="never met"))
        assert await here.store.commit(Update(state=state, changes=(change,), publications=("all",)))
        await here.publisher.publish_outdated()
        found = await shown(here, "odd")
        assert (found.holds, found.rule) == (False, "unwritable")
        assert "'urn:x y' is left out: its id is no absolute IRI" in found.reason
        assert (await shown(here, "urn:river:1")).holds


async def test_who_withdrew_an_item_by_name_is_told_with_the_line_where_there_is_one(tmp_path: Path) -> None:
    async with planet(tmp_path) as here:
        await here.poll("river", rss(item(1), item(2)))
        kept, gone = await here.store.latest(["river"], 2)
        here.catalogue = replace(here.catalogue, withdrawn={gone.public_id: 7})
        await here.publisher.publish_outdated()
        told = await here.store.item(gone.uid)
    assert told is not None
    assert tell_withdrawal(kept, here.catalogue) is None
    said = tell_withdrawal(told, here.catalogue)
    assert said == f"the editor withdrew it on {to_the_minute(here.at)}: `withdraw` in feeds.yaml, line 7"
    assert tell_withdrawal(told, replace(here.catalogue, withdrawn={})) == said.removesuffix(", line 7")


@pytest.mark.parametrize(
    ("fields", "read_from"),
    [({"location": "https://feeds.site.example/x"}, ""), ({}, "https://site.example/feed"), ({}, "")],
    ids=["its source", "behind a redirect", "its own address"],
)
async def test_that_its_publisher_asked_not_to_be_read_is_told_with_the_line(
    tmp_path: Path, fields: dict[str, str], read_from: str
) -> None:
    wished = {("site.example" if fields or read_from else "river.example"): 3}
    async with planet(tmp_path, sources=[source(**fields)]) as here:
        await here.poll("river", rss(item(1)))
        (one,) = await here.store.latest(["river"], 2)
    gone = replace(one, withheld_at=here.at, withdrawn_at=here.at)
    state = in_state("river", read_from=read_from)
    (host,) = wished
    told = tell_withdrawal(gone, replace(here.catalogue, opted_out=wished), state)
    since = to_the_minute(here.at)
    assert told == f"{host} asked not to be read (`opt_out` in feeds.yaml, line 3): withdrawn on {since}"
    named = replace(here.catalogue, opted_out=wished, withdrawn={one.public_id: 9})
    assert "`withdraw` in feeds.yaml, line 9" in (tell_withdrawal(gone, named, state) or "")
