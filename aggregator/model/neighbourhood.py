"""What a store holds around an item that is compared, and how far it looks for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.model.evidence import Edge
from aggregator.model.story import Copy, Sighting, Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the store looks around an item that is compared.

    Attributes:
        window: Items that share a key with it are looked at when they are dated no further apart than this.
        in_band: A key that more items than this bear is that of a form, not of a text: it is not followed.
        candidates: Items that are looked at, at most.
        of_source: Of these, so many of one source: those that share most keys. Who floods us is compared with a
            little of the flood.
        at_address: Of other sources' old items at its address, so many are looked at again.
        reached: Once edges have led to so many items, they are not followed on: a wall against a flood of copies.
    """

    window: timedelta
    in_band: int
    candidates: int
    of_source: int
    at_address: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerUse:
    """What a stored item bore when it was compared last, as `stories.count_key` numbers it.

    Attributes:
        source_id: Whose it is.
        published: Its date.
        title: Of its title; None where there is nothing to count.
        address: Of its address, likewise.
    """

    source_id: str
    published: datetime
    title: int | None = None
    address: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the store holds around many items, as far as it tells which of them have nothing near.

    Attributes:
        met: Those of their keys under which stored items stand, with the uids of these.
        crowded: Those under which there may be so many that nobody counted.
        sightings: Uid of one that stands under a key -> how it looks.
        far: Url keys at which stored items stand that are too old to be met under a key, with their sources.
        titles: Uid of one of the items -> dates of other stored items of its source that bear its title, near its
            own.
        addresses: Uid of one of the items -> how many other stored items of its source bear its address.
        former: Uid of one of the items that was compared before -> what it bore then.
        tied: Those of the items that were joined to others before, or kept apart from some.
    """

    met: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    crowded: frozenset[int] = frozenset()
    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    far: Mapping[str, frozenset[str]] = field(default_factory=dict)
    titles: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    addresses: Mapping[str, int] = field(default_factory=dict)
    former: Mapping[str, FormerUse] = field(default_factory=dict)
    tied: frozenset[str] = frozenset()


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
