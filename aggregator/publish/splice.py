"""Documents taken apart: where each entry stands in the bytes, to leave some out without rendering anew.

Rests on how our own documents are written, which each format tells (`format_spec.Seams`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from aggregator.model import Document, EntryDigest, Format
from aggregator.publish.format_spec import Seams
from aggregator.publish.formats import spec_of

_DIGEST = 8
"""Bytes of a digest: by accident two of a document's entries share one once in 10^15 documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _WrittenEntry:
    """An entry as it is written in a document.

    Attributes:
        start: Where it begins, in bytes from the document's beginning.
        end: Where it ends, likewise; the byte there is not its own any more.
        written: Its bytes.
    """

    start: int
    end: int
    written: bytes


def digest_entries(body: bytes, form: Format, moment: datetime) -> tuple[EntryDigest, ...]:
    """A digest of each entry of the document, all of them since the given moment."""
    return tuple(
        EntryDigest(digest=blake2b(piece.written.rstrip(b",\n"), digest_size=_DIGEST).digest(), since=moment)
        for piece in _pieces(body, form)
    )


def keep_changed(document: Document, moment: datetime) -> bytes | None:
    """The document with those entries alone that are new or changed since it was the edition of that moment.

    Out: its bytes; None when its digests do not tell (it has none, or they are not its own).
    """
    found = list(_pieces(document.body, document.format))
    if len(found) != len(document.digests):
        return None
    later = (piece for piece, digest in zip(found, document.digests, strict=True) if digest.since > moment)
    return _join_kept(document.body, document.format, found, list(later))


def leave_out(body: bytes, form: Format, ids: Collection[str]) -> bytes:
    """The document without the entries of those ids; all other bytes stay as they were."""
    seams = spec_of(form).seams
    found = list(_pieces(body, form))
    names = {seams.escape(name).encode() for name in ids}
    return _join_kept(body, form, found, [piece for piece in found if _id(piece, seams) not in names])


def _pieces(body: bytes, form: Format) -> Iterator[_WrittenEntry]:
    seams = spec_of(form).seams
    end = 0
    while (first := seams.begins.search(body, end)) and (last := seams.ends.search(body, first.end())):
        end = last.end()
        yield _WrittenEntry(start=first.start(), end=end, written=body[first.start() : end])


def _id(piece: _WrittenEntry, seams: Seams) -> bytes:
    match = seams.id.search(piece.written)
    return match[1] if match else b""


def _join_kept(body: bytes, form: Format, found: list[_WrittenEntry], kept: Iterable[_WrittenEntry]) -> bytes:
    if not found:
        return body
    seams = spec_of(form).seams
    pieces = [piece.written for piece in kept]
    whole = body[: found[0].start] + seams.join(pieces) + body[found[-1].end :]
    return whole if pieces else seams.empty(whole)
