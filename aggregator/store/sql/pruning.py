"""Retention: letting go of what has been absent for long. Functions over an open transaction.

An item loses its text when it has been absent from its feed for long enough, unless a document shows it: what
subscribers see never gets less for that. Its row stays, with names, dates and fingerprint, so that it never
becomes new again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Text, and_, bindparam, delete, exists, or_, select, tuple_, update

from aggregator.publish.virtual import PREFIXES
from aggregator.store.sql import indexed_words, rows
from aggregator.store.sql.archives import find_unrendered
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime
from aggregator.store.sql.tables import (
    absent,
    archived,
    archives,
    documents,
    entries,
    items,
    near_misses,
    publications,
    revisions,
    sources,
)
from aggregator.store.sql.turns import take_turn

AT_ONCE = 100
"""Items looked at in one transaction: some 10 ms in which nothing else is written."""

A_FEW = 10
"""The same, where after each step it is measured whether it was enough."""

PAGES = 20
"""Pages that the archive of a publication keeps however old they are: a thousand entries at most."""

Place = tuple[datetime, str]
"""Where an item stands among those that are absent: (absent_since, uid)."""

FIRST: Place = (datetime.min.replace(tzinfo=UTC), "")

_absent = (
    select(items.c.uid, items.c.source_id, items.c.story, items.c.absent_since)
    .where(
        absent,
        items.c.absent_since < bindparam("before", type_=UtcDateTime),
        tuple_(items.c.absent_since, items.c.uid)
        > tuple_(bindparam("after_since", type_=UtcDateTime), bindparam("after_uid", type_=Text)),
    )
    .order_by(items.c.absent_since, items.c.uid)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(key_share=True)
)
_made = or_(*(publications.c.id.startswith(prefix) for prefix in PREFIXES))
_unasked = and_(
    _made,
    publications.c.rendered_generation != publications.c.generation,
)
_emptied = update(items).where(items.c.uid == bindparam("name")).values(pruned=True, remains=bindparam("left"))
_fewer = (
    update(sources)
    .where(sources.c.id == bindparam("name"))
    .values(item_count=sources.c.item_count - bindparam("gone"))
)


@dataclass(frozen=True, slots=True)
class PruningStep:
    """What one transaction of pruning did.

    Attributes:
        pruned: How many items lost their text.
        last: The last that was looked at; None when there are no more.
    """

    pruned: int
    last: Place | None


def find_spared(connection: Connection) -> frozenset[str]:
    """Uids of the items that documents show, or will show that nobody asked for yet. Only reads.

    Those wait for a page of an archive, or stand on one of its newest `PAGES` that was not rendered yet. A
    document that is made when somebody asks shows nothing once it is outdated: whoever asks gets another one.
    """
    found: set[str] = set()
    shows = select(publications.c.shown).where(publications.c.shown.is_not(None), ~_unasked)
    for shown in connection.scalars(shows):
        found.update(shown.split())
    names = connection.scalars(select(publications.c.id)).all()
    for some in chunks(names):
        waiting = select(archived.c.uid).where(archived.c.publication_id.in_(some), archived.c.number.is_(None))
        found.update(connection.scalars(waiting))
    for name in connection.scalars(select(publications.c.id).where(~_made)).all():
        for numbers in chunks(find_unrendered(connection, name, PAGES)):
            on_pages = select(archived.c.uid).where(
                archived.c.publication_id == name, archived.c.number.in_(numbers)
            )
            found.update(connection.scalars(on_pages))
    return frozenset(found)


def prune(
    connection: Connection, before: datetime, keep: frozenset[str], after: Place = FIRST, *, most: int = AT_ONCE
) -> PruningStep:
    """Let go of items that have been absent since before a moment, but for those in `keep` and their stories.

    Looks at `most` of them, beginning behind `after`.
    """
    asked = {"before": before, "after_since": after[0], "after_uid": after[1], "most": most}
    found = connection.execute(_absent, asked).all()
    together = _find_shown_stories(connection, (row.story for row in found if row.story), keep)
    old = [row for row in found if row.uid not in keep and row.story not in together]
    _empty(connection, old)
    last = (found[-1].absent_since, found[-1].uid) if len(found) == most else None
    return PruningStep(pruned=len(old), last=last)


def prune_publications(connection: Connection, before: datetime) -> None:
    """Let go of publications that nobody has declared since before a moment, with all that is theirs.

    Of the others, pages of archives that were complete before it go too, but for the newest `PAGES` of each: so no
    number is ever used twice, and what seldom gets an entry keeps them all. Documents of feeds that are made when
    somebody asks go as well, if nobody has asked since they were outdated.
    """
    take_turn(connection)
    connection.execute(delete(publications).where(publications.c.absent_since < before))
    unasked = documents.c.publication_id.in_(select(publications.c.id).where(_unasked))
    connection.execute(delete(documents).where(documents.c.last_modified < before, unasked))
    others = archives.alias()
    newest = (
        select(others.c.number)
        .where(others.c.publication_id == archives.c.publication_id)
        .order_by(others.c.number.desc())
        .offset(PAGES - 1)
        .limit(1)
    )
    old = (archives.c.completed < before, archives.c.number < newest.scalar_subquery())
    connection.execute(delete(archives).where(*old))


def _find_shown_stories(connection: Connection, stories: Iterable[str], keep: frozenset[str]) -> set[str]:
    """Those of the stories of which a document shows something: their words may be any member's."""
    shown: set[str] = set()
    for some in chunks(sorted(set(stories))):
        members = select(items.c.uid, items.c.story).where(items.c.story.in_(some), items.c.story.is_not(None))
        shown.update(row.story for row in connection.execute(members) if row.uid in keep)
    return shown


def _empty(connection: Connection, old: Sequence[Row[Any, Any, Any, Any]]) -> None:
    left = [{"name": uid, "left": rows.reduce_entry(entry)} for uid, entry in _read_entries(connection, old)]
    if left:
        connection.execute(_emptied, left)
    for some in chunks(row.uid for row in old):
        for table in (entries, revisions):
            connection.execute(delete(table).where(table.c.uid.in_(some)))
        _forget_misses(connection, some)
    indexed_words.note(connection, (), [row.uid for row in old])
    gone = Counter(row.source_id for row in old)
    if gone:
        connection.execute(_fewer, [{"name": name, "gone": count} for name, count in gone.items()])


def _forget_misses(connection: Connection, uids: Sequence[str]) -> None:
    """Let go of why these were kept apart from others that have no text any more either: nobody can look.

    Those that no comparing would find again stay: the editor's word, and that two were one piece once.
    """
    for one, other in ((near_misses.c.one, near_misses.c.other), (near_misses.c.other, near_misses.c.one)):
        emptied = exists().where(items.c.uid == other, items.c.pruned)
        found_again = near_misses.c.rule.not_in(("editor", "parted"))
        connection.execute(delete(near_misses).where(one.in_(uids), found_again, emptied))


def _read_entries(connection: Connection, old: Sequence[Row[Any, Any, Any, Any]]) -> Iterator[tuple[str, str]]:
    for some in chunks(row.uid for row in old):
        query = select(entries.c.uid, entries.c.entry).where(entries.c.uid.in_(some))
        yield from ((row.uid, row.entry) for row in connection.execute(query))
