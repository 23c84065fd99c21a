"""What finding copies asks of a store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import Glance, Item, Neighbourhood, Placement, Reach, Sighting, Signature
from aggregator.ports.read_only import ReadOnlyStore


class StoryStore(ReadOnlyStore, Protocol):
    """The part of the store that knows which items are copies of one piece."""

    async def find_uncompared(self, limit: int) -> tuple[Item, ...]:
        """Standing items that were not compared with others as they are now, the first seen first.

        So new ones, revised ones, and those of which title, text, address or files changed without a word.
        """
        ...

    async def glance(self, batch: Sequence[tuple[Item, Signature]], within: timedelta) -> Glance:
        """What tells which of many items have nothing near them; titles count `within` of an item's date."""
        ...

    async def place_alone(self, placed: Sequence[tuple[Item, Sighting]], publications: Sequence[str]) -> None:
        """Store how items looked that were never compared and belong to no other, and mark them as compared.

        One that changed since it was read is left to wait. The publications count as changed. Raises JobLostError,
        as `place` does, if this store object took the job of comparing and another has had it since.
        """
        ...

    async def count_uses(self, sighting: Sighting, within: timedelta) -> tuple[int, int]:
        """How many items of its source bear its title not farther than `within` from its date; its address, ever.

        The item itself counts; an item without title or address has one use of it.
        """
        ...

    async def neighbourhood(self, sighting: Sighting, names: Collection[str], reach: Reach) -> Neighbourhood:
        """What is known around an item; `names` are those of items to be looked at whatever their text."""
        ...

    async def place(
        self, item: Item, sighting: Sighting, placement: Placement, *, publications: Sequence[str]
    ) -> None:
        """Store how an item looked and where it was found to belong, and mark it as compared.

        Nothing happens when it changed since it was read: it waits to be compared as it is now. New edges replace
        stored ones of their pair, those that parted are removed. Its near misses are replaced by the new ones, but
        for those that tell of pairs which were one piece once. Every item of the placement's stories is noted as
        theirs. The publications count as changed.
        """
        ...

    async def reconsider(self, names: Collection[str]) -> int:
        """Have items compared anew since the editor's word on them may have changed; how many.

        Those that bear one of the names, and those that the editor's word joins or keeps apart now; edges and
        near misses that rest on it are removed.
        """
        ...

    async def retry(self, failed: Signature) -> int:
        """Have items compared anew whose stored signature is just this one, which stands for none; how many."""
        ...

    async def forget(self, before: datetime) -> None:
        """Let go of what finding copies needs of items first seen before the moment; their stories stay."""
        ...
