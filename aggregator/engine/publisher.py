"""Renders declared publications whose documents are outdated: once per change, before anybody asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import structlog

from aggregator import publish
from aggregator.engine import labels
from aggregator.engine.files import Folder
from aggregator.engine.in_force import is_in_force
from aggregator.engine.jobs import LEASE, Jobs
from aggregator.engine.rendering import render
from aggregator.engine.tallies import Tallies
from aggregator.errors import AggregatorError, JobLostError, RenderError, StoreError
from aggregator.model import Catalogue, Document, DocumentName, Overrides, Publication
from aggregator.pipeline import archive, comparing
from aggregator.pipeline import publication as pipeline
from aggregator.pipeline.publication import Output
from aggregator.ports import Clock, Reader, Store

AT_ONCE = 20
"""Publications rendered before looking again at what is outdated: for a static host the feeds of tags and sources
are among them, which can be many, and what the editor declared must not wait for them."""

_LOOK_AGAIN = 0.5
"""Seconds between two looks at what another process publishes."""

FLOOD = 2.0
"""Seconds between editions while many items are still being compared: half a thousand of them take half a second,
and an edition a tenth."""


class Publisher:
    """Keeps the stored documents true to the stored items.

    The engine calls it about once a second: that is the debounce, since a publication that many polls mark
    within a second is rendered once. Of several processes one compares and one publishes at a time, for all.

    Args:
        catalogue: Gives what feeds.yaml says now.
        store: Where items and documents are.
        clock: For dates of publications and pages.
        reader: Makes the signatures by which copies are found.
        folder: Where documents are written as files too; None for nowhere.
        every: Whether the feeds of sources and tags are rendered as well, before anybody asks for them. With a
            folder they always are: a static host can ask for nothing.
    """

    def __init__(
        self,
        catalogue: Callable[[], Catalogue],
        store: Store,
        clock: Clock,
        *,
        reader: Reader,
        folder: Folder | None = None,
        every: bool = False,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._reader = reader
        self._clock = clock
        self._folder = folder
        self._every = every or folder is not None
        self._overrides: Overrides | None = None
        self._given_up: dict[str, tuple[str, int]] = {}
        self._surveyed: Catalogue | None = None
        self._known: tuple[Catalogue, Mapping[str, Output]] | None = None
        self._wanted: Mapping[str, str] = {}
        self._jobs = Jobs(store)
        self._has_files = folder is None
        self._tallies = Tallies()
        self.edits = labels.Edits()
        """What takes over edits of feeds.yaml; one for all in this process who see them."""
        self._log = structlog.get_logger("publish")

    async def publish_outdated(self) -> int:
        """Render what is outdated; returns how many publications were looked at.

        One that cannot be rendered keeps its last good documents and is not tried again until it changes.
        """
        if not await is_in_force(self._catalogue(), self._store):
            return 0
        tried, due = 0, 0.0
        while True:
            catalogue, outputs = await self._load_outputs()
            compared, found = await self._compare(catalogue), 0
            # In turns: a flood of new items, which takes a while to compare, must not hold up what is ready.
            if not compared or time.monotonic() >= due:
                found = await self._publish_some(catalogue, outputs)
                due = time.monotonic() + FLOOD
            tried += found
            if not compared and not found:
                break
        if tried or not self._has_files:
            await self._write_files(self._catalogue())
        await self._tallies.flush(self._store)
        return tried

    async def publish_all(self) -> None:
        """Publish what is outdated, and wait for what another process is publishing meanwhile.

        After a lease's time it has done so, or is gone and we did, or it cannot.
        """
        until = time.monotonic() + LEASE.total_seconds() + _LOOK_AGAIN
        await self.publish_outdated()
        while time.monotonic() < until and await self._is_anything_left():
            await asyncio.sleep(_LOOK_AGAIN)
            await self.publish_outdated()

    async def _load_outputs(self) -> tuple[Catalogue, Mapping[str, Output]]:
        """What feeds.yaml says, and what is published by it.

        Made anew only when it was edited: with thousands of sources that takes a while.
        """
        catalogue = self._catalogue()
        if self._known is None or self._known[0] is not catalogue:
            await self.edits.take_over(catalogue, self._store, self._clock.now())
            outputs = await asyncio.to_thread(pipeline.outputs, catalogue)
            # Here and not where they are asked about, each second: of very many sources that takes a while, too.
            self._wanted = {name: one.digest for name, one in outputs.items() if self._every or one.declared}
            self._known = (catalogue, outputs)
            self._has_files = self._folder is None  # they may be to lie at other paths, though no byte is another
        return self._known

    async def _compare(self, catalogue: Catalogue) -> int:
        """Find out which new items are copies, before any document shows them; how many were looked at."""
        if self._overrides == catalogue.overrides and not await self._store.find_uncompared(1):
            return 0
        async with self._jobs.holding("comparing") as ours:
            try:
                return await self._compare_some(catalogue) if ours else 0
            except JobLostError as error:
                self._log.warning("not compared", reason=str(error))
                return 0

    async def _compare_some(self, catalogue: Catalogue) -> int:
        if self._overrides is None:
            await comparing.retry(self._store)
        if self._overrides != catalogue.overrides:
            await comparing.reconsider(self._store, catalogue.overrides)
            self._overrides = catalogue.overrides
        if catalogue.withdrawn or catalogue.opted_out:
            await labels.withhold(catalogue, self._store, self._clock.now())
        begun = time.monotonic()
        compared = await comparing.compare(self._store, catalogue, self._reader)
        if compared.items:
            self._tallies.took("compare", time.monotonic() - begun)
            self._tallies.add("compared", count=compared.items)
        for notice in compared.notices:
            self._log.warning("not compared", reason=notice)
        if compared.faults:
            await self._store.count_faults("compare", compared.faults)
        return compared.items

    async def _publish_some(self, catalogue: Catalogue, outputs: Mapping[str, Output]) -> int:
        """Render a few, those first that the editor declared; how many."""
        if self._surveyed is catalogue and not await self._find_due():
            return 0
        async with self._jobs.holding("publishing") as ours:
            if ours:
                return await self._render_some(catalogue, outputs)
        self._surveyed, self._has_files = None, self._folder is None  # whoever has it may survey, and be killed
        return 0

    async def _find_due(self) -> Mapping[str, int]:
        """What must be rendered and was not found impossible to render: id -> generation."""
        outdated = await self._store.find_outdated_of(self._wanted)
        return {name: on for name, on in outdated.items() if self._given_up.get(name) != (self._wanted[name], on)}

    async def _is_anything_left(self) -> bool:
        await self._load_outputs()
        return bool(await self._store.find_uncompared(1) or await self._find_due())

    async def _render_some(self, catalogue: Catalogue, outputs: Mapping[str, Output]) -> int:
        if self._surveyed is not catalogue:  # what is there, and what is there no more: asked once for each edit
            every = {name: output.digest for name, output in outputs.items()}
            await self._store.find_outdated(every, self._clock.now(), pipeline.earlier_names(catalogue))
            self._surveyed = catalogue
        outdated = await self._find_due()
        due = list(outdated)[:AT_ONCE]
        for name in due:
            version = outputs[name].digest, outdated[name]
            try:
                await self._publish(outputs[name], catalogue, generation=outdated[name])
            except RenderError as error:
                self._given_up[name] = version
                self._log.error("not published", publication=name, error=str(error))
                await self._store.count_faults("render", 1)
            except StoreError:
                raise
            except Exception:  # noqa: BLE001 # the boundary: a fault of ours costs this publication, not all others
                self._given_up[name] = version
                self._log.exception("fault", publication=name)
                await self._store.count_faults("render", 1)
        return len(due)

    async def _publish(self, output: Output, catalogue: Catalogue, *, generation: int) -> None:
        name = output.publication.id
        edition = await pipeline.edition(output, catalogue, self._store)
        if output.declared:
            edition = await archive.update_archive(edition, output, self._store, self._clock.now())
        with self._tallies.timing("render"):
            changed = await render(output, edition, self._store, generation=generation)
        self._tallies.add("rendered", "changed" if changed else "same")
        if changed and output.declared:
            self._log.info("published", publication=name, entries=len(edition.items))

    async def _write_files(self, catalogue: Catalogue) -> None:
        if self._folder is None:
            return
        async with self._jobs.holding("publishing") as ours:
            try:
                if ours:
                    await write_files(catalogue, self._store, self._folder)
            except (OSError, AggregatorError) as error:
                self._log.error("files not written", folder=str(self._folder.path), error=str(error))
            self._has_files = self._has_files or ours


async def write_files(catalogue: Catalogue, store: Store, folder: Folder) -> list[str]:
    """Write the stored documents for everybody to a folder, and remove what is no longer published there.

    A static host cannot say that a publication has another id now: it has the documents under earlier ones too.
    Private publications are left out: a static host knows no tokens. Returns the names of files that changed.
    """
    public = [publication for publication in catalogue.publications if not publication.private]
    names = {publication.id: (publication.id, *publication.was) for publication in public}
    names |= {publication.id: (publication.id,) for publication in publish.virtual_publications(catalogue)}
    pages = await _render_pages(catalogue, public, store)
    before = await asyncio.to_thread(folder.read_manifest)
    further = _further_files(public)
    documents: dict[str, Document] = {}
    kept: list[str] = []
    for name, etag in ({name: page.etag for name, page in pages.items()} | dict(await store.etags())).items():
        paths = [replace(name, publication_id=one).path for one in names.get(name.publication_id, ())]
        paths += further.get(name, ())
        kept += [path for path in paths if before.get(path) == etag]
        missing = [path for path in paths if before.get(path) != etag]
        document = (await _load_document(name, store) or pages.get(name)) if missing else None
        if document is not None:
            documents |= dict.fromkeys(missing, document)
    return await asyncio.to_thread(folder.write, documents, kept)


def _further_files(publications: Iterable[Publication]) -> Mapping[DocumentName, Sequence[str]]:
    """The files at further paths, by the document that they hold; none for what only a server can answer."""
    found: dict[DocumentName, list[str]] = {}
    for publication in publications:
        for path, form in publication.paths:
            if not path.endswith("/"):
                name = DocumentName(publication_id=publication.id, format=form)
                found.setdefault(name, []).append(path.removeprefix("/"))
    return found


async def _render_pages(
    catalogue: Catalogue, public: Iterable[Publication], store: Store
) -> Mapping[DocumentName, Document]:
    """Render all pages of archives that nobody has asked for yet: files can ask for nothing."""
    found: dict[DocumentName, Document] = {}
    for publication in public:
        for number in await store.find_unrendered_pages(publication.id):
            try:
                made = await archive.render_page(pipeline.output(publication, catalogue), catalogue, number, store)
            except RenderError as error:
                name = f"{publication.id}/archive/{number}"
                structlog.get_logger("publish").error("not published", publication=name, error=str(error))
                await store.count_faults("render", 1)
            else:
                found |= {
                    DocumentName(publication_id=publication.id, format=one.format, archive_page=number): one
                    for one in made
                }
    return found


async def _load_document(name: DocumentName, store: Store) -> Document | None:
    if name.archive_page is None:
        return await store.document(name.publication_id, name.format)
    page = await store.archive_page(name.publication_id, name.archive_page, name.format)
    # The store keeps pages in one form only.
    return page and publish.make_document(page.publication_id, page.format, page.body, page.last_modified)
