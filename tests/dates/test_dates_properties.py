"""Rules that hold for every string and every instant."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import dates
from aggregator.dates import jalali, read, read_pair
from aggregator.dates.spelling import fold_word, tidy

NAMES = json.loads(Path(dates.__file__).with_name("names.json").read_text(encoding="utf-8"))
SPOKEN = sorted(language for language, row in NAMES.items() if all(row.get("months", [""])))
WORDS = st.sampled_from(
    [
        *(
            "Mar",
            "May",
            "Sat",
            "June",
            "th",
            "do",
            "at",
            "to",
            "le",
            "h",
            "Z",
            "T",
            "EST",
            "IST",
            "Updated:",
            "№",
            "$",
        ),
        *(
            "4",
            "12",
            "31",
            "2024",
            "2567",
            "10:30",
            "12:05",
            "20h30",
            "10.30",
            "1/2",
            "3-5",
            "1-2-3",
            "04/06/24",
            "v2",
        ),
        *("pm", "AM", "오후", "ب.ظ", "年", "月", "日", "更新", "خرداد", "۱۴۰۳", "มี.ค.", "+0330", "-7", "GMT+"),
        *("Asia/Tehran", "-", "/", ",", "(", "[", ".", ":"),
    ]
)
INSTANTS = st.datetimes(datetime(1991, 1, 1), datetime(2079, 12, 31)).map(  # noqa: DTZ001 # bounds must be naive
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * 15)
FORMATS = [
    "%a, %d %b %Y %H:%M:%S",
    "%A, %d %B %Y %H:%M:%S",
    "%a %b %d %Y %H:%M:%S",
    "%d %b %Y, %I:%M:%S %p",
    "%B %d, %Y %I:%M:%S %p",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y%m%dT%H%M%S",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y, %H:%M:%S",
    "%a, %m/%d/%Y - %H:%M:%S",
    "%a, %d/%m/%Y - %H:%M:%S",
    "%d-%b-%Y %H:%M:%S",
    "%Y-W%V-%uT%H:%M:%S",
    "%Y-%jT%H:%M:%S",
    "%Y年%m月%d日 %H時%M分%S秒",
]


def spelled(minutes: int, spelling: int) -> str:
    sign, hours, rest = "-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60
    return [
        f" {sign}{hours:02}{rest:02}",
        f" {sign}{hours:02}:{rest:02}",
        f" GMT{sign}{hours:02}{rest:02}",
        f" UTC{sign}{hours}:{rest:02}",
        f" (GMT {sign}{hours:02}:{rest:02})",
    ][spelling]


@given(INSTANTS, OFFSETS, st.sampled_from(FORMATS), st.integers(0, 4))
def test_an_instant_written_in_any_format_and_offset_reads_back(instant, minutes, pattern, spelling):
    if any(directive in pattern for directive in ("%Y%m", "%V", "%j")):
        spelling %= 2  # machines write no names of zones
    local = instant + timedelta(minutes=minutes)
    if "%V" in pattern and local.isocalendar().year != local.year:
        return  # the week belongs to another year than %Y writes
    stamp = read(local.strftime(pattern) + spelled(minutes, spelling))
    if pattern.startswith(("%a, %d/%m", "%a, %m/%d")):
        swapped = local.replace(month=local.day, day=local.month) if local.day <= 12 else local
        if swapped != local and swapped.weekday() == local.weekday():
            assert stamp is None  # both readings are that weekday
            return
    assert stamp is not None
    assert (stamp.utc, stamp.zone) == (instant, "explicit")


@given(INSTANTS, st.sampled_from(["Asia/Tehran", "America/New_York", "Asia/Kolkata", "Europe/London", "UTC"]))
def test_a_wall_time_reads_the_same_with_its_zone_beside_it_or_declared(instant, name):
    local = instant.astimezone(ZoneInfo(name)).replace(fold=0)
    written = f"{local:%d %B %Y %H:%M:%S}"
    beside, declared = read(f"{written} {name}"), read(written, zone=name)
    assert beside is not None
    assert declared is not None
    assert beside.utc == declared.utc == local.astimezone(UTC)


@settings(max_examples=300)
@given(INSTANTS, st.sampled_from(SPOKEN), st.randoms(use_true_random=False))
def test_names_of_every_language_read_back_with_their_weekday(instant, language, random):
    month = random.choice(NAMES[language]["months"][instant.month - 1])
    weekday = random.choice(NAMES[language]["days"][instant.weekday()])
    stamp = read(f"{weekday}, {instant.day}. {month} {instant:%Y, %H:%M:%S}", language=language, zone="UTC")
    assert stamp is not None
    assert stamp.utc == instant


@pytest.mark.parametrize("language", SPOKEN)
def test_every_wide_and_short_name_of_a_month_reads_in_its_language(language):
    for month, names in enumerate(NAMES[language]["months"], 1):
        for name in names:
            stamp = read(f"4 {name} 2024", language=language)
            assert stamp is not None, name
            assert stamp.utc == datetime(2024, month, 4, tzinfo=UTC), name


@given(
    st.text(max_size=320) | st.lists(WORDS, max_size=9).map(" ".join) | st.lists(WORDS, max_size=9).map("".join)
)
@settings(max_examples=500)
def test_reading_never_raises_and_never_leaves_its_years(raw):
    for stamp in (read(raw), *read_pair(raw, zone="Asia/Tehran", language="fa")):
        if stamp is not None:
            assert stamp.raw == raw
            assert 1989 <= stamp.utc.year <= 2101
            assert stamp.utc.tzinfo is UTC
            assert re.search(r"\d", tidy(raw))


@given(st.text(max_size=60))
def test_tidying_and_folding_twice_changes_nothing(text):
    text = text.replace("&", "")  # character references are resolved once
    assert tidy(tidy(text)) == tidy(text)
    assert fold_word(fold_word(tidy(text))) == fold_word(tidy(text))


@pytest.mark.parametrize(
    "piece", ["mar ", "年", "1 ", "a.b.", "1.1 ", "- ", "(", "更新", "updated ", "-1", "1:", "+0"]
)
def test_a_string_beyond_the_bound_is_refused_and_one_at_it_takes_no_time(piece):
    assert read("1 Jan 2024" + " " * 291) is None
    assert read_pair("1 Jan 2024" + " " * 291) == (None, None)
    begin = datetime.now(UTC)
    assert read(piece * (120 // len(piece))) is None
    assert read_pair(piece * (300 // len(piece))) == (None, None)
    assert datetime.now(UTC) - begin < timedelta(seconds=1)


@given(st.dates(date(1964, 4, 1), date(2093, 12, 31)))
def test_every_day_has_one_solar_date_and_they_follow_each_other(day):
    year = day.year - 621 if jalali.to_gregorian(day.year - 621, 1, 1) <= day else day.year - 622
    found = [
        (month, number)
        for month in range(1, 13)
        for number in range(1, 32)
        if jalali.to_gregorian(year, month, number) == day
    ]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("year", "nowruz"),
    [
        (1375, "1996-03-20"), (1379, "2000-03-20"), (1387, "2008-03-20"), (1391, "2012-03-20"),
        (1395, "2016-03-20"), (1396, "2017-03-21"), (1397, "2018-03-21"), (1398, "2019-03-21"),
        (1399, "2020-03-20"), (1400, "2021-03-21"), (1403, "2024-03-20"), (1404, "2025-03-21"),
        (1408, "2029-03-20"), (1409, "2030-03-21"),
    ],
)  # fmt: skip
def test_the_solar_year_begins_at_the_equinox(year, nowruz):
    assert jalali.to_gregorian(year, 1, 1) == date.fromisoformat(nowruz)
    assert jalali.is_leap(year) == ((jalali.to_gregorian(year + 1, 1, 1) - date.fromisoformat(nowruz)).days == 366)


@pytest.mark.parametrize(("year", "month", "day"), [(1403, 13, 1), (1403, 7, 31), (1402, 12, 30), (1300, 1, 1)])
def test_there_is_no_such_solar_date(year, month, day):
    assert jalali.to_gregorian(year, month, day) is None
