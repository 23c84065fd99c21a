"""What people may call an item, and what they are told of a name that no item bears."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.explain.lookup import NotFound, find
from aggregator.model import Item, Missed, Quarantined, Rewrite, SourceProfile, SourceState, Update
from aggregator.pipeline.comparing import ClusterContext
from tests.pipeline.test_pipeline_comparing import LAKE, RIVER, named, report
from tests.support.nouns import NOON, entry, source
from tests.support.planet import MINUTE, Planet, planet


async def asked(here: Planet, name: str) -> Item | NotFound:
    return await find(
        name, ClusterContext(store=here.store, catalogue=here.catalogue, states=await here.store.states())
    )


async def looked_for(here: Planet, name: str) -> NotFound:
    found = await asked(here, name)
    assert isinstance(found, NotFound)
    return found


async def remember(here: Planet, **fields) -> SourceState:
    """Have the store hold a state of `river`."""
    (state,) = await here.store.claim(["river"], here.at, MINUTE)
    changed = replace(state, **fields)
    assert await here.store.commit(Update(state=changed))
    return changed


@pytest.mark.parametrize(
    "spelling",
    [
        "river-1",
        " https://river.example/1 ",
        "http://www.river.example/1/",
        "https://river.example/1?utm_source=mail&utm_medium=x#top",
        "river.example/1",
        "{uid}",
        "urn:uuid:{uid}",
        "https://planet.example.org/story/{uid}",
        "http://127.0.0.1:8000/story/{uid}?from=mail",
        "/story/{uid}",
        "/story/{uid}.atom",
    ],
)
async def test_an_item_is_found_however_it_is_spelt(tmp_path: Path, spelling: str):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        item = await here.store.item("river-1")
        assert item is not None
        assert await asked(here, spelling.format(uid=item.uid)) == item


async def test_a_story_is_found_under_its_own_name(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        copy, lead = await asked(here, "https://lake.example/1"), await asked(here, "https://river.example/1")
        assert isinstance(copy, Item)
        assert copy.story is not None
        assert await asked(here, copy.story) == lead


@pytest.mark.parametrize("name", ["river-1", "https://river.example/1"])
async def test_an_item_is_found_under_a_name_that_it_went_by_before(tmp_path: Path, name: str):
    moved = report("river").replace("river-1", "river-new").replace("river.example/1", "river.example/news/1")
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        await here.poll("river", moved)
        item = await asked(here, "river-new")
        assert isinstance(item, Item)
        assert await here.store.item(name) is None
        assert await asked(here, name) == item


async def test_an_item_is_found_by_the_address_that_readers_get_instead_of_its_own(tmp_path: Path):
    rule = Rewrite(field="link", pattern=r"river\.example/", replacement="mirror.example/r/", shown="link")
    async with planet(tmp_path, sources=[named("river", rewrites=(rule,)), LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        item = await here.store.item("river-1")
        for name in (
            "https://mirror.example/r/1",
            "http://www.mirror.example/r/1/?utm_source=x",
            "mirror.example/r/1",
        ):
            assert await asked(here, name) == item
        assert (await looked_for(here, "https://mirror.example/r/2")).name.endswith("/2")
        assert (await looked_for(here, "http://[")).near == ()


async def test_of_a_name_that_leads_nowhere_nothing_is_known(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER]) as here:
        for name in ("", " ", "https://nowhere.example/", "http://[", "\x00", "x" * 10_000):
            assert await looked_for(here, name) == NotFound(name=name, remarks=(), near=())


async def test_the_names_of_sources_and_publications_are_told_from_items(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER]) as here:
        assert (await looked_for(here, "river")).remarks == (
            "'river' is a source; `aggregator status` tells how it is doing.",
        )
        assert (await looked_for(here, "all")).remarks == (
            "'all' is a publication; `aggregator check` tells which sources it has.",
        )
        here.catalogue = replace(here.catalogue, sources=(LAKE,))
        assert "is a source" in (await looked_for(here, "river")).remarks[0]


async def test_names_that_are_spelt_alike_and_titles_that_hold_the_words_are_suggested(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title="A poor harvest in Sorn", text="<p>Apples are few.</p>"))
        assert (await looked_for(here, "https://river.exampel/1")).near[0] == "https://river.example/1"
        assert (await looked_for(here, "POOR HARVEST")).near == ("https://lake.example/1",)
        assert (await looked_for(here, "wood pulp")).near == ()


@pytest.mark.parametrize("name", ["held-1", "https://river.example/held", "http://river.example/held/"])
async def test_an_entry_that_waits_for_the_next_poll_is_said_to(tmp_path: Path, name: str):
    waits = entry(id="held-1", url="https://river.example/held", url_key="river.example/held")
    async with planet(tmp_path, sources=[RIVER]) as here:
        await remember(
            here,
            profile=SourceProfile(quarantined=(Quarantined(entry=waits, since=NOON, reason="nobody can tell"),)),
        )
        assert (await looked_for(here, name)).remarks == (
            "It came with the poll of river at 2026-03-01 12:00 UTC and waits for the next one: nobody can tell.",
        )
        assert (await looked_for(here, "https://other.example/held")).remarks == ()


async def test_an_article_that_could_not_be_read_is_said_to_be_listed(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await remember(here, missed=(Missed(url_key="river.example/2", tries=2, trouble="http", reason="404"),))
        assert (await looked_for(here, "https://river.example/2")).remarks == (
            "river lists it, but its page could not be had: 404 (to be asked for again).",
        )
        assert (await looked_for(here, "https://other.example/2")).remarks == ()


async def test_how_the_source_of_the_same_site_is_doing_is_told(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:

        async def told() -> str:
            (remark,) = (await looked_for(here, "https://www.river.example/other")).remarks
            return remark.removeprefix("The source river is of that site; ")

        assert await told() == "it was never polled: try `aggregator poll river`."
        await here.poll("river", report("river"))
        assert await told() == (
            "it was last read at 2026-03-01 13:00 UTC, and nothing of this name was in it so far."
        )
        await remember(here, error="503 Service Unavailable", trouble="http", last_poll_at=NOON)
        assert await told() == "its last poll, at 2026-03-01 12:00 UTC, failed: 503 Service Unavailable"
        here.catalogue = replace(here.catalogue, sources=(named("river", enabled=False), LAKE))
        assert await told() == "feeds.yaml disables it."


async def test_of_an_address_at_a_host_that_asked_not_to_be_read_that_is_told(tmp_path: Path):
    async with planet(tmp_path) as here:
        here.catalogue = replace(here.catalogue, opted_out={"site.example": 4})
        found = await looked_for(here, "https://www.site.example/1")
    assert found.remarks == (
        "site.example asked not to be read (`opt_out` in feeds.yaml, line 4): nothing there is asked, or shown.",
    )
    async with planet(tmp_path, sources=[source(opted_out="example.org", enabled=False)]) as here:
        found = await looked_for(here, "https://example.org/nowhere")
    assert "it is not polled, since its host asked not to be read." in found.remarks[0]
