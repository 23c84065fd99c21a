"""Copies of one piece, from the poll that brings them to the documents that show them once."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from structlog.testing import capture_logs

from aggregator.model import Change, Drop, Matcher, Overrides, Publication, Update, Verdict
from aggregator.pipeline import comparing
from tests.support.installation import rss
from tests.support.nouns import source
from tests.support.planet import DAY, MINUTE, Planet, planet
from tests.support.retention import let_go

ATOM = "{http://www.w3.org/2005/Atom}"
REPORT = (
    "<p>The harbour of Varesh was closed on Monday after the eastern pier gave way under 40 lorries that waited "
    "for the evening ferry. Nobody was hurt, the port authority said, but eleven lorries went into the water.</p>"
    "<p>Divers will begin to lift them on Thursday. Until then ships for the islands leave from Dumar, to the "
    "north, and the railway runs four additional trains a day between the two towns.</p>"
    "<p>The pier was built in 1931 and was last examined six years ago, when engineers asked for the oak piles to "
    "be replaced. The council put the work off twice because the money was needed for the new bridge.</p>"
)
LATER = f"{REPORT}<p>On Tuesday evening the council met and promised to begin the repair of the piles at once.</p>"
OTHER = (
    "<p>Apple growers in the valley of Sorn expect a poor harvest: frost came in the last week of April, when the "
    "trees stood in full blossom, and hail broke branches in June. Prices have risen by a third since then.</p>"
)


def named(name: str, **details: Any) -> Any:
    address = f"https://{name}.example/feed"
    return source(id=name, location=address, url=address, title=name.title(), **details)


RIVER, LAKE, SEA = named("river"), named("lake"), named("sea")


def report(
    name: str,
    number: int = 1,
    *,
    title: str = "Pier collapses in Varesh",
    text: str = REPORT,
    hour: int = 9,
) -> str:
    """The feed of a source with one article."""
    entry = (
        f"<item><guid isPermaLink='false'>{name}-{number}</guid><link>https://{name}.example/{number}</link>"
        f"<title>{title}</title><pubDate>Sun, 01 Mar 2026 {hour:02}:00:00 GMT</pubDate>"
        f"<description>{html.escape(text)}</description></item>"
    )
    return rss(entry, title=name.title())


async def entries(here: Planet, publication: str = "all") -> list[dict[str, Any]]:
    """What a reader sees of a publication."""
    document = await here.document(publication)
    assert document is not None
    return [
        {
            "id": entry.findtext(f"{ATOM}id"),
            "title": entry.findtext(f"{ATOM}title"),
            "published": entry.findtext(f"{ATOM}published"),
            "updated": entry.findtext(f"{ATOM}updated"),
            "source": entry.findtext(f"{ATOM}source/{ATOM}title"),
            "text": entry.findtext(f"{ATOM}summary"),
            "also": [
                link.get("href") for link in entry.findall(f"{ATOM}link") if "Also at" in (link.get("title") or "")
            ],
        }
        for entry in etree.fromstring(document.body).findall(f"{ATOM}entry")
    ]


async def withdraw(here: Planet, name: str, url: str) -> None:
    """The publisher takes an article back."""
    here.at += MINUTE
    found = await here.store.item(url)
    assert found is not None
    (state,) = await here.store.claim([name], here.at, MINUTE)
    gone = replace(found, withdrawn_at=here.at, changed_at=here.at)
    change = Change(item=gone, verdict=Verdict(kind="bumped", reason="taken back"))
    await here.store.commit(Update(state=state, changes=(change,), publications=("all",)))
    await here.publisher.publish_outdated()


async def test_a_story_that_two_sources_carry_is_shown_once_and_names_the_other(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        before = await entries(here)
        await here.poll("lake", report("lake", title="Varesh pier collapses", hour=10), after=5 * MINUTE)
        (entry,) = await entries(here)
        assert entry | {"also": []} == before[0], "a copy that arrives changes nothing but the list of copies"
        assert entry["also"] == ["https://lake.example/1"]
        rss_document = await here.store.document("all", "rss")
        json_document = await here.store.document("all", "json")
        assert rss_document is not None
        assert json_document is not None
        assert b'Also at: &lt;a href="https://lake.example/1"&gt;Lake&lt;/a&gt;' in rss_document.body
        assert b'"also_at": [' in json_document.body


async def test_copies_that_come_in_one_round_are_never_shown_apart(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        for name in ("river", "lake", "sea"):
            here.bodies[name] = report(name).encode()
        await here.poll("river", report("river"), publish=False)
        await here.poll("lake", report("lake"), after=timedelta(), publish=False)
        await here.poll("sea", report("sea"), after=timedelta())
        assert len(await entries(here)) == 1


async def test_a_source_of_higher_priority_takes_the_words_and_leaves_id_and_date(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, named("lake", priority=5)]) as here:
        await here.poll("river", report("river"))
        (before,) = await entries(here)
        await here.poll("lake", report("lake", title="Varesh pier collapses", hour=10), after=5 * MINUTE)
        (entry,) = await entries(here)
        assert (entry["id"], entry["published"]) == (before["id"], before["published"])
        assert (entry["title"], entry["source"], entry["also"]) == (
            "Varesh pier collapses",
            "Lake",
            ["https://river.example/1"],
        )


async def test_what_the_shown_copy_really_changes_moves_updated_and_nothing_else_does(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        (before,) = await entries(here)
        await here.poll("lake", report("lake", text=LATER))
        assert await entries(here) == [before]
        await here.poll("river", report("river", text=LATER))
        (entry,) = await entries(here)
        assert entry["updated"] > before["updated"]
        assert "promised" in entry["text"]


async def test_a_copy_stands_in_under_the_same_id_when_the_first_is_taken_back(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title="Varesh pier collapses", hour=10))
        (before,) = await entries(here)
        await withdraw(here, "river", "https://river.example/1")
        (entry,) = await entries(here)
        assert (entry["id"], entry["published"], entry["source"]) == (before["id"], before["published"], "Lake")
        assert entry["updated"] == here.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        await withdraw(here, "lake", "https://lake.example/1")
        assert await entries(here) == []


async def test_a_copy_that_stands_in_word_for_word_is_no_update(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", hour=10))
        (before,) = await entries(here)
        await withdraw(here, "river", "https://river.example/1")
        (entry,) = await entries(here)
        assert entry["source"] == "Lake"
        assert [entry[name] for name in ("id", "published", "updated")] == [
            before[name] for name in ("id", "published", "updated")
        ]


async def test_a_publication_that_keeps_copies_shows_all(tmp_path: Path):
    keep = Publication(id="all", title="Everything", duplicates="keep")
    async with planet(tmp_path, keep, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        assert [entry["also"] for entry in await entries(here)] == [[], []]


async def test_each_publication_merges_what_belongs_to_it(tmp_path: Path):
    small = Publication(id="small", title="Lake", sources=("lake", "sea"))
    whole = Publication(id="all", title="Everything")
    async with planet(tmp_path, whole, small, sources=[RIVER, LAKE, SEA]) as here:
        for name in ("river", "lake", "sea"):
            await here.poll(name, report(name), after=MINUTE)
        (entry,) = await entries(here)
        assert entry["also"] == ["https://lake.example/1", "https://sea.example/1"]
        (entry,) = await entries(here, "small")
        assert (entry["source"], entry["also"]) == ("Lake", ["https://sea.example/1"])
        assert len(await entries(here, "source/sea")) == 1


async def test_a_copy_that_the_filters_drop_neither_stands_for_others_nor_hides_them(tmp_path: Path):
    ad = Drop(any_of=(Matcher(field="title", pattern="advert", shown="title: advert"),))
    clean = Publication(id="all", title="Everything", filters=(ad,))
    async with planet(tmp_path, clean, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river", title="Advert: Pier collapses in Varesh"))
        await here.poll("lake", report("lake"))
        (entry,) = await entries(here)
        assert (entry["source"], entry["also"]) == ("Lake", [])


async def test_a_tags_feed_shows_a_story_once_and_a_sources_feed_all(tmp_path: Path):
    river, lake = named("river", tags=("news",)), named("lake", tags=("news",))
    async with planet(tmp_path, sources=[river, lake]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        (entry,) = await entries(here, "tag/news")
        assert entry == (await entries(here))[0]
        assert [len(await entries(here, f"source/{name}")) for name in ("river", "lake")] == [1, 1]


async def test_a_tags_feed_names_no_copy_that_every_public_publication_drops(tmp_path: Path):
    ad = Drop(any_of=(Matcher(field="title", pattern="advert", shown="title: advert"),))
    clean = Publication(id="all", title="Everything", filters=(ad,))
    river, lake = named("river", tags=("news",)), named("lake", tags=("news",))
    async with planet(tmp_path, clean, sources=[river, lake]) as here:
        await here.poll("river", report("river", title="Advert: Pier collapses in Varesh"))
        await here.poll("lake", report("lake"))
        (entry,) = await entries(here, "tag/news")
        assert (entry["source"], entry["also"]) == ("Lake", [])


async def test_a_tags_feed_keeps_copies_where_every_public_publication_does(tmp_path: Path):
    keep = Publication(id="all", title="Everything", duplicates="keep")
    river, lake = named("river", tags=("news",)), named("lake", tags=("news",))
    async with planet(tmp_path, keep, sources=[river, lake]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        assert len(await entries(here, "tag/news")) == 2


def post(name: str, identity: str, day: int, text: str = REPORT) -> str:
    """The feed of a source with one post of a weblog, under the weblog's address."""
    entry = (
        f"<item><guid isPermaLink='false'>{identity}</guid><link>https://pier.example/posts/1</link>"
        f"<title>Pier collapses in Varesh</title><pubDate>{day} Mar 2026 09:00:00 GMT</pubDate>"
        f"<description>{html.escape(text)}</description></item>"
    )
    return rss(entry, title=name.title())


@pytest.mark.parametrize(
    ("identity", "text", "shown"),
    [("tag:pier.example,2026:1", "Read it.", 1), ("lake-9", REPORT, 1), ("lake-9", OTHER, 2)],
)
async def test_one_address_is_found_long_after_its_signature_was_forgotten(
    tmp_path: Path, identity: str, text: str, shown: int
) -> None:
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", post("river", "tag:pier.example,2026:1", 1))
        (before,) = await entries(here)
        here.at += 18 * DAY
        await here.store.forget(here.at - 6 * DAY)
        await here.poll("lake", post("lake", identity, 18, text))
        found = await entries(here)
        assert len(found) == shown
        assert (found[-1]["id"], found[-1]["published"]) == (before["id"], before["published"])


async def test_an_entry_keeps_its_id_when_a_source_with_an_older_copy_is_let_in(tmp_path: Path):
    old, new = Publication(id="all", title="Everything"), Publication(id="late", title="Late", sources=("lake",))
    async with planet(tmp_path, old, new, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        (before,) = await entries(here, "late")
        wider = replace(new, sources=("lake", "river"))
        here.catalogue = replace(here.catalogue, publications=(old, wider))
        await here.publisher.publish_outdated()
        (entry,) = await entries(here, "late")
        assert (entry["id"], entry["published"]) == (before["id"], before["published"])
        assert entry["also"]


async def test_the_editor_parts_what_was_merged_and_joins_it_again(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        (before,) = await entries(here)
        pair = ("https://river.example/1", "https://lake.example/1")
        here.catalogue = replace(here.catalogue, overrides=Overrides(never_merge=frozenset({pair})))
        await here.publisher.publish_outdated()
        apart = await entries(here)
        assert len(apart) == 2
        assert before["id"] in {entry["id"] for entry in apart}
        here.catalogue = replace(here.catalogue, overrides=Overrides())
        await here.publisher.publish_outdated()
        assert await entries(here) == [before]


async def test_the_editor_joins_what_nothing_else_would_also_after_a_restart(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title="A poor harvest in Sorn", text=OTHER))
        assert len(await entries(here)) == 2
        pair = ("https://river.example/1", "https://lake.example/1")
        here.catalogue = replace(here.catalogue, overrides=Overrides(merge=frozenset({pair})))
        await here.publisher.publish_outdated()
        assert len(await entries(here)) == 1
        await here.stop()
        here.catalogue = replace(here.catalogue, overrides=Overrides())
        await here.start()
        await here.publisher.publish_outdated()
        assert len(await entries(here)) == 2


async def test_unlike_reports_of_one_day_stay_apart(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title="A poor harvest in Sorn", text=OTHER))
        assert len(await entries(here)) == 2


FORECAST = (
    "<p>Sunny spells and a light wind are expected in the valley with a high of {} and a low of {}. The chance of "
    "rain is {} percent, and drivers are advised to take care in the morning fog.</p>"
)


@pytest.mark.parametrize("order", list(permutations(("river", "lake", "sea"))), ids=" ".join)
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_third_item_never_joins_two_that_were_judged_apart_whenever_it_comes(
    tmp_path: Path, order: tuple[str, ...], at_once: bool
) -> None:
    texts = {
        "river": FORECAST.format(13, 4, 20),
        "lake": FORECAST.format(11, 6, 70),
        "sea": FORECAST.replace("{}", "some"),
    }
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        for name in order:
            body = report(name, title="Weather in the valley", text=texts[name])
            await here.poll(name, body, after=timedelta() if at_once else MINUTE, publish=not at_once)
        await here.publisher.publish_outdated()
        assert sorted(len(entry["also"]) for entry in await entries(here)) == [0, 1]
        shown = {
            frozenset(
                {entry["source"].casefold(), *(one.split("//")[1].partition(".")[0] for one in entry["also"])}
            )
            for entry in await entries(here)
        }
        assert not any({"river", "lake"} <= story for story in shown)


async def test_stories_outlive_a_restart_and_what_was_forgotten(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        (before,) = await entries(here)
        await here.stop()
        await here.start()
        await here.poll("sea", report("sea"))
        (entry,) = await entries(here)
        assert entry["also"] == ["https://lake.example/1", "https://sea.example/1"]
        await here.store.forget(here.at + DAY)
        await here.poll("river", report("river", text=LATER))
        (entry,) = await entries(here)
        assert (entry["id"], len(entry["also"])) == (before["id"], 2)


async def test_retention_takes_the_first_copy_s_text_and_the_entry_stays_itself(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"), after=2 * DAY)
        (before,) = await entries(here)
        assert await let_go(here.store, here.at, "river") == 1
        await here.publisher.publish_outdated()
        (entry,) = await entries(here)
        assert (entry["id"], entry["published"], entry["source"]) == (before["id"], before["published"], "Lake")


@pytest.mark.parametrize("limit", [2, 100])
async def test_the_archive_holds_a_story_once(tmp_path: Path, limit: int):
    short = Publication(id="all", title="Everything", limit=limit, formats=("atom",))
    async with planet(tmp_path, short, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        for number in range(2, 60):
            await here.poll(
                "lake", report("lake", number, title=f"Notice of {number} words", text=f"<p>{number}</p>")
            )
        pages = [await here.page(number) for number in await here.store.archive_numbers("all")]
        whole = b"".join(page.body for page in pages if page)
        assert whole.count(b"<title>Pier collapses in Varesh</title>") == 1


def atom(inner: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        f"<id>urn:x:river</id><title>River</title><updated>2026-03-01T09:00:00Z</updated>{inner}</feed>"
    )


async def test_what_a_publisher_deletes_leaves_the_feed_and_is_named_as_deleted(tmp_path: Path):
    entry = (
        "<entry><id>urn:x:1</id><title>Pier collapses</title><updated>2026-03-01T09:00:00Z</updated>"
        f"<content type='html'>{html.escape(REPORT)}</content></entry>"
    )
    deleted = atom('<at:deleted-entry ref="urn:x:1" when="2026-03-01T12:30:00Z"/>')
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", atom(entry))
        (before,) = await entries(here)
        await here.poll("river", deleted)
        assert await entries(here) == []
        document = await here.store.document("all", "atom")
        assert document is not None
        when = here.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert f'<at:deleted-entry ref="{before["id"]}" when="{when}"/>' in document.body.decode()
        assert (await here.poll("river", deleted)).changes == (), "it is deleted once"
        await here.poll("river", atom(entry.replace("eleven lorries", "twelve lorries and a bus")))
        (after,) = await entries(here)
        assert (after["id"], after["published"]) == (before["id"], before["published"])
        document = await here.store.document("all", "atom")
        assert document is not None
        assert b"deleted-entry" not in document.body


async def test_an_item_that_cannot_be_placed_stands_alone_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))

        def broken(*_: object) -> None:
            raise RuntimeError("a fault of ours")

        with monkeypatch.context() as patched:
            patched.setattr(comparing.stories, "place", broken)
            patched.setattr(comparing.stories, "signature", broken)
            with capture_logs() as log:
                await here.poll("lake", report("lake"))
        assert [line["source"] for line in log if line["event"] == "fault"] == ["lake"]
        assert len(await entries(here)) == 2


@pytest.mark.parametrize(("outlet", "shown"), [("The Lake Herald", 1), ("lake.example", 1), ("The Sea Herald", 2)])
@pytest.mark.parametrize("first", ["lake", "search"])
async def test_a_headline_joins_the_article_of_the_source_that_it_names(
    tmp_path: Path, outlet: str, shown: int, first: str
) -> None:
    lake = replace(LAKE, title="The Lake Herald - News")
    title = "Pier in Varesh gives way under forty waiting lorries"
    bodies = {
        "lake": report("lake", title=title),
        "search": report("search", title=f"{title} - {outlet}", text=title),
    }
    async with planet(tmp_path, sources=[lake, named("search")]) as here:
        for name in sorted(bodies, key=lambda name: name != first):
            await here.poll(name, bodies[name], after=MINUTE)
        found = await entries(here)
        assert len(found) == shown
        assert {entry["source"] for entry in found} >= {"The Lake Herald - News"}, "the text is shown"
