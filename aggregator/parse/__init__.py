"""Bytes -> ParsedFeed: whatever publishers emit, with every field found and named, and nothing judged.

charsets/     bytes -> text: which characters do the bytes mean?
dispatch      what is it, and which reader reads it?
xml/          RSS, RDF, Atom, CDF, also where it is broken
json/         JSON Feed, also where it breaks off
selected/     what is no feed, by an editor's selectors
html/         pages instead of feeds: a list of articles, one article; which feeds a page names
detect        why something is no feed, and what to do about it
entry_faults  a fault of ours costs one entry, not its document
digests       by which it is told that an entry is as it was
limits, plain, author_field     bounds and small fields that all of them share
"""

from aggregator.parse.dispatch import VERSION, parse

__all__ = ["VERSION", "parse"]
