"""Items that a change of how a source is read has left without any name under which they would be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from aggregator.dedupe import entry_likeness, keys
from aggregator.dedupe.identity import Known
from aggregator.model import Entry, Item, ItemKey

_READ: Final = 600
_ALIKE: Final = 0.8
_ALIKE_AND_DATED: Final = 0.5
_TEXTS: Final = 1_000
"""Of which the words are kept at hand."""
_MISTAKEN: Final = ("cp1252", "latin-1")
"""As what UTF-8 is read by mistake."""


def has_unknown_entry(entries: Iterable[Entry], known: Known) -> bool:
    """Whether none of the keys that were looked up leads to an entry."""
    return any(not any(key in known for key in keys.wanted_keys((entry,))) for entry in entries)


def recognise_reread(entries: Sequence[Entry], items: Sequence[Item]) -> Mapping[ItemKey, tuple[Item, ...]]:
    """What is to be added to what is known, so that entries which are read otherwise now find their items.

    In: entries and items that no key brought together.
    Out: each entry's last key -> the one item that says nearly the same, else the one of the same moment, as it
    was written, if no other entry and no other item is of it. New entries find none.
    """
    words = lru_cache(maxsize=_TEXTS)(entry_likeness.distinct_words)
    free = {item.uid: item for item in items}
    found: dict[ItemKey, tuple[Item, ...]] = {}
    rest: list[Entry] = []
    for entry in entries:
        alike = [item for item in free.values() if _is_reread(entry, item.entry, words)]
        if len(alike) == 1:
            found[keys.last_resort_key(entry)] = (free.pop(alike[0].uid),)
        elif not alike:
            rest.append(entry)
    return found | dict(_of_one_moment(rest, tuple(free.values())))


def _of_one_moment(entries: Sequence[Entry], items: Sequence[Item]) -> Iterator[tuple[ItemKey, tuple[Item, ...]]]:
    """What no word connects, if its characters were read as others: its date is written as it was."""
    moments = Counter(_exact_date(entry) for entry in entries)
    borne = Counter(_exact_date(item.entry) for item in items)
    for entry in entries:
        moment = _exact_date(entry)
        if moment is not None and moments[moment] == borne[moment] == 1:
            (item,) = (one for one in items if _exact_date(one.entry) == moment)
            if not _is_ascii(entry) and not _is_ascii(item.entry) and bool(entry.text) == bool(item.entry.text):
                yield keys.last_resort_key(entry), (item,)


def _exact_date(entry: Entry) -> str | None:
    stamp = entry.published
    return stamp.raw if stamp is not None and stamp.precision in {"minute", "second"} else None


def _is_ascii(entry: Entry) -> bool:
    return entry.title.isascii() and entry.text.isascii()


def _is_reread(entry: Entry, known: Entry, words: Callable[[str], frozenset[str]]) -> bool:
    """Whether an entry is, word for word but for how they are read, what an item says.

    A claimed date counts as it was written, since its zone may be what the editor mended.
    """
    claimed = [one.published.raw if one.published else None for one in (entry, known)]
    if claimed[0] != claimed[1] or bool(entry.text) != bool(known.text):
        return False
    said, was = (f"{one.title} {one.text}"[:_READ] for one in (entry, known))
    least = _ALIKE_AND_DATED if claimed[0] else _ALIKE
    return any(
        entry_likeness.overlap_of_words(words(said), words(other)) >= least for other in (was, *_as_utf8(was))
    )


def _as_utf8(text: str) -> Iterator[str]:
    """What a text says if its characters are bytes of UTF-8 that were read as those of another encoding."""
    for codec in _MISTAKEN if not text.isascii() else ():
        yield text.encode(codec, "ignore").decode("utf-8", "ignore")
