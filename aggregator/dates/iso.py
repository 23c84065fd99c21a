"""Dates of machines: ISO 8601, RFC 3339, W3C-DTF, XML Schema, EXIF and Unix time.

Feeds hold most forms of ISO 8601: extended and basic, week and ordinal dates, reduced precision, two-digit years
of its first edition; and slips of programs, such as `2003-012-31` and `-05:00Z`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from aggregator.dates.wall import FIRST_YEAR, LAST_YEAR, Precision, Written, civil, full_year, wall_time

_COMMON = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)? ?([Zz]|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_ZONE = r"(?P<zone>Z|[+-]\d{1,2}(?::?\d{2}(?::00)?)?)"
_TAIL = re.compile(
    rf"""(?:
            (?:[T ]|\ T\ ?)(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?::(?P<s>\d{{2}})(?:[.,]\d+|:\d{{3}}(?!\d))?)?
          | [T ](?P<hh>\d{{2}})(?P<mm>\d{{2}})(?:(?P<ss>\d{{2}})(?:[.,]\d+)?)?
          | T(?P<hour>\d{{2}})
         )
         (?::?\ ?{_ZONE}Z?(?:\ ?\[[\w/+-]{{1,40}}\])?)?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_DAY = re.compile(
    r"""(?P<ymd>\d{4}-\d{1,2}-\d{1,2}|\d{4}-0\d{2}-\d{2}|\d{4}:\d{2}:\d{2}(?=\ )|\d{8}(?!\d))
      | (?P<ordinal>\d{4}-?\d{3}|0\d-?\d{3})(?!\d|-)
      | (?P<week>\d{4}-?W\d{2}(?:-?[1-7])?)
      | (?P<short>\d{6})(?!\d)""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_REDUCED = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d{2}))?|-(?P<yy>\d{2})-?(?P<mm>\d{2})", re.ASCII)
_STAMPED = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z?", re.ASCII)
_DAY_ZONE = re.compile(r"Z|[+-]\d{2}:\d{2}", re.ASCII)
_UNIX = re.compile(r"@?(\d{10})(?:\.\d{1,9})?|(\d{13})|/Date\((\d{12,13})(?:[+-]\d{4})?\)/", re.ASCII)


def parse_common(text: str, language: str | None) -> Written | None:
    """The form that nearly every Atom feed uses, `2003-12-31T18:14:55Z`; None for all others."""
    match = _COMMON.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    found = civil(int(year), int(month), int(day), language)
    shift = offset(zone) if zone else None
    if found is None or (zone and shift is None):
        return None
    wall = wall_time(found, int(hour or 0), int(minute or 0), int(second or 0))
    precision: Precision = "second" if second else "minute" if hour else "day"
    return Written(wall=wall, precision=precision, zone=shift) if wall else None


def parse_uncommon(text: str, language: str | None) -> Written | None:
    """The other forms of ISO 8601 and of Unix time; None when it is none of them."""
    return (
        _unix(text) or _parse_month_or_year(text) or _parse_digits(text, language) or _parse_date(text, language)
    )


def offset(text: str) -> tzinfo | None:
    """The zone of `Z`, `+0330`, `-8`, `+03:30:00`; None when no place on earth has it."""
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if len(digits) == 6:
        hours, minutes = int(digits[:2]), int(digits[2:4])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)


def _unix(text: str) -> Written | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    seconds = int(match[1]) if match[1] else int(match[2] or match[3]) // 1000
    if match[1] and seconds >= 2_000_000_000 and civil(int(text[:4]), int(text[4:6]), int(text[6:8])):
        return None  # 2033 and later, or as likely a day and an hour in digits
    wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return Written(wall=wall, precision="second", zone=UTC) if FIRST_YEAR <= wall.year <= LAST_YEAR else None


def _parse_month_or_year(text: str) -> Written | None:
    match = _REDUCED.fullmatch(text)
    if match is None:
        return None
    year = int(match["y"]) if match["y"] else full_year(int(match["yy"]), 2)
    month = match["m"] or match["mm"]
    first = civil(year, int(month or 1), 1) if year >= FIRST_YEAR else None
    if first is None:
        return None
    midnight = datetime(first.year, first.month, 1, tzinfo=UTC)
    return Written(wall=midnight, precision="month" if month else "year")


def _parse_digits(text: str, language: str | None) -> Written | None:
    """`20181201203300`: a whole time stamp in digits."""
    match = _STAMPED.fullmatch(text)
    if match is None:
        return None
    day = civil(int(match[1]), int(match[2]), int(match[3]), language)
    wall = wall_time(day, int(match[4]), int(match[5]), int(match[6] or 0)) if day else None
    zone = UTC if text.endswith("Z") else None
    return Written(wall=wall, precision="second" if match[6] else "minute", zone=zone) if wall else None


def _parse_date(text: str, language: str | None) -> Written | None:
    """A date in any form, followed by nothing, a zone, or a time."""
    match = _DAY.match(text)
    day = _day(match, language) if match else None
    if match is None or day is None:
        return None
    rest = text[match.end() :]
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if not rest:
        return Written(wall=midnight, precision="day")
    if _DAY_ZONE.fullmatch(rest) and match["ymd"]:
        zone = offset(rest)
        return Written(wall=midnight, precision="day", zone=zone) if zone else None
    return _parse_time(day, _TAIL.fullmatch(rest))


def _parse_time(day: date, tail: re.Match[str] | None) -> Written | None:
    if tail is None:
        return None
    zone = offset(tail["zone"]) if tail["zone"] else None
    hour, minute, second = (
        tail["h"] or tail["hh"] or tail["hour"],
        tail["m"] or tail["mm"],
        tail["s"] or tail["ss"],
    )
    wall = wall_time(day, int(hour), int(minute or 0), int(second or 0))
    if wall is None or (tail["zone"] and zone is None):
        return None
    precision: Precision = "second" if second else "minute" if minute else "hour"
    return Written(wall=wall, precision=precision, zone=zone)


def _day(match: re.Match[str], language: str | None) -> date | None:
    digits = re.sub(r"\D", "", match[0])
    if match["ymd"]:
        return _year_month_day(match[0], digits, language)
    if match["short"]:
        if civil(int(digits[:4]), int(digits[4:]), 1):
            return None  # 200312 is a month of 2003 as well as a day of 2020
        return civil(full_year(int(digits[:2]), 2), int(digits[2:4]), int(digits[4:]))
    if match["ordinal"]:
        return _ordinal(full_year(int(digits[:-3]), len(digits) - 3), int(digits[-3:]))
    return _week(int(digits[:4]), int(digits[4:6]), int(digits[6:] or 1))


def _year_month_day(written: str, digits: str, language: str | None) -> date | None:
    if written.isdigit():
        return civil(int(digits[:4]), int(digits[4:6]), int(digits[6:]), language)
    year, month, day = re.split(r"\D", written)
    return civil(int(year), int(month), int(day), language)


def _ordinal(year: int, number: int) -> date | None:
    first = civil(year, 1, 1) if year >= FIRST_YEAR else None
    day = first + timedelta(days=number - 1) if first else None
    return day if day and day.year == year else None


def _week(year: int, week: int, weekday: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date.fromisocalendar(year, week, weekday)
    except ValueError:
        return None
