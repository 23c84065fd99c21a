"""Cleans all entries of a document, and tells entries with one address apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from aggregator.model import Conventions, Entry, ParsedFeed, QueryRules, RawEntry
from aggregator.normalize.one_entry import address_references, clean_entry
from aggregator.text import urlkeys
from aggregator.text.characters import to_one_line


def normalize(feed: ParsedFeed, conventions: Conventions) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Clean all entries of a feed.

    In: the feed; what the editor told us of how its source writes.
    Out: the entries in document order, and warnings for people. An entry of which nothing is left is dropped
    with a warning; the others keep their positions. Pure; does not raise, whatever the feed holds.
    """
    cleaned = [(raw, clean_entry(raw, conventions, position=index)) for index, raw in enumerate(feed.entries)]
    entries = tuple(entry for _raw, entry in cleaned if entry is not None)
    warnings = []
    dropped = len(cleaned) - len(entries)
    if dropped:
        first = next(index for index, (_raw, entry) in enumerate(cleaned, start=1) if entry is None)
        warnings.append(
            f"Entries with neither title, link, text nor file were left out: {dropped}, first number {first}."
        )
    unread = sum(_has_unreadable_date(raw.published or raw.updated, entry) for raw, entry in cleaned)
    if unread:
        warnings.append(f"Entries whose date cannot be read: {unread}.")
    return _tell_apart(entries, feed.entries, conventions.query), tuple(warnings)


def deleted_ids(feed: ParsedFeed, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The ids of entries that the publisher takes back, spelled as those of entries are.

    What the document deletes and shows all the same is not among them: to show it is the plainer word.
    """
    shown = {entry.id for entry in entries}
    names = dict.fromkeys(to_one_line(ref) for ref in feed.deleted)
    return tuple(name for name in names if name and name not in shown)


def _has_unreadable_date(written: str | None, entry: Entry | None) -> bool:
    return bool(written) and entry is not None and entry.published is None and entry.updated is None


def _tell_apart(entries: tuple[Entry, ...], raw: Sequence[RawEntry], query: QueryRules) -> tuple[Entry, ...]:
    """Where several entries differ in nothing but the fragment of one address, the fragment tells them apart.

    Live blogs name their posts so: `/live#post-12`.
    """
    pages = Counter(key for key, _url in {(entry.url_key, entry.url) for entry in entries if entry.url})
    return tuple(
        _with_fragment(entry, raw[entry.position], query)
        if entry.url and "#" in entry.url and pages[entry.url_key] > 1
        else entry
        for entry in entries
    )


def _with_fragment(entry: Entry, raw: RawEntry, query: QueryRules) -> Entry:
    written = address_references(raw)
    keys = (urlkeys.RULES[0].key(href, raw.base, query, keep_fragment=True) for href in written)
    key = next((key for key in keys if key), entry.url_key)
    former = urlkeys.former_keys(written, raw.base, query, keep_fragment=True)
    return replace(entry, url_key=key, former_keys=tuple(one for one in former if one != key))
