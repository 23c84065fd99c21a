"""Finding items by what they say. Functions over an open transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Text,
    bindparam,
    column,
    delete,
    insert,
    literal,
    select,
    table,
)

from aggregator.model import FoundItems, Item, WordSearch
from aggregator.store.sql import lookup, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import seconds
from aggregator.store.sql.many import insert_rows
from aggregator.store.sql.tables import items, kept, unindexed
from aggregator.store.sql.word_index import Saying, WordIndex
from aggregator.text.terms import split_terms

_LONGEST: Final = 60_000
"""Characters of an item's text by which it is found."""

_SHORT: Final = 3_000
"""Characters of its title, and of its names together; PostgreSQL takes no more than a megabyte of terms in all."""

_TERMS: Final = 10_000
"""Terms of it; PostgreSQL tells the places of no more than 16,383 from each other."""

_EARLIEST: Final = 2**36
"""More seconds than there were between the year 1 and 1970."""

_ROOM: Final = 2**20
"""Numbers for the items of one second."""

_LAST: Final = 2**63 - 1
_ROUNDS: Final = 20
_A_ROUND: Final = 500
"""How often it is looked on, and how far each time, where few of those that say the words are of the sources."""

sayings = table("sayings", column("number", BigInteger), column("uid", Text))
"""Which number an item has in the index; the backend's index has further columns."""

_waiting = select(unindexed.c.uid, unindexed.c.token).limit(bindparam("most", type_=Integer))
_taken = select(sayings.c.number).where(sayings.c.number.in_(bindparam("of", expanding=True)))
_numbered = (
    select(sayings.c.number, sayings.c.uid)
    .where(sayings.c.uid.in_(bindparam("of", expanding=True)))
    .where(sayings.c.number.between(bindparam("lowest"), bindparam("highest")))
)
_standing = (
    select(sayings.c.number, sayings.c.uid, items.c.source_id)
    .join(items, items.c.uid == sayings.c.uid)
    .where(sayings.c.number.in_(bindparam("of", expanding=True)))
    .where(kept, items.c.withdrawn_at.is_(None))
)
# What was changed since it was read bears another token, and waits on.
_done = delete(unindexed).where(unindexed.c.uid == bindparam("name"), unindexed.c.token == bindparam("seen"))


class _Stand(NamedTuple):
    number: int
    uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An item that is to be indexed anew.

    Attributes:
        uid: Whose it is.
        token: Tells this change of it from later ones.
        item: As it is; None where it says nothing any more.
    """

    uid: str
    token: int
    item: Item | None


def note(connection: Connection, new: Collection[str], changed: Collection[str]) -> None:
    """Have items indexed (anew): those that were just stored, and those that were changed."""
    for some in chunks(changed):
        connection.execute(delete(unindexed).where(unindexed.c.uid.in_(some)))
    token = secrets.randbits(63)
    insert_rows(connection, unindexed, [{"uid": uid, "token": token} for uid in (*new, *changed)])


def note_all(connection: Connection) -> None:
    """Have all items indexed that say anything: nothing is known of them here."""
    connection.execute(delete(unindexed))
    every = select(items.c.uid, literal(0)).where(kept)
    connection.execute(insert(unindexed).from_select(["uid", "token"], every))


def has_waiting(connection: Connection) -> bool:
    """Whether anything waits to be indexed."""
    return connection.execute(_waiting, {"most": 1}).first() is not None


def find_waiting(connection: Connection, limit: int) -> tuple[Waiting, ...]:
    """Some of what waits to be indexed."""
    tokens = {row.uid: row.token for row in connection.execute(_waiting, {"most": limit})}
    found = {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, tokens) if not row["pruned"]}
    return tuple(Waiting(uid=uid, token=token, item=found.get(uid)) for uid, token in tokens.items())


def say(item: Item) -> Saying:
    """What an item says, with the number that it should have. Takes a tenth of a millisecond for 250 words."""
    first = (seconds(item.published) + _EARLIEST) * _ROOM
    place = int.from_bytes(blake2b(item.uid.encode(), digest_size=3).digest()) % _ROOM
    entry = item.entry
    body = entry.trimmed.text if entry.trimmed else entry.text
    names = (
        *(person.name for person in entry.authors),
        *(category.label or category.term for category in entry.categories),
    )
    parts = (entry.title[:_SHORT], body[:_LONGEST], " ".join(names)[:_SHORT])
    return Saying(number=first + place, uid=item.uid, parts=tuple(split_terms(part)[:_TERMS] for part in parts))


def put(connection: Connection, index: WordIndex, waiting: Sequence[Waiting], said: Sequence[Saying]) -> None:
    """Index what was found waiting, in the place of what was said before."""
    for some in chunks(waiting):
        index.drop(connection, [one.uid for one in some])
    index.put(connection, _number(connection, said))
    if waiting:
        connection.execute(_done, [{"name": one.uid, "seen": one.token} for one in waiting])


def find(
    connection: Connection,
    index: WordIndex,
    *,
    search: WordSearch,
    source_ids: Collection[str],
    limit: int,
    after: int | None,
) -> FoundItems:
    """See `ports.ReadOnlyStore.search`."""
    wanted = frozenset(source_ids)
    below = min(after or _LAST, _first_number(search.before) if search.before else _LAST)
    lowest = _first_number(search.since) if search.since else 0
    places: list[_Stand] = []
    end = not search.wanted or not wanted or limit < 1
    for _ in range(_ROUNDS):
        if end or len(places) > limit:
            break
        numbers = [number for number in index.find(connection, search, below, _A_ROUND) if number >= lowest]
        places += _keep_standing(connection, numbers, wanted)
        end = len(numbers) < _A_ROUND
        below = numbers[-1] if numbers else below
    more = places[limit:] or not end
    shown = places[:limit]
    rest = (shown[-1].number if places[limit:] else below) if more else None
    found = {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, (one.uid for one in shown))}
    return FoundItems(items=tuple(found[one.uid] for one in shown), after=rest)


def find_saying(
    connection: Connection, index: WordIndex, *, search: WordSearch, uids: Collection[str], place: int
) -> frozenset[str]:
    """See `ports.ReadOnlyStore.find_saying`."""
    highest = _first_number(search.before) - 1 if search.before else _LAST
    found: set[str] = set()
    for some in chunks(uids if search.wanted else ()):
        bounds = {"of": some, "lowest": place, "highest": highest}
        uid_of = {row.number: row.uid for row in connection.execute(_numbered, bounds)}
        found.update(uid_of[number] for number in (index.sift(connection, search, list(uid_of)) if uid_of else ()))
    return frozenset(found)


def _first_number(moment: datetime) -> int:
    return (seconds(moment) + _EARLIEST) * _ROOM


def _keep_standing(connection: Connection, numbers: Iterable[int], source_ids: frozenset[str]) -> list[_Stand]:
    """Where items of the sources stand among these numbers, highest first, without those that are gone."""
    found: list[_Stand] = []
    for some in chunks(numbers):
        stands = {
            row.number: row.uid
            for row in connection.execute(_standing, {"of": some})
            if row.source_id in source_ids
        }
        found += [_Stand(number=number, uid=stands[number]) for number in some if number in stands]
    return found


def _number(connection: Connection, said: Sequence[Saying]) -> list[Saying]:
    """The same with numbers of which each is free: the next one is taken until it is."""
    left, numbered, taken = list(said), [], set[int]()
    while left:
        for some in chunks({one.number for one in left}):
            taken.update(connection.scalars(_taken, {"of": some}))
        again: list[Saying] = []
        for one in left:
            if one.number in taken:
                again.append(replace(one, number=one.number + 1))
            else:
                taken.add(one.number)
                numbered.append(one)
        left = again
    return numbered
