"""How every source is doing, for the operator and the editor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from aggregator import schedule
from aggregator.explain.source_status import status_of, warnings_of
from aggregator.model import Catalogue, Origin, Source, SourceState, SourceStatus
from aggregator.web import time_words
from aggregator.web.context import WebContext
from aggregator.web.pages import Pages

_WORST_FIRST: tuple[SourceStatus, ...] = ("blocked", "error", "pending", "ok", "disabled")
_TALLY: tuple[SourceStatus, ...] = ("ok", "pending", "error", "blocked", "disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source in the table.

    Attributes:
        id, title, url: As in feeds.yaml; the URL without secrets.
        status: As in `SourceStatus`.
        trouble: The error's text, or None.
        failures: Polls in a row that went wrong.
        warnings: What the editor should do, which articles are missing, and those of the last reading.
        last: When it was last asked, or None.
        last_words: The same, in words.
        next: When it will be asked next, or None when it will not.
        next_words: The same, in words.
        why: Why then.
        items: How many of its items we hold.
    """

    id: str
    title: str
    url: str
    status: SourceStatus
    trouble: str | None
    failures: int
    warnings: tuple[str, ...]
    last: datetime | None
    last_words: str
    next: datetime | None
    next_words: str
    why: str
    items: int


class Status:
    """GET /status. Never shows `Source.location` or headers, which may hold secrets."""

    def __init__(self, context: WebContext, pages: Pages) -> None:
        self._context = context
        self._pages = pages

    async def show(self, request: Request) -> Response:
        """The table, for whoever may see it."""
        now = self._context.clock.now()
        table = rows(self._context.catalogue(), await self._context.store.states(), now)
        counts = Counter(row.status for row in table)
        values = {
            "rows": table,
            "counts": [(status, counts[status]) for status in _TALLY if counts[status]],
            "items": sum(row.items for row in table),
            "now": now,
        }
        return self._pages.page(request, "status.html", values, cache="no-store")


def rows(catalogue: Catalogue, states: Mapping[str, SourceState], now: datetime) -> tuple[Row, ...]:
    """A row for every source of the catalogue, those with trouble first, else in the editor's order."""
    found = [_row(source, states.get(source.id), now) for source in catalogue.sources]
    return tuple(sorted(found, key=lambda row: _WORST_FIRST.index(row.status)))


def _row(source: Source, state: SourceState | None, now: datetime) -> Row:
    state = state or SourceState(source_id=source.id, next_poll_at=now)
    last = state.last_poll_at
    upcoming = state.next_poll_at if source.enabled else None
    notice = schedule.all_notices(state, now)
    return Row(
        id=source.id,
        title=Origin(source=source, meta=state.meta).title,
        url=source.url,
        status=status_of(source, state),
        trouble=state.error,
        failures=state.failures,
        warnings=tuple(one for one in (notice, *warnings_of(state)) if one),
        last=last,
        last_words=time_words.distance(last, now) if last else "never",
        next=upcoming,
        next_words=time_words.distance(upcoming, now) if upcoming else "not polled",
        why=state.next_poll_reason if upcoming else "disabled in feeds.yaml",
        items=state.items,
    )
