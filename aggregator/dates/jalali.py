"""The Solar Hijri calendar of Iran and Afghanistan.

Six months of 31 days, five of 30 and a last one of 29, or 30 in a leap year. The year begins at the vernal
equinox; within the years that feeds can bear, leap years fall on eight fixed places of a cycle of 33 years.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST, LAST = 1343, 1472
"""The years (1964 to 2094) for which the cycle agrees with the equinox."""

_LEAP_PLACES = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_ANCHOR_YEAR, _ANCHOR = 1397, date(2018, 3, 21)


def is_leap(year: int) -> bool:
    """Whether the year has 366 days."""
    return year % 33 in _LEAP_PLACES


def to_gregorian(year: int, month: int, day: int) -> date | None:
    """A day of the Persian calendar in the Gregorian one.

    Args:
        year: FIRST to LAST.
        month: 1 (Farvardin) to 12 (Esfand).
        day: 1 to the length of the month.

    Returns:
        The date; None when there is no such day or the year is out of range.
    """
    if not (FIRST <= year <= LAST and 1 <= month <= 12 and 1 <= day <= _length(year, month)):
        return None
    leaps = _leaps_before(year) - _leaps_before(_ANCHOR_YEAR)
    days = (year - _ANCHOR_YEAR) * 365 + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    return _ANCHOR + timedelta(days=days)


def _length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or is_leap(year) else 29


def _leaps_before(year: int) -> int:
    cycles, place = divmod(year, 33)
    return cycles * len(_LEAP_PLACES) + sum(1 for leap in _LEAP_PLACES if leap < place)
