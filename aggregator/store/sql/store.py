"""The store over SQL: every method of `ports.Store` that any database answers alike, each as a transaction."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from aggregator.model import (
    Faults,
    FaultStage,
    FollowedLists,
    Incident,
    Item,
    ItemKey,
    KeptCatalogue,
    ListState,
    RevisedItem,
    Revision,
    RevisionKey,
    SortKey,
    SourceState,
    SourceStatus,
    SourceTotals,
    StoreSize,
    Takeover,
    TallyKey,
    Trouble,
    Update,
    Withheld,
    Withholding,
)
from aggregator.store.sql import (
    catalogues,
    clamping,
    commits,
    faults,
    followed_lists,
    incidents,
    items,
    labels,
    pruning,
    revised,
    sources,
    tallies,
    withholding,
)
from aggregator.store.sql.publication_store import SqlPublicationStore
from aggregator.store.sql.search_store import SqlSearchStore
from aggregator.store.sql.story_store import SqlStoryStore


class SqlStore(SqlPublicationStore, SqlStoryStore, SqlSearchStore):
    """A store in a database that speaks SQL; with its life cycle and care of its room it fulfils `ports.Store`.

    Knows statements and transactions, but no database: a backend brings a session that runs them.
    """

    async def prune(self, before: datetime) -> int:
        """See `ports.Store.prune`. Lets polls be written between its steps."""
        await self._write(partial(pruning.prune_publications, before=before))
        keep = await self._read(pruning.find_spared)
        total, place = 0, pruning.FIRST
        while True:
            step = await self._write(partial(pruning.prune, before=before, keep=keep, after=place))
            total += step.pruned
            if step.last is None:
                return total
            place = step.last

    async def shrink(self, size: int, now: datetime) -> int:
        """See `ports.Store.shrink`."""
        keep = await self._read(pruning.find_spared)
        total, place = 0, pruning.FIRST
        until = now + timedelta(seconds=1)
        while (await self.size()).used > size:
            pruned = partial(pruning.prune, before=until, keep=keep, after=place, most=pruning.A_FEW)
            step = await self._write(pruned)
            total += step.pruned
            if step.last is None:
                break
            place = step.last
        return total

    @abstractmethod
    async def size(self) -> StoreSize:
        """See `ports.ReadOnlyStore.size`; for a backend to answer."""

    async def note_incidents(self, changes: Iterable[Incident], before: datetime) -> None:
        """See `ports.Store.note_incidents`."""
        await self._write(partial(incidents.note, changes=tuple(changes), before=before))

    async def incidents(self, since: datetime, limit: int) -> tuple[Incident, ...]:
        """See `ports.ReadOnlyStore.incidents`."""
        return await self._read(partial(incidents.find, since=since, limit=limit))

    async def tally(self, counts: Mapping[TallyKey, int]) -> None:
        """See `ports.Store.tally`."""
        if counts:
            await self._write(partial(tallies.add, counts=counts))

    async def tallies(self) -> Mapping[TallyKey, int]:
        """See `ports.ReadOnlyStore.tallies`."""
        return await self._read(tallies.find)

    async def count_faults(self, stage: FaultStage, count: int) -> None:
        """See `ports.Store.count_faults`."""
        await self._write(partial(faults.add, stage=stage, more=count))

    async def faults(self) -> tuple[Faults, ...]:
        """See `ports.Store.faults`."""
        return await self._read(faults.counts)

    async def keep_catalogue(self, content: bytes, now: datetime, *, replacing: int | None = None) -> int | None:
        """See `ports.SourceStore.keep_catalogue`."""
        return await self._write(partial(catalogues.keep, content=content, now=now, replacing=replacing))

    async def kept_catalogue(self) -> KeptCatalogue | None:
        """See `ports.ReadOnlyStore.kept_catalogue`."""
        return await self._read(catalogues.kept_catalogue)

    async def catalogue_version(self) -> int:
        """See `ports.ReadOnlyStore.catalogue_version`."""
        return await self._read(catalogues.version)

    async def keep_list(self, state: ListState) -> None:
        """See `ports.SourceStore.keep_list`."""
        await self._write(partial(followed_lists.keep, state=state))

    async def followed_lists(self) -> FollowedLists:
        """See `ports.ReadOnlyStore.followed_lists`."""
        return await self._read(followed_lists.find)

    async def lists_version(self) -> int:
        """See `ports.ReadOnlyStore.lists_version`."""
        return await self._read(followed_lists.version)

    async def register(self, due: Mapping[str, datetime], disabled: Collection[str], now: datetime) -> None:
        """See `ports.SourceStore.register`."""
        await self._write(partial(sources.register, due=due, disabled=disabled, now=now))

    async def take_over(self, takeovers: Sequence[Takeover]) -> bool:
        """See `ports.SourceStore.take_over`."""
        return await self._write(partial(labels.take_over, takeovers=takeovers))

    async def find_withheld(self, asked: Withholding) -> tuple[Withheld, ...]:
        """See `ports.ReadOnlyStore.find_withheld`."""
        return await self._read(partial(withholding.find_changes, asked=asked))

    async def withhold(self, asked: Withholding, now: datetime, *, arrived: bool = False) -> tuple[Withheld, ...]:
        """See `ports.SourceStore.withhold`. Writes only what differs, which is seldom anything."""
        find = withholding.find_arrived if arrived else withholding.find_changes
        changes = await self._read(partial(find, asked=asked))
        if changes:
            await self._write(partial(withholding.withhold, changes=changes, now=now))
        return changes

    async def claim_due(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        patience: timedelta = timedelta(minutes=5),
        *,
        but_not: Collection[str] = (),
        among: Collection[str] | None = None,
    ) -> tuple[SourceState, ...]:
        """See `ports.SourceStore.claim_due`."""
        claimant = replace(self._claimant(now, lease), polling=but_not, among=among)
        return await self._write(partial(sources.claim_due, claimant=claimant, limit=limit, patience=patience))

    async def find_due(
        self,
        now: datetime,
        limit: int,
        patience: timedelta = timedelta(minutes=5),
        *,
        but_not: Collection[str] = (),
    ) -> tuple[str, ...]:
        """See `ports.SourceStore.find_due`."""
        looking = replace(self._claimant(now, timedelta(0)), polling=but_not)
        return await self._read(partial(sources.find_due, claimant=looking, limit=limit, patience=patience))

    async def claim(self, source_ids: Sequence[str], now: datetime, lease: timedelta) -> tuple[SourceState, ...]:
        """See `ports.SourceStore.claim`."""
        claimant = self._claimant(now, lease)
        return await self._write(partial(sources.claim, source_ids=source_ids, claimant=claimant))

    async def renew(self, source_ids: Collection[str], now: datetime, lease: timedelta) -> frozenset[str]:
        """See `ports.SourceStore.renew`."""
        claimant = self._claimant(now, lease)
        return await self._write_soon(partial(sources.renew, source_ids=source_ids, claimant=claimant))

    async def release(self, state: SourceState) -> None:
        """See `ports.SourceStore.release`."""
        await self._write(partial(sources.release, source_id=state.source_id, lease=state.lease))

    def _claimant(self, now: datetime, lease: timedelta) -> sources.Claimant:
        return sources.Claimant(owner=self._owner, now=now, until=now + lease)

    async def clamp_to_now(self, now: datetime, due: Collection[str]) -> int:
        """See `ports.SourceStore.clamp_to_now`."""
        return await self._write(partial(clamping.clamp_to_now, now=now, due=due))

    async def find_known(self, source_id: str, keys: Collection[ItemKey]) -> Mapping[ItemKey, tuple[Item, ...]]:
        """See `ports.SourceStore.find_known`."""
        return await self._read(partial(items.find_known, source_id=source_id, keys=keys))

    async def find_items(self, uids: Collection[str]) -> tuple[Item, ...]:
        """See `ports.SourceStore.find_items`."""
        return await self._read(partial(items.find_items, uids=uids))

    async def commit(self, update: Update) -> bool:
        """See `ports.SourceStore.commit`."""
        try:
            return await self._write(partial(commits.commit, update=update))
        except commits.LeaseLostError:
            return False

    async def states(self, source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        """See `ports.ReadOnlyStore.states`."""
        if source_ids is not None:
            return await self._read(partial(sources.states, source_ids=source_ids))
        found: dict[str, SourceState] = {}
        after = ""
        while some := await self._read(partial(sources.some_states, after=after)):
            found |= some
            after = next(reversed(some))
            if len(some) < sources.AT_ONCE:
                break
        return found

    async def polled_since(self, moment: datetime) -> Mapping[str, SourceState]:
        """See `ports.ReadOnlyStore.polled_since`."""
        return await self._read(partial(sources.polled_since, moment=moment))

    async def remarkable_states(self) -> Mapping[str, SourceState]:
        """See `ports.ReadOnlyStore.remarkable_states`."""
        return await self._read(sources.remarkable_states)

    async def totals(self) -> SourceTotals:
        """See `ports.ReadOnlyStore.totals`."""
        return await self._read(sources.totals)

    async def standings(self) -> Mapping[str, tuple[SourceStatus, Trouble | None, int]]:
        """See `ports.ReadOnlyStore.standings`."""
        return await self._read(sources.standings)

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        """See `ports.ReadOnlyStore.latest`."""
        return await self._read(partial(items.latest, source_ids=source_ids, limit=limit, after=after))

    async def item(self, name: str) -> Item | None:
        """See `ports.ReadOnlyStore.item`."""
        return await self._read(partial(items.item, name=name))

    async def revisions(self, uid: str) -> tuple[Revision, ...]:
        """See `ports.ReadOnlyStore.revisions`."""
        return await self._read(partial(items.revisions_of, uid=uid))

    async def said(self, names: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], tuple[Revision, ...]]:
        """See `ports.ReadOnlyStore.said`."""
        return await self._read(partial(revised.find_said, asked=names))

    async def find_revised(
        self, source_ids: Collection[str], limit: int, after: RevisionKey | None = None
    ) -> tuple[tuple[RevisedItem, ...], RevisionKey | None]:
        """See `ports.ReadOnlyStore.find_revised`."""
        return await self._read(partial(revised.find_revised, source_ids=source_ids, limit=limit, after=after))
