"""From what was told to a date: its day, its time of day, and one zone for all that was said of zones."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from aggregator.dates import days, zones
from aggregator.dates.draft import Draft
from aggregator.dates.wall import Precision, Written, wall_time

_GREENWICH = frozenset({"utc", "gmt", "ut", "z"})
_PLACE = re.compile(r"[/\d]")  # America/New_York, EST5EDT
_KOREA = "Asia/Seoul"


def solve(draft: Draft, source_zone: str | None, language: str | None) -> Written | None:
    """The wall time and zone that a date string means, once each of its tokens has told its part; None in doubt.

    Korean text with a time of day is in Korea's time even where it names no zone: feeds that write so come from
    nowhere else.

    Args:
        draft: Whose every token was understood.
        source_zone: What the source declares; here only to tell what abbreviations and orders mean.
        language: BCP 47, or None.
    """
    day = days.find_day(draft, source_zone, language)
    if day is None or (day.precision != "day" and "hour" in draft.parts):
        return None
    time = _time(draft, day.languages | {(language or "").partition("-")[0]})
    wall = wall_time(day.day, *time) if time else None
    if wall is None:
        return None
    zone = _zone(draft, wall, source_zone)
    if zone is None and (draft.zones or draft.shifts):
        return None
    korean = "ko" in draft.languages and "hour" in draft.parts
    return Written(
        wall=wall,
        precision=_precision(draft, day.precision),
        zone=zone,
        implied=zones.find_zone(_KOREA) if korean else None,
    )


def _precision(draft: Draft, without_time: Precision) -> Precision:
    if "second" in draft.parts:
        return "second"
    if "minute" in draft.parts:
        return "minute"
    return "hour" if "hour" in draft.parts else without_time


def _time(draft: Draft, languages: frozenset[str]) -> tuple[int, int, int] | None:
    """Hour, minute and second; None when they contradict the half of the day that is written."""
    half = draft.half
    if not half and draft.doubtful and draft.doubtful.languages & languages:
        half = str(draft.doubtful.value)
    elif draft.undecided:
        return None
    if "hour" not in draft.parts:
        return None if half or draft.parts.keys() & {"minute", "second"} else (0, 0, 0)
    hour = _hour(draft.parts["hour"], half)
    return None if hour is None else (hour, draft.parts.get("minute", 0), draft.parts.get("second", 0))


def _hour(written: int, half: str) -> int | None:
    """The hour from 0 to 24. `15 pm` says it twice and is right; `15 am` is neither."""
    if half == "am":
        return None if written > 12 else written % 12
    if half == "night" and (written < 5 or written == 12):
        return None
    if half in {"pm", "night"}:
        return written + 12 if written < 12 else written
    if half == "noon":
        return {11: 11, 12: 12, 1: 13, 2: 14}.get(written)
    return written


def _zone(draft: Draft, wall: datetime, source_zone: str | None) -> tzinfo | None:
    """The zone that the draft names, in whatever ways; None when it names none or contradicts itself.

    A numeric offset beside the name of a place wins: it was right when it was written, whatever became of the
    zone's rules since (RFC 9557, section 3.4). GMT beside an offset is what the offset counts from.
    """
    places = {name for name in draft.zones if _PLACE.search(name)}
    letters = set(draft.zones) - places
    if draft.shifts:
        letters -= _GREENWICH
    fixed = {zones.fixed_zone(minutes) for minutes in draft.shifts}
    told = fixed | {zones.zone_of_abbreviation(name, wall, source_zone) for name in letters}
    if told:
        return next(iter(told)) if len(told) == 1 else None
    return _place(places) if places else None


def _place(names: set[str]) -> ZoneInfo | None:
    return zones.find_zone(next(iter(names))) if len(names) == 1 else None
