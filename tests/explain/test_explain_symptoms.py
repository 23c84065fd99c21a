"""What is the matter with an installation, told from what is known of it and the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import catalogue
from aggregator.errors import Mistake
from aggregator.explain.symptoms import Observed, bars_all, find_symptoms, is_filtered, is_silent
from aggregator.model import Catalogue, FeedMeta, Move, Publication, Site, Source, SourceState, Symptom
from tests.support.nouns import NOON, source
from tests.support.shelf import item

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL = Publication(id="all", title="All")


def listing(*sources: Source, **fields: Any) -> Catalogue:
    site = Site(title="Planet", link=None, contact=None)
    return Catalogue(site=site, sources=sources, publications=(ALL,), **fields)


def well(**fields: Any) -> SourceState:
    defaults: dict[str, Any] = {
        "source_id": "river",
        "next_poll_at": NOON + HOUR,
        "status": "ok",
        "last_poll_at": NOON,
        "last_success_at": NOON,
        "posted": daily(20),
        "meta": FeedMeta(title="River News"),
    }
    return SourceState(**(defaults | fields))


def daily(posts: int, newest: datetime = NOON) -> tuple[datetime, ...]:
    return tuple(newest - number * DAY for number in range(posts))


def symptoms(state: SourceState, now: datetime = NOON, **fields: Any) -> tuple[Symptom, ...]:
    return find_symptoms(listing(source(**fields)), Observed(states={"river": state}), now)


def kinds(state: SourceState, now: datetime = NOON, **fields: Any) -> list[str]:
    return [one.kind for one in symptoms(state, now, **fields)]


def test_a_source_that_is_well_has_none_and_neither_has_one_that_is_not_polled():
    assert kinds(well()) == []
    assert kinds(well(trouble="dns", failures=99), NOON + 99 * DAY, enabled=False) == []
    assert find_symptoms(listing(source()), Observed(states={}), NOON) == ()


@pytest.mark.parametrize(
    ("posted", "quiet", "silent"),
    [
        (daily(20), timedelta(days=1, hours=23), False),
        (daily(20), timedelta(days=3), True),
        (tuple(NOON - number * HOUR for number in range(60)), timedelta(days=1), False),
        (tuple(NOON - number * HOUR for number in range(60)), timedelta(days=3), True),
        (tuple(NOON - number * 30 * DAY for number in range(12)), timedelta(days=50), False),
        (tuple(NOON - number * 30 * DAY for number in range(12)), timedelta(days=61), True),
        ((*daily(20), NOON - 60 * DAY), timedelta(days=60), False),
        (daily(11), timedelta(days=300), False),
        ((NOON,) * 60, timedelta(days=300), False),
    ],
    ids=["a day", "daily", "hourly over a weekend", "hourly", "monthly", "monthly, long", "on holiday before",
         "too few", "one import"],
)  # fmt: skip
def test_a_source_is_silent_by_its_own_habit(posted: Sequence[datetime], quiet: timedelta, silent: bool):
    assert is_silent(posted, NOON + quiet) is silent


@given(st.lists(st.integers(0, 5_000_000), min_size=8, max_size=60, unique=True))
def test_nobody_is_silent_after_a_pause_that_it_took_before(offsets: list[int]):
    posted = [NOON + timedelta(seconds=offset) for offset in offsets]
    seen = sorted(posted)
    longest = max(later - earlier for earlier, later in pairwise(seen))
    assert not is_silent(posted, seen[-1] + longest - timedelta(minutes=1))


def test_silence_is_told_with_the_date_of_the_newest_item_and_only_while_the_server_answers():
    (told,) = symptoms(well(last_success_at=NOON + 9 * DAY), NOON + 9 * DAY)
    assert (told.kind, told.subject, told.title) == ("silent", "river", "River News: is silent")
    assert "2026-03-01 12:00" in told.text
    broken = well(trouble="dns", failures=9, error="No name.")
    assert kinds(broken, NOON + 9 * DAY) == ["failing"]


@pytest.mark.parametrize(
    ("failures", "after", "kind"),
    [(2, 9 * HOUR, []), (3, 5 * HOUR, []), (3, 6 * HOUR, ["failing"]), (40, 40 * DAY, ["failing"])],
)
def test_a_source_that_fails_for_long_is_told_and_one_that_hiccups_is_not(
    failures: int, after: timedelta, kind: list[str]
):
    assert kinds(well(trouble="http", error="500.", failures=failures), NOON + after) == kind


def test_a_source_that_never_worked_is_told_once_it_was_tried_for_long():
    state = well(last_success_at=None, posted=(), trouble="not_a_feed", error="A page.")
    assert kinds(replace(state, failures=4)) == []
    (told,) = symptoms(replace(state, failures=5))
    assert "never answered well" in told.text


def test_what_is_gone_has_moved_or_cannot_be_relied_on_is_told_by_what_is_known():
    gone = well(trouble="gone", failures=9, error="410", gone_since=NOON - 2 * DAY)
    assert kinds(gone) == ["gone"]
    assert kinds(replace(gone, gone_since=NOON - HOUR, failures=1)) == []
    moved = Move(to="https://new.example/feed", since=NOON - 3 * DAY, polls=3)
    assert kinds(well(move=replace(moved, polls=2))) == []
    (told,) = symptoms(
        well(move=moved, notice=f"It has moved for good. Put its new address into feeds.yaml: {moved.to}")
    )
    assert (told.kind, "https://new.example/feed" in told.text) == ("moved", True)
    (told,) = symptoms(well(notice="Its dates lie eight hours ahead: give its zone."))
    assert (told.kind, "eight hours ahead" in told.text) == ("unreliable", True)
    page = well(discovered="https://river.example/feed")
    noticed = replace(page, notice="Its URL is a page; its feed was found at https://river.example/feed. "
                      "Put that into feeds.yaml.")  # fmt: skip
    assert kinds(noticed) == [], "a hint is no incident"


def test_a_fault_of_ours_is_never_told_as_the_sources():
    (told,) = symptoms(well(trouble="internal", failures=1, error="A fault in this program (KeyError)."))
    assert (told.kind, "Report it" in told.text) == ("fault", True)
    found = find_symptoms(listing(), Observed(states={}, failed=("render", "compare")), NOON)
    assert [(one.kind, one.subject) for one in found] == [("program", "compare"), ("program", "render")]


def test_mistakes_in_feeds_yaml_are_an_incident():
    mistake = Mistake(file="feeds.yaml", line=7, path="sources.river.evry", message="unknown key")
    (told,) = find_symptoms(listing(mistakes=(mistake,)), Observed(states={}), NOON)
    assert (told.kind, "feeds.yaml:7: sources.river.evry" in told.text) == ("catalogue", True)
    assert "unknown key" not in told.text, "what a mistake quotes may be a secret"


def test_a_source_of_which_no_filter_lets_anything_through_is_told():
    (told,) = find_symptoms(listing(source()), Observed(states={"river": well()}, barred={"river"}), NOON)
    assert told.kind == "filtered"


def test_filters_bar_a_source_when_no_publication_shows_any_of_enough_items(tmp_path: Path):
    def read(text: str) -> tuple[Catalogue, Source]:
        path = tmp_path / "feeds.yaml"
        path.write_text(f"sources:\n  river: {{ url: 'https://river.example/feed'{text}\n")
        found = catalogue.load(path, {})
        return found, found.sources[0]

    items = [item(str(number), title=f"Ferry {number}") for number in range(10)]
    barring = read(", filter: [ { keep: [zeppelin] } ] }")
    assert is_filtered(*barring)
    assert bars_all(*barring, items)
    assert not bars_all(*barring, items[:9]), "too few to tell"
    assert not bars_all(*read(", filter: [ { keep: ['Ferry 7'] } ] }"), items)
    assert not is_filtered(*read(" }"))
    two = read(" }\npublish:\n  all: {}\n  few: { filter: [ { keep: [zeppelin] } ] }")
    assert not is_filtered(*two)
    assert not bars_all(*two, items)


@given(st.lists(st.sampled_from(["dns", "gone", "internal", None]), min_size=1, max_size=6), st.integers(0, 400))
def test_of_each_kind_and_subject_there_is_one_at_most(troubles: list[Any], days: int):
    sources = [source(id=f"s{number}") for number in range(len(troubles))]
    states = {
        f"s{number}": well(source_id=f"s{number}", trouble=trouble, failures=9 if trouble else 0, error=trouble)
        for number, trouble in enumerate(troubles)
    }
    found = find_symptoms(listing(*sources), Observed(states=states, failed=("render",)), NOON + days * DAY)
    places = [(one.kind, one.subject) for one in found]
    assert len(places) == len(set(places))
