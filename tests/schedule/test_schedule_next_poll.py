"""When a source is due next, and the words that say why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import PollHints, SourceState
from aggregator.schedule import (
    Pace,
    after_doubt,
    after_failure,
    after_fault,
    after_gone,
    after_outage,
    after_success,
    after_throttle,
    first_poll,
    format_span,
)
from tests.support.nouns import NOON, at, source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PACE = Pace()


def known(hints=None, **fields):
    """What the store remembers of a source."""
    return SourceState(source_id="river", next_poll_at=NOON, hints=hints or PollHints(), **fields)


def after(hints=None, fresh_for=None, jitter=0.0, posted=(), **fields):
    return after_success(source(**fields), known(hints, posted=posted), fresh_for, PACE, NOON, jitter=jitter)


def test_the_editors_interval_holds_when_nobody_asks_for_more():
    due = after()
    assert (due.at - NOON, due.reason) == (HOUR, "every 1h")


def test_the_installation_never_asks_more_often_than_its_floor():
    due = after(every=MINUTE)
    assert (due.at - NOON, due.reason) == (5 * MINUTE, "fetch.min_interval 5m")


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"fresh_for": 2 * HOUR}, "max-age 7200"),
        ({"hints": PollHints(ttl=2 * HOUR)}, "ttl 2h"),
        ({"hints": PollHints(period=2 * HOUR)}, "sy:updatePeriod 2h"),
    ],
)
def test_the_publishers_wish_slows_us_down_and_is_named(wish, reason):
    due = after(**wish)
    assert (due.at - NOON, due.reason) == (2 * HOUR, reason)


@pytest.mark.parametrize(
    "wish",
    [{"fresh_for": MINUTE}, {"hints": PollHints(ttl=MINUTE)}, {"hints": PollHints(period=MINUTE)}],
)
def test_the_publishers_wish_never_speeds_us_up(wish):
    assert after(**wish).reason == "every 1h"


def test_a_wish_of_years_counts_as_a_week():
    assert after(fresh_for=3650 * DAY).at - NOON == 7 * DAY


def test_a_file_is_polled_as_often_as_the_editor_says():
    due = after(kind="file", every=MINUTE)
    assert (due.at - NOON, due.reason) == (MINUTE, "every 1m")


def test_skipped_hours_are_waited_out_with_the_minute_kept():
    due = after(PollHints(skip_hours=frozenset({13, 14})), every=90 * MINUTE)
    assert due.at == at("2026-03-01T15:30:00Z")
    assert due.reason == "every 1h30m, skipHours or skipDays"


def test_skipped_days_are_waited_out():
    # 1 March 2026 is a Sunday.
    due = after(PollHints(skip_days=frozenset({6, 0})))
    assert due.at == at("2026-03-03T00:00:00Z")


def test_a_feed_that_skips_every_hour_is_not_obeyed():
    assert after(PollHints(skip_hours=frozenset(range(24)))).at == NOON + HOUR


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 24), (1000, 24)])
def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day(failures, hours):
    due = after_failure(source(), failures, PACE, NOON, jitter=0)
    assert due.at - NOON == hours * HOUR
    assert str(failures) in due.reason


def test_a_source_that_is_polled_weekly_is_not_polled_more_often_because_it_fails():
    assert after_failure(source(every=7 * DAY), 1, PACE, NOON, jitter=0).at - NOON == 7 * DAY


def test_an_address_where_there_is_nothing_is_asked_ever_more_slowly_up_to_a_week():
    waits = [after_failure(source(), n, PACE, NOON, jitter=0, absent=True).at - NOON for n in (1, 6, 8, 50)]
    assert waits == [HOUR, 32 * HOUR, 128 * HOUR, 7 * DAY]


def test_gone_is_retired_only_when_it_was_said_twice_a_day_apart():
    first = after_gone(source(), known(failures=0), PACE, NOON, jitter=0)
    soon = after_gone(source(), known(failures=1, gone_since=NOON - HOUR), PACE, NOON, jitter=0)
    later = after_gone(source(), known(failures=2, gone_since=NOON - DAY), PACE, NOON, jitter=0)
    assert (first.at - NOON, soon.at - NOON, later.at - NOON) == (HOUR, 2 * HOUR, 30 * DAY)
    assert later.reason == "retired: gone (410) since 2026-02-28"


def test_nobody_is_penalised_while_our_own_network_is_down():
    due = after_outage(source(), PACE, NOON, jitter=0)
    assert (due.at - NOON, due.reason) == (10 * MINUTE, "no host at all could be reached")
    assert after_outage(source(every=7 * MINUTE), PACE, NOON, jitter=0).at - NOON == 7 * MINUTE


def test_a_name_that_was_not_found_is_asked_for_again_as_in_an_outage_with_a_reason_of_its_own():
    due = after_doubt(source(every=6 * HOUR), PACE, NOON, jitter=0)
    assert (due.at - NOON, due.reason) == (10 * MINUTE, "its name was not found; it counts when that is so again")


def test_a_host_that_could_not_even_be_found_is_tried_again_soon_while_we_start():
    due = after_outage(source(every=6 * HOUR), PACE, NOON, jitter=0, soon=True)
    assert due.at - NOON == MINUTE / 2


def test_a_source_that_posts_weekly_is_not_asked_every_ten_minutes():
    mondays = tuple(NOON - DAY * (6 + 7 * week) for week in range(20))
    due = after(posted=mondays, every=10 * MINUTE)
    assert due.at - NOON > 2 * HOUR
    assert due.reason == "usually posts Mondays"


def test_a_forecast_never_waits_longer_than_the_editor_allows():
    yearly = tuple(NOON - 300 * DAY * n for n in range(1, 8))
    assert after(posted=yearly).at - NOON == DAY
    assert after(posted=yearly, max_every=3 * HOUR).at - NOON == 3 * HOUR


def test_a_missing_file_is_looked_for_at_its_own_interval():
    assert after_failure(source(kind="file", every=MINUTE), 1, PACE, NOON, jitter=0).at - NOON == MINUTE


def test_retry_after_is_obeyed():
    due = after_throttle(source(), NOON + 3 * HOUR, 1, PACE, NOON, jitter=0)
    assert due.at == NOON + 3 * HOUR
    assert due.reason == "Retry-After until 2026-03-01 15:00:00Z"


def test_retry_after_never_speeds_us_up():
    assert after_throttle(source(), NOON + MINUTE, 1, PACE, NOON, jitter=0).at == NOON + HOUR


def test_retry_after_counts_up_to_a_day():
    assert after_throttle(source(), NOON + 365 * DAY, 1, PACE, NOON, jitter=0).at == NOON + DAY


def test_a_server_that_asks_us_to_slow_down_without_saying_how_long_is_backed_off_from():
    due = after_throttle(source(), None, 3, PACE, NOON, jitter=0)
    assert due.at - NOON == 4 * HOUR
    assert due.reason == "the server asked us to slow down"


def test_a_new_file_is_polled_at_once_and_new_feeds_are_spread_over_the_start():
    assert first_poll(source(kind="file"), NOON, 10, 0.99).at == NOON
    assert first_poll(source(), NOON, 10, 0.5).at == NOON + timedelta(seconds=5)
    assert first_poll(source(), NOON, 100_000, 0.999).at <= NOON + 5 * MINUTE


@pytest.mark.parametrize(
    ("span", "words"),
    [(0, "0s"), (59, "59s"), (90, "1m30s"), (3600, "1h"), (5400, "1h30m"), (90061, "1d1h"), (172800, "2d")],
)
def test_spans_are_spoken_in_the_notation_of_feeds_yaml(span, words):
    assert format_span(timedelta(seconds=span)) == words


spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000))
hints = st.builds(
    PollHints,
    ttl=st.none() | spans,
    period=st.none() | spans,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)


@given(
    every=st.integers(60, 60 * 86400).map(lambda seconds: timedelta(seconds=seconds)),
    hints=hints,
    fresh_for=st.none() | spans,
    jitter=st.floats(0, 1, exclude_max=True),
    failures=st.integers(1, 10_000),
    retry=st.none() | spans,
)
def test_whatever_is_asked_the_next_poll_is_later_than_the_floor_and_never_out_of_sight(  # each is drawn
    every, hints, fresh_for, jitter, failures, retry
):
    polled = source(every=every)
    dues = [
        after_success(polled, known(hints), fresh_for, PACE, NOON, jitter=jitter),
        after_failure(polled, failures, PACE, NOON, jitter=jitter),
        after_throttle(polled, NOON + retry if retry is not None else None, failures, PACE, NOON, jitter=jitter),
    ]
    for due in dues:
        assert due.at >= NOON + min(max(every, PACE.min_interval), 31 * DAY)
        assert due.at <= NOON + 1.1 * max(every, 7 * DAY) + 8 * DAY
        assert due.at.microsecond == 0
        assert due.reason


def test_a_fault_of_ours_is_not_backed_off():
    due = after_fault(source(), PACE, NOON, jitter=0)
    assert (due.at - NOON, due.reason) == (timedelta(hours=1), "a fault in this program")
