"""The archive of a publication (RFC 5005, section 4): what it showed once, in pages that never change.

Every item that passes the filters is noted, in the order in which we met it, whether or not the limit or a quota
leaves it room in the document. Noted items wait until they fill a page; what is on it stands from then on. Its
documents are rendered when somebody asks for the first of them, and then kept, for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from aggregator import publish
from aggregator.model import ArchivePage, Catalogue, Document, Edition, Item
from aggregator.pipeline.merging import merge, merge_under_their_ids
from aggregator.pipeline.publication import Output, empty_edition, scope_of
from aggregator.pipeline.sifting import sift
from aggregator.ports import Store

FULL = 50
"""Entries of a page; half the limit of a short publication, so that what waits is mostly still shown."""

_BATCH = 500


async def update_archive(edition: Edition, output: Output, store: Store, now: datetime) -> Edition:
    """Bring the publication's archive up to date; the edition, which knows its newest page then."""
    name = edition.publication.id
    at_once = await _note(edition, output, store)
    waiting = await store.find_waiting(name)
    pages = await store.archive_numbers(name)
    number = pages.stop if pages else 1
    size = min(FULL, max(1, edition.publication.limit // 2))
    while len(waiting) >= size or (at_once and waiting):
        uids, waiting = waiting[:size], waiting[size:]
        page = ArchivePage(publication_id=name, number=number, uids=uids, completed=now)
        if not await store.save_archive_page(page):  # another process was faster: it has the rest as well
            break
        number += 1
    await _take_back(edition, store)
    return replace(edition, previous=number - 1 or None)


async def render_page(output: Output, catalogue: Catalogue, number: int, store: Store) -> tuple[Document, ...]:
    """The documents of a page that nobody has asked for yet, kept in the store from now on.

    Not kept while something on it is not shown that may come back: with its source in feeds.yaml, or with filters
    as they were. A page that was kept never changes.

    Raises:
        RenderError: They cannot be written.
    """
    name = output.publication.id
    items = await store.find_on_page(name, number)
    empty = await empty_edition(output, catalogue, store)
    shown = await merge_under_their_ids(items, scope_of(output, empty.origins, store))
    page = replace(
        empty,
        items=tuple(one.entry for one in reversed(shown)),
        copies={one.entry.public_id: one.copies for one in shown if one.copies},
        archive_page=number,
        previous=number - 1 or None,
    )
    rendering = await asyncio.to_thread(publish.render_all, page)
    faults = [one for one in rendering.omitted if one.trace is not None]
    for one in faults:
        log = structlog.get_logger("publish")
        log.error("fault", publication=name, page=number, reason=one.notice, exception=one.trace)
    if faults:
        await store.count_faults("render", len(faults))
    if len(shown) == len(items):
        await store.keep_archive_page(rendering.documents, publication_id=name, number=number)
    return rendering.documents


async def _note(edition: Edition, output: Output, store: Store) -> bool:
    """Note what came since the last time; whether it has to be put on a page at once.

    It has when items are shown that came long before: they were there before the publication was, or a new
    definition brought them in. Nothing would find them again once they were pushed out.
    """
    name, scope = edition.publication.id, scope_of(output, edition.origins, store)
    place = 0
    while (come := await store.find_arrivals(name, output.sources.keys(), _BATCH, place)).until > place:
        place = come.until
        found = await merge(await sift(come.items, lambda item: _passes(item, output)), scope)
        await store.note(name, [one.entry.uid for one in found], place)
    shown = [item.uid for item in edition.items]
    known = await store.find_noted(name, shown)
    strangers = [uid for uid in shown if uid not in known]
    if strangers:
        await store.note(name, strangers)
    return bool(strangers)


def _passes(item: Item, output: Output) -> bool:
    return publish.can_show(output.publication, output.sources[item.source_id], item)


async def _take_back(edition: Edition, store: Store) -> None:
    """Remove what its publisher withdrew from the pages that hold it: the one reason to change a page."""
    name = edition.publication.id
    for number, items in (await store.find_withdrawn_on_pages(name)).items():
        stored = [await store.archive_page(name, number, form) for form in edition.publication.formats]
        shrunk = [_without(page, items, edition) for page in stored if page is not None]
        await store.shrink_archive_page(shrunk, publication_id=name, number=number, uids=list(items))


def _without(page: Document, items: Mapping[str, str], edition: Edition) -> Document:
    body = publish.leave_out(page.body, page.format, set(items.values()))
    return publish.make_document(page.publication_id, page.format, body, publish.last_modified(edition))
