"""How often the publisher wishes to be asked: RSS 2.0 ttl, skipHours, skipDays; the syndication module."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from aggregator.model import PollHints

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS: Final = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST: Final = timedelta(days=365)


def poll_hints(
    *, ttl: str | None, period: str | None, frequency: str | None, hours: Iterable[str], days: Iterable[str]
) -> PollHints:
    """Read the hints as written; what cannot be understood is as if it were not there."""
    return PollHints(
        ttl=_minutes(ttl),
        period=_period(period, frequency),
        skip_hours=_skip_hours(hours),
        skip_days=_skip_days(days),
    )


def _minutes(ttl: str | None) -> timedelta | None:
    number = _number(ttl)
    return min(timedelta(minutes=number), _LONGEST) if number else None


def _period(period: str | None, frequency: str | None) -> timedelta | None:
    """The module's defaults: `daily`, once; neither given means that there is no hint."""
    if period is None and frequency is None:
        return None
    length = _PERIODS.get((period or "daily").strip().lower())
    times = _number(frequency or "1")
    return length / times if length and times else None


def _skip_hours(hours: Iterable[str]) -> frozenset[int]:
    """0 to 23; 24, as RSS 0.91 has it, is midnight. All of them would mean never: no hint."""
    numbers = (_number(hour, least=0) for hour in hours)
    found = frozenset(number % 24 for number in numbers if number is not None and number <= 24)
    return found if len(found) < 24 else frozenset()


def _skip_days(days: Iterable[str]) -> frozenset[int]:
    names = (day.strip().lower() for day in days)
    found = frozenset(_DAYS.index(name) for name in names if name in _DAYS)
    return found if len(found) < 7 else frozenset()


def _number(text: str | None, least: int = 1) -> int | None:
    text = (text or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 8:
        return None
    return int(text) if int(text) >= least else None
