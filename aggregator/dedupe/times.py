"""Which dates an item gets: from what its publisher claims and from when we saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aggregator.model import Entry, Item, Stamp

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Claims before it are sentinels of broken software (year 1, 1899-12-30, 1970-01-01) and count as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An instant and where it comes from, in a few words for people."""

    at: datetime
    reason: str


def published(entry: Entry, now: datetime) -> Dated:
    """When an entry that is seen for the first time was published.

    The claim; else the update claim; else now, a second earlier for each place down the document, so that
    undated items keep their order. A date in the future (an embargo, a wrong zone) would sit on top of every
    reader's list, so first sight stands in for it.
    """
    for stamp, name in ((entry.published, "claimed"), (entry.updated, "claimed as update")):
        claim = _plausible(stamp)
        if claim is not None and claim <= now:
            return Dated(at=claim, reason=name)
        if claim is not None:
            return Dated(at=now, reason=f"first seen: the claim {claim:%Y-%m-%dT%H:%M:%SZ} lies in the future")
    return Dated(at=now - timedelta(seconds=entry.position), reason="first seen: no date given")


def first_updated(entry: Entry, first: Dated, now: datetime) -> Dated:
    """When an entry that is seen for the first time was last updated; never before it was published."""
    claim = _plausible(entry.updated)
    if claim is None or claim == first.at:
        return Dated(at=first.at, reason="as published")
    if claim > now:
        return Dated(at=first.at, reason="as published: the claimed update lies in the future")
    if claim < first.at:
        return Dated(at=first.at, reason="as published: the claimed update lies before it")
    return Dated(at=claim, reason="claimed")


def next_updated(item: Item, entry: Entry, now: datetime) -> Dated:
    """When an item whose content has just been seen to differ was updated.

    The claim if it moved forward and lies between what we knew and now; else the moment we saw it.
    """
    claim = _plausible(entry.updated)
    moved = claim is not None and (item.claimed_updated is None or claim > item.claimed_updated)
    if claim is not None and moved and item.updated < claim <= now:
        return Dated(at=claim, reason="claimed")
    return Dated(at=max(now, item.updated), reason="observed: the publisher gave no new date")


def latest_claim(item: Item | None, entry: Entry) -> datetime | None:
    """The newest update claim we have met, believed or not."""
    claims = [claim for claim in (item.claimed_updated if item else None, _plausible(entry.updated)) if claim]
    return max(claims, default=None)


def _plausible(stamp: Stamp | None) -> datetime | None:
    return stamp.utc if stamp is not None and stamp.utc >= EARLIEST else None
