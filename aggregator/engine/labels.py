"""What is stored goes by the labels that feeds.yaml gives now; done by whoever sees an edit of it first."""

from __future__ import annotations

import asyncio

import structlog

from aggregator.model import Catalogue
from aggregator.pipeline import succession
from aggregator.ports import SourceStore


async def take_over(catalogue: Catalogue, store: SourceStore) -> None:
    """Sources that the editor renamed find what they brought; the log names them.

    To be called before anything is polled or published by an edited feeds.yaml: what is rendered of a label that
    nothing is stored under yet would show subscribers an empty feed.
    """
    states = await store.states()
    takeovers = await asyncio.to_thread(succession.takeovers, catalogue, states)  # 0.1 s for a thousand sources
    if not takeovers or not await store.take_over(takeovers):
        return
    log = structlog.get_logger("poll")
    for one in takeovers:
        items = f"{states[one.was].items:,} items of '{one.was}'"
        if catalogue.source(one.name) is None:
            log.info("kept apart", source=one.was, why=f"another feed has its label; {items} are kept")
        else:
            log.info("renamed", source=one.name, why=f"it takes over {items}, which had its address")
