"""What is written on the wall clock, and which instant that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from aggregator.dates import jalali

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are refused: feeds are younger, and 0001, 1601, 1899, 1970 or 9999 are what programs write when
they have no date. No clock is read here, so the future has a fixed end."""

_LAST_PLAIN_JALALI = 1409
"""2030. Islamic lunar years of 2009 and earlier look the same as later Jalali ones."""

Precision = Literal["year", "month", "day", "hour", "minute", "second"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as it was read: a time on the wall clock, before its zone is applied.

    Attributes:
        wall: What the clock on the wall showed, marked as UTC whatever its zone is.
        precision: How much of it was written.
        zone: The zone it names, or None.
        implied: The zone that its language is written in, where only one is; or None.
    """

    wall: datetime
    precision: Precision
    zone: tzinfo | None = None
    implied: tzinfo | None = None


def civil(year: int, month: int, day: int, language: str | None = None) -> date | None:
    """The Gregorian date of three numbers in the order year, month, day; None when there is none or it is absurd.

    Years from 1343 to 1409 are taken for Jalali ones, unless the language counts Islamic lunar years; later ones
    up to 1472 only where the language is Persian or Pashto.
    """
    if jalali.FIRST <= year <= jalali.LAST:
        base = (language or "").partition("-")[0]
        if base in {"ar", "ur"} or (year > _LAST_PLAIN_JALALI and base not in {"fa", "ps"}):
            return None
        found = jalali.to_gregorian(year, month, day)
        return found if found and found.year >= FIRST_YEAR else None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def wall_time(day: date, hour: int, minute: int, second: int) -> datetime | None:
    """A day together with hour, minute and second; None when no clock shows such a time.

    A leap second is read as the second before it, 24:00 as the beginning of the next day (ISO 8601).
    """
    second = 59 if second == 60 else second
    if hour == 24 and minute == second == 0:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)


def full_year(written: int, digits: int) -> int:
    """The year meant by a number of two, three or four digits (RFC 5322, section 4.3)."""
    if digits == 3 and 100 <= written < 150:
        return written + 1900
    if digits <= 2:
        return written + (2000 if written < 50 else 1900)
    return written


def to_utc(wall: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) at which the clocks of a zone showed a wall time.

    Shown twice (clocks went back): the first time. Never shown (clocks went forward): as much later as the
    clocks jumped.
    """
    return wall.replace(tzinfo=zone).astimezone(UTC)
