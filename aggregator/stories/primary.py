"""Of the items that are one piece, which one gives the words that a publication shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from aggregator.model import Member

GRACE: Final = timedelta(hours=1)
"""How long after a story's first publication a source of higher priority may still take the primary's place."""


def choose_primary(members: Collection[Member]) -> str | None:
    """The uid of the member that is shown; None when all are withdrawn.

    What happened is replayed: members arrive when they were first seen and go when they were withdrawn. Of those
    that arrive first, the best is the primary: priority, then the original before copies of it, then the longer
    text, then the earlier date. It stays, with two exceptions: one of higher priority, or of the same with a text
    where it has none, replaces it within the first hour, and the best of those left follows one that is withdrawn.
    So a late copy never moves an entry, and the answer depends on the members alone.
    """
    instants = sorted({member.first_seen for member in members} | set(_departures(members)))
    shown: Member | None = None
    for instant in instants:
        standing = [member for member in members if _is_standing(member, instant)]
        if shown is not None and not _is_standing(shown, instant):
            shown = None
        if shown is None:
            shown = _best(standing, members)
        elif instant <= instants[0] + GRACE:
            shown = _best([*_better(standing, shown), shown], members)
    return shown.uid if shown else None


def _departures(members: Collection[Member]) -> list[datetime]:
    return [member.withdrawn_at for member in members if member.withdrawn_at is not None]


def _is_standing(member: Member, instant: datetime) -> bool:
    gone = member.withdrawn_at is not None and member.withdrawn_at <= instant
    return member.first_seen <= instant and not gone


def _better(standing: Sequence[Member], shown: Member) -> list[Member]:
    """Those of higher priority; and of the same, beside an item that has no text, those that have one."""
    return [
        member
        for member in standing
        if member.priority > shown.priority
        or (member.priority == shown.priority and member.length > 0 == shown.length)
    ]


def _best(standing: Sequence[Member], members: Collection[Member]) -> Member | None:
    credited = {member.credit for member in members if member.credit}
    return min(standing, key=lambda member: _rank(member, credited), default=None)


def _rank(member: Member, credited: Collection[str]) -> tuple[int, int, int, datetime, str]:
    return (-member.priority, -_originality(member, credited), -member.length, member.published, member.uid)


def _originality(member: Member, credited: Collection[str]) -> int:
    """3: copies name it as their author; 2: at home, naming nobody else; 1: at home; 0: links to somebody else."""
    if not member.at_home:
        return 0
    if any(name in credited for name in member.called):
        return 3
    return 1 if member.credit else 2
