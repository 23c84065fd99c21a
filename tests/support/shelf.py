"""A site for tests of the web: a store that holds what it is told, and a real server on loopback before it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx

from aggregator.engine.found_feeds import FoundFeeds
from aggregator.engine.on_demand import OnDemand
from aggregator.engine.rendering_turns import Turns
from aggregator.errors import StoreError
from aggregator.model import (
    Catalogue,
    Copy,
    Document,
    Edge,
    Faults,
    Fingerprint,
    FollowedLists,
    Format,
    FoundItems,
    Incident,
    Item,
    ItemKey,
    KeptCatalogue,
    ListState,
    NearMiss,
    Publication,
    RevisedItem,
    Revision,
    RevisionKey,
    Site,
    SortKey,
    Source,
    SourceState,
    SourceStatus,
    SourceTotals,
    StoreSize,
    TallyKey,
    Trouble,
    Withheld,
    Withholding,
    WordSearch,
)
from aggregator.ports import ReadOnlyStore
from aggregator.text.terms import split_terms
from aggregator.web import Server, WebContext, create_app
from tests.support.client import http_client
from tests.support.nouns import NOON, entry, source

MEDIA_TYPES: dict[Format, str] = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def document(publication_id: str, name: Format, body: bytes = b"", modified: datetime = NOON) -> Document:
    """A document with a body long enough to be worth compressing."""
    body = body or f"<{name}>{publication_id}</{name}>".encode() * 50
    return Document(
        publication_id=publication_id,
        format=name,
        body=body,
        gzip=gzip.compress(body, mtime=0),
        media_type=MEDIA_TYPES[name],
        etag=f'"{sha256(body).hexdigest()[:12]}"',
        last_modified=modified,
    )


def item(uid: str, published: datetime = NOON, /, **fields: Any) -> Item:
    """A stored item of the source `river`, unless told otherwise; unknown fields go to its entry."""
    names = {
        "source_id",
        "public_id",
        "updated",
        "published_reason",
        "updated_reason",
        "withdrawn_at",
        "revision",
        "story",
    }
    own = {name: fields.pop(name) for name in names & fields.keys()}
    defaults: dict[str, Any] = {
        "uid": uid,
        "source_id": "river",
        "key": ItemKey(kind="id", value=uid),
        "public_id": f"urn:uuid:{uid}",
        "entry": entry(**fields),
        "fingerprint": Fingerprint(version=1, title="", text="", media="", meta=""),
        "published": published,
        "published_reason": "claimed",
        "updated": published,
        "updated_reason": "published",
        "claimed_updated": None,
        "first_seen": published + timedelta(minutes=7),
        "changed_at": published,
        "compared": 1,
    }
    return Item(**(defaults | own))


@dataclass(kw_only=True)
class Shelf(ReadOnlyStore):
    """A store in memory that holds what it is told; a real one costs a test of a page 0.1 s to set up."""

    items: list[Item] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    sources: dict[str, SourceState] = field(default_factory=dict)
    history: dict[str, tuple[Revision, ...]] = field(default_factory=dict)
    editions: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    archive: dict[tuple[str, int, str], Document] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    counted: tuple[Faults, ...] = ()
    matters: tuple[Incident, ...] = ()
    tallied: dict[TallyKey, int] = field(default_factory=dict)
    lists: dict[str, ListState] = field(default_factory=dict)
    broken: bool = False
    bug: bool = False
    """Whether it fails in a way that nobody foresaw."""

    async def find_withheld(self, asked: Withholding) -> tuple[Withheld, ...]:
        _ = asked
        return ()

    async def kept_catalogue(self) -> KeptCatalogue | None:
        return None

    async def catalogue_version(self) -> int:
        return 0

    async def followed_lists(self) -> FollowedLists:
        return FollowedLists(states=self.lists)

    async def lists_version(self) -> int:
        return 0

    def listen(self, hear: Callable[[], None]) -> bool:
        _ = hear
        return False

    async def ping(self) -> None:
        if self.bug:
            raise RuntimeError("a shelf fell down")
        if self.broken:
            raise StoreError("postgresql://user:secret@db/ does not answer")

    async def faults(self) -> tuple[Faults, ...]:
        return self.counted

    async def tallies(self) -> Mapping[TallyKey, int]:
        return self.tallied

    async def incidents(self, since: datetime, limit: int) -> tuple[Incident, ...]:
        return tuple(one for one in self.matters if one.ended is None or one.ended >= since)[:limit]

    async def size(self) -> StoreSize:
        return StoreSize(used=1_000, taken=2_000)

    async def states(self, source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:  # noqa: ARG002 # the port's
        await self.ping()
        return self.sources

    async def polled_since(self, moment: datetime) -> Mapping[str, SourceState]:
        return {one.source_id: one for one in self.sources.values() if (one.last_poll_at or NOON) >= moment}

    async def remarkable_states(self) -> Mapping[str, SourceState]:
        await self.ping()
        return self.sources

    async def standings(self) -> Mapping[str, tuple[SourceStatus, Trouble | None, int]]:
        await self.ping()
        return {name: (state.status, state.trouble, state.items) for name, state in self.sources.items()}

    async def totals(self) -> SourceTotals:
        await self.ping()
        polled = [one for one in self.sources.values() if one.status != "disabled"]
        return SourceTotals(
            standing=tuple((one.status, one.trouble, 1) for one in polled),
            items=sum(one.items for one in self.sources.values()),
            polls=sum(one.polls for one in self.sources.values()),
            due=min((one.next_poll_at for one in polled), default=None),
        )

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        await self.ping()
        standing = [
            found
            for found in self.items
            if found.source_id in source_ids
            and found.withdrawn_at is None
            and (after is None or found.sort_key < after)
        ]
        return tuple(sorted(standing, key=lambda found: found.sort_key, reverse=True)[:limit])

    async def search(
        self, search: WordSearch, source_ids: Collection[str], limit: int, after: int | None = None
    ) -> FoundItems:
        """As the stores do it, but that only words are looked for, and none as a beginning or as a phrase."""
        await self.ping()
        standing = await self.latest(source_ids, len(self.items))
        found = [one for one in standing if _says(one, search)]
        start = len(standing) - after if after is not None else 0
        rest = found[start : start + limit]
        more = len(found) > start + limit
        return FoundItems(items=tuple(rest), after=len(standing) - start - limit if more else None)

    async def find_saying(self, search: WordSearch, uids: Collection[str], place: int) -> frozenset[str]:
        """As the stores do it, by places as `search` tells them."""
        standing = await self.latest({one.source_id for one in self.items}, len(self.items))
        found = [one for one in standing if _says(one, search)]
        return frozenset(one.uid for one in found[: len(standing) - place] if one.uid in uids)

    async def find_generation(self, *_: object) -> None:
        """All that lies here is current."""

    @property
    def saves(self) -> int:
        """Whatever is put here or taken away shows at once."""
        return hash(repr(self))

    async def commits(self) -> int:
        await self.ping()
        return hash(repr(self))

    async def document_etags(self, publication_ids: Collection[str]) -> Mapping[tuple[str, Format], str]:
        await self.ping()
        return {
            (one.publication_id, one.format): one.etag
            for one in self.documents
            if one.publication_id in publication_ids
        }

    async def document(self, publication_id: str, format: Format) -> Document | None:  # noqa: A002 # the port's word
        await self.ping()
        return next(
            (
                found
                for found in self.documents
                if (found.publication_id, found.format) == (publication_id, format)
            ),
            None,
        )

    async def edition_date(self, publication_id: str, format: Format, etag: str) -> datetime | None:  # noqa: A002 # the port's word
        return self.editions.get((publication_id, format, etag))

    async def feed_name(self, publication_id: str) -> str:
        return f"shelf/{publication_id}"

    async def archive_numbers(self, publication_id: str) -> range:
        numbers = [number for name, number, _ in self.archive if name == publication_id]
        return range(min(numbers), max(numbers) + 1) if numbers else range(0)

    async def archive_page(self, publication_id: str, number: int, format: Format) -> Document | None:  # noqa: A002 # the port's word
        return self.archive.get((publication_id, number, format))

    async def find_unrendered_pages(self, publication_id: str) -> tuple[int, ...]:
        _ = publication_id
        return ()

    async def item(self, name: str) -> Item | None:
        await self.ping()
        return next((found for found in self.items if name in {found.uid, found.public_id}), None)

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        stories = {one.uid: one.story for one in self.items if one.uid in uids and one.story}
        return {
            uid: tuple(Copy(item=one) for one in self.items if one.story == story)
            for uid, story in stories.items()
        }

    async def edges_of(self, uids: Collection[str]) -> tuple[Edge, ...]:
        return tuple(edge for edge in self.edges if edge.one in uids or edge.other in uids)

    async def evidence(self, uid: str) -> tuple[tuple[Edge, ...], tuple[NearMiss, ...]]:
        return tuple(edge for edge in self.edges if uid in {edge.one, edge.other}), ()

    async def leads(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        _ = publication_id, uids
        return frozenset()

    async def find_noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        _ = publication_id, uids
        return frozenset()

    async def revisions(self, uid: str) -> tuple[Revision, ...]:
        return self.history.get(uid, ())

    async def said(self, names: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], tuple[Revision, ...]]:
        return {name: found for name in names if (found := self._said(*name))}

    def _said(self, uid: str, number: int) -> tuple[Revision, ...]:
        return tuple(one for one in self.history.get(uid, ()) if one.number == number)

    async def find_revised(
        self, source_ids: Collection[str], limit: int, after: RevisionKey | None = None
    ) -> tuple[tuple[RevisedItem, ...], RevisionKey | None]:
        """As the stores do it, but that all there is is one part."""
        await self.ping()
        assert after is None
        standing = await self.latest(source_ids, len(self.items))
        found = [
            RevisedItem.of(one, self._said(one.uid, number), self._said(one.uid, number + 1))
            for one in standing
            for number in range(1, one.revision)
            if self._said(one.uid, number) and self._said(one.uid, number + 1)
        ]
        found.sort(key=lambda one: ((one.later or one.after).seen_at, one.item.uid), reverse=True)
        return tuple(found[:limit]), None


def _says(one: Item, search: WordSearch) -> bool:
    said = set(split_terms(f"{one.entry.title} {one.entry.text}"))
    within = (search.since or one.published) <= one.published < (search.before or one.published + timedelta(1))
    wanted = all(said.issuperset(phrase.terms) for phrase in search.wanted)
    return within and bool(search.wanted) and wanted and not any(said >= {*no.terms} for no in search.unwanted)


@dataclass(kw_only=True)
class Watch:
    """A clock that stands where it is put."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


def catalogue(*publications: Publication, sources: Sequence[Source] = (), link: str | None = None) -> Catalogue:
    """One source and the publication `all`, unless told otherwise."""
    return Catalogue(
        site=Site(title="Planet Example", link=link, contact=None),
        sources=tuple(sources) or (source(title="River News"),),
        publications=publications or (Publication(id="all", title="Everything"),),
    )


def context(shelf: Shelf, found: Catalogue, **fields: Any) -> WebContext:
    """What the application is given."""
    defaults: dict[str, Any] = {
        "store": shelf,
        "catalogue": lambda: found,
        "clock": Watch(),
        "on_demand": OnDemand(lambda: found, shelf, Watch()),  # type: ignore[arg-type] # for what is current it reads
        "found_feeds": FoundFeeds(lambda: found, shelf, Turns()),
    }
    return WebContext(**(defaults | fields))


@asynccontextmanager
async def site(
    shelf: Shelf | None = None, found: Catalogue | None = None, /, **fields: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real server that serves the shelf."""
    server = Server(
        create_app(context(shelf or Shelf(), found or catalogue(), **fields)), host="127.0.0.1", port=0
    )
    port = await server.start()
    # Neither a coding nor anything else is asked for that a test does not ask for.
    async with http_client(base_url=f"http://127.0.0.1:{port}", headers={"Accept-Encoding": "identity"}) as client:
        try:
            yield client
        finally:
            await server.stop()


def in_state(source_id: str, **fields: Any) -> SourceState:
    """A source's state, due in half an hour unless told otherwise."""
    state = SourceState(
        source_id=source_id, next_poll_at=NOON + timedelta(minutes=30), next_poll_reason="every 1h"
    )
    return replace(state, **fields)
