"""What items came to say instead of something else, the latest first. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Final

from sqlalchemy import BigInteger, Connection, Integer, Text, bindparam, func, select, tuple_

from aggregator.model import RevisedItem, Revision, RevisionKey
from aggregator.store.sql import lookup, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime
from aggregator.store.sql.tables import SILENT, entries, is_change, items, kept, revisions

_LAST: Final[RevisionKey] = (datetime.max.replace(tzinfo=UTC), "", 0)
_A_ROUND: Final = 250
_ROUNDS: Final = 4
"""How far it is looked on, and how often, where few of those that changed are of the sources."""

_before = revisions.alias("before")
# The revision before may be let go of, of an item that changes all day: then nobody can tell what changed.
_newest = (
    select(revisions.c.seen_at, revisions.c.uid, revisions.c.number, items.c.source_id)
    .join(items, items.c.uid == revisions.c.uid)
    .join(_before, (_before.c.uid == revisions.c.uid) & (_before.c.number == revisions.c.number % SILENT - 1))
    .where(
        is_change,
        kept,
        items.c.withdrawn_at.is_(None),
        tuple_(revisions.c.seen_at, revisions.c.uid, revisions.c.number)
        < tuple_(
            bindparam("seen_at", type_=UtcDateTime),
            bindparam("uid", type_=Text),
            bindparam("number", type_=BigInteger),
        ),
    )
    .order_by(revisions.c.seen_at.desc(), revisions.c.uid.desc(), revisions.c.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_said = (
    select(
        revisions.c.uid,
        revisions.c.number,
        revisions.c.seen_at,
        revisions.c.reason,
        func.coalesce(revisions.c.entry, entries.c.entry).label("entry"),
    )
    .join(entries, entries.c.uid == revisions.c.uid)
    .where(
        revisions.c.uid.in_(bindparam("uids", expanding=True)),
        revisions.c.number.in_(bindparam("numbers", expanding=True)),
    )
)


def find_revised(
    connection: Connection, source_ids: Collection[str], limit: int, after: RevisionKey | None
) -> tuple[tuple[RevisedItem, ...], RevisionKey | None]:
    """See `ports.ReadOnlyStore.find_revised`."""
    wanted = frozenset(source_ids)
    found: list[RevisionKey] = []
    after = after or _LAST
    for _ in range(_ROUNDS):
        place = dict(zip(("seen_at", "uid", "number"), after, strict=True))
        batch = connection.execute(_newest, {**place, "most": _A_ROUND}).all()
        found += [(row.seen_at, row.uid, row.number) for row in batch if row.source_id in wanted]
        if len(found) > limit:
            return _read(connection, found[:limit]), found[limit - 1]
        if len(batch) < _A_ROUND:
            return _read(connection, found), None
        after = (batch[-1].seen_at, batch[-1].uid, batch[-1].number)
    return _read(connection, found), after


def _read(connection: Connection, places: Sequence[RevisionKey]) -> tuple[RevisedItem, ...]:
    """The changes; one that was superseded only where that is its place."""
    numbered = [(uid, *divmod(number, SILENT)) for _, uid, number in places]
    said = find_said(connection, {(uid, at) for uid, _, number in numbered for at in (number - 1, number)})
    found = {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, {uid for uid, _, _ in numbered})}
    return tuple(
        RevisedItem.of(found[uid], said[uid, number - 1], said[uid, number])
        for uid, is_silent, number in numbered
        if said[uid, number][-1].is_silent == is_silent
    )


def find_said(
    connection: Connection, asked: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Revision, ...]]:
    """See `ports.ReadOnlyStore.said`. Asked for uids and numbers apart: of pairs SQLite would read the table."""
    wanted = frozenset(asked)
    said: dict[tuple[str, int], tuple[Revision, ...]] = {}
    for some in chunks(sorted(wanted)):
        numbers = {number for _, number in some}
        either = sorted(numbers | {number + SILENT for number in numbers})
        names = {"uids": sorted({uid for uid, _ in some}), "numbers": either}
        for row in connection.execute(_said, names).mappings():
            name = row["uid"], row["number"] % SILENT
            if name in wanted:
                found = (*said.get(name, ()), rows.revision_of(row))
                said[name] = tuple(sorted(found, key=attrgetter("is_silent")))
    return said
