"""How long a source's own history advises to wait, and the words for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.schedule.forecast import forecast, is_habit, usual_rhythm
from tests.support.nouns import at

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONDAY = at("2026-03-02T09:00:00Z")
TUESDAY_NOON = at("2026-03-03T12:00:00Z")


def ask(posted, now, shortest=10 * MINUTE, longest=DAY):
    return forecast(posted, now, shortest=shortest, longest=longest)


def every(step, *, last, count=60):
    return [last - step * number for number in range(count)]


# ---------------------------------------------------------------- how long


@pytest.mark.parametrize("count", [5, 12, 60])
def test_a_monday_poster_is_left_alone_on_tuesday(count):
    assert ask(every(WEEK, last=MONDAY, count=count), TUESDAY_NOON).wait == DAY


@pytest.mark.parametrize(("count", "at_most"), [(5, 12 * HOUR), (12, 5 * HOUR), (60, 5 * HOUR)])
def test_a_monday_poster_is_asked_for_on_monday_and_the_sooner_the_surer_the_habit_is(count, at_most):
    next_monday = MONDAY + WEEK
    wait = ask(every(WEEK, last=MONDAY, count=count), next_monday - 3 * HOUR).wait
    assert 2 * HOUR <= wait <= at_most


def test_a_monday_poster_may_be_left_alone_for_most_of_the_week():
    wait = ask(every(WEEK, last=MONDAY, count=30), TUESDAY_NOON, longest=30 * DAY).wait
    assert 4 * DAY <= wait <= 6 * DAY


def test_an_hourly_poster_waits_the_shortest_time():
    assert ask(every(HOUR, last=TUESDAY_NOON), TUESDAY_NOON + 5 * MINUTE, shortest=HOUR).wait == HOUR


def test_an_hourly_poster_is_expected_on_weekdays_it_was_never_seen_on():
    sunday_midnight = at("2026-03-09T00:00:00Z")
    posts = every(HOUR, last=sunday_midnight - HOUR, count=48)
    assert ask(posts, sunday_midnight).wait <= HOUR


def test_a_young_feed_is_expected_in_hours_it_was_never_seen_in():
    posts = every(6 * MINUTE, last=TUESDAY_NOON)
    assert ask(posts, TUESDAY_NOON + 3 * MINUTE, shortest=MINUTE).wait <= 10 * MINUTE


def test_who_has_just_posted_todays_post_is_not_expected_again_today():
    assert ask(every(DAY, last=MONDAY), MONDAY + 5 * MINUTE).wait >= 20 * HOUR


def test_who_posts_daily_at_nine_is_asked_for_around_nine():
    wait = ask(every(DAY, last=MONDAY), MONDAY + 21 * HOUR).wait
    assert 2 * HOUR <= wait <= 5 * HOUR


def test_a_feed_that_fell_silent_is_asked_ever_more_rarely():
    posts = every(2 * HOUR, last=MONDAY)
    waits = [ask(posts, MONDAY + silence * DAY, longest=30 * DAY).wait for silence in (0, 7, 28, 112, 365)]
    assert all(earlier < later for earlier, later in pairwise(waits))


def test_a_feed_that_woke_up_is_believed_before_its_old_posts_are_gone():
    slow = every(10 * DAY, last=MONDAY - 30 * DAY, count=20)
    awake = every(DAY, last=MONDAY, count=30)
    average = (MONDAY - slow[-1]) / 49
    assert ask(slow + awake, MONDAY + 10 * HOUR, longest=30 * DAY).wait < average / 2


def test_a_feed_nobody_wrote_for_in_years_waits_the_longest_time():
    assert ask(every(DAY, last=at("1999-01-01T00:00:00Z")), MONDAY, longest=30 * DAY).wait == 7 * DAY
    assert ask(every(DAY, last=at("1999-01-01T00:00:00Z")), MONDAY).wait == DAY


# ---------------------------------------------------------------- what counts


def test_four_posts_tell_nothing():
    assert ask(every(DAY, last=MONDAY, count=4), TUESDAY_NOON) is None


def test_a_bulk_import_is_one_post():
    imported = [MONDAY + timedelta(milliseconds=number) for number in range(60)]
    assert ask(imported, TUESDAY_NOON) is None


def test_posts_of_the_future_do_not_count():
    posts = every(DAY, last=MONDAY, count=30)
    promised = [TUESDAY_NOON + number * MINUTE for number in range(1, 20)]
    assert ask(posts + promised, TUESDAY_NOON) == ask(posts, TUESDAY_NOON)


def test_the_shortest_wait_wins_over_a_longest_that_is_shorter():
    assert ask(every(DAY, last=MONDAY), TUESDAY_NOON, shortest=2 * DAY, longest=DAY).wait == 2 * DAY


# ---------------------------------------------------------------- in which words


def reason(posted, now=TUESDAY_NOON):
    return ask(posted, now).reason


def test_one_weekday_is_named():
    assert reason(every(WEEK, last=MONDAY, count=6)) == "usually posts Mondays"


def test_how_a_source_posts_is_told_in_the_words_of_its_forecast_or_not_at_all():
    mondays = every(WEEK, last=MONDAY, count=6)
    assert usual_rhythm(mondays, TUESDAY_NOON) == reason(mondays)
    assert usual_rhythm(mondays[:4], TUESDAY_NOON) is None


def test_a_weekday_is_named_despite_a_few_exceptions():
    exceptions = [MONDAY - 4 * DAY, MONDAY - 12 * DAY]
    assert reason(every(WEEK, last=MONDAY, count=6) + exceptions) == "usually posts Mondays"


def test_many_posts_on_few_mondays_are_no_habit():
    posts = [moment + number * MINUTE for moment in every(WEEK, last=MONDAY, count=5) for number in range(10)]
    assert reason(posts).startswith("posts about every ")


def test_weekdays_are_named_when_weekends_are_free():
    posts = [moment for moment in every(DAY, last=MONDAY) if moment.weekday() < 5]
    assert reason(posts) == "usually posts on weekdays"


def test_one_free_weekend_is_no_habit():
    friday = MONDAY + 4 * DAY
    posts = [
        day + half
        for day in every(DAY, last=friday, count=12)
        for half in (0 * HOUR, 12 * HOUR)
        if day.weekday() < 5
    ]
    assert reason(posts, friday + 12 * HOUR).startswith("posts about every ")


def test_hours_of_the_day_are_named_when_posts_keep_to_them():
    posts = [day + (number % 9) * HOUR - HOUR for number, day in enumerate(every(DAY, last=MONDAY))]
    assert reason(posts) == "usually posts between 08:00 and 17:00 UTC"


def test_hours_of_the_day_may_cross_midnight():
    midnight = at("2026-03-02T00:30:00Z")
    posts = [day - (number % 3) * HOUR for number, day in enumerate(every(DAY, last=midnight))]
    assert reason(posts) == "usually posts between 22:00 and 01:00 UTC"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (65 * HOUR, "posts about every 3d"),
        (29 * HOUR, "posts about every 1d5h"),
        (5 * HOUR, "posts about every 5h"),
        (20 * MINUTE, "posts about every 20m"),
        (MINUTE, "posts about every 1m"),
    ],
)
def test_otherwise_the_usual_gap_is_named(step, words):
    last = MONDAY - 9 * HOUR
    assert reason(every(step, last=last), last + step / 2) == words


# ---------------------------------------------------------------- always

moments = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the strategy adds the zone)
close = st.integers(0, 60 * 24 * 40).map(lambda minutes: MONDAY - minutes * MINUTE)
spans = st.integers(1, 60 * 24 * 30).map(lambda minutes: minutes * MINUTE)


@given(
    posted=st.lists(st.one_of(moments, close), max_size=60),
    now=st.one_of(moments, close),
    bounds=st.tuples(spans, spans),
)
@settings(max_examples=150)
def test_any_history_gives_a_wait_within_the_bounds(posted, now, bounds):
    shortest, longest = sorted(bounds)
    found = forecast(posted, now, shortest=shortest, longest=longest)
    assert found is None or (shortest <= found.wait <= longest and found.reason)


@given(posted=st.lists(close, min_size=5, max_size=40), seed=st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_neither_order_nor_repetition_matters(posted, seed):
    shuffled = posted + posted[:3]
    seed.shuffle(shuffled)
    assert ask(shuffled, MONDAY) == ask(posted, MONDAY)


@given(minutes=st.integers(5, 60 * 24 * 5), times=st.integers(4, 20), count=st.integers(5, 60), last=close)
@settings(max_examples=200)
def test_who_posts_more_often_never_waits_longer_than_who_posts_much_less_often(minutes, times, count, last):
    often = every(minutes * MINUTE, last=last, count=count)
    rarely = every(minutes * times * MINUTE, last=last, count=count)
    assert ask(often, last, longest=90 * DAY).wait <= ask(rarely, last, longest=90 * DAY).wait


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 500), hours=st.integers(12, 700))
def test_who_posts_at_every_hour_is_expected_within_the_hour_however_many_hours_and_days_were_seen(start, hours):
    first = MONDAY + start * HOUR
    posts = [first + number * HOUR for number in range(hours)]
    wait = ask(posts, posts[-1] + 59 * MINUTE, shortest=timedelta(0), longest=30 * DAY).wait
    assert 20 * MINUTE <= wait <= 45 * MINUTE


@pytest.mark.parametrize("step", [timedelta(minutes=7), HOUR, DAY, WEEK])
def test_whatever_a_forecast_gives_as_its_reason_is_known_for_a_habit_and_no_wish_is(step):
    assert is_habit(ask(every(step, last=MONDAY), MONDAY + HOUR).reason)
    assert not any(map(is_habit, ("every 1h", "ttl 2h", "max-age 60", "1 failure", "")))
