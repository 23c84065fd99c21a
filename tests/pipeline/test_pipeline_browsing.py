"""Who looks through what is found page by page meets each story once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from aggregator.dates.writing import rfc3339
from aggregator.model import Publication
from aggregator.pipeline.browsing import Narrowing, browse, browsed_edition
from aggregator.pipeline.publication import output, scope_of
from aggregator.publish import search_feed
from tests.pipeline.test_pipeline_comparing import entries, named, report
from tests.support.planet import MINUTE, Planet, planet

NAMES = ("river", "lake", "sea")
PIER = Narrowing(words="pier")
OTHERS: Mapping[int, str] = {
    8: "At the old pier a choir of forty sang until the tide came in.",
    10: "Painters have moved into three huts behind the pier, for a year.",
    13: "No ticket for the pier is dearer than it was, the council promised.",
}


async def read_through(here: Planet, wanted: Narrowing, most: int) -> list[list[str]]:
    """What each page shows, by titles."""
    (publication,) = here.catalogue.publications
    scope = scope_of(output(publication, here.catalogue), {}, here.store)
    pages, place = [], None
    while True:
        page = await browse(scope, wanted, most, place)
        pages.append([one.entry.entry.title for one in page.entries])
        place = page.older
        if place is None:
            return pages


async def lay_out(here: Planet, order: tuple[str, ...]) -> None:
    """A report that all three carry, at nine, eleven and two by their dates, and other news between."""
    for name in order:
        title = f"Pier collapses in Varesh, says {name}"
        hour = {"river": 9, "lake": 11, "sea": 14}[name]
        await here.poll(name, report(name, title=title, hour=hour), after=2 * MINUTE)
    for number, (hour, text) in enumerate(OTHERS.items(), 2):
        body = report("lake", number, title=text.partition(",")[0], text=text, hour=hour)
        await here.poll("lake", body, after=2 * MINUTE)
    await here.store.index(100)


@pytest.mark.parametrize("order", list(permutations(NAMES)))
@pytest.mark.parametrize("most", [1, 2, 3])
async def test_a_story_of_several_is_found_on_one_page_only(tmp_path: Path, order: tuple[str, ...], most: int):
    async with planet(
        tmp_path, Publication(id="all", title="All"), sources=[named(name) for name in NAMES]
    ) as here:
        await lay_out(here, order)
        ((*all_at_once,),) = await read_through(here, PIER, 50)
        pages = await read_through(here, PIER, most)
        assert len(all_at_once) == 4
        assert sorted(title for page in pages for title in page) == sorted(all_at_once)
        words = Narrowing(words="varesh lake")  # of one copy alone
        assert len((await read_through(here, words, most))[0]) == 1
        of_day = Narrowing(words="pier", day=date(2026, 3, 1))
        assert sorted(title for page in await read_through(here, of_day, most) for title in page) == sorted(
            all_at_once
        )


async def test_where_every_copy_is_an_entry_each_is_found_by_what_it_says_itself(tmp_path: Path):
    keep = Publication(id="all", title="All", duplicates="keep")
    async with planet(tmp_path, keep, sources=[named(name) for name in NAMES]) as here:
        await lay_out(here, NAMES)
        for most in (1, 2, 50):
            pages = await read_through(here, Narrowing(words="says"), most)
            assert len([title for page in pages for title in page]) == 3
            one = await read_through(here, Narrowing(words="says sea"), most)
            assert [title for page in one for title in page] == ["Pier collapses in Varesh, says sea"]


async def test_what_is_found_has_the_id_and_the_date_that_it_has_where_everybody_looks_first(tmp_path: Path):
    """Whoever subscribes to a search beside the publication has the story once."""
    front = Publication(id="all", title="All", sources=("lake", "sea"))
    beside = Publication(id="wire", title="Wire", sources=("river",))
    async with planet(tmp_path, front, beside, sources=[named(name) for name in NAMES]) as here:
        await lay_out(here, NAMES)  # the river brings it first, and the front never shows it
        found = search_feed(here.catalogue, "Search", here.catalogue.sources)
        assert found is not None
        edition = await browsed_edition(found, here.catalogue, Narrowing(words="varesh"), "q=varesh", here.store)
        (told,) = edition.items
        (shown,) = [one for one in await entries(here) if "Varesh" in one["title"]]
        assert (told.public_id, rfc3339(told.published)) == (shown["id"], shown["published"])
