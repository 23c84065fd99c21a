"""Which sources are polled by one worker at a time: all of a host, and those of some other hosts with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Final

from aggregator.model import Catalogue, Source
from aggregator.text.sites import host_of

SHARDS: Final = 64
"""Far more than there are workers, so that each finds some to do. All processes must know the same number, or two
would poll sources of one host: that costs politeness nothing, which rows look after."""


class Shards:
    """The sources of a catalogue, by shard."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._shards = {source.id: shard_of(source) for source in catalogue.sources}
        self._members: defaultdict[int, list[str]] = defaultdict(list)
        for name, shard in self._shards.items():
            self._members[shard].append(name)

    @property
    def all(self) -> tuple[int, ...]:
        """Those in which there are sources."""
        return tuple(self._members)

    def of(self, source_ids: Iterable[str]) -> tuple[int, ...]:
        """The shards of sources, each once, in the order of the first; none for unknown names."""
        return tuple(dict.fromkeys(self._shards[name] for name in source_ids if name in self._shards))

    def holds(self, shards: Collection[int], source_id: str) -> bool:
        """Whether a source is in one of the shards."""
        return self._shards.get(source_id, -1) in shards

    def members(self, shard: int) -> Sequence[str]:
        """The ids of a shard's sources."""
        return self._members.get(shard, ())


def shard_of(source: Source) -> int:
    """The shard of a source: the same for all of a host, in every process. A file is a host of its own."""
    host = host_of(source.location) or source.location
    return int.from_bytes(blake2b(host.encode(), digest_size=4).digest()) % SHARDS
