"""Instants as we write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dates.writing import rfc3339, to_the_minute

TEHRAN = timezone(timedelta(hours=3, minutes=30))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_written_instant_reads_as_the_same_in_whole_seconds(moment: datetime):
    assert datetime.fromisoformat(rfc3339(moment)) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2018, 12, 1, 20, 33, 9, 999, tzinfo=TEHRAN), "2018-12-01T17:03:09Z"),
        (datetime(987, 1, 2, 3, 4, 5, tzinfo=UTC), "0987-01-02T03:04:05Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_four_digits_of_the_year(moment: datetime, written: str):
    assert rfc3339(moment) == written


def test_people_are_told_the_minute_in_utc():
    assert to_the_minute(datetime(2018, 12, 1, 20, 33, 9, tzinfo=TEHRAN)) == "2018-12-01 17:03 UTC"
