"""Tables for people, drawn with Rich."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.model import Catalogue, Filter, Limit, Publication, Source
from aggregator.schedule import format_span

if TYPE_CHECKING:
    from aggregator.explain.source_status import SourceReport

_COLOURS = {"ok": "green", "error": "red", "blocked": "red", "disabled": "dim", "pending": "yellow"}
_MOST_WARNINGS = 3
"""Of a source, that people are shown; machines get all of them."""


def print_catalogue(catalogue: Catalogue, path: Path) -> None:
    """What `aggregator check` understood."""
    console = Console(highlight=False)
    table = Table("source", "every", "tags", "what", title_justify="left", box=None, pad_edge=False)
    for source in catalogue.sources:
        table.add_row(
            source.id, format_span(source.every), " ".join(source.tags), escape(_describe_source(source))
        )
    console.print(table)
    console.print()
    table = Table("publication", "sources", "limit", "formats", "title", box=None, pad_edge=False)
    for publication in catalogue.publications:
        count = len(catalogue.sources_of(publication))
        table.add_row(
            publication.id,
            str(count),
            str(publication.limit),
            " ".join(publication.formats),
            escape(_describe_publication(publication)),
        )
    console.print(table)
    console.print()
    for notice in catalogue.notices:
        console.print(f"note: {escape(notice)}")
    console.print(
        f"{path}: {_count(catalogue.sources, 'source')}, "
        f"{_count(catalogue.publications, 'publication')}, no mistakes."
    )


def _count(things: Sized, word: str) -> str:
    return f"{len(things)} {word}" if len(things) == 1 else f"{len(things)} {word}s"


def _describe_source(source: Source) -> str:
    notes = [source.url]
    if source.kind in {"page", "json", "xpath"}:
        notes.append(f"({source.kind})")
    if not source.enabled:
        notes.append("(disabled)")
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
    console = Console(highlight=False)
    table = Table("source", "state", "items", "last poll", "next poll", "what", box=None, pad_edge=False)
    for report in reports:
        colour = _COLOURS.get(report.status, "default")
        table.add_row(
            report.id,
            f"[{colour}]{report.status}[/{colour}]",
            str(report.items),
            _tell_distance(report.last_poll, now),
            _tell_distance(report.next_poll, now),
            escape(_tell_matter(report)),
        )
    console.print(table)


def _tell_matter(report: SourceReport) -> str:
    """What is the matter with a source; of one that is well why it is polled when. Beneath that, what it lacks."""
    told = f"{report.trouble}: {report.error}" if report.error else report.next_poll_reason or ""
    told = f"{told} ({report.notice})" if report.notice else told
    more = len(report.warnings) - _MOST_WARNINGS
    rest = [f"and {more} more: --json has all of them"] if more > 0 else []
    return "\n".join(one for one in (told, *report.warnings[:_MOST_WARNINGS], *rest) if one)


def _tell_distance(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "-"
    if moment < now:
        return f"{format_span(now - moment)} ago"
    return f"in {format_span(moment - now)}" if moment > now else "now"
