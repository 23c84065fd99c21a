"""Documents taken apart: where each entry stands in the bytes, to leave some out without rendering anew.

Rests on how our own documents are written: in XML, markup of entries is escaped, so their tags occur nowhere else;
in JSON, each item begins and ends on a line of its own, since strings hold no line ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from aggregator.model import Document, EntryDigest, Format

_DIGEST = 8
"""Bytes of a digest: by accident two of a document's entries share one once in 10^15 documents."""

_BOUNDS: Mapping[Format, tuple[re.Pattern[bytes], re.Pattern[bytes]]] = {
    "atom": (re.compile(rb"  <entry[ >]"), re.compile(rb"</entry>\n")),
    "rss": (re.compile(rb"    <item>"), re.compile(rb"</item>\n")),
    "json": (re.compile(rb"  \{\n"), re.compile(rb"\n  \},?\n")),
}
"""How an entry begins and ends."""

_IDS: Mapping[Format, re.Pattern[bytes]] = {
    "atom": re.compile(rb"<id>([^<]*)</id>"),
    "rss": re.compile(rb"<guid[^<>]*>([^<]*)</guid>"),
    "json": re.compile(rb'"id": "((?:[^"\\]|\\.)*)"'),
}
_NO_ITEMS = re.compile(rb'^ "items": \[\n \]$', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """An entry as it is written, and where it stands in its document."""

    start: int
    end: int
    written: bytes


def marks(body: bytes, form: Format, moment: datetime) -> tuple[EntryDigest, ...]:
    """A mark for each entry of the document, all of them of the given moment."""
    return tuple(
        EntryDigest(digest=blake2b(piece.written.rstrip(b",\n"), digest_size=_DIGEST).digest(), since=moment)
        for piece in _pieces(body, form)
    )


def since(document: Document, moment: datetime) -> bytes | None:
    """The document with those entries alone that are new or changed since it was the edition of that moment.

    Out: its bytes; None when its marks do not tell (it has none, or they are not its own).
    """
    found = list(_pieces(document.body, document.format))
    if len(found) != len(document.marks):
        return None
    later = (piece for piece, mark in zip(found, document.marks, strict=True) if mark.since > moment)
    return _with(document.body, document.format, found, list(later))


def without(body: bytes, form: Format, ids: Collection[str]) -> bytes:
    """The document without the entries of those ids; all other bytes stay as they were."""
    found = list(_pieces(body, form))
    names = {_escaped(name, form) for name in ids}
    return _with(body, form, found, [piece for piece in found if _id(piece, form) not in names])


def _pieces(body: bytes, form: Format) -> Iterator[_Piece]:
    begins, ends = _BOUNDS[form]
    end = 0
    while (first := begins.search(body, end)) and (last := ends.search(body, first.end())):
        end = last.end()
        yield _Piece(start=first.start(), end=end, written=body[first.start() : end])


def _id(piece: _Piece, form: Format) -> bytes:
    match = _IDS[form].search(piece.written)
    return match[1] if match else b""


def _escaped(name: str, form: Format) -> bytes:
    # Ids are IRIs, so of all that XML and JSON escape, only the ampersand occurs in them.
    return (name if form == "json" else name.replace("&", "&amp;")).encode()


def _with(body: bytes, form: Format, found: list[_Piece], kept: Iterable[_Piece]) -> bytes:
    if not found:
        return body
    pieces = [piece.written for piece in kept]
    if form != "json":
        inner = b"".join(pieces)
    else:
        inner = b",\n".join(piece.rstrip(b",\n") for piece in pieces) + (b"\n" if pieces else b"")
    whole = body[: found[0].start] + inner + body[found[-1].end :]
    return _NO_ITEMS.sub(b' "items": []', whole) if form == "json" and not pieces else whole
