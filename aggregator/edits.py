"""Wires what is asked about an edit of feeds.yaml, or a part of it, before it is made."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aggregator import catalogue, settings, store
from aggregator.app import Application, SystemClock
from aggregator.catalogue.comparison import compare, compare_with_nothing
from aggregator.catalogue.dated import at_hour
from aggregator.catalogue.live import cap
from aggregator.catalogue.membership import with_lists
from aggregator.errors import ConfigurationError, StoreError
from aggregator.model import Catalogue, Difference, ListMember, ListState, Site, SourceChange
from aggregator.pipeline import foresight as pipeline
from aggregator.ports import Store
from aggregator.text.redaction import redactor


async def count_items(config: Path, source_id: str) -> int | None:
    """How many items of a source are stored; None where there is no database that could be read as it is."""
    async with _opened(config) as database:
        if database is None:
            return None
        state = (await database.states()).get(source_id)
        return 0 if state is None else state.items


async def find_listing(config: Path, source_id: str) -> tuple[ListState, ListMember] | None:
    """The list elsewhere that names a source, and what it says of it; None where none does, as far as is known."""
    async with _opened(config) as database:
        states = (await database.followed_lists()).states.values() if database is not None else ()
    found = ((state, one) for state in states for one in state.members if one.listed and one.id == source_id)
    return next(found, None)


@asynccontextmanager
async def _opened(config: Path) -> AsyncIterator[Store | None]:
    """The database of the installation; None where there is none that could be read as it is."""
    try:
        limits = settings.load(config.parent, os.environ)
    except ConfigurationError:
        limits = None
    if limits is None or not store.inspect(limits.database).is_current:
        yield None
        return
    database = store.open_store(limits.database)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def foresee(config: Path, content: bytes, file: str, application: Application | None = None) -> Difference:
    """What that content would do in the place of feeds.yaml to what is in force; only reads.

    In: the path of feeds.yaml; the content, and what the file that it is from is called in mistakes; with an
    `application`, addresses to which sources move are asked for what they hold, once each.

    Raises:
        ConfigurationError: The content or the settings hold mistakes.
        StoreError: The database, or what is in force there, cannot be read.
    """
    limits = settings.load(config.parent, os.environ)
    longest = limits.publish.max_entries
    after = cap(catalogue.load_draft(content, file, config, os.environ), longest)
    condition = store.inspect(limits.database)
    if not condition.is_current:  # else opening it would make or upgrade it
        older = "it is of an earlier version of this program, and upgraded by the next start"
        if condition.revision is None and not condition.refusal:
            return compare_with_nothing(after)
        why = condition.refusal or older
        return replace(compare(_load_or_nothing(config), after), uncounted=f"the database was not asked: {why}")
    async with AsyncExitStack() as life:
        database = store.open_store(limits.database)
        await database.open()
        life.push_async_callback(database.close)
        kept = await database.kept_catalogue()
        if kept is None:
            return compare_with_nothing(after)
        try:
            before = cap(catalogue.load_kept(kept.content, config, os.environ), longest)
        except ConfigurationError as error:
            raise StoreError(f"What is in force cannot be understood by this version: {error}") from None
        clock = SystemClock()
        clock.follow(database.clock())
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        lists = await database.followed_lists()
        before, after = with_lists(before, lists), with_lists(after, lists)
        found = await pipeline.foresee(at_hour(before, hour), at_hour(after, hour), database)
        found = replace(found, notes=await _find_new_hints(found, before, after, database))
        if application is None or not found.unseen:
            return found
        found = await _look_there(found, at_hour(after, hour), database, application)
        return redactor(after.secrets | limits.secrets).redact(found)


async def _find_new_hints(
    found: Difference, before: Catalogue, after: Catalogue, database: Store
) -> tuple[str, ...]:
    """Filters that let nothing through once the edit is in force, and are new by it."""
    from aggregator.explain.mendable import LOOKED, Recent, find_idle_filters

    touched = {one.id: one.was or one.id for one in found.sources if one.fate != "removed"}
    for change in found.publications:
        publication = after.publication(change.id)
        if publication is not None and publication.filters:
            touched |= {one.id: one.id for one in after.sources_of(publication) if one.id not in touched}
    told: list[str] = []
    for name, label in touched.items():
        was, source = before.source(label), after.source(name)
        seen = Recent(items=await database.latest([label], LOOKED), elsewhere={})
        had = set(find_idle_filters(was, seen, before)) if was is not None else set()
        told += [one for one in find_idle_filters(source, seen, after) if one not in had] if source else []
    return tuple(told)


async def _look_there(
    found: Difference, after: Catalogue, database: Store, application: Application
) -> Difference:
    """The difference, with what the new addresses of sources hold."""
    from aggregator.pipeline.outcomes import Services
    from aggregator.preview.moving import look_there
    from aggregator.schedule import Pace

    states = await database.states(found.unseen)
    async with application.fetcher(barred=after.opted_out) as fetcher, application.reader() as reader:
        services = Services(
            fetcher=fetcher,
            reader=reader,
            store=database,
            clock=application.clock,
            pace=Pace(min_interval=application.settings.fetch.min_interval),
        )

        async def look(change: SourceChange) -> SourceChange:
            source, state = after.source(change.id), states.get(change.id)
            if change.id not in found.unseen or state is None or source is None or source.opted_out is not None:
                return change
            return replace(change, there=await look_there(source, state, after, services, database))

        return replace(found, sources=tuple(await asyncio.gather(*map(look, found.sources))))


def _load_or_nothing(config: Path) -> Catalogue:
    """What feeds.yaml says; nothing where it has mistakes or does not exist, since nothing is in force then."""
    try:
        return catalogue.load(config, os.environ)
    except ConfigurationError:
        return Catalogue(site=Site(title="", link=None, contact=None), sources=(), publications=())
