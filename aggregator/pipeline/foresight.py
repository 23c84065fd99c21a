"""What an edit of feeds.yaml does to what is published, before it is in force; only reads.

Nothing is decided here a second time: who takes over what is asked of `succession`, and what a publication shows
of `publication`, once by each version of feeds.yaml. It costs as much as rendering what changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from aggregator.catalogue.comparison import compare, predecessor
from aggregator.model import (
    Catalogue,
    Copy,
    Difference,
    EntryChange,
    Item,
    Publication,
    PublicationChange,
    SourceChange,
    SourceState,
    Takeover,
    Withholding,
)
from aggregator.pipeline import succession
from aggregator.pipeline.publication import Output, output, select
from aggregator.pipeline.relabelled import RelabelledStore
from aggregator.pipeline.withheld_items import withholding
from aggregator.ports import ReadOnlyStore

Entries = Mapping[str, Item]
"""What a publication shows: by the published id, newest first."""

UNSETTLED: Final = "the sources are being called otherwise in the store at this moment"


async def foresee(
    before: Catalogue, after: Catalogue, store: ReadOnlyStore, most: int | None = None
) -> Difference:
    """What differs between two versions of feeds.yaml, and what becomes of the entries of each publication.

    In: what is in force, and what is to be, both at the same hour; of how many publications at most the entries
    are counted.
    Out: a publication is named if anything of it differs, its entries included. New sources bring what nobody
    knows yet, but for those that the store knows. Items that wait to be compared are left out on both sides.
    """
    states = await store.states()
    handed = await asyncio.to_thread(succession.takeovers, after, states)
    found = compare(before, after, {one.name: one.was for one in handed})
    found = replace(found, sources=tuple(_count_items(one, states, handed) for one in found.sources))
    if succession.takeovers(before, states):  # somebody has taken over the later version, or another one
        return replace(found, uncounted=UNSETTLED)
    changes = {one.id: one for one in found.publications}
    olds = {one.id: predecessor(one, before, after) for one in after.publications}
    heirs = {name: old.id for name, old in olds.items() if old is not None}
    meant = _as_stored(withholding(after, states), handed)
    withheld = {one.uid for one in await store.find_withheld(meant) if one.gone}
    later = cast("ReadOnlyStore", RelabelledStore(store, handed, heirs, withheld))
    publications: list[PublicationChange] = []
    for number, publication in enumerate(after.publications):
        asked = most is None or number < most
        versions = before, after
        counted = await _count_entries(publication, versions, store, later, bool(withheld)) if asked else None
        change = changes.pop(publication.id, None)
        if change is None and counted is not None and (counted.added or counted.dropped):
            change = PublicationChange(id=publication.id, fate="edited")
        if change is not None:
            publications.append(replace(change, entries=counted))
    return replace(found, publications=(*publications, *changes.values()), uncounted="")


def _as_stored(asked: Withholding, handed: Sequence[Takeover]) -> Withholding:
    """The same, with its sources under the labels that they have until then."""
    was = {one.name: one.was for one in handed}
    return replace(asked, sources={was.get(name, name): host for name, host in asked.sources.items()})


def find_again(before: Entries, after: Entries, met: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The published ids of entries that subscribers were shown already, under other ids that are gone.

    In: what is shown before and after; by the published id of an entry, the ids under which subscribers were shown
    an item of its story, its own among them if they were.
    """
    dropped = {
        item.entry.url_key: name for name, item in before.items() if name not in after and item.entry.url_key
    }
    found: list[str] = []
    for name, item in after.items():
        known = met.get(name, ())
        if name in before or name in known:
            continue
        if any(one not in after for one in known) or item.entry.url_key in dropped:
            found.append(name)
    return tuple(found)


def _count_items(
    change: SourceChange, states: Mapping[str, SourceState], handed: Sequence[Takeover]
) -> SourceChange:
    """With how much of it is stored, under whatever label."""
    was = {one.name: one.was for one in handed}
    given = frozenset(one.was for one in handed)
    label = was.get(change.id, change.id)
    is_anothers = label == change.id and change.id in given and change.fate != "removed"
    state = None if is_anothers else states.get(label)
    return replace(change, items=state.items if state else 0)


async def _count_entries(
    publication: Publication,
    versions: tuple[Catalogue, Catalogue],
    store: ReadOnlyStore,
    later: ReadOnlyStore,
    anyway: bool,
) -> EntryChange | None:
    """What becomes of a publication's entries; None where it is made from the same as before, if not `anyway`."""
    before, after = versions
    was, now = predecessor(publication, before, after), output(publication, after)
    then = None if was is None else output(was, before)
    if then is not None and then.digest == now.digest and not anyway:
        return None
    shown = await _read_entries(now, later)
    if then is None:  # nobody has subscribed to it yet
        return EntryChange(shown=len(shown), added=tuple(shown), titles=_titles(shown.values()))
    had = await _read_entries(then, store)
    added = [item for name, item in shown.items() if name not in had]
    dropped = [item for name, item in had.items() if name not in shown]
    met = await _find_met(publication, added, had, later)
    return EntryChange(
        shown=len(shown),
        added=tuple(item.public_id for item in added),
        dropped=tuple(item.public_id for item in dropped),
        again=find_again(had, shown, met),
        titles=_titles((*added, *dropped)),
    )


def _titles(items: Iterable[Item]) -> dict[str, str]:
    return {item.public_id: item.entry.title for item in items}


async def _read_entries(shown: Output, store: ReadOnlyStore) -> Entries:
    items, _ = await select(shown, store)
    return {item.public_id: item for item in items}


async def _find_met(
    publication: Publication, added: Sequence[Item], had: Entries, store: ReadOnlyStore
) -> Mapping[str, Sequence[str]]:
    """For each added entry, the ids under which subscribers were shown an item of its story."""
    merges = publication.duplicates == "merge"
    stories = await store.copies([item.uid for item in added if item.story]) if merges else {}
    names = {item.uid: item.public_id for item in added} | _names(stories)
    known = {item.uid for item in had.values()}
    known |= await store.find_noted(publication.id, sorted(names)) | await store.leads(
        publication.id, sorted(names)
    )
    return {
        item.public_id: [names[uid] for uid in _members(item, stories.get(item.uid, ())) if uid in known]
        for item in added
    }


def _members(item: Item, copies: Sequence[Copy]) -> Sequence[str]:
    return [item.uid, *(copy.item.uid for copy in copies if copy.item.uid != item.uid)]


def _names(stories: Mapping[str, Sequence[Copy]]) -> dict[str, str]:
    return {copy.item.uid: copy.item.public_id for copies in stories.values() for copy in copies}
