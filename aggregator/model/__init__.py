"""The nouns, in the order in which data flows.

    catalogue.py    Site, Source, Publication: what the editor declared
    difference.py   Difference: what an edit of that does
    standing.py     KeptCatalogue, CatalogueStanding: which version of that is in force for all
    filter.py       Keep, Drop, Limit and their conditions, Rewrite, Trimming: what is shown of what was stored
    fetched.py      FetchResult = Fetched | Unchanged | Gone | Throttled | Blocked | Failed
    followed.py     ListState, ListMember: what is remembered of lists elsewhere
    feed.py         ParsedFeed and its raw entries: what the publisher wrote, not yet judged
    entry.py        Entry: one item, clean in every field
    source_profile.py  SourceProfile: how a source was seen to behave
    incident.py     Symptom, Incident: what is or was the matter
    iri.py          what can name an entry everywhere
    item.py         Item: an entry with its identity and its dates, as we keep it; Verdict
    poll.py         SourceState, Due, Update: what one poll reads and what it writes
    database.py     DatabaseCondition, StoreSize, Backup: the database as a file
    tally.py        TallyKey, SourceTotals: what is counted for those who watch
    document.py     Edition, Document, ArchivePage: what we publish
    evidence.py     Evidence, Edge, Refusal: why two items are the same piece, or are not
    story.py        Signature, Story: which items are the same piece
    withheld.py     Withholding, Withheld: what the editor has shown nowhere
    word_search.py  WordSearch, FoundItems, Indexed: what somebody looks for by its words
    neighbourhood.py  what a store holds around an item that is compared

All are frozen, slotted and keyword-only; every datetime is aware, in UTC, without microseconds.
They know nothing: no I/O, no clock, no other module of this program but `errors`.
"""

from aggregator.model.catalogue import (
    Catalogue,
    Conventions,
    FieldSelectors,
    Format,
    Publication,
    QueryRules,
    Selectors,
    Site,
    Source,
    SourceKind,
)
from aggregator.model.database import Backup, DatabaseCondition, Reclaimed, Restored, StoreSize
from aggregator.model.difference import (
    Difference,
    EntryChange,
    Fate,
    ListChange,
    NewAddress,
    PublicationChange,
    SourceChange,
)
from aggregator.model.document import (
    ArchivePage,
    Arrivals,
    Document,
    DocumentName,
    Edition,
    EntryDigest,
    Origin,
    Tombstone,
)
from aggregator.model.entry import Category, Enclosure, Entry, Extension, Link, Person, Stamp, Trimmed
from aggregator.model.evidence import Edge, Evidence, Likeness, Method, NearMiss, Refusal, Rule
from aggregator.model.feed import (
    DocumentDigests,
    EntryFault,
    FeedMeta,
    NamedFeed,
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
from aggregator.model.filter import (
    Condition,
    Drop,
    Filter,
    InLanguage,
    Keep,
    Limit,
    Matcher,
    OfAge,
    OfLength,
    Rewrite,
    Trimming,
    WithMedia,
)
from aggregator.model.followed import FollowedList, FollowedLists, ListMember, ListState
from aggregator.model.incident import Incident, IncidentKind, Symptom
from aggregator.model.iri import is_absolute_iri
from aggregator.model.item import (
    Change,
    Fingerprint,
    FormerDate,
    Item,
    ItemHistory,
    ItemKey,
    RevisedItem,
    Revision,
    RevisionKey,
    SortKey,
    Verdict,
)
from aggregator.model.neighbourhood import FormerUse, Glance, Neighbourhood, Reach
from aggregator.model.poll import (
    RECENT,
    ClockJump,
    Decision,
    DocumentMemory,
    Due,
    Faults,
    FaultStage,
    Listing,
    Missed,
    Move,
    PollMark,
    Recall,
    SourceState,
    SourceStatus,
    Takeover,
    Update,
)
from aggregator.model.source_profile import Batch, Identity, Line, Quarantined, SourceProfile
from aggregator.model.standing import CatalogueStanding, KeptCatalogue
from aggregator.model.story import (
    Copy,
    Member,
    Overrides,
    Placement,
    Sighting,
    Signature,
    Story,
    Trait,
)
from aggregator.model.tally import TOOK, SourceTotals, TallyKey, TallyName, WorkStage
from aggregator.model.withheld import Withheld, Withholding
from aggregator.model.word_search import FoundItems, Indexed, Phrase, WordSearch

__all__ = [
    "RECENT",
    "TOOK",
    "ArchivePage",
    "Arrivals",
    "Backup",
    "Batch",
    "Blocked",
    "Catalogue",
    "CatalogueStanding",
    "Category",
    "Change",
    "ClockJump",
    "Condition",
    "Conventions",
    "Copy",
    "DatabaseCondition",
    "Decision",
    "Difference",
    "Document",
    "DocumentDigests",
    "DocumentMemory",
    "DocumentName",
    "Drop",
    "Due",
    "Edge",
    "Edition",
    "Enclosure",
    "Entry",
    "EntryChange",
    "EntryDigest",
    "EntryFault",
    "Evidence",
    "Extension",
    "Failed",
    "Fate",
    "FaultStage",
    "Faults",
    "FeedMeta",
    "FetchResult",
    "Fetched",
    "FieldSelectors",
    "Filter",
    "Fingerprint",
    "FollowedList",
    "FollowedLists",
    "Format",
    "FormerDate",
    "FormerUse",
    "FoundItems",
    "Glance",
    "Gone",
    "Identity",
    "InLanguage",
    "Incident",
    "IncidentKind",
    "Indexed",
    "Item",
    "ItemHistory",
    "ItemKey",
    "Keep",
    "KeptCatalogue",
    "Likeness",
    "Limit",
    "Line",
    "Link",
    "ListChange",
    "ListMember",
    "ListState",
    "Listing",
    "Matcher",
    "Member",
    "Method",
    "Missed",
    "Move",
    "NamedFeed",
    "NearMiss",
    "Neighbourhood",
    "NewAddress",
    "OfAge",
    "OfLength",
    "Origin",
    "Overrides",
    "ParsedFeed",
    "Person",
    "Phrase",
    "Placement",
    "PollHints",
    "PollMark",
    "Publication",
    "PublicationChange",
    "Quarantined",
    "QueryRules",
    "RawEntry",
    "RawLink",
    "RawText",
    "Reach",
    "Reading",
    "Recall",
    "Reclaimed",
    "Refusal",
    "Restored",
    "RevisedItem",
    "Revision",
    "RevisionKey",
    "Rewrite",
    "Rule",
    "Selectors",
    "Sighting",
    "Signature",
    "Site",
    "SortKey",
    "Source",
    "SourceChange",
    "SourceKind",
    "SourceProfile",
    "SourceState",
    "SourceStatus",
    "SourceTotals",
    "Stamp",
    "StoreSize",
    "Story",
    "Symptom",
    "Takeover",
    "TallyKey",
    "TallyName",
    "Throttled",
    "Tombstone",
    "Trait",
    "Trimmed",
    "Trimming",
    "Trouble",
    "Unchanged",
    "Update",
    "Validators",
    "Verdict",
    "WithMedia",
    "Withheld",
    "Withholding",
    "WordSearch",
    "WorkStage",
    "is_absolute_iri",
]
