"""An entry with its identity and its dates, as we keep it; and what we decided about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.entry import Entry

SortKey = tuple[datetime, int, str]
"""Where an item stands among others, its date first; the greater is shown first."""

RevisionKey = tuple[datetime, str, int]
"""Where a revision stands among those of all items: when it was seen, whose it is, its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKey:
    """What makes an item itself within its source.

    Attributes:
        kind: Which field it was made from: the publisher's id, the item's URL, its enclosure, or a hash of
            title, date and text. Two more name items only beside their own key: a publisher's id that is a
            URL, reduced for comparison, and a hash of title and claimed date.
        value: Text; unique within the source together with `kind`, as far as it is an item's own key.
    """

    kind: Literal["id", "url", "enclosure", "hash", "permalink", "dated"]
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Hashes over normalized, visible content; equal fingerprints mean: nothing a reader could see changed.

    Attributes:
        version: Of the rules; fingerprints of different versions are not comparable.
        title: A hex digest; empty when the title is.
        text: Likewise, of the visible text.
        media: Likewise, of pictures and attached files.
        meta: Likewise, of authors and categories.
    """

    version: int
    title: str
    text: str
    media: str
    meta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerDate:
    """A date of publication that was given up for an earlier one, in case the publisher goes back to it.

    Attributes:
        published: The date as it stood in the item.
        reason: Why it was taken for the date, as it stood there.
        claim: What the publisher claimed while they stood.
    """

    published: datetime
    reason: str
    claim: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHistory:
    """What is remembered of an item only to judge what comes; never shown.

    Attributes:
        past: Digests of what it showed before, newest first; a few.
        revised_at: When its latest changes counted as updates, newest first; a few.
        churn: Whether it changes so often that not every change counts.
        told: Digest of what it showed when its changes last counted, if it changed since and that did not count;
            empty while it shows just that.
        aside: Whether what it came to show instead since is an edit, and no template's affair.
        returned: Whether it went back once to what it showed before, and that counted.
        aliases: How many other keys were noted for it.
        former: Dates of publication that it had before an earlier one was claimed, newest first; a few.
        refused: Claims of earlier dates that the publisher took back, newest first; a few.
        replaced: How often it came to show another thing altogether under the same names.
    """

    past: tuple[str, ...] = ()
    revised_at: tuple[datetime, ...] = ()
    churn: bool = False
    told: str = ""
    aside: bool = False
    returned: bool = False
    aliases: int = 0
    former: tuple[FormerDate, ...] = ()
    refused: tuple[datetime, ...] = ()
    replaced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One source's article as we keep it.

    Attributes:
        uid: A UUID derived from source and key: the same on every machine. Names the item in our URLs.
        source_id: Whose it is.
        key: What makes it itself within the source.
        public_id: The id in our documents; chosen once, never changed, never shared.
        entry: Its newest content.
        fingerprint: Of that content.
        published: When it was first published: the claim that holds (docs/dates.md), else the first sight.
        published_reason: Where that date comes from: `claimed`, `claimed as update`, `first seen: no date given`,
            `first seen: the claim ... lies in the future`, ...
        updated: When its content last really changed; never before `published`.
        updated_reason: Where that date comes from: `claimed`, `published`, `observed`, ...
        claimed_updated: The newest update claim we have met, believed or not; None without one.
        first_seen: When a poll first brought it.
        changed_at: When anything that we publish of it last changed here.
        revision: 1 at first, one more for each real change.
        withdrawn_at: When the publisher took it back, or the editor withdrew it; None while it stands.
        withheld_at: When the editor withdrew it, as long as feeds.yaml says so; else None. Set by the store,
            ignored when written.
        pruned: Whether retention let go of its content: `entry` then holds names and dates only, so that
            nothing but the fingerprint can tell whether it changed. Set by the store; a change of such an item
            that says False gives it its content back.
        compared: The revision that was compared with other items to find its story; 0 while none was, negative
            while it must be compared again, whatever its revision. Set by the store, ignored when written.
        story: The name of the group of items that are the same piece, equal for all of them; None while it stands
            alone. Set by the store, ignored when written.
        absent_since: When its source was first read without it; None while it is listed. Set by the store, ignored
            when written.
        listing_order: Orders items of one date: the greater is shown first. Chosen at the first sight, and
            turned round once where only later polls show which way the feed runs; 0 for items of before it was
            known.
        trace: What is remembered to judge it by.
    """

    uid: str
    source_id: str
    key: ItemKey
    public_id: str
    entry: Entry
    fingerprint: Fingerprint
    published: datetime
    published_reason: str
    updated: datetime
    updated_reason: str
    claimed_updated: datetime | None
    first_seen: datetime
    changed_at: datetime
    revision: int = 1
    withdrawn_at: datetime | None = None
    withheld_at: datetime | None = None
    pruned: bool = False
    compared: int = 0
    story: str | None = None
    absent_since: datetime | None = None
    listing_order: int = 0
    trace: ItemHistory = field(default_factory=ItemHistory)

    @property
    def sort_key(self) -> SortKey:
        """Its place among others: date of publication, then the order of its feed, then its name."""
        return self.published, self.listing_order, self.uid


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What we decided about an entry that a poll brought.

    Attributes:
        kind: `new`: never met; `revised`: its content really changed; `bumped`: only its dates or ids
            moved, which we note and do not publish; `unchanged`.
        reason: One sentence for people.
        supersedes: Whether what was told of its last revision no longer holds, though this is none: it went back,
            or changes too often for each to count.
    """

    kind: Literal["new", "revised", "bumped", "unchanged"]
    reason: str
    supersedes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An item as it shall be stored, and why. Unchanged items make no Change.

    Attributes:
        item: Whole.
        verdict: Why.
        aliases: Further keys under which it is to be found from now on; its own is not among them.
    """

    item: Item
    verdict: Verdict
    aliases: tuple[ItemKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an item said at one time.

    Attributes:
        number: From 1.
        seen_at: When a poll brought it.
        entry: The content.
        reason: The verdict's sentence.
        is_silent: Whether it is no revision of its own, but what the item came to say in silence after the one of
            that number, and that superseded it.
    """

    number: int
    seen_at: datetime
    entry: Entry
    reason: str
    is_silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisedItem:
    """An item that came to say something else, once.

    Attributes:
        item: As it is now.
        before: What it said until then.
        after: What it said from then on.
        later: What superseded that in silence; None where nothing did.
    """

    item: Item
    before: Revision
    after: Revision
    later: Revision | None = None

    @classmethod
    def of(cls, item: Item, before: Sequence[Revision], after: Sequence[Revision]) -> RevisedItem:
        """From all that it said under two numbers in a row: each the revision, and what superseded it."""
        return cls(item=item, before=before[-1], after=after[0], later=after[1] if len(after) > 1 else None)
