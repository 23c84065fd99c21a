"""The store in an SQLite file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from aggregator.errors import StoreError
from aggregator.model import Document, DocumentName, Format, Item, ItemKey, Page, Revision, SourceState, Update
from aggregator.store import archives, commits, editions, engines, failures, items, schema, sources
from aggregator.store.writer import Writer

T = TypeVar("T")

READERS = 3
"""Threads that read, each with its connection. SQLite's readers wait for nobody, but Python runs one at a time."""

BACKLOG = 1000
"""Transactions that may wait for the writer; whoever brings another waits until there is room."""


@dataclass(frozen=True, slots=True)
class _Life:
    """What exists between open and close."""

    readers: Engine
    threads: ThreadPoolExecutor
    writer: Writer
    room: asyncio.Semaphore
    identity: tuple[int, int]
    end: ExitStack


class SqliteStore:
    """The store in an SQLite file; fulfils `ports.Store`. Other processes may use the file at the same time.

    All statements run in threads, so that no event loop ever waits for a disk: a few threads read, one writes.
    One store belongs to one event loop.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._life: _Life | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._path)!r})"

    async def open(self) -> None:
        """See `ports.Store.open`. Opening an open store does nothing."""
        if self._life is None:
            self._life = await asyncio.to_thread(self._begin)

    async def close(self) -> None:
        """See `ports.Store.close`. Closing a closed store does nothing."""
        life, self._life = self._life, None
        if life is not None:
            with failures.reported(str(self._path)):
                await asyncio.to_thread(life.end.close)

    async def ping(self) -> None:
        """See `ports.Store.ping`; also tells when the file was taken away from under us."""
        if await asyncio.to_thread(_identity, self._path) != self._open_life().identity:
            raise StoreError(f"the database {self._path} was removed or replaced: start this program again")
        await self._read(partial(schema.version, path=self._path))

    async def prune(self, before: datetime) -> int:
        """See `ports.Store.prune`. Lets polls be written between its steps."""
        await self._write(partial(archives.prune, before=before))
        total = 0
        while True:
            count = await self._write(partial(items.prune, before=before))
            total += count
            if count < items.PRUNE_AT_ONCE:
                return total

    async def register(self, due: Mapping[str, datetime], disabled: Collection[str], now: datetime) -> None:
        """See `ports.SourceStore.register`."""
        await self._write(partial(sources.register, due=due, disabled=disabled, now=now))

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> tuple[SourceState, ...]:
        """See `ports.SourceStore.claim_due`."""
        return await self._write(partial(sources.claim_due, now=now, lease=lease, limit=limit))

    async def claim(self, source_ids: Sequence[str], now: datetime, lease: timedelta) -> tuple[SourceState, ...]:
        """See `ports.SourceStore.claim`."""
        return await self._write(partial(sources.claim, source_ids=source_ids, now=now, lease=lease))

    async def known(self, source_id: str, keys: Collection[ItemKey]) -> Mapping[ItemKey, tuple[Item, ...]]:
        """See `ports.SourceStore.known`."""
        return await self._read(partial(items.known, source_id=source_id, keys=keys))

    async def commit(self, update: Update) -> bool:
        """See `ports.SourceStore.commit`."""
        return await self._write(partial(commits.commit, update=update))

    async def states(self) -> Mapping[str, SourceState]:
        """See `ports.SourceStore.states`."""
        return await self._read(sources.states)

    async def outdated(self, digests: Mapping[str, str], now: datetime) -> Mapping[str, int]:
        """See `ports.PublicationStore.outdated`. Asked every second, so it writes only when it must."""
        found = await self._read(partial(editions.survey, digests=digests))
        if found.settled:
            return found.outdated
        return await self._write(partial(editions.outdated, digests=digests, now=now))

    async def created(self, publication_id: str) -> datetime:
        """See `ports.PublicationStore.created`."""
        return await self._read(partial(editions.created, publication_id=publication_id))

    async def latest(
        self, source_ids: Collection[str], limit: int, after: tuple[datetime, str] | None = None
    ) -> tuple[Item, ...]:
        """See `ports.PublicationStore.latest`."""
        return await self._read(partial(items.latest, source_ids=source_ids, limit=limit, after=after))

    async def save(self, documents: Sequence[Document], *, publication_id: str, digest: str, mark: int) -> bool:
        """See `ports.PublicationStore.save`."""
        return await self._write(
            partial(editions.save, documents=documents, publication_id=publication_id, digest=digest, mark=mark)
        )

    async def document(
        self,
        publication_id: str,
        format: Format,  # noqa: A002 # the field's word
    ) -> Document | None:
        """See `ports.PublicationStore.document`."""
        return await self._read(partial(editions.document, publication_id=publication_id, form=format))

    async def etags(self) -> Mapping[DocumentName, str]:
        """See `ports.PublicationStore.etags`."""
        return await self._read(archives.etags)

    async def edition_date(
        self,
        publication_id: str,
        format: Format,  # noqa: A002 # the field's word
        etag: str,
    ) -> datetime | None:
        """See `ports.PublicationStore.edition_date`."""
        return await self._read(
            partial(editions.edition_date, publication_id=publication_id, form=format, etag=etag)
        )

    async def arrivals(
        self,
        publication_id: str,
        source_ids: Collection[str],
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> tuple[Item, ...]:
        """See `ports.PublicationStore.arrivals`."""
        return await self._read(
            partial(
                archives.arrivals,
                publication_id=publication_id,
                source_ids=source_ids,
                limit=limit,
                after=after,
            )
        )

    async def noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """See `ports.PublicationStore.noted`."""
        return await self._read(partial(archives.noted, publication_id=publication_id, uids=uids))

    async def note(self, publication_id: str, uids: Sequence[str], until: datetime) -> None:
        """See `ports.PublicationStore.note`."""
        await self._write(partial(archives.note, publication_id=publication_id, uids=uids, until=until))

    async def waiting(self, publication_id: str) -> tuple[Item, ...]:
        """See `ports.PublicationStore.waiting`."""
        return await self._read(partial(archives.waiting, publication_id=publication_id))

    async def pages(self, publication_id: str) -> range:
        """See `ports.PublicationStore.pages`."""
        return await self._read(partial(archives.pages, publication_id=publication_id))

    async def save_page(self, page: Page) -> bool:
        """See `ports.PublicationStore.save_page`."""
        return await self._write(partial(archives.save, page=page))

    async def page(
        self,
        publication_id: str,
        number: int,
        format: Format,  # noqa: A002 # the field's word
    ) -> Document | None:
        """See `ports.PublicationStore.page`."""
        return await self._read(
            partial(archives.document, publication_id=publication_id, number=number, form=format)
        )

    async def taken_back(self, publication_id: str) -> Mapping[int, Mapping[str, str]]:
        """See `ports.PublicationStore.taken_back`."""
        return await self._read(partial(archives.taken_back, publication_id=publication_id))

    async def shrink_page(
        self, documents: Sequence[Document], *, publication_id: str, number: int, uids: Sequence[str]
    ) -> None:
        """See `ports.PublicationStore.shrink_page`."""
        shrunk = partial(
            archives.shrink, pages_=documents, publication_id=publication_id, number=number, uids=uids
        )
        await self._write(shrunk)

    async def item(self, name: str) -> Item | None:
        """See `ports.PublicationStore.item`."""
        return await self._read(partial(items.item, name=name))

    async def revisions(self, uid: str) -> tuple[Revision, ...]:
        """See `ports.PublicationStore.revisions`."""
        return await self._read(partial(items.revisions_of, uid=uid))

    def _begin(self) -> _Life:
        with failures.reported(str(self._path)), ExitStack() as begun:
            _check_place(self._path)
            readers = engines.connect(self._path, "read", size=READERS)
            begun.callback(readers.dispose)
            schema.prepare(self._path, readers)
            writing = engines.connect(self._path, "write")
            begun.callback(writing.dispose)
            threads = begun.enter_context(ThreadPoolExecutor(READERS, "store-reader"))
            writer = Writer(writing)
            begun.callback(writer.close)
            room = asyncio.Semaphore(BACKLOG)
            return _Life(readers, threads, writer, room, _identity(self._path), begun.pop_all())

    def _open_life(self) -> _Life:
        if self._life is None:
            raise StoreError(f"the database {self._path} is not open: call open() first")
        return self._life

    async def _read(self, work: Callable[[Connection], T]) -> T:
        life = self._open_life()

        def reading() -> T:
            with life.readers.begin() as connection:
                return work(connection)

        with failures.reported(str(self._path)):
            return await asyncio.get_running_loop().run_in_executor(life.threads, reading)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        life = self._open_life()
        with failures.reported(str(self._path)):
            async with life.room:
                return await asyncio.wrap_future(life.writer.submit(work))


def _check_place(path: Path) -> None:
    """Make the folder; raise StoreError for what SQLite would only report when it first writes, or in riddles."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder {path.parent} for the database cannot be made: {error.strerror}: "
            "name another place in `database`"
        ) from error
    if path.is_dir():
        raise StoreError(f"the database {path} is a folder: name a file in `database`")
    for place in (path, path.parent):  # the write-ahead log lies beside the file
        if place.exists() and not os.access(place, os.W_OK):
            raise failures.denied(path)


def _identity(path: Path) -> tuple[int, int]:
    """Device and inode: another file under the same name has others. Zeros when there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
