"""Items that a change of how a source is read has left without any name under which they would be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aggregator.dedupe import keys, likeness
from aggregator.dedupe.identity import Known
from aggregator.model import Entry, Item, ItemKey

REREAD_ITEMS: Final = 200
_ENTRIES: Final = 50
"""So many are compared with each other, after an upgrade or an edit of feeds.yaml and never otherwise."""

_READ: Final = 600
_ALIKE: Final = 0.8
_ALIKE_AND_DATED: Final = 0.5


def strangers(entries: Sequence[Entry], known: Known) -> tuple[Entry, ...]:
    """The entries that none of the keys that were looked up leads to."""
    unmet = (entry for entry in entries if not any(key in known for key in keys.wanted_keys((entry,))))
    return tuple(entry for entry, _ in zip(unmet, range(_ENTRIES), strict=False))


def recognised(
    entries: Sequence[Entry], items: Sequence[Item], known: Known
) -> Mapping[ItemKey, tuple[Item, ...]]:
    """What is to be added to `known`, so that entries which are read otherwise now find their items.

    In: entries that no key led to; the newest items of their source; what the keys led to.
    Out: each entry's last key -> the one item that says nearly the same. New entries find none.
    """
    met = {item.uid for bearers in known.values() for item in bearers}
    free = {item.uid: item for item in items if item.uid not in met}
    found: dict[ItemKey, tuple[Item, ...]] = {}
    for entry in entries:
        alike = [item for item in free.values() if _is_reread(entry, item.entry)]
        if len(alike) == 1:
            found[keys.whole(entry)] = (free.pop(alike[0].uid),)
    return found


def _is_reread(entry: Entry, known: Entry) -> bool:
    """Whether an entry is, word for word but for how they are read, what an item says.

    A claimed date counts as it was written, since its zone may be what the editor mended.
    """
    claimed = [one.published.raw if one.published else None for one in (entry, known)]
    if claimed[0] != claimed[1] or bool(entry.text) != bool(known.text):
        return False
    words = (f"{one.title} {one.text}"[:_READ] for one in (entry, known))
    return likeness.overlap(*words) >= (_ALIKE_AND_DATED if claimed[0] else _ALIKE)
