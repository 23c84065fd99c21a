"""A fault of ours on one entry: it costs that entry, is told as ours, and is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import dedupe
from aggregator.model import Decision, Entry, Faults, Quarantined, RawEntry, SourceProfile
from aggregator.normalize import all_entries
from aggregator.parse.json import feed as jsonfeed
from aggregator.parse.xml import feed as xmlfeed
from aggregator.pipeline import sparing
from aggregator.pipeline.sparing import decide_around_faults, work_around_faults
from tests.support.installation import item, rss
from tests.support.nouns import NOON, entry, source
from tests.support.planet import Planet, planet

CULPRIT = "Report 3"


def failing(work: Any) -> Any:
    """The same work, which raises for one title."""

    def faulty(*arguments: Any, **named: Any) -> Any:
        seen = [one for argument in arguments for one in (argument if isinstance(argument, list) else [argument])]
        if any(_title(one) == CULPRIT for one in seen):
            raise KeyError("a publisher's words")
        return work(*arguments, **named)

    return faulty


def _title(one: Any) -> object:
    title = one.get("title") if isinstance(one, dict) else getattr(one, "title", None)
    return getattr(title, "value", title)


PLACES = {
    "judging": (dedupe, "decide", "poll"),
    "normalizing": (all_entries, "clean_entry", "read"),
    "parsing": (xmlfeed, "raw_entry", "read"),
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_fault_on_one_entry_costs_that_entry_is_told_and_ends_with_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
):
    owner, name, stage = PLACES[place]
    async with planet(tmp_path) as here:
        with monkeypatch.context() as broken:
            broken.setattr(owner, name, failing(getattr(owner, name)))
            for count in (1, 2):
                await here.poll("river", rss(*(item(number) for number in range(1, 8))))
                state = (await here.store.states())["river"]
                assert (state.status, state.trouble, state.failures) == ("error", "internal", count)
                assert state.faults == (Faults(stage=stage, count=count),)
                assert state.error == (
                    "1 entry waits, for a fault in this program (KeyError); the log has the details. Report it."
                )
                assert state.warnings == (f"'{CULPRIT}' waits: a fault in this program (KeyError).",)
                assert state.validators.etag is None
                assert await shown(here) == [1, 2, 4, 5, 6, 7]
        await here.poll("river", rss(*(item(number) for number in range(1, 8))))
        state = (await here.store.states())["river"]
        assert (state.status, state.trouble, state.failures) == ("ok", None, 0)
        assert await shown(here) == [1, 2, 3, 4, 5, 6, 7]


async def shown(here: Planet) -> list[int]:
    """The numbers of the reports that are published."""
    document = await here.store.document("all", "json")
    assert document is not None
    return [number for number in range(1, 9) if f'"Report {number}"' in document.body.decode()]


def test_an_item_of_a_json_feed_on_which_we_fail_is_missing_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jsonfeed, "_entry", failing(jsonfeed._entry))
    items = [{"id": str(number), "title": f"Report {number}"} for number in range(1, 5)]
    feed = jsonfeed._make_feed({"items": items}, items, "", "https://river.example/")
    assert [_title(one) for one in feed.entries] == ["Report 1", "Report 2", "Report 4"]
    assert [(one.entry, one.error) for one in feed.faults] == [(CULPRIT, "KeyError")]
    assert not feed.whole


def test_where_we_fail_on_every_entry_the_fault_is_none_of_theirs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jsonfeed, "_entry", failing(jsonfeed._entry))
    items = [{"id": str(number), "title": CULPRIT} for number in range(3)]
    with pytest.raises(KeyError):
        jsonfeed._make_feed({"items": items}, items, "", "https://river.example/")


@pytest.mark.parametrize("kind", [ImportError, MemoryError])
def test_what_no_entry_is_to_blame_for_is_not_blamed_on_one(monkeypatch: pytest.MonkeyPatch, kind):
    def broken(*_: object) -> RawEntry:
        raise kind

    def work(parts: Sequence[int]) -> int:
        if 3 in parts:
            raise kind
        return len(parts)

    monkeypatch.setattr(jsonfeed, "_entry", broken)
    with pytest.raises(kind):
        jsonfeed._make_feed({}, [{}], "", "")
    with pytest.raises(kind):
        work_around_faults([1, 2, 3, 4], work)


def test_the_parts_to_blame_are_found_among_many_and_the_work_is_done_on_the_others():
    asked = []

    def work(parts: Sequence[int]) -> list[int]:
        asked.append(len(parts))
        if any(part % 300 == 7 for part in parts):
            raise ValueError
        return list(parts)

    made, blamed = work_around_faults(range(1000), work)
    assert [part for part, _ in blamed] == [7, 307, 607, 907]
    assert made == [part for part in range(1000) if part % 300 != 7]
    assert len(asked) < 80


@pytest.mark.parametrize("wrong", [{1, 2}, None, set(range(1000))])
def test_a_fault_that_single_parts_do_not_explain_stays_what_it_is(wrong):
    tries = 0

    def work(parts: Sequence[int]) -> None:
        nonlocal tries
        tries += 1
        together = wrong is not None and wrong <= set(parts)
        if together or wrong is None:
            raise ValueError(len(parts))

    with pytest.raises(ValueError, match="1000"):
        work_around_faults(range(1000), work)
    assert tries <= sparing.MOST_TRIES + 2


def test_what_waits_and_cannot_be_judged_goes_on_waiting():
    held = tuple(Quarantined(entry=entry(title=title), since=NOON, reason="?") for title in (CULPRIT, "Other"))

    def decide(entries: Sequence[Entry], profile: SourceProfile) -> Decision:
        if any(one.entry.title == CULPRIT for one in profile.quarantined):
            raise KeyError
        return Decision(changes=(), profile=SourceProfile(), listed=frozenset(one.title for one in entries))

    found = decide_around_faults([entry(title="New")], SourceProfile(quarantined=held), decide)
    assert (found.listed, found.profile.quarantined, found.sure) == ({"New"}, held[:1], False)
    assert [one.entry for one in found.faults] == [CULPRIT]


@pytest.mark.parametrize("wrong", ["another entry", "what it says now, too"])
def test_a_fault_in_the_poll_that_holds_an_entry_back_or_lets_it_go_loses_neither(wrong: str):
    """As it was held, or as it is listed now: one of the two is published, and only once."""
    old = entry(id="urn:x:1", title="Lamps", text="The council agreed on lamps after years of quarrel.")
    doubtful = entry(id="urn:x:2", title="Herons", text="Two birds settled there; visitors keep away until June.")
    first = dedupe.decide(source(), [old], {}, SourceProfile(), NOON)
    known = {key: (first.changes[0].item,) for key in dedupe.wanted_keys((old, doubtful)) if key.kind == "url"}
    culprit = entry(id="urn:x:3", url="https://example.org/3", url_key="example.org/3", title=CULPRIT)
    held = Quarantined(entry=doubtful, since=NOON, reason="?")

    def decide(entries: Sequence[Entry], profile: SourceProfile) -> Decision:
        if any(one.title == CULPRIT or one.text == "broken" for one in entries):
            raise KeyError
        return dedupe.decide(source(), entries, known, profile, NOON + timedelta(hours=1))

    again = [replace(doubtful, text="broken")] if wrong == "what it says now, too" else []
    found = decide_around_faults([old, culprit, *again], replace(first.profile, quarantined=(held,)), decide)
    assert [change.item.entry for change in found.changes if change.verdict.kind == "new"] == [doubtful]
    assert found.profile.quarantined == ()
    assert len(found.faults) == 1 + len(again)
    assert not found.sure


def test_an_entry_without_a_title_is_named_by_its_id():
    assert sparing.entry_fault(RawEntry(id="urn:x"), ValueError()).entry == "urn:x"
    assert sparing.entry_fault(entry(id=None, title=""), ValueError()).entry == "an entry without a title"
