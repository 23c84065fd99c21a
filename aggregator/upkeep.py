"""The composition root of what is done to an installation that need not run: copies, and looks at it.

`app` wires one that can run, which doctor cannot ask for: it looks at those whose files have mistakes.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from aggregator import catalogue, doctor, settings, store
from aggregator.app import RELEASED, Application, SystemClock
from aggregator.catalogue.sheet import comparable
from aggregator.doctor import Finding, Patient
from aggregator.errors import ConfigurationError, StoreError
from aggregator.fetch import FetchOptions, Probe
from aggregator.model import (
    Backup,
    Catalogue,
    DatabaseCondition,
    Restored,
    Source,
    SourceState,
)
from aggregator.ports import Store
from aggregator.settings import Settings
from aggregator.text.redaction import redactor

if TYPE_CHECKING:
    from aggregator.explain.advice import Advice
    from aggregator.preview.previewed import Preview
    from aggregator.preview.seen_again import SeenAgain


def back_up(config: Path, to: Path) -> Backup:
    """Copy the database of the installation to a file, running or not. Raises StoreError, ConfigurationError."""
    return store.back_up(settings.load(config.parent, os.environ).database, to)


def restore(config: Path, file: Path) -> Restored:
    """Put such a copy back in the place of the database. Raises StoreError, ConfigurationError."""
    return store.restore(settings.load(config.parent, os.environ).database, file)


def migrate_store(source: str, target: str) -> Mapping[str, int]:
    """Carry everything from one database to another, by their URLs; the rows of each table. Raises StoreError."""
    return store.carry(source, target)


async def apply(application: Application) -> str:
    """Put feeds.yaml in force for all who share the database; what changes by it. Raises StoreError."""
    database, copy = application.choose_store(), application.catalogue
    if not isinstance(copy, catalogue.SharedCatalogue):
        return "feeds.yaml is in force by itself: a running worker takes an edit over within seconds."
    await database.open()
    application.clock.follow(database.clock())
    try:
        return await copy.apply(database)
    finally:
        await database.close()


async def find_difference(application: Application) -> str:
    """Why feeds.yaml is not what is in force, or why nobody can tell; "" where it is. Makes no database."""
    database = application.settings.database
    if not store.is_shared(database):
        return ""
    condition = store.inspect(database)
    if condition.refusal:
        return f"whether that is in force cannot be told: {condition.refusal}"
    if condition.is_current:
        async with application.store():
            pass
    return application.catalogue().standing.difference


async def find_advice(application: Application, found: Catalogue) -> Advice:
    """What the editor can mend in it, as far as polls have shown. Makes and upgrades no database."""
    from aggregator.explain import advice

    if not store.inspect(application.settings.database).is_current:
        return advice.Advice()
    async with application.store() as held:
        return await advice.find_advice(found, application.dated_catalogue()(), str(application.config), held)


async def find_reader(application: Application, place: str) -> str | None:
    """The source that reads what is at an address, be it that its own moved there for good. Makes no database."""
    async with AsyncExitStack() as life:
        states: Mapping[str, SourceState] = {}
        if store.inspect(application.settings.database).is_current:
            states = await (await life.enter_async_context(application.store())).states()
        for one in application.dated_catalogue()().sources:
            moved = states[one.id].move.to if one.id in states else None
            if comparable(place) in {comparable(url) for url in (one.location, moved) if url}:
                return one.id
    return None


async def count_seen_again(
    application: Application, published: Sequence[Source], feeds: Collection[Source]
) -> SeenAgain | None:
    """What a planet's subscribers would see again. Stores nothing; None where nothing could be read.

    In: where the planet's own feeds may be, of which the first that can be read is reckoned with; the feeds that
    it reads, which are asked where none can be, or where the ids in it do not tell enough.
    """
    from aggregator.preview import seen_again

    async with application.fetcher() as fetcher, application.reader() as reader, AsyncExitStack() as life:
        held = None
        if store.inspect(application.settings.database).is_current:
            held = await life.enter_async_context(application.store())
        known = seen_again.Known(store=held)
        for one in published:
            entries = await seen_again.read_entries(one, fetcher, reader)
            if entries is None:
                continue
            found = await seen_again.count_seen_again(one.url, entries, known)
            if not found.unsure:
                return found
            carried = seen_again.by_address(await seen_again.read_many(feeds, fetcher, reader))
            return await seen_again.count_seen_again(one.url, entries, replace(known, carried=carried))
        read = await seen_again.read_many(feeds, fetcher, reader)
        place = f"what {len(read)} of its {len(feeds)} feeds carry now"
        carried = seen_again.by_address(read)
        every = [entry for entries in read for entry in entries]
        return await seen_again.count_seen_again(place, every, replace(known, carried=carried)) if read else None


async def examine(config: Path) -> tuple[Finding, ...]:
    """Whether the installation can do its work; changes nothing of it."""
    async with _admit(config) as patient:
        limits = (patient.settings or Settings()).fetch
        opted_out = patient.catalogue.opted_out if patient.catalogue else {}
        networks = tuple(limits.allow_networks)
        probe = Probe(FetchOptions(timeout=limits.timeout, allow_networks=networks, opted_out=lambda: opted_out))
        try:
            found = await doctor.examine(patient, probe, SystemClock().now(), RELEASED)
        finally:
            probe.close()
        secrets = (patient.settings or Settings()).secrets
        return redactor(secrets | (patient.catalogue.secrets if patient.catalogue else frozenset())).redact(found)


async def preview(
    application: Application,
    name: str,
    *,
    again_after: timedelta | None,
    force: bool,
    as_page: bool = False,
) -> Preview:
    """What the source of that id, address or file would bring if it joined now; see `preview.look`.

    `as_page`: an address is read as a page that lists articles, and not as a feed.

    Raises UnknownNameError for what is neither.
    """
    from aggregator.catalogue.typing_in import source_meant
    from aggregator.pipeline.outcomes import Services
    from aggregator.preview import BlankStore, Wish, look
    from aggregator.schedule import Pace

    known, limits = application.dated_catalogue()(), application.settings
    source, secrets = source_meant(name, known, os.environ, application.config.parent)
    source = replace(source, kind="page") if as_page else source
    async with application.fetcher() as fetcher, application.reader() as reader, AsyncExitStack() as life:
        held = None
        if store.inspect(limits.database).is_current:  # else opening it would make or upgrade it
            held = await life.enter_async_context(application.store())
        services = Services(
            fetcher=fetcher,
            reader=reader,
            store=cast("Store", BlankStore()),
            clock=application.clock,
            pace=Pace(min_interval=limits.fetch.min_interval),
        )
        found = await look(Wish(source=source, again_after=again_after, force=force), known, services, held)
    return redactor(known.secrets | limits.secrets | secrets).redact(found)


@asynccontextmanager
async def _admit(config: Path) -> AsyncIterator[Patient]:
    """What can be read of the installation whose feeds.yaml is at `config`, whatever is wrong with it.

    Its database is open while the block lasts, unless opening it would make or upgrade it.
    """
    try:
        found = settings.load(config.parent, os.environ)
    except ConfigurationError as error:
        yield await _read_catalogue(Patient(settings=None, settings_mistakes=error.mistakes), config)
        return
    async with AsyncExitStack() as life:
        patient = Patient(settings=found, condition=store.inspect(found.database))
        if patient.condition.is_current:
            patient = await _open(patient, store.open_store(found.database), life)
        yield await _read_catalogue(patient, config)


async def _open(patient: Patient, database: Store, life: AsyncExitStack) -> Patient:
    try:
        await database.open()
    except StoreError as error:
        condition = DatabaseCondition(path=patient.condition.path, size=patient.condition.size, refusal=str(error))
        return replace(patient, condition=condition)
    life.push_async_callback(database.close)
    return replace(patient, store=database)


async def _read_catalogue(patient: Patient, config: Path) -> Patient:
    kept = await patient.store.kept_catalogue() if patient.store is not None else None
    is_shared = patient.settings is not None and store.is_shared(patient.settings.database)
    try:
        found = catalogue.load(config, os.environ)
        return replace(patient, catalogue=found, in_force=kept if is_shared else None)
    except ConfigurationError as error:
        try:
            known = catalogue.recall(kept.content, config, os.environ, error) if kept is not None else None
        except ConfigurationError:
            known = None
        return replace(patient, catalogue=known, mistakes=error.mistakes)
