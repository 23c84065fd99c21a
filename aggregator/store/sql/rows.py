"""Nouns <-> rows: the one place that knows which field lives in which column."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import RowMapping

from aggregator.model import (
    Change,
    Document,
    Entry,
    EntryDigest,
    Fingerprint,
    Format,
    Item,
    ItemHistory,
    ItemKey,
    Revision,
    SourceState,
)
from aggregator.store.sql import codec
from aggregator.store.sql.columns import instant, seconds, storable
from aggregator.store.sql.tables import SILENT

Row = dict[str, Any]
"""Column name -> value, ready to be bound."""

AGAIN: Final = -1
"""In the place of the compared revision: it was compared, and must be again, since it says something else now."""

TEXT: Final = "text"
"""The kind of rows of `aliases` that say where texts were read. `Entry.text_from` says whether one still is."""

_IN_COLUMNS = frozenset(
    {"source_id", "next_poll_at", "lease", "items", "last_poll_at", "status", "trouble", "polls"}
)
REMARKS: Final = ("faults", "labels", "resumed_at", "seed")
"""What few states say, and what those few are looked for by. The last one is the profile's."""

_DIGEST = struct.Struct(">8sq")
_FROZEN = frozenset(
    {
        "uid",
        "source_id",
        "key_kind",
        "key_value",
        "public_id",
        "first_seen",
        "listing_order",
        "compared",
        "story",
        "absent_since",
        "withheld_at",
    }
)
_ITEM_FIELDS = (
    "uid",
    "source_id",
    "public_id",
    "published",
    "published_reason",
    "updated",
    "updated_reason",
    "claimed_updated",
    "first_seen",
    "changed_at",
    "revision",
    "withdrawn_at",
    "withheld_at",
    "listing_order",
)
"""The fields of an item that are columns of the same name and type."""


def state_row(state: SourceState) -> Row:
    """What a poll writes of its source: all but the columns that belong to the store."""
    remarks = [name for name in REMARKS if getattr(state.profile if name == "seed" else state, name)]
    return {
        "next_poll_at": state.next_poll_at,
        "polled_at": state.last_poll_at,
        "status": state.status,
        "trouble": state.trouble,
        "polls": state.polls,
        "remarks": " ".join(remarks) or None,
        "state": codec.encode(state, without=_IN_COLUMNS),
    }


def state_of(row: RowMapping) -> SourceState:
    """A row of `sources` as a SourceState."""
    return codec.decode(
        SourceState,
        row["state"],
        source_id=row["id"],
        next_poll_at=row["next_poll_at"],
        lease=row["lease"],
        items=row["item_count"],
        last_poll_at=row["polled_at"],
        status=row["status"],
        trouble=row["trouble"],
        polls=row["polls"],
    )


def item_row(item: Item) -> Row:
    """An item as a row of `items`."""
    entry, fingerprint = item.entry, item.fingerprint
    row = {name: getattr(item, name) for name in _ITEM_FIELDS}
    return row | {
        "public_id": storable(item.public_id),
        "key_kind": item.key.kind,
        "key_value": storable(item.key.value),
        "entry_id": entry.id,
        "url": entry.url,
        "url_key": entry.url_key,
        "pruned": False,
        "compared": 0,
        "story": None,
        "absent_since": None,
        "fingerprint_version": fingerprint.version,
        "fingerprint_title": fingerprint.title,
        "fingerprint_text": fingerprint.text,
        "fingerprint_media": fingerprint.media,
        "fingerprint_meta": fingerprint.meta,
        "remains": None,
        "trace": codec.encode(item.trace) if item.trace != ItemHistory() else None,
    }


def alias_row(key: ItemKey, source_id: str, uid: str) -> Row:
    """Another key of an item as a row of `aliases`."""
    return {"source_id": source_id, "kind": key.kind, "value": storable(key.value), "uid": uid}


def text_rows(item: Item) -> list[Row]:
    """Where an item's text was read, if elsewhere, as a row of `aliases`: no key, but it is looked for as one."""
    place = item.entry.text_from
    return (
        [{"source_id": item.source_id, "kind": TEXT, "value": storable(place), "uid": item.uid}] if place else []
    )


def entry_row(item: Item) -> Row:
    """What an item says as a row of `entries`."""
    return {"uid": item.uid, "entry": codec.encode(item.entry)}


def overwriting_row(change: Change, stored: RowMapping) -> Row:
    """The columns that `change` writes over the stored row: what names the item, and its first sight, stay.

    A pruned item stays pruned, unless the change brings its content back: that its publisher withdraws it, or that
    it has another name, does not.
    """
    row = item_row(change.item)
    if stored["pruned"] and change.item.pruned:
        row |= {"pruned": True, "remains": stored["remains"]}
    if stored["withheld_at"] is not None or change.item.withheld_at is not None:
        row["withdrawn_at"] = stored["withdrawn_at"]  # the editor's affair, whatever its publisher does with it
    if stored["compared"] > 0 and _is_said_otherwise(row, stored):
        return _without_frozen(row) | {"compared": AGAIN}
    return _without_frozen(row)


def _without_frozen(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _FROZEN}


def _is_said_otherwise(row: Row, stored: RowMapping) -> bool:
    """Whether anything differs that finding copies looks at, though the revision is the same.

    Of fingerprints, those that were made under the same rules tell it.
    """
    if row["revision"] != stored["revision"]:
        return False
    names = ["url_key"]
    if row["fingerprint_version"] == stored["fingerprint_version"]:
        names += ["fingerprint_title", "fingerprint_text", "fingerprint_media"]
    return any(row[name] != stored[name] for name in names)


def item_of(row: RowMapping) -> Item:
    """A row of `lookup.whole` as an Item."""
    return Item(
        key=ItemKey(kind=row["key_kind"], value=row["key_value"]),
        entry=codec.decode(Entry, row["remains"] if row["pruned"] else row["entry"]),
        fingerprint=Fingerprint(
            version=row["fingerprint_version"],
            title=row["fingerprint_title"],
            text=row["fingerprint_text"],
            media=row["fingerprint_media"],
            meta=row["fingerprint_meta"],
        ),
        pruned=row["pruned"],
        compared=row["compared"],
        story=row["story"],
        absent_since=row["absent_since"],
        trace=codec.decode(ItemHistory, row["trace"]) if row["trace"] else ItemHistory(),
        **{name: row[name] for name in _ITEM_FIELDS},
    )


def reduce_entry(entry: str) -> str:
    """The JSON of an entry -> that of its names and dates: what retention leaves of it."""
    whole = codec.decode(Entry, entry)
    return codec.encode(
        replace(
            Entry(),
            id=whole.id,
            id_is_permalink=whole.id_is_permalink,
            url=whole.url,
            url_key=whole.url_key,
            title=whole.title,
            published=whole.published,
            updated=whole.updated,
            language=whole.language,
            text_from=whole.text_from,
        )
    )


def revision_row(uid: str, change: Change) -> Row:
    """What a new or revised item says now, as a row of `revisions`."""
    item = change.item
    return {
        "uid": uid,
        "number": item.revision,
        "seen_at": item.changed_at,
        "reason": change.verdict.reason,
        "entry": None,  # it is what the item says; kept here when the item says something else
    }


def superseding_row(uid: str, change: Change) -> Row:
    """What superseded an item's last revision in silence, as a row of `revisions`."""
    row = revision_row(uid, change)
    return row | {"number": row["number"] + SILENT}


def revision_of(row: RowMapping) -> Revision:
    """A row of `revisions` as a Revision."""
    is_silent, number = divmod(row["number"], SILENT)
    return Revision(
        number=number,
        seen_at=row["seen_at"],
        entry=codec.decode(Entry, row["entry"]),
        reason=row["reason"],
        is_silent=bool(is_silent),
    )


def document_row(document: Document) -> Row:
    """A document as a row of `documents`."""
    return {
        "publication_id": document.publication_id,
        "format": document.format,
        "media_type": document.media_type,
        "etag": document.etag,
        "last_modified": document.last_modified,
        "body": document.body,
        "gzip": document.gzip,
        "br": document.br,
        "marks": b"".join(_DIGEST.pack(one.digest, seconds(one.since)) for one in document.digests),
    }


def document_of(row: RowMapping) -> Document:
    """A row of `documents` as a Document."""
    return Document(
        publication_id=row["publication_id"],
        format=cast("Format", row["format"]),
        body=row["body"],
        gzip=row["gzip"],
        br=row["br"] or b"",
        media_type=row["media_type"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        digests=tuple(
            EntryDigest(digest=digest, since=instant(since))
            for digest, since in _DIGEST.iter_unpack(row["marks"] or b"")
        ),
    )
