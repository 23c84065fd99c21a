"""Instants in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web import time_words
from tests.support.nouns import NOON, at


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=4), "in 4 min"),
        (timedelta(minutes=-59), "59 min ago"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(days=-12), "12 days ago"),
        (timedelta(minutes=119, seconds=59), "in 2 h"),
        (timedelta(minutes=-80), "1 h ago"),
        (timedelta(minutes=59, seconds=40), "in 1 h"),
        (timedelta(hours=47, minutes=40), "in 2 days"),
        (timedelta(days=2, hours=20), "in 3 days"),
    ],
)
def test_distances_are_short(gap: timedelta, words: str):
    assert time_words.distance(NOON + gap, NOON) == words


@given(st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)))
def test_the_year_and_the_time_of_day_are_told(moment: datetime):
    assert str(moment.year) in time_words.stamp(moment)
    assert time_words.clock(moment) == time_words.time_beside(moment, moment)


def test_only_today_and_yesterday_have_names():
    days = [time_words.near_day((NOON - timedelta(days=n)).date(), NOON.date()) for n in (-1, 0, 1, 2)]
    assert days == [None, "Today", "Yesterday", None]


def test_a_year_is_said_only_where_it_differs():
    assert time_words.time_beside(at("2026-12-31T23:00:00Z"), NOON) == "31 Dec, 23:00"
    assert time_words.time_beside(at("2027-01-01T01:00:00Z"), NOON) == "1 Jan 2027, 01:00"
