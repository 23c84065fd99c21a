"""Entries that point at their articles: each is asked for once, and what cannot be had costs itself only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

import pytest

from aggregator.model import (
    Blocked,
    Entry,
    Failed,
    Fetched,
    FetchResult,
    Gone,
    Item,
    ItemKey,
    Missed,
    Source,
    Throttled,
    Trimmed,
    Unchanged,
    Validators,
)
from aggregator.pipeline import articles
from aggregator.pipeline.article import AT_ONCE, Articles
from aggregator.pipeline.articles import CompletedEntries
from aggregator.pipeline.shortfall import TRIES
from aggregator.ports import Wanted
from tests.contract.stock import item
from tests.support.inprocess import InProcess
from tests.support.nouns import source

PAGE = source(id="hall", kind="page", location="https://hall.example/news", url="https://hall.example/news")
FEED = source(id="hall", content="full", location="https://hall.example/feed", url="https://hall.example/feed")
NOT_FOUND = Failed(trouble="http", message="Nothing is there.", status=404)
SLOW = Failed(trouble="timeout", message="Too slow.")
BUSY = Throttled(status=429, retry_at=None, message="Later.")


def page(text: str, url: str = "https://hall.example/1") -> Fetched:
    """A page whose whole body is the text of its article."""
    body = text.encode()
    return Fetched(
        url=url,
        status=200,
        body=body,
        body_hash=blake2b(body).hexdigest(),
        content_type="text/html",
        content_location=url,
        validators=Validators(etag='"a"'),
    )


@dataclass
class Site(InProcess):
    """A site that answers as a test says, and a reader that takes a body for an article."""

    answers: dict[str, FetchResult] = field(default_factory=dict)
    asked: list[Source] = field(default_factory=list)
    no_article: Failed | None = None

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        assert (validators, wanted) == (Validators(), "article")
        self.asked.append(source)
        return self.answers.get(source.location, page(f"<p>All of {source.location}</p>", source.location))

    async def article(self, fetched: Fetched, _: Source) -> Entry | Failed:
        text = fetched.body.decode()
        return self.no_article or Entry(
            url=fetched.url, title="From the page", content=text, text=text, language="en", direction="ltr"
        )

    @property
    def asked_at(self) -> list[str]:
        return [source.location.rpartition("/")[2] for source in self.asked]


def stub(name: str, **fields: Any) -> Entry:
    """What a list, or a feed of teasers, says of an article."""
    defaults = {"url": f"https://hall.example/{name}", "url_key": f"hall.example/{name}", "title": f"Title {name}"}
    return Entry(**(defaults | fields))


def teaser(name: str, **fields: Any) -> Entry:
    """An entry of a feed that carries only the beginning."""
    return stub(name, **({"summary": "<p>All</p>", "text": "All"} | fields))


async def complete(
    site: Site, source: Source, *entries: Entry, missed: tuple[Missed, ...] = (), items: tuple[Item, ...] = ()
) -> CompletedEntries:
    known: dict[ItemKey, tuple[Item, ...]] = {one.key: (one,) for one in items}
    return await articles.complete(source, entries, known, missed, Articles(fetcher=site, reader=site))


def stored(*entries: Entry) -> tuple[Item, ...]:
    """The items that such entries become."""
    return tuple(item(entry=entry, key=ItemKey(kind="url", value=str(entry.url_key))) for entry in entries)


async def test_a_listed_article_is_asked_for_and_keeps_the_address_of_the_list():
    site = Site()
    done = await complete(site, PAGE, stub("1", position=4))
    (entry,) = done.entries
    assert entry.content == "<p>All of https://hall.example/1</p>"
    assert (entry.title, entry.url, entry.url_key, entry.position) == (
        "From the page",
        "https://hall.example/1",
        "hall.example/1",
        4,
    )
    assert done.whole
    assert done.missed == ()


async def test_a_stored_article_is_never_asked_for_again():
    site = Site()
    first = await complete(site, PAGE, stub("1"))
    done = await complete(site, PAGE, stub("1", title="Another title"), stub("2"), items=stored(*first.entries))
    assert [entry.url for entry in done.entries] == ["https://hall.example/2"]
    assert site.asked_at == ["1", "2"]


async def test_a_long_list_is_read_over_several_polls():
    site = Site()
    listed = [stub(str(number)) for number in range(AT_ONCE + 5)]
    first = await complete(site, PAGE, *listed)
    assert (len(first.entries), first.whole) == (AT_ONCE, False)
    second = await complete(site, PAGE, *listed, items=stored(*first.entries))
    assert (len(second.entries), second.whole) == (5, True)
    assert len(site.asked) == AT_ONCE + 5


async def test_an_article_that_fails_is_tried_on_further_polls_and_then_published_as_listed():
    site = Site(answers={"https://hall.example/1": SLOW})
    missed: tuple[Missed, ...] = ()
    for number in range(1, TRIES):
        done = await complete(site, PAGE, stub("1"), missed=missed)
        assert (done.entries, done.whole) == ((), False)
        assert done.missed == (
            Missed(url_key="hall.example/1", tries=number, trouble="timeout", reason="no answer in time"),
        )
        missed = done.missed
    last = await complete(site, PAGE, stub("1"), missed=missed)
    assert [entry.title for entry in last.entries] == ["Title 1"]
    assert last.whole
    assert len(site.asked) == TRIES


@pytest.mark.parametrize(
    "answer",
    [NOT_FOUND, Gone(message="Gone."), Blocked(message="No."), page("<p>Home</p>", "https://hall.example/")],
    ids=["404", "410", "blocked", "led home"],
)
async def test_an_article_that_will_never_come_is_published_as_listed_at_once(answer: FetchResult):
    site = Site(answers={"https://hall.example/1": answer})
    done = await complete(site, PAGE, stub("1"))
    assert [entry.title for entry in done.entries] == ["Title 1"]
    assert done.whole
    again = await complete(site, PAGE, stub("1"), missed=done.missed)
    assert len(site.asked) == 1
    assert again.missed == done.missed


async def test_a_page_without_an_article_is_not_asked_for_again():
    site = Site(no_article=Failed(trouble="not_a_feed", message="A login."))
    done = await complete(site, PAGE, stub("1"))
    assert [entry.title for entry in done.entries] == ["Title 1"]
    assert done.whole


async def test_an_article_whose_reading_was_stopped_is_tried_again():
    site = Site(no_article=Failed(trouble="malformed", message="Too slow."))
    done = await complete(site, PAGE, stub("1"))
    assert (done.entries, done.whole) == ((), False)


async def test_a_host_that_wants_to_be_left_alone_is_left_alone_and_no_try_is_counted():
    site = Site(answers={"https://hall.example/2": BUSY})
    done = await complete(site, PAGE, stub("1"), stub("2"), stub("3"))
    assert site.asked_at == ["1", "2"]
    assert [entry.url for entry in done.entries] == ["https://hall.example/1"]
    assert not done.whole
    assert done.missed == (Missed(url_key="hall.example/2", tries=0, trouble="rate_limited", reason="429"),)
    assert (done.listed, done.had) == (3, 1)


async def test_after_three_failures_in_a_row_the_rest_waits_for_the_next_poll():
    names = [str(number) for number in range(6)]
    site = Site(answers={f"https://hall.example/{name}": SLOW for name in names})
    done = await complete(site, PAGE, *(stub(name) for name in names))
    assert site.asked_at == ["0", "1", "2"]
    assert not done.whole


async def test_what_failed_is_forgotten_once_it_is_no_longer_listed():
    old = (Missed(url_key="hall.example/9", tries=2),)
    done = await complete(Site(), PAGE, stub("1"), missed=old)
    assert done.missed == ()


async def test_credentials_go_only_to_articles_of_the_same_origin():
    site = Site()
    secret = replace(PAGE, headers=(("Authorization", "Bearer x"),))
    other = stub("x", url="https://elsewhere.example/1", url_key="elsewhere.example/1")
    await complete(site, secret, stub("1"), other)
    assert [asked.headers for asked in site.asked] == [(("Authorization", "Bearer x"),), ()]


async def test_a_teaser_gets_the_text_of_its_article_and_remains_as_summary():
    done = await complete(Site(), FEED, teaser("1"))
    (entry,) = done.entries
    assert (entry.title, entry.summary) == ("Title 1", "<p>All</p>")
    assert entry.content == "<p>All of https://hall.example/1</p>"
    assert entry.language == "en"


async def test_a_teaser_that_says_what_it_said_keeps_the_text_without_another_request():
    site = Site()
    first = await complete(site, FEED, teaser("1"))
    again = await complete(site, FEED, teaser("1"), items=stored(*first.entries))
    assert again.entries == first.entries
    assert len(site.asked) == 1


async def test_a_changed_teaser_lets_the_article_be_read_again():
    site = Site()
    first = await complete(site, FEED, teaser("1"))
    site.answers["https://hall.example/1"] = page("<p>All of it, and the result</p>")
    again = await complete(site, FEED, teaser("1", title="Updated"), items=stored(*first.entries))
    assert [entry.content for entry in again.entries] == ["<p>All of it, and the result</p>"]
    assert len(site.asked) == 2


async def test_where_the_article_cannot_be_had_the_teaser_is_published_and_known_text_is_kept():
    site = Site()
    first = await complete(site, FEED, teaser("1"))
    site.answers = dict.fromkeys(["https://hall.example/1", "https://hall.example/2"], SLOW)
    changed = teaser("1", title="Updated")
    done = await complete(site, FEED, changed, teaser("2"), items=stored(*first.entries))
    assert [entry.content for entry in done.entries] == ["<p>All of https://hall.example/1</p>", None]
    assert not done.whole


async def test_a_feed_that_says_more_than_the_page_keeps_its_own_text_and_the_page_is_not_asked_for_again():
    site = Site(answers={"https://hall.example/1": page("Menu")})
    whole = stub("1", content="<p>The whole text</p>", text="The whole text")
    first = await complete(site, FEED, whole)
    assert [entry.content for entry in first.entries] == ["<p>The whole text</p>"]
    await complete(site, FEED, whole, missed=first.missed, items=stored(*first.entries))
    assert len(site.asked) == 1


async def test_an_entry_without_an_address_is_left_as_it_is():
    entry = Entry(id="1", title="No address")
    assert (await complete(Site(), FEED, entry)).entries == (entry,)
    assert (await complete(Site(), PAGE, entry)).entries == ()


async def test_an_item_whose_text_was_let_go_of_is_not_compared_with_its_teaser():
    site = Site()
    (old,) = stored(teaser("1"))
    pruned = replace(old, pruned=True, entry=replace(old.entry, summary=None, text=""))
    site.answers = {"https://hall.example/1": NOT_FOUND}
    missed: tuple[Missed, ...] = ()
    for source_ in (FEED, PAGE):
        for _ in range(TRIES + 1):
            done = await complete(site, source_, teaser("1"), items=(pruned,), missed=missed)
            missed = done.missed
            assert (done.entries, done.passed) == ((), {pruned.uid})


async def test_the_article_of_an_item_whose_text_was_let_go_of_is_asked_for_again():
    site = Site()
    (old,) = stored(stub("1", content="<p>All</p>", text="All"))
    pruned = replace(old, pruned=True, entry=replace(old.entry, content=None, text=""))
    for source_ in (FEED, PAGE):
        (entry,) = (await complete(site, source_, teaser("1"), items=(pruned,))).entries
        assert entry.content == "<p>All of https://hall.example/1</p>"
    short = Site(answers={"https://hall.example/1": page("Al")})
    done = await complete(short, FEED, teaser("1"), items=(pruned,))
    assert [entry.text for entry in done.entries] == ["All"], "the feed says more than the page"
    done = await complete(short, FEED, teaser("1"), items=(pruned,), missed=done.missed)
    assert [entry.text for entry in done.entries] == ["All"]


BROKEN = Failed(trouble="internal", message="A fault in this program (KeyError).")


@pytest.mark.parametrize(
    ("answer", "trouble", "reason"),
    [
        (NOT_FOUND, "http", "404"),
        (Failed(trouble="http", message="Refused.", status=403), "http", "403"),
        (Failed(trouble="http", message="Broken off."), "http", "a broken answer"),
        (Failed(trouble="redirect", message="A circle.", status=302), "redirect", "redirects that lead nowhere"),
        (Gone(message="Gone."), "gone", "410"),
        (Blocked(message="No."), "blocked", "an address that is not asked"),
        (page("<p>Home</p>", "https://hall.example/"), "redirect", "led to the home page"),
        (Unchanged(url="u", validators=Validators()), "http", "a broken answer"),
        (BROKEN, "internal", BROKEN.message),
    ],
)
async def test_what_could_not_be_had_is_noted_with_its_reason(answer: FetchResult, trouble: str, reason: str):
    done = await complete(Site(answers={"https://hall.example/1": answer}), PAGE, stub("1"))
    (missed,) = done.missed
    assert (missed.trouble, missed.reason, done.listed, done.had) == (trouble, reason, 1, 0)


async def test_what_a_broken_installation_missed_is_asked_for_until_it_is_mended():
    site = Site(no_article=BROKEN)
    missed: tuple[Missed, ...] = ()
    for _ in range(TRIES + 2):
        done = await complete(site, PAGE, stub("1"), stub("2"), missed=missed)
        assert (done.entries, done.whole, done.faults, done.had) == ((), False, 2, 0)
        missed = done.missed
    site.no_article = None
    mended = await complete(site, PAGE, stub("1"), stub("2"), missed=missed)
    assert [entry.title for entry in mended.entries] == ["From the page"] * 2
    assert (mended.missed, mended.whole, mended.had) == ((), True, 2)


async def test_one_article_that_is_too_much_for_us_keeps_nobody_from_being_read_and_is_given_up():
    site = Site(answers={f"https://hall.example/{name}": BROKEN for name in "123"})
    names = [str(number) for number in range(1, 6)]
    done = await complete(site, PAGE, *map(stub, names))
    assert site.asked_at == ["1", "2", "3"]  # so many faults in a row, and the rest waits
    again = await complete(site, PAGE, *map(stub, names), missed=done.missed)
    assert site.asked_at[3:5] == ["4", "5"]
    assert [entry.url for entry in again.entries] == ["https://hall.example/4", "https://hall.example/5"]
    assert {one.tries for one in again.missed} == {1}
    for _ in range(TRIES - 1):
        again = await complete(
            site, PAGE, *map(stub, names), missed=again.missed, items=stored(stub("4"), stub("5"))
        )
    assert again.whole is False
    last = await complete(site, PAGE, *map(stub, names), missed=again.missed, items=stored(stub("4"), stub("5")))
    assert [entry.title for entry in last.entries] == ["Title 1", "Title 2", "Title 3"]
    assert (last.whole, last.listed, last.had) == (True, 5, 2)
    assert [one.trouble for one in last.missed] == ["internal"] * 3


async def test_what_is_published_as_listed_still_counts_as_missing():
    site = Site(answers={"https://hall.example/1": NOT_FOUND})
    first = await complete(site, PAGE, stub("1"), stub("2"))
    again = await complete(site, PAGE, stub("1"), stub("2"), missed=first.missed, items=stored(*first.entries))
    assert (again.missed, again.listed, again.had) == (first.missed, 2, 1)


async def test_a_feed_that_says_as_much_as_its_pages_misses_nothing():
    site = Site(answers={"https://hall.example/1": page("Menu")})
    whole = stub("1", content="<p>The whole text</p>", text="The whole text")
    first = await complete(site, FEED, whole)
    assert (first.missed[0].trouble, first.listed, first.had) == (None, 1, 1)
    again = await complete(site, FEED, whole, missed=first.missed, items=stored(*first.entries))
    assert (again.listed, again.had) == (1, 1)


async def test_items_whose_entries_are_left_out_are_told_since_they_are_listed_all_the_same():
    known, fresh = stub("1"), stub("2")
    (one,) = items = stored(known)
    done = await complete(Site(), PAGE, known, fresh, items=items)
    assert [entry.url for entry in done.entries] == [fresh.url]
    assert done.passed == {one.uid}


async def test_what_an_editor_removes_of_an_article_goes_with_its_text_and_stays_gone_without_asking_again():
    left = Trimmed(content="<p>Left</p>", text="Left", image="https://hall.example/left.png")

    class Trimming(Site):
        async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
            found = await super().article(fetched, source)
            assert isinstance(found, Entry)
            return replace(found, trimmed=left)

    site = Trimming()
    (entry,) = (await complete(site, FEED, teaser("1"))).entries
    assert entry.content == "<p>All of https://hall.example/1</p>"
    assert entry.trimmed == replace(left, summary="<p>All</p>")
    (again,) = (await complete(site, FEED, teaser("1"), items=stored(entry))).entries
    assert (again.trimmed, len(site.asked)) == (entry.trimmed, 1)
    (listed,) = (await complete(site, PAGE, stub("2", image="https://hall.example/2.png"))).entries
    assert listed.trimmed == left
    (short,) = (
        await complete(site, FEED, teaser("3", text="Longer than all. " * 9, trimmed=Trimmed(text="x")))
    ).entries
    assert short.trimmed == Trimmed(text="x")
    (plain,) = (await complete(Site(), FEED, teaser("4", trimmed=Trimmed(summary="<p>Al</p>", text="Al")))).entries
    assert plain.trimmed is not None
    assert (plain.trimmed.content, plain.trimmed.summary) == (plain.content, "<p>Al</p>")


LED = "https://elsewhere.example/t1"


@pytest.mark.parametrize("made_from", [PAGE, FEED], ids=["page", "feed"])
async def test_an_entry_knows_the_other_host_that_its_text_was_read_at(made_from: Source):
    url = "https://hall.example/1"
    for place, told in ((LED, LED), ("https://www.hall.example/1.html", None)):
        site = Site(answers={url: page("<p>All of it, at length, from where it led.</p>", place)})
        (read,) = (await complete(site, made_from, teaser("1"))).entries
        assert (read.text_from, "at length" in read.text) == (told, True)


async def test_a_text_from_another_host_is_known_as_such_as_long_as_it_is_shown():
    site = Site(answers={"https://hall.example/1": page("<p>All of it, at length.</p>", LED)})
    first = await complete(site, FEED, teaser("1"))
    again = await complete(site, FEED, teaser("1"), items=stored(*first.entries))
    assert (len(site.asked), again.entries[0].text_from) == (1, LED)
    longer = teaser("1", text="All of it, and more than its page says, in the feed itself.")
    own = await complete(site, FEED, longer, items=stored(*first.entries))
    assert own.entries[0].text_from is None
