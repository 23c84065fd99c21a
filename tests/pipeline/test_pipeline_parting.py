"""Copies that part, sources that go and come back: what a publication showed keeps its id while it is there."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.explain.report import Explanation, explain
from aggregator.model import Drop, Matcher, Publication, Source
from tests.pipeline.test_pipeline_comparing import LAKE, LATER, REPORT, RIVER, SEA, entries, report, withdraw
from tests.support.client import http_client
from tests.support.installation import rss
from tests.support.planet import DAY, MINUTE, Planet, planet

WHALE = (
    "<p>A whale was seen off the northern cape by fishermen, who followed it for six hours and filmed its dives."
    " Biologists call the sighting the first since 1954 in these waters.</p>"
    "<p>The animal is about fourteen metres long and seems to be in good health, says the institute in Dumar, "
    "which asks skippers to stay away from it and to report where it goes. It may have followed the herring, "
    "whose swarms came closer to the coast this year than they have done for a generation.</p>"
)
WHALE_SEEN = "Whale seen off the northern cape"


async def sources_are(here: Planet, *sources: Source) -> None:
    """The editor saves feeds.yaml with these sources."""
    here.at += MINUTE
    here.catalogue = replace(here.catalogue, sources=sources)
    await here.store.register({one.id: here.at for one in sources}, (), here.at)
    await here.publisher.publish_outdated()


async def ids(here: Planet, publication: str = "all") -> list[Any]:
    return [entry["id"] for entry in await entries(here, publication)]


def titled(found: Sequence[dict[str, Any]], title: str) -> dict[str, Any]:
    (entry,) = (entry for entry in found if entry["title"] == title)
    return entry


async def own_id(here: Planet, url: str) -> str:
    found = await here.store.item(url)
    assert found is not None
    return found.public_id


async def test_a_copy_that_becomes_another_text_is_shown_under_its_own_id_and_date(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", hour=10))
        (before,) = await entries(here)
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE, hour=10))
        found = await entries(here)
        assert len(found) == 2
        whale = titled(found, WHALE_SEEN)
        assert whale["id"] == await own_id(here, "https://lake.example/1")
        assert whale["published"] == "2026-03-01T10:00:00Z"
        assert titled(found, "Pier collapses in Varesh") == before | {"also": []}, "what stays is not touched"


async def test_why_copies_parted_is_told_and_that_they_were_one_piece(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        await here.poll("river", report("river", text=LATER))
        for name in ("river", "lake"):
            found = await explain(f"https://{name}.example/1", here.store, here.catalogue)
            assert isinstance(found, Explanation)
            assert found.merged == ()
            (apart,) = found.apart
            assert getattr(apart.found, "rule", "") == "parted"
            assert apart.found.reason.startswith(
                "they were one piece until 2026-03-01 15:00 UTC, since their texts"
            )


async def test_a_text_that_comes_back_is_a_copy_again_and_the_entry_is_the_one_it_was(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        before = await entries(here)
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        apart = await ids(here)
        await here.poll("lake", report("lake"))
        assert await entries(here) == before
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        assert await ids(here) == apart


async def test_outlets_that_go_on_editing_their_copies_stay_together(tmp_path: Path):
    whole = REPORT.partition("</p>")
    rewritten = f"<p>Eleven lorries lay in the harbour of Varesh on Tuesday.</p>{whole[2]}"
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        before = await ids(here)
        for title, text in (
            ("Pier collapses in Varesh", LATER),
            ("Divers begin to lift the lorries", rewritten),
            ("Divers begin to lift the lorries", "<p>Eleven lorries lay in the harbour on Tuesday.</p>"),
            ("Divers begin to lift the lorries", LATER),
        ):
            await here.poll("lake", report("lake", title=title, text=text))
            assert await ids(here) == before, (title, text)


@pytest.mark.parametrize("forgotten", [False, True])
async def test_of_three_copies_the_one_that_changed_leaves_and_two_remain(tmp_path: Path, forgotten: bool):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        for name in ("river", "lake", "sea"):
            await here.poll(name, report(name))
        (before,) = await entries(here)
        if forgotten:
            await here.store.forget(here.at + DAY)
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        found = await entries(here)
        assert len(found) == 2
        assert titled(found, "Pier collapses in Varesh") == before | {"also": ["https://sea.example/1"]}


async def test_publications_without_what_joined_or_left_two_copies_are_rendered_too(tmp_path: Path):
    """Lake has the first half of the report, sea the second; only river has both."""
    first, middle, last = (f"{part}</p>" for part in REPORT.split("</p>")[:3])
    both = Publication(id="both", title="Both", sources=("lake", "sea"))
    async with planet(tmp_path, Publication(id="all", title="All"), both, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("lake", report("lake", text=f"{first}{middle}"))
        await here.poll("sea", report("sea", text=last))
        assert len(await ids(here, "both")) == 2
        await here.poll("river", report("river", text=f"{first}{middle}{last}"))
        assert len(await ids(here)) == len(await ids(here, "both")) == 1
        await here.poll("river", report("river", title=WHALE_SEEN, text=WHALE))
        assert len(await ids(here)) == 3
        assert len(await ids(here, "both")) == 2


async def test_where_the_lead_becomes_another_text_its_id_stays_with_it_and_the_others_come_back(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        for name in ("river", "lake", "sea"):
            await here.poll(name, report(name))
        await here.poll("river", report("river", title=WHALE_SEEN, text=WHALE))
        found = await entries(here)
        assert titled(found, WHALE_SEEN)["id"] == await own_id(here, "https://river.example/1")
        pier = titled(found, "Pier collapses in Varesh")
        assert (pier["id"], pier["also"]) == (
            await own_id(here, "https://lake.example/1"),
            ["https://sea.example/1"],
        )


async def test_a_copy_that_leaves_one_taken_back_or_emptied_by_retention_is_found_again(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        await withdraw(here, "river", "https://river.example/1")
        (before,) = await ids(here)
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        (whale,) = await entries(here)
        assert (whale["title"], whale["id"]) == (WHALE_SEEN, await own_id(here, "https://lake.example/1"))
        assert whale["id"] != before


async def test_a_teaser_that_grows_to_the_full_text_is_compared_again(tmp_path: Path):
    teaser = html.escape("<p>The harbour of Varesh was closed on Monday after the eastern pier gave way […]</p>")
    item = (
        "<item><guid isPermaLink='false'>lake-1</guid><link>https://lake.example/1</link>"
        "<title>A pier is gone</title>"
        f"<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate><description>{teaser}</description></item>"
    )
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", rss(item, title="Lake"))
        assert len(await entries(here)) == 2
        full = item.replace(teaser, html.escape(REPORT))
        (change,) = (await here.poll("lake", rss(full, title="Lake"))).changes
        assert change.verdict.kind == "bumped", "a silent change"
        assert len(await entries(here)) == 1


def without(word: str) -> Publication:
    drop = Drop(any_of=(Matcher(field="title", pattern=word, shown=f"title: {word}"),))
    return Publication(id="all", title="Everything", filters=(drop,))


TAGGED = Publication(id="all", title="Everything", tags=("news",))


@pytest.mark.parametrize("how", ["removed", "disabled", "retagged", "filtered"])
async def test_a_story_keeps_id_and_date_when_the_source_that_led_it_is_out_of_the_publication(
    tmp_path: Path, how: str
):
    river, lake, sea = (replace(one, tags=("news",)) for one in (RIVER, LAKE, SEA))
    async with planet(tmp_path, TAGGED, sources=[river, lake, sea]) as here:
        await here.poll("river", report("river", title="Exclusive: Pier collapses in Varesh"))
        await here.poll("lake", report("lake", hour=10))
        await here.poll("sea", report("sea", hour=11))
        (before,) = await entries(here)
        match how:
            case "removed":
                await sources_are(here, lake, sea)
            case "disabled":
                await sources_are(here, replace(river, enabled=False), lake, sea)
            case "retagged":
                await sources_are(here, replace(river, tags=()), lake, sea)
            case "filtered":
                here.catalogue = replace(
                    here.catalogue, publications=(replace(without("exclusive"), tags=("news",)),)
                )
                await here.publisher.publish_outdated()
        (entry,) = await entries(here)
        assert (entry["id"], entry["published"]) == (before["id"], before["published"])
        if how != "disabled":
            assert (entry["source"], entry["title"]) == ("Lake", "Pier collapses in Varesh")
            assert entry["also"] == ["https://sea.example/1"], "nothing of what is out but id and date"
        await sources_are(here, river, replace(lake, tags=()), sea)
        assert await ids(here) == [before["id"]]
        here.catalogue = replace(here.catalogue, publications=(TAGGED,))
        await sources_are(here, river, lake, sea)
        assert await entries(here) == [before], "and all is as it was when it is let in again"


async def test_the_last_copy_of_a_story_keeps_its_id_and_goes_with_its_source(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        for name in ("river", "lake", "sea"):
            await here.poll(name, report(name))
        before = await ids(here)
        await sources_are(here, SEA)
        assert await ids(here) == before
        await sources_are(here)
        assert await ids(here) == []
        await sources_are(here, LAKE)
        assert await ids(here) == before


async def test_an_id_that_a_publication_never_showed_is_not_lent_to_it(tmp_path: Path):
    whole, late = Publication(id="all", title="All"), Publication(id="late", title="Late", sources=("lake", "sea"))
    async with planet(tmp_path, replace(whole, tokens=("token",)), late, sources=[RIVER, LAKE, SEA]) as here:
        for name in ("river", "lake", "sea"):
            await here.poll(name, report(name))
        assert await ids(here, "late") == [await own_id(here, "https://lake.example/1")]
        await sources_are(here, SEA)
        assert await ids(here, "late") == [await own_id(here, "https://lake.example/1")]
        assert await ids(here) == [await own_id(here, "https://river.example/1")]


async def test_a_story_whose_lead_parted_from_it_after_its_source_went_goes_on_under_its_own_id(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        before = await ids(here)
        await sources_are(here, LAKE)
        assert await ids(here) == before
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        (whale,) = await entries(here)
        assert whale["id"] == await own_id(here, "https://lake.example/1")
        await sources_are(here, RIVER, LAKE)
        assert {entry["title"]: entry["id"] for entry in await entries(here)} == {
            WHALE_SEEN: whale["id"],
            "Pier collapses in Varesh": before[0],
        }


async def test_a_story_shown_before_leads_were_remembered_keeps_its_id_by_the_archive(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        before = await ids(here)
        await here.stop()
        with closing(sqlite3.connect(tmp_path / "planet.db")) as old:
            assert old.execute("DELETE FROM leads").rowcount == 1
            old.commit()
        await here.start()
        await sources_are(here, LAKE)
        assert await ids(here) == before


async def test_archive_pages_show_what_is_left_of_a_story_under_its_id(tmp_path: Path):
    short = Publication(id="all", title="Everything", limit=4, formats=("atom",))
    async with planet(tmp_path, short, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river", title="Exclusive: Pier collapses in Varesh"))
        await here.poll("lake", report("lake"))
        (before,) = await ids(here)
        await sources_are(here, LAKE)
        for number in range(2, 8):
            text = f"<p>{number} words of no great weight</p>"
            await here.poll("lake", report("lake", number, title=f"Notice {number}", text=text))
        pages = [await here.page(number) for number in await here.store.archive_numbers("all")]
        whole = b"".join(page.body for page in pages if page)
        assert whole.count(f"<id>{before}</id>".encode()) == 1
        assert b"<title>Pier collapses in Varesh</title>" in whole
        assert b"Exclusive" not in whole


async def test_the_front_page_links_to_what_can_be_read_and_goes_on_where_it_ended(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("river", report("river", hour=8))
        await here.poll("lake", report("lake", hour=11))
        await here.poll("sea", report("sea", hour=6))
        await here.poll("sea", report("sea", 2, title="Hail in Sorn", text="<p>Hail broke branches.</p>", hour=10))
        await sources_are(here, LAKE, SEA)
        before = await ids(here)
        river, sea = [await here.store.item(f"https://{name}.example/1") for name in ("river", "sea")]
        assert river is not None
        assert sea is not None
        async with http_client() as client:
            page = await client.get(here.url("/"))
            assert [at for at in re.findall(r"/story/([0-9a-f-]{36})", page.text) if at == river.uid] == []
            assert sea.uid in page.text, "the one that stands next below the place that the first one had"
            assert (await client.get(here.url(f"/story/{sea.uid}"))).status_code == 200
        await sources_are(here, LAKE)
        assert await ids(here) == before[1:], "in the last one's place where none stands below"


async def test_a_copy_that_once_had_an_entry_of_its_own_does_not_take_the_story_back_to_it(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        assert len(await ids(here)) == 2
        await here.poll("lake", report("lake"))
        (before,) = await ids(here)
        await sources_are(here, LAKE, SEA)
        assert await ids(here) == [before]
        await here.poll("sea", report("sea"))
        assert await ids(here) == [before]


async def test_of_what_came_in_one_round_the_first_published_leads(tmp_path: Path):
    for names in (("river", "lake"), ("lake", "river")):
        folder = tmp_path / names[0]
        folder.mkdir()
        async with planet(folder, sources=[RIVER, LAKE]) as here:
            for name in names:
                hour = 8 if name == "river" else 9
                await here.poll(name, report(name, hour=hour), after=MINUTE / 4, publish=False)
            await here.publisher.publish_outdated()
            assert await ids(here) == [await own_id(here, "https://river.example/1")]


async def test_of_two_stories_that_turn_out_to_be_one_the_first_met_remains_whatever_goes(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title=WHALE_SEEN, text=WHALE))
        await here.poll("sea", report("sea", title=WHALE_SEEN, text=WHALE))
        first = await own_id(here, "https://river.example/1")
        assert len(await ids(here)) == 2
        await here.poll("river", report("river", title=WHALE_SEEN, text=WHALE))
        (one,) = await ids(here)
        await sources_are(here, *(source for source in (RIVER, LAKE, SEA) if source is not LAKE))
        assert await ids(here) == [one]
        await sources_are(here, SEA)
        assert await ids(here) == [one]
        assert one in {first, await own_id(here, "https://lake.example/1")}


TEXTS = (("Pier collapses in Varesh", REPORT), ("Pier collapses in Varesh", LATER), (WHALE_SEEN, WHALE))
NAMES = ("river", "lake", "sea")
ALL = {"river": RIVER, "lake": LAKE, "sea": SEA}
steps = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(NAMES), st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.just("flip"), st.sampled_from(NAMES), st.just(0)),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(steps, min_size=2, max_size=7))
async def test_whatever_is_edited_removed_and_restored_no_piece_is_shown_twice_and_none_is_lost(
    said: list[tuple[str, str, int]],
):
    with TemporaryDirectory() as folder:
        async with planet(Path(folder), sources=[RIVER, LAKE, SEA]) as here:
            held = dict.fromkeys(NAMES, 0)
            present = dict.fromkeys(NAMES, True)
            for name in NAMES:
                await here.poll(name, report(name))
            ids_of_all = {await own_id(here, f"https://{name}.example/1") for name in NAMES}
            before: dict[str, str] = await shown(here)
            for what, name, number in said:
                left_by = None
                if what == "flip":
                    present[name] = not present[name]
                    await sources_are(here, *(ALL[one] for one in NAMES if present[one]))
                elif present[name]:
                    left_by = name if (number == 2) != (held[name] == 2) else None
                    held[name] = number
                    title, text = TEXTS[number]
                    await here.poll(name, report(name, title=title, text=text))
                now = await shown(here)
                assert set(now) == {TEXTS[held[one]][0] for one in NAMES if present[one]}
                assert set(now.values()) <= ids_of_all
                assert len(set(now.values())) == len(now)
                for title in now.keys() & before.keys():
                    kept = now[title] == before[title]
                    assert kept or left_by, "an id leaves a piece only with the item that bears it"
                before = now


async def shown(here: Planet) -> dict[str, str]:
    """Titles and the ids under which they stand; each of them once."""
    found = await entries(here)
    assert len({entry["title"] for entry in found}) == len(found)
    return {entry["title"]: entry["id"] for entry in found}
