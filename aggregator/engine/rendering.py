"""One publication: from what it shows to the documents that the store keeps."""

from __future__ import annotations

import asyncio

import structlog

from aggregator import publish
from aggregator.model import Edition
from aggregator.pipeline import publication as pipeline
from aggregator.pipeline.publication import Output
from aggregator.ports import Store


async def render(output: Output, edition: Edition, store: Store, *, generation: int) -> bool:
    """Render an edition in all its formats and store that; whether any bytes changed.

    In: the publication, what it shows, and the generation of it that the documents will be of. Entries that cannot
    be written are left out and told in the log; where that is a fault of ours, it is counted.

    Raises:
        RenderError: A document cannot be written; the stored ones stay.
    """
    rendering = await asyncio.to_thread(publish.render_all, edition)
    log, name = structlog.get_logger("publish"), output.publication.id
    for one in rendering.omitted:
        if one.trace is None:
            log.warning("left out", publication=name, reason=one.notice)
        else:
            log.error("fault", publication=name, reason=one.notice, exception=one.trace)
    faults = sum(one.trace is not None for one in rendering.omitted)
    if faults:
        await store.count_faults("render", faults)
    return await store.save(
        rendering.documents,
        publication_id=name,
        digest=output.digest,
        generation=generation,
        leads=pipeline.leads(edition),
        shown=[item.uid for item in edition.items],
    )
