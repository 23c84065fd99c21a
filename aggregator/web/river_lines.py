"""The lines of the river: its stories, with what is told of each on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from aggregator import publish
from aggregator.model import Edge, Origin, RevisedItem
from aggregator.pipeline.merging import MergedEntry, Scope
from aggregator.pipeline.shown_changes import last_changes
from aggregator.web import views

_MOST_WORDS: Final = 40
"""Words of each text that are compared to show what changed; the story's page shows more."""

_ROOM: Final = 8_000
"""Characters of what can be opened on a page, why others are copies and what changed, in all: so a page stays at
60 kB. Of stories for which there is no room any more, it stands on their own pages."""

_MARKUP: Final = 160
"""Characters that each of them takes, words and addresses aside."""

_LONG: Final = 40_000
"""Bytes above which a text is not shown among others: its story's own page is as long as it is."""

_TITLE: Final = 3
"""The level of the heading that is a story's title: under the page's, and the day's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Stories, with what is told of them.

    Attributes:
        entries: The stories.
        changes: By public id: what changed of them last.
        edges: By the uid of the item that has the words: what speaks for others being copies of it.
    """

    entries: Sequence[MergedEntry]
    changes: Mapping[str, RevisedItem]
    edges: Mapping[str, Sequence[Edge]]


async def look_up(entries: Sequence[MergedEntry], scope: Scope, mode: str) -> Told:
    """What is told of the stories; where only titles are shown, nothing beside them. Raises StoreError."""
    if mode == "titles":
        return Told(entries=entries, changes={}, edges={})
    # Later than published is what a line shows as updated.
    updated = [one for one in entries if one.entry.updated > one.entry.published]
    edges: dict[str, list[Edge]] = {one.words: [] for one in entries if one.copies}
    for edge in await scope.store.edges_of(edges) if edges else ():
        for uid in {edge.one, edge.other} & edges.keys():
            edges[uid].append(edge)
    return Told(entries=entries, changes=await last_changes(updated, scope), edges=edges)


def make_days(told: Told, origins: Mapping[str, Origin], now: datetime, mode: str) -> tuple[views.RiverDay, ...]:
    """The stories as lines, by days, the newest first."""
    room = _Room()
    newest_first = sorted(told.entries, key=lambda one: one.entry.sort_key, reverse=True)
    lines = [_fill(_make_line(one, told, origins, mode), one, told, room) for one in newest_first]
    return views.river_days(lines, now.date())


class _Room:
    """What is left of `_ROOM`."""

    def __init__(self) -> None:
        self._left = _ROOM

    def take(self, size: int) -> bool:
        """Whether so much goes into it; then it is taken."""
        fits = size <= self._left
        self._left -= size if fits else 0
        return fits


def _make_line(one: MergedEntry, told: Told, origins: Mapping[str, Origin], mode: str) -> views.RiverLine:
    """The entry, with the page of an item that can be read: its lead's may be gone."""
    origin = origins[one.entry.source_id]
    shown = publish.show(one.entry, origin.source)
    copies = [(copy, origins[copy.source_id]) for copy in one.copies]
    reasons = views.reasons_of(one.words, told.edges.get(one.words, ()))
    line = views.river_line(shown, origin, views.elsewhere(one.entry, copies, reasons))
    content = views.content(shown, origin, under=_TITLE) if mode == "full" else None
    is_folded = content is not None and len(content.encode()) > _LONG
    return replace(line, uid=one.item.uid, content=None if is_folded else content, is_folded=is_folded)


def _fill(line: views.RiverLine, one: MergedEntry, told: Told, room: _Room) -> views.RiverLine:
    """The line with what there is room for of what can be opened on it."""
    steps = _find_steps(told.changes.get(one.entry.public_id), line.origin)
    passages = [words for step in steps for words in (*step.change.title, *step.change.text) if not step.is_back]
    size = _MARKUP + sum(len(words.words) for words in passages) + sum(len(step.sentence) for step in steps)
    whys = sum(len(copy.url) + 2 * len(copy.title) + len(copy.why) + _MARKUP for copy in line.copies)
    is_explained = one.words in told.edges and room.take(whys)
    return replace(line, steps=steps if steps and room.take(size) else (), is_explained=is_explained)


def _find_steps(one: RevisedItem | None, origin: Origin) -> tuple[publish.ToldStep, ...]:
    """What changed, where that is something to read."""
    steps = publish.find_steps(one, origin.source, _MOST_WORDS) if one else ()
    return steps if any(step.sentence or step.change.title or step.change.text for step in steps) else ()
