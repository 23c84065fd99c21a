"""One item, clean in every field: what normalizing makes and everything after it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date that the publisher claims, with what it rests on.

    Attributes:
        utc: The instant, UTC, whole seconds.
        raw: The string as written.
        precision: How much of it was written.
        zone: Where the zone came from: `explicit` (offset, name or abbreviation in the string), `assumed`
            (the source's `timezone`, else UTC).
    """

    utc: datetime
    raw: str
    precision: Literal["year", "month", "day", "hour", "minute", "second"]
    zone: Literal["explicit", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author (RFC 4287, section 3.2).

    Attributes:
        name: As the publisher writes it, one plain line.
        uri: The person's page, absolute; None without one.
        email: The mailbox; None without one, or where nobody reads it.
    """

    name: str
    uri: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category (RFC 4287, section 4.2.2).

    Attributes:
        term: The name of the category.
        scheme: What it is a name in, mostly a URI; None where the publisher says none.
        label: What people are to be shown instead of the term; None where that is the same.
    """

    term: str
    scheme: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file attached to an entry: sound, film, a picture.

    Attributes:
        url: Absolute.
        type: Media type, or None when unknown.
        length: Bytes, or None when unknown.
        title: For people, or None.
        duration: Seconds, or None.
    """

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of an entry to something else than itself (RFC 4287, section 4.2.7).

    Attributes:
        url: Absolute http(s) URL.
        rel: `related`: further reading; `via`: where the publisher has it from; `replies`: its discussion
            (RFC 4685, section 4).
        title: Plain text, or None.
        type: Media type, or None when unknown.
    """

    url: str
    rel: Literal["related", "via", "replies"]
    title: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An element of a namespace other than the format's own, which says more of an entry (docs/parity.md).

    Attributes:
        name: Our prefix for its namespace (`text.namespaces`), a colon, its local name: `podcast:transcript`.
        attributes: Names with values. Those in a namespace bear a prefix: `rdf:resource`, `xml:lang`.
        text: What stands in it, its children left out.
        children: In document order.
    """

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple[Extension, ...] = ()

    def get(self, attribute: str) -> str | None:
        """The value of an attribute; None without it."""
        return next((value for name, value in self.attributes if name == attribute), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """What an editor's `keep` and `remove` left of an entry's texts.

    It is told to readers in the place of what the entry says, and has no part in anything else.

    Attributes:
        content: What is left of the entry's `content`; None where it has none.
        summary: What is left of its `summary`; None where it has none.
        text: The plain text of what is left.
        image: The picture that stands for it then, or None.
        image_caption: What is written under that, or None.
    """

    content: str | None = None
    summary: str | None = None
    text: str = ""
    image: str | None = None
    image_caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as we would publish it, before we know whether we have met it.

    Attributes:
        id: The publisher's id, or None.
        id_is_permalink: Whether the format says that the id is a URL of the item.
        url: Absolute http(s) URL of the item with tracking removed, or None.
        url_key: `url` reduced for comparison only; never fetched. None when `url` is.
        former_keys: Other keys of the same address, under older rules and without the editor's words, where these
            differ: its item may be stored under them. They are no part of what an entry says.
        title: Plain text; may be empty.
        content: Sanitized HTML of the whole text, or None when the feed carried no content.
        summary: Sanitized HTML of a shorter text, or None.
        text: The visible text of content (else summary), white space folded; for comparison and search.
        authors: People, in order, no repeats.
        categories: Sorted by term, no repeats.
        enclosures: In order, no repeats.
        image: Absolute URL of a lead image, or None.
        image_caption: What the publisher writes under it, plain text, or None.
        links: Of other relations than the item's own page, in order, no repeats.
        published: The publisher's claim, or None.
        updated: The publisher's claim, or None.
        language: BCP 47, or None.
        direction: In which its text runs; None where that is not known.
        extensions: What elements of other namespaces say besides all that, in document order.
        fleeting: Those of them that run on by themselves (how often a film was seen, how many comments there
            are), as they were when the entry was last stored. They are no part of what an entry says.
        position: Index in its document, from 0.
        trimmed: What of its texts is for readers, where the editor had some of them taken out as they were read.
        text_from: Where its text was read, if that was at another host than `url` names: the page of its article,
            behind redirects. It is no part of what an entry says.
    """

    id: str | None = None
    id_is_permalink: bool = False
    url: str | None = None
    url_key: str | None = None
    former_keys: tuple[str, ...] = field(default=(), compare=False)
    title: str = ""
    content: str | None = None
    summary: str | None = None
    text: str = ""
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    image_caption: str | None = None
    links: tuple[Link, ...] = ()
    published: Stamp | None = None
    updated: Stamp | None = None
    language: str | None = None
    direction: Literal["ltr", "rtl"] | None = None
    extensions: tuple[Extension, ...] = ()
    fleeting: tuple[Extension, ...] = field(default=(), compare=False)
    position: int = 0
    trimmed: Trimmed | None = None
    text_from: str | None = field(default=None, compare=False)
