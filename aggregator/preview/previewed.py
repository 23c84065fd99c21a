"""What was seen of a source that is to join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from aggregator.model import FeedMeta, Item, NamedFeed, Source
from aggregator.publish import Rewritten
from aggregator.text.namespaces import LICENCES

TextKind = Literal["full", "teaser", "none"]
"""Whether an entry carries its article, the beginning of it, or nothing but a title."""

Result = Literal["ok", "nothing", "broken", "refused"]
"""What it comes to. `nothing`: it can be read and brings no entry; `broken`: it cannot be read, or would announce
its entries again and again; `refused`: its site does not want it to be read by programs, so it was not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMatch:
    """An item that is stored already and is what an entry would be, or the same piece.

    Attributes:
        item: The stored one.
        reason: What joins the two.
        same: Whether it is the very item; else another source's copy of the piece.
    """

    item: Item
    reason: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedEntry:
    """An entry as it would be stored now, as a new one.

    Attributes:
        item: With its dates and where they are from.
        text: What it carries.
        filtered: The step of the source's `filter:` that keeps it out; None where all let it in.
        rewritten: What readers get instead, by the source's `rewrite`, `remove` and `keep`; None for the same.
        stored: What of it is here already.
    """

    item: Item
    text: TextKind
    filtered: str | None = None
    rewritten: Rewritten | None = None
    stored: tuple[StoredMatch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """What robots.txt says of an address.

    Attributes:
        allowed: Whether a program may ask for it; None where that could not be found out.
        rule: The line that decides it, with who it is for; or why there is none.
        ours: Whether that line is for this program by name, and not for all.
    """

    allowed: bool | None
    rule: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdStability:
    """Whether entries were called on the second look what they were called on the first.

    Attributes:
        how: What the second look brought: `unchanged`: the server says so, or gave the same bytes; `compared`;
            `failed`; `not_asked`.
        kept: Entries that both looks brought under one name.
        renamed: Entries of which the second look called at least one name otherwise, and that are known again;
            titles.
        again: Entries that would be announced a second time; titles.
        steady: What stayed as it was of all of these, and tells them apart.
        redated: Entries that had another date of publication on the second look; titles.
        reason: Why the second look failed; "" where it did not.
    """

    how: Literal["unchanged", "compared", "failed", "not_asked"]
    kept: int = 0
    renamed: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    steady: Literal["url", "title"] | None = None
    redated: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSource:
    """What was found of a source, before it is judged.

    Attributes:
        source: As it was asked about.
        meta: What its feed says of itself.
        address: The address of its feed, as written where it was not found by a page; None where nothing was read.
        moved_to: Where all permanent redirects lead; None without one, and where the address holds a secret.
        named_by_page: Whether the address that was asked is a page's, which named that of the feed.
        others: The further feeds that this page declares, the likeliest first.
        listed: Entries of its document.
        unread: Articles that it points at and that were not asked for, as one look asks for a few only.
        entries: Those that would be stored, newest first; of a page, without the unread ones.
        namesakes: Entries of its document whose id another one of it has, too; titles.
        waiting: Entries that would wait for the second poll before they are shown.
        robots: What the site says to programs; None for files.
        ids: Whether names are stable.
        warnings: What was wrong with the document; whole sentences.
        refused: Whether it was not asked, as robots.txt wishes.
        opted_out: Whether its address leads to a host that asked not to be read, so that nobody may insist.
        failure: Why nothing was read; None where something was.
        offer: What else the address may be read as, a sentence; None where nothing is known.
    """

    source: Source
    meta: FeedMeta
    address: str | None = None
    moved_to: str | None = None
    named_by_page: bool = False
    others: tuple[NamedFeed, ...] = ()
    listed: int = 0
    unread: int = 0
    entries: tuple[PreviewedEntry, ...] = ()
    namesakes: tuple[str, ...] = ()
    waiting: int = 0
    robots: RobotsAnswer | None = None
    ids: IdStability
    warnings: tuple[str, ...] = ()
    refused: bool = False
    opted_out: bool = False
    failure: str | None = None
    offer: str | None = None

    @property
    def licence(self) -> str | None:
        """What its feed says of its licence in whatever vocabulary, each once; None where it says nothing."""
        found = [one for one in self.meta.extensions if one.name in LICENCES]
        told = [one.text or one.get("rdf:resource") or one.get("url") or one.get("href") for one in found]
        return "; ".join(dict.fromkeys(one for one in (self.meta.rights, *told) if one)) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a source would bring, and whether it may join.

    Attributes:
        sight: What was found.
        result: What it comes to.
        reasons: Why it is not `ok`; whole sentences.
        notes: What an editor may want to know all the same; whole sentences.
        text: What most entries carry.
        rhythm: The usual time between two entries, by their dates; None where too few have one.
    """

    sight: SeenSource
    result: Result
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    text: TextKind
    rhythm: timedelta | None
