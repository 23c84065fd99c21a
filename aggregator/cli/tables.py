"""Tables for people, drawn with Rich."""

from __future__ import annotations

from collections.abc import Sized
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.model import Catalogue, Filter, Limit, Publication, Source
from aggregator.schedule import format_span

_COLOURS = {"ok": "green", "error": "red", "blocked": "red", "disabled": "dim", "pending": "yellow"}


def print_catalogue(catalogue: Catalogue, path: Path) -> None:
    """What `aggregator check` understood."""
    console = Console(highlight=False)
    table = Table("source", "every", "tags", "what", title_justify="left", box=None, pad_edge=False)
    for source in catalogue.sources:
        table.add_row(source.id, format_span(source.every), " ".join(source.tags), escape(_about(source)))
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
            escape(_described(publication)),
        )
    console.print(table)
    console.print()
    for notice in catalogue.notices:
        console.print(f"note: {escape(notice)}")
    console.print(
        f"{path}: {_counted(catalogue.sources, 'source')}, "
        f"{_counted(catalogue.publications, 'publication')}, no mistakes."
    )


def _counted(things: Sized, word: str) -> str:
    return f"{len(things)} {word}" if len(things) == 1 else f"{len(things)} {word}s"


def _about(source: Source) -> str:
    notes = [source.url]
    if source.kind == "page":
        notes.append("(page)")
    if not source.enabled:
        notes.append("(disabled)")
    if source.timezone:
        notes.append(f"[{source.timezone}]")
    if source.filters:
        notes.append(_filters(source.filters))
    if source.publish != "full":
        notes.append(f"publish: {source.publish}")
    return " ".join(notes)


def _described(publication: Publication) -> str:
    notes = [publication.title]
    if publication.filters:
        notes.append(_filters(publication.filters))
    if publication.per_source:
        notes.append(f"per source: {publication.per_source}")
    if publication.private:
        notes.append("(private)")
    return " ".join(notes)


def _filters(filters: tuple[Filter, ...]) -> str:
    steps = []
    for step in filters:
        if isinstance(step, Limit):
            steps.append(f"limit {step.count}")
        else:
            name = type(step).__name__.lower()
            steps.append(f"{name} {', '.join(matcher.shown for matcher in step.any_of)}")
    return "filter: " + "; ".join(steps)


def print_status(rows: list[dict[str, Any]], now: datetime) -> None:
    """What `aggregator status` shows."""
    console = Console(highlight=False)
    table = Table("source", "state", "items", "last poll", "next poll", "what", box=None, pad_edge=False)
    for row in rows:
        colour = _COLOURS.get(row["state"], "default")
        table.add_row(
            row["id"],
            f"[{colour}]{row['state']}[/{colour}]",
            str(row["items"]),
            _relative(row["last_poll"], now),
            _relative(row["next_poll"], now),
            escape(_what(row)),
        )
    console.print(table)


def _what(row: dict[str, Any]) -> str:
    told = f"{row['trouble']}: {row['error']}" if row["error"] else row["next_poll_reason"] or ""
    articles = row["articles"]
    if articles and articles["missing"] and not row["error"]:
        told = f"{told}; {row['warnings'][0]}"
    return f"{told} ({row['notice']})" if row["notice"] else told


def _relative(moment: str | None, now: datetime) -> str:
    if moment is None:
        return "-"
    distance = datetime.fromisoformat(moment) - now
    if distance < timedelta(0):
        return f"{format_span(-distance)} ago"
    return f"in {format_span(distance)}" if distance else "now"
