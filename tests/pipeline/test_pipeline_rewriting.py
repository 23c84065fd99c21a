"""An edit of `rewrite`, `remove` or `keep` changes what readers are told, and nothing else."""

from __future__ import annotations

import asyncio
import html
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator import patterns
from aggregator.model import Rewrite, Source, Trimming
from tests.pipeline.test_pipeline_comparing import ATOM
from tests.support.installation import rss
from tests.support.nouns import source
from tests.support.planet import Planet, planet

SHARE = '<div class="share">Tell your friends in town</div>'
WITHOUT_NAMES = 3


def feed(*numbers: int, edited: bool = False) -> str:
    """A feed of articles; one in three has neither an id nor an address, so that its words are its name."""
    return rss("".join(_article(number, edited=edited) for number in numbers), title="River")


def _article(number: int, *, edited: bool) -> str:
    named = f"<guid isPermaLink='false'>{number}</guid><link>https://river.example/{number}?utm_x=1&amp;b=2</link>"
    more = "<p>And on Tuesday it sank again, to everybody's surprise.</p>" if edited else ""
    text = f"<article><p>The river at mark {number} rose.</p>{more}</article>{SHARE}<p>Imprint</p>"
    return (
        f"<item>{named if number % WITHOUT_NAMES else ''}<title>Ad: Mark {number} is reached</title>"
        f"<pubDate>Sun, 01 Mar 2026 09:{number:02}:00 GMT</pubDate>"
        f"<description>{html.escape(text)}</description></item>"
    )


def rule(field: str, pattern: str, replacement: str) -> Rewrite:
    return Rewrite(field=field, pattern=pattern, replacement=replacement, shown=pattern)


REWRITES = (
    rule("title", "^Ad: ", ""),
    rule("title", ".*", "Another"),
    rule("text", r"mark (\d+)", r"\1th mark"),
    rule("link", r"\?.*", ""),
)
TRIMMINGS = (
    Trimming(),
    Trimming(remove=(".share",)),
    Trimming(keep=("article",)),
    Trimming(keep=("article", ".share"), remove=("p",)),
)
EDITS = st.tuples(st.lists(st.sampled_from(REWRITES), max_size=3).map(tuple), st.sampled_from(TRIMMINGS))


def edit(here: Planet, rewrites: tuple[Rewrite, ...] = (), trimming: Trimming | None = None) -> None:
    """Take over what the editor wants of the source now."""
    declared: Source = source(rewrites=rewrites, trimming=trimming or Trimming())
    here.catalogue = replace(here.catalogue, sources=(declared,))


async def told(here: Planet) -> list[dict[str, Any]]:
    document = await here.document("all")
    assert document is not None
    return [
        {
            "id": one.findtext(f"{ATOM}id"),
            "title": one.findtext(f"{ATOM}title"),
            "updated": one.findtext(f"{ATOM}updated"),
            "published": one.findtext(f"{ATOM}published"),
            "text": one.findtext(f"{ATOM}summary") or one.findtext(f"{ATOM}content"),
            "links": [link.get("href") for link in one.findall(f"{ATOM}link")],
        }
        for one in etree.fromstring(document.body).findall(f"{ATOM}entry")
    ]


def names(entries: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["id"], one["published"], one["updated"]) for one in entries]


async def test_what_is_removed_is_not_told_and_is_told_again_when_the_rule_goes(tmp_path: Path):
    async with planet(tmp_path) as here:
        await here.poll("river", feed(1, 2, 3))
        before = await here.document("all")
        whole = await told(here)
        edit(here, REWRITES[:1] + REWRITES[2:], Trimming(remove=(".share",)))
        update = await here.poll("river", feed(1, 2, 3))
        assert {change.verdict.kind for change in update.changes} == {"bumped"}
        shorter = await told(here)
        assert names(shorter) == names(whole)
        assert [one["title"] for one in shorter] == ["Mark 3 is reached", "Mark 2 is reached", "Mark 1 is reached"]
        assert all("Tell your friends" not in one["text"] for one in shorter)
        assert "The river at 1th mark rose." in shorter[-1]["text"]
        assert shorter[-1]["links"] == ["https://river.example/1"]
        edit(here)
        await here.publisher.publish_outdated()
        after = await here.document("all")
    assert before is not None
    assert after is not None
    assert after.body == before.body


async def test_a_rule_holds_for_items_that_their_feed_lists_no_more(tmp_path: Path):
    async with planet(tmp_path) as here:
        edit(here, (), Trimming(remove=(".share",)))
        await here.poll("river", feed(1, 2))
        await here.poll("river", feed(4))
        edit(here, REWRITES[:1], Trimming(remove=(".share", "p.none")))
        await here.poll("river", feed(4, 5))
        entries = await told(here)
    assert [one["title"] for one in entries] == [f"Mark {number} is reached" for number in (5, 4, 2, 1)]
    assert all("Tell your friends" not in one["text"] for one in entries)


async def test_a_real_edit_is_an_update_whatever_readers_are_told_of_it(tmp_path: Path):
    async with planet(tmp_path) as here:
        edit(here, REWRITES, Trimming(remove=("article",)))
        await here.poll("river", feed(1, 2, 4, 5, 7))
        body = feed(1, 2, 4, 5).replace("</channel>", _article(7, edited=True) + "</channel>")
        update = await here.poll("river", body)
    assert [change.verdict.kind for change in update.changes] == ["revised"]


@settings(max_examples=8, deadline=None)
@given(edits=st.lists(EDITS, min_size=1, max_size=4), grows=st.booleans())
def test_no_edit_of_the_rules_renames_announces_or_updates_anything(edits, grows):
    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with planet(Path(folder)) as here:
                await here.poll("river", feed(1, 2, 3, 4))
                first = names(await told(here))
                for number, (rewrites, trimming) in enumerate(edits):
                    edit(here, rewrites, trimming)
                    listed = range(1, 6 + number) if grows else range(1, 5)
                    update = await here.poll("river", feed(*listed))
                    kinds = [change.verdict.kind for change in update.changes]
                    assert kinds.count("new") == (1 if grows else 0)
                    assert "revised" not in kinds
                    assert names(await told(here))[-4:] == first
                edit(here)
                await here.publisher.publish_outdated()
                last = await told(here)
                assert all(one["title"].startswith("Ad: Mark ") for one in last)
                assert all("Tell your friends" in one["text"] for one in last)

    asyncio.run(play())


async def test_a_rewrite_that_takes_too_long_is_told_at_the_poll_that_brings_the_text(tmp_path: Path):
    stalling = rule("title", "^(y|yy)+$", "")
    async with planet(tmp_path) as here:
        edit(here, (stalling,))
        update = await here.poll("river", feed(1).replace("Ad: Mark 1 is reached", "y" * 6000 + "b"))
    patterns.guard_pattern(stalling.pattern).stalled.clear()
    assert "The rewrite ^(y|yy)+$ of the source 'river' takes too long on a text" in (update.state.notice or "")
