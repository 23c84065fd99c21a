"""One source on the status page: what was reported of it, how its polls ended, how often it posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from aggregator.explain.source_status import SourceReport, report_on
from aggregator.explain.symptoms import is_silent
from aggregator.model import RECENT, PollHints, Source, SourceState, SourceStatus, Trouble
from aggregator.schedule import format_span, is_habit, usual_rhythm
from aggregator.text.cutting import cut
from aggregator.web.plain_words import plainly

_WORDS: Final = {
    "n": ("new", "with something new"),
    "u": ("updated", "with updates"),
    "s": ("same", "the same again"),
    "3": ("unchanged", "not changed (304)"),
    "w": ("waits", "asked us to wait"),
    "f": ("failed", "failed"),
}
_DAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_WARNINGS, _LONG = 3, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """How a source's latest polls ended, to be drawn as a row of marks.

    Attributes:
        paths: Of each kind of mark, what it is called and the lines (SVG) along which such marks stand: each is
            two wide, with one between it and the next.
        told: The same in words.
        unchanged: Of how many it was said that nothing had changed (304),
        polls: of so many.
    """

    paths: tuple[tuple[str, str], ...]
    told: str
    unchanged: int
    polls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """One source.

    Attributes:
        report: What `aggregator status` says of it.
        standing: Its status in one word, for people; see `tell_standing`.
        opted_out: Whether its host asked not to be read.
        tags: In the editor's order.
        warnings: The first of the report's, cut to what a page bears.
        newest: When its newest item was published, or None.
        rhythm: How often it posts, in words; None while that is not known.
        silent: Whether it has not posted for longer than it ever did.
        strip: How its latest polls ended; None before the first.
        wishes: What its publisher asks for, in words.
        because: Why it is polled next when it is; "" where that is not known.
    """

    report: SourceReport
    standing: str
    opted_out: bool
    tags: tuple[str, ...]
    warnings: tuple[str, ...]
    newest: datetime | None = None
    rhythm: str | None = None
    silent: bool = False
    strip: Strip | None = None
    wishes: tuple[str, ...] = ()
    because: str = ""


WAITING: Final = "waiting"
"""The standing of a source whose server asked us to wait: it is let alone until then, and nothing is wrong."""


def tell_standing(status: SourceStatus, trouble: Trouble | None) -> str:
    """A source's status as the page shows it."""
    return WAITING if status == "error" and trouble == "rate_limited" else status


def status_line(source: Source, state: SourceState | None, now: datetime) -> StatusLine:
    """What the page shows of a source; `state` is None before it was registered."""
    report = report_on(source, state, now)
    warnings = tuple(cut(warning, _LONG) for warning in report.warnings[:_WARNINGS])
    opted_out, standing = source.opted_out is not None, tell_standing(report.status, report.trouble)
    if state is None:
        return StatusLine(
            report=report, standing=standing, opted_out=opted_out, tags=source.tags, warnings=warnings
        )
    rhythm = usual_rhythm(state.posted, now)
    return StatusLine(
        report=report,
        standing=standing,
        opted_out=opted_out,
        tags=source.tags,
        warnings=warnings,
        newest=max(state.posted, default=None),
        rhythm=rhythm,
        silent=source.enabled and is_silent(state.posted, now),
        strip=_strip(state.recent[-RECENT:]),
        wishes=tuple(_wishes(state.hints)),
        because=_tell_why(report.next_poll_reason or "", rhythm),
    )


def _tell_why(reason: str, rhythm: str | None) -> str:
    """Why then. A habit is told by the rhythm, as it is by now, and not again as it was at the last poll."""
    if rhythm is None or not is_habit(reason):
        return plainly(reason)
    _, comma, rest = reason.partition(", ")
    return f"by its habit{comma}{rest}"


def _strip(recent: str) -> Strip | None:
    known = "".join(mark for mark in recent if mark in _WORDS)
    if not known:
        return None
    counts = Counter(known)
    told = ", ".join(f"{counts[mark]} {words}" for mark, (_, words) in _WORDS.items() if counts[mark])
    return Strip(
        paths=tuple(_paths(known).items()),
        told=(
            f"Its last {len(known)} polls: {told}. The latest: {_WORDS[known[-1]][1]}."
            if len(known) > 1
            else f"Its only poll so far: {_WORDS[known][1]}."
        ),
        unchanged=counts["3"],
        polls=len(known),
    )


def _paths(marks: str) -> Mapping[str, str]:
    at, paths = 0, dict[str, str]()
    for mark, alike in groupby(marks):
        name, count = _WORDS[mark][0], len(tuple(alike))
        paths[name] = f"{paths.get(name, '')}M{3 * at} 6h{3 * count - 1}"
        at += count
    return paths


def _wishes(hints: PollHints) -> Iterator[str]:
    if hints.ttl:
        yield f"once in {format_span(hints.ttl)} (ttl)"
    if hints.period:
        yield f"once in {format_span(hints.period)} (sy:updatePeriod)"
    if hints.skip_hours:
        yield f"not in the hours {', '.join(map(str, sorted(hints.skip_hours)))} UTC (skipHours)"
    if hints.skip_days:
        yield f"not on {', '.join(_DAYS[day] for day in sorted(hints.skip_days))} (skipDays)"
