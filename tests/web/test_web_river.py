"""Looking through: pages of publications, sources and tags, and what is searched for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape

import feedparser
import pytest
from starlette.exceptions import HTTPException

from aggregator.engine import rendering_turns
from aggregator.model import Drop, FeedMeta, Matcher, Publication
from aggregator.web.answers import Representation
from aggregator.web.kept_page import KeptPages
from aggregator.web.river import LARGEST, STORIES_A_PAGE
from aggregator.web.stored_changes import Changes
from tests.support.nouns import NOON, source
from tests.support.shelf import Shelf, Watch, catalogue, context, in_state, item, site

DAY = timedelta(days=1)
HTML = {"Accept": "text/html,*/*"}
SOURCES = (
    source(title="River News", tags=("water", "news")),
    source(id="lake", location="https://lake.example/feed", title="Lake & Sons", tags=("water", "a/b")),
    source(id="hidden", location="https://hidden.example/feed", title="Hidden", tags=("secret",)),
)
EVERYTHING = catalogue(
    Publication(id="all", title="Everything", sources=("river", "lake")),
    Publication(id="lakes", title="Lakes", sources=("lake",), was=("ponds",)),
    Publication(id="own", title="Our own", sources=("hidden",), tokens=("sesame-sesame",)),
    sources=SOURCES,
    link="https://planet.example",
)


def shelf() -> Shelf:
    return Shelf(
        items=[
            item("a", NOON, title="Bridge closed", text="Until May.", language="en"),
            item("b", NOON - DAY, title="Pont fermé", text="Jusqu'en mai.", language="fr-CA"),
            item("c", NOON - 2 * DAY, title="Bridge open", text="Again.", source_id="lake"),
            item("h", NOON, title="Bridge hidden", source_id="hidden"),
        ],
        sources={
            "river": in_state("river"),
            "lake": in_state(
                "lake", meta=FeedMeta(title="Their own", link="https://lake.example/", language="en")
            ),
        },
    )


def titles(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r"<h3[^>]*><a[^>]*>([^<]*)</a>", page)]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", ["Bridge closed", "Pont fermé", "Bridge open"]),
        ("/all", ["Bridge closed", "Pont fermé", "Bridge open"]),
        ("/lakes", ["Bridge open"]),
        ("/source/river", ["Bridge closed", "Pont fermé"]),
        ("/tag/water", ["Bridge closed", "Pont fermé", "Bridge open"]),
        ("/tag/a%2Fb", ["Bridge open"]),
        ("/search?q=bridge", ["Bridge closed", "Bridge open"]),
        ("/search?q=BRIDGE+-closed", ["Bridge open"]),
        ("/search?q=ferme", ["Pont fermé"]),
        ("/search?q=bridge&tag=news", ["Bridge closed"]),
        ("/search?source=lake", ["Bridge open"]),
        ("/search?lang=fr", ["Pont fermé"]),
        ("/search?lang=EN-gb", ["Bridge closed", "Bridge open"]),
        ("/search?day=2026-02-28", ["Pont fermé"]),
        ("/search?q=bridge&day=2026-02-27", ["Bridge open"]),
        ("/search?q=bridge&day=9999-12-31", []),
        ("/search?day=9999-12-31", []),
        ("/search?day=0001-01-01", []),
        ("/search?q=nothing", []),
        ("/search?q=hidden", []),
        ("/search?tag=secret", []),
        ("/search", []),
    ],
)
async def test_each_page_shows_the_stories_of_what_it_is_of_and_no_others(path: str, shown: list[str]):
    async with site(shelf(), EVERYTHING) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    assert titles(answer.text) == shown


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/own", 404),
        ("/source/hidden", 404),
        ("/source/nobody", 404),
        ("/tag/secret", 404),
        ("/nothing", 404),
        ("/search?day=yesterday", 400),
        ("/search.atom?day=31", 400),
        ("/search?q=bridge&before=x", 400),
        ("/search?q=bridge&before=-3", 400),
        ("/search.atom", 404),
        ("/search.atom?tag=secret", 404),
    ],
)
async def test_what_nobody_may_see_and_what_means_nothing_has_no_page(path: str, status: int):
    async with site(shelf(), EVERYTHING) as client:
        answer = await client.get(path, headers=HTML)
    assert answer.status_code == status
    assert "Hidden" not in answer.text


async def test_an_earlier_name_leads_to_the_page():
    present = in_state("lake", labels=("pond", "lake"))
    async with site(replace(shelf(), sources={"lake": present}), EVERYTHING) as client:
        publication, origin = await client.get("/ponds"), await client.get("/source/pond")
    assert (publication.status_code, publication.headers["location"]) == (301, "lakes")
    assert (origin.status_code, origin.headers["location"]) == (301, "lake")


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "all.atom"),
        ("/lakes", "lakes.atom"),
        ("/source/lake", "source/lake.atom"),
        ("/tag/a%2Fb", "tag/a%2Fb.atom"),
        ("/search?q=two++words&tag=news", "search.atom?q=two+words&tag=news"),
    ],
)
async def test_each_page_says_how_to_subscribe_to_just_that(path: str, feed: str):
    async with site(shelf(), EVERYTHING) as client:
        page = unescape((await client.get(path)).text)
    assert re.search(rf'<a class="button" href="[./]*{re.escape(feed)}"', page)
    assert f"<code>https://planet.example/{feed}</code>" in page
    assert "https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Fplanet.example%2F" in page


@pytest.mark.parametrize("image", ["https://example.org/a.png", "http://example.org/a.png"])
async def test_of_each_story_as_much_is_shown_as_is_wanted(image: str):
    content = "<p>All <b>of it</b>.</p>"
    told = item("a", title="T", content=content, summary="<p>In short</p>", image=image, image_caption="Seen")
    async with site(Shelf(items=[told]), EVERYTHING) as client:
        whole, excerpts, names = [await client.get(f"/?show={mode}") for mode in ("full", "", "titles")]
    assert content in whole.text
    # Its words stand below it: a browser that cannot show it, or reads it aloud, is not to say them twice.
    assert f'<img src="{image}" alt="" loading="lazy"><figcaption dir="auto">Seen</figcaption>' in whole.text
    assert "In short" in excerpts.text
    assert "In short" not in names.text
    assert not any("<img" in page.text or content in page.text for page in (excerpts, names))
    assert "img-src http: https: data:; media-src http: https:;" in whole.headers["content-security-policy"]
    assert "http" not in excerpts.headers["content-security-policy"]


async def test_pages_of_what_is_searched_for_go_on_where_the_last_one_ended():
    many = Shelf(items=[item(f"n{n:03}", NOON + n * timedelta(minutes=1), title=f"Story {n}") for n in range(120)])
    async with site(many, EVERYTHING) as client:
        seen, path = [], "/search?q=story"
        while path:
            page = (await client.get(path)).text
            seen += titles(page)
            link = re.search(r'<a class="button" rel="next" href="([^"]*)"', page)
            path = f"/search{unescape(link[1])}" if link else ""
    assert seen == [f"Story {n}" for n in reversed(range(120))]


@dataclass(kw_only=True)
class Counting(Shelf):
    """Counts how often stories are read, and keeps how many were asked for."""

    asked: list[int] = field(default_factory=list, repr=False)

    async def latest(self, source_ids, limit, after=None):
        self.asked.append(limit)
        return await super().latest(source_ids, limit, after)

    async def item(self, name):
        self.asked.append(1)
        return await super().item(name)


@pytest.mark.parametrize("path", ["/", "/?before=2026-03-01T11:00:00Z,0,", "/search?q=story", "/story/n05"])
async def test_no_page_is_made_anew_before_anything_changes(path: str):
    shelf = Counting(items=[item(f"n{n:02}", NOON - n * timedelta(hours=1), title=f"Story {n}") for n in range(9)])
    clock = Watch()
    async with site(shelf, EVERYTHING, clock=clock) as client:
        before = (await client.get(path)).text
        made = len(shelf.asked)
        assert (await client.get(path)).text == before
        assert len(shelf.asked) == made > 0
        shelf.items[5] = item("n05", NOON - timedelta(hours=5), title="Story 5, told anew")
        clock.moment += timedelta(minutes=1)
        assert "Story 5, told anew" in (await client.get(path)).text


async def test_what_is_no_page_takes_no_room_from_those_that_are_kept():
    pages = KeptPages(context(Shelf(), EVERYTHING), Changes(Shelf()), most=2)

    async def fail() -> Representation:
        raise HTTPException(404)

    async def make() -> Representation:
        return Representation(body=b"a", media_type="text/html", etag='"a"', cache="no-cache")

    for name in ("a", "b"):
        await pages.get(name, make)
    for name in ("c", "d"):
        with pytest.raises(HTTPException):
            await pages.get(name, fail)
    assert [(await pages.get(name, fail)).body for name in ("a", "b")] == [b"a", b"a"]


async def test_what_a_page_lacks_where_copies_stand_once_is_read_and_no_more():
    shelf = Counting(
        items=[item(f"n{n:03}", NOON - n * timedelta(minutes=1), title=f"Story {n}", story="s" if n < 3 else None)
               for n in range(200)]
    )  # fmt: skip
    async with site(shelf, EVERYTHING) as client:
        page = (await client.get("/")).text
    assert len(titles(page)) == STORIES_A_PAGE[""]
    assert shelf.asked[0] == STORIES_A_PAGE[""] + 1
    assert sum(shelf.asked[1:]) < 12


@pytest.mark.parametrize("start", ["", "<b>T</b>: ", "<img src='https://example.org/" + "a" * 3000 + "'>"])
async def test_of_a_long_summary_as_much_is_told_as_of_a_short_one(start: str):
    words = " ".join(f"<i>{n}</i>" for n in range(1000))
    told = item("a", title="T", summary=f"<p>{start}{words}</p>")
    async with site(Shelf(items=[told]), EVERYTHING) as client:
        page = (await client.get("/")).text
    found = re.search(r'<p class="excerpt" dir="auto">([^<]*)</p>', page)
    assert found is not None
    assert found[1].startswith("0 1 2 3 4")
    assert 230 < len(found[1]) <= 240


@pytest.mark.parametrize("mode", ["", "titles", "full"])
@pytest.mark.parametrize("asked", ["", "q=told&"])
async def test_a_page_takes_60_kb_whatever_it_shows_and_the_next_one_goes_on_from_there(mode: str, asked: str):
    words = "<p>Ständig erzählt, told again.</p>" * 300
    told = [
        item(f"n{n:03}", NOON - n * timedelta(minutes=1), title=f"{n} told {'Ü' * (17 * n % 900)}",
             content=words * (n % 5), summary=words, text="told " * n, url=f"https://example.org/{n}/{'a' * 300}")
        for n in range(90)
    ]  # fmt: skip
    async with site(Shelf(items=told), EVERYTHING) as client:
        pages, query = [], f"{asked}show={mode}"
        while query:
            page = (await client.get(f"/{'search' if asked else ''}?{query}")).text
            pages.append(page)
            link = re.search(r'<a class="button" rel="next" href="\?([^"]*)"', page)
            query = unescape(link[1]) if link else ""
    assert max(len(page.encode()) for page in pages) <= LARGEST
    assert [name.split()[0] for page in pages for name in titles(page)] == [str(n) for n in range(90)]
    assert all(len(page.encode()) > LARGEST / 3 for page in pages[:-1]), "they are as full as can be"


async def test_a_text_too_long_for_a_page_of_several_is_led_to():
    long = "<p>Very long.</p>" * 3_000
    told = [
        item("a", title="T", content=long, summary="<p>In short</p>"),
        item("b", title="U", content="<p>V</p>"),
    ]
    async with site(Shelf(items=told), EVERYTHING) as client:
        river, story = (await client.get("/?show=full")).text, (await client.get("/story/a")).text
    assert '<p class="excerpt" dir="auto">In short <a href="./story/a">All of this long text</a></p>' in river
    assert "<p>V</p>" in river
    assert long in story


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "./"),
        ("/?show=titles", "./"),
        ("/?show=full", None),
        ("/source/lake", "../source/lake"),
        ("/source/lake?show=full", None),
        ("/tag/water", "../tag/water"),
        ("/search?q=bridge", None),
        ("/search", None),
    ],
)
async def test_pages_that_show_what_others_do_are_not_for_search_engines(path: str, canonical: str | None):
    async with site(shelf(), EVERYTHING) as client:
        page = (await client.get(path)).text
    assert ('<meta name="robots" content="noindex">' in page) is (canonical is None)
    assert re.findall('<link rel="canonical" href="([^"]*)">', page) == ([canonical] if canonical else [])


async def test_a_search_is_a_feed_whose_entries_have_the_ids_that_they_have_everywhere():
    async with site(shelf(), EVERYTHING) as client:
        atom, again, feed = [
            await client.get(path)
            for path in ("/search.atom?q=bridge", "/search.atom?day=&q=+bridge+", "/search.json?q=bridge")
        ]
    read = feedparser.parse(atom.content)
    assert [one.id for one in read.entries] == ["urn:uuid:a", "urn:uuid:c"]
    assert read.feed.title == "Search: bridge (Planet Example)"
    (own,) = [link.href for link in read.feed.links if link.rel == "self"]
    assert own == "https://planet.example/search.atom?q=bridge"
    assert again.content == atom.content
    assert [one["id"] for one in json.loads(feed.content)["items"]] == ["urn:uuid:a", "urn:uuid:c"]
    assert atom.headers["etag"]


async def test_a_search_has_the_feed_id_of_its_question_alone():
    ids = []
    for text in ("Bridge closed", "Nothing of it"):
        async with site(Shelf(items=[item("a", title=text)]), EVERYTHING) as client:
            ids += [
                feedparser.parse((await client.get(f"/search.atom?q={word}")).content).feed.id
                for word in ("bridge", "other")
            ]
    assert ids[:2] == ids[2:]
    assert ids[0] != ids[1]


async def test_the_address_of_a_publication_that_was_called_search_leads_to_it():
    found = catalogue(Publication(id="finds", title="Finds", was=("search",)), sources=SOURCES[:1])
    async with site(shelf(), found) as client:
        answer = await client.get("/search.atom")
    assert (answer.status_code, answer.headers["location"]) == (301, "finds.atom")


async def test_no_more_searches_are_rendered_than_there_is_room_for_and_those_kept_are_given_out(
    monkeypatch: pytest.MonkeyPatch,
):
    room = iter([True, False, True])
    monkeypatch.setattr(rendering_turns.Turns, "take", lambda _: next(room))
    async with site(shelf(), EVERYTHING) as client:
        first = await client.get("/search.atom?q=bridge")
        refused = await client.get("/search.atom?q=river")
        later = await client.get("/search.atom?q=river")
        again = await client.get("/search.atom?q=bridge")
        same = await client.get("/search.atom?q=bridge", headers={"If-None-Match": first.headers["etag"]})
    assert [one.status_code for one in (first, refused, later)] == [200, 503, 200]
    assert "asked for at once" in refused.text
    assert again.content == first.content
    assert same.status_code == 304


async def test_a_story_is_found_by_the_words_of_any_copy_once_and_as_it_is_shown_elsewhere():
    lead = item("a", NOON, title="Pier collapses", text="Nobody is hurt.", story="s")
    copy = item("b", NOON + DAY, title="Varesh pier down", text="Ferries stop.", story="s", source_id="lake")
    met = {name: in_state(name) for name in ("river", "lake")}
    async with site(Shelf(items=[lead, copy], sources=met), EVERYTHING) as client:
        front, found = await client.get("/"), await client.get("/search?q=ferries")
        both, feed = await client.get("/search?q=pier"), await client.get("/search.json?q=ferries")
    assert titles(found.text) == titles(both.text) == titles(front.text)
    assert len(titles(front.text)) == 1
    assert [one["id"] for one in json.loads(feed.content)["items"]] == ["urn:uuid:a"]


async def test_what_filters_drop_is_not_found():
    dropping = Drop(any_of=(Matcher(field="title", pattern="closed", shown=""),))
    found = catalogue(Publication(id="all", title="Everything", filters=(dropping,)), sources=SOURCES[:2])
    async with site(shelf(), found) as client:
        page, feed = await client.get("/search?q=bridge"), await client.get("/search.atom?q=bridge")
    assert titles(page.text) == ["Bridge open"]
    assert b"closed" not in feed.content


async def test_what_filters_drop_is_not_found_by_another_copy_of_its_story():
    dropping = Drop(any_of=(Matcher(field="title", pattern="closed", shown=""),))
    found = catalogue(Publication(id="all", title="Everything", filters=(dropping,)), sources=SOURCES[:2])
    pair = [
        item("a", title="Bridge closed", text="Until May.", story="s"),
        item("c", title="Bridge open", text="Again.", story="s", source_id="lake"),
    ]
    met = {name: in_state(name) for name in ("river", "lake")}
    async with site(Shelf(items=pair, sources=met), found) as client:
        page, feed = await client.get("/search?q=again"), await client.get("/search.json?q=again")
    assert titles(page.text) == ["Bridge open"]
    assert [one["title"] for one in json.loads(feed.content)["items"]] == ["Bridge open"]


async def test_what_is_taken_back_goes_from_the_feed_of_a_search_at_once():
    kept = shelf()
    async with site(kept, EVERYTHING) as client:
        before = json.loads((await client.get("/search.json?q=bridge")).content)["items"]
        kept.items[0] = replace(kept.items[0], withdrawn_at=NOON)
        after = json.loads((await client.get("/search.json?q=bridge")).content)["items"]
    assert [one["id"] for one in before] == ["urn:uuid:a", "urn:uuid:c"]
    assert [one["id"] for one in after] == ["urn:uuid:c"]


async def test_from_each_address_of_a_tag_with_a_slash_the_ways_are_right():
    async with site(shelf(), EVERYTHING) as client:
        pages = [(await client.get(path)).text for path in ("/tag/a/b", "/tag/a%2Fb")]
    found = [re.search(r'<link rel="stylesheet" href="([^"]*)static', page) for page in pages]
    assert [one and one[1] for one in found] == ["../../", "../"]


async def test_why_an_entry_has_its_dates_is_told_in_sentences_that_stand_apart():
    told = "observed: the publisher gave no new date"
    changed = item("a", NOON, title="Bridge", updated=NOON + timedelta(hours=1), updated_reason=told)
    async with site(Shelf(items=[changed]), EVERYTHING) as client:
        page = re.sub(r"<[^>]*>", "", (await client.get("/")).text)
    assert "when we saw the change: the publisher gave no new date. First seen here " in page
    assert re.search(r"as its publisher says\. Updated 1 Mar", page)


async def test_what_is_made_when_asked_for_leads_to_the_page_that_shows_people_the_same():
    async with site(shelf(), EVERYTHING) as client:
        found = {
            path: (await client.get(path)).text
            for path in (
                "/search.atom?q=bridge&lang=en",
                "/search.rss?q=%C3%A9t%C3%A9",
                "/search.json?tag=a%2Fb",
                "/lakes.changes.atom",
                "/story/a.atom",
                "/status.atom",
            )
        }
    pages = {path: read_page(unescape(body)) for path, body in found.items()}
    assert pages == {
        "/search.atom?q=bridge&lang=en": "https://planet.example/search?q=bridge&lang=en",
        "/search.rss?q=%C3%A9t%C3%A9": "https://planet.example/search?q=%C3%A9t%C3%A9",
        "/search.json?tag=a%2Fb": "https://planet.example/search?tag=a%2Fb",
        "/lakes.changes.atom": "https://planet.example/lakes",
        "/story/a.atom": "https://planet.example/story/a",
        "/status.atom": "https://planet.example/status",
    }


def read_page(body: str) -> str:
    if body.startswith("{"):
        return str(json.loads(body)["home_page_url"])
    (page,) = re.findall(r'^  <link href="([^"]*)" rel="alternate"|^    <link>([^<]*)</link>', body, re.MULTILINE)
    return "".join(page)


async def test_the_changes_of_a_private_publication_lead_to_no_page_that_tells_of_it():
    async with site(shelf(), EVERYTHING) as client:
        body = (await client.get("/sesame-sesame/own.changes.atom")).text
    assert read_page(body) == "https://planet.example/"


@pytest.mark.parametrize(
    ("path", "words", "kept"),
    [
        ("/", "Search", []),
        ("/search", "Search", []),
        ("/lakes", "Search all sources", []),
        ("/source/lake", "Search this source", [("source", "lake")]),
        ("/tag/a%2Fb", "Search this tag", [("tag", "a/b")]),
    ],
)
async def test_the_search_box_stays_with_what_its_page_is_of_or_says_that_it_searches_all(path, words, kept):
    async with site(shelf(), EVERYTHING) as client:
        page = (await client.get(path)).text
    assert f'placeholder="{words}"' in page
    assert f'<label class="unseen" for="q">{words}</label>' in page
    assert re.findall('<input type="hidden" name="([^"]*)" value="([^"]*)">', page) == kept


async def test_a_long_question_is_not_told_over_and_over():
    words = "川の水位は今朝二番目の標識に達し市は古い橋を追って" * 12
    async with site(shelf(), EVERYTHING) as client:
        answer = await client.get("/search", params={"q": words})
        short = await client.get("/search", params={"q": "標識"})
    assert "Nothing found" in answer.text
    assert len(answer.content) < 40_000
    assert 'href="./search.atom?q=' in answer.text
    assert "https://planet.example/search.atom?q=" in short.text
    assert "feedly.com" in short.text
    assert "feedly.com" not in answer.text


@pytest.mark.parametrize("typed", ["french", "Français", "fr-BE", "fra", " FR "])
async def test_a_language_is_found_by_whatever_people_call_it(typed: str):
    async with site(shelf(), EVERYTHING) as client:
        page = await client.get("/search", params={"lang": typed})
    assert titles(page.text) == ["Pont fermé"]
    assert 'href="./search.atom?lang=fr"' in page.text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"lang": "gibberish"}, "No language is called “gibberish”."),
        ({"lang": "xx", "q": "bridge"}, "No language is called “xx”."),
        ({"source": "hidden"}, "No source here is called “hidden”."),
        ({"tag": "secret"}, "No source here has the tag “secret”."),
        ({"tag": "news", "source": "Lake & Sons"}, "“Lake & Sons” does not have the tag “news”."),
    ],
)
async def test_what_nothing_can_fulfil_is_said_at_once_and_is_no_feed(query: dict[str, str], told: str):
    async with site(shelf(), EVERYTHING) as client:
        page, feed = await client.get("/search", params=query), await client.get("/search.atom", params=query)
    assert told in unescape(page.text)
    assert "Nothing can be found" in page.text
    assert "Older stories" not in page.text
    assert all(
        f'value="{value}"' in unescape(page.text) or f"selected>{value}" in page.text for value in query.values()
    )
    assert feed.status_code == 404


async def test_a_search_offers_the_sources_and_languages_that_there_are():
    async with site(shelf(), EVERYTHING) as client:
        page = (await client.get("/search")).text
        named = (await client.get("/search?source=river+NEWS&q=bridge")).text
    assert re.findall('<option value="([^"]+)">([^<]*)<', page) == [
        ("river", "River News"),
        ("lake", "Lake &amp; Sons"),
        ("en", "English"),
    ]
    assert titles(named) == ["Bridge closed"]


async def test_where_a_stretch_of_stories_is_like_none_that_is_wanted_it_is_said_what_was_looked_at():
    many = [
        item(f"m{number}", NOON - timedelta(minutes=number), title="x", language="en") for number in range(400)
    ]
    async with site(Shelf(items=many), EVERYTHING) as client:
        page = (await client.get("/search?lang=sv")).text
    assert "None of the newest stories is like that." in page
    assert "stretch of time" not in page


async def test_the_page_of_a_search_among_five_hundred_sources_takes_60_kb():
    every = [
        source(id=f"source-{number}", title=f"The {number}. Gazette of the Upper Harbour", tags=(f"tag-{number}",))
        for number in range(500)
    ]
    items = [
        item(
            f"m{number}",
            NOON - timedelta(minutes=number),
            title="Bridge " * 9,
            text="word " * 99,
            source_id=one.id,
        )
        for number, one in enumerate(every)
    ]
    found = catalogue(Publication(id="all", title="All"), sources=every, link="https://planet.example")
    async with site(Shelf(items=items), found) as client:
        for path in ("/search", "/search?q=bridge", "/search?q=bridge&show=titles"):
            page = await client.get(path)
            assert len(page.content) <= LARGEST, path
            assert page.text.count('<option value="source-') == 100
    assert len(titles(page.text)) > 20
