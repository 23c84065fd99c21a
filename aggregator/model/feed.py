"""A feed as its publisher wrote it: fields found and named, nothing judged yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from aggregator.model.entry import Category, Enclosure, Entry, Extension, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """An address at which the feed of a page may be.

    Attributes:
        url: Absolute, http or https.
        title: What the page calls it; "" where it says nothing.
        declared: Whether the page's head names it as a feed (`<link rel="alternate">`); else it is a guess.
    """

    url: str
    title: str = ""
    declared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawText:
    """A text construct (RFC 4287, section 3.1).

    Attributes:
        value: As written, entities of the XML layer resolved.
        type: `text` is literal, `html` is markup; `guess` where the format does not say (RSS titles).
        base: The absolute base URL for relative references inside, or None.
        language: BCP 47, or None.
    """

    value: str
    type: Literal["text", "html", "guess"] = "html"
    base: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLink:
    """A link with its attributes, as written (RFC 4287, section 4.2.7).

    Attributes:
        href: The address, relative or absolute.
        rel: What the link leads to, seen from the entry.
        type: The media type that the publisher names.
        title: What the link is called.
        language: The language of what it leads to.
    """

    href: str
    rel: str = "alternate"
    type: str | None = None
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One entry or item of a feed as its publisher wrote it, with nothing judged.

    Attributes:
        id: atom:id, guid or JSON Feed id, stripped; None when absent or empty.
        id_is_permalink: Whether the format says that the id is a URL of the item.
        links: All of them; the first with rel `alternate` is the item's own.
        title: A text construct, or None.
        summary: A text construct, or None.
        contents: Text constructs, the richest first.
        published: The raw date string; None when absent.
        updated: The raw date string; None when absent.
        authors: In document order.
        categories: In document order.
        enclosures: In document order.
        image: The address of the picture that stands for the entry, as written, or None.
        image_caption: What is written under it, or None.
        extensions: Elements of other namespaces that are passed on, as written, those included that say in other
            words what fields say.
        language: The entry's, else the feed's.
        base: The absolute base URL for relative references, or None.
    """

    id: str | None = None
    id_is_permalink: bool = False
    links: tuple[RawLink, ...] = ()
    title: RawText | None = None
    summary: RawText | None = None
    contents: tuple[RawText, ...] = ()
    published: str | None = None
    updated: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    image_caption: RawText | None = None
    extensions: tuple[Extension, ...] = ()
    language: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMeta:
    """What a feed says of itself; clean text, absolute URLs.

    Attributes:
        id: atom:id when it is an absolute IRI.
        title: Plain text, or None.
        link: The site's page.
        language: BCP 47.
        rights: Plain text.
        icon: A picture for lists.
        version: The format, e.g. `rss20`, `atom10`, `json11`.
        extensions: What it says in other namespaces of all its entries; of a parsed feed all of them, as written.
    """

    id: str | None = None
    title: str | None = None
    link: str | None = None
    language: str | None = None
    rights: str | None = None
    icon: str | None = None
    version: str = ""
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHints:
    """How often the publisher, in the feed itself, wishes to be asked.

    Attributes:
        ttl: RSS `ttl`.
        period: sy:updatePeriod divided by sy:updateFrequency.
        skip_hours: Hours (0 to 23, UTC) in which not to ask.
        skip_days: Weekdays (0 is Monday, UTC) on which not to ask.
    """

    ttl: timedelta | None = None
    period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFault:
    """That this program itself failed on one entry of a document, which waits until that is mended.

    Attributes:
        entry: What the entry calls itself, for people: its title, address or id.
        error: The name of the exception's class.
        trace: The traceback, for the log. It may hold a publisher's words.
    """

    entry: str
    error: str
    trace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDigests:
    """A document by digests of its parts: what tells which entries of a later one say what they said in it.

    Attributes:
        context: Of all that its entries get from elsewhere in it, and of where it came from.
        entries: Of the bytes of each, in document order; "" for one that says something else in another company.
    """

    context: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as its publisher wrote it, with nothing judged.

    Attributes:
        meta: Of the feed itself; its title and rights only where they were found as plain text.
        title: What it calls itself, a text construct; None where there is none, or `meta` has it.
        rights: What it says of rights, likewise.
        entries: In document order.
        hints: For the scheduler.
        deleted: Ids of entries that the publisher takes back (RFC 6721), as written.
        warnings: What was broken and how we coped; whole sentences for people, free of control characters.
        whole: Whether these are all entries that it has: not if it is longer than we read, or broke off.
        faults: For each entry that is missing by a fault of ours.
        digests: Of the document; None where entries cannot be told from each other by its bytes.
        same: The places, from 0, of entries that are as they were when they were read before, and were not read.
        unfinished: The place, from 0, of the entry within which the document breaks off; None for none.
    """

    meta: FeedMeta
    title: RawText | None = None
    rights: RawText | None = None
    entries: tuple[RawEntry, ...]
    hints: PollHints = field(default_factory=PollHints)
    deleted: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    whole: bool = True
    faults: tuple[EntryFault, ...] = ()
    digests: DocumentDigests | None = None
    same: tuple[int, ...] = ()
    unfinished: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A feed, parsed and normalized: what the killable child process hands back.

    Attributes:
        meta: Of the feed itself.
        entries: Clean, in document order.
        hints: For the scheduler.
        deleted: Ids of entries that the publisher takes back, spelled as those of entries are; none of an entry
            that the same document still has.
        warnings: As in `ParsedFeed`, with those of normalizing added.
        whole: As in `ParsedFeed`.
        faults: As in `ParsedFeed`, with those of normalizing added.
        digests: As in `ParsedFeed`; None too where anything was wrong with the document.
        same: As in `ParsedFeed`; `entries` lacks them.
        unfinished: As in `ParsedFeed`.
    """

    meta: FeedMeta
    entries: tuple[Entry, ...]
    hints: PollHints = field(default_factory=PollHints)
    deleted: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    whole: bool = True
    faults: tuple[EntryFault, ...] = ()
    digests: DocumentDigests | None = None
    same: tuple[int, ...] = ()
    unfinished: int | None = None
