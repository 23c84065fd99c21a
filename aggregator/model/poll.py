"""What one poll of a source reads and what it writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.feed import FeedMeta, PollHints
from aggregator.model.fetched import Trouble, Validators
from aggregator.model.habits import Habits
from aggregator.model.item import Change

SourceStatus = Literal["ok", "error", "blocked", "disabled", "pending"]
"""The states of a source, as `aggregator status` shows them. `pending`: never polled yet."""


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
        polls: On how many polls in a row it was seen since.
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
    """

    url_key: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """Everything the store remembers of a source between polls.

    Attributes:
        source_id: Whose it is.
        next_poll_at, next_poll_reason: The schedule's truth.
        lease: Raised by each claim; a poll may write only while it still holds the number it was given.
        request_digest: Of the URL that the validators belong to; another one makes them void.
        validators: To be replayed.
        body_hash: Of the last body that was read, "" before the first.
        reader_version: Of the parse and normalize rules that read that body; another one means: read again.
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
        notice: What the editor should know and do, one sentence; None when there is nothing.
        habits: How it was seen to behave.
        missed: Articles that the newest document points at and that could not be had.
    """

    source_id: str
    next_poll_at: datetime
    next_poll_reason: str = "never polled yet"
    lease: int = 0
    request_digest: str = ""
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    reader_version: int = 0
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
    notice: str | None = None
    habits: Habits = field(default_factory=Habits)
    missed: tuple[Missed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What one poll decided: an intent that one transaction writes, or drops as a whole.

    Attributes:
        state: The source's new state; `state.lease` must match the stored one.
        changes: Items to insert or overwrite.
        publications: Ids of the publications whose documents these changes outdate.
    """

    state: SourceState
    changes: tuple[Change, ...] = ()
    publications: tuple[str, ...] = ()
