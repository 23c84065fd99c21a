"""Which of many items have nothing like them near: most, and then nothing else need be asked of the store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from aggregator.model import Glance, Item, Overrides, Sighting, Signature
from aggregator.stories.limits import MOST_KEYS, REACH, TITLES_WITHIN, WINDOW
from aggregator.stories.placement import are_strangers, wanted_names
from aggregator.stories.records import count_key, sighting

_Use = tuple[str, int | None]


def find_alone(
    batch: Sequence[tuple[Item, Signature]], glance: Glance, overrides: Overrides
) -> list[tuple[Item, Sighting]]:
    """Those items of a batch that `place` would leave alone without a word, with their sightings.

    In: items in the order in which they are compared, with their signatures; what the store holds around them; the
    editor's word. An item, new or changed, is alone if it was never joined to another or kept apart from one,
    those that stand under its keys, stored or of the batch, have nothing to do with it, no old one of another
    source is at its address, and no override names it.
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
        if item.story is None
        and item.uid not in glance.tied
        and not wanted_names(one, overrides)
        and not _has_far(one, glance)
        and near.has_only_strangers(one, overrides)
    ]


class _Near:
    """Who stands under the keys of the items of a batch: as they look now, and as they are stored."""

    def __init__(self, glance: Glance, batch: Sequence[Sighting]) -> None:
        self._glance = glance
        self._batch = {one.uid: one for one in batch}
        self._bearers: defaultdict[int, list[str]] = defaultdict(list)
        for one in batch:
            for key in one.signature.keys:
                self._bearers[key].append(one.uid)

    def has_only_strangers(self, one: Sighting, overrides: Overrides) -> bool:
        """Whether the item's likeness to all that stand under its keys is chance."""
        keys = one.signature.keys[:MOST_KEYS]
        if not self._glance.crowded.isdisjoint(keys):
            return False
        others: set[str] = set()
        for key in keys:
            others.update(self._bearers[key], self._glance.met.get(key, ()))
        others.discard(one.uid)
        if len(others) > REACH.candidates:
            return False
        near = (look for uid in others for look in self._looks(uid) if _may_be_compared(one, look))
        return all(are_strangers(one, other, overrides) for other in near)

    def _looks(self, uid: str) -> Iterator[Sighting]:
        """Of one that is compared again both: it may be compared before the item or after it."""
        if uid in self._batch:
            yield self._batch[uid]
        if uid in self._glance.sightings:
            yield self._glance.sightings[uid]


class _Uses:
    """How many items of a source bear a title or an address: the stored ones, and those before in the batch.

    One of the batch that was compared before counts with what it bore then, until its turn has come.
    """

    def __init__(self, glance: Glance) -> None:
        self._glance = glance
        self._titles: defaultdict[_Use, list[datetime]] = defaultdict(list)
        self._addresses: Counter[_Use] = Counter()
        for one in glance.former.values():
            self._titles[one.source_id, one.title].append(one.published)
            self._addresses[one.source_id, one.address] += 1

    def count(self, item: Item, signature: Signature) -> tuple[int, int]:
        """Of the item's title within the time, and of its address; itself included."""
        former = self._glance.former.get(item.uid)
        if former is not None:
            self._titles[former.source_id, former.title].remove(former.published)
            self._addresses[former.source_id, former.address] -= 1
        title, address = count_key(signature.title_key), count_key(signature.url)
        stored, borne = self._glance.titles.get(item.uid, ()), self._titles[item.source_id, title]
        titles = sum(abs(date - item.published) <= TITLES_WITHIN for date in (*stored, *borne)) if title else 0
        places = self._glance.addresses.get(item.uid, 0) + self._addresses[item.source_id, address]
        borne.append(item.published)
        self._addresses[item.source_id, address] += 1
        return 1 + titles, 1 + (places if address else 0)


def _may_be_compared(one: Sighting, other: Sighting) -> bool:
    return abs(one.published - other.published) <= WINDOW or one.signature.url == other.signature.url != 0


def _has_far(one: Sighting, glance: Glance) -> bool:
    if not one.url_key or one.shared_url or "homepage" in one.signature.traits:
        return False
    return bool(glance.far.get(one.url_key, frozenset()) - {one.source_id})
