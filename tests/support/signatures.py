"""Signatures in memory, found by their keys as the store finds them: for tests, scoring and measurements."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from datetime import datetime

from aggregator.model import Sighting, Signature
from aggregator.stories.limits import REACH, TITLES_WITHIN, WINDOW


class Signatures:
    """Items by the keys of their signatures, within a window of published time.

    The cost of adding and of asking depends on the number of keys and of items that share one, not on how many
    items there are.
    """

    def __init__(self) -> None:
        self._items: dict[str, Sighting] = {}
        self._bands: defaultdict[int, dict[str, None]] = defaultdict(dict)
        self._titles: defaultdict[tuple[str, int], deque[datetime]] = defaultdict(deque)
        self._urls: Counter[tuple[str, int]] = Counter()

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: Sighting) -> None:
        """Put an item in; one of the same uid is replaced."""
        uid, bands = item.uid, self._bands
        self.remove(uid)
        self._items[uid] = item
        for key in item.signature.keys:
            bands[key][uid] = None
        self._titles[item.source_id, item.signature.title_key].append(item.published)
        self._urls[item.source_id, item.signature.url] += 1

    def remove(self, uid: str) -> None:
        """Take an item out; nothing happens when it is not there."""
        item = self._items.pop(uid, None)
        if item is None:
            return
        for key in item.signature.keys:
            self._bands[key].pop(uid)
            if not self._bands[key]:
                del self._bands[key]
        self._titles[item.source_id, item.signature.title_key].remove(item.published)
        self._urls[item.source_id, item.signature.url] -= 1

    def evict(self, now: datetime) -> int:
        """Take out what is older than the window; the number of items that went."""
        old = [uid for uid, item in self._items.items() if now - item.published > WINDOW]
        for uid in old:
            self.remove(uid)
        return len(old)

    def candidates(self, signature: Signature, uid: str = "") -> tuple[Sighting, ...]:
        """The items that share a key, those that share most first; at most 200, and never the one called `uid`."""
        shared: Counter[str] = Counter()
        for key in signature.keys:
            band = self._bands.get(key, {})
            if len(band) <= REACH.in_band:
                shared.update(band.keys())
        shared.pop(uid, None)
        best = sorted(shared, key=lambda found: (-shared[found], found))
        return tuple(self._items[found] for found in best[: REACH.candidates])

    def titles(self, source_id: str, signature: Signature, published: datetime) -> int:
        """How many items of the source bear the title, within 30 days of the date."""
        dates: Sequence[datetime] = self._titles.get((source_id, signature.title_key), deque())
        return sum(abs(date - published) <= TITLES_WITHIN for date in dates)

    def addresses(self, source_id: str, signature: Signature) -> int:
        """How many items of the source have the address."""
        return self._urls[source_id, signature.url] if signature.url else 0
