"""Instants in words for people: always UTC, always English, whatever the process's locale is."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clock(moment: datetime) -> str:
    """`14:05`."""
    return f"{moment:%H:%M}"


def day(moment: date) -> str:
    """`Monday, 2 November 2026`."""
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def near_day(moment: date, today: date) -> str | None:
    """`Today` or `Yesterday`; None for other days."""
    return {0: "Today", 1: "Yesterday"}.get((today - moment).days)


def stamp(moment: datetime) -> str:
    """`2 Nov 2026, 14:05`."""
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]} {moment.year}, {moment:%H:%M}"


def time_beside(moment: datetime, than: datetime) -> str:
    """The shortest form beside `than`: `14:05` on the same day, `3 Nov, 14:05` within the year, else all."""
    if moment.date() == than.date():
        return clock(moment)
    return stamp(moment) if moment.year != than.year else stamp(moment).replace(f" {moment.year}", "", 1)


def distance(moment: datetime, now: datetime) -> str:
    """`now`, `in 4 min`, `3 h ago`, `in 12 days`: the nearest, since what was 2 h just now is not 1 h."""
    gap = abs(moment - now)
    if gap < timedelta(minutes=1):
        return "now"
    minutes, hours = round(gap / timedelta(minutes=1)), round(gap / timedelta(hours=1))
    if minutes < 60:
        size = f"{minutes} min"
    elif hours < 48:
        size = f"{hours} h"
    else:
        size = f"{round(gap / timedelta(days=1))} days"
    return f"in {size}" if moment > now else f"{size} ago"
