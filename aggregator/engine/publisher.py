"""Renders publications whose documents are outdated: once per change, never on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from aggregator import publish
from aggregator.engine.files import Folder
from aggregator.errors import AggregatorError, RenderError
from aggregator.model import Catalogue, Publication
from aggregator.pipeline import publication as pipeline
from aggregator.ports import Clock, Store


class Publisher:
    """Keeps the stored documents true to the stored items.

    The engine calls it about once a second: that is the debounce, since a publication that many polls mark
    within a second is rendered once.
    """

    def __init__(
        self, catalogue: Callable[[], Catalogue], store: Store, clock: Clock, *, folder: Folder | None = None
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._clock = clock
        self._folder = folder
        self._given_up: dict[str, tuple[str, int]] = {}
        self._log = structlog.get_logger("publish")

    async def publish_outdated(self) -> int:
        """Render what is outdated; returns how many publications were looked at.

        One that cannot be rendered keeps its last good documents and is not tried again until it changes.
        """
        catalogue = self._catalogue()
        digests = pipeline.digests(catalogue)
        outdated = await self._store.outdated(digests, self._clock.now())
        tried = 0
        for publication_id, mark in outdated.items():
            publication = catalogue.publication(publication_id)
            version = (digests[publication_id], mark)
            if publication is None or self._given_up.get(publication_id) == version:
                continue
            tried += 1
            try:
                await self._publish(publication, catalogue, digest=version[0], mark=mark)
            except RenderError as error:
                self._given_up[publication_id] = version
                self._log.error("not published", publication=publication_id, error=str(error))
        if tried and self._folder is not None:
            await self._write_files(catalogue)
        return tried

    async def _publish(self, publication: Publication, catalogue: Catalogue, *, digest: str, mark: int) -> None:
        edition = await pipeline.edition(publication, catalogue, self._store)
        rendering = await asyncio.to_thread(publish.documents, edition)
        for notice in rendering.omitted:
            self._log.warning("left out", publication=publication.id, reason=notice)
        changed = await self._store.save(
            rendering.documents, publication_id=publication.id, digest=digest, mark=mark
        )
        if changed:
            self._log.info("published", publication=publication.id, entries=len(edition.items))

    async def _write_files(self, catalogue: Catalogue) -> None:
        if self._folder is None:
            return
        try:
            await write_files(catalogue, self._store, self._folder)
        except (OSError, AggregatorError) as error:
            self._log.error("files not written", folder=str(self._folder.path), error=str(error))


async def write_files(catalogue: Catalogue, store: Store, folder: Folder) -> list[str]:
    """Write the stored documents of all public publications to a folder; returns the names of files that changed.

    Private ones are left out: a static host knows no tokens.
    """
    documents = []
    for publication in catalogue.publications:
        for format_ in () if publication.private else publication.formats:
            document = await store.document(publication.id, format_)
            if document is not None:
                documents.append(document)
    return await asyncio.to_thread(folder.write, documents)
