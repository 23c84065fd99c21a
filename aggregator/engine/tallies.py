"""What this process did, counted until it is added to the store, which every web process reports from."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aggregator.errors import StoreError
from aggregator.model import TOOK, TallyKey, TallyName, WorkStage
from aggregator.ports import Store


class Tallies:
    """Counts in memory; what was not flushed yet is lost with the process, and nothing else is."""

    def __init__(self) -> None:
        self._counts: Counter[TallyKey] = Counter()

    def add(self, name: TallyName, label: str = "", count: int = 1) -> None:
        """Count something."""
        if count:
            self._counts[TallyKey(name=name, label=label)] += count

    def took(self, stage: WorkStage, seconds: float) -> None:
        """Count a piece of work by the time that it took."""
        most = next(bound for bound in TOOK if seconds <= bound)
        self.add("took", f"{stage} {most:g}")
        self.add("took_ms", stage, round(seconds * 1000))

    @contextmanager
    def timing(self, stage: WorkStage) -> Iterator[None]:
        """Count the block by the time that it takes."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.took(stage, time.monotonic() - begun)

    async def flush(self, store: Store) -> None:
        """Add to the store what was counted; where it cannot be written it waits for the next time."""
        counts, self._counts = self._counts, Counter()
        if counts:
            try:
                await store.tally(counts)
            except StoreError:
                self._counts.update(counts)
                raise

    async def flush_at_end(self, store: Store) -> None:
        """The same when nothing comes after it."""
        with suppress(StoreError):
            await self.flush(store)
