"""The composition root: the only place, beside `upkeep`, that builds the parts and wires them to each other.

The parts themselves are imported where they are built, so that a command loads only what it uses.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator import PRODUCT, __version__, catalogue, settings
from aggregator.catalogue import DatedCatalogue
from aggregator.errors import ConfigurationError, StoreError, merge
from aggregator.model import Catalogue, KeptCatalogue
from aggregator.ports import Clock, Engine, Reader, Store
from aggregator.settings import Settings

if TYPE_CHECKING:
    from aggregator.catalogue.opt_outs import OptedOut
    from aggregator.engine.chores import Chores
    from aggregator.engine.files import Folder
    from aggregator.engine.poller import Poller
    from aggregator.engine.publisher import Publisher
    from aggregator.engine.reading import ReadingPool
    from aggregator.fetch import SourceFetcher
    from aggregator.text.redaction import Redactor

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""Shortly before this version was made: a clock that shows less is not set. Raised with the version."""


class SystemClock:
    """The machine's clock, or the one that it follows; fulfils `ports.Clock`."""

    def __init__(self) -> None:
        self._followed: Clock | None = None

    def follow(self, other: Clock | None) -> None:
        """Go by another clock from now on; by the machine's again for None."""
        self._followed = other

    def now(self) -> datetime:
        """The present instant, UTC, whole seconds."""
        return datetime.now(UTC).replace(microsecond=0) if self._followed is None else self._followed.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An installation: its configuration, read; and the means to build what its commands need.

    Attributes:
        config: The path of feeds.yaml.
        settings: Those beside it, with what the environment says.
        catalogue: What is in force: feeds.yaml, or what the store has of it; edits are seen while `following`.
        clock: The machine's, or that of the database once one was opened which several machines share.
    """

    config: Path
    settings: Settings
    catalogue: catalogue.LiveCatalogue
    clock: SystemClock

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """The store, opened and brought up to date; from then on its clock counts, and what is in force there."""
        store = self.choose_store()
        await store.open()
        if isinstance(self.clock, SystemClock):  # not one that somebody else sets
            self.clock.follow(store.clock())
        try:
            await self.catalogue.join(store)
            yield store
        finally:
            await store.close()

    def dated_catalogue(self) -> DatedCatalogue:
        """Gives the catalogue in force at the present hour, for whatever polls, publishes, serves or explains."""
        return DatedCatalogue(self.catalogue, self.clock)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Edits of feeds.yaml are taken over until the block ends."""
        task = asyncio.create_task(self.catalogue.follow(), name="feeds.yaml")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def choose_store(self) -> Store:
        """The store that the settings name, not opened yet. Raises StoreError where there is none of its kind."""
        from aggregator.store import open_store

        return open_store(self.settings.database)

    def reader(self) -> ReadingPool:
        """The processes in which publishers' text is worked on; to be closed, or used as a context."""
        from aggregator.engine.reading import ReadingPool

        return ReadingPool()

    @asynccontextmanager
    async def poller(self, store: Store, reader: Reader, *, lasting: bool = False) -> AsyncIterator[Poller]:
        """What polls, with its HTTP client; `lasting` where it goes on until it is told to stop."""
        from aggregator.engine.held import Held
        from aggregator.engine.poller import Poller, PollOutcome
        from aggregator.pipeline.refresh import Services
        from aggregator.schedule import Pace, Reachability

        await self.catalogue.begin()
        limits = self.settings.fetch
        held = Held[PollOutcome | None](store, self.clock)
        async with self.fetcher(store, held.confirm) as fetcher:
            services = Services(
                fetcher=fetcher,
                reader=reader,
                store=store,
                clock=self.clock,
                pace=Pace(min_interval=limits.min_interval),
                network=Reachability(started_at=self.clock.now() if lasting else None),
            )
            # As many polls as requests: each may hold a body while it waits to be read.
            poller = Poller(self.dated_catalogue(), services, concurrency=limits.concurrency, held=held)
            try:
                yield poller
            finally:
                await poller.stop()
                await poller.tallies.flush_at_end(store)

    def fetcher(
        self,
        store: Store | None = None,
        confirm: Callable[[], Awaitable[None]] | None = None,
        barred: OptedOut | None = None,
    ) -> SourceFetcher:
        """The one HTTP stack of this process, in turns with all who share the `store`; `barred`: asked neither."""
        from aggregator.fetch import FetchOptions, SourceFetcher
        from aggregator.store import is_shared

        limits = self.settings.fetch
        options = FetchOptions(
            user_agent=self.user_agent(),
            timeout=limits.timeout,
            max_bytes=limits.max_bytes,
            max_decoded_bytes=limits.max_decoded_bytes,
            concurrency=limits.concurrency,
            per_host=limits.per_host,
            host_gap=limits.host_gap,
            allow_networks=tuple(limits.allow_networks),
            opted_out=lambda: {**(barred or {}), **self.catalogue().opted_out},
        )
        pacing = store if is_shared(self.settings.database) else None
        return SourceFetcher(options, self.clock, pacing=pacing, confirm=confirm)

    def publisher(self, store: Store, reader: Reader, *, every: bool = False) -> Publisher:
        """What renders publications, and files where that is set; `every`: also what waits to be asked for."""
        from aggregator.engine.publisher import Publisher

        return Publisher(
            self.dated_catalogue(), store, self.clock, reader=reader, folder=self._folder(), every=every
        )

    async def write_files(self, store: Store, to: Path) -> list[str]:
        """Write the stored documents for everybody to a folder; the names of the files that changed.

        Raises OSError.
        """
        from aggregator.engine.files import Folder
        from aggregator.engine.publisher import write_files

        return await write_files(self.dated_catalogue()(), store, Folder(path=to))

    def chores(self, store: Store, poller: Poller | None = None) -> Chores:
        """What lets go of what is old, looks what is the matter, indexes what is new, and follows lists."""
        from aggregator.engine.chores import make_chores

        limits = self.settings.store
        return make_chores(
            self.dated_catalogue(), store, self.clock, poller, retain=limits.retain, max_size=limits.max_size
        )

    @asynccontextmanager
    async def engine(self, store: Store) -> AsyncIterator[Engine]:
        """The worker, ready to run: one of several that share out what is due where the database has a queue."""
        from aggregator.engine.clockwatch import ClockWatch
        from aggregator.engine.distributed import DistributedEngine
        from aggregator.engine.embedded import EmbeddedEngine

        choice = EmbeddedEngine if store.shard_queue() is None else DistributedEngine
        async with self.reader() as reader, self.poller(store, reader, lasting=True) as poller:
            yield choice(
                poller,
                self.publisher(store, reader),
                store,
                self.clock,
                chores=self.chores(store, poller),
                watch=ClockWatch(self.clock, earliest=RELEASED),
            )

    @asynccontextmanager
    async def web(self, store: Store) -> AsyncIterator[int]:
        """The web server, listening where the settings say; gives the port."""
        from aggregator.engine.found_feeds import FoundFeeds
        from aggregator.engine.on_demand import OnDemand
        from aggregator.engine.rendering_turns import Turns
        from aggregator.web import Limits, Server, WebContext, create_app

        limits = self.settings.web
        in_force, turns = self.dated_catalogue(), Turns()
        context = WebContext(
            store=store,
            catalogue=in_force,
            clock=self.clock,
            on_demand=OnDemand(in_force, store, self.clock, turns),
            found_feeds=FoundFeeds(in_force, store, turns),
            status_token=limits.status_token,
            robots=limits.robots,
            per_host=self.settings.fetch.per_host,
            max_size=self.settings.store.max_size,
        )
        trusted = tuple(limits.trusted_proxies)
        bounds = Limits(connections=limits.connections, per_client=limits.per_client, trusted=trusted)
        server = Server(create_app(context), host=limits.host, port=limits.port, limits=bounds)
        try:
            yield await server.start()
        finally:
            await server.stop()

    def redactor(self) -> Redactor:
        """What knows every secret of the catalogue in force and of the settings, for the log."""
        from aggregator.text.redaction import redactor

        return redactor(self.catalogue().secrets | self.settings.secrets)

    def user_agent(self) -> str:
        """How we introduce ourselves to publishers: name, version, and how to reach the people behind it."""
        site = self.catalogue().site
        page = f"{site.link.rstrip('/')}/about" if site.link else ""
        ways = "; ".join(f"+{way}" for way in (page, site.contact) if way)
        return f"{PRODUCT}/{__version__} ({ways})" if ways else f"{PRODUCT}/{__version__}"

    def _folder(self) -> Folder | None:
        from aggregator.engine.files import Folder

        directory = self.settings.publish.directory
        return Folder(path=self.config.parent / directory) if directory else None


def load(config: Path, *, last_known: bool = False) -> Application:
    """Read feeds.yaml at that path, and the settings beside it. Raises ConfigurationError: both files' mistakes.

    `last_known`: what was understood of feeds.yaml before it had mistakes will do, for what serves it.
    """
    from aggregator.store import is_shared

    wrong: list[ConfigurationError] = []
    limits: Settings | None = None
    found: Catalogue | None = None
    try:
        limits = settings.load(config.parent, os.environ)
    except ConfigurationError as error:
        wrong.append(error)
    try:
        found = catalogue.load(config, os.environ)
    except ConfigurationError as error:
        if limits is not None and last_known:
            found = _recall(config, limits, error)
        wrong.append(error)
    if limits is None or found is None:
        raise merge(wrong)
    clock, longest = SystemClock(), limits.publish.max_entries
    live = catalogue.LiveCatalogue(config, found, os.environ, longest)
    if is_shared(limits.database):
        live = catalogue.SharedCatalogue(config, found, os.environ, longest, clock)
    return Application(config=config, settings=limits, catalogue=live, clock=clock)


def _recall(config: Path, limits: Settings, error: ConfigurationError) -> Catalogue | None:
    """What the database keeps of feeds.yaml; None where there is none that could be read."""
    from aggregator.store import exists, open_store

    async def read() -> KeptCatalogue | None:
        store = open_store(limits.database)
        await store.open()
        try:
            return await store.kept_catalogue()
        finally:
            await store.close()

    try:
        kept = asyncio.run(read()) if exists(limits.database) else None
    except StoreError:
        return None  # told when the store is opened for good, or by the mistakes alone
    return catalogue.recall(kept.content, config, os.environ, error) if kept is not None else None
