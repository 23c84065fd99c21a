"""Pages for people: the river, a story, errors."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import chain
from typing import Literal

import pytest
from structlog.testing import capture_logs

from aggregator.model import (
    Drop,
    Edge,
    Enclosure,
    Evidence,
    FeedMeta,
    Keep,
    Likeness,
    Limit,
    Matcher,
    Person,
    Publication,
    Revision,
    Rewrite,
    Trimmed,
    Trimming,
)
from aggregator.web import kept_page
from aggregator.web.river import STORIES_A_PAGE
from tests.support.nouns import NOON, at, entry, source, stamp
from tests.support.shelf import Shelf, Watch, catalogue, in_state, item, site

HOUR = timedelta(hours=1)
HTML = {"Accept": "text/html,*/*"}
STRICT = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
    "img-src data:"
)
"""Of pages that have no form."""

MEDIA = "img-src http: https: data:; media-src http: https:; script-src 'self'"


def text(page: str) -> str:
    """What is left of a page without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


async def test_the_river_shows_the_newest_first_grouped_by_day():
    shelf = Shelf(
        items=[
            item("a", at("2026-02-27T23:59:00Z"), title="Two days ago"),
            item("b", at("2026-03-01T08:05:00Z"), title="This morning"),
            item("c", at("2026-02-28T10:00:00Z"), title="The day before"),
        ]
    )
    async with site(shelf) as client:
        page = (await client.get("/")).text
    shown = text(page)
    order = [
        "times in UTC",
        "Today Sunday, 1 March 2026",
        "08:05",
        "This morning",
        "River News",
        "Yesterday Saturday, 28 February 2026",
        "The day before",
        "Friday, 27 February 2026",
        "Two days ago",
    ]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert '<time datetime="2026-03-01T08:05:00Z">08:05</time>' in page
    assert 'href="https://example.org/1"' in page
    assert 'href="./story/b"' in page
    assert "Water stands at the second mark." in page


async def test_a_story_that_several_sources_carry_stands_once_and_names_them():
    lake = source(id="lake", location="https://lake.example/feed", title="Lake & Sons")
    shelf = Shelf(
        items=[
            item("a", title="A pier collapses", story="s"),
            item("b", source_id="lake", title="Pier down", url="https://lake.example/1", story="s"),
            item("c", NOON - HOUR, title="A poor harvest"),
        ]
    )
    async with site(shelf, catalogue(sources=[source(title="River News"), lake])) as client:
        page = (await client.get("/")).text
    assert "A pier collapses" in text(page)
    assert "Pier down" not in text(page)
    assert "also at Lake & Sons" in text(page)
    assert 'href="https://lake.example/1"' in page
    assert page.count('class="also"') == 1


async def test_a_real_change_shows_its_time():
    shelf = Shelf(
        items=[
            item("a", NOON, updated=NOON + HOUR),
            item("b", NOON - HOUR, updated=at("2026-03-02T09:00:00Z")),
            item("c", NOON - 2 * HOUR, updated=at("2027-01-02T09:00:00Z")),
            item("d", NOON - 3 * HOUR),
        ]
    )
    async with site(shelf) as client:
        page = (await client.get("/")).text
    assert re.findall(r"updated <time[^>]*>([^<]*)<", page) == ["13:00", "2 Mar, 09:00", "2 Jan 2027, 09:00"]


async def test_text_from_outside_is_escaped_and_keeps_its_language_and_direction():
    evil = item(
        "a",
        title='<script>alert(1)</script> & "quotes"',
        content="",
        text="نص <b>عربي</b>",
        language='ar" onclick="x',
        authors=(Person(name="<i>Ann</i>"),),
    )
    async with site(Shelf(items=[evil])) as client:
        page = (await client.get("/")).text
    assert "<script>" not in page
    assert "<b>عربي" not in page
    assert "<i>Ann" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34;" in page
    assert 'lang="ar&#34; onclick=&#34;x"' in page
    assert 'dir="auto"' in page


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//evil.example", None]
)
async def test_only_web_addresses_become_links(url: str | None):
    shelf = Shelf(
        items=[item("a", url=url, enclosures=(Enclosure(url=url or "file:///etc/passwd"),))],
        sources={"river": in_state("river", meta=FeedMeta(link=url))},
    )
    async with site(shelf) as client:
        pages = (await client.get("/")).text + (await client.get("/story/a")).text
    for href in re.findall(r'href="([^"]*)"', pages):
        assert href.startswith(("./", "../", "#", "?show=", "data:image/svg+xml,"))


async def test_a_magnet_link_becomes_a_link_and_a_file_without_a_host_has_a_name():
    link = "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
    torrent = Enclosure(url=link, type="application/x-bittorrent")
    async with site(Shelf(items=[item("a", url=link, enclosures=(torrent,))])) as client:
        river, story = (await client.get("/")).text, (await client.get("/story/a")).text
    assert f'<a href="{link}"' in river
    assert re.findall(rf'href="{re.escape(link)}"[^>]*>\s*(?:<bdi>)?([^<]+)', story)[-1] == torrent.type


async def test_an_item_without_a_title_is_named_by_its_text():
    shelf = Shelf(
        items=[
            item("a", title="", text="Just a short note about the ferry."),
            item("b", NOON - HOUR, title="", text="", content=None),
            item("c", NOON - 2 * HOUR, title="", text="word " * 40),
            item("d", NOON - 3 * HOUR, title="", text="x" * 500),
        ]
    )
    async with site(shelf) as client:
        page = (await client.get("/")).text
    titles = re.findall(r"<h3[^>]*><a[^>]*>([^<]*)</a>", page)
    assert titles[:2] == ["Just a short note about the ferry.", "Untitled"]
    assert titles[2].endswith("word…")
    assert titles[3] == "x" * 79 + "…"


async def test_an_excerpt_is_plain_short_and_does_not_repeat_the_title():
    shelf = Shelf(
        items=[
            item("a", title="Ferry late", summary="<p>Ferry late: the <b>8:15</b> waits &amp; waits.</p>"),
            item("b", NOON - HOUR, text="long words " * 100),
        ]
    )
    async with site(shelf) as client:
        page = (await client.get("/")).text
    first, second = re.findall(r'class="excerpt"[^>]*>([^<]*)<', page)
    assert first == "the 8:15 waits &amp; waits."
    assert len(second) < 250
    assert second.endswith("…")


async def test_a_source_that_allows_only_links_is_shown_without_its_words():
    sources = [source(publish="link"), source(id="short", url="u", publish="summary")]
    shelf = Shelf(
        items=[
            item("a", content="<p>Full text</p>", text="Full text", summary="Sum"),
            item("b", source_id="short", content="<p>Full text</p>", text="Full text", summary="<i>Teaser</i>"),
            item("c", source_id="short", content="<p>Full <b>text</b></p>", text="Full <text>"),
        ]
    )
    async with site(shelf, catalogue(sources=sources)) as client:
        river = (await client.get("/")).text
        link, summary, cut = [(await client.get(f"/story/{uid}")).text for uid in "abc"]
    assert river.count("excerpt") == 2
    assert "Full text" not in link + summary
    assert "Sum" not in link.replace("summary", "")
    assert "<i>Teaser</i>" in summary
    assert "Full &lt;text&gt;" in cut
    assert "<b>text" not in cut


async def test_the_head_offers_every_public_feed_and_no_private_one():
    python = Publication(id="python", title="Python & more", formats=("atom",))
    secret = Publication(id="club", title="Secret club", tokens=("t",))
    everything = Publication(id="all", title="Everything", formats=("atom", "rss", "json"))
    found = catalogue(secret, python, everything)
    async with site(Shelf(), found) as client:
        page = (await client.get("/")).text
    assert re.findall(r'<link rel="alternate" type="([^"]*)" title="([^"]*)" href="([^"]*)">', page) == [
        ("application/atom+xml", "Everything (Atom)", "./all.atom"),
        ("application/rss+xml", "Everything (RSS)", "./all.rss"),
        ("application/feed+json", "Everything (JSON)", "./all.json"),
        ("application/atom+xml", "Python &amp; more (Atom)", "./python.atom"),
        ("application/atom+xml", "Everything: what changed (Atom)", "./all.changes.atom"),
    ]
    assert 'class="button" href="./all.atom"' in page
    assert "club" not in page.lower()


async def test_the_river_is_that_of_public_sources_only():
    sources = [source(), source(id="den", url="u")]
    secret = Publication(id="all", title="All", tokens=("t",))
    some = Publication(id="some", title="Some", sources=("river",))
    shelf = Shelf(items=[item("a", title="Seen"), item("b", source_id="den", title="Hidden")])
    async with site(shelf, catalogue(secret, some, sources=sources)) as client:
        page = (await client.get("/")).text
        assert "Seen" in page
        assert "Hidden" not in page
        assert (await client.get("/story/a")).status_code == 200
        assert (await client.get("/story/b")).status_code == 404


async def test_a_site_of_private_publications_has_an_empty_front_page():
    shelf = Shelf(items=[item("a", title="Hidden")])
    async with site(shelf, catalogue(Publication(id="all", title="All", tokens=("t",)))) as client:
        page = await client.get("/")
    assert page.status_code == 200
    assert "Nothing yet" in page.text
    assert "Hidden" not in page.text


def dropping(word: str) -> Drop:
    return Drop(any_of=(Matcher(field="title", pattern=word, shown=word),))


async def test_what_filters_drop_is_shown_nowhere_and_limits_hide_nothing():
    rules = Publication(id="all", title="All", filters=(dropping("boring"), Limit(count=1)), limit=1, per_source=1)
    names = ["Kept", "Also kept", "A boring one", "An advertisement"]
    shelf = Shelf(items=[item(name[:2], title=name) for name in names])
    async with site(shelf, catalogue(rules, sources=[source(filters=(dropping("advert"),))])) as client:
        page = (await client.get("/")).text
        found = [(await client.get(f"/story/{name[:2]}")).status_code for name in names]
    assert [name in page for name in names] == [True, True, False, False]
    assert found == [200, 200, 404, 404]


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r">Story (\d+)<", page)]


PAGE = STORIES_A_PAGE[""]


def many(count: int) -> Shelf:
    # Ten share each minute, so that pages break inside one.
    return Shelf(
        items=[item(f"{n:04}", NOON + timedelta(minutes=n // 10), title=f"Story {n}") for n in range(count)]
    )


async def older_pages(client, page: str = "/") -> list[list[int]]:
    found = []
    while True:
        body = (await client.get(page)).text
        found.append(numbers(body))
        link = re.search(r'<a class="button" rel="next" href="([^"]*)"', body)
        if link is None:
            return found
        page = f"/{unescape(link[1])}"


async def test_older_pages_lose_nothing_and_repeat_nothing():
    async with site(many(5 * PAGE)) as client:
        pages = await older_pages(client)
    assert [len(page) for page in pages] == [PAGE] * 5
    assert list(chain(*pages)) == list(range(5 * PAGE - 1, -1, -1))


async def test_a_full_last_page_has_no_older_one():
    async with site(many(4 * PAGE)) as client:
        assert [len(page) for page in await older_pages(client)] == [PAGE] * 4


async def test_pages_are_filled_up_past_what_filters_drop():
    dropped = Matcher(
        field="title", pattern=f"^Story ({'|'.join(str(n) for n in range(450) if n % 7 >= 3)})$", shown=""
    )
    found = catalogue(Publication(id="all", title="Everything", filters=(Drop(any_of=(dropped,)),)))
    async with site(many(450), found) as client:
        pages = await older_pages(client)
    assert [len(page) for page in pages] == [PAGE] * 5 + [194 - 5 * PAGE]
    assert list(chain(*pages)) == [n for n in range(449, -1, -1) if n % 7 < 3]


async def test_one_page_reads_only_so_far_through_what_filters_drop():
    kept = Matcher(field="title", pattern=r"^Story \d$", shown="")
    found = catalogue(Publication(id="all", title="Everything", filters=(Keep(any_of=(kept,)),)))
    async with site(many(12 * PAGE), found) as client:
        pages = await older_pages(client)
    assert list(chain(*pages)) == list(range(9, -1, -1))
    assert len(pages) == 3


@pytest.mark.parametrize("before", ["", "x", "2026-03-01", "2026-03-01T12:00:00Z,a,'--", "9999-99-99T00:00:00Z,a"])
async def test_a_mistyped_page_is_explained_or_harmless(before: str):
    async with site(many(3)) as client:
        answer = await client.get("/", params={"before": before}, headers=HTML)
    assert answer.status_code in {200, 400}
    assert "Traceback" not in answer.text


async def test_beyond_the_last_page_there_is_a_way_back():
    async with site(many(1)) as client:
        page = (await client.get("/", params={"before": "2000-01-01T00:00:00Z,x"})).text
    assert "There are no older stories" in page


async def test_a_story_shows_its_text_and_why_its_dates_are_what_they_are():
    story = item(
        "a",
        title="Bridge closed",
        content="<p>Closed <a href='https://example.org/x'>until</a> May.</p>",
        language="en",
        updated=NOON + HOUR,
        published_reason="claimed",
        updated_reason="observed",
    )
    story = replace(
        story,
        entry=replace(story.entry, published=stamp("2026-03-01T12:00:00Z"), updated=stamp("2026-03-01T13:00:00Z")),
    )
    history = (
        Revision(number=1, seen_at=NOON, entry=entry(title="Bridge open"), reason="never met before"),
        Revision(number=2, seen_at=NOON + HOUR, entry=entry(title="Bridge closed"), reason="the title changed"),
    )
    meta = FeedMeta(title="Their own title", link="https://example.org/")
    shelf = Shelf(items=[story], history={"a": history}, sources={"river": in_state("river", meta=meta)})
    async with site(shelf, catalogue(sources=[source()])) as client:
        answer = await client.get("/story/a")
    page, shown = answer.text, text(answer.text)
    assert "<p>Closed <a href='https://example.org/x'>until</a> May.</p>" in page
    assert "Published 1 Mar 2026, 12:00 as its publisher says" in shown
    assert "Updated 1 Mar 2026, 13:00 observed" in shown
    assert "First seen here 1 Mar 2026, 12:07" in shown
    assert "2026-03-01T12:00:00Z published, zone as written, to the second" in shown
    assert "Their own title" in shown
    assert "In these feeds Everything" in shown
    assert "2 1 Mar 2026, 13:00 the title changed Title: Bridge open closed 1 1 Mar" in shown
    assert "<del>open</del> <ins>closed</ins>" in page
    assert "Read at example.org" in shown
    assert 'href="../all.atom"' in page
    assert answer.headers["content-security-policy"] == STRICT.replace("img-src data:", MEDIA)


LONG = " ".join(f"word{number}" for number in range(400))


@pytest.mark.parametrize(
    ("publish", "text", "fields", "whole"),
    [
        ("full", "Short news.", {"content": "<p>Short news.</p>"}, True),
        ("full", LONG, {"content": None, "summary": f"<p>{LONG}</p>"}, True),
        ("full", "A teaser.", {"content": None, "summary": "<p>A teaser.</p>"}, False),
        ("summary", LONG, {"content": f"<p>{LONG}</p>"}, False),
        ("summary", LONG, {"content": f"<p>{LONG}</p>", "summary": f"<p>{LONG}</p>"}, False),
        ("summary", LONG, {"content": None, "summary": f"<p>{LONG}</p>"}, False),
        ("link", LONG, {"content": f"<p>{LONG}</p>"}, False),
    ],
)
async def test_search_engines_are_sent_to_the_publisher_for_what_is_whole_here(
    publish: Literal["full", "summary", "link"], text: str, fields: dict[str, str | None], whole: bool
):
    stories = [item("a", text=text, url="https://press.example/a?x=1&y", **fields)]
    stories.append(item("b", text=text, url=None, **fields))
    async with site(Shelf(items=stories), catalogue(sources=[source(publish=publish)])) as client:
        page, nameless = [(await client.get(f"/story/{uid}")).text for uid in "ab"]
    canonical = '<link rel="canonical" href="https://press.example/a?x=1&amp;y">'
    assert [canonical in page, 'content="noindex"' in page, 'content="noindex"' in nameless] == [whole] * 3
    assert "canonical" not in nameless
    # What a source does not let us publish whole is not whole on its page either.
    assert ("word399" in page) is (whole and text == LONG)


async def test_a_story_says_who_else_carries_it_and_why_that_is_the_same_piece():
    lake, sea = source(id="lake", title="Lake & Sons"), source(id="sea", title="Sea")
    evidence = Evidence(
        method="near", likeness=Likeness(jaccard=0.8), reason="80% of all phrases are in both texts"
    )
    shelf = Shelf(
        items=[
            item("a", title="A pier collapses", story="s"),
            item("b", source_id="lake", title="<b>Pier down</b>", url="https://lake.example/1", story="s"),
            item("c", source_id="sea", title="A pier collapses", url="javascript:alert(1)", story="s"),
        ],
        edges=[Edge(one="a", other="b", evidence=evidence)],
    )
    async with site(shelf, catalogue(sources=[source(title="River News"), lake, sea])) as client:
        page = (await client.get("/story/a")).text
    assert '<a href="https://lake.example/1" rel="noopener noreferrer"><bdi>Lake &amp; Sons</bdi></a>' in page
    assert "<b>Pier down" not in page
    shown = text(page)
    assert "Also at Lake & Sons <b>Pier down</b> 80 % of what they say is the same" in shown
    assert "Sea it is the same piece as another copy of this one" in shown
    assert "javascript:" not in page


@pytest.mark.parametrize(("duplicates", "title"), [("merge", "Pier down"), ("keep", "A pier collapses")])
async def test_each_item_has_the_page_of_the_story_that_its_publication_makes_of_it(
    duplicates: Literal["merge", "keep"], title: str
):
    lake = source(id="lake", title="Lake", priority=5)
    publication = Publication(id="all", title="All", duplicates=duplicates)
    shelf = Shelf(
        items=[
            item("a", title="A pier collapses", story="s"),
            item(
                "b",
                NOON + timedelta(minutes=1),
                source_id="lake",
                title="Pier down",
                url="https://lake.example/1",
                story="s",
            ),
        ]
    )
    async with site(shelf, catalogue(publication, sources=[source(title="River News"), lake])) as client:
        pages = [(await client.get(f"/story/{uid}")).text for uid in "ab"]
    assert [re.search(r"<h1[^>]*>([^<]*)", page)[1] for page in pages] == [title, "Pier down"]  # type: ignore[index]
    assert "<code>urn:uuid:a</code>" in pages[0]
    assert ("<code>urn:uuid:a</code>" in pages[1]) == (duplicates == "merge")
    assert [("Also at" in page) for page in pages] == [True, True]


TIME = r'<time datetime="[^"]*">([^<]*)</time>'
IN_RIVER = (r'href="\./(story/[^"#]+)"', r"<h3[^>]*><a[^>]*>([^<]*)", r'class="excerpt"[^>]*>([^<]*)')


@pytest.mark.parametrize("duplicates", ["merge", "keep"])
@pytest.mark.parametrize("priorities", [(0, 5, 9), (9, 0, 5), (5, 9, 0)])
async def test_a_story_says_on_its_page_what_the_river_says_of_it(
    priorities: tuple[int, int, int], duplicates: Literal["merge", "keep"]
):
    names = ("river", "lake", "sea")
    sources = [source(id=name, title=name, priority=rank) for name, rank in zip(names, priorities, strict=True)]
    items = [
        item(
            f"{name}{story}",
            NOON + minute * timedelta(minutes=1),
            source_id=name,
            title=f"{name} tells {story}",
            content=f"<p>As {name}</p><p>has {story}.</p>",
            text=f"As {name} has {story}.",
            updated=NOON + (HOUR if minute == 1 else minute * timedelta(minutes=1)),
            story=story,
        )
        for story in ("s", "t")
        for minute, name in enumerate(names)
    ]
    publication = Publication(id="all", title="All", duplicates=duplicates)
    async with site(Shelf(items=items), catalogue(publication, sources=sources)) as client:
        river = (await client.get("/")).text
        shown = re.findall(r"<article>(.*?)</article>", river, re.DOTALL)
        assert len(shown) == (2 if duplicates == "merge" else 6)
        for entry_ in shown:
            link, title, words = (re.search(one, entry_)[1] for one in IN_RIVER)  # type: ignore[index]
            page = (await client.get(f"/{link}")).text
            assert re.search(r"<h1[^>]*>([^<]*)", page)[1] == title  # type: ignore[index]
            assert words in text(page)
            # The dates of both, with where they come from.
            dates = re.findall(r"(?:Published|Updated) ([^<>.]*\d\d:\d\d): ([^.]*)\.", entry_)
            told = re.findall(rf'<dt>(?:Published|Updated)</dt><dd>{TIME} <span class="why">([^<]*)', page)
            assert dates == told[: len(dates)]
            assert dates


async def test_copies_that_not_everybody_may_see_are_not_named_beside_a_story():
    sources = [source(), *(source(id=name, title=name.upper()) for name in ("den", "ad", "gone", "old"))]
    public = Publication(
        id="all", title="All", sources=("river", "ad", "gone", "old"), filters=(dropping("advert"),)
    )
    private = Publication(id="club", title="Club", tokens=("t",))
    shelf = Shelf(
        items=[
            item("a", story="s"),
            item("b", source_id="den", story="s"),
            item("c", source_id="ad", title="An advertisement", story="s"),
            item("d", source_id="gone", withdrawn_at=NOON, story="s"),
            replace(item("e", source_id="old", story="s"), pruned=True),
        ]
    )
    async with site(shelf, catalogue(public, private, sources=sources)) as client:
        page = (await client.get("/story/a")).text
    assert "Also at" not in page
    assert not {"DEN", "AD", "GONE", "OLD"} & set(re.findall(r"<bdi>([A-Z]+)</bdi>", page))


async def test_a_story_lists_its_attached_files():
    files = (
        Enclosure(url="https://cdn.example.org/a.mp3", type="audio/mpeg", length=1_500_000, title="Episode 1"),
        Enclosure(url="https://[broken/a.mp3"),
    )
    async with site(Shelf(items=[item("a", enclosures=files, url="http://[oops")])) as client:
        page = text((await client.get("/story/a")).text)
    assert "Episode 1 audio/mpeg 1.5 MB" in page
    assert "Read at the publisher’s site" in page


async def test_a_story_that_was_taken_back_is_gone():
    shelf = Shelf(items=[item("a", title="Regretted", withdrawn_at=NOON)])
    async with site(shelf) as client:
        answer = await client.get("/story/a", headers=HTML)
    assert answer.status_code == 410
    assert "withdrawn" in answer.text
    assert "Regretted" not in answer.text


@pytest.mark.parametrize("uid", ["nope", "urn:uuid:a", "..%2F..%2Fetc%2Fpasswd", "a/b", "%00"])
async def test_a_story_has_one_address(uid: str):
    async with site(Shelf(items=[item("a")])) as client:
        assert (await client.get(f"/story/{uid}")).status_code == 404


async def test_an_item_of_a_source_that_was_removed_is_not_shown():
    async with site(Shelf(items=[item("a", source_id="former")])) as client:
        assert (await client.get("/story/a")).status_code == 404


async def test_pages_keep_their_bytes_until_something_changes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_page, "_SHARE", 0)
    shelf = Shelf(items=[item("a")])
    async with site(shelf) as client:
        first = await client.get("/")
        held = {"If-None-Match": first.headers["etag"]}
        assert (await client.get("/", headers=held)).status_code == 304
        shelf.items.append(item("b"))
        assert (await client.get("/", headers=held)).status_code == 200
        coded = await client.get("/", headers={"Accept-Encoding": "gzip"})
    assert first.headers["cache-control"] == "no-cache"
    assert coded.headers["content-encoding"] == "gzip"
    assert coded.text.startswith("<!doctype html>")


async def test_titles_of_sources_are_remembered_for_seconds_only():
    watch = Watch()
    shelf = Shelf(items=[item("a")], sources={"river": in_state("river", meta=FeedMeta(title="Old name"))})
    async with site(shelf, catalogue(sources=[source()]), clock=watch) as client:
        assert "Old name" in (await client.get("/")).text
        shelf.sources["river"] = in_state("river", meta=FeedMeta(title="New name"))
        assert "Old name" in (await client.get("/")).text
        watch.moment += timedelta(seconds=20)
        assert "New name" in (await client.get("/")).text


@pytest.mark.parametrize("path", ["/", "/status", "/story/a", "/nothing", "/a/b/c", "/healthz"])
async def test_every_answer_keeps_browsers_out_of_trouble(path: str):
    async with site(Shelf(items=[item("a")])) as client:
        headers = (await client.get(path, headers=HTML)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; base-uri 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/status", "/nothing"])
async def test_pages_load_nothing_from_elsewhere(path: str):
    async with site(Shelf(items=[item("a")])) as client:
        page = (await client.get(path, headers=HTML)).text
    assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="./static/river\.\w+\.js" defer>', page)
    assert " style=" not in page
    assert "@import" not in page
    loaded = re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]*)"', page) + re.findall(
        r'src="([^"]*)"', page
    )
    assert len(loaded) == (3 if path == "/" else 2)
    assert all(address.startswith(("./static/", "data:image/svg+xml,")) for address in loaded)


@pytest.mark.parametrize("path", ["/", "/story/a", "/nothing", "/a/b/nothing", "/a%2Fb/nothing"])
async def test_the_stylesheet_is_found_from_every_page_and_kept_for_ever(path: str):
    async with site(Shelf(items=[item("a")])) as client:
        page = await client.get(path, headers=HTML)
        href = re.search(r'rel="stylesheet" href="([^"]*)"', page.text)
        assert href
        sheet = await client.get(page.url.join(href[1]))
        held = await client.get(page.url.join(href[1]), headers={"If-None-Match": sheet.headers["etag"]})
    assert sheet.status_code == 200
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert re.fullmatch(r".*static/style\.[0-9a-f]{10}\.css", href[1])
    assert held.status_code == 304


UNKNOWN = [
    "/static/",
    "/static/style.css",
    "/static/../templates/base.html",
    "/static/%2e%2e/pages.py",
    "/static/..%2fpages.py",
    "/static/..%5cpages.py",
    "/../../etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd.atom",
    "/static//etc/passwd",
    "/favicon.ico",
    "/status/",
    "/" + "a/" * 3000,
]


async def test_unknown_paths_are_404_without_fuss():
    async with site() as client:
        for path in UNKNOWN:
            answer = await client.get(client.base_url.copy_with(raw_path=path.encode()), headers=HTML)
            assert answer.status_code == 404, path
            assert "Nothing here" in answer.text


async def test_when_the_database_is_away_the_page_says_so_and_the_log_says_more():
    with capture_logs() as lines:
        async with site(Shelf(broken=True)) as client:
            answers = [await client.get(path, headers=HTML) for path in ("/", "/all.atom", "/status", "/story/a")]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "The database does not answer just now" in answer.text
        assert "secret" not in answer.text
    assert [line["event"] for line in lines][:2] == ["the database does not answer", "request"]


async def test_a_mistake_of_ours_is_a_plain_page_and_one_traceback_in_the_log():
    with capture_logs() as lines:
        async with site(Shelf(bug=True)) as client:
            answer = await client.get("/all.atom?token=hush")
            fine = await client.get("/healthz")
    assert answer.status_code == 500
    assert (
        answer.text == "Something broke. A mistake of ours kept this page from being made. It has been logged.\n"
    )
    assert fine.status_code == 200
    assert [line["event"] for line in lines] == ["request failed", "request", "request"]
    assert isinstance(lines[0]["exc_info"], RuntimeError)
    assert "hush" not in str(lines)


def rewritten() -> Shelf:
    """A story of two sources, both of which their editor rewrites; the first was revised once."""
    whole = "<p>Gone and <b>second</b>.</p>"
    told = Trimmed(content="<p>At the <b>second</b>.</p>", text="At the second.")
    earlier = Revision(number=1, seen_at=NOON, entry=entry(title="Ad: A pier stands"), reason="never met")
    return Shelf(
        items=[
            item(
                "a", title="Ad: A pier collapses", story="s", content=whole, text="Gone and second.", trimmed=told
            ),
            item("b", source_id="lake", title="Ad: Pier down", url="https://lake.example/1?utm=x", story="s"),
        ],
        history={"a": (earlier,)},
    )


async def test_pages_tell_what_an_editor_rewrites_as_the_feeds_do():
    rules = (
        Rewrite(field="title", pattern="^Ad: ", replacement="", shown=""),
        Rewrite(field="text", pattern="second", replacement="third", shown=""),
        Rewrite(field="link", pattern=r"\?.*", replacement="", shown=""),
    )
    river = source(title="River News", rewrites=rules, trimming=Trimming(remove=("aside",)))
    lake = source(id="lake", location="https://lake.example/feed", title="Lake & Sons", rewrites=rules)
    async with site(rewritten(), catalogue(sources=[river, lake])) as client:
        front, story = (await client.get("/")).text, (await client.get("/story/a")).text
    for page in (front, story):
        assert "Ad:" not in page
        assert "A pier collapses" in text(page)
        assert 'href="https://lake.example/1"' in page
    assert "<p>At the <b>third</b>.</p>" in story
    assert "A pier stands" in text(story)
    assert "Pier down" in text(story)
    assert "Gone" not in front + story
