"""Archives as they grow: a subscriber who was away finds all that was published meanwhile."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Change, Drop, Matcher, Publication, Update, Verdict
from aggregator.pipeline import archive, publication
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import DAY, HOUR, Planet, planet

ALL = Publication(id="all", title="Everything", limit=10, formats=("atom", "json"))


def feed(*numbers: int, title: str = "Report") -> str:
    return rss(*(item(number, title=f"{title} {number}") for number in numbers))


async def on_pages(here: Planet) -> list[list[str]]:
    """The titles on each page, oldest page first."""
    found = []
    for number in await here.store.archive_numbers("all"):
        page = await here.page(number)
        assert page is not None
        found.append(re.findall(r"  <title>((?:Report|Ad) \d+)", page.body.decode()))
    return found


async def shown(here: Planet) -> str:
    document = await here.store.document("all", "atom")
    assert document is not None
    return document.body.decode()


async def test_a_page_is_written_when_half_a_document_has_come_and_never_changes(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        await here.poll("river", feed(1, 2, 3, 4))
        assert await on_pages(here) == []
        assert "prev-archive" not in await shown(here)
        await here.poll("river", feed(5, 6))
        first = [await here.page(1, form) for form in ALL.formats]
        assert [len(titles) for titles in await on_pages(here)] == [5]
        assert '<link href="all/archive/1.atom" rel="prev-archive"' in await shown(here)
        await here.poll("river", feed(*range(7, 20), title="Report"))
        assert [len(titles) for titles in await on_pages(here)] == [5, 5, 5]
        await here.poll("river", feed(5, 6, title="Edited"))
        assert [len(titles) for titles in await on_pages(here)] == [5, 5, 5]
        assert [await here.page(1, form) for form in ALL.formats] == first
        assert '<link href="all/archive/3.atom" rel="prev-archive"' in await shown(here)
        third = await here.page(3)
        assert third is not None
        assert b'href="2.atom" rel="prev-archive"' in third.body
        assert b'href="../../all.atom" rel="current"' in third.body


async def test_a_page_says_what_was_said_when_somebody_first_asked_for_it(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        await here.poll("river", feed(*range(1, 11)))
        assert await here.store.find_unrendered_pages("all") == (1, 2), "nobody asked, nothing is rendered"
        assert [await here.store.archive_page("all", number, "atom") for number in (1, 2)] == [None, None]
        first = await here.page(1)
        assert await here.store.find_unrendered_pages("all") == (2,)
        await here.poll("river", feed(*range(1, 11), title="Edited"))
        assert await here.page(1) == first
        other = await here.page(2)
        assert other is not None
        assert other.body.count(b"<title>Edited") == 5
        await here.stop()
        await here.start()
        assert await here.store.archive_page("all", 2, "atom") == other, "kept, for every process"


async def test_a_page_that_lacks_a_source_is_not_kept_so_that_nothing_is_lost_when_it_returns(tmp_path: Path):
    both = (source(id="river"), source(id="lake"))
    async with planet(tmp_path, ALL, sources=both) as here:
        await here.poll("river", feed(1, 2, 3))
        await here.poll("lake", feed(11, 12, 13))
        here.catalogue = replace(here.catalogue, sources=both[:1])
        short = await here.page(1)
        assert short is not None
        assert short.body.count(b"<entry") == 3
        here.catalogue = replace(here.catalogue, sources=both)
        whole = await here.page(1)
        assert whole is not None
        assert whole.body.count(b"<entry") == 5


async def test_retention_spares_the_words_of_pages_that_nobody_has_asked_for_yet(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        await here.poll("river", feed(*range(1, 21)))
        await here.page(1)
        await here.poll("river", feed(*range(30, 45)))
        await here.poll("river", feed(*range(30, 45)), after=100 * DAY)
        await here.store.prune(here.at - DAY)
        standing = [one.entry.title for one in await here.store.latest(["river"], 100)]
        assert sorted(set(range(1, 21)) - {int(title.split()[1]) for title in standing}) == sorted(
            int(title.split()[1]) for title in (await on_pages(here))[0]
        )
        assert [len(titles) for titles in await on_pages(here)] == [5] * 7


async def test_document_and_pages_together_hold_everything_whatever_the_limit(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        for start in range(0, 100, 20):  # twice as many at once as the document can hold
            await here.poll("river", feed(*range(start, start + 20)))
        pages = [title for page in await on_pages(here) for title in page]
        assert sorted(pages) == sorted(f"Report {number}" for number in range(100))


async def test_what_the_filters_drop_is_on_no_page(tmp_path: Path):
    no_ads = Drop(any_of=(Matcher(field="title", pattern="^Ad", shown="title: ^Ad"),))
    async with planet(tmp_path, replace(ALL, filters=(no_ads,))) as here:
        await here.poll("river", feed(*range(20), title="Ad"))
        await here.poll("river", feed(*range(100, 106)))
        assert [len(page) for page in await on_pages(here)] == [5]
        assert all(title.startswith("Report") for title in (await on_pages(here))[0])


async def test_what_was_there_before_the_publication_is_put_on_a_page_at_once(tmp_path: Path):
    async with planet(tmp_path) as here:
        await here.poll("river", feed(*range(30)))
        await here.store.find_outdated({}, here.now())  # the editor takes it out
        here.at += DAY
        await here.store.prune(here.now())
        here.catalogue = replace(here.catalogue, publications=(replace(ALL, limit=6),))
        await here.publisher.publish_outdated()
        assert sum(len(page) for page in await on_pages(here)) == 6
        await here.poll("river", feed(*range(30, 60)))
        assert sum(len(page) for page in await on_pages(here)) == 36


async def test_what_is_withdrawn_leaves_its_page_and_nothing_else_changes(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        await here.poll("river", feed(*range(1, 11)))
        before = await here.page(1)
        gone = await here.store.item("urn:river:3")
        assert gone is not None
        assert before is not None
        (state,) = await here.store.claim(["river"], here.at, HOUR)
        change = Change(
            item=replace(gone, withdrawn_at=here.at, changed_at=here.at),
            verdict=Verdict(kind="bumped", reason="withdrawn"),
        )
        assert await here.store.commit(Update(state=state, changes=(change,), publications=("all",)))
        await here.publisher.publish_outdated()
        pages = await on_pages(here)
        assert "Report 3" not in pages[0] + pages[1]
        assert sum(map(len, pages)) == 9
        number = 1 if len(pages[0]) == 4 else 2
        after = await here.page(number)
        assert after is not None
        assert after.etag != before.etag
        other = await here.page(3 - number)
        assert other is not None


async def test_two_workers_write_each_page_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with planet(tmp_path, ALL) as here:

        async def taken(_: object) -> bool:
            return False

        monkeypatch.setattr(here.store, "save_archive_page", taken)
        await here.poll("river", feed(*range(12)))
        assert await here.store.archive_numbers("all") == range(0)
        assert "prev-archive" not in await shown(here)
        monkeypatch.undo()
        await here.poll("river", feed(*range(12, 14)), after=timedelta(days=3))
        assert [len(page) for page in await on_pages(here)] == [5, 5]


async def test_feeds_of_tags_and_sources_have_no_archive(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[source(tags=("news",))]) as here:
        await here.poll("river", feed(*range(200)))
        for name in ("tag/news", "source/river"):
            assert await here.store.archive_numbers(name) == range(0)
            found = await here.document(name)
            assert found is not None
            assert found.body.count(b"<entry") == 10


async def test_what_is_compared_late_is_archived_all_the_same(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        await here.poll("river", feed(1, 2))
        await here.poll("river", feed(*range(3, 30)), publish=False)
        await here.poll("river", feed(*range(30, 33)), publish=False)
        outputs = publication.outputs(here.catalogue)
        edition = await publication.edition(outputs["all"], here.catalogue, here.store)
        await archive.update_archive(edition, outputs["all"], here.store, here.at)
        here.at += DAY
        await here.publisher.publish_outdated()
        found = {title for page in await on_pages(here) for title in page}
        assert {f"Report {number}" for number in range(3, 25)} <= found
