"""The order in which a document lists its items: which way it runs, and what place that gives to new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Final

from aggregator.dedupe import times
from aggregator.model import Batch, Entry, Item, SourceProfile

LOOKED_AT: Final = 60
"""Entries of a document that are compared with each other: 1,770 pairs, half a millisecond."""

UNORDERED: Final = 8
"""Polls that are remembered until it is seen which way a source's documents run."""

_PLACES: Final = 100_000
"""Places that a document has; what is listed further down shares the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOrder:
    """How the document of a poll lists its items.

    Attributes:
        now: When it was read.
        count: Its entries.
        oldest_first: Which way it runs.
        seen: Whether it shows that itself, so that it is not only supposed.
        fresh: How many of its entries are new.
    """

    now: datetime
    count: int
    oldest_first: bool = False
    seen: bool = False
    fresh: int = 0

    def place(self, entry: Entry) -> int:
        """How many entries of the document stand on the newer side of an entry."""
        place = self.count - 1 - entry.position if self.oldest_first else entry.position
        return max(0, min(place, _PLACES - 1))

    def order(self, entry: Entry) -> int:
        """See `Item.listing_order`: what a later poll brings comes first, and of one poll as it was listed."""
        return int(self.now.timestamp()) * _PLACES + _PLACES - 1 - self.place(entry)


def order_of(
    met: Sequence[tuple[Entry, Item]], fresh: Sequence[Entry], now: datetime, *, supposed: bool
) -> DocumentOrder:
    """The order in which a document lists its items, by their dates.

    In: the entries of known items with these, those of new ones; the time of the poll; whether the source is
    supposed to list the oldest first, which stands where the document does not show it.
    """
    seen = _runs_oldest_first(met, fresh, now)
    positions = (entry.position for entry in (*fresh, *(entry for entry, _ in met)))
    return DocumentOrder(
        now=now,
        count=1 + max(positions, default=0),
        oldest_first=supposed if seen is None else seen,
        seen=seen is not None,
        fresh=len(fresh),
    )


def learn_order(profile: SourceProfile, order: DocumentOrder) -> SourceProfile:
    """The profile after a poll, as far as it concerns order; what came before that was seen is remembered."""
    ordered = profile.ordered or order.seen
    batch = (Batch(at=order.now, count=order.count),) if order.fresh > 1 else ()
    unordered = () if ordered else (*batch, *profile.unordered)[:UNORDERED]
    return replace(profile, oldest_first=order.oldest_first, ordered=ordered, unordered=unordered)


def polls_to_turn(profile: SourceProfile, order: DocumentOrder) -> tuple[Batch, ...]:
    """Polls whose items were put in the wrong order, which shows now that a poll has told the order."""
    return profile.unordered if order.seen and order.oldest_first != profile.oldest_first else ()


def _runs_oldest_first(met: Iterable[tuple[Entry, Item]], fresh: Iterable[Entry], now: datetime) -> bool | None:
    """Whether a document lists the oldest first, as its dates say, and where they are equal, our first sights.

    The first entry has no vote: publishers pin old ones there. None without a clear majority.
    """
    seen = [(entry, item.first_seen) for entry, item in met] + [(entry, now) for entry in fresh]
    seen.sort(key=lambda pair: pair[0].position)
    ages = [(_date(entry), moment) for entry, moment in seen[1 : LOOKED_AT + 1]]
    rising, falling = _votes(ages)
    if rising > 2 * falling:
        return True
    return False if falling > 2 * rising else None


def _votes(ages: Sequence[tuple[datetime | None, datetime]]) -> tuple[int, int]:
    """Of all pairs of entries: in how many the second is the newer one, and in how many the first."""
    rising = falling = 0
    for (date, seen), (other_date, other_seen) in combinations(ages, 2):
        one, other = seen, other_seen
        if date is not None and other_date is not None and date != other_date:
            one, other = date, other_date
        rising += one < other
        falling += one > other
    return rising, falling


def _date(entry: Entry) -> datetime | None:
    return times.plausible_claim(entry.published) or times.plausible_claim(entry.updated)
