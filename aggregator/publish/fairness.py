"""Sharing the room of a document between sources, so that one that floods cannot push the others out.

The busiest source gets at most half of the room, the two busiest together three quarters, three seven eighths,
four fifteen sixteenths, each of them the same share, as long as the others are at least as many sources; whoever
stays below that is not touched. So however many items a source brings, and under however many new ids, half of
the document is left to the others, and most rivers never notice. Room is only kept for what is recent: a quiet
source's items of last year are no reason to cut off today's news. Room that nobody claims is filled up by date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from aggregator.model import Item

RECENT = timedelta(days=30)
"""How far before the newest item room is kept for others."""

_GROUPS = 4


def share_out(items: Sequence[Item], limit: int) -> tuple[Item, ...]:
    """At most `limit` of the items, in their order, the room shared.

    Args:
        items: By (published, uid) descending.
        limit: The room.
    """
    if len(items) <= limit:
        return tuple(items)
    taken = _fair_indexes(items, limit)
    others = sorted(set(range(len(items))).difference(taken))
    return tuple(items[index] for index in sorted([*taken, *others[: limit - len(taken)]]))


def is_settled(items: Sequence[Item], limit: int) -> bool:
    """Whether no older item can change what `shared` makes of these."""
    if len(items) < limit:
        return False
    return items[0].published - items[-1].published > RECENT or len(_fair_indexes(items, limit)) >= limit


def _fair_indexes(items: Sequence[Item], limit: int) -> list[int]:
    """Indexes of the recent items that their sources' shares let in."""
    pool = [index for index, item in enumerate(items) if items[0].published - item.published <= RECENT]
    shares: dict[str, int] = {}
    taken = pool[:limit]
    for number in range(1, _GROUPS + 1):
        counts = Counter(items[index].source_id for index in taken)
        if len({items[index].source_id for index in pool}) < 2 * number:
            break  # they are most of the sources: that is what this river is like
        busiest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:number]
        allowed = limit - limit // 2**number
        if sum(count for _, count in busiest) > allowed:
            shares |= dict.fromkeys((name for name, _ in busiest), -(-allowed // number))
            taken = _take_shares(items, pool, shares, limit)
    return taken


def _take_shares(items: Sequence[Item], pool: Sequence[int], shares: Mapping[str, int], limit: int) -> list[int]:
    """The newest of the pool, no more of a source than its share, where it has one."""
    counts: Counter[str] = Counter()
    taken: list[int] = []
    for index in pool:
        name = items[index].source_id
        if len(taken) < limit and counts[name] < shares.get(name, limit):
            counts[name] += 1
            taken.append(index)
    return taken
