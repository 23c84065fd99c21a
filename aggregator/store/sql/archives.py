"""Archives of publications (RFC 5005). Functions over an open transaction."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    update,
)

from aggregator.model import ArchivePage, Arrivals, Document, DocumentName, Format, Item
from aggregator.store.sql import lookup, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime, storable
from aggregator.store.sql.tables import (
    archive_documents,
    archived,
    archives,
    documents,
    gone,
    items,
    kept,
    publications,
    signatures,
    withheld,
)

EARLY = timedelta(minutes=15)
"""How long before a publication an item may have been first seen that counts as come after it: a poll that reads
many pages takes minutes."""

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_arrivals = (
    select(signatures.c.number, signatures.c.uid, signatures.c.source_id)
    .join(items, items.c.uid == signatures.c.uid)
    .where(
        signatures.c.number > bindparam("after", type_=BigInteger),
        signatures.c.first_seen >= bindparam("since", type_=UtcDateTime),
        kept,
        items.c.withdrawn_at.is_(None),
    )
    .order_by(signatures.c.number)
    .limit(bindparam("count"))
)
_begun = select(publications.c.archived_until, publications.c.archived_number)


def find_arrivals(
    connection: Connection, publication_id: str, source_ids: Collection[str], limit: int, after: int = 0
) -> Arrivals:
    """See `ports.PublicationStore.find_arrivals`. Items get a number when they are compared first."""
    begun = connection.execute(_begun.where(publications.c.id == publication_id)).first()
    since = _BEFORE_ALL if begun is None or begun.archived_until is None else begun.archived_until - EARLY
    place = max(after, begun.archived_number or 0) if begun is not None else after
    wanted, found = frozenset(source_ids), list[tuple[int, str]]()
    while len(found) < limit:
        asked = {"since": since, "after": place, "count": 2 * limit}
        page = connection.execute(_arrivals, asked).all()
        if not page:
            break
        place = page[-1].number
        candidates = [row for row in page if row.source_id in wanted]
        known = find_noted(connection, publication_id, (row.uid for row in candidates))
        found += [(row.number, row.uid) for row in candidates if row.uid not in known]
    some, more = found[:limit], found[limit:]
    by_uid = {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, (uid for _, uid in some))}
    return Arrivals(items=tuple(by_uid[uid] for _, uid in some), until=some[-1][0] if more else place)


def find_noted(connection: Connection, publication_id: str, uids: Iterable[str]) -> frozenset[str]:
    """See `ports.ReadOnlyStore.find_noted`."""
    known: set[str] = set()
    for some in chunks(uids):
        query = select(archived.c.uid).where(archived.c.publication_id == publication_id, archived.c.uid.in_(some))
        known.update(connection.scalars(query))
    return frozenset(known)


def note(connection: Connection, publication_id: str, uids: Sequence[str], until: int = 0) -> None:
    """See `ports.PublicationStore.note`."""
    this = publications.c.id == publication_id
    moved = update(publications).where(this, func.coalesce(publications.c.archived_number, 0) < until)
    connection.execute(moved.values(archived_number=until))
    if connection.scalar(select(publications.c.id).where(this)) is None:
        return
    known = find_noted(connection, publication_id, uids)
    new = [{"publication_id": publication_id, "uid": uid} for uid in dict.fromkeys(uids) if uid not in known]
    if new:
        connection.execute(insert(archived), new)


def find_waiting(connection: Connection, publication_id: str) -> tuple[str, ...]:
    """See `ports.PublicationStore.find_waiting`."""
    waiting = select(items.c.uid).where(archived.c.number.is_(None), kept)
    return tuple(connection.scalars(_restrict_to_archive(waiting, publication_id)))


def find_on_page(connection: Connection, publication_id: str, number: int) -> tuple[Item, ...]:
    """See `ports.PublicationStore.find_on_page`."""
    query = _restrict_to_archive(lookup.whole.where(archived.c.number == number), publication_id)
    return tuple(rows.item_of(row) for row in connection.execute(query).mappings())


def _restrict_to_archive(query: Select[Any], publication_id: str) -> Select[Any]:
    """A question about items as one about standing ones that were noted for the archive, in their order."""
    return (
        query.join(archived, archived.c.uid == items.c.uid)
        .where(archived.c.publication_id == publication_id, items.c.withdrawn_at.is_(None))
        .order_by(items.c.first_seen, items.c.published, items.c.listing_order, items.c.uid)
    )


def find_unrendered(connection: Connection, publication_id: str, newest: int | None = None) -> tuple[int, ...]:
    """See `ports.ReadOnlyStore.find_unrendered_pages`; of the newest pages only, where it is told how many."""
    mine = select(archives.c.number).where(archives.c.publication_id == publication_id)
    newer = connection.scalars(mine.order_by(archives.c.number.desc()).limit(newest)).all()
    rendered = select(archive_documents.c.number).where(archive_documents.c.publication_id == publication_id)
    return tuple(sorted(set(newer) - set(connection.scalars(rendered.distinct()))))


def keep(connection: Connection, documents_: Sequence[Document], publication_id: str, number: int) -> None:
    """See `ports.PublicationStore.keep_archive_page`."""
    stands = select(archives.c.number).where(
        archives.c.publication_id == publication_id, archives.c.number == number
    )
    known = select(archive_documents.c.format).where(
        archive_documents.c.publication_id == publication_id, archive_documents.c.number == number
    )
    if documents_ and connection.scalar(stands) is not None and connection.scalar(known.limit(1)) is None:
        connection.execute(insert(archive_documents), [_row(number, one, publication_id) for one in documents_])


def numbers(connection: Connection, publication_id: str) -> range:
    """See `ports.ReadOnlyStore.archive_numbers`."""
    bounds = select(func.min(archives.c.number), func.max(archives.c.number)).where(
        archives.c.publication_id == storable(publication_id)
    )
    first, last = connection.execute(bounds).one()
    return range(0) if first is None else range(first, last + 1)


def save(connection: Connection, page: ArchivePage) -> bool:
    """See `ports.PublicationStore.save_archive_page`."""
    known = numbers(connection, page.publication_id)
    exists = connection.scalar(select(publications.c.id).where(publications.c.id == page.publication_id))
    if exists is None or page.number != (known.stop if known else 1):
        return False
    named = {"publication_id": page.publication_id, "number": page.number}
    connection.execute(insert(archives), [named | {"completed": page.completed}])
    for some in chunks(page.uids):
        mine = (archived.c.publication_id == page.publication_id, archived.c.uid.in_(some))
        connection.execute(update(archived).where(*mine).values(number=page.number))
    keep(connection, page.documents, page.publication_id, page.number)
    return True


def document(connection: Connection, publication_id: str, number: int, form: Format) -> Document | None:
    """See `ports.ReadOnlyStore.archive_page`."""
    query = select(archive_documents).where(
        archive_documents.c.publication_id == storable(publication_id),
        archive_documents.c.number == number,
        archive_documents.c.format == form,
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return Document(
        publication_id=f"{publication_id}/archive/{number}",
        format=cast("Format", row["format"]),
        body=gzip.decompress(row["gzip"]),
        gzip=row["gzip"],
        media_type=row["media_type"],
        etag=row["etag"],
        last_modified=row["last_modified"],
    )


def etags(connection: Connection) -> Mapping[DocumentName, str]:
    """See `ports.PublicationStore.etags`."""
    found: dict[DocumentName, str] = {}
    for table in (documents, archive_documents):
        number = table.c.get("number", null().label("number"))
        for row in connection.execute(select(table.c.publication_id, table.c.format, number, table.c.etag)):
            name = DocumentName(
                publication_id=row.publication_id, format=cast("Format", row.format), archive_page=row.number
            )
            found[name] = row.etag
    return found


def find_withdrawn(connection: Connection, publication_id: str) -> Mapping[int, Mapping[str, str]]:
    """See `ports.PublicationStore.find_withdrawn_on_pages`."""
    query = (
        select(archived.c.number, items.c.uid, items.c.public_id)
        .join(items, items.c.uid == archived.c.uid)
        .where(archived.c.publication_id == publication_id, archived.c.number.is_not(None), gone)
    )
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(query):
        found[row.number][row.uid] = row.public_id
    return dict(found)


def shrink(
    connection: Connection, changed: Sequence[Document], publication_id: str, number: int, uids: Sequence[str]
) -> None:
    """See `ports.PublicationStore.shrink_archive_page`."""
    for one in changed:
        row = _row(number, one, publication_id)
        this = [archive_documents.c[name] == row[name] for name in ("publication_id", "number", "format")]
        connection.execute(update(archive_documents).where(*this).values(**row))
    # What the editor may give back waits for another page.
    waits = archived.c.uid.in_(select(items.c.uid).where(withheld))
    for some in chunks(uids):
        mine = (archived.c.publication_id == publication_id, archived.c.uid.in_(some))
        connection.execute(update(archived).where(*mine, waits).values(number=None))
        connection.execute(delete(archived).where(*mine, ~waits))


def _row(number: int, page: Document, publication_id: str) -> rows.Row:
    return {
        "publication_id": publication_id,
        "number": number,
        "format": page.format,
        "media_type": page.media_type,
        "etag": page.etag,
        "last_modified": page.last_modified,
        "gzip": page.gzip,
    }
