"""Publications and their documents. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from aggregator.errors import UnknownNameError
from aggregator.model import Document, Format
from aggregator.store.sql import rows, succession, tables
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import storable
from aggregator.store.sql.succession import Heir
from aggregator.store.sql.tables import publications
from aggregator.store.sql.turns import take_turn

_editions = tables.editions
_standing = select(
    *(
        publications.c[name]
        for name in ("id", "created", "generation", "rendered_generation", "digest", "absent_since")
    )
)
_raised = update(publications).values(generation=publications.c.generation + 1)
_named = publications.c.id.in_(bindparam("names", expanding=True))
_raised_of = _raised.where(_named)
_in_order = select(publications.c.id).order_by(publications.c.id).with_for_update(key_share=True)
_in_order_of = _in_order.where(_named)
_SECOND = timedelta(seconds=1)

EDITIONS = 5000
"""Earlier editions remembered of a document: a day of one that changes every 17 seconds. 60 bytes each."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What differs between the stored publications and those that feeds.yaml declares.

    Attributes:
        outdated: Publication id -> generation, of those that are stored and must be rendered.
        heirs: Those that take the place of others which had their names before.
        missing: Defined, but not stored.
        vanished: Stored and there until now, but no longer defined.
        returned: Absent until now, but defined again.
    """

    outdated: Mapping[str, int]
    heirs: tuple[Heir, ...]
    missing: tuple[str, ...]
    vanished: tuple[str, ...]
    returned: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Whether the stored publications are those defined, so that nothing need be written."""
        return not (self.heirs or self.missing or self.vanished or self.returned)


def survey(
    connection: Connection, digests: Mapping[str, str], now: datetime, earlier: Mapping[str, Sequence[str]]
) -> Survey:
    """Compare the stored publications with the defined ones. Only reads."""
    stored = {row["id"]: row for row in connection.execute(_standing).mappings()}
    return Survey(
        outdated={
            name: stored[name]["generation"]
            for name, digest in digests.items()
            if name in stored and not _is_current(stored[name], digest)
        },
        heirs=succession.heirs(stored, digests.keys(), earlier, now) if earlier else (),
        missing=tuple(name for name in digests if name not in stored),
        vanished=tuple(
            name for name, row in stored.items() if name not in digests and row["absent_since"] is None
        ),
        returned=tuple(name for name in digests if name in stored and stored[name]["absent_since"] is not None),
    )


def find_outdated(
    connection: Connection, digests: Mapping[str, str], now: datetime, earlier: Mapping[str, Sequence[str]]
) -> Mapping[str, int]:
    """See `ports.PublicationStore.find_outdated`."""
    take_turn(connection)
    for name, old in survey(connection, digests, now, earlier).heirs:
        succession.take_over(connection, name, old)
    found = survey(connection, digests, now, {})
    succession.leave(connection, found.vanished, now)
    succession.come_back(connection, found.returned)
    succession.add(connection, found.missing, now)
    return survey(connection, digests, now, {}).outdated


def find_outdated_of(connection: Connection, digests: Mapping[str, str]) -> Mapping[str, int]:
    """See `ports.PublicationStore.find_outdated_of`."""
    found: dict[str, int] = {}
    for some in chunks(digests):
        for row in connection.execute(_standing.where(publications.c.id.in_(some))).mappings():
            if not _is_current(row, digests[row["id"]]):
                found[row["id"]] = row["generation"]
    return {name: found[name] for name in digests if name in found}


def find_generation(connection: Connection, publication_id: str, digest: str) -> int | None:
    """See `ports.PublicationStore.find_generation`; 0 where the documents are current, None where it must join."""
    row = connection.execute(_standing.where(publications.c.id == publication_id)).mappings().first()
    if row is None or row["absent_since"] is not None:
        return None
    return 0 if _is_current(row, digest) else int(row["generation"])


def join(connection: Connection, publication_id: str, now: datetime) -> int:
    """Have a publication there that was not; its generation."""
    take_turn(connection)
    here = select(publications.c.generation).where(publications.c.id == publication_id)
    if connection.scalar(here) is None:
        succession.add(connection, [publication_id], now)
    else:
        succession.come_back(connection, [publication_id])
    return int(connection.execute(here).scalar_one())


def mark_outdated(connection: Connection, publication_ids: Sequence[str] | None = None) -> None:
    """Raise the generation of the publications; of all for None.

    They are locked in one order, so that no two who do it wait for each other.
    """
    if publication_ids is None:
        connection.execute(_in_order)
        connection.execute(_raised)
    else:
        connection.execute(_in_order_of, {"names": publication_ids})
        connection.execute(_raised_of, {"names": publication_ids})


def creation_date(connection: Connection, publication_id: str) -> datetime:
    """See `ports.PublicationStore.creation_date`."""
    query = select(publications.c.created).where(publications.c.id == publication_id)
    found: datetime | None = connection.scalar(query)
    if found is None:
        raise UnknownNameError(f"the store has never heard of a publication {publication_id!r}")
    return found


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a publication's documents were made from.

    Attributes:
        digest: Of the publication's definition.
        generation: The publication's, as `outdated` told it.
        shown: Uids of the items that they show.
        leads: Of them, those under whose ids they show stories of several.
    """

    digest: str
    generation: int
    shown: Collection[str]
    leads: Collection[str]


def save(connection: Connection, documents: Sequence[Document], publication_id: str, rendered: Provenance) -> bool:
    """See `ports.PublicationStore.save`. What is absent by now is left as it was."""
    here = (publications.c.id == publication_id, publications.c.absent_since.is_(None))
    before = func.coalesce(publications.c.rendered_generation, 0)
    noted = update(publications).where(*here, before <= rendered.generation)
    noted = noted.values(
        rendered_generation=rendered.generation, digest=rendered.digest, shown=" ".join(rendered.shown)
    )
    if not connection.execute(noted).rowcount:
        return False
    _remember_leads(connection, publication_id, rendered.leads)
    query = select(tables.documents).where(tables.documents.c.publication_id == publication_id)
    old = {row["format"]: rows.document_of(row) for row in connection.execute(query).mappings()}
    given = {document.format: _date(document, old.get(document.format)) for document in documents}
    _remove(connection, publication_id, old.keys() - given.keys())
    for document in given.values():
        _put(connection, document, old.get(document.format))
        _remember(connection, document, old.get(document.format))
    return {name: found.body for name, found in old.items()} != {
        name: document.body for name, document in given.items()
    }


def leads(connection: Connection, publication_id: str, uids: Iterable[str]) -> frozenset[str]:
    """See `ports.ReadOnlyStore.leads`."""
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


def etags(connection: Connection, publication_ids: Iterable[str]) -> Mapping[tuple[str, Format], str]:
    """See `ports.ReadOnlyStore.document_etags`."""
    columns = (tables.documents.c.publication_id, tables.documents.c.format, tables.documents.c.etag)
    found: dict[tuple[str, Format], str] = {}
    for some in chunks(publication_ids):
        for row in connection.execute(select(*columns).where(tables.documents.c.publication_id.in_(some))):
            found[row.publication_id, cast("Format", row.format)] = row.etag
    return found


def document(connection: Connection, publication_id: str, form: Format) -> Document | None:
    """See `ports.ReadOnlyStore.document`."""
    query = select(tables.documents).where(
        tables.documents.c.publication_id == storable(publication_id), tables.documents.c.format == form
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else rows.document_of(row)


def _is_current(stored: RowMapping, digest: str) -> bool:
    return bool(stored["rendered_generation"] == stored["generation"] and stored["digest"] == digest)


def _date(new: Document, old: Document | None) -> Document:
    """`new` with the date that a client's If-Modified-Since can rely on (RFC 9110, section 8.8.2)."""
    if old is None:
        return new
    if old.body == new.body:
        return replace(new, last_modified=old.last_modified, digests=old.digests)
    moment = max(new.last_modified, old.last_modified + _SECOND)
    since = {entry.digest: entry.since for entry in old.digests}
    digests = tuple(replace(entry, since=since.get(entry.digest, moment)) for entry in new.digests)
    return replace(new, last_modified=moment, digests=digests)


def edition_date(connection: Connection, publication_id: str, form: Format, etag: str) -> datetime | None:
    """See `ports.ReadOnlyStore.edition_date`."""
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
