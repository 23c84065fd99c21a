"""Finds for each entry of a document the stored item that it is, or a key for a new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aggregator.dedupe import entry_likeness, judging, keys
from aggregator.dedupe.judging import Standing, Via
from aggregator.model import Entry, Identity, Item, ItemKey
from aggregator.text.permalinks import is_home_or_feed, reduce_permalink

Known = Mapping[ItemKey, Sequence[Item]]
"""What the store holds under the keys that were wanted."""

MIGRATED = 0.5
"""The share of a document's entries that must have come under new ids for it to be called a migration."""

_COMPARED = 20
"""Entries with one id and one address that a further one is compared with."""

_FEW = 3
"""Fewer renamed entries than these are no migration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Which stored item each entry of a document is, which entries are new, and which are in doubt.

    Attributes:
        met: Entries that are stored items, each item once, in document order.
        fresh: Entries of items never met, each with its key, each key once, in document order.
        unsure: Entries of which neither can be said.
        repeated: How many things came under an id that another thing bears.
        renamed: Uids of the items that came under new ids, when they all did at once.
    """

    met: tuple[tuple[Entry, Item], ...]
    fresh: tuple[tuple[Entry, ItemKey], ...]
    unsure: tuple[Entry, ...]
    repeated: int
    renamed: frozenset[str]


@dataclass(slots=True)
class _Matching:
    """Which entries have found their items so far, and which have not.

    Attributes:
        known: What the store holds under the wanted keys.
        identity: What tells the source's items apart.
        places: Addresses that name no item, reduced.
        met: Entries with the items that they are.
        taken: Uids of these items.
        rest: Entries without an item yet, each with the items that it might be: by which name, and whether it is
            shared.
    """

    known: Known
    identity: Identity
    places: frozenset[str] = frozenset()
    met: list[tuple[Entry, Item]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    rest: list[tuple[Entry, list[tuple[Via, Item, bool]]]] = field(default_factory=list)

    def pair(self, entry: Entry, item: Item) -> None:
        self.met.append((entry, item))
        self.taken.add(item.uid)


def assign(
    entries: Sequence[Entry],
    known: Known,
    identity: Identity,
    accepted: Iterable[Entry],
    places: frozenset[str] = frozenset(),
    *,
    relists: bool = True,
) -> Assignment:
    """Find the item of every entry.

    In: entries in document order; what the store holds under their wanted keys; what tells items apart; those
    of the entries that are to be accepted as new if it cannot be told whether they are known; addresses that
    name no item; whether an article may come again under another id.
    Every item goes to one entry at most: first to the one that says exactly what it says, then by the names
    that are worth most. What is left is new, unsure, or something listed twice.
    """
    work = _Matching(known=known, identity=identity, places=places)
    for entry in entries:
        _match_unchanged(work, entry)
    _match_same_title(work)
    _match_displaced(work)
    migrating = _is_migration(work, len(entries))
    standing = Standing(identity=identity, migrating=migrating, places=places, relists=relists)
    before = len(work.met)
    for via in judging.ORDER[identity]:
        _match_by(work, via, standing)
    waived = {id(entry) for entry in accepted}
    unsure = [entry for entry, _ in work.rest if id(entry) not in waived and _is_unsure(work, entry, standing)]
    doubted = {id(entry) for entry in unsure}
    fresh, clashes = _give_new_keys(work, [entry for entry, _ in work.rest if id(entry) not in doubted])
    renamed = [item.uid for entry, item in work.met[before:] if entry.id != item.entry.id] if migrating else []
    return Assignment(
        met=tuple(sorted(work.met, key=_position)),
        fresh=tuple(sorted(fresh, key=_position)),
        unsure=tuple(unsure),
        repeated=clashes + _count_repeated_ids(work),
        renamed=frozenset(renamed),
    )


def _position(pair: tuple[Entry, object]) -> int:
    return pair[0].position


def _match_unchanged(work: _Matching, entry: Entry) -> None:
    """The usual case, and the quickest: the bearer of the entry's own key says what the entry says."""
    for item in work.known.get(keys.key_of(entry, work.identity), ()):
        if item.uid not in work.taken and _is_alike(entry, item.entry) and entry.text == item.entry.text:
            work.pair(entry, item)
            return
    work.rest.append((entry, list(_candidates(work, entry))))


def _match_same_title(work: _Matching) -> None:
    rest, work.rest = work.rest, []
    for entry, candidates in rest:
        shared = {item.uid for via, item, several in candidates if via == "id" and several}
        free = (item for _, item, _ in candidates if item.uid not in work.taken and _is_alike(entry, item.entry))
        # Of several untitled ones the texts decide, if any of them has one to compare.
        same = sorted(free, key=lambda item: entry_likeness.overlap(entry.text, item.entry.text), reverse=True)
        if same and _is_borne_out(work, entry, same[0], shared=same[0].uid in shared):
            work.pair(entry, same[0])
        else:
            work.rest.append((entry, candidates))


def _is_borne_out(work: _Matching, entry: Entry, item: Item, *, shared: bool) -> bool:
    """Whether names and a title that are equal suffice; what names the feed, or several, says too little."""
    if shared or _is_of_feed(work, entry) or (not entry.id and is_home_or_feed(entry.url_key, work.places)):
        return judging.is_one_thing(entry, item)
    if judging.is_next_thing(entry, item, Standing(identity=work.identity, places=work.places)):
        return False
    return bool(entry.id and entry.title) or not entry_likeness.is_unrelated(entry, item.entry)


def _match_displaced(work: _Matching) -> None:
    """Entries whose ids belong to others now: ids that only count the places in a document go round.

    Title together with address or moment say more than an id that is borne by something else.
    """
    rest, work.rest = work.rest, []
    for entry, candidates in rest:
        named = [item for via, item, _ in candidates if via in {"id", "narrowed", "permalink"}]
        displaced = named and not any(entry_likeness.has_same_title_and_place(entry, item.entry) for item in named)
        others = (item for _, item, _ in candidates if item.uid not in work.taken)
        found = (
            next((item for item in others if entry_likeness.has_same_title_and_place(entry, item.entry)), None)
            if displaced
            else None
        )
        if found is None:
            work.rest.append((entry, candidates))
        else:
            work.pair(entry, found)


def _match_by(work: _Matching, name: Via, standing: Standing) -> None:
    rest, work.rest = work.rest, []
    for entry, candidates in rest:
        for via, item, shared in candidates:
            if via == name and item.uid not in work.taken:
                worth = replace(standing, shared=shared)
                if judging.judge_by_name(entry, item, via, worth) == "same":
                    work.pair(entry, item)
                    break
        else:
            work.rest.append((entry, candidates))


def _candidates(work: _Matching, entry: Entry) -> Iterator[tuple[Via, Item, bool]]:
    """Stored items that bear any of the entry's names; with the name, and whether others bear it too."""
    for via, key in _keys_by_name(entry):
        bearers = work.known.get(key, ())
        for item in bearers:
            yield via, item, len(bearers) > 1


def _keys_by_name(entry: Entry) -> Iterator[tuple[Via, ItemKey]]:
    ways: tuple[tuple[Via, ItemKey | None], ...] = (
        ("narrowed", keys.narrowed_key(entry)),
        ("hash", keys.last_resort_key(entry)),
        ("hash", keys.hash_key(entry)),
        ("hash", keys.key_of(entry) if entry.enclosures and not entry.id and not entry.url_key else None),
        ("id", ItemKey(kind="id", value=entry.id) if entry.id else None),
        *(("permalink", key) for key in keys.permalink_keys(entry)),
        *(("url", key) for key in keys.url_keys(entry)),
        ("dated", keys.date_key(entry)),
        *(("former", key) for ways in keys.keys_of_former_addresses(entry) for key in ways),
    )
    return ((via, key) for via, key in ways if key is not None)


def _is_alike(entry: Entry, known: Entry) -> bool:
    return (entry.id, entry.url_key, entry.title) == (known.id, known.url_key, known.title)


def _is_migration(work: _Matching, total: int) -> bool:
    """Whether most entries have ids that nobody knows, while their items are known by address or date."""
    named = ({via for via, _, _ in candidates} for entry, candidates in work.rest if entry.id)
    renamed = sum(1 for ways in named if ways & {"permalink", "url", "dated"} and not ways & {"id", "narrowed"})
    return work.identity == "id" and renamed >= _FEW and renamed >= MIGRATED * total


def _is_unsure(work: _Matching, entry: Entry, standing: Standing) -> bool:
    for via, item, shared in _candidates(work, entry):
        worth = replace(standing, shared=shared)
        if item.uid not in work.taken and judging.judge_by_name(entry, item, via, worth) == "unsure":
            return True
    return False


def _give_new_keys(work: _Matching, entries: Iterable[Entry]) -> tuple[list[tuple[Entry, ItemKey]], int]:
    """Keys for entries of new items, and how many of them wanted an id that another thing bears.

    An entry that repeats another of its document is left out: it is the same thing listed twice.
    """
    fresh: list[tuple[Entry, ItemKey]] = []
    used = {keys.key_of(entry, work.identity): entry for entry, _ in reversed(work.met)}
    used |= {item.key: entry for entry, item in work.met}
    listed: defaultdict[tuple[str | None, ...], list[Entry]] = defaultdict(list)
    for entry, _ in work.met:
        listed[_names_and_date(entry, work.identity)].append(entry)
    clashes = 0
    for entry in entries:
        # Under a policy that has changed since, the other one may be stored under a key that is not tried here.
        others = listed[_names_and_date(entry, work.identity)]
        if entry.id and any(entry_likeness.is_listed_twice(other, entry) for other in others[:_COMPARED]):
            continue
        others.append(entry)
        # The last key is a hash of the whole entry: whatever bears it already is this entry, listed before.
        for key in keys.candidate_keys(entry, work.identity):  # pragma: no branch
            other = used.get(key)
            if (
                other is not None
                and other.url_key == entry.url_key
                and entry_likeness.is_listed_twice(other, entry)
            ):
                break
            if other is None and all(item.key != key for item in work.known.get(key, ())):
                fresh.append((entry, key))
                used[key] = entry
                break
            clashes += key.kind == "id" and key.value == entry.id and not _is_of_feed(work, entry)
    return fresh, clashes


def _names_and_date(entry: Entry, identity: Identity) -> tuple[str | None, ...]:
    """Where an entry must stand to be another's repetition; where nothing else names things, dates do."""
    date = entry.published.raw if identity == "title" and entry.published else None
    return entry.id, entry.url_key, date


def _count_repeated_ids(work: _Matching) -> int:
    """How many of the entries bear an id that an earlier one of their document bears."""
    ids = [entry.id for entry, _ in work.met if entry.id and not _is_of_feed(work, entry)]
    return len(ids) - len(set(ids))


def _is_of_feed(work: _Matching, entry: Entry) -> bool:
    """Whether an entry's id is the address of its feed or site: that says nothing of the source's other ids."""
    return is_home_or_feed(reduce_permalink(entry.id), work.places)
