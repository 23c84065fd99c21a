"""What an item said over time, with what changed each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from aggregator.model import Revision, Source
from aggregator.publish import VisibleChange, compare, for_readers, says_the_same
from aggregator.text.differences import Passage

MOST: Final = 20
"""Revisions whose changes are shown, the latest: finding them takes some milliseconds each."""

WENT_BACK: Final = "It changed and went back; what it said in between is not kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """What an item came to say at one time.

    Attributes:
        number: From 1 on.
        seen_at: When we saw it first.
        reason: Why it counted as a change.
        title: How its title changed; empty where it did not. Of the first revision: what it was.
        text: How its text changed; empty where it did not, or where its source does not let us show it.
        note: What to say where neither shows anything; empty where there is nothing more to say.
        is_silent: Whether it is no revision of its own, but superseded the one of its number in silence.
    """

    number: int
    seen_at: datetime
    reason: str
    title: tuple[Passage, ...] = ()
    text: tuple[Passage, ...] = ()
    note: str = ""
    is_silent: bool = False


def compare_revisions(revisions: Sequence[Revision], source: Source) -> tuple[RevisionView, ...]:
    """The revisions, the latest first, each with what changed since the one before it, as readers are told it."""
    latest = [_compare(one, other, source) for one, other in list(pairwise(revisions))[-MOST:]]
    first = [_tell_title(one, source) for one in revisions[: len(revisions) - len(latest)]]
    return tuple(reversed([*first, *latest]))


def _tell_title(one: Revision, source: Source) -> RevisionView:
    told = for_readers(one.entry, source).title
    title = (Passage(kind="kept", words=told),) if told else ()
    return RevisionView(number=one.number, seen_at=one.seen_at, reason=one.reason, title=title)


def _compare(before: Revision, after: Revision, source: Source) -> RevisionView:
    change = compare(before.entry, after.entry, source)
    return RevisionView(
        number=after.number,
        seen_at=after.seen_at,
        reason=after.reason,
        title=change.title,
        text=change.text,
        note=_tell_unseen(before, after, change),
        is_silent=after.is_silent,
    )


def _tell_unseen(before: Revision, after: Revision, change: VisibleChange) -> str:
    """Why it is said that something changed where nothing of it is shown."""
    if says_the_same(before.entry, after.entry):
        return WENT_BACK
    return "Its source does not let us show more of its text." if change.is_withheld else ""
