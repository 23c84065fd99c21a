"""A whole planet in one process: real stages, store and web; the clock and the publishers' answers are ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from aggregator.engine.files import Folder
from aggregator.engine.found_feeds import FoundFeeds
from aggregator.engine.on_demand import OnDemand
from aggregator.engine.publisher import Publisher
from aggregator.engine.rendering_turns import Turns
from aggregator.model import (
    Catalogue,
    Document,
    Fetched,
    FetchResult,
    Format,
    Publication,
    Site,
    Source,
    Update,
    Validators,
)
from aggregator.pipeline.archive import render_page
from aggregator.pipeline.publication import output
from aggregator.pipeline.refresh import Services, refresh
from aggregator.ports import Store
from aggregator.publish import virtual_publications
from aggregator.schedule import Pace
from aggregator.store import open_store
from aggregator.web import Server, WebContext, create_app
from tests.support import databases
from tests.support.inprocess import InProcess
from tests.support.nouns import NOON, source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = timedelta(minutes=5)


@dataclass
class Planet(InProcess):
    """Sources that answer what they are told, and all that becomes of it."""

    database: str
    catalogue: Catalogue
    at: datetime = NOON
    bodies: dict[str, bytes] = field(default_factory=dict)
    articles: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By the address that is asked: where it leads, and the page there."""
    port: int = 0
    public: Folder | None = None
    store: Store = field(init=False)
    publisher: Publisher = field(init=False)
    on_demand: OnDemand = field(init=False)
    _server: Server = field(init=False)

    def now(self) -> datetime:
        return self.at

    async def fetch(self, source: Source, *_: object) -> FetchResult:
        led = self.articles.get(source.location)
        url, body = led or (source.location, self.bodies[source.id])
        return Fetched(
            url=url,
            status=200,
            body=body,
            body_hash=blake2b(body).hexdigest(),
            content_type="text/html" if led else "application/rss+xml",
            content_location=url,
            validators=Validators(),
        )

    async def start(self) -> None:
        """Open the store and listen, on the same port as before if there was one."""
        self.store = open_store(self.database)
        await self.store.open()
        await self.store.register({one.id: self.at for one in self.catalogue.sources}, (), self.at)
        self.publisher = Publisher(lambda: self.catalogue, self.store, self, reader=self, folder=self.public)
        turns = Turns()
        self.on_demand = OnDemand(lambda: self.catalogue, self.store, self, turns)
        self.found_feeds = FoundFeeds(lambda: self.catalogue, self.store, turns)
        context = WebContext(
            store=self.store,
            catalogue=lambda: self.catalogue,
            clock=self,
            on_demand=self.on_demand,
            found_feeds=self.found_feeds,
        )
        self._server = Server(create_app(context), host="127.0.0.1", port=self.port)
        self.port = await self._server.start()

    async def stop(self) -> None:
        """Let go of everything; what is stored stays."""
        await self._server.stop()
        await self.store.close()

    async def poll(self, source_id: str, body: str, after: timedelta = HOUR, *, publish: bool = True) -> Update:
        """Let a source answer so, a while later, and publish what that changed."""
        self.at += after
        self.bodies[source_id] = body.encode()
        (state,) = await self.store.claim([source_id], self.at, LEASE)
        services = Services(fetcher=self, reader=self, store=self.store, clock=self, pace=Pace())
        declared = self.catalogue.source(source_id)
        assert declared is not None
        update = await refresh(declared, state, self.catalogue, services)
        if publish:
            await self.publisher.publish_outdated()
        return update

    async def document(self, name: str, form: Format = "atom") -> Document | None:
        """What a subscriber of a publication is given; that of a tag or source is made when it is asked for."""
        made = {one.id: one for one in virtual_publications(self.catalogue)}
        if name not in made:
            return await self.store.document(name, form)
        return await self.on_demand.document(made[name], form)

    async def page(self, number: int, form: Format = "atom", name: str = "all") -> Document | None:
        """What a subscriber is given who asks for a page of an archive, however many were asked for before."""
        made: tuple[Document, ...] = ()
        if number in await self.store.find_unrendered_pages(name):
            declared = next(one for one in self.catalogue.publications if one.id == name)
            made = await render_page(output(declared, self.catalogue), self.catalogue, number, self.store)
        kept = await self.store.archive_page(name, number, form)
        return kept or next((one for one in made if one.format == form), None)

    def url(self, path: str) -> str:
        """The address of a path of ours."""
        return f"http://127.0.0.1:{self.port}{path}"


@asynccontextmanager
async def planet(
    folder: Path, *publications: Publication, sources: Sequence[Source] = (), **fields
) -> AsyncIterator[Planet]:
    """A planet with the source `river` and the publication `all`, unless told otherwise."""
    found = Catalogue(
        site=Site(title="Planet Example", link=None, contact=None),
        sources=tuple(sources) or (source(),),
        publications=publications or (Publication(id="all", title="Everything"),),
    )
    made = Planet(database=databases.lay(folder / "planet.db"), catalogue=found, **fields)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
