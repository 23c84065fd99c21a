"""Who the public sources are, and what their feeds say of themselves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Self

from aggregator import publish
from aggregator.model import Catalogue, FeedMeta, Item, Origin, Publication, Revision, Source, SourceState
from aggregator.pipeline.sifting import sift
from aggregator.text.opted_out import find_opt_out_of_url
from aggregator.web.context import WebContext

FRESH: Final = 15.0
"""Seconds for which earlier labels of sources, and the titles of all of them, are remembered."""

SHARE: Final = 10
"""Or so many times as long as they took to read, for as many clients as ask."""


class _SelfPortrait(NamedTuple):
    """What a feed says of itself, and where it was read."""

    meta: FeedMeta = FeedMeta()
    read_from: str = ""

    @classmethod
    def of(cls, state: SourceState) -> Self:
        return cls(state.meta, state.read_from)


_NOTHING: Final = _SelfPortrait()


class Origins:
    """Sources by id, with their feeds' own titles and links; and by the labels that they had before."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._said: Mapping[str, _SelfPortrait] = {}
        self._labels: Mapping[str, tuple[str, ...]] = {}
        self._said_until = self._labels_until = 0.0
        self._labels_by: Catalogue | None = None

    async def of(self, catalogue: Catalogue, source_ids: Iterable[str]) -> dict[str, Origin]:
        """The origins of the named sources, of those that are in the catalogue."""
        found = {name: source for name in source_ids if (source := catalogue.source(name)) is not None}
        states = await self._context.store.states(found.keys())
        return {
            name: _make(one, catalogue, _SelfPortrait.of(states[name]) if name in states else _NOTHING)
            for name, one in found.items()
        }

    async def of_all(self, catalogue: Catalogue) -> dict[str, Origin]:
        """The origin of every source of the catalogue, in the editor's order."""
        began = time.monotonic()
        if began >= self._said_until:
            states = await self._context.store.states()
            self._said = {name: _SelfPortrait.of(state) for name, state in states.items()}
            self._said_until = _keep(began)
        return {
            source.id: _make(source, catalogue, self._said.get(source.id, _NOTHING))
            for source in catalogue.sources
        }

    async def present_label(self, catalogue: Catalogue, label: str) -> str | None:
        """The present label of the source that had that one before; None where one has it, or several had it."""
        if catalogue.source(label) is not None:
            return None
        began = time.monotonic()
        if began >= self._labels_until or catalogue is not self._labels_by:
            states = await self._context.store.remarkable_states()
            self._labels = {name: state.labels for name, state in states.items() if state.labels}
            self._labels_until, self._labels_by = _keep(began), catalogue
        found = [name for name, labels in self._labels.items() if label in labels and catalogue.source(name)]
        return found[0] if len(found) == 1 else None


def _make(source: Source, catalogue: Catalogue, said: _SelfPortrait) -> Origin:
    """The source with what its feed says of itself, unless that was read at a host which asked not to be read."""
    barred = source.opted_out or find_opt_out_of_url(said.read_from, catalogue.opted_out)
    return Origin(source=source, meta=FeedMeta() if barred else said.meta)


def _keep(began: float) -> float:
    """Until when what was begun to be read then, and is read now, will do."""
    now = time.monotonic()
    return now + max(FRESH, SHARE * (now - began))


async def publications_showing(catalogue: Catalogue, item: Item) -> list[Publication]:
    """The public publications that the item belongs to; none means that nobody may see it here.

    The stored content of an item whose source is in private publications only, or that every filter drops,
    thus stays unseen even by somebody who knows its uid.
    """
    source = catalogue.source(item.source_id)
    if source is None:
        return []
    including = publish.publications_including(catalogue, source)
    return await sift(including, lambda one: publish.can_show(one, source, item))


async def revisions_to_show(catalogue: Catalogue, item: Item, revisions: Sequence[Revision]) -> list[Revision]:
    """What the item said, but for what all public publications would have dropped: nor is it told later."""
    source = catalogue.source(item.source_id)
    if source is None:
        return []
    including = publish.publications_including(catalogue, source)
    return await sift(
        revisions, lambda one: publish.can_any_show(including, source, replace(item, entry=one.entry))
    )
