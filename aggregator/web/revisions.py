"""What an item said over time, with what changed each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from aggregator.model import Entry, Revision, Source
from aggregator.publish import for_readers
from aggregator.text.differences import Passage, difference

MOST: Final = 20
"""Revisions whose changes are shown, the latest: finding them takes some milliseconds each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """What an item came to say at one time.

    Attributes:
        number: From 1 on.
        seen_at: When we saw it first.
        reason: Why it counted as a change.
        title: How its title changed; empty where it did not. Of the first revision: what it was.
        text: How its text changed; empty where it did not, or where its source allows no more than links.
    """

    number: int
    seen_at: datetime
    reason: str
    title: tuple[Passage, ...] = ()
    text: tuple[Passage, ...] = ()


def compare_revisions(revisions: Sequence[Revision], source: Source) -> tuple[RevisionView, ...]:
    """The revisions, the latest first, each with what changed since the one before it, as readers are told it."""
    told = [replace(one, entry=for_readers(one.entry, source)) for one in revisions]
    latest = [_compare(one, other, source) for one, other in list(pairwise(told))[-MOST:]]
    return tuple(reversed([*map(_tell_title, told[: len(told) - len(latest)]), *latest]))


def _tell_title(one: Revision) -> RevisionView:
    title = (Passage(kind="kept", words=one.entry.title),) if one.entry.title else ()
    return RevisionView(number=one.number, seen_at=one.seen_at, reason=one.reason, title=title)


def _compare(before: Revision, after: Revision, source: Source) -> RevisionView:
    return RevisionView(
        number=after.number,
        seen_at=after.seen_at,
        reason=after.reason,
        title=difference(before.entry.title, after.entry.title),
        text=difference(_text(before.entry, source), _text(after.entry, source)),
    )


def _text(entry: Entry, source: Source) -> str:
    return entry.text if source.publish == "full" else ""
