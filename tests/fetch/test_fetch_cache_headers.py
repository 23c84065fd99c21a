from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.cache_headers import fresh_for, http_date, retry_at
from tests.support.nouns import NOON, at

SAME = "Sun, 01 Mar 2026 12:00:00 GMT"
LATER = "Sun, 01 Mar 2026 13:00:00 GMT"


def fresh(
    cache_control: str | None = None,
    *,
    age: str | None = None,
    expires: str | None = None,
    date: str | None = None,
) -> float | None:
    found = fresh_for(cache_control=cache_control, age=age, expires=expires, date=date, now=NOON)
    return None if found is None else found.total_seconds()


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        ("max-age=600", 600),
        ("public, MAX-AGE = 600, must-revalidate", 600),
        ('max-age="600"', 600),
        ("s-maxage=9, max-age=600", 600),
        ("max-age=0", 0),
        ("max-age=-1", 0),
        ("max-age=soon", 0),
        ("max-age", 0),
        ("max-age=99999999999999999999999999", 2**31),
        ("no-store, max-age=600", None),
        ("no-cache, max-age=600", None),
        ("public", None),
        ("s-maxage=600", None),
        ("", None),
        (None, None),
    ],
)
def test_max_age_says_how_long(field: str | None, seconds: float | None):
    assert fresh(field) == seconds


@pytest.mark.parametrize(
    ("age", "seconds"), [("100", 500), ("601", 0), ("-5", 600), ("old", 600), ("9" * 9000, 0)]
)
def test_the_time_spent_in_caches_is_subtracted(age: str, seconds: float):
    assert fresh("max-age=600", age=age) == seconds


@pytest.mark.parametrize(
    ("expires", "date", "seconds"),
    [
        (LATER, SAME, 3600),
        (LATER, None, 3600),
        (LATER, "nonsense", 3600),
        (SAME, LATER, 0),
        ("0", SAME, 0),
        ("", None, 0),
    ],
)
def test_expires_counts_from_date(expires: str, date: str | None, seconds: float):
    assert fresh(expires=expires, date=date) == seconds


def test_max_age_goes_before_expires():
    assert fresh("max-age=60", expires=LATER, date=SAME) == 60


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", "2026-03-01T12:02:00Z"),
        (" 120 ", "2026-03-01T12:02:00Z"),
        ("+120", "2026-03-01T12:02:00Z"),
        ("1.5", "2026-03-01T12:00:02Z"),
        ("0", "2026-03-01T12:00:00Z"),
        ("-30", "2026-03-01T12:00:00Z"),
        (LATER, "2026-03-01T13:00:00Z"),
        ("Sunday, 01-Mar-26 13:00:00 GMT", "2026-03-01T13:00:00Z"),
        ("Sun Mar  1 13:00:00 2026", "2026-03-01T13:00:00Z"),
        ("Sat, 01 Mar 2025 13:00:00 GMT", "2026-03-01T12:00:00Z"),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, expected: str):
    assert retry_at(value, NOON) == at(expected)


@pytest.mark.parametrize(
    "value", [None, "", "soon", "12 minutes", "١٢٠", "1e9", "--1", "Sun, 99 Foo 2026 13:00:00 GMT"]
)
def test_an_unreadable_retry_after_is_none(value: str | None):
    assert retry_at(value, NOON) is None


def test_an_absurd_retry_after_is_the_end_of_time_not_an_error():
    end = datetime.max.replace(tzinfo=UTC, microsecond=0)
    assert retry_at("9" * 5000, NOON) == end
    assert retry_at("9" * 12, NOON) == end


def test_dates_are_utc_without_fractions():
    assert http_date("Sun, 01 Mar 2026 14:00:00 +0100") == at("2026-03-01T13:00:00Z")
    assert http_date("Sun, 01 Mar 2026 13:00:00 -0000") == at("2026-03-01T13:00:00Z")
    assert http_date("Fri, 31 Dec 9999 23:59:59 -2359") is None


@given(st.text(max_size=70))
def test_no_text_is_too_odd(text: str):
    found = retry_at(text, NOON)
    assert found is None or found >= NOON
    assert (
        fresh_for(cache_control=text, age=text, expires=text, date=text, now=NOON) or timedelta(0)
    ) >= timedelta(0)
    assert fresh_for(cache_control=f"max-age={text}", age=None, expires=None, date=None, now=NOON) != timedelta(-1)


@given(st.integers(min_value=0, max_value=10**9))
def test_seconds_are_added_to_now(seconds: int):
    assert retry_at(str(seconds), NOON) == NOON + timedelta(seconds=seconds)
