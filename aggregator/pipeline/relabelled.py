"""The store as it will be once an edit of feeds.yaml is taken over; only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from aggregator.model import Copy, Item, SortKey, SourceState, Takeover
from aggregator.ports import ReadOnlyStore


class RelabelledStore:
    """What choosing entries asks of a store, answered as after the takeovers and with publications renamed.

    Args:
        store: As it is.
        takeovers: What will be called otherwise in it; see `succession.takeovers`.
        heirs: For publications that will have what another has now, that one's id.
        withheld: The uids of items that the editor takes out.
    """

    def __init__(
        self,
        store: ReadOnlyStore,
        takeovers: Sequence[Takeover],
        heirs: Mapping[str, str],
        withheld: Collection[str] = (),
    ) -> None:
        self._store = store
        self._withheld = withheld
        self._now = {one.was: one.name for one in takeovers}
        self._was = {one.name: one.was for one in takeovers}
        self._heirs = heirs

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        """See `ports.ReadOnlyStore.latest`."""
        found = await self._store.latest(self._stored(source_ids), limit, after)
        # What is withheld is left out as if it were not compared yet: so there are as many as were asked for.
        return tuple(
            replace(self._relabel(one), compared=one.compared and one.uid not in self._withheld) for one in found
        )

    async def states(self, source_ids: Collection[str]) -> Mapping[str, SourceState]:
        """See `ports.ReadOnlyStore.states`."""
        found = await self._store.states(self._stored(source_ids))
        return {self._now.get(name, name): state for name, state in found.items()}

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        """See `ports.ReadOnlyStore.copies`."""
        found = await self._store.copies(uids)
        return {
            uid: tuple(replace(copy, item=self._relabel(copy.item)) for copy in copies)
            for uid, copies in found.items()
        }

    async def leads(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """See `ports.ReadOnlyStore.leads`."""
        return await self._store.leads(self._heirs.get(publication_id, publication_id), uids)

    async def find_noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """See `ports.ReadOnlyStore.find_noted`."""
        return await self._store.find_noted(self._heirs.get(publication_id, publication_id), uids)

    def _stored(self, source_ids: Collection[str]) -> frozenset[str]:
        """The labels that those have now; none for one whose label is another feed's until then."""
        taken = (self._was.get(name) or (None if name in self._now else name) for name in source_ids)
        return frozenset(name for name in taken if name is not None)

    def _relabel(self, item: Item) -> Item:
        if item.uid in self._withheld and item.withdrawn_at is None:
            item = replace(item, withdrawn_at=item.first_seen)
        name = self._now.get(item.source_id)
        return item if name is None else replace(item, source_id=name)
