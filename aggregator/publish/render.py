"""From an edition to checked documents."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

import brotli

from aggregator.errors import RenderError
from aggregator.model import Document, Edition, Format
from aggregator.publish import sanitize, splice
from aggregator.publish.formats import spec_of
from aggregator.publish.omissions import Omission, fault, omission
from aggregator.publish.view import EntryView, FeedView, build_view

# What feedgen, lxml and json raise for values that they cannot write, and what we raise for faults.
_TROUBLE = (ValueError, TypeError, RenderError)
_SHOWN = 5
_GZIP = 5
"""Measured on 100 entries, 280 KB: 6 to 9 ms; level 6 takes 13 to 15, for 0.4 to 6 % less."""

_BROTLI = 6
"""Measured on 100 entries, 280 KB: 6.9 ms to 74 KB; quality 9 takes 28 ms for 1 KB less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """An edition in one format.

    Attributes:
        body: The bytes, checked.
        media_type: With charset.
        omitted: Why each entry is left out that cannot be written.
    """

    body: bytes
    media_type: str
    omitted: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """An edition in all formats of its publication.

    Attributes:
        documents: In the order of the publication's formats.
        omitted: As in `Rendered`, no repeats.
    """

    documents: tuple[Document, ...]
    omitted: tuple[Omission, ...] = ()


def render(edition: Edition, format: Format) -> Rendered:  # noqa: A002 # the field's word
    """The edition in one format; the same edition gives the same bytes, in any process, on any machine.

    Raises:
        RenderError: No document without a fault could be made, with or without single entries.
    """
    feed, omitted = build_view(edition)
    body, more = write(feed, format)
    return Rendered(body=body, media_type=_media_type(format), omitted=omitted + more)


def render_all(edition: Edition) -> Rendering:
    """The documents of the edition's publication, each checked before it is handed out.

    Raises:
        RenderError: One of them has faults; the caller keeps those it has.
    """
    feed, omitted = build_view(edition)
    moment = last_modified(edition)
    made: list[Document] = []
    found = list(omitted)
    for form in edition.publication.formats:
        body, more = write(feed, form)
        found += more
        made.append(make_document(feed.path, form, body, moment))
    return Rendering(documents=tuple(made), omitted=tuple(dict.fromkeys(found)))


def make_document(name: str, form: Format, body: bytes, moment: datetime) -> Document:
    """The body with everything that serving it takes.

    The ETag is strong: a hash of the body. The gzip form has no time stamp, so equal bodies give equal forms.

    Args:
        name: Where it lies, without its extension.
        form: Its format.
        body: Its bytes.
        moment: When they last changed.
    """
    return Document(
        publication_id=name,
        format=form,
        body=body,
        gzip=gzip.compress(body, compresslevel=_GZIP, mtime=0),
        br=brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI),
        media_type=_media_type(form),
        etag=f'"{blake2b(body, digest_size=16).hexdigest()}"',
        last_modified=moment,
        digests=splice.digest_entries(body, form, moment),
    )


def find_faults(document: Document) -> tuple[str, ...]:
    """What a strict validator would fault in the document, in its order; empty when all is well."""
    return spec_of(document.format).faults(document.body)


def last_modified(edition: Edition) -> datetime:
    """When the edition last changed, as far as its items tell: whole seconds, UTC.

    An item that left, or a new definition, changes bytes without moving this; the store sees to it that the
    date of changed bytes moves on.
    """
    moments = [edition.created, *(item.changed_at for item in edition.items)]
    return max(sanitize.utc(moment) for moment in moments)


def write(feed: FeedView, form: Format) -> tuple[bytes, tuple[Omission, ...]]:
    """The document without faults, and why each entry is left out that had to be for that.

    A fault of ours on one of them costs that entry too, and is told as ours.

    Raises:
        RenderError: It has faults that leaving out entries does not cure.
    """
    try:
        return _compose_checked(feed, form), ()
    except (ImportError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 # what a single entry is to blame for costs that entry
        kept, omitted = _try_each(feed, form)
    try:
        return _compose_checked(replace(feed, entries=tuple(kept)), form), tuple(omitted)
    except _TROUBLE as error:
        raise RenderError(f"{feed.name}.{form} cannot be written: {sanitize.excerpt(str(error), 500)}") from error


def _try_each(feed: FeedView, form: Format) -> tuple[list[EntryView], list[Omission]]:
    """The entries that can be written, each tried by itself, and why the others cannot."""
    kept: list[EntryView] = []
    omitted: list[Omission] = []
    name = f"{feed.name}.{form}"
    for entry in feed.entries:
        try:
            _compose_checked(replace(feed, entries=(entry,)), form)
            kept.append(entry)
        except _TROUBLE as error:
            omitted.append(omission(name, entry.id, str(error)))
        except Exception as error:  # noqa: BLE001 # the boundary: see above
            omitted.append(fault(name, entry.id, error))
    return kept, omitted


def _compose_checked(feed: FeedView, form: Format) -> bytes:
    spec = spec_of(form)
    body = spec.compose(feed)
    found = spec.faults(body)
    if found:
        raise RenderError(_list_faults(found))
    return body


def _media_type(form: Format) -> str:
    return f"{spec_of(form).media_type}; charset=utf-8"


def _list_faults(found: Iterable[str]) -> str:
    shown = list(found)
    more = f"; and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return "; ".join(shown[:_SHOWN]) + more
