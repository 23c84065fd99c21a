"""A source brings as many new items a day as any real one does, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aggregator import dedupe
from aggregator.dedupe.floods import MOST_A_DAY
from aggregator.model import Decision, SourceProfile
from tests.support.nouns import NOON, entry, source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def flood(count: int, profile: SourceProfile | None = None) -> Decision:
    """What a poll with so many new items comes to, before it is bounded."""
    items = [
        entry(id=f"{n}", url=f"https://example.org/{n}", url_key=f"example.org/{n}", position=n)
        for n in range(count)
    ]
    return dedupe.decide(source(), items, {}, profile or SourceProfile(), NOON)


def brought(count: int, day=NOON) -> SourceProfile:
    return SourceProfile(day=day, day_new=count)


def test_what_a_source_usually_brings_is_taken_whole_and_counted():
    found = flood(5)
    bounded = dedupe.bound_new(found, NOON)
    assert (bounded.changes, bounded.listed, bounded.over) == (found.changes, found.listed, 0)
    assert bounded.profile.day_new == 5
    assert dedupe.behaviour_notice(source(), bounded.profile) is None


def test_a_poll_that_brings_nothing_new_counts_nothing():
    found = flood(0)
    assert dedupe.bound_new(found, NOON) is found


def test_beyond_a_days_bound_the_first_of_a_document_are_taken_and_the_notice_says_so():
    found = flood(5, brought(MOST_A_DAY - 2))
    bounded = dedupe.bound_new(found, NOON + HOUR)
    assert bounded.changes == found.changes[:2]
    assert bounded.listed == {change.item.uid for change in found.changes[:2]}
    assert bounded.over == 3
    notice = dedupe.behaviour_notice(source(), bounded.profile)
    assert notice is not None
    assert "more than 10000 new items within a day" in notice
    again = dedupe.bound_new(flood(5, bounded.profile), NOON + 2 * HOUR)
    assert (again.changes, again.over) == ((), 5)


def test_a_new_day_takes_what_is_still_there_and_the_notice_is_gone():
    for now in (NOON + DAY, NOON - HOUR):  # the day is over; or the clock was set back
        bounded = dedupe.bound_new(flood(5, brought(MOST_A_DAY + 9)), now)
        assert (len(bounded.changes), bounded.over) == (5, 0)
        assert dedupe.behaviour_notice(source(), bounded.profile) is None


def test_edits_of_known_items_are_no_flood_of_new_ones():
    found = flood(2, brought(MOST_A_DAY))
    first, second = found.changes
    edited = replace(second, verdict=replace(second.verdict, kind="revised"))
    bounded = dedupe.bound_new(replace(found, changes=(first, edited)), NOON + HOUR)
    assert bounded.changes == (edited,)
    assert edited.item.uid in bounded.listed
