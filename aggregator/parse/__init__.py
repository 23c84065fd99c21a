"""Bytes -> ParsedFeed: whatever publishers emit, with every field found and named, and nothing judged.

charsets/     bytes -> text: which characters do the bytes mean?
dispatch      what is it, and which reader reads it?
xml/          RSS, RDF, Atom, CDF, also where it is broken
json/         JSON Feed, also where it breaks off
selected/     what is no feed, by an editor's selectors
html/         pages instead of feeds: a list of articles, one article; which feeds a page names
detect        why something is no feed, and what to do about it
entry_faults  a fault of ours costs one entry, not its document
digests       of entries as they were written: what has the same as before is not read again
limits, plain, author_field     bounds and small fields that all of them share
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aggregator.parse.dispatch import parse

__all__ = ["VERSION", "parse"]

VERSION: Final = 15
"""Of the rules of this stage; raised with every change to them, so that bodies are read again."""


def __getattr__(name: str) -> object:
    """The parsers, once somebody asks for them: most processes read nothing, and want to know the version."""
    if name != "parse":
        raise AttributeError(name)
    from aggregator.parse.dispatch import parse

    return parse
