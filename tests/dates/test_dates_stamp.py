"""What a stamp says besides its instant, and what the zone and the language decide."""

import pytest

from aggregator.dates import read, read_pair
from aggregator.dates.zones import numeric_order_of_zone, zone_of_abbreviation
from tests.dates.test_dates_corpus import shown


@pytest.mark.parametrize(
    ("raw", "precision"),
    [
        ("2024", "year"),
        ("2024-06", "month"),
        ("June 2024", "month"),
        ("12/2024", "month"),
        ("2024-06-04", "day"),
        ("4 June 2024", "day"),
        ("2024-06-04T15Z", "hour"),
        ("Jun 4 2024 8 pm", "hour"),
        ("2024-06-04T15:30Z", "minute"),
        ("202406041530", "minute"),
        ("Tue, 04 Jun 2024 15:30 GMT", "minute"),
        ("4 juin 2024 à 15h30", "minute"),
        ("2024-06-04T15:30:05Z", "second"),
        ("2024-06-04T153005Z", "second"),
        ("Tue, 04 Jun 2024 15:30:05 GMT", "second"),
        ("4 juin 2024 15:30:05", "second"),
        ("1717515000", "second"),
    ],
)
def test_precision_is_what_was_written(raw, precision):
    stamp = read(raw)
    assert stamp is not None
    assert stamp.precision == precision


@pytest.mark.parametrize(
    ("raw", "zone"),
    [
        ("2024-06-04T15:30Z", "explicit"),
        ("2024-06-04T15:30", "assumed"),
        ("Tue, 04 Jun 2024 15:30 GMT", "explicit"),
        ("Tue, 04 Jun 2024 15:30", "assumed"),
        ("4 June 2024 15:30 Asia/Tehran", "explicit"),
        ("4 June 2024 15:30 ET", "explicit"),
        ("4 June 2024 15:30", "assumed"),
        ("2024년 6월 4일 15:30", "assumed"),
        ("1717515000", "explicit"),
    ],
)
def test_a_zone_is_explicit_only_where_the_string_names_it(raw, zone):
    stamp = read(raw)
    assert stamp is not None
    assert stamp.zone == zone


def test_a_zone_taken_from_the_other_date_of_a_pair_is_assumed():
    _, updated = read_pair("June 4, 2024 15:30 Asia/Tehran, updated June 5, 2024 15:30")
    assert updated is not None
    assert (shown(updated), updated.zone) == ("2024-06-05T12:00:00Z", "assumed")


def test_a_place_beside_it_tells_more_than_the_source_and_an_offset_tells_less():
    _, by_place = read_pair("June 4, 2024 15:30 Asia/Tehran, updated June 5, 2024 15:30", zone="Europe/Paris")
    _, by_source = read_pair("June 4, 2024 15:30 +0330, updated June 5, 2024 15:30", zone="Europe/Paris")
    _, by_offset = read_pair("June 4, 2024 15:30 +0330, updated June 5, 2024 15:30")
    assert [shown(stamp) for stamp in (by_place, by_source, by_offset)] == [
        "2024-06-05T12:00:00Z",
        "2024-06-05T13:30:00Z",
        "2024-06-05T12:00:00Z",
    ]


@pytest.mark.parametrize("raw", ["2024-13", "2024-00", "1066-10", "1066"])
def test_a_month_that_there_is_not_and_a_year_before_any_feed_are_refused(raw):
    assert read(raw) is None


@pytest.mark.parametrize("raw", ["2024-06-04 15:30", "4 June 2024", "Tue, 04 Jun 2024 15:30:00"])
def test_an_unknown_zone_refuses_what_names_none(raw):
    assert read(raw, zone="Nowhere/Land") is None
    assert read_pair(raw, zone="Nowhere/Land") == (None, None)


@pytest.mark.parametrize("zone", ["America", "../etc/passwd", "/etc/passwd", "Europe/", "\0", "A" * 5000])
def test_a_zone_that_is_no_name_is_unknown(zone):
    assert read("2024-06-04 15:30", zone=zone) is None


@pytest.mark.parametrize(
    ("letters", "zone", "minutes"),
    [
        ("cst", None, -360),
        ("cst", "Asia/Shanghai", 480),
        ("cst", "America/Havana", -300),
        ("cst", "America/New_York", -360),
        ("cst", "Australia/Adelaide", 570),
        ("cst", "Nowhere/Land", -360),
        ("ist", "Asia/Jerusalem", 120),
        ("bst", "Asia/Dhaka", 360),
        ("amt", "Asia/Yerevan", 240),
        ("amt", "America/Manaus", -240),
        ("sst", "Asia/Singapore", 480),
        ("sst", "Pacific/Pago_Pago", -660),
        ("est", "America/New_York", -300),
        ("edt", "America/New_York", -240),
    ],
)
def test_letters_mean_what_the_zone_of_the_source_calls_itself(letters, zone, minutes):
    wall = read("2024-06-04 15:30").utc
    found = zone_of_abbreviation(letters, wall, zone)
    assert found.utcoffset(wall).total_seconds() == minutes * 60


def test_letters_with_a_meaning_in_some_zone_only_are_refused_elsewhere():
    assert read("4 June 2024 15:30 SST") is None
    assert shown(read("4 June 2024 15:30 SST", zone="Asia/Singapore")) == "2024-06-04T07:30:00Z"
    assert read("Tue, 04 Jun 2024 15:30:00 QQQ") is None


@pytest.mark.parametrize(
    ("zone", "order"),
    [
        ("America/New_York", "mdy"),
        ("US/Pacific", "mdy"),
        ("pst", "mdy"),
        ("America/Indiana/Knox", "mdy"),
        ("Europe/Paris", "dmy"),
        ("cet", "dmy"),
        ("America/Toronto", None),
        ("Etc/GMT+3", None),
        ("gmt", None),
    ],
)
def test_zones_tell_the_order_of_numbers_where_one_custom_rules(zone, order):
    assert numeric_order_of_zone(zone) == order


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-US", "2024-03-04T00:00:00Z"),
        ("en_us", "2024-03-04T00:00:00Z"),
        ("en-GB", "2024-04-03T00:00:00Z"),
        ("de", "2024-04-03T00:00:00Z"),
        ("de-CH", "2024-04-03T00:00:00Z"),
        ("en", None),
        ("en-XX", None),
        ("tlh", None),
        ("ja", None),
        ("", None),
    ],
)
def test_the_language_settles_the_order_of_numbers(language, expected):
    assert shown(read("03/04/2024", language=language)) == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("listopad 2024", "hr", "2024-10-01T00:00:00Z"),
        ("listopad 2024", "cs-CZ", "2024-11-01T00:00:00Z"),
        ("listopad 2024", None, None),
        ("4 lip 2024", "hr", "2024-06-04T00:00:00Z"),
        ("4 lip 2024", "pl", "2024-07-04T00:00:00Z"),
        ("3:30 em, 4.6.2024", "sv", "2024-06-04T15:30:00Z"),
        ("3:30 em, 4.6.2024", None, "2024-06-04T03:30:00Z"),
        ("3:30 ip, 4.6.2024", None, None),
        ("3:30 ip, 4.6.2024", "fi", "2024-06-04T15:30:00Z"),
    ],
)
def test_the_language_settles_words_with_several_meanings(raw, language, expected):
    assert shown(read(raw, language=language)) == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("1403-03-15", None, "2024-06-04T00:00:00Z"),
        ("1403-03-15", "ar", None),
        ("1412-03-15", None, None),
        ("1412-03-15", "fa", "2033-06-04T00:00:00Z"),
        ("1360-03-15", "fa", None),
        ("۱۵ خرداد ۱۳۶۰", "fa", None),
        ("۱۵ خرداد ۷۹", None, "2000-06-04T00:00:00Z"),
        ("15 جوزا 1403", None, "2024-06-04T00:00:00Z"),
        ("15 June 1403", None, None),
    ],
)
def test_years_around_1400_are_solar_where_nothing_says_lunar(raw, language, expected):
    assert shown(read(raw, language=language)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tue, 04 Jun 2024 15:30:00 +0330 EST", None),
        ("4 June 2024 15:30 EST PST", None),
        ("4 June 2024 15:30 EST (GMT-5)", "2024-06-04T20:30:00Z"),
        ("2023-07-01T12:00:00+04:30[Asia/Tehran]", "2023-07-01T07:30:00Z"),
        ("4 June 2024 15:30 Asia/Tehran (IRST)", "2024-06-04T12:00:00Z"),
    ],
)
def test_two_zones_must_agree_unless_one_is_a_place_beside_an_offset(raw, expected):
    assert shown(read(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [
        ("2024-03-10 02:30", "America/New_York", "2024-03-10T07:30:00Z"),
        ("2024-11-03 01:30", "America/New_York", "2024-11-03T05:30:00Z"),
        ("3 Nov 2024 01:30 EST", "America/New_York", "2024-11-03T06:30:00Z"),
        ("2019-03-22 00:30", "Asia/Tehran", "2019-03-21T21:00:00Z"),
        ("2023-07-01 12:00", "Asia/Tehran", "2023-07-01T08:30:00Z"),
    ],
)
def test_gaps_shift_forward_and_folds_are_the_earlier_hour(raw, zone, expected):
    assert shown(read(raw, zone=zone)) == expected
