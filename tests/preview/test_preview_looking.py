"""A source that is looked at: asked as a poll would ask it, twice, and nothing of it stored."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import pytest

from aggregator.cli.preview import facts_of_preview, tell
from aggregator.model import (
    Catalogue,
    Decision,
    Drop,
    Entry,
    Failed,
    Fetched,
    FetchResult,
    FieldSelectors,
    Gone,
    Limit,
    Matcher,
    Publication,
    Signature,
    Site,
    Source,
    SourceKind,
    Throttled,
    Unchanged,
    Validators,
)
from aggregator.pipeline.outcomes import Services
from aggregator.ports import Store, Wanted
from aggregator.preview import BlankStore, Wish, look, looking, second_look
from aggregator.preview.previewed import Preview
from aggregator.preview.witness import Witness
from aggregator.schedule import Pace
from tests.pipeline.test_pipeline_comparing import LAKE, RIVER, report
from tests.support.inprocess import InProcess
from tests.support.installation import item, rss
from tests.support.nouns import NOON, source
from tests.support.planet import planet
from tests.support.waiting import PATIENCE

FEED = "https://example.org/feed"
ROBOTS = "https://example.org/robots.txt"
Answer = bytes | str | FetchResult


@dataclass
class Answers(InProcess):
    """A site that answers what it is told: for each address its answers, the last of them for ever."""

    answers: dict[str, list[Answer]]
    asked: list[tuple[str, Validators]] = field(default_factory=list)
    wanted: dict[str, tuple[Wanted, SourceKind]] = field(default_factory=dict)

    def now(self) -> datetime:
        return NOON

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        self.asked.append((source.location, validators))
        self.wanted[source.location] = (wanted, source.kind)
        left = self.answers.get(source.location) or [Failed(trouble="http", message="404.", status=404)]
        answer = left.pop(0) if len(left) > 1 else left[0]
        if not isinstance(answer, bytes | str):
            return answer
        body = answer.encode() if isinstance(answer, str) else answer
        return Fetched(
            url=source.location,
            status=200,
            body=body,
            body_hash=blake2b(body).hexdigest(),
            content_type="",
            content_location=source.location,
            validators=Validators(etag='"1"'),
        )


async def preview(
    answers: dict[str, Iterable[Answer]],
    of: Source | None = None,
    store: Store | None = None,
    *,
    twice: bool = True,
    force: bool = False,
) -> tuple[Preview, Answers]:
    here = Answers(answers={where: list(given) for where, given in answers.items()})
    services = Services(
        fetcher=here,
        reader=here,
        store=cast("Store", BlankStore()),
        clock=here,
        pace=Pace(min_interval=timedelta(minutes=5)),
    )
    known = Catalogue(
        site=Site(title="Planet", link=None, contact=None),
        sources=(of or source(),),
        publications=(Publication(id="all", title="All"),),
    )
    wish = Wish(source=of or source(), again_after=timedelta(0) if twice else None, force=force)
    return await look(wish, known, services, store), here


def titles(found: Preview) -> list[str]:
    return [one.item.entry.title for one in found.sight.entries]


async def test_a_feed_is_asked_twice_and_its_site_once_for_robots():
    found, here = await preview({FEED: [rss(item(1), item(2)), Unchanged(url=FEED, validators=Validators())]})

    assert (found.result, len(found.sight.entries), found.sight.listed) == ("ok", 2, 2)
    assert [where for where, _ in here.asked] == [ROBOTS, FEED, FEED]
    assert [validators.etag for _, validators in here.asked] == [None, None, '"1"']
    assert (found.sight.ids.how, found.sight.ids.kept) == ("unchanged", 2)
    assert found.sight.robots is not None
    assert (found.sight.robots.allowed, found.sight.robots.rule) == (True, "the site has none")


async def test_the_same_bytes_are_as_good_as_word_that_nothing_changed():
    found, _ = await preview({FEED: [rss(item(1))]})

    assert found.sight.ids.how == "unchanged"


async def test_a_new_entry_between_two_looks_is_no_fault():
    found, _ = await preview({FEED: [rss(item(1), item(2)), rss(item(3), item(1), item(2))]})

    assert (found.result, found.sight.ids.how, found.sight.ids.kept) == ("ok", "compared", 2)
    assert (found.sight.ids.renamed, found.sight.ids.again) == ((), ())


def strange(number: int, session: str) -> str:
    return (
        f"<item><title>Tide {number}</title><guid isPermaLink='false'>{session}-{number}</guid>"
        f"<link>https://example.org/{session}/{number}</link>"
        f"<pubDate>Sun, 01 Mar 2026 0{number}:00:00 GMT</pubDate>"
        f"<description>Water stood at mark {number} on day {session}.</description></item>"
    )


def wire(*entries: str) -> str:
    return f"<rss version='2.0'><channel><title>Wire</title>{''.join(entries)}</channel></rss>"


async def test_ids_that_change_while_addresses_stay_are_told_and_known_again():
    now = [strange(number, "a") for number in range(1, 4)]
    other = [one.replace(">a-", ">b-") for one in now]

    found, _ = await preview({FEED: [wire(*now), wire(*other)]})

    assert (found.result, len(found.sight.ids.renamed), found.sight.ids.again) == ("ok", 3, ())


async def test_entries_whose_names_all_change_would_be_announced_again_and_again():
    now = [strange(number, "a") for number in range(1, 4)]
    other = [one.replace(">a-", ">b-").replace("/a/", "/b/").replace("0:00", "7:00") for one in now]

    found, _ = await preview({FEED: [wire(*now), wire(*other)]})

    assert len(found.sight.ids.again) == 3
    assert (found.sight.ids.kept, found.sight.ids.renamed, found.sight.ids.steady) == (0, (), "title")
    assert found.result == "broken"
    assert found.reasons[0].startswith(f"{len(found.sight.ids.again)} entries would be announced again")


@pytest.mark.parametrize(
    ("changed", "steady"),
    [({"id": "b"}, "url"), ({"url_key": "y"}, "title"), ({"url_key": "y", "title": "Ebb"}, None)],
)
def test_what_is_the_same_in_both_looks_and_of_no_other_entry_tells_them_apart(
    changed: dict[str, str], steady: str | None
):
    was = [Entry(id="a", url_key="x", title="Tide"), Entry(id="c", url_key="z", title="Flow")]

    assert second_look.find_steady([(one, replace(one, **changed)) for one in was[:1]]) == steady
    assert second_look.find_steady([(one, replace(one, title="", url_key=None)) for one in was]) is None


async def test_dates_by_the_clock_of_the_server_are_told():
    now = [strange(number, "a") for number in range(1, 4)]
    later = [one.replace(":00 GMT", ":02 GMT") for one in now]

    found, _ = await preview({FEED: [wire(*now), wire(*later)]})

    assert (found.result, found.sight.ids.again) == ("ok", ())
    assert found.sight.ids.redated == ("Tide 1", "Tide 2", "Tide 3")


async def test_entries_that_share_an_id_are_told():
    same = [strange(number, "a").replace(f">a-{number}", ">a") for number in range(1, 3)]

    found, _ = await preview({FEED: [wire(*same, strange(3, "a"))]})

    assert (len(found.sight.entries), found.sight.namesakes) == (3, ("Tide 1", "Tide 2"))


async def test_a_second_look_that_fails_leaves_what_the_first_one_brought():
    for second in (Throttled(status=429, retry_at=None, message="Later."), "<html>Busy</html>"):
        found, _ = await preview({FEED: [rss(item(1)), second]})
        assert (found.result, found.sight.ids.how) == ("ok", "failed")


async def test_one_look_is_enough_where_no_second_is_wished_for():
    found, here = await preview({FEED: [rss(item(1))]}, twice=False)

    assert (found.result, found.sight.ids.how, len(here.asked)) == ("ok", "not_asked", 2)


async def test_what_a_server_does_is_told_in_its_words():
    found, _ = await preview({FEED: [Gone(message="example.org answered 410: gone for good.")]})

    assert (found.result, found.sight.entries) == ("broken", ())
    assert "410" in found.reasons[0]


async def test_a_page_that_names_its_feed_is_told_and_the_feed_is_looked_at():
    page = f"<!doctype html><title>River</title><link rel=alternate type=application/rss+xml href='{FEED}'>"
    at = source(location="https://example.org/", url="https://example.org/")

    found, _ = await preview({"https://example.org/": [page], FEED: [rss(item(1))]}, at)

    assert (found.result, found.sight.named_by_page, found.sight.address) == ("ok", True, FEED)


async def test_a_page_without_a_feed_is_offered_as_a_page():
    words = ("ferry runs again", "north pier is shut", "harbour freezes over", "new lights at the mole")
    links = "".join(
        f"<article><h2><a href='/news/2026/{n}-{w.replace(' ', '-')}'>The {w} today</a></h2></article>"
        for n, w in enumerate(words)
    )
    found, _ = await preview({FEED: [f"<!doctype html><title>News</title><body><main>{links}</main>"]})

    assert found.result == "broken"
    assert any("page that lists 4 articles" in note for note in found.notes)


ARTICLES = [f"https://example.org/news/2026/{n}-the-water-rises" for n in range(9)]
TEXT = "Water stood at the second mark for most of the day, and nobody on the quay could say why. " * 9


def articles() -> dict[str, Iterable[Answer]]:
    """The pages of nine articles."""
    return {
        one: [f"<title>Day</title><article><h1>The water rises {one[-16]}</h1><p>{TEXT}</p></article>"]
        for one in ARTICLES
    }


async def look_at_page(**answers: Answer) -> tuple[Preview, Answers]:
    listing = "".join(
        f"<article><h2><a href='{one}'>The water rises on day {n}</a></h2></article>"
        for n, one in enumerate(ARTICLES)
    )
    given = {FEED: [f"<!doctype html><body><main>{listing}</main>"], **articles()}
    given |= {where: [answer] for where, answer in answers.items()}
    return await preview(given, source(kind="page", location=FEED, url=FEED))


async def test_of_a_page_only_some_articles_are_asked_for_and_nothing_is_said_of_the_others():
    found, here = await look_at_page()

    assert (found.result, found.sight.listed, len(found.sight.entries), found.sight.unread) == ("ok", 9, 5, 4)
    assert len([where for where, _ in here.asked if "/news/" in where]) == 5
    assert list(tell(found))[-1] == "ok: 5 of 5 looked at would join, 4 more not asked for."
    assert facts_of_preview(found)["unread"] == 4


async def test_an_article_that_a_page_lists_and_that_gives_no_answer_counts_as_looked_at():
    found, _ = await look_at_page(**{ARTICLES[2]: Failed(trouble="timeout", message="Too slow.")})

    assert list(tell(found))[-1] == "ok: 4 of 5 looked at would join, 4 more not asked for."


async def test_entries_of_a_feed_whose_articles_were_not_asked_for_join_and_are_told():
    listed = [f"<item><title>{n}</title><link>{one}</link></item>" for n, one in enumerate(ARTICLES)]
    found, _ = await preview({FEED: [rss(*listed)], **articles()}, source(content="full"))

    assert (len(found.sight.entries), found.sight.unread) == (9, 4)
    assert list(tell(found))[-1] == "ok: 9 of 9 would join, the articles of 4 not asked for."


async def test_a_site_that_keeps_programs_out_is_asked_for_feeds_but_not_for_pages():
    rules: dict[str, Iterable[Answer]] = {ROBOTS: ["User-agent: *\nDisallow: /\n"], FEED: [rss(item(1))]}
    page = source(kind="xpath", select=FieldSelectors(item="//li", title="."))

    feed, _ = await preview(rules)
    refused, here = await preview(rules, page)
    forced, _ = await preview({**rules, FEED: ["<li>One</li>"]}, page, force=True)

    assert feed.result == "ok"
    assert any("robots.txt" in note for note in feed.notes)
    assert (refused.result, [where for where, _ in here.asked]) == ("refused", [ROBOTS])
    assert forced.result == "ok"


async def test_a_site_that_names_us_is_not_asked_at_all():
    found, here = await preview({ROBOTS: ["User-agent: aggregator\nDisallow: /\n"], FEED: [rss(item(1))]})

    assert (found.result, len(here.asked)) == ("refused", 1)


async def test_what_robots_say_stays_open_where_they_cannot_be_had():
    for answer, allowed in (
        (Failed(trouble="timeout", message="Too slow."), None),
        (Failed(trouble="http", message="503.", status=503), None),
        (Throttled(status=429, retry_at=None, message="Later."), None),
        (Failed(trouble="blocked", message="For browsers.", status=403), None),
        (Failed(trouble="http", message="403.", status=403), True),
        (Gone(message="Gone."), True),
    ):
        found, _ = await preview({ROBOTS: [answer], FEED: [rss(item(1))]})
        assert found.sight.robots is not None
        assert found.sight.robots.allowed is allowed
        assert found.result == "ok"


async def test_what_is_at_an_address_is_told_apart_from_what_the_source_is_read_as():
    _, here = await preview({FEED: [rss(item(1))]}, source(content="full"), twice=False)

    assert here.wanted == {
        ROBOTS: ("robots", "feed"),
        FEED: ("source", "feed"),
        "https://river.example/1": ("article", "feed"),
    }


async def test_a_second_document_that_stalls_the_judging_announces_nothing(monkeypatch: pytest.MonkeyPatch):
    looks = 0
    judge = InProcess.judge

    async def stall(here: InProcess, *asked: Any) -> Decision | Failed:
        nonlocal looks
        looks += 1
        return await judge(here, *asked) if looks == 1 else Failed(trouble="internal", message="given up")

    monkeypatch.setattr(InProcess, "judge", stall)
    found, _ = await preview({FEED: [rss(item(1), item(2)), rss(item(3), item(1), item(2))]})

    assert (found.result, found.sight.ids.again, looks > 1) == ("ok", (), True)


async def test_entries_without_names_are_looked_up_in_a_store_without_a_past():
    nameless = wire("<item><title>One</title><description>Water at the first mark.</description></item>")

    found, _ = await preview({FEED: [nameless]})

    assert titles(found) == ["One"]
    store = BlankStore()
    assert (await store.find_items(["u"]), await store.latest(["river"], 9)) == ((), ())


async def test_what_an_address_holds_in_secret_is_told_nowhere():
    at = source(location="https://ann:opensesame@example.org/feed", url="https://ann:***@example.org/feed")
    moved = Fetched(
        url=FEED, status=200, body=rss(item(1)).encode(), body_hash="1", content_type="", content_location=FEED,
        validators=Validators(), moved_to="https://ann:opensesame@example.org/new",
    )  # fmt: skip

    found, _ = await preview({at.location: [moved]}, at)

    assert (found.result, found.sight.address, found.sight.moved_to) == ("ok", at.url, None)


async def test_files_have_no_robots(tmp_path: Path):
    at = source(kind="file", location=str(tmp_path / "a.xml"), url="a.xml")

    found, _ = await preview({at.location: [rss(item(1))]}, at)

    assert (found.sight.robots, found.sight.address) == (None, "a.xml")


async def test_what_filters_keep_out_is_named_with_the_step():
    drop = Drop(any_of=(Matcher(field="any", pattern="Report 1", shown="Report 1"),))
    found, _ = await preview({FEED: [rss(item(1), item(2), item(3))]}, source(filters=(drop, Limit(count=1))))

    assert sorted(filter(None, (one.filtered for one in found.sight.entries))) == ["a limit", "drop Report 1"]


async def test_selectors_are_tried_like_any_source():
    body = json.dumps({"rows": [{"name": "One", "at": 1772366400}, {"name": "Two", "at": "yesterday"}]})
    at = source(kind="json", select=FieldSelectors(item="rows[]", title="name", published="at"))

    found, _ = await preview({FEED: [body]}, at)
    wrong, _ = await preview({FEED: [body]}, replace(at, select=FieldSelectors(item="row[]", title="name")))

    assert (found.result, sorted(titles(found))) == ("ok", ["One", "Two"])
    assert any("1 of 2 entries have no date" in note for note in found.notes)
    assert "`rows[]` (2 × {name, at})" in wrong.reasons[0]


async def test_what_is_here_already_is_named_and_nothing_of_it_changes(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        before = await here.store.latest(["river"], 9)
        stranger = source(id="sea", location="https://sea.example/feed", url="https://sea.example/feed")

        found, _ = await preview({"https://sea.example/feed": [report("lake")]}, stranger, here.store)
        again, _ = await preview({RIVER.location: [report("river")]}, RIVER, here.store)

        assert [[(match.item.source_id, match.same) for match in one.stored] for one in found.sight.entries] == [
            [("river", False)]
        ]
        assert [[(match.reason, match.same) for match in one.stored] for one in again.sight.entries] == [
            [("it is stored", True)]
        ]
        assert await here.store.latest(["river"], 9) == before
        assert list(await here.store.states()) == ["lake", "river"]


async def test_what_cannot_be_signed_is_looked_up_by_its_names_alone(tmp_path: Path, monkeypatch: Any):
    async def fail(_self: object, _entries: object) -> tuple[Signature, ...] | Failed:
        return Failed(trouble="malformed", message="given up")

    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        monkeypatch.setattr(InProcess, "sign", fail)
        found, _ = await preview({RIVER.location: [report("river")]}, RIVER, here.store)
        assert found.sight.entries[0].stored[0].same


async def test_a_witness_hands_on_what_it_has_no_part_in():
    reader = Answers({})
    witness = Witness(fetcher=reader, reader=reader)
    entry = Entry(id="1", title="T", text="Said.")
    assert await witness.sign([entry]) == await reader.sign([entry])
    page = Fetched(
        url=FEED,
        status=200,
        body=b"<opml version='2.0'><body><outline text='L' xmlUrl='https://lake.example/f'/></body></opml>",
        body_hash="",
        content_type="text/x-opml",
        content_location=FEED,
        validators=Validators(),
    )
    assert await witness.list_feeds(page) == await reader.list_feeds(page)


async def test_robots_txt_that_does_not_come_in_time_is_told_and_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(looking, "_ROBOTS_SECONDS", 0.01)

    class Slow(Answers):
        async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
            if wanted == "robots":
                await asyncio.sleep(PATIENCE)
            return await super().fetch(source, validators, wanted)

    monkeypatch.setattr(sys.modules[__name__], "Answers", Slow)
    found, _ = await preview({FEED: [rss(item(1))]})
    assert found.sight.robots is not None
    assert (found.sight.robots.allowed, found.sight.robots.rule) == (None, "it did not come in time")
