"""What a publication's items came to say instead of something else: which changes its readers are told of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from aggregator import publish
from aggregator.model import Catalogue, Edition, Origin, Publication, RevisedItem
from aggregator.pipeline.browsing import ALWAYS, ROUNDS
from aggregator.pipeline.merging import MergedEntry, Scope, is_let_in, merge_whole_stories
from aggregator.pipeline.publication import output, scope_of
from aggregator.pipeline.sifting import sift
from aggregator.ports import ReadOnlyStore


async def changes_edition(publication: Publication, catalogue: Catalogue, store: ReadOnlyStore) -> Edition:
    """The latest changes of what the publication shows, as an edition; limits and quotas aside."""
    origins: dict[str, Origin] = {}
    scope = scope_of(output(publication, catalogue), origins, store)
    found = await _find(scope, min(publication.limit, publish.CHANGES_LIMIT))
    await scope.learn(dict.fromkeys(one.item.source_id for one in found))
    name = await store.feed_name(publication.id)
    make = partial(publish.changes_edition, publication, found, origins, catalogue.site)
    return await asyncio.to_thread(make, feed_name=name, created=ALWAYS)


async def last_changes(entries: Iterable[MergedEntry], scope: Scope) -> Mapping[str, RevisedItem]:
    """The last change of each of the entries, by public id.

    Those that never changed are left out; so are those of which is not kept, or not shown, what they said before.
    """
    changed = [one for one in entries if one.entry.revision > 1]
    places = [[(one.words, one.entry.revision - 1), (one.words, one.entry.revision)] for one in changed]
    said = await scope.store.said([place for both in places for place in both]) if places else {}
    found = [
        RevisedItem.of(one.entry, said[before], said[after])
        for one, (before, after) in zip(changed, places, strict=True)
        if before in said and after in said
    ]
    return {one.item.public_id: one for one in await sift(found, partial(_is_let_in, scope))}


async def _find(scope: Scope, most: int) -> list[RevisedItem]:
    found: list[RevisedItem] = []
    after = None
    for _ in range(ROUNDS):
        some, after = await scope.store.find_revised(scope.sources.keys(), most, after)
        found += await _choose_shown(some, scope)
        if after is None or len(found) >= most:
            break
    return found[:most]


async def _choose_shown(some: Sequence[RevisedItem], scope: Scope) -> list[RevisedItem]:
    """Those of items whose words are shown: of a story of several only the one that tells it."""
    let_in = await sift(some, partial(_is_let_in, scope))
    entries = await merge_whole_stories([one.item for one in let_in], scope)
    told = {one.words for one in entries}
    return [one for one in let_in if one.item.uid in told]


def _is_let_in(scope: Scope, one: RevisedItem) -> bool:
    """Whether filters let in what it says, and what it said before and after: what they hide must not leak."""
    item, source = one.item, scope.sources[one.item.source_id]
    said = (one.before, one.after, *([one.later] if one.later else []))
    entries = (item.entry, *(told.entry for told in said))
    return all(is_let_in(replace(item, entry=entry), source, scope) for entry in entries)
