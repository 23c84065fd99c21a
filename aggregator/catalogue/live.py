"""feeds.yaml while it is in use: edits are taken over, mistakes never take down what is published."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import structlog

from aggregator.catalogue.apart import Understood, understand_apart
from aggregator.catalogue.membership import with_lists
from aggregator.errors import ConfigurationError, Notice, StoreError
from aggregator.model import Catalogue, FollowedLists, Publication
from aggregator.ports import SourceStore
from aggregator.yamlfile import YamlDocument, load_content, read

_LOOK_AGAIN = 2.0
"""Seconds between two looks at whether feeds.yaml has changed."""


class LiveCatalogue:
    """feeds.yaml as it is now: an edit is taken over within seconds, without a restart.

    Calling it gives the catalogue in force, and costs nothing; somebody must `follow` the file. One with mistakes
    is reported once and changes nothing but `Catalogue.mistakes`: what was understood last stays in force.

    Args:
        path: The file.
        current: What it says, or said when it was last understood.
        environ: Where `${NAME}` is looked up.
        longest: The greatest `limit` that a publication may have.
    """

    def __init__(self, path: Path, current: Catalogue, environ: Mapping[str, str], longest: int) -> None:
        self._path = path
        self._environ = environ
        self._longest = longest
        self._current = cap(current, longest, str(path))
        self._store: SourceStore | None = None
        self._lists = FollowedLists()
        self._whole: tuple[Catalogue, FollowedLists, Catalogue] | None = None
        self._stamp = self._read_stamp()
        # It may have been edited since it was read, or is not in force as it stands.
        self._is_passing = self._stamp is not None and self._read_bytes() != current.text

    def __call__(self) -> Catalogue:
        """The catalogue in force, with what its lists name; the same object as long as nothing in it changes."""
        whole = self._whole
        if whole is None or whole[0] is not self._current or whole[1] is not self._lists:
            whole = self._current, self._lists, with_lists(self._current, self._lists)
            self._whole = whole
        return whole[2]

    async def join(self, store: SourceStore) -> None:
        """Be told by the store what lists elsewhere name; and what is in force, see `SharedCatalogue`."""
        self._store = store
        await self.look_at_lists()

    async def look_at_lists(self) -> None:
        """Take over what the lists name now, as the store has it. Raises StoreError."""
        if self._store is None or not self._current.lists:
            return
        if await self._store.lists_version() != self._lists.version:
            self._lists = await self._store.followed_lists()

    async def begin(self) -> None:
        """Put the file in force where nothing is yet; for whoever is about to poll. Nothing here."""

    async def follow(self) -> None:
        """Take over edits until cancelled; whatever goes wrong with one is told, and the next is waited for."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 # the boundary: the next edit must be seen
                structlog.get_logger("catalogue").exception("fault")

    async def look(self) -> None:
        """Take over the file if it has changed since it was last looked at. The event loop waits for nothing."""
        with suppress(StoreError):  # whoever works by the store tells it
            await self.look_at_lists()
        stamp = await asyncio.to_thread(self._read_stamp)
        if stamp == self._stamp and not self._is_passing:
            return
        found = await self._understand()
        self._stamp, self._is_passing = stamp, found.passing
        log = structlog.get_logger("catalogue")
        if found.trace:
            log.error("fault", exception=found.trace)
        if found.catalogue is not None:
            self._current = cap(found.catalogue, self._longest)
            log.info("taken over", file=str(self._path), sources=len(self._current.sources))
        elif found.mistakes != self._current.mistakes:
            self._current = replace(self._current, mistakes=found.mistakes)
            report(self._current)

    async def _understand(self) -> Understood:
        try:
            content = await asyncio.to_thread(load_content, self._path)
        except ConfigurationError as error:
            return Understood(mistakes=error.mistakes, passing=isinstance(error.__cause__, OSError))
        return await understand_apart(self._path, content, self._environ)

    def _read_bytes(self) -> bytes | None:
        try:
            return load_content(self._path)
        except ConfigurationError:
            return None

    def _read_stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def report(current: Catalogue) -> None:
    """A line of the log for a file that is not in force."""
    mistakes = "\n".join(str(one) for one in current.mistakes)
    structlog.get_logger("catalogue").error("mistakes", kept="what was understood before", mistakes=mistakes)


def cap(found: Catalogue, most: int, file: str = "feeds.yaml") -> Catalogue:
    """No publication is longer than the installation allows; one that wants to be is named in a notice."""
    longer = [publication for publication in found.publications if publication.limit > most]
    if not longer:
        return found
    publications = tuple(replace(one, limit=min(one.limit, most)) for one in found.publications)
    return replace(
        found, publications=publications, notices=(*found.notices, *_note_cut(found, longer, most, file))
    )


def _note_cut(found: Catalogue, longer: Iterable[Publication], most: int, file: str) -> Iterator[Notice]:
    document = YamlDocument(file=file, data={})
    with suppress(ConfigurationError):  # nobody wrote it
        document = read(found.text, document.file, {})
    for one in longer:
        message = f"publish.{one.id}.limit: {one.limit} is cut to {most}, the settings' publish.max_entries"
        yield document.notice(("publish", one.id, "limit"), message)
