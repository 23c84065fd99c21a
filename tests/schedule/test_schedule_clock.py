"""What a clock that ran ahead left behind is brought back, and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aggregator.model import Batch, Missed, Move, Quarantined, SourceProfile, SourceState
from aggregator.schedule import all_notices, clamp_state_to_now, future_poll_time
from tests.support.nouns import NOON, entry

YEAR = timedelta(days=400)
THEN = NOON + YEAR
WRONG = SourceState(
    source_id="river",
    next_poll_at=THEN,
    last_poll_at=THEN,
    last_success_at=THEN,
    whole_at=THEN,
    gone_since=THEN,
    move=Move(to="https://example.org/new", since=THEN, polls=1),
    posted=(THEN, NOON - YEAR),
    partial=(THEN, NOON - YEAR),
    article_at=THEN,
    missed=(Missed(url_key="x", tries=1, since=THEN),),
    profile=SourceProfile(
        judged_at=THEN,
        since=THEN,
        quarantined=(Quarantined(entry=entry(), since=THEN, reason=""),),
        unordered=(Batch(at=THEN, count=3), Batch(at=NOON - YEAR, count=4)),
    ),
)


def test_nothing_has_happened_later_than_now():
    state = clamp_state_to_now(WRONG, NOON)
    moments = [state.last_poll_at, state.last_success_at, state.whole_at, state.gone_since, state.move.since]
    assert moments == [NOON] * 5
    assert (state.article_at, state.missed[0].since) == (NOON, NOON)
    assert state.posted == state.partial == (NOON - YEAR,)
    assert state.profile.unordered == (Batch(at=NOON - YEAR, count=4),)
    before = NOON - timedelta(seconds=1)
    assert (state.profile.judged_at, state.profile.since, state.profile.quarantined[0].since) == (
        before,
        before,
        before,
    )
    assert future_poll_time(state, NOON) is None
    assert clamp_state_to_now(state, NOON) == state


def test_a_clock_that_was_right_changes_nothing():
    right = replace(WRONG, last_poll_at=NOON + timedelta(minutes=2))
    assert clamp_state_to_now(right, NOON) is right
    assert all_notices(right, NOON) is None
    never = SourceState(source_id="river", next_poll_at=NOON)
    assert clamp_state_to_now(never, NOON) is never


def test_the_editor_is_told_as_long_as_it_is_so_and_for_a_week_after():
    assert "clock was at 2027-04-05" in (all_notices(WRONG, NOON) or "")
    mended = clamp_state_to_now(replace(WRONG, notice="It has moved."), NOON)
    sentence = all_notices(mended, NOON + timedelta(days=6)) or ""
    assert sentence.startswith("It has moved. This machine's clock had run ahead, to 2027-04-05 12:00Z.")
    assert all_notices(mended, NOON + timedelta(days=8)) == "It has moved."
