"""Which dates an item gets at its first sight, and when it was updated; docs/dates.md has the rules as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.dates.writing import rfc3339
from aggregator.model import Entry, Item, Stamp

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Claims before it are sentinels of broken software (year 1, 1899-12-30, 1970-01-01) and count as none."""

_EMBARGO = timedelta(days=1)
_SPAN: Final = {
    "year": timedelta(days=366),
    "month": timedelta(days=31),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
"""How long the time lasts that a claim of some precision names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonedDate:
    """An instant and where it comes from, in a few words for people.

    Attributes:
        at: The instant (UTC).
        reason: Where it comes from: a claim, our first sight.
    """

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectSpan:
    """A time in which many known items suddenly claim to have been published: no claim in it is believed.

    Attributes:
        start: The earliest of the claims (UTC).
        end: The latest of them, itself included.
    """

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        """Whether a claim is one of these."""
        return self.start <= moment <= self.end


def date_of_publication(
    entry: Entry, now: datetime, place: int = 0, shared: Sequence[SuspectSpan] = ()
) -> ReasonedDate:
    """When an entry that is seen for the first time was published.

    The claim; else the update claim; else now, a second earlier for each place below the newest of its document
    (`place`), so that undated items keep their order. A claim of a day, a month or a year in which it was first
    seen leaves open when in it; so it is the first sight, too. A date in the future (an embargo, a wrong zone)
    would sit on top of every reader's list, so first sight stands in for it, for good: taking the claim once it
    has come true would move the item up. So does a date that many items suddenly share.
    """
    seen = now - timedelta(seconds=place)
    for stamp, name in ((entry.published, "claimed"), (entry.updated, "claimed as update")):
        if stamp is None or stamp.utc < EARLIEST:
            continue
        if stamp.utc > now:
            return ReasonedDate(at=seen, reason=f"first seen: {_say_ahead(stamp.utc, now)}")
        if any(stamp.utc in one for one in shared):
            return ReasonedDate(
                at=seen, reason=f"first seen: many items suddenly claim the date {rfc3339(stamp.utc)}"
            )
        if leaves_open(stamp, now):
            return ReasonedDate(
                at=max(seen, stamp.utc), reason=f"first seen within the {stamp.precision} that was {name}"
            )
        return ReasonedDate(at=stamp.utc, reason=name)
    return ReasonedDate(at=seen, reason="first seen: no date given")


def first_date_of_update(entry: Entry, first: ReasonedDate, now: datetime) -> ReasonedDate:
    """When an entry that is seen for the first time was last updated; never before it was published."""
    claim = plausible_claim(entry.updated)
    if claim is None or entry.updated is None or claim == first.at or leaves_open(entry.updated, first.at):
        return ReasonedDate(at=first.at, reason="as published")
    if claim > now:
        return ReasonedDate(at=first.at, reason="as published: the claimed update lies in the future")
    if claim < first.at:
        return ReasonedDate(at=first.at, reason="as published: the claimed update lies before it")
    return ReasonedDate(at=claim, reason="claimed")


def next_date_of_update(item: Item, entry: Entry, now: datetime, zone: str | None = None) -> ReasonedDate:
    """When an item whose content has just been seen to differ was updated.

    The claim if it moved forward and lies between what we knew and now; else the moment we saw it. `zone` is
    the source's: where its clock was set back, a claim without zone can be the later of two instants.
    """
    claim = plausible_claim(entry.updated)
    if claim is not None and entry.updated is not None and claim <= now and not _is_believable(item, claim, now):
        claim = _other_fold(entry.updated, zone)
    if claim is not None and _is_believable(item, claim, now):
        return ReasonedDate(at=claim, reason="claimed")
    return ReasonedDate(at=max(now, item.updated), reason="observed: the publisher gave no new date")


def latest_claim(item: Item | None, entry: Entry) -> datetime | None:
    """The newest update claim we have met, believed or not."""
    claims = [claim for claim in (item.claimed_updated if item else None, plausible_claim(entry.updated)) if claim]
    return max(claims, default=None)


def plausible_claim(stamp: Stamp | None) -> datetime | None:
    """The instant that a claim names; None without one, or for a sentinel."""
    return stamp.utc if stamp is not None and stamp.utc >= EARLIEST else None


def leaves_open(stamp: Stamp, moment: datetime) -> bool:
    """Whether a claim of a day or longer names a time that `moment` lies in."""
    span = _SPAN[stamp.precision]
    return span >= _SPAN["day"] and stamp.utc <= moment < stamp.utc + span


def _is_believable(item: Item, claim: datetime, now: datetime) -> bool:
    moved = item.claimed_updated is None or claim > item.claimed_updated
    return moved and item.updated < claim <= now


def _say_ahead(claim: datetime, now: datetime) -> str:
    lies = "lies in the future" if claim - now <= _EMBARGO else "lies more than a day in the future"
    return f"the claim {rfc3339(claim)} {lies}"


def _other_fold(stamp: Stamp, zone: str | None) -> datetime | None:
    """The later of the two instants that an ambiguous local time means (PEP 495); None where it means one."""
    if zone is None or stamp.zone != "assumed":
        return None
    local = stamp.utc.astimezone(ZoneInfo(zone)).replace(fold=1)
    later = local.astimezone(UTC)
    return later if later > stamp.utc else None
