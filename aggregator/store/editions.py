"""Publications and their documents. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from aggregator.errors import UnknownNameError
from aggregator.model import Document, Format
from aggregator.store import rows, tables
from aggregator.store.chunks import chunks
from aggregator.store.columns import storable
from aggregator.store.tables import publications

_editions = tables.editions
_SECOND = timedelta(seconds=1)


EDITIONS = 5000
"""Earlier editions remembered of a document: a day of one that changes every 17 seconds. 60 bytes each."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands against a set of definitions.

    Attributes:
        outdated: Publication id -> mark, of those that are stored and must be rendered.
        missing: Defined, but not stored.
        vanished: Stored, but no longer defined.
    """

    outdated: Mapping[str, int]
    missing: tuple[str, ...]
    vanished: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Whether the stored publications are those defined, so that nothing need be written."""
        return not self.missing and not self.vanished


def survey(connection: Connection, digests: Mapping[str, str]) -> Survey:
    """Compare the stored publications with the defined ones. Only reads."""
    stored = {row["id"]: row for row in connection.execute(select(publications)).mappings()}
    return Survey(
        outdated={
            name: stored[name]["mark"]
            for name, digest in digests.items()
            if name in stored and not _is_current(stored[name], digest)
        },
        missing=tuple(name for name in digests if name not in stored),
        vanished=tuple(name for name in stored if name not in digests),
    )


def outdated(connection: Connection, digests: Mapping[str, str], now: datetime) -> Mapping[str, int]:
    """See `ports.PublicationStore.outdated`."""
    found = survey(connection, digests)
    if found.missing:
        connection.execute(
            insert(publications),
            [{"id": name, "created": now, "archived_until": now, "mark": 1} for name in found.missing],
        )
    if found.vanished:
        gone = delete(publications).where(publications.c.id == bindparam("name"))
        connection.execute(gone, [{"name": name} for name in found.vanished])
    marks = {**found.outdated, **dict.fromkeys(found.missing, 1)}
    return {name: marks[name] for name in digests if name in marks}


def mark_outdated(connection: Connection, publication_ids: Sequence[str] | None = None) -> None:
    """Raise the mark of the publications; of all for None."""
    raised = update(publications).values(mark=publications.c.mark + 1)
    if publication_ids is not None:
        raised = raised.where(publications.c.id.in_(publication_ids))
    connection.execute(raised)


def created(connection: Connection, publication_id: str) -> datetime:
    """See `ports.PublicationStore.created`."""
    query = select(publications.c.created).where(publications.c.id == publication_id)
    found: datetime | None = connection.scalar(query)
    if found is None:
        raise UnknownNameError(f"the store has never heard of a publication {publication_id!r}")
    return found


def save(
    connection: Connection,
    documents: Sequence[Document],
    publication_id: str,
    digest: str,
    mark: int,
    leads: Collection[str] = (),
) -> bool:
    """See `ports.PublicationStore.save`."""
    rendered = (
        update(publications).where(publications.c.id == publication_id).values(rendered_mark=mark, digest=digest)
    )
    if not connection.execute(rendered).rowcount:
        return False
    _remember_leads(connection, publication_id, leads)
    query = select(tables.documents).where(tables.documents.c.publication_id == publication_id)
    old = {row["format"]: rows.document_of(row) for row in connection.execute(query).mappings()}
    given = {document.format: _dated(document, old.get(document.format)) for document in documents}
    _remove(connection, publication_id, old.keys() - given.keys())
    for document in given.values():
        _put(connection, document, old.get(document.format))
        _remember(connection, document, old.get(document.format))
    return {name: found.body for name, found in old.items()} != {
        name: document.body for name, document in given.items()
    }


def leads(connection: Connection, publication_id: str, uids: Iterable[str]) -> frozenset[str]:
    """See `ports.PublicationStore.leads`."""
    table, found = tables.leads, set[str]()
    for some in chunks(uids):
        query = select(table.c.uid).where(table.c.publication_id == publication_id, table.c.uid.in_(some))
        found.update(connection.scalars(query))
    return frozenset(found)


def _remember_leads(connection: Connection, publication_id: str, uids: Collection[str]) -> None:
    known = leads(connection, publication_id, uids)
    new = [{"publication_id": publication_id, "uid": uid} for uid in dict.fromkeys(uids) if uid not in known]
    if new:
        connection.execute(insert(tables.leads), new)


def document(connection: Connection, publication_id: str, form: Format) -> Document | None:
    """See `ports.PublicationStore.document`."""
    query = select(tables.documents).where(
        tables.documents.c.publication_id == storable(publication_id), tables.documents.c.format == form
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else rows.document_of(row)


def _is_current(stored: RowMapping, digest: str) -> bool:
    return bool(stored["rendered_mark"] == stored["mark"] and stored["digest"] == digest)


def _dated(new: Document, old: Document | None) -> Document:
    """`new` with the date that a client's If-Modified-Since can rely on (RFC 9110, section 8.8.2)."""
    if old is None:
        return new
    if old.body == new.body:
        return replace(new, last_modified=old.last_modified, marks=old.marks)
    moment = max(new.last_modified, old.last_modified + _SECOND)
    since = {mark.digest: mark.since for mark in old.marks}
    marks = tuple(replace(mark, since=since.get(mark.digest, moment)) for mark in new.marks)
    return replace(new, last_modified=moment, marks=marks)


def edition_date(connection: Connection, publication_id: str, form: Format, etag: str) -> datetime | None:
    """See `ports.PublicationStore.edition_date`."""
    found: datetime | None = connection.scalar(
        select(_editions.c.last_modified).where(
            _editions.c.publication_id == storable(publication_id),
            _editions.c.format == form,
            _editions.c.etag == storable(etag),
        )
    )
    return found


def _remember(connection: Connection, new: Document, old: Document | None) -> None:
    """Note when the document came to have its bytes; forget what nobody can still be expected to hold."""
    if old is not None and old.body == new.body and old.etag == new.etag:
        return
    this = (_editions.c.publication_id == new.publication_id, _editions.c.format == new.format)
    connection.execute(delete(_editions).where(*this, _editions.c.etag == new.etag))  # bytes may come back
    row = {"publication_id": new.publication_id, "format": new.format, "etag": new.etag}
    connection.execute(insert(_editions), [row | {"last_modified": new.last_modified}])
    ages = select(_editions.c.last_modified).where(*this).order_by(_editions.c.last_modified.desc())
    oldest = connection.scalar(ages.offset(EDITIONS).limit(1))
    if oldest is not None:
        connection.execute(delete(_editions).where(*this, _editions.c.last_modified <= oldest))


def _remove(connection: Connection, publication_id: str, formats: Iterable[str]) -> None:
    for name in formats:
        connection.execute(
            delete(tables.documents).where(
                tables.documents.c.publication_id == publication_id, tables.documents.c.format == name
            )
        )


def _put(connection: Connection, new: Document, old: Document | None) -> None:
    if new == old:
        return
    row = rows.document_row(new)
    if old is None:
        connection.execute(insert(tables.documents), [row])
        return
    same = (tables.documents.c.publication_id == new.publication_id, tables.documents.c.format == new.format)
    connection.execute(update(tables.documents).where(*same).values(**row))
