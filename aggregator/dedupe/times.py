"""Which dates an item gets: from what its publisher claims and from when we saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

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
class Dated:
    """An instant and where it comes from, in a few words for people."""

    at: datetime
    reason: str


def published(entry: Entry, now: datetime) -> Dated:
    """When an entry that is seen for the first time was published.

    The claim; else the update claim; else now, a second earlier for each place down the document, so that
    undated items keep their order. A claim of a day, a month or a year in which it was first seen leaves open
    when in it; so it is the first sight, too. A date in the future (an embargo, a wrong zone) would sit on top
    of every reader's list, so first sight stands in for it, for good: taking the claim once it has come true
    would move the item up.
    """
    seen = now - timedelta(seconds=entry.position)
    for stamp, name in ((entry.published, "claimed"), (entry.updated, "claimed as update")):
        if stamp is None or stamp.utc < EARLIEST:
            continue
        if stamp.utc > now:
            return Dated(at=seen, reason=f"first seen: {_ahead(stamp.utc, now)}")
        if _leaves_open(stamp, now):
            return Dated(
                at=max(seen, stamp.utc), reason=f"first seen within the {stamp.precision} that was {name}"
            )
        return Dated(at=stamp.utc, reason=name)
    return Dated(at=seen, reason="first seen: no date given")


def first_updated(entry: Entry, first: Dated, now: datetime) -> Dated:
    """When an entry that is seen for the first time was last updated; never before it was published."""
    claim = _plausible(entry.updated)
    if claim is None or entry.updated is None or claim == first.at or _leaves_open(entry.updated, first.at):
        return Dated(at=first.at, reason="as published")
    if claim > now:
        return Dated(at=first.at, reason="as published: the claimed update lies in the future")
    if claim < first.at:
        return Dated(at=first.at, reason="as published: the claimed update lies before it")
    return Dated(at=claim, reason="claimed")


def earliest(item: Item, entry: Entry) -> Dated | None:
    """When a known item was published, if one more sight says: earlier than we knew; else None.

    It never moves later. It moves earlier if the publisher says so, unless what they say only leaves open
    when in a day, a month or a year it was.
    """
    stamp = entry.published
    claim = _plausible(stamp)
    if stamp is None or claim is None or claim >= item.published or _leaves_open(stamp, item.published):
        return None
    return Dated(at=claim, reason="claimed later, for an earlier time")


def next_updated(item: Item, entry: Entry, now: datetime, zone: str | None = None) -> Dated:
    """When an item whose content has just been seen to differ was updated.

    The claim if it moved forward and lies between what we knew and now; else the moment we saw it. `zone` is
    the source's: where its clock was set back, a claim without zone can be the later of two instants.
    """
    claim = _plausible(entry.updated)
    if claim is not None and entry.updated is not None and claim <= now and not _believable(item, claim, now):
        claim = _other_fold(entry.updated, zone)
    if claim is not None and _believable(item, claim, now):
        return Dated(at=claim, reason="claimed")
    return Dated(at=max(now, item.updated), reason="observed: the publisher gave no new date")


def latest_claim(item: Item | None, entry: Entry) -> datetime | None:
    """The newest update claim we have met, believed or not."""
    claims = [claim for claim in (item.claimed_updated if item else None, _plausible(entry.updated)) if claim]
    return max(claims, default=None)


def _believable(item: Item, claim: datetime, now: datetime) -> bool:
    moved = item.claimed_updated is None or claim > item.claimed_updated
    return moved and item.updated < claim <= now


def _plausible(stamp: Stamp | None) -> datetime | None:
    return stamp.utc if stamp is not None and stamp.utc >= EARLIEST else None


def _leaves_open(stamp: Stamp, moment: datetime) -> bool:
    """Whether a claim of a day or longer names a time that `moment` lies in."""
    span = _SPAN[stamp.precision]
    return span >= _SPAN["day"] and stamp.utc <= moment < stamp.utc + span


def _ahead(claim: datetime, now: datetime) -> str:
    lies = "lies in the future" if claim - now <= _EMBARGO else "lies more than a day in the future"
    return f"the claim {claim:%Y-%m-%dT%H:%M:%SZ} {lies}"


def _other_fold(stamp: Stamp, zone: str | None) -> datetime | None:
    """The later of the two instants that an ambiguous local time means (PEP 495); None where it means one."""
    if zone is None or stamp.zone != "assumed":
        return None
    local = stamp.utc.astimezone(ZoneInfo(zone)).replace(fold=1)
    later = local.astimezone(UTC)
    return later if later > stamp.utc else None
