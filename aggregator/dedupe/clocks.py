"""Feeds whose clocks are wrong: what is new is dated ahead of its first sight, or updated before published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from aggregator.model import Entry, Source, SourceProfile

KEPT: Final = 8
"""Leads remembered of a source."""

_ENOUGH: Final = 4
_LEAST: Final = 20
"""Minutes ahead below which a clock is merely fast."""

_STEP: Final = 30
_SLACK: Final = 5
"""Minutes by which a publisher's own clock may be fast on top of its zone."""

_NEAR: Final = 90
"""Minutes between the greatest and the least lead: how late we may have come to see an item."""

_DAY: Final = 24 * 60


def lead_minutes(new: Iterable[Entry], before: Sequence[int], now: datetime, *, first: bool) -> tuple[int, ...]:
    """The minutes by which new items were dated ahead of their first sight, newest first.

    In: entries of new items; what was known; whether this is the first poll, whose items are no news.
    Claims that carry a zone of their own are not counted: no setting of ours could mend them.
    """
    if first:
        return tuple(before)
    minute = timedelta(minutes=1)
    found = [
        (entry.published.utc - now) // minute
        for entry in new
        if entry.published
        and entry.published.zone == "assumed"
        and entry.published.precision in {"minute", "second"}
    ]
    return (*(max(-_DAY, min(lead, _DAY)) for lead in found), *before)[:KEPT]


def _zone_notice(known: Sequence[int], zone: str | None) -> str | None:
    """A sentence for the editor when all that was new lately was dated ahead by about the same time.

    A new item is dated ahead by its zone's error, less the time until we saw it; so the greatest lead, rounded
    up to half an hour, is the error.
    """
    if len(known) < _ENOUGH or min(known) < _LEAST or max(known) - min(known) > _NEAR or max(known) >= _DAY:
        return None
    error = _format_minutes(-(-(max(known) - _SLACK) // _STEP) * _STEP)
    assumed = f"`timezone: {zone}`" if zone else "UTC, for want of a `timezone:`"
    return (
        f"Its dates carry no zone and are read as {assumed}; all new items are then about {error} ahead "
        f"of the time they appear. Put the zone it writes in, one that is {error} ahead of that, into "
        "feeds.yaml as `timezone:`."
    )


def inversion_minutes(entries: Sequence[Entry]) -> int:
    """The minutes by which a whole feed claims to have updated its items before it published them; 0 for none.

    Only a constant number of half hours says that one of the two dates is in the wrong zone.
    """
    minute = timedelta(minutes=1)
    pairs = [(entry.published, entry.updated) for entry in entries]
    apart = {
        (published.utc - updated.utc) // minute if published and updated else 0 for published, updated in pairs
    }
    if len(pairs) < _ENOUGH or len(apart) != 1:
        return 0
    (minutes,) = apart
    return minutes if minutes >= _STEP and minutes % _STEP == 0 else 0


def wrong_dates_notice(source: Source, profile: SourceProfile) -> str | None:
    """What the editor should know of a source's clocks, one sentence; None when nothing."""
    if profile.shared_date is not None:
        return (
            f"Most of its items suddenly claim to be of {profile.shared_date:%Y-%m-%d}. That is not believed: "
            "they keep the dates that they had."
        )
    ahead = _zone_notice(profile.leads, source.timezone)
    if ahead or not profile.inverted:
        return ahead
    apart = _format_minutes(profile.inverted)
    return (
        f"All its items claim to be updated {apart} before they were published: one of the two "
        "dates is in the wrong zone. If either carries none, put the right one into feeds.yaml as `timezone:`."
    )


def _format_minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return " ".join(part for part in parts if part)
