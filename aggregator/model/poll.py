"""What one poll of a source reads and what it writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from aggregator.model.feed import EntryFault, FeedMeta, PollHints
from aggregator.model.fetched import Trouble, Validators
from aggregator.model.item import Change, Item
from aggregator.model.source_profile import Batch, SourceProfile

SourceStatus = Literal["ok", "error", "blocked", "disabled", "pending"]
"""The states of a source, as `aggregator status` shows them. `pending`: never polled yet."""


PollMark = Literal["n", "u", "s", "3", "w", "f"]
"""How a poll ended, in a letter.

With new items, with updated ones, with the same ones sent once more, with word that nothing changed (304), with
the wish that we wait (429, 503), or in failure.
"""

RECENT: Final = 30
"""Polls of a source whose ends are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a source is to be polled next.

    Attributes:
        at: UTC, whole seconds.
        reason: For people: `every 1h`, `max-age 3600`, `429, Retry-After`, `3 failures in a row`.
    """

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect that a source was seen to answer with.

    Attributes:
        to: Where it leads; None when the source answers for itself.
        since: When it was first seen.
        polls: On how many polls in a row it was seen since, each time giving this very feed; 0 after it ceased to.
    """

    to: str | None = None
    since: datetime | None = None
    polls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An article that its source points at and that could not be had.

    Attributes:
        url_key: Of the article.
        tries: On how many polls it was asked for; as many as there may be when asking again is of no use.
        trouble: Of which kind the last try's trouble was; None where the article was had and says no more than its
            feed does, or where an earlier version did not note it.
        reason: The trouble in a few words for people and counts: `404`, `timeout`, `no article on its page`.
        since: When it was first asked for in vain; None where an earlier version did not note it.
    """

    url_key: str
    tries: int
    trouble: Trouble | None = None
    reason: str = ""
    since: datetime | None = None


FaultStage = Literal["read", "article", "discover", "poll", "compare", "render", "engine"]
"""Where a fault of this program struck. `poll` is all else of a poll: asking, judging, writing; `engine` all else
of what the worker does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often this program itself failed at one stage, ever: in a source's polls, or in what comes after.

    Attributes:
        stage: The stage at which it failed.
        count: Faults since the database was made.
    """

    stage: FaultStage
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJump:
    """That this machine's clock had run ahead.

    Attributes:
        ahead: The latest time that it had shown.
        noticed: When it was seen to show an earlier one.
    """

    ahead: datetime
    noticed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMemory:
    """What is remembered of the document that was read last, so that of the next one only what is new is read.

    Attributes:
        context: As in `DocumentDigests`; "" where nothing is remembered.
        entries: For each entry that an item says word for word, a digest of its bytes and the item's uid, both of
            fixed length, one after the other.
    """

    context: str = ""
    entries: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """Everything the store remembers of a source between polls.

    Attributes:
        source_id: Whose it is.
        next_poll_at: When it is due; the schedule's truth.
        next_poll_reason: Why then, in words for people.
        lease: Raised by each claim; a poll may write only while it still holds the number it was given.
        request_digest: Of the URL that the validators belong to; another one makes them void.
        validators: To be replayed.
        address: A digest of the address as the editor wrote it, "" before the first poll by this version.
        body_hash: Of the last body that was read, "" before the first.
        reading_digest: Of the rules and the editor's words by which that body was read: other ones mean that it is
            asked for and read again. The rules' version, a colon, and a digest of the words; "" before the first.
        whole_at: When a server last gave a body instead of saying that we have it; None before the first.
        last_poll_at: When we last asked, whatever came of it.
        last_success_at: When we last got a feed, or heard that it is unchanged.
        status: As shown to people.
        trouble: The kind of the last error, None when the last poll went well.
        error: One line for people, None when the last poll went well.
        failures: Polls in a row that went wrong.
        polls: How many in all.
        meta: What the feed says of itself.
        hints: How often it wishes to be asked.
        items: How many of its items we hold; filled in when read, ignored when written.
        warnings: Of the last reading.
        move: The permanent redirect that is being watched, or that is believed by now.
        gone_since: When the server first answered 410 without a success since; None otherwise.
        posted: When its newest items were published, newest first, at most `POSTED`; for the forecast.
        discovered: The feed that was found on the page which the source's URL turned out to be.
        read_from: Where the feed was last read: the URL behind all redirects; "" where it may hold a secret.
        is_page: Whether that URL turned out to be a page's, so that a feed may be looked for there again.
        notice: What the editor should know and do, one sentence; None when there is nothing.
        profile: How it was seen to behave.
        listed: How many articles the newest document points at; 0 where they are not asked for.
        had: How many of those we have.
        missed: Those of them that could not be had.
        article_at: When an article of it was last asked for and had; None before the first.
        partial: When it was read without giving a whole list, since it last gave one; newest first, a few.
        faults: How often this program itself failed, by stage; each stage once.
        clock: That the machine's clock was once ahead when the source was asked; None if it never was.
        resumed_at: When it was asked again after months; None if it never was. Was it months, or the clock?
        labels: What it was called in feeds.yaml before, newest first; a few.
        memory: Of the document that was read last.
        recent: How its latest polls ended, the last one last: a `PollMark` each, at most `RECENT`.
    """

    source_id: str
    next_poll_at: datetime
    next_poll_reason: str = "never polled yet"
    lease: int = 0
    request_digest: str = ""
    address: str = ""
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    reading_digest: str = ""
    whole_at: datetime | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    status: SourceStatus = "pending"
    trouble: Trouble | None = None
    error: str | None = None
    failures: int = 0
    polls: int = 0
    meta: FeedMeta = field(default_factory=FeedMeta)
    hints: PollHints = field(default_factory=PollHints)
    items: int = 0
    warnings: tuple[str, ...] = ()
    move: Move = field(default_factory=Move)
    gone_since: datetime | None = None
    posted: tuple[datetime, ...] = ()
    discovered: str | None = None
    read_from: str = ""
    is_page: bool = False
    notice: str | None = None
    profile: SourceProfile = field(default_factory=SourceProfile, metadata={"stored_as": "habits"})
    listed: int = 0
    had: int = 0
    missed: tuple[Missed, ...] = ()
    article_at: datetime | None = None
    partial: tuple[datetime, ...] = ()
    faults: tuple[Faults, ...] = ()
    clock: ClockJump | None = None
    resumed_at: datetime | None = None
    labels: tuple[str, ...] = ()
    memory: DocumentMemory = field(default_factory=DocumentMemory)
    recent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """A stored source that is to go by another label: the editor renamed it.

    Attributes:
        was: The label under which it is stored.
        name: The label that it gets.
        request_digest: Of the stored source, so that nobody is renamed twice.
    """

    was: str
    name: str
    request_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What is remembered of a source beside the items that the names of a document's entries lead to.

    Attributes:
        items: Its newest items, where an entry has no name that leads to one; else none.
        reread: Whether it was last read by other rules, ours or the editor's, so that no difference is surely its
            publisher's.
    """

    items: tuple[Item, ...] = ()
    reread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a poll's entries come to, as far as their words decide it.

    Attributes:
        changes: For each item that is new, revised or bumped, in document order; nothing for unchanged ones.
        profile: How the source behaves, as far as is known now. Entries that are held back wait in it.
        listed: Uids of the items that the document lists, changed or not.
        sure: Whether every entry is known to be one of them; one that is held back may be any item.
        faults: For each entry that was left out because this program failed on it.
        turned: Polls whose items were put in the wrong order, as is known now.
        over: How many new items were left out because the source brought too many within a day.
    """

    changes: tuple[Change, ...]
    profile: SourceProfile
    listed: frozenset[str] = frozenset()
    sure: bool = True
    faults: tuple[EntryFault, ...] = ()
    turned: tuple[Batch, ...] = ()
    over: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which of a source's items a document lists.

    Attributes:
        uids: Of those that it lists for sure.
        whole: Whether it says of all others that they have left. Not what was cut short, is broken, brings only
            what is new, or holds entries of which nobody can say whose they are.
        left_before: Those that no reading has listed since then, whole or not, have left as well; None where too
            little was read to say so.
    """

    uids: frozenset[str]
    whole: bool
    left_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What one poll decided: an intent that one transaction writes, or drops as a whole.

    Attributes:
        state: The source's new state; `state.lease` must match the stored one.
        changes: Items to insert or overwrite.
        publications: Ids of the publications whose documents these changes outdate.
        listing: What the document that was read lists; None when none was read, as when it had not changed. Items
            that a whole one lacks are absent since `state.last_poll_at`; those that it has are not. What one that
            is not whole lacks is unlisted since then.
        turned: Polls whose items are to stand in the opposite order from now on.
    """

    state: SourceState
    changes: tuple[Change, ...] = ()
    publications: tuple[str, ...] = ()
    listing: Listing | None = None
    turned: tuple[Batch, ...] = ()
