"""Looks each minute whether something is the matter, and keeps what it finds: when it began, when it was over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, get_args

import structlog

from aggregator.engine.in_force import is_in_force
from aggregator.explain import incidents, symptoms
from aggregator.model import Catalogue, FaultStage, Incident, SourceState, TallyKey
from aggregator.ports import Clock, Store

KEPT: Final = timedelta(days=90)
"""How long incidents that are over are remembered."""

MOST: Final = 1_000
"""Incidents that are looked at: with more of them nobody looks at the feed."""

FILTERS_EVERY: Final = timedelta(hours=1)
"""How often filters are tried on what is stored: that reads items."""

LATE: Final = timedelta(minutes=1)
"""After which a poll is written at the latest: until then a look cannot see it."""

LASTING: Final = timedelta(days=1)
"""A fault of ours that did not strike again for so long is over."""


class IncidentWatch:
    """Follows what is the matter."""

    def __init__(self, catalogue: Callable[[], Catalogue], store: Store, clock: Clock) -> None:
        self._catalogue = catalogue
        self._store = store
        self._clock = clock
        self._looked: tuple[datetime, Catalogue] | None = None
        self._barred: tuple[datetime, Catalogue, frozenset[str]] | None = None
        self._log = structlog.get_logger("incident")

    async def look(self) -> tuple[Incident, ...]:
        """Note what began, came again or is over since the last look; what that is."""
        catalogue, now = self._catalogue(), self._clock.now()
        if not await is_in_force(catalogue, self._store):
            return ()
        known = await self._store.incidents(now - incidents.AGAIN, MOST)
        barred = await self._find_barred(catalogue, now)
        observed = symptoms.Observed(
            states=await self._find_states(catalogue, barred.union(one.subject for one in known), now),
            failed=await self._find_failed(known, now),
            barred=barred,
        )
        changes = incidents.follow(known, symptoms.find_symptoms(catalogue, observed, now), now)
        if changes:
            await self._store.note_incidents(changes, now - KEPT)
        for one in changes:
            if one.ended is None:
                self._log.warning("incident", kind=one.kind, subject=one.subject, title=one.title)
            else:
                self._log.info(
                    "over", kind=one.kind, subject=one.subject, title=one.title, began=one.began.isoformat()
                )
        return changes

    async def _find_states(
        self, catalogue: Catalogue, named: Collection[str], now: datetime
    ) -> Mapping[str, SourceState]:
        """Of the named sources, and of those that were polled since the last look.

        What is the matter with others was found when they were polled, and stands by name. At first, and after an
        edit, of all.
        """
        looked, self._looked = self._looked, (now, catalogue)
        if looked is None or looked[1] is not catalogue or now < looked[0]:
            return await self._store.states()
        return {**await self._store.polled_since(looked[0] - LATE), **await self._store.states(named)}

    async def _find_failed(self, known: tuple[Incident, ...], now: datetime) -> frozenset[FaultStage]:
        """Stages whose faults are more than at the last look, whoever looked, or were so within a day."""
        tallies = await self._store.tallies()
        lasting = {one.subject for one in known if one.kind == "program" and now - one.changed < LASTING}
        failed: set[FaultStage] = {one for one in get_args(FaultStage) if one in lasting}
        new: dict[TallyKey, int] = {}
        for one in await self._store.faults():
            key = TallyKey(name="faults_seen", label=one.stage)
            if one.count > tallies.get(key, 0):
                new[key] = one.count - tallies.get(key, 0)
                failed.add(one.stage)
        await self._store.tally(new)
        return frozenset(failed)

    async def _find_barred(self, catalogue: Catalogue, now: datetime) -> frozenset[str]:
        """Sources of which no filter lets anything through; tried again after an edit, or an hour."""
        if self._barred is not None:
            tried, of, found = self._barred
            if of is catalogue and timedelta(0) <= now - tried < FILTERS_EVERY:
                return found
        barred = set()
        for source in catalogue.sources:
            if symptoms.is_filtered(catalogue, source):
                items = await self._store.latest([source.id], 100)
                # In a thread: an editor's pattern may take a while on each of many texts.
                if await asyncio.to_thread(symptoms.bars_all, catalogue, source, items):
                    barred.add(source.id)
        self._barred = (now, catalogue, frozenset(barred))
        return frozenset(barred)
