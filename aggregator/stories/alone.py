"""Which of many new items have nothing like them near: most, and then nothing else need be asked of the store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from aggregator.model import Glance, Item, Overrides, Sighting, Signature
from aggregator.stories.limits import MOST_KEYS, REACH, TITLES_WITHIN, WINDOW
from aggregator.stories.placement import are_strangers, wanted_names
from aggregator.stories.records import sighting


def find_alone(
    batch: Sequence[tuple[Item, Signature]], glance: Glance, overrides: Overrides
) -> list[tuple[Item, Sighting]]:
    """Those items of a batch that `place` would leave alone without a word, with their sightings.

    In: items in the order in which they are compared, with their signatures; what the store holds around them; the
    editor's word. An item is alone if it was never compared, those that stand under its keys, stored or of the
    batch, have nothing to do with it, no old one of another source is at its address, and no override names it.
    """
    uses = _Uses(glance)
    looked = []
    for item, signature in batch:
        titles, addresses = uses.count(item, signature)
        looked.append((item, sighting(item, signature, titles=titles, addresses=addresses)))
    near = _Near(glance, [one for _, one in looked])
    return [
        (item, one)
        for item, one in looked
        if _is_new(item)
        and not wanted_names(one, overrides)
        and not _has_far(one, glance)
        and near.has_only_strangers(one, overrides)
    ]


class _Near:
    """Who stands under the keys of the items of a batch."""

    def __init__(self, glance: Glance, batch: Sequence[Sighting]) -> None:
        self._glance = glance
        self._sightings: Mapping[str, Sighting] = {**glance.sightings, **{one.uid: one for one in batch}}
        self._bearers: defaultdict[int, list[str]] = defaultdict(list)
        for one in batch:
            for key in one.signature.keys:
                self._bearers[key].append(one.uid)

    def has_only_strangers(self, one: Sighting, overrides: Overrides) -> bool:
        """Whether the item's likeness to all that stand under its keys is chance."""
        keys = one.signature.keys[:MOST_KEYS]
        if not self._glance.crowded.isdisjoint(keys):
            return False
        others = dict.fromkeys(uid for key in keys for uid in self._bearing(key) if uid != one.uid)
        if len(others) > REACH.candidates:
            return False
        near = (self._sightings[uid] for uid in others if uid in self._sightings)
        return all(are_strangers(one, other, overrides) for other in near if _may_be_compared(one, other))

    def _bearing(self, key: int) -> Iterator[str]:
        yield from self._glance.met.get(key, ())
        yield from self._bearers[key]


class _Uses:
    """How many items of a source bear a title or an address: the stored ones, and those before in the batch."""

    def __init__(self, glance: Glance) -> None:
        self._glance = glance
        self._titles: defaultdict[tuple[str, int], list[datetime]] = defaultdict(list)
        self._addresses: Counter[tuple[str, int]] = Counter()

    def count(self, item: Item, signature: Signature) -> tuple[int, int]:
        """Of the item's title within the time, and of its address; itself included."""
        title, address = (item.source_id, signature.title_key), (item.source_id, signature.url)
        dates = (*self._glance.titles.get(item.uid, ()), *self._titles[title])
        titles = sum(abs(date - item.published) <= TITLES_WITHIN for date in dates) if signature.title_key else 0
        stored = self._glance.addresses.get(item.uid, 0)
        addresses = stored + self._addresses[address] if signature.url else 0
        self._titles[title].append(item.published)
        self._addresses[address] += 1
        return 1 + titles, 1 + addresses


def _is_new(item: Item) -> bool:
    return item.compared == 0 and item.story is None


def _may_be_compared(one: Sighting, other: Sighting) -> bool:
    return abs(one.published - other.published) <= WINDOW or one.signature.url == other.signature.url != 0


def _has_far(one: Sighting, glance: Glance) -> bool:
    if not one.url_key or one.shared_url or "homepage" in one.signature.traits:
        return False
    return bool(glance.far.get(one.url_key, frozenset()) - {one.source_id})
