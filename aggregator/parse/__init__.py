"""Bytes -> ParsedFeed: whatever publishers emit, with every field found and named, and nothing judged.

encoding    bytes -> text: marks, declarations, headers, and what the bytes themselves say
characters  what XML 1.0 does not allow goes
prolog      entity declarations and junk before the root go; which document is this?
detect      why something is no feed, and what to do about it
stages      strict, then mended, then loose: the most entries win
handlers    feedparser's handlers with bounds and a few fields kept that it drops
xmlfeed, xmlentry, jsonfeed     the library's and JSON's shapes -> ours
hints       how often the publisher wishes to be asked
discovery   a page -> the feeds that it names
"""

from aggregator.parse.document import VERSION, parse

__all__ = ["VERSION", "parse"]
