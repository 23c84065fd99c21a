"""Where the entries of a feed begin and end, in bytes; nothing where one cannot be read without the others.

The parsing library carries some things from one element to those behind it: prefixes of namespaces, and what a
feed says of itself wherever it stands. So a document is cut only if it is well-formed, its entries stand side by
side with nothing between or behind them and hold nothing that is the feed's, and each prefix means one namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from aggregator.parse.digests import digest
from aggregator.parse.limits import MAX_ELEMENTS, MAX_ENTRIES

_ENTRY: Final = frozenset({"item", "entry"})
_NEVER_WITHIN: Final = _ENTRY | {
    "channel", "day", "feed", "hour", "rdf", "rss", "skipdays", "skiphours", "textinput",
}  # fmt: skip
_NOWHERE: Final = "deleted-entry"
_TAG = re.compile(rb"""<[^"'<>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'<>]*+)*+>""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """A feed cut into its entries.

    Attributes:
        document: All of its bytes.
        spans: Where each entry begins and ends.
        around: The start tags of the elements that all entries stand in.
    """

    document: bytes
    spans: tuple[tuple[int, int], ...]
    around: bytes

    def digests(self) -> tuple[str, ...]:
        """A digest of the bytes of each entry."""
        return tuple(digest(self.document[start:end]) for start, end in self.spans)

    def only(self, places: Iterable[int]) -> bytes:
        """The document without all entries but those at some places."""
        kept = (self.document[slice(*self.spans[place])] for place in places)
        return b"".join((self.document[: self.spans[0][0]], *kept, self.document[self.spans[-1][1] :]))


def cut(document: bytes) -> Slices | None:
    """Cut a feed into its entries.

    In: an XML document in UTF-8, without a prolog.
    Out: None if it is not well-formed, has no entry, or has one that cannot be read without the others.
    """
    finder = _EntryLocator(document)
    try:
        finder.run()
    except (_OddError, expat.ExpatError):
        return None
    return Slices(document=document, spans=tuple(finder.spans), around=finder.around) if finder.spans else None


class _OddError(Exception):
    """An entry of the document cannot be read without the others."""


class _EntryLocator:
    """Receives the events of an XML parser."""

    def __init__(self, document: bytes) -> None:
        self.spans: list[tuple[int, int]] = []
        self.around = b""
        self._document = document
        self._elements = self._level = self._begin = 0
        self._open: list[int] = []
        self._name = ""
        self._within = False
        self._prefixes: dict[str, str] = {}
        self._namespaces: dict[str, str | None] = {}
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartNamespaceDeclHandler = self._declare

    def run(self) -> None:
        """Find the entries.

        Raises:
            _OddError, ExpatError: See `cut`.
        """
        self._parser.Parse(self._document, True)

    def _start(self, name: str, _attributes: object) -> None:
        self._elements += 1
        local = name.rpartition(" ")[2].lower()
        if local == _NOWHERE or self._elements > MAX_ELEMENTS:
            raise _OddError
        if self._within:
            if local in _NEVER_WITHIN:
                raise _OddError
        elif local in _ENTRY:
            self._start_entry(name)
        elif self.spans:
            raise _OddError
        self._open.append(self._parser.CurrentByteIndex)

    def _start_entry(self, name: str) -> None:
        start = self._parser.CurrentByteIndex
        if not self.spans:
            self._name, self._level = name, len(self._open)
            self.around = b"".join(self._tag(at) for at in self._open)
        elif (
            name != self._name
            or self._level != len(self._open)
            or len(self.spans) == MAX_ENTRIES
            or self._document[self.spans[-1][1] : start].strip()
        ):
            raise _OddError
        self._within, self._begin = True, start

    def _end(self, _name: str) -> None:
        self._open.pop()
        if self._within and len(self._open) == self._level:
            first = self._tag(self._begin)
            if first.endswith(b"/>"):
                self.spans.append((self._begin, self._begin + len(first)))
            else:
                end = self._parser.CurrentByteIndex
                self.spans.append((self._begin, end + len(self._tag(end))))
            self._within = False

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        """Note what a prefix means. A default namespace may change, since the library asks for prefixes only."""
        if not uri:
            return
        uri = uri.lower()
        if self._namespaces.setdefault(uri, prefix) != prefix:
            raise _OddError
        if prefix is not None and self._prefixes.setdefault(prefix, uri) != uri:
            raise _OddError

    def _tag(self, at: int) -> bytes:
        """The tag that begins at a place of the document."""
        return _TAG.match(self._document, at)[0]  # type: ignore[index] # the parser has seen it
