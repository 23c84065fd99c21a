"""Bytes -> ParsedFeed: whatever publishers emit, with every field found and named, and nothing judged.

encoding    bytes -> text: which characters do the bytes mean?
            labels: what document and header say; utf8: how much of it is UTF-8; plausible: does a reading make
            sense; guess: what do bytes without a label look like; twice: what was encoded twice
characters  what XML 1.0 does not allow goes
prolog      entity declarations and junk before the root go; which document is this?
detect      why something is no feed, and what to do about it
stages      strict, then mended, then loose: the most entries win; cdata, mend: what is mended
handlers    feedparser's handlers with bounds and fields kept that it drops; inline: markup within texts stays
            there; described: what Media RSS speaks of
xmlfeed, xmlentry, media        the library's shapes -> ours
jsonfeed, jsontext              JSON's shapes -> ours, also of JSON that breaks off
hints       how often the publisher wishes to be asked
discovery   a page -> the feeds that it names
"""

from aggregator.parse.document import VERSION, parse

__all__ = ["VERSION", "parse"]
