"""What a store holds around an item that is compared, and how far it looks for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aggregator.model.story import Copy, Edge, Sighting, Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the store looks around an item that is compared.

    Attributes:
        window: Items that share a key with it are looked at when they are dated no further apart than this.
        in_band: A key that more items than this bear is that of a form, not of a text: it is not followed.
        candidates: Items that are looked at, at most.
        at_address: Of other sources' old items at its address, so many are looked at again.
        reached: Once edges have led to so many items, they are not followed on: a wall against a flood of copies.
    """

    window: timedelta
    in_band: int
    candidates: int
    at_address: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """What the store holds around an item.

    Attributes:
        candidates: Items that share a key with it within the window, those sharing most first, and those that bear
            a name asked for.
        copies: All other items that edges reach from it and from the candidates, these included.
        edges: Between all of them.
        kin: Of the items that edges join to it, and of the other members of its story, those whose signatures are
            still held.
        former: Its own signature when it was compared last; None without edges, and where that was forgotten.
        apart: Pairs of uids among them that were judged apart and are in no story together.
        far: Uids of items of other sources at its address whose signatures were forgotten.
    """

    candidates: tuple[Sighting, ...] = ()
    copies: tuple[Copy, ...] = ()
    kin: tuple[Sighting, ...] = ()
    former: Signature | None = None
    edges: tuple[Edge, ...] = ()
    apart: frozenset[frozenset[str]] = frozenset()
    far: tuple[str, ...] = ()
