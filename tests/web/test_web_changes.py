"""The feed of a publication's changes, from what publishers corrected to what a reader is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from pathlib import Path

import feedparser
import httpx
import pytest

from aggregator.engine.found_feeds import STALE, FoundFeeds
from aggregator.engine.rendering_turns import Turns
from aggregator.model import (
    Drop,
    Edge,
    Evidence,
    Item,
    Keep,
    Likeness,
    Matcher,
    Publication,
    Revision,
    Withholding,
)
from aggregator.text.visible import strip_tags
from tests.support.client import http_client
from tests.support.nouns import NOON, source
from tests.support.planet import HOUR, MINUTE, Planet, planet
from tests.support.shelf import Shelf, catalogue, item, site
from tests.support.waiting import passing

ALL = Publication(id="all", title="Everything", was=("everything",))
CLUB = Publication(id="club", title="Club", tokens=("token-of-the-club",))


def shelf(*told: tuple[Item, Iterable[str]]) -> Shelf:
    """Items, each with what it said one after the other, the last of which it says."""
    made = Shelf()
    for one, texts in told:
        entries = [replace(one.entry, text=text) for text in texts]
        made.items.append(replace(one, entry=entries[-1], revision=len(entries)))
        made.history[one.uid] = tuple(
            Revision(number=number, seen_at=NOON + number * MINUTE, entry=entry, reason="its text changed")
            for number, entry in enumerate(entries, 1)
        )
    return made


def titles(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one.title for one in feedparser.parse(answer.content).entries]


async def test_who_holds_the_feed_gets_304_and_head_is_get_without_the_body():
    async with site(shelf((item("a", title="Fire"), ("Two dead", "Three dead"))), catalogue(ALL, CLUB)) as client:
        whole = await client.get("/all.changes.atom")
        again = await client.get("/all.changes.atom", headers={"If-None-Match": whole.headers["etag"]})
        head = await client.head("/all.changes.atom")
        packed = await client.get("/all.changes.atom", headers={"Accept-Encoding": "gzip"})
    assert titles(whole) == ["Text changed: Fire"]
    assert whole.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert whole.headers["cache-control"].startswith("public")
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", whole.content)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/all.changes.rss", 404),
        ("/all.changes.json", 404),
        ("/all.changes", 404),
        ("/nothing.changes.atom", 404),
        ("/club.changes.atom", 404),
        ("/wrong-token/club.changes.atom", 404),
        ("/token-of-the-club/all.changes.atom", 404),
        ("/source/river.changes.atom", 404),
        ("/tag/news.changes.atom", 404),
        ("/everything.changes.atom", 301),
    ],
)
async def test_only_publications_that_one_may_read_have_it_and_only_in_atom(path: str, status: int):
    async with site(shelf((item("a"), ("A", "B"))), catalogue(ALL, CLUB)) as client:
        answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers.get("location") == ("all.changes.atom" if status == 301 else None)


async def test_a_private_publications_changes_are_opened_by_its_token_and_kept_by_no_cache():
    async with site(
        shelf((item("a", title="Fire"), ("A", "B"))), catalogue(ALL, CLUB, link="https://p.example")
    ) as c:
        by_path = await c.get("/token-of-the-club/club.changes.atom")
        by_password = await c.get("/club.changes.atom", headers={"Authorization": "Bearer token-of-the-club"})
    assert titles(by_path) == titles(by_password) == ["Text changed: Fire"]
    assert by_path.headers["cache-control"] == "private, no-store"
    assert "token-of-the-club" not in by_path.text


def matching(text: str, pattern: str) -> Matcher:
    return Matcher(field="text", pattern=pattern, shown=text)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("A secret", "B"), []),
        (("A", "B secret"), []),
        (("A", "B secret", "C"), []),
        (("A secret", "B", "C"), ["Text changed: Fire"]),
        (("A", "B", "C"), ["Text changed: Fire"] * 2),
    ],
)
async def test_what_filters_hide_is_told_by_no_change(said: tuple[str, ...], told: list[str]):
    found = catalogue(replace(ALL, filters=(Drop(any_of=(matching("secret", "secret"),)),)))
    async with site(shelf((item("a", title="Fire"), said)), found) as client:
        answer = await client.get("/all.changes.atom")
    assert titles(answer) == told
    assert "secret" not in answer.text


async def test_nor_does_the_page_or_the_feed_of_the_story_tell_what_filters_hide():
    found = catalogue(replace(ALL, filters=(Drop(any_of=(matching("secret", "secret"),)),)))
    said = ("The bridge is open", "The bridge is open in secret", "The bridge is shut")
    async with site(shelf((item("a", title="Bridge"), said)), found) as client:
        page, feed = (await client.get("/story/a")).text, await client.get("/story/a.atom")
    assert "<del>open</del> <ins>shut</ins>" in page
    assert len(titles(feed)) == 2
    assert "secret" not in page + feed.text


async def test_what_is_taken_back_goes_from_the_feed_at_once():
    here = shelf((item("a", title="Fire"), ("A", "B")))
    async with site(here, catalogue(ALL)) as client:
        before = await client.get("/all.changes.atom")
        here.items[0] = replace(here.items[0], withdrawn_at=NOON)
        after = await client.get("/all.changes.atom")
    assert (titles(before), titles(after)) == (["Text changed: Fire"], [])


class FewTurns(Turns):
    """Gives out so many turns, and no more."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


async def test_where_too_much_is_rendered_already_the_last_edition_is_given_out_or_patience_asked_for():
    here, found = shelf((item("a", title="Fire"), ("A", "B"))), catalogue(ALL, replace(ALL, id="other"))
    feeds = FoundFeeds(lambda: found, here, FewTurns(1))
    async with site(here, found, found_feeds=feeds) as client:
        first = await client.get("/all.changes.atom")
        here.items[0] = replace(here.items[0], withdrawn_at=NOON)
        kept, other = await client.get("/all.changes.atom"), await client.get("/other.changes.atom")
        passing()(STALE)
        late = await client.get("/all.changes.atom")
    assert late.status_code == 503, "what was taken back is not given out for as long as others ask for much"
    assert titles(kept) == titles(first) == ["Text changed: Fire"]
    assert (other.status_code, other.headers["retry-after"]) == (503, "5")


async def test_what_is_stored_of_other_things_makes_no_new_document():
    here, found = (
        shelf((item("a", title="Fire"), ("A", "B"))),
        catalogue(ALL, sources=[source(), source(id="lake")]),
    )
    feeds = FoundFeeds(lambda: found, here, Turns())
    first = await feeds.changes(ALL)
    here.items.append(item("b", title="No change at all"))
    assert await feeds.changes(ALL) is first
    more = shelf((item("c", title="Flood", source_id="lake"), ("A", "B")))
    here.items += more.items
    here.history |= more.history
    second = await feeds.changes(ALL)
    assert first is not None
    assert second is not None
    assert second.etag != first.etag


def rss(title: str, text: str) -> str:
    return (
        f"<rss version='2.0'><channel><title>River</title><item><guid>1</guid><link>https://example.org/1</link>"
        f"<title>{escape(title)}</title><description>{escape(text)}</description></item></channel></rss>"
    )


async def ask(here: Planet, path: str) -> list[str]:
    async with http_client() as client:
        return titles(await client.get(here.url(path)))


async def test_a_correction_is_told_once_and_what_is_no_update_is_not(tmp_path: Path):
    said = "The bridge over the river is closed until the middle of May, the mayor says."
    async with planet(tmp_path) as here:
        await here.poll("river", rss("Bridge closed", said))
        assert await ask(here, "/all.changes.atom") == []
        await here.poll("river", rss("Bridge closed", said + " Views: 17"))
        assert await ask(here, "/all.changes.atom") == []
        await here.poll("river", rss("Bridge closed", said.replace("May", "June")))
        told = await ask(here, "/all.changes.atom")
        await here.poll("river", rss("Bridge closed", said.replace("May", "June") + " Views: 18"))
        assert await ask(here, "/all.changes.atom") == told == ["Text changed: Bridge closed"]
        (one,) = await here.store.latest(["river"], 9)
        await here.store.withhold(Withholding(names={one.uid}), here.at)
        assert await ask(here, "/all.changes.atom") == []


FOR, TIE, LONG = (
    "The budget passed 51 to 49.",
    "The budget passed 50 to 50.",
    "The budget passed 51 to 49 at last.",
)
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def follow(told: Iterable[feedparser.FeedParserDict], said: list[str]) -> list[str]:
    """What somebody who knows a title and a text says after all that the entries tell, the earliest first."""
    for one in told:
        until, paragraphs = list(said), re.findall(r'<p dir="auto">(.*?)</p>', one.content[0].value)
        for words in paragraphs:
            before, after = (
                unescape(strip_tags(re.sub(rf"<{gone}>.*?</{gone}> ?", "", words))) for gone in ("ins", "del")
            )
            said[said.index(" ".join(before.split()))] = " ".join(after.split())
        if "it says again what it said before" in one.content[0].value:
            said = until
    return said


@dataclass(frozen=True)
class Said:
    """What a publisher says, so many minutes after the last time; without a text, a withdrawal for once."""

    text: str = ""
    title: str = "Budget"
    minutes: int = 60


SEQUENCES = {
    "back and forth": [Said(text) for text in (FOR, TIE, FOR, TIE, FOR, TIE)],
    "what is taken back": [Said(text) for text in (LONG, FOR, LONG, TIE, LONG, FOR, TIE)],
    "many quick edits": [Said(text, minutes=10) for text in (FOR, *(f"{one} of them." for one in WORDS), FOR)],
    "silent, loud, silent, loud": [Said(text) for text in (FOR, FOR + " Views: 7", TIE, FOR, TIE, LONG)],
    "title and text": [
        Said(FOR, "Passed"),
        Said(FOR, "Tied"),
        Said(TIE, "Passed"),
        Said(FOR, "Tied"),
        Said(TIE, "Passed"),
    ],
    "two headlines": [Said(FOR, title) for title in ("Passed", "Tied") * 3],
    "withdrawn in between": [Said(text) for text in (FOR, TIE, FOR, TIE, "", FOR, LONG)],
}


@pytest.mark.parametrize("steps", SEQUENCES.values(), ids=SEQUENCES)
async def test_no_change_that_was_told_vanishes_and_all_together_lead_to_what_is_said_now(
    tmp_path: Path, steps: Sequence[Said]
):
    async with planet(tmp_path) as here, httpx.AsyncClient() as client:
        known: list[str] = []
        last: dict[str, feedparser.FeedParserDict] = {}
        for step in steps:
            if not step.text:
                await withdraw_for_once(here)
                continue
            await here.poll("river", rss(step.title, step.text), after=step.minutes * MINUTE)
            (one,) = await here.store.latest(["river"], 9)
            answer = await client.get(here.url("/all.changes.atom"))
            found = feedparser.parse(answer.content, sanitize_html=False).entries
            told = {entry.id: entry for entry in found}
            known = known if told else [one.entry.title, one.entry.text]
            in_order = sorted(found, key=lambda entry: entry.published)
            assert follow(in_order, list(known)) == [one.entry.title, one.entry.text]
            for name, before in last.items():
                is_the_same = told[name].content == before.content
                assert is_the_same == (told[name].updated == before.updated), "what is told anew is dated anew"
            last = told
        assert last


async def withdraw_for_once(here: Planet) -> None:
    """Let the editor withdraw all, and give it back."""
    (one,) = await here.store.latest(["river"], 9)
    await here.store.withhold(Withholding(names={one.uid}), here.at)
    assert await ask(here, "/all.changes.atom") == []
    await here.store.withhold(Withholding(), here.at)


async def test_wherever_changes_are_told_one_that_went_back_is_told_to_have_gone_back(tmp_path: Path):
    async with planet(tmp_path) as here, httpx.AsyncClient() as client:
        for text in ("It passed.", "It failed.") * 2:
            await here.poll("river", rss("Budget", text))
        (one,) = await here.store.latest(["river"], 9)
        pages = {path: (await client.get(here.url(path))).text for path in ("/", f"/story/{one.uid}")}
        history = titles(await client.get(here.url(f"/story/{one.uid}.atom")))
        assert await ask(here, "/all.changes.atom") == [
            "Text changed and went back: Budget",
            "Text changed: Budget",
        ]
    (opened,) = (told for told in details(pages["/"]) if told.startswith("updated"))
    assert "It failed. passed." in opened
    assert "Since 2026-03-01 16:00 UTC it says again what it said before." in opened
    story = pages[f"/story/{one.uid}"]
    assert story.count("<del>failed.</del> <ins>passed.</ins>") == 1
    assert story.count("<del>passed.</del> <ins>failed.</ins>") == 2
    assert '<span class="number">later</span>' in story
    assert len(history) == 4


async def test_what_is_superseded_by_what_filters_hide_is_told_no_more(tmp_path: Path):
    quiet = replace(ALL, filters=(Drop(any_of=(matching("secret", "secret"),)),))
    texts = ("Not a secret.", "No news.", "Not a secret.", "No news.", "Some news.")
    async with planet(tmp_path, quiet, replace(ALL, id="every")) as here:
        for text in texts[:3]:
            await here.poll("river", rss("Budget", text))
        assert await ask(here, "/all.changes.atom") == []
        for text in texts[3:]:
            await here.poll("river", rss("Budget", text))
        assert await ask(here, "/all.changes.atom") == ["Text changed: Budget"]
        assert len(await ask(here, "/every.changes.atom")) == 3


async def test_what_went_back_before_that_was_kept_says_so_and_what_may_not_be_shown_as_well():
    gone, hidden = item("a", updated=NOON + HOUR), item("b", source_id="lake", updated=NOON + HOUR)
    here = shelf((gone, ("A", "A")), (hidden, ("A", "B")))
    sources = [source(), source(id="lake", publish="link")]
    async with site(here, catalogue(ALL, sources=sources)) as client:
        assert len(titles(await client.get("/all.changes.atom"))) == 2
        river, one, other = [(await client.get(path)).text for path in ("/", "/story/a", "/story/b")]
    words = "It changed and went back; what it said in between is not kept."
    assert [told.count(words) for told in (river, one, other)] == [1, 1, 0]
    assert "Its source does not let us show more of its text." in other


async def test_of_a_story_that_several_carry_only_the_words_that_are_shown_have_changes(tmp_path: Path):
    said = (
        "The bridge over the river is closed until the middle of May, the mayor of the town says. Ships pass "
        "below it at night only, and all buses go round by the old ferry, which takes some forty minutes more."
    )
    both = (source(priority=9), source(id="lake", location="https://lake.example/feed"))
    apart = Publication(id="apart", title="Apart", duplicates="keep")
    lakes = Publication(id="lakes", title="Lakes", filters=(Keep(any_of=(matching("ferry", "ferry"),)),))
    async with planet(tmp_path, ALL, apart, replace(lakes, sources=("lake",)), sources=both) as here:
        await here.poll("river", rss("Bridge closed", said))
        await here.poll("lake", rss("Bridge closed", said))
        changed = said.replace("forty", "fifty")
        await here.poll("lake", rss("Bridge closed", changed))
        assert await ask(here, "/all.changes.atom") == []
        assert await ask(here, "/apart.changes.atom") == ["Text changed: Bridge closed"]
        assert await ask(here, "/lakes.changes.atom") == ["Text changed: Bridge closed"]
        await here.poll("river", rss("Bridge closed", changed))
        assert await ask(here, "/all.changes.atom") == ["Text changed: Bridge closed"]
        assert await ask(here, "/apart.changes.atom") == ["Text changed: Bridge closed"] * 2


@pytest.mark.parametrize(("path", "link"), [("/", "./all.changes.atom"), ("/lakes", "./lakes.changes.atom")])
async def test_a_publications_page_offers_the_feed_of_its_changes(path: str, link: str):
    lakes = Publication(id="lakes", title="Lakes", formats=("json",))
    async with site(shelf(), catalogue(ALL, lakes, link="https://planet.example/")) as client:
        page = (await client.get(path)).text
    assert f'changed (Atom)" href="{link}">' in page
    assert f"<code>https://planet.example{link[1:]}</code>" in page
    assert page.count(".changes.atom") == 3


def details(page: str) -> list[str]:
    """What can be opened on a page of the river, as plain words: what one clicks on, and what is shown then."""
    found = re.findall(r"<details[^>]*>(.*?)</details>", page, re.DOTALL)
    return [" ".join(unescape(strip_tags(one)).split()) for one in found]


async def test_a_click_on_updated_shows_what_changed_last_without_a_script():
    said = ("The bridge is open.", "The bridge is shut.", "The bridge is shut & barred.")
    here = shelf((item("a", title="Bridge", updated=NOON + 3 * MINUTE), said))
    async with site(here, catalogue(ALL)) as client:
        pages = {mode: (await client.get(f"/?show={mode}")).text for mode in ("", "full", "titles")}
    for mode in ("", "full"):
        assert "<del>shut.</del> <ins>shut &amp; barred.</ins>" in pages[mode]
        opened = next(one for one in details(pages[mode]) if one.startswith("updated"))
        assert opened == "updated 12:03 The bridge is shut. shut & barred. All that it said"
        assert 'href="./story/a#said"' in pages[mode]
    assert "<ins>" not in pages["titles"]
    assert '<a class="badge" href="./story/a#said">updated' in pages["titles"]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (("A secret", "B"), {}),
        (("A", "B"), {"publish": "link"}),
        (("B",), {}),
    ],
)
async def test_where_nothing_that_one_may_see_is_known_of_a_change_updated_leads_to_the_story(said, fields):
    here = shelf((item("a", updated=NOON + 3 * MINUTE, content=None, summary=None), said))
    found = catalogue(
        replace(ALL, filters=(Drop(any_of=(matching("secret", "secret"),)),)), sources=[source(**fields)]
    )
    async with site(here, found) as client:
        page = (await client.get("/")).text
    assert '<a class="badge" href="./story/a#said">updated' in page
    assert "secret" not in page
    assert "<del>" not in page


async def test_a_page_shows_no_more_of_changes_than_it_has_room_for():
    texts = [" ".join(f"{word}{number}-{'x' * 20}" for number in range(400)) for word in "ab"]
    told = [(item(f"a{n}", NOON - n * MINUTE, updated=NOON + HOUR, title=f"Story {n}"), texts) for n in range(50)]
    async with site(shelf(*told), catalogue(ALL)) as client:
        page = (await client.get("/")).text
    assert 1 < page.count("<del>") < 10
    assert page.count('class="badge" href=') > 25, "the others lead to their own pages"
    assert len(page.encode()) < 60_000


async def test_a_click_on_also_at_says_why_it_is_the_same_piece():
    names = ("river", "lake", "sea")
    sources = [source(id=name, location=f"https://{name}.example/feed", title=name.title()) for name in names]
    alike = Evidence(method="near", likeness=Likeness(jaccard=0.8), reason="80% of all phrases are in both texts")
    here = Shelf(
        items=[item(name, source_id=name, url=f"https://{name}.example/1", story="s") for name in names],
        edges=[Edge(one="lake", other="river", evidence=alike), Edge(one="lake", other="sea", evidence=alike)],
    )
    async with site(here, catalogue(ALL, sources=sources)) as client:
        page, titles_only = [(await client.get(f"/?show={mode}")).text for mode in ("", "titles")]
    (opened,) = (one for one in details(page) if one.startswith("also"))
    (first,) = (name for name in names if f'<h3><a href="https://{name}.example/1"' in page)
    others = [name.title() for name in names if name != first]
    assert opened.startswith(f"also at {others[0]}, {others[1]} {others[0]}: ")
    assert "80 % of what they say is the same, three words at a time" in opened
    assert ("another copy of this one" in opened) == (first != "lake")
    assert "<summary>also at <bdi>" in page
    assert "three words at a time" not in titles_only
    assert f'also at <a href="https://{others[0].lower()}.example/1"' in titles_only
