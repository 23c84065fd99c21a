"""The nouns, in the order in which data flows.

    catalogue.py    Site, Source, Publication, filters: what the editor declared
    fetched.py      FetchResult = Fetched | Unchanged | Gone | Throttled | Blocked | Failed
    feed.py         ParsedFeed and its raw entries: what the publisher wrote, not yet judged
    entry.py        Entry: one item, clean in every field
    item.py         Item: an entry with its identity and its dates, as we keep it; Verdict
    poll.py         SourceState, Due, Update: what one poll reads and what it writes
    document.py     Edition, Document: what we publish

All are frozen, slotted and keyword-only; every datetime is aware, in UTC, without microseconds.
They know nothing: no I/O, no clock, no other module of this program but `errors`.
"""

from aggregator.model.catalogue import (
    Catalogue,
    Conventions,
    Drop,
    Filter,
    Format,
    Keep,
    Limit,
    Matcher,
    Publication,
    QueryRules,
    Selectors,
    Site,
    Source,
)
from aggregator.model.document import Document, Edition, Origin
from aggregator.model.entry import Category, Enclosure, Entry, Link, Person, Stamp
from aggregator.model.feed import (
    FeedMeta,
    ParsedFeed,
    PollHints,
    RawEntry,
    RawLink,
    RawText,
    Reading,
)
from aggregator.model.fetched import (
    Blocked,
    Failed,
    Fetched,
    FetchResult,
    Gone,
    Throttled,
    Trouble,
    Unchanged,
    Validators,
)
from aggregator.model.item import Change, Fingerprint, Item, ItemKey, Revision, Verdict
from aggregator.model.poll import Due, Move, SourceState, SourceStatus, Update

__all__ = [
    "Blocked",
    "Catalogue",
    "Category",
    "Change",
    "Conventions",
    "Document",
    "Drop",
    "Due",
    "Edition",
    "Enclosure",
    "Entry",
    "Failed",
    "FeedMeta",
    "FetchResult",
    "Fetched",
    "Filter",
    "Fingerprint",
    "Format",
    "Gone",
    "Item",
    "ItemKey",
    "Keep",
    "Limit",
    "Link",
    "Matcher",
    "Move",
    "Origin",
    "ParsedFeed",
    "Person",
    "PollHints",
    "Publication",
    "QueryRules",
    "RawEntry",
    "RawLink",
    "RawText",
    "Reading",
    "Revision",
    "Selectors",
    "Site",
    "Source",
    "SourceState",
    "SourceStatus",
    "Stamp",
    "Throttled",
    "Trouble",
    "Unchanged",
    "Update",
    "Validators",
    "Verdict",
]
