"""What is stored goes by the labels that feeds.yaml gives now; done by whoever sees an edit of it first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from aggregator.catalogue.comparison import describe
from aggregator.catalogue.dated import at_hour
from aggregator.model import Catalogue, SourceState, Withheld
from aggregator.pipeline import foresight, succession
from aggregator.pipeline.withheld_items import withholding
from aggregator.ports import SourceStore
from aggregator.text.opted_out import tell_opt_out

_COUNTED = 20
"""Publications whose entries are counted when an edit is told; each costs about what rendering it does."""

_NAMED = 10
"""Items that the log names of those that go or come back for one reason."""


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
            kept, self._kept = self._kept, None
            if kept is not None and kept[0] is catalogue:
                return kept[1]
            states = await take_over(catalogue, store)
            await withhold(catalogue, store, now, states)
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


async def withhold(
    catalogue: Catalogue, store: SourceStore, now: datetime, states: Mapping[str, SourceState] | None = None
) -> None:
    """Items under `withdraw:` and of hosts under `opt_out:` go, and those come back that were; the log names them.

    To be called before new items are shown too, without the `states` of all sources: one may be named before it
    comes, and nothing comes back then.
    """
    asked = withholding(catalogue, states or {})
    changes = await store.withhold(asked, now, arrived=states is None)
    named = [one for one in changes if one.gone and one.opt_out is None]
    _log_items("withdrawn", named, "feeds.yaml, under `withdraw:`")
    for host in sorted({one.opt_out for one in changes if one.opt_out}):
        why = tell_opt_out(host, catalogue.opted_out)
        _log_items("withdrawn", [one for one in changes if one.opt_out == host], why)
    _log_items("given back", [one for one in changes if not one.gone], "feeds.yaml takes it out no more")


def _log_items(what: str, found: Sequence[Withheld], why: str) -> None:
    """A line for each of a few items, and one for many."""
    log = structlog.get_logger("publish")
    for one in found[:_NAMED]:
        log.info(what, item=one.public_id, why=why)
    if len(found) > _NAMED:
        log.info(what, items=len(found), named=_NAMED, why=why)


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
