"""Feeds of searches and of changes: rendered when asked for, and kept in memory for those who ask the same.

They are not stored: anybody can ask for any number of searches, and few ask for changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from aggregator.engine.rendering_turns import Turns
from aggregator.model import Catalogue, Document, Edition, Format, Publication
from aggregator.ports import ReadOnlyStore

if TYPE_CHECKING:
    from aggregator.pipeline.browsing import Narrowing

MOST: Final = 50
"""Documents that are kept, of some 100 KB each; those asked for longest ago make room."""

STALE: Final = 5.0
"""Seconds for which a feed that may be outdated is given out where there is no room to make it anew.

What was taken back must not stand in it for as long as others ask for much.
"""

_Make = Callable[[Catalogue], Awaitable[Edition]]
"""Makes an edition by what feeds.yaml says."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A feed as it was rendered.

    Attributes:
        document: What is given out.
        digest: Of what it says: equal ones are of equal bytes.
        catalogue: By which it was made.
        commits: What the store told when it was.
        known_at: When it was last known to be as it should, by the event loop's clock.
    """

    document: Document
    digest: bytes
    catalogue: Catalogue
    commits: int
    known_at: float


class FoundFeeds:
    """Renders them, so many a second as `turns` says for all that is rendered for those who ask.

    Args:
        catalogue: Gives what feeds.yaml says now.
        store: Where items and their words are.
        turns: Says how much is rendered.
    """

    def __init__(self, catalogue: Callable[[], Catalogue], store: ReadOnlyStore, turns: Turns) -> None:
        self._catalogue = catalogue
        self._store = store
        self._turns = turns
        self._kept: dict[tuple[str, Format], _Kept] = {}
        self._making = asyncio.Lock()

    async def search(
        self, publication: Publication, wanted: Narrowing, query: str, form: Format
    ) -> Document | None:
        """What is found as a feed; None where too much is being rendered already. Raises RenderError, StoreError.

        Args:
            publication: See `publish.search_feed`.
            wanted: What is searched for.
            query: The same as it stands in an address, in the one spelling that it has.
            form: The format.
        """

        async def make(catalogue: Catalogue) -> Edition:
            from aggregator.pipeline.browsing import browsed_edition  # takes long to load, and most never need it

            return await browsed_edition(publication, catalogue, wanted, query, self._store)

        return await self._give(f"?{query}", form, make)

    async def changes(self, publication: Publication) -> Document | None:
        """The changes of what a declared publication shows, in Atom; None and raises as `search`."""

        async def make(catalogue: Catalogue) -> Edition:
            from aggregator.pipeline.shown_changes import changes_edition  # as above

            return await changes_edition(publication, catalogue, self._store)

        return await self._give(publication.id, "atom", make)

    async def _give(self, name: str, form: Format, make: _Make) -> Document | None:
        """The feed of that name as it is kept, or made anew."""
        async with self._making:
            found = self._kept.pop((name, form), None)
            now = asyncio.get_running_loop().time()
            if found is not None and await self._is_as_it_was(found):
                found = replace(found, known_at=now)
            elif self._turns.take():
                found = await self._render(form, make, found)
            if found is None:
                return None
            self._kept[name, form] = found
            while len(self._kept) > MOST:
                self._kept.pop(next(iter(self._kept)))
            return found.document if now - found.known_at < STALE else None

    async def _is_as_it_was(self, found: _Kept) -> bool:
        return found.catalogue is self._catalogue() and found.commits == await self._store.commits()

    async def _render(self, form: Format, make: _Make, last: _Kept | None) -> _Kept:
        """The feed as it is now: the last document, where most of what was stored meanwhile is of other things."""
        catalogue, commits = self._catalogue(), await self._store.commits()
        now = asyncio.get_running_loop().time()
        edition = await make(catalogue)
        digest = await asyncio.to_thread(_digest, edition)
        if last is not None and last.digest == digest:
            return _Kept(last.document, digest, catalogue, commits, now)
        return _Kept(await asyncio.to_thread(_write, edition, form), digest, catalogue, commits, now)


def _digest(edition: Edition) -> bytes:
    return blake2b(repr(edition).encode("utf-8", "backslashreplace"), digest_size=16).digest()


def _write(edition: Edition, form: Format) -> Document:
    from aggregator import publish  # takes long to load, and most processes never need it

    body, moment = publish.render(edition, form).body, publish.last_modified(edition)
    return publish.make_document(edition.publication.id, form, body, moment)
