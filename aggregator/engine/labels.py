"""What is stored goes by the labels that feeds.yaml gives now; done by whoever sees an edit of it first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from aggregator.catalogue.comparison import describe
from aggregator.catalogue.dated import at_hour
from aggregator.model import Catalogue, SourceState
from aggregator.pipeline import foresight, succession
from aggregator.ports import SourceStore

_COUNTED = 20
"""Publications whose entries are counted when an edit is told; each costs about what rendering it does."""


class Edits:
    """Takes over edits for all in one process who see them, and tells each once, before it is done.

    `two`: whether there are two of them. Then what the first one read of all sources, which of very many takes
    long, is kept for the other one, and no longer.
    """

    def __init__(self, *, two: bool = False) -> None:
        self._two = two
        self._kept: tuple[Catalogue, Mapping[str, SourceState]] | None = None
        self._last: Catalogue | None = None
        self._turn = asyncio.Lock()

    async def take_over(
        self, catalogue: Catalogue, store: SourceStore, now: datetime
    ) -> Mapping[str, SourceState]:
        """As the function below; the log has first what `aggregator diff` says of such an edit."""
        async with self._turn:
            before, self._last = self._last, catalogue
            if before is not None and before is not catalogue and before.text != catalogue.text:
                await _tell(before, catalogue, store, now.replace(minute=0, second=0, microsecond=0))
            await withhold(catalogue, store, now)
            kept, self._kept = self._kept, None
            if kept is not None and kept[0] is catalogue:
                return kept[1]
            states = await take_over(catalogue, store)
            if self._two:
                self._kept = catalogue, states
            return states


async def _tell(before: Catalogue, after: Catalogue, store: SourceStore, hour: datetime) -> None:
    log = structlog.get_logger("catalogue")
    try:
        found = await foresight.foresee(at_hour(before, hour), at_hour(after, hour), store, _COUNTED)
    except Exception:  # the boundary: the edit is taken over, whether it can be told or not
        log.exception("fault")
        return
    log.info("edited", change=describe(found))


async def withhold(catalogue: Catalogue, store: SourceStore, now: datetime) -> None:
    """Items that the editor names under `withdraw:` go, and those come back that were; the log names them.

    To be called before new items are shown too: one may be named before it comes.
    """
    log = structlog.get_logger("publish")
    for name, gone in (await store.withhold(catalogue.withdrawn.keys(), now)).items():
        log.info("withdrawn" if gone else "given back", item=name, why="feeds.yaml, under `withdraw:`")


async def take_over(catalogue: Catalogue, store: SourceStore) -> Mapping[str, SourceState]:
    """Sources that the editor renamed find what they brought; the log names them. Gives the states of all.

    To be called before anything is polled or published by an edited feeds.yaml: what is rendered of a label that
    nothing is stored under yet would show subscribers an empty feed.
    """
    states = await store.states()
    takeovers = await asyncio.to_thread(succession.takeovers, catalogue, states)  # 0.1 s for a thousand sources
    if not takeovers:
        return states
    taken = takeovers if await store.take_over(takeovers) else ()
    log = structlog.get_logger("poll")
    for one in taken:
        items = f"{states[one.was].items:,} items of '{one.was}'"
        if catalogue.source(one.name) is None:
            log.info("kept apart", source=one.was, why=f"another feed has its label; {items} are kept")
        else:
            log.info("renamed", source=one.name, why=f"it takes over {items}, which had its address")
    return await store.states()
