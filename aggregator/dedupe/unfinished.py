"""The entry within which a document breaks off: what it lacks was not taken back."""

from __future__ import annotations

from collections.abc import Collection

from aggregator.dedupe.keys import wanted_keys
from aggregator.model import Entry, ItemKey, Reading


def without_unfinished(found: Reading, known: Collection[ItemKey]) -> tuple[Entry, ...]:
    """The entries of a document without the one within which it breaks off, where its item is known.

    It would be an update that takes back what did not arrive, and one more when it does. Of an item that is new,
    what there is of it is better than nothing. In: the keys that lead to stored items.
    """
    return tuple(one for one in found.entries if one.position != found.unfinished or not _is_known(one, known))


def _is_known(entry: Entry, known: Collection[ItemKey]) -> bool:
    """Whether its id or its address leads to an item; a headline may be that of every day."""
    return any(key in known for key in wanted_keys((entry,)) if key.kind in {"id", "url"})
