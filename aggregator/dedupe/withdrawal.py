"""Items that their publisher takes back by name (RFC 6721: at:deleted-entry)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.dedupe import keys
from aggregator.model import Change, Entry, Item, ItemKey, Verdict


def deleted_keys(refs: Iterable[str]) -> frozenset[ItemKey]:
    """The keys to look up in the store for ids that a publisher deletes."""
    return frozenset(key for ref in refs for key in _names(ref))


def withdraw(refs: Iterable[str], known: Mapping[ItemKey, Sequence[Item]], now: datetime) -> tuple[Change, ...]:
    """The items of some ids, as withdrawn at `now`; those that are withdrawn already are left alone.

    An id that several items bear withdraws the one whose own it is; if it is nobody's own, none: which was
    meant cannot be told. Fingerprint and names stay, so that the item is known again should it come back.
    """
    found: dict[str, Item] = {}
    for ref in refs:
        for key in _names(ref):
            bearers = known.get(key, ())
            owners = [item for item in bearers if item.key == key] or (bearers if len(bearers) == 1 else [])
            found.update((item.uid, item) for item in owners)
    verdict = Verdict(kind="bumped", reason="its publisher deleted it")
    return tuple(
        Change(item=replace(item, withdrawn_at=now, changed_at=now), verdict=verdict)
        for item in found.values()
        if item.withdrawn_at is None
    )


def _names(ref: str) -> tuple[ItemKey, ...]:
    return (ItemKey(kind="id", value=ref), *keys.permalink_keys(Entry(id=ref)))
