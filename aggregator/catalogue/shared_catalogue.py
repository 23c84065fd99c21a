"""feeds.yaml where several processes, on several machines, have a copy of it each.

What is in force then stands in the store, as numbered versions. The rule by which a copy becomes the next one: a
process that runs sees its copy change, and before that the copy said what is in force. So only an edit of what is
in force wins by itself. A copy that is merely another one, because it is old or was edited while nothing ran, wins
nothing: `aggregator apply` is for that. All processes follow the version in force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import structlog

from aggregator.catalogue.apart import Understood, understand, understand_apart
from aggregator.catalogue.comparison import describe_change
from aggregator.catalogue.live import LiveCatalogue, cap, report
from aggregator.errors import ConfigurationError, Mistake, StoreError
from aggregator.model import Catalogue, KeptCatalogue
from aggregator.ports import Clock, SourceStore
from aggregator.yamlfile import load_content

_Understanding: TypeAlias = Callable[[bytes], Awaitable[Understood]]


class SharedCatalogue(LiveCatalogue):
    """The version in force, followed in the store that it is joined to, and the copy of feeds.yaml beside it.

    Args:
        path: The copy.
        current: What it says, or what the store had when it could not be understood.
        environ: Where `${NAME}` is looked up.
        longest: The greatest `limit` that a publication may have.
        clock: Tells when a version is put in force.
    """

    def __init__(
        self, path: Path, current: Catalogue, environ: Mapping[str, str], longest: int, clock: Clock
    ) -> None:
        super().__init__(path, current, environ, longest)
        self._clock = clock
        self._seen = 0
        self._file = self._read_bytes() if current.mistakes else current.text
        self._is_edited_from = True
        """Whether the copy said what is in force before it was last edited."""
        self._is_unheard = False
        self._told = ""
        """The difference between the copy and what is in force that the log knows of."""
        self._current = replace(self._current, standing=replace(self._current.standing, version=0))

    async def join(self, store: SourceStore) -> None:
        """Take what is in force from the store; the copy where nothing is yet. Raises StoreError."""

        async def at_once(content: bytes) -> Understood:  # nobody waits for anything yet
            return understand(self._path, content, self._environ, kept=True)

        self._store = store
        await self._take_what_is_in_force(store, at_once)
        self._tell_difference()
        await self.look_at_lists()

    async def begin(self) -> None:
        """Put the copy in force where nothing is yet. Raises StoreError."""
        if self._store is not None and not self._seen:
            await self._put_in_force(self._store, self._current)

    async def apply(self, store: SourceStore) -> str:
        """Put the copy in force whatever is so now; a sentence of what changes by it.

        Raises StoreError, also where somebody else was faster.
        """
        kept = await store.kept_catalogue()
        before = 0 if kept is None else kept.version
        if kept is not None and kept.content == self._current.text:
            return f"{self._path} is in force already, as version {before}."
        version = await store.keep_catalogue(self._current.text, self._clock.now(), replacing=before)
        if version is None:
            raise StoreError("Another feeds.yaml was put in force at this moment: look which, and apply again.")
        was = understand(self._path, kept.content, self._environ, kept=True).catalogue if kept else None
        change = describe_change(was, self._current) if was else "it is the first that this version understands"
        return f"{self._path} is in force as version {version}: {change}. All processes follow within seconds."

    async def look(self) -> None:
        """Take over what others put in force, and put an edit of it in force."""
        if self._store is None:
            return
        try:
            await self._take_what_is_in_force(self._store, self._understand_kept)
            await self._look_at_copy(self._store)
            self._tell_difference()
            await self.look_at_lists()
        except StoreError as error:  # everything goes on with what is known
            if not self._is_unheard:
                structlog.get_logger("catalogue").warning("not followed", error=str(error))
            self._is_unheard = True
        else:
            self._is_unheard = False

    async def _take_what_is_in_force(self, store: SourceStore, understanding: _Understanding) -> None:
        if await store.catalogue_version() == self._seen:
            return
        kept = await store.kept_catalogue()
        if kept is None:
            return
        if kept.content == self._current.text:
            self._seen = kept.version
            self._follow(self._current, kept)
            return
        found = await understanding(kept.content)
        if found.catalogue is None:
            self._rest(kept, found)
            return
        self._seen = kept.version
        self._tell_change(found.catalogue)
        self._follow(cap(found.catalogue, self._longest), kept)

    async def _look_at_copy(self, store: SourceStore) -> None:
        stamp = await asyncio.to_thread(self._read_stamp)
        if stamp == self._stamp and not self._is_passing:
            return
        try:
            content = await asyncio.to_thread(load_content, self._path)
        except ConfigurationError as error:
            self._stamp, self._file = stamp, None
            self._is_passing = isinstance(error.__cause__, OSError)
            self._refuse(error.mistakes)
            return
        self._is_passing = await self._take_copy(store, content)
        self._stamp = stamp

    async def _take_copy(self, store: SourceStore, content: bytes) -> bool:
        """Do what the copy as it is now asks for; whether to try again, since the machine could not."""
        if content == self._file:
            return False
        if content != self._current.text and self._is_edited_from:
            found = await understand_apart(self._path, content, self._environ)
            if found.trace:
                structlog.get_logger("catalogue").error("fault", exception=found.trace)
            if found.catalogue is None:
                self._file = self._file if found.passing else content
                self._refuse(found.mistakes)
                return found.passing
            self._file = content
            await self._put_in_force(store, cap(found.catalogue, self._longest))
            return False
        self._file = content
        self._is_edited_from = content == self._current.text
        self._stand(replace(self._current, mistakes=()), self._current.standing.version)
        return False

    async def _put_in_force(self, store: SourceStore, found: Catalogue) -> None:
        """Make it the next version, unless somebody else was faster: then theirs is in force."""
        version = await store.keep_catalogue(found.text, self._clock.now(), replacing=self._seen)
        if version is None:
            await self._take_what_is_in_force(store, self._understand_kept)
            return
        self._seen, self._is_edited_from = version, True
        self._tell_change(found)
        self._stand(found, version)

    async def _understand_kept(self, content: bytes) -> Understood:
        return await understand_apart(self._path, content, self._environ, kept=True)

    def _follow(self, found: Catalogue, kept: KeptCatalogue) -> None:
        self._is_edited_from = self._file == kept.content
        self._stand(found, kept.version, kept.kept_at)

    def _stand(self, found: Catalogue, version: int | None, since: datetime | None = None) -> None:
        """Have it in force here, under that number."""
        told = ""
        if not found.mistakes and not self._is_edited_from:
            when = f" of {since:%Y-%m-%d %H:%M}Z" if since else ""
            told = (
                f"{self._path} is another feeds.yaml than the one in force, which is version {version}{when}, and "
                "was not edited from it. `aggregator apply` puts it in force."
            )
        standing = replace(found.standing, version=version, difference=told, is_superseded=False)
        self._current = replace(found, standing=standing)

    def _tell_difference(self) -> None:
        """Say once that the copy is another one; not before it was looked at, for others may see an edit first."""
        standing = self._current.standing
        told = "" if standing.is_superseded else standing.difference
        if told and told != self._told:
            structlog.get_logger("catalogue").warning("not in force", why=told)
        self._told = told

    def _rest(self, kept: KeptCatalogue, found: Understood) -> None:
        """Leave the work to those who understand what is in force."""
        self._is_edited_from = False
        if not found.passing:
            self._seen = kept.version
        mistakes = "\n".join(map(str, found.mistakes))
        told = f"This process cannot understand what is in force, version {kept.version}, and waits: {mistakes}"
        if told != self._current.standing.difference:
            structlog.get_logger("catalogue").error("superseded", why=told, exception=found.trace or None)
            standing = replace(self._current.standing, difference=told, is_superseded=True)
            self._current = replace(self._current, standing=standing)

    def _refuse(self, mistakes: tuple[Mistake, ...]) -> None:
        if mistakes != self._current.mistakes:
            self._current = replace(self._current, mistakes=mistakes)
            report(self._current)

    def _tell_change(self, found: Catalogue) -> None:
        change = describe_change(self._current, found)
        structlog.get_logger("catalogue").info("taken over", version=self._seen, change=change)
