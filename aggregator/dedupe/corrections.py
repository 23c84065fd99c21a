"""Which later claims of a publisher still move the date of publication of an item that we have met.

The table is in docs/dates.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aggregator.dates.writing import rfc3339
from aggregator.dedupe import times
from aggregator.dedupe.times import SuspectSpan
from aggregator.model import Entry, FormerDate, Item, Stamp

TRUSTED: Final = timedelta(hours=48)
"""After the first sight: how long a later date can be a mended one. Mistakes are found on the day or never; from
then on a later date is that of an edit."""

MENDED: Final = timedelta(hours=12)
"""By as much at least a later date must differ to be a mended one. Caches show the time of an edit before our
first sight only after it: three of a broadcaster's 59 bumps in a month were like that, of at most 4.5 hours."""

FORMER: Final = 3
"""Dates given up for an earlier one that are remembered of an item."""

REFUSED: Final = 4
"""Claims taken back that are remembered of an item."""

_BY_UPDATE: Final = "claimed as update"

_AHEAD: Final = "first seen: the claim"

_ZONES: Final = timedelta(hours=26)
"""So far apart may two zones read one clock: from 12 hours behind UTC to 14 ahead."""

_FEWEST: Final = 3
"""Fewer items than these may well have one date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is known at a poll that judges whether a newly claimed date of publication is believed.

    Attributes:
        now: When it is.
        shared: Dates that many items suddenly share.
        since: When the source was first read: what came later came fresh from its publisher. None: not known.
    """

    now: datetime
    shared: Sequence[SuspectSpan] = ()
    since: datetime | None = None


def correct_date(item: Item, entry: Entry, sight: Sight, *, alone: bool) -> Item | None:
    """The item under the date that its publisher's claim moves it to; None where that leaves it where it is.

    `alone`: nothing but the date of publication differs from what the item says. `updated` follows, for it is
    never earlier.
    """
    if entry.published is None or times.plausible_claim(entry.published) is None:
        return _correct_by_update(item, entry, sight)
    stamp, claim = entry.published, _believable_claim(entry.published, sight)
    if claim is None:
        return None
    was = item.entry.published
    found = _read_under_other_zone(item, was, stamp) if was is not None and was.utc == item.published else None
    if found is None and claim < item.published:
        found = _move_earlier(item, stamp)
    elif found is None:
        found = _move_back(item, claim) or _move_later(item, stamp, sight, alone=alone)
    if found is None or found.published == item.published:
        return None
    return _apply_date(replace(found, entry=replace(item.entry, published=stamp)), sight)


def _believable_claim(stamp: Stamp, sight: Sight) -> datetime | None:
    claim = times.plausible_claim(stamp)
    if claim is None or claim > sight.now or any(claim in one for one in sight.shared):
        return None
    return claim


def _correct_by_update(item: Item, entry: Entry, sight: Sight) -> Item | None:
    """Where only updates are dated, one of these gave the date at the first sight, and may be mended as well.

    The words that gave it follow the zone. Else only of an item that came fresh under an old date, forward and up
    to the first sight: any other update says nothing of publication.
    """
    stamp, was = entry.updated, item.entry.updated
    if stamp is None or was is None or times.plausible_claim(item.entry.published) is not None:
        return None
    claim = _believable_claim(stamp, sight)
    if claim is None:
        return None
    found = _read_under_other_zone(item, was, stamp) if _is_dated_by(item, was) else None
    if found is not None:
        found = replace(found, entry=replace(item.entry, updated=stamp))
    elif item.published < claim <= item.first_seen and item.published_reason.startswith(_BY_UPDATE):
        found = _move_later(item, stamp, sight, alone=False)
        found = found and replace(found, published_reason=f"{_BY_UPDATE}, mended")
    return None if found is None or found.published == item.published else _apply_date(found, sight)


def _is_dated_by(item: Item, was: Stamp) -> bool:
    """Whether an item has its date by an update claim, or because that was ahead of its first sight."""
    if item.published_reason.startswith(_BY_UPDATE) and was.utc == item.published:
        return True
    return item.published_reason.startswith((_BY_UPDATE, _AHEAD)) and rfc3339(was.utc) in item.published_reason


def _apply_date(found: Item, sight: Sight) -> Item:
    """The item with all that follows from its new date of publication."""
    found = replace(found, changed_at=sight.now)
    if found.updated >= found.published:
        return found
    return replace(found, updated=found.published, updated_reason="as published")


def _read_under_other_zone(item: Item, was: Stamp, stamp: Stamp) -> Item | None:
    """The words that gave an item its date, read under another zone: the editor put `timezone` right.

    What rests on our reading follows it at any time, but not beyond the first sight.
    """
    if was.zone != "assumed" or was.utc == stamp.utc:
        return None
    if (was.raw, was.zone) != (stamp.raw, stamp.zone) or abs(stamp.utc - was.utc) > _ZONES:
        return None
    at = min(stamp.utc, item.first_seen)
    bound = "" if at == stamp.utc else f", {rfc3339(stamp.utc)}, but not after the first sight"
    named = "claimed" if was == item.entry.published else _BY_UPDATE
    return replace(item, published=at, published_reason=f"{named}, under the zone as it was put right{bound}")


def _move_earlier(item: Item, stamp: Stamp) -> Item | None:
    """An earlier claim holds, unless it only leaves open when, or was made and taken back before."""
    trace = item.trace
    if times.leaves_open(stamp, item.published) or stamp.utc in trace.refused:
        return None
    former = FormerDate(published=item.published, reason=item.published_reason, claim=_standing_claim(item))
    return replace(
        item,
        published=stamp.utc,
        published_reason="claimed later, for an earlier time",
        trace=replace(trace, former=(former, *trace.former)[:FORMER]),
    )


def _standing_claim(item: Item) -> datetime:
    """The claim under which the item has its date: what it says itself, if that agrees with the date."""
    stamp, claim = item.entry.published, times.plausible_claim(item.entry.published)
    if stamp is None or claim is None:
        return item.published
    return claim if claim > item.published or times.leaves_open(stamp, item.published) else item.published


def _move_back(item: Item, claim: datetime) -> Item | None:
    """What was claimed before an earlier date is claimed again: the earlier one was a mistake, and stays one."""
    former = item.trace.former
    index = next((place for place, one in enumerate(former) if claim in (one.claim, one.published)), None)
    if index is None:
        return None
    one = former[index]
    mistakes = dict.fromkeys((item.published, *(other.published for other in former[:index]), *item.trace.refused))
    spoken = "" if "taken back" in one.reason else ", and again after another date was taken back"
    return replace(
        item,
        published=one.published,
        published_reason=one.reason + spoken,
        trace=replace(item.trace, former=former[index + 1 :], refused=tuple(mistakes)[:REFUSED]),
    )


def _move_later(item: Item, stamp: Stamp, sight: Sight, *, alone: bool) -> Item | None:
    """Within two days of the first sight a later claim holds, never beyond the first sight itself.

    One that comes with an edit or a new update, lies beyond the first sight or only a few hours later is what
    publishers write at every edit. But an item that came fresh from its publisher under a date long before cannot
    have been that old: of its claims more is believed, and one beyond the first sight says that it is as new as
    we saw it.
    """
    first_seen = item.first_seen
    misdated = sight.since is not None and first_seen > sight.since and first_seen - item.published > TRUSTED
    found: Item | None = None
    if times.leaves_open(stamp, first_seen):
        reason = f"first seen within the {stamp.precision} that was claimed later"
        found = replace(item, published=first_seen, published_reason=reason)
    elif stamp.utc <= first_seen:
        reason = "claimed later, for a later time, within two days of the first sight"
        found = replace(item, published=stamp.utc, published_reason=reason)
    elif alone and misdated:
        reason = f"first seen: its earlier date was mended to {rfc3339(stamp.utc)}, after that"
        found = replace(item, published=first_seen, published_reason=reason)
    late = sight.now - first_seen > TRUSTED or not (alone or misdated)
    return None if late or found is None or found.published - item.published < MENDED else found


def shared_dates(
    met: Sequence[tuple[Entry, Item]], fresh: Sequence[Entry], now: datetime, since: datetime | None
) -> tuple[SuspectSpan, ...]:
    """The dates that many known items suddenly share: half of a document, three at least.

    In: the entries of known items with these, those of new ones, and as in `Sight`.
    They are claims of one day (UTC) that would move items which lay apart at least twice as far. What was
    imported in one go, or bears only the day, lay as near to each other before, or moves nowhere.
    """
    sight = Sight(now=now, since=since)
    days: dict[object, list[tuple[datetime, Item]]] = {}
    for entry, item in met:
        claim = times.plausible_claim(entry.published)
        if claim is not None and correct_date(item, entry, sight, alone=True) is not None:
            days.setdefault(claim.date(), []).append((claim, item))
    claims = [claim for entry in fresh if (claim := times.plausible_claim(entry.published)) is not None]
    dated = len(claims) + sum(times.plausible_claim(entry.published) is not None for entry, _ in met)
    found = [shared for movers in days.values() if (shared := _find_collapse(movers)) is not None]
    return tuple(
        shared
        for shared in found
        if 2 * (len(days[shared.start.date()]) + sum(claim in shared for claim in claims)) >= dated
    )


def _find_collapse(movers: Sequence[tuple[datetime, Item]]) -> SuspectSpan | None:
    """The time that the claims fall in, if the items were spread over more than twice as much."""
    if len(movers) < _FEWEST:
        return None
    claims, before = [claim for claim, _ in movers], [item.published for _, item in movers]
    shared = SuspectSpan(start=min(claims), end=max(claims))
    return shared if 2 * (shared.end - shared.start) < max(before) - min(before) else None
