"""A fault of ours on one entry costs that entry: the others of its document are normalized, judged and published.

Runs in the child. The entries to blame are found by halving: a few tries for one among a thousand.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from aggregator.model import Decision, Entry, EntryFault, Quarantined, RawEntry, SourceProfile

MOST_TRIES: Final = 200
"""Tries to find the entries to blame. Where that does not do, the fault is none of single entries."""

_LONGEST: Final = 100

Part = TypeVar("Part")
Made = TypeVar("Made")


class _TooManyError(Exception):
    """There are no tries left."""


def work_around_faults(
    parts: Sequence[Part], work: Callable[[Sequence[Part]], Made]
) -> tuple[Made, tuple[tuple[Part, Exception], ...]]:
    """What some work makes of those parts on which it does not raise; the others, each with what it raised.

    Raises what the work raised on all of them where single parts are not to blame, or all of them are; and at once
    where it is for want of memory, or something of this installation is missing.
    """
    try:
        return work(parts), ()
    except (ImportError, MemoryError):
        raise
    except Exception:
        blamed = _find_blamed(parts, work)
        if not blamed or len(blamed) == len(parts):
            raise
    made = work([part for number, part in enumerate(parts) if number not in blamed])
    return made, tuple((parts[number], error) for number, error in blamed.items())


def decide_around_faults(
    entries: Sequence[Entry], profile: SourceProfile, decide: Callable[[Sequence[Entry], SourceProfile], Decision]
) -> Decision:
    """A decision on entries and on those that wait in the profile, with a fault for each that had to be left out.

    What waits and cannot be judged goes on waiting.
    """

    def work(parts: Sequence[Entry | Quarantined]) -> Decision:
        waiting = tuple(part for part in parts if isinstance(part, Quarantined))
        return decide([part for part in parts if isinstance(part, Entry)], replace(profile, quarantined=waiting))

    parts: Sequence[Entry | Quarantined] = (*entries, *profile.quarantined)
    decision, blamed = work_around_faults(parts, work)
    if not blamed:
        return decision
    waiting = tuple(part for part, _ in blamed if isinstance(part, Quarantined))
    return replace(
        decision,
        profile=replace(decision.profile, quarantined=(*decision.profile.quarantined, *waiting)),
        faults=tuple(
            entry_fault(part.entry if isinstance(part, Quarantined) else part, error) for part, error in blamed
        ),
        sure=False,
    )


def entry_fault(entry: Entry | RawEntry, error: Exception) -> EntryFault:
    """What is told of an entry on which we failed."""
    title = entry.title if isinstance(entry, Entry) else entry.title and entry.title.value
    name = " ".join((title or entry.id or "").split()) or "an entry without a title"
    trace = "".join(traceback.format_exception(error))
    return EntryFault(entry=name[:_LONGEST], error=type(error).__name__, trace=trace)


def _find_blamed(parts: Sequence[Part], work: Callable[[Sequence[Part]], object]) -> dict[int, Exception]:
    """By its number, each part on which the work raises even alone, in order; none where they are too many."""
    tries = iter(range(MOST_TRIES))
    try:
        return dict(_search_by_halves(parts, 0, work, tries))
    except _TooManyError:
        return {}


def _search_by_halves(
    parts: Sequence[Part], start: int, work: Callable[[Sequence[Part]], object], tries: Iterator[int]
) -> Iterator[tuple[int, Exception]]:
    if next(tries, None) is None:
        raise _TooManyError
    try:
        work(parts)
    except Exception as error:  # noqa: BLE001 # the boundary: it is told
        if len(parts) == 1:
            yield start, error
            return
        middle = len(parts) // 2
        yield from _search_by_halves(parts[:middle], start, work, tries)
        yield from _search_by_halves(parts[middle:], start + middle, work, tries)
