"""Texts that stall judging, or the making of signatures: each costs its own item something, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator import dedupe
from aggregator.engine.publisher import Publisher
from aggregator.model import (
    Decision,
    Entry,
    Failed,
    Faults,
    Item,
    ItemKey,
    Quarantined,
    Recall,
    Signature,
    Source,
    SourceProfile,
)
from aggregator.pipeline import comparing, judgement, reading
from aggregator.pipeline.judgement import Judgement, Question, judge_entries
from tests.support.inprocess import InProcess
from tests.support.installation import item, rss
from tests.support.nouns import NOON, entry, source
from tests.support.planet import planet

HOUR = timedelta(hours=1)
STALLED = Failed(trouble="malformed", message="It took longer than 15 seconds.")


@dataclass
class Fragile(InProcess):
    """Gives up on every text that holds the word `hostile`, as a pool does whose child had to be killed."""

    tried: list[int] = field(default_factory=list)
    away: bool = False

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        self.tried.append(len(entries))
        texts = [one.text for one in entries] + [one.entry.text for items in known.values() for one in items]
        if self.away or any("hostile" in text for text in texts):
            return STALLED
        return await super().judge(source, entries, known, profile, now, recall)

    async def sign(self, entries: Sequence[Entry]) -> tuple[Signature, ...] | Failed:
        self.tried.append(len(entries))
        if self.away or any("hostile" in one.text for one in entries):
            return STALLED
        return await super().sign(entries)


def numbered(number: int, text: str) -> Entry:
    """One of several entries."""
    url = f"example.org/{number}"
    fields = {"url": f"https://{url}", "url_key": url, "content": f"<p>{text}</p>", "text": text}
    return entry(id=f"urn:example:{number}", title=f"Report {number}", position=number, **fields)


def question(
    *entries: Entry, known: Sequence[Item] = (), profile: SourceProfile | None = None, hours: int = 0
) -> Question:
    """What a poll asks, some hours after noon."""
    keys = {key: (one,) for one in known for key in dedupe.wanted_keys((one.entry,))}
    now = NOON + hours * HOUR
    return Question(source=source(), entries=entries, known=keys, profile=profile or SourceProfile(), now=now)


async def answered(asked: Question, reader: Fragile) -> Judgement:
    found = await judge_entries(asked, reader)
    assert isinstance(found, Judgement)
    return found


async def test_a_text_that_stalls_judging_is_judged_by_a_hash_and_its_item_comes_whole():
    entries = [numbered(number, f"Water stands at mark {number}.") for number in range(8)]
    entries[5] = numbered(5, "hostile words")
    found = await answered(question(*entries), Fragile())
    assert [change.item.entry for change in found.decision.changes] == entries
    assert len(found.decision.profile.heavy) == 1
    assert found.notices == (
        "The text of 'Report 5' takes too long to compare: whatever differs in it counts as a change.",
    )


async def test_a_text_that_stalled_judging_is_not_tried_again():
    reader = Fragile()
    entries = (numbered(1, "hostile words"), numbered(2, "Water"))
    first = await answered(question(*entries), reader)
    items = [change.item for change in first.decision.changes]
    reader.tried.clear()
    later = question(*entries, known=items, profile=first.decision.profile, hours=1)
    again = await answered(later, reader)
    assert reader.tried == [2]
    assert again.decision.changes == ()
    assert again.decision.profile.heavy == first.decision.profile.heavy


async def test_a_stalling_text_that_changes_is_an_update_whether_it_stalls_still_or_not():
    first = await answered(question(numbered(1, "hostile words")), Fragile())
    (new,) = first.decision.changes
    for text in ("other hostile words", "Water stands at the third mark."):
        later = question(numbered(1, text), known=[new.item], profile=first.decision.profile, hours=1)
        found = await answered(later, Fragile())
        (change,) = found.decision.changes
        assert change.verdict.kind == "revised"
        assert change.item.entry == numbered(1, text)
        assert change.item.uid == new.item.uid


async def test_what_is_forgotten_of_stalling_texts_is_what_the_feed_does_not_bring_any_more():
    first = await answered(question(numbered(1, "hostile words")), Fragile())
    later = question(numbered(2, "Water"), profile=first.decision.profile, hours=1)
    assert (await answered(later, Fragile())).decision.profile.heavy == ()


async def test_an_entry_that_waits_keeps_its_stalling_text():
    waits = replace(numbered(1, "hostile words"), id="urn:example:other")
    known = await answered(question(numbered(1, "Quite another thing was said here before this.")), Fragile())
    items = [change.item for change in known.decision.changes]
    found = await answered(question(waits, known=items, profile=known.decision.profile, hours=1), Fragile())
    held = [one.entry for one in found.decision.profile.quarantined]
    assert [*held, *(change.item.entry for change in found.decision.changes)] == [waits]


@dataclass
class FragileToo(Fragile):
    """Gives up on the texts of what waits as well."""

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        if any("hostile" in one.entry.text for one in profile.quarantined):
            return STALLED
        return await super().judge(source, entries, known, profile, now, recall)


@pytest.mark.parametrize("listed", [(2,), (), (1, 2)], ids=["others are listed", "nothing is", "it is, too"])
async def test_an_entry_that_waits_and_stalls_judging_is_published_and_holds_up_nobody(listed: tuple[int, ...]):
    waits = numbered(1, "hostile words")
    profile = SourceProfile(quarantined=(Quarantined(entry=waits, since=NOON, reason="nobody can tell"),))
    entries = tuple(waits if number == 1 else numbered(number, "Water") for number in listed)
    found = await answered(question(*entries, profile=profile, hours=1), FragileToo())
    assert [change.item.entry for change in found.decision.changes] == list(dict.fromkeys((waits, *entries)))
    assert found.decision.profile.quarantined == ()
    assert [notice.split("'")[1] for notice in found.notices] == ["Report 1"]


async def test_where_no_entry_is_to_blame_the_poll_fails_and_says_why():
    assert await judge_entries(question(numbered(1, "Water")), Fragile(away=True)) == STALLED


async def test_a_fault_of_ours_is_not_blamed_on_a_text(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(dedupe, "decide", broken)
    found = await judge_entries(question(numbered(1, "Water")), InProcess())
    assert isinstance(found, Failed)
    assert found.trouble == "internal"


async def test_the_search_for_stalling_texts_ends_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(judgement, "PATIENCE", -1.0)
    reader = Fragile()
    assert await judge_entries(question(numbered(1, "hostile words")), reader) == STALLED
    assert reader.tried == [1, 1]


async def test_an_item_of_which_no_signature_can_be_made_is_published_uncompared_and_holds_up_nobody(
    tmp_path: Path,
):
    async with planet(tmp_path) as here:
        reader = Fragile()
        here.publisher._reader = reader
        await here.poll("river", rss(item(1), item(2, text="hostile words"), item(3)))
        document = await here.store.document("all", "json")
        assert document is not None
        assert document.body.decode().count("date_published") == 3
        reader.tried.clear()
        await here.poll("river", rss(item(1), item(2, text="hostile words"), item(3), item(4)))
        assert reader.tried == [1], "what could not be compared is not tried again"


async def test_an_item_on_which_comparing_fails_by_us_is_counted_and_tried_again_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    sign = reading.stories.sign

    def broken(entry: Entry) -> Signature:
        if "odd" in entry.text:
            raise KeyError("a fault of ours")
        return sign(entry)

    odd = "An odd story of water " + " ".join(f"word{number}" for number in range(60))
    async with planet(tmp_path, sources=[source(id="river"), source(id="lake")]) as here:
        with monkeypatch.context() as patch:
            patch.setattr(reading.stories, "sign", broken)
            await here.poll("river", rss(item(1), item(2, title="The odd story of the water", text=odd)))
            assert await here.store.faults() == (Faults(stage="compare", count=1),)
            await here.poll("river", rss(item(1), item(2, title="The odd story of the water", text=odd), item(3)))
            assert await here.store.faults() == (Faults(stage="compare", count=1),), "not at every turn"
            await comparing.retry(here.store)
            await here.publisher.publish_outdated()
            assert await here.store.faults() == (Faults(stage="compare", count=2),)
        await here.poll("lake", rss(item(7, title="The odd story of the water", text=odd)))
        one, other = [await here.store.item(name) for name in ("urn:river:2", "urn:river:7")]
        assert (one.story, other.story) == (None, None)
        started = Publisher(lambda: here.catalogue, here.store, here, reader=here)
        await started.publish_outdated()
        one, other = [await here.store.item(name) for name in ("urn:river:2", "urn:river:7")]
        assert one.story is not None
        assert one.story == other.story
        assert await comparing.retry(here.store) == 0
        assert await here.store.faults() == (Faults(stage="compare", count=2),)


async def test_a_text_that_stalls_us_is_no_fault_of_ours_and_not_tried_again_at_a_start(tmp_path: Path):
    async with planet(tmp_path) as here:
        here.publisher._reader = Fragile()
        await here.poll("river", rss(item(1), item(2, text="hostile words")))
        assert await comparing.retry(here.store) == 0
        assert await here.store.faults() == ()


async def test_a_fault_in_placing_an_item_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise KeyError("a fault of ours")

    async with planet(tmp_path) as here:
        monkeypatch.setattr(reading.stories, "place", broken)
        # Two that stand under one key: what is alone needs no such judgement.
        await here.poll("river", rss(item(1), item(2, title="Report 1", text="Water stands at mark 1.")))
        assert await here.store.faults() == (Faults(stage="compare", count=2),)
        assert await here.store.find_uncompared(9) == ()


async def test_a_fault_in_finding_what_is_alone_costs_no_item_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise KeyError("a fault of ours")

    async with planet(tmp_path) as here:
        monkeypatch.setattr(reading.stories, "find_alone", broken)
        await here.poll("river", rss(item(1), item(2)))
        assert await here.store.faults() == (Faults(stage="compare", count=1),)
        assert await here.store.find_uncompared(9) == ()


async def test_where_nothing_can_be_compared_items_wait(tmp_path: Path):
    async with planet(tmp_path) as here:
        here.publisher._reader = Fragile(away=True)
        await here.poll("river", rss(item(1)))
        assert len(await here.store.find_uncompared(9)) == 1
        here.publisher._reader = here
        await here.publisher.publish_outdated()
        assert await here.store.find_uncompared(9) == ()
