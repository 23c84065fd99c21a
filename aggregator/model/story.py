"""Stories: items of several sources that are the same piece, and why we think so.

An edge is a fact about two items; a story is derived from edges and never stored as truth. Nothing here
overwrites an item: take an edge away and the story falls apart again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.evidence import Edge, NearMiss
from aggregator.model.item import Item

Trait = Literal["live", "correction", "podcast", "homepage", "headline", "programme", "interview"]
"""What an item says of itself that bears on merging it; `homepage`: its address names no one piece; `headline`: it
has no text of its own; `programme`: it is film or sound, or about one, or a digest of the news; `interview`: it is
questions and answers. New ones at the end: stored by place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What comparing needs of an item's text, small enough to keep with it.

    Sets of hashes are packed: ascending unsigned 32-bit numbers, little-endian, without repeats.

    Attributes:
        version: Of the rules; signatures of different versions are not comparable.
        language: Primary subtag of the declared language, lower case; empty when none was declared.
        script: The writing that prevails in it, e.g. `latin`, `arabic`, `han`; empty without letters.
        length: Words after boilerplate is gone; two characters count as one in scripts without spaces. 0 where
            they only repeat the title.
        text: Hash of the whole text, 0 when it is empty.
        shingles: Packed hashes of three tokens in a row, at most 1,024, the smallest.
        opening: Those of its first seven tokens, packed.
        ceiling: Hashes above it were left out of `shingles`.
        numbers: Packed hashes of the numbers in the text.
        figures: Hashes of the tokens around each number, each followed by that of the number; ascending.
        names: Packed hashes of words with a capital inside a sentence; empty in scripts without capitals.
        title: Packed hashes of the words of the title.
        title_numbers: Packed hashes of the numbers in the title.
        title_key: Hash of the title without numbers, 0 when nothing is left.
        url: Hash of the URL key, 0 without one.
        media: Packed hashes of the addresses of attached sound and film.
        traits: What it says of itself.
        credit: The agency that dateline or byline names, case folded; empty when none.
        keys: Under which an index finds it, ascending; each is below 2**40.
    """

    version: int
    language: str = ""
    script: str = ""
    length: int = 0
    text: int = 0
    shingles: bytes = b""
    opening: bytes = b""
    ceiling: int = 0xFFFFFFFF
    numbers: bytes = b""
    figures: bytes = b""
    names: bytes = b""
    title: bytes = b""
    title_numbers: bytes = b""
    title_key: int = 0
    url: int = 0
    media: bytes = b""
    traits: frozenset[Trait] = frozenset()
    credit: str = ""
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What comparing one item with others needs of it: its signature, its names and its date.

    Attributes:
        uid: The item's.
        source_id: Whose it is.
        published: The item's frozen date.
        signature: Of its newest content.
        names: Under which an editor may name it: uid, ids, URL, URL key.
        recurring: Whether its source used the same title, numbers aside, three times in 30 days.
        shared_url: Whether its source used the same address for several items.
        entry_id: The id that its publisher gave it; empty without one.
        host: Of its address, without `www.`; empty without one.
        article: Host and number of the article, where its address bears a number; see `stories.addresses`.
        url_key: Of its address; empty without one.
        called: What others call its source; see `Member`. Not stored with it.
    """

    uid: str
    source_id: str
    published: datetime
    signature: Signature
    names: frozenset[str] = frozenset()
    recurring: bool = False
    shared_url: bool = False
    entry_id: str = ""
    host: str = ""
    article: str = ""
    url_key: str = ""
    called: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An item as grouping and the choice of a primary see it.

    Attributes:
        uid: The item's.
        public_id: The item's.
        source_id: Whose it is.
        published: The item's frozen date.
        first_seen: When a poll first brought it.
        names: Under which an editor may name it: uid, ids, URL, URL key.
        priority: Of its source; the greater one wins.
        length: Of its signature.
        at_home: Whether its URL lies on its source's own site.
        credit: The agency that its text names as author, case folded; empty when none.
        called: What others call its source, case folded: titles, id, name of its site.
        withdrawn_at: When the publisher took it back; None while it stands.
    """

    uid: str
    public_id: str
    source_id: str
    published: datetime
    first_seen: datetime
    names: frozenset[str] = frozenset()
    priority: int = 0
    length: int = 0
    at_home: bool = True
    credit: str = ""
    called: frozenset[str] = frozenset()
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Items that are the same piece.

    Attributes:
        id: The public id of the member that we met first: the one that was published before any merge.
        members: Uids, ascending.
        primary: Uid of the member that is shown; None when all are withdrawn.
    """

    id: str
    members: tuple[str, ...]
    primary: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an item belongs, and everything that spoke for it and against.

    Attributes:
        story: The item's, after `edges` are added; of one member when it stands alone.
        stories: All that the surroundings make with them, ascending by id: what may have changed.
        edges: New evidence, ascending: between the item and its candidates, and where the item left a story,
            between those that remain; each replaces a stored one of its pair.
        parted: Stored edges of the item that hold no more, ascending; each has its miss.
        misses: Candidates that looked like it and were kept apart, ascending by uid.
    """

    story: Story
    stories: tuple[Story, ...] = ()
    edges: tuple[Edge, ...] = ()
    parted: tuple[Edge, ...] = ()
    misses: tuple[NearMiss, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """The editor's word; each pair holds two ids, URLs or uids.

    Attributes:
        merge: The two are the same piece.
        never_merge: The two are never in one story, not even through a third; wins over `merge`.
    """

    merge: frozenset[tuple[str, str]] = frozenset()
    never_merge: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An item with what choosing among several needs of its signature.

    Attributes:
        item: The item.
        length: Of its signature.
        credit: Of its signature.
    """

    item: Item
    length: int = 0
    credit: str = ""
