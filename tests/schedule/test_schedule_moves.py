"""When a permanent redirect is believed, and what the editor is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Move, SourceState
from aggregator.schedule import (
    all_notices,
    is_believed,
    leave_new_place,
    moving_notice,
    note_answer,
    source_notice,
)
from tests.support.nouns import NOON

NEW, OTHER = "https://new.example/feed", "https://other.example/feed"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(*answers: tuple[timedelta, str | None]) -> Move:
    """What is known of a move after answers at times after noon."""
    move = Move()
    for passed, moved_to in answers:
        move = note_answer(move, moved_to, NOON + passed)
    return move


def test_a_move_is_believed_after_several_polls_over_days():
    assert is_believed(after((HOUR, NEW), (DAY, NEW), (3 * DAY, NEW)))


def test_an_afternoon_of_redirects_is_not_believed():
    assert not is_believed(after(*((timedelta(minutes=10 * n), NEW) for n in range(20))))


def test_two_redirects_days_apart_are_not_believed_yet():
    assert not is_believed(after((HOUR, NEW), (9 * DAY, NEW)))


def test_an_answer_without_a_redirect_begins_the_count_anew():
    assert not is_believed(after((HOUR, NEW), (DAY, NEW), (2 * DAY, None), (3 * DAY, NEW)))


def test_another_target_begins_the_count_anew():
    move = after((HOUR, NEW), (DAY, NEW), (3 * DAY, OTHER))
    assert move == Move(to=OTHER, since=NOON + 3 * DAY, polls=1)


def test_a_believed_place_that_answers_for_itself_stays_believed():
    move = after((HOUR, NEW), (DAY, NEW), (3 * DAY, NEW), (4 * DAY, None), (5 * DAY, None))
    assert is_believed(move)
    assert move.to == NEW


def test_a_believed_place_that_the_old_address_still_names_stays_as_it_was_known():
    believed = after((HOUR, NEW), (DAY, NEW), (3 * DAY, NEW))
    assert note_answer(believed, NEW, NOON + 9 * DAY) == believed


def test_a_believed_place_that_moves_on_is_watched_anew():
    move = after((HOUR, NEW), (DAY, NEW), (3 * DAY, NEW), (4 * DAY, OTHER))
    assert not is_believed(move)
    assert move.to == OTHER


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from([NEW, OTHER, None])), max_size=30))
def test_nothing_is_believed_that_was_not_seen_three_times_over_two_days(answers):
    move, now, seen = Move(), NOON, []
    for hours, moved_to in answers:
        now += timedelta(hours=hours)
        was = is_believed(move)
        move = note_answer(move, moved_to, now)
        if moved_to is not None:
            seen.append((moved_to, now))
        if is_believed(move) and not was:
            times = [moment for target, moment in seen if target == move.to]
            assert len(times) >= 3
            assert times[-1] - times[0] >= 2 * DAY


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, None),
        ({"move": Move(to=NEW, since=NOON, polls=1)}, None),
        ({"move": Move(to=NEW, since=NOON, polls=3)}, NEW),
        ({"gone_since": NOON}, "410"),
        ({"discovered": NEW}, NEW),
    ],
)
def test_the_editor_is_told_what_to_do(fields, words):
    told = source_notice(SourceState(source_id="river", next_poll_at=NOON, **fields))
    assert told is None if words is None else words in told


def test_a_place_that_was_left_is_counted_anew_and_forgotten_when_the_old_address_answers():
    move = leave_new_place(after((HOUR, NEW), (DAY, NEW), (3 * DAY, NEW)))
    assert not is_believed(move)
    assert note_answer(move, NEW, NOON + 4 * DAY) == Move(to=NEW, since=NOON + 4 * DAY, polls=1)
    assert note_answer(move, None, NOON + 4 * DAY) == Move()
    assert leave_new_place(Move()) == Move()


def test_a_move_is_told_from_the_first_poll_on_that_saw_it_until_it_is_believed():
    to, told, move = "https://river.example/new", [], Move()
    for day in range(4):
        move = note_answer(move, to, NOON + timedelta(days=day))
        state = SourceState(source_id="river", next_poll_at=NOON, move=move, notice="Look.")
        told.append(moving_notice(state))
        assert all_notices(state, NOON) == " ".join(one for one in ("Look.", told[-1]) if one)
    assert "(seen once), to https://river.example/new. It is read from there" in (told[0] or "")
    assert "(seen 2 times)" in (told[1] or "")
    assert told[-1] is None, "what to do then stands in the notice of the source"
    left = SourceState(
        source_id="river", next_poll_at=NOON, move=leave_new_place(Move(to=to, since=NOON, polls=1))
    )
    assert moving_notice(left) is None
    gone = SourceState(
        source_id="river", next_poll_at=NOON, move=Move(to=to, since=NOON, polls=1), gone_since=NOON
    )
    assert moving_notice(gone) is None, "it has been taken away since"
