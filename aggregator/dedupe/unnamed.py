"""Items found again by what they say and where they stand, as nothing that names their entries leads to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aggregator.dedupe import entry_likeness, keys, rereading
from aggregator.dedupe.identity import Assignment, Known
from aggregator.model import Entry, Identity, Item, ItemKey, Recall, Source, SourceProfile
from aggregator.text.characters import fold

COMPARED: Final = 50
"""So many entries are compared with so many items by their words; what is equal is found among any number."""

_TOGETHER: Final = 3
"""Fewer entries than these may well have got other dates each for itself."""

_NEARLY: Final = 0.8
_HALF: Final = 0.5
_WHOLE: Final = 0.9
_READ: Final = 8_000
"""Characters of a text that are compared."""
_LONG: Final = 12
"""Different words of a text that no two items have by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What tells whether an entry is an item, besides the two: how rare their title is, what stands around them.

    Attributes:
        titles: How many items, and how many entries, bear a title: one of every day is none to know an item by.
        between: Item -> the items that stood before and after it.
        words: Text -> its words, each text read once.
        neighbours: Position of an entry -> the items of the entries before and after it.
    """

    titles: tuple[Counter[str], Counter[str]]
    between: Mapping[str, frozenset[str]]
    neighbours: Mapping[int, frozenset[str]]
    words: Callable[[str], frozenset[str]]

    def is_only(self, entry: Entry) -> bool:
        """Whether no other item and no other entry has its title."""
        title = fold(entry.title)
        return bool(title) and all(count[title] <= 1 for count in self.titles)

    def is_in_place(self, entry: Entry, item: Item) -> bool:
        """Whether an entry stands between the same two as the item did."""
        beside = self.neighbours.get(entry.position, frozenset())
        return len(beside) == 2 and beside == self.between.get(item.uid)


def wants_recall(
    entries: Sequence[Entry], known: Known, source: Source, profile: SourceProfile, *, reread: bool
) -> bool:
    """Whether an entry is without any name that leads to an item: then the source's items are to be recalled.

    `reread`: the source is read otherwise than before, so that even the names that entries have may be others.
    """
    identity = keys.identity_policy(source, profile)
    return (reread and rereading.has_unknown_entry(entries, known)) or any(
        keys.key_of(entry, identity).kind == "hash"
        and not any(
            key in known for key in (keys.hash_key(entry), keys.last_resort_key(entry), keys.date_key(entry))
        )
        for entry in entries
    )


def recognise_unnamed(assigned: Assignment, entries: Sequence[Entry], recall: Recall, identity: Identity) -> Known:
    """What is to be added to what the keys led to, so that entries without names find their items.

    In: which entry is what, by keys alone; the document; the source's newest items; what tells them apart.
    Out: each entry's last key -> the one item that it is. Only items that the document listed until now and lists
    no more are looked at, and each goes to one entry at most; where several would do, none is taken.
    """
    met = {item.uid for _, item in assigned.met}
    free = [one for one in recall.items if one.uid not in met and one.absent_since is None and not one.pruned]
    unmet = [entry for entry, _ in assigned.fresh]
    found: dict[ItemKey, tuple[Item, ...]] = {}
    if recall.reread:
        found |= rereading.recognise_reread(unmet[:COMPARED], free[: 4 * COMPARED])
    taken = {item.uid for (item,) in found.values()}
    free = [item for item in free if item.uid not in taken]
    unmet = [
        one
        for one in unmet
        if keys.key_of(one, identity).kind == "hash" and keys.last_resort_key(one) not in found
    ]
    for entry, item in _pair_up(unmet, free, _scene(assigned, entries, recall.items)):
        found[keys.last_resort_key(entry)] = (item,)
    return found


def _scene(assigned: Assignment, entries: Iterable[Entry], items: Sequence[Item]) -> _Scene:
    listed = sorted((one for one in items if one.absent_since is None), key=lambda one: one.sort_key)
    met = {entry.position: item.uid for entry, item in assigned.met}
    triples = zip(listed, listed[1:], listed[2:], strict=False)
    return _Scene(
        words=lru_cache(maxsize=8 * COMPARED)(entry_likeness.distinct_words),
        titles=(
            Counter(fold(one.entry.title) for one in items),
            Counter(fold(one.title) for one in entries),
        ),
        between={one.uid: frozenset((before.uid, after.uid)) for before, one, after in triples},
        neighbours={place + 1: frozenset((uid, met[place + 2])) for place, uid in met.items() if place + 2 in met},
    )


def _pair_up(entries: list[Entry], items: list[Item], scene: _Scene) -> list[tuple[Entry, Item]]:
    """Entries and their items: first what says exactly the same, then what nearly does."""
    same = _pair_equal(entries, items)
    telling = sum(_is_long(entry.text) or not _is_later(entry, item) for entry, item in same)
    together = telling >= _TOGETHER and 2 * telling >= sum(scene.titles[1].values())
    pairs = [(entry, item) for entry, item in same if (together and entry.text) or _is_redated(entry, item, scene)]
    done = {item.uid for _, item in pairs} | {keys.last_resort_key(entry) for entry, _ in pairs}
    rest = [entry for entry in entries if keys.last_resort_key(entry) not in done][:COMPARED]
    free = [item for item in items if item.uid not in done][:COMPARED]
    return pairs + _one_to_one(rest, free, lambda entry, item: _is_edited(entry, item, scene))


def _pair_equal(entries: Iterable[Entry], items: Iterable[Item]) -> list[tuple[Entry, Item]]:
    """Entries and items with one title and text; of several alike, in the order in which they stand."""
    said: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda one: one.sort_key):
        said[_words(item.entry)].append(item)
    return [(entry, alike.pop()) for entry in entries if any(_words(entry)) and (alike := said[_words(entry)])]


def _one_to_one(
    entries: Iterable[Entry], items: Sequence[Item], fits: Callable[[Entry, Item], bool]
) -> list[tuple[Entry, Item]]:
    """Of all pairs that fit those of which neither side fits any other."""
    pairs = [(entry, item) for entry in entries for item in items if fits(entry, item)]
    wanting = Counter(id(entry) for entry, _ in pairs)
    fitting = Counter(item.uid for _, item in pairs)
    return [(entry, item) for entry, item in pairs if wanting[id(entry)] == fitting[item.uid] == 1]


def _is_redated(entry: Entry, item: Item, scene: _Scene) -> bool:
    """Whether an entry that says what an item says is that item under another date.

    A date after our first sight is that of something new: of tomorrow's "Weather", which may say the same.
    """
    if _is_of_one_time(entry, item.entry):
        return True
    return scene.is_only(entry) and not _is_later(entry, item)


def _is_later(entry: Entry, item: Item) -> bool:
    return entry.published is not None and entry.published.utc > item.first_seen


def _is_edited(entry: Entry, item: Item, scene: _Scene) -> bool:
    """Whether an entry of the same date, or none, is an item whose title or text was edited."""
    was = item.entry
    if not _is_of_one_time(entry, was):
        return False
    text, text_was = scene.words(entry.text), scene.words(was.text)
    texts = entry_likeness.overlap_of_words(text, text_was)
    titles = entry_likeness.overlap_of_words(scene.words(entry.title), scene.words(was.title))
    if scene.is_in_place(entry, item) and max(texts, titles) >= _HALF:
        return True
    if fold(entry.title) == fold(was.title):
        return (scene.is_only(entry) or not entry.title) and _is_grown(text, text_was, texts)
    if texts >= _NEARLY and len(text) >= _LONG:
        return True
    agrees = texts >= _HALF or not (entry.text and was.text)
    return agrees and titles >= _HALF and entry_likeness.is_simultaneous(entry, was)


def _is_grown(text: frozenset[str], was: frozenset[str], shared: float) -> bool:
    """Whether a text is another one with small changes, or with more to it."""
    less, more = sorted((text, was), key=len)
    grown = len(less) >= _LONG and len(less & more) > _WHOLE * len(less)
    return grown or (shared >= _NEARLY and len(less) >= _LONG)


def _is_of_one_time(one: Entry, other: Entry) -> bool:
    """Whether both claim the same date, or neither claims any."""
    if one.published is None or other.published is None:
        return one.published is other.published
    return one.published.raw == other.published.raw or one.published.utc == other.published.utc


def _is_long(text: str) -> bool:
    return len(entry_likeness.distinct_words(text)) >= _LONG


def _words(entry: Entry) -> tuple[str, str]:
    return fold(entry.title), fold(entry.text[:_READ])
