"""The part of the store over SQL that knows which items are one piece."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from aggregator.model import (
    Copy,
    Edge,
    Glance,
    Item,
    NearMiss,
    Neighbourhood,
    Placement,
    Reach,
    Sighting,
    Signature,
)
from aggregator.store.sql import glance, nearby, sightings, stories
from aggregator.store.sql.job_store import SqlJobStore


class SqlStoryStore(SqlJobStore):
    """Fulfils `ports.StoryStore`, each method as a transaction."""

    async def find_uncompared(self, limit: int) -> tuple[Item, ...]:
        """See `ports.StoryStore.find_uncompared`."""
        return await self._read(partial(stories.find_uncompared, limit=limit))

    async def glance(self, batch: Sequence[tuple[Item, Signature]], within: timedelta) -> Glance:
        """See `ports.StoryStore.glance`."""
        return await self._read(partial(glance.glance, batch=batch, within=within))

    async def place_alone(self, placed: Sequence[tuple[Item, Sighting]], publications: Sequence[str]) -> None:
        """See `ports.StoryStore.place_alone`."""
        found = partial(stories.place_alone, placed=placed, publication_ids=publications)
        await self._write_for("comparing", found)

    async def count_uses(self, sighting: Sighting, within: timedelta) -> tuple[int, int]:
        """See `ports.StoryStore.count_uses`."""
        return await self._read(partial(nearby.count_uses, sighting=sighting, within=within))

    async def neighbourhood(self, sighting: Sighting, names: Collection[str], reach: Reach) -> Neighbourhood:
        """See `ports.StoryStore.neighbourhood`."""
        return await self._read(partial(nearby.neighbourhood, sighting=sighting, names=names, reach=reach))

    async def place(
        self, item: Item, sighting: Sighting, placement: Placement, *, publications: Sequence[str]
    ) -> None:
        """See `ports.StoryStore.place`."""
        found = partial(stories.place, item=item, sighting=sighting, placement=placement)
        await self._write_for("comparing", partial(found, publication_ids=publications))

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        """See `ports.ReadOnlyStore.copies`."""
        return await self._read(partial(stories.copies, uids=uids))

    async def edges_of(self, uids: Collection[str]) -> tuple[Edge, ...]:
        """See `ports.ReadOnlyStore.edges_of`."""
        return await self._read(partial(stories.edges_of, uids=uids))

    async def evidence(self, uid: str) -> tuple[tuple[Edge, ...], tuple[NearMiss, ...]]:
        """See `ports.ReadOnlyStore.evidence`."""
        return await self._read(partial(stories.evidence, uid=uid))

    async def reconsider(self, names: Collection[str]) -> int:
        """See `ports.StoryStore.reconsider`."""
        return await self._write(partial(stories.reconsider, names=names))

    async def retry(self, failed: Signature) -> int:
        """See `ports.StoryStore.retry`."""
        return await self._write(partial(stories.retry, failed=failed))

    async def forget(self, before: datetime) -> None:
        """See `ports.StoryStore.forget`. Lets polls be written between its steps."""
        while await self._write(partial(sightings.forget, before=before)):
            pass
