"""The tables, whether a worker works on them, and whether what is published is well formed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from aggregator import publish
from aggregator.dates.writing import to_the_minute
from aggregator.doctor.finding import Finding, fail, ok, warn
from aggregator.model import Catalogue, DatabaseCondition, SourceState
from aggregator.ports import Store
from aggregator.schedule import format_span

LATE = timedelta(minutes=10)
"""A source that has been due for longer has no worker, or none that gets round."""

DEAD = timedelta(hours=3)
"""Longer than any cron job that polls would leave it."""


def check_tables(condition: DatabaseCondition) -> Iterator[Finding]:
    """Whose tables they are, of which revision, and whether they are whole."""
    if condition.refusal is not None:
        told, _, remedy = condition.refusal.rpartition(": ")
        yield fail("database", f"{_begin(told or remedy)}.", f"{_begin(remedy)}.")
    elif condition.revision is None:
        yield warn("database", "There is no database yet.", "Start a worker, or run `aggregator poll`.")
    elif condition.faults:
        yield fail(
            "database",
            f"The database {condition.path} is damaged: {condition.faults[0]}.",
            "End worker and web; put back a copy with `aggregator restore FILE`, or move it away and read anew.",
        )
    elif not condition.is_current:
        yield warn(
            "database",
            f"Its tables are at {condition.revision}; the next start of worker or web brings them up to date.",
            "Make a copy with pg_dump before."
            if condition.path is None
            else "Nothing, if that is meant: it is copied beside itself before.",
        )
    else:
        yield ok("database", f"Its tables are at {condition.revision}, as this version needs them.")


def check_worker(catalogue: Catalogue, states: Mapping[str, SourceState], now: datetime) -> Iterator[Finding]:
    """Whether somebody polls what is due."""
    known = [states[one.id] for one in catalogue.sources if one.enabled and one.id in states]
    last = max((state.last_poll_at for state in known if state.last_poll_at is not None), default=None)
    late = max((now - state.next_poll_at for state in known), default=timedelta(0))
    start = "Start a worker (`aggregator worker`, or `run`), or `aggregator poll` from cron; then look at its log."
    if last is None:
        yield warn("worker", "No source was ever polled.", start)
    elif late <= LATE or now - last <= LATE:
        seen = f"that a worker ended is seen once something has been due for {format_span(LATE)}"
        yield ok("worker", f"The last poll was at {to_the_minute(last)}; {seen}.")
    elif late <= DEAD:
        yield warn(
            "worker", f"A source has been due for {format_span(late)}, and nothing was polled meanwhile.", start
        )
    else:
        yield fail("worker", f"Nothing has been polled since {to_the_minute(last)}, and much is due.", start)


async def check_outputs(store: Store) -> list[Finding]:
    """Whether every stored document is as its format wants it."""
    count, faults = await find_output_faults(store)
    if faults:
        remedy = "`aggregator publish --to DIR` renders what is outdated; a fault that stays is ours: report it."
        return [fail("outputs", one, remedy) for one in faults]
    if not count:
        return [warn("outputs", "Nothing is published yet.", "Start a worker, or run `aggregator poll`.")]
    return [ok("outputs", f"{count} published documents are as their formats want them.")]


async def find_output_faults(
    store: Store, begin: Callable[[int], Callable[[], None]] | None = None
) -> tuple[int, list[str]]:
    """How many documents are stored, and the faults of them all, each with the name of its document.

    `begin` is told how many there are, and gives what is to be called after each.
    """
    found: list[str] = []
    names = sorted(await store.etags(), key=lambda name: name.path)
    advance = begin(len(names)) if begin is not None else lambda: None
    for name in names:
        if name.archive_page is None:
            document = await store.document(name.publication_id, name.format)
        else:
            document = await store.archive_page(name.publication_id, name.archive_page, name.format)
        faults = publish.find_faults(document) if document is not None else ()
        found += [f"{name.path}: {fault}" for fault in faults]
        advance()
    return len(names), found


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]
