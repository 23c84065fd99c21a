"""Which zone dates may be written in, by how far off they are."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import available_timezones

from aggregator.dates import fitting_zones
from aggregator.dates.fitting_zones import offset_of, zones_that_fit

WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def test_the_zone_of_the_hosts_country_goes_before_others_of_its_offset():
    assert zones_that_fit("www.example.ir", 210, 30, WINTER) == ("Asia/Tehran",)
    assert zones_that_fit("www.example.np", 360, 30, WINTER) == ("Asia/Kathmandu",)
    assert zones_that_fit("www.example.ir", 60, 30, WINTER) == ("Europe/Berlin", "Africa/Lagos")
    assert zones_that_fit("example.com", -300, 60, WINTER) == ("America/New_York",)


def test_summer_time_counts_at_the_moment_that_is_asked_about():
    assert zones_that_fit("example.de", 120, 30, SUMMER) == ("Europe/Berlin",)
    assert zones_that_fit("example.de", 60, 30, SUMMER)[0] == "Europe/London"
    assert (offset_of("Europe/Berlin", WINTER), offset_of("Europe/Berlin", SUMMER)) == (60, 120)


def test_no_zone_is_made_up():
    assert zones_that_fit("example.com", 17, 30, WINTER) == ()
    assert zones_that_fit("", 900, 30, WINTER) == ()
    assert offset_of("Nowhere/Else", WINTER) is None
    assert offset_of("", WINTER) is None


def test_all_zones_that_are_named_exist():
    assert {*fitting_zones._CITIES, *fitting_zones._COUNTRIES.values()} <= available_timezones()
