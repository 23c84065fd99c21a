"""Tables for people, drawn with Rich."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Sequence, Sized
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from aggregator.model import Catalogue, Filter, Limit, Publication, Source
from aggregator.schedule import format_span

if TYPE_CHECKING:
    from aggregator.explain.source_status import SourceReport

_COLOURS = {"ok": "green", "error": "red", "blocked": "red", "disabled": "dim", "pending": "yellow"}
_PATIENCE = timedelta(minutes=2)
"""A worker begins what is due within seconds, and ends within a minute or two."""

_WIDEST = 10_000
_NARROWEST = 72
"""Columns that a table needs; on fewer each row is a block of lines."""

_MOST_WARNINGS = 3
"""Of a source, that people are shown; machines get all of them."""


def _console() -> Console:
    """Standard output: as wide as the terminal; where there is none, as the lines, for who searches them."""
    is_seen = sys.stdout.isatty() or os.environ.get("COLUMNS")
    width, height = shutil.get_terminal_size()  # both: else Rich takes every dumb terminal for one of 80 columns
    return Console(highlight=False, width=width if is_seen else _WIDEST, height=height)


def _print_rows(console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with an empty line below it; where there is no room for one, a block of lines for each row."""
    if console.width >= _NARROWEST:
        table = Table(*headings, title_justify="left", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()
        return
    for row in rows:
        console.print(row[0])
        for heading, cell in zip(headings[1:], row[1:], strict=True):
            if cell:
                console.print(Padding(f"{heading}: {cell}", (0, 0, 0, 2)))
    console.print()


def print_catalogue(catalogue: Catalogue, path: Path, listed: int = 0) -> None:
    """What `aggregator check` understood; beside the sources in it, how many lists elsewhere bring."""
    console = _console()
    rows = [
        (one.id, format_span(one.every), " ".join(one.tags), escape(_describe_source(one)))
        for one in catalogue.sources
    ]
    _print_rows(console, ("source", "every", "tags", "what"), rows)
    publications = [
        (
            found.id,
            str(len(catalogue.sources_of(found))),
            str(found.limit),
            " ".join(found.formats),
            escape(_describe_publication(found)),
        )
        for found in catalogue.publications
    ]
    _print_rows(console, ("publication", "sources", "limit", "formats", "title"), publications)
    for one in catalogue.lists:
        tags = f" ({' '.join(one.template.tags)})" if one.template.tags else ""
        console.print(f"list {one.id}: {escape(one.source.url)}{escape(tags)}")
    for notice in catalogue.notices:
        console.print(f"note: {escape(str(notice))}")
    console.print(
        f"{path}: {_count(catalogue.sources, 'source')}{f' and {listed} from lists' if listed else ''}, "
        f"{_count(catalogue.publications, 'publication')}, no mistakes."
    )


def _count(things: Sized, word: str) -> str:
    return f"{len(things)} {word}" if len(things) == 1 else f"{len(things)} {word}s"


def _describe_source(source: Source) -> str:
    notes = [source.url]
    if source.kind in {"page", "json", "xpath"}:
        notes.append(f"({source.kind})")
    if not source.enabled:
        notes.append(f"({'asked not to be read' if source.opted_out else 'disabled'})")
    if source.timezone:
        notes.append(f"[{source.timezone}]")
    if source.filters:
        notes.append(_describe_filters(source.filters))
    notes += [f"rewrite {one.shown}" for one in source.rewrites]
    for name, selectors in (("keep", source.trimming.keep), ("remove", source.trimming.remove)):
        if selectors:
            notes.append(f"{name}: {', '.join(selectors)}")
    if source.publish != "full":
        notes.append(f"publish: {source.publish}")
    return " ".join(notes)


def _describe_publication(publication: Publication) -> str:
    notes = [publication.title]
    if publication.filters:
        notes.append(_describe_filters(publication.filters))
    if publication.per_source:
        notes.append(f"per source: {publication.per_source}")
    if publication.private:
        notes.append("(private)")
    return " ".join(notes)


def _describe_filters(filters: tuple[Filter, ...]) -> str:
    steps = [f"limit {step.count}" if isinstance(step, Limit) else step.shown for step in filters]
    return "filter: " + "; ".join(steps)


def print_status(reports: Iterable[SourceReport], now: datetime) -> None:
    """What `aggregator status` shows."""
    console, reports = _console(), tuple(reports)
    rows = []
    for report in reports:
        colour = _COLOURS.get(report.status, "default")
        rows.append(
            (
                report.id,
                f"[{colour}]{report.status}[/{colour}]",
                str(report.items),
                _tell_distance(report.last_poll, now),
                _tell_due(report.next_poll, now),
                escape(_tell_matter(report)),
            )
        )
    _print_rows(console, ("source", "state", "items", "last poll", "next poll", "what"), rows)
    counts = Counter(report.status for report in reports)
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    console.print(f"{_count(reports, 'source')}: {told or 'none'}.")
    idleness = _tell_idleness(reports, now)
    if idleness is not None:
        console.print(f"note: {escape(idleness)}")


def _tell_idleness(reports: Sequence[SourceReport], now: datetime) -> str | None:
    """That nobody polls what is due, as far as that can be told; None where somebody does, or nothing is."""
    late = max((now - one.next_poll for one in reports if one.next_poll is not None), default=timedelta(0))
    last = max((one.last_poll for one in reports if one.last_poll is not None), default=None)
    if last is None and any(one.status != "disabled" for one in reports):
        told = "No source was polled yet"
    elif last is not None and min(late, now - last) > _PATIENCE:
        told = f"Nothing was polled for {format_span(now - last)}, though a source is due for {format_span(late)}"
    else:
        return None
    return f"{told}: does a worker run? `aggregator run` is one, and `aggregator poll` polls what is due."


def _tell_matter(report: SourceReport) -> str:
    """What is the matter with a source; of one that is well why it is polled when. Beneath that, what it lacks."""
    told = report.error or report.next_poll_reason or ""
    if report.notice:
        told = f"{told} ({report.notice})" if told else report.notice
    more = len(report.warnings) - _MOST_WARNINGS
    rest = [f"and {more} more: --json has all of them"] if more > 0 else []
    hints = [f"hint: {one}" for one in report.hints]
    return "\n".join(one for one in (told, *report.warnings[:_MOST_WARNINGS], *rest, *hints) if one)


def _tell_due(moment: datetime | None, now: datetime) -> str:
    late = timedelta(0) if moment is None else now - moment
    if late > _PATIENCE:
        return f"due for {format_span(late)}"
    return "due" if late > timedelta(0) else _tell_distance(moment, now)


def _tell_distance(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "-"
    if moment < now:
        return f"{format_span(now - moment)} ago"
    return f"in {format_span(moment - now)}" if moment > now else "now"
