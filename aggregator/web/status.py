"""How every source is doing, for the operator and the editor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator.explain.source_status import SourceReport, source_reports
from aggregator.model import SourceStatus
from aggregator.publish import render_incidents
from aggregator.publish.incident_feed import NAME as INCIDENTS
from aggregator.web.answers import Representation, answer, entity_tag
from aggregator.web.context import WebContext
from aggregator.web.kept_page import KeptPage
from aggregator.web.pages import Pages
from aggregator.web.stored_changes import Changes

_WORST_FIRST: tuple[SourceStatus, ...] = ("blocked", "error", "pending", "ok", "disabled")
_TALLY: tuple[SourceStatus, ...] = ("ok", "pending", "error", "blocked", "disabled")


SHOWN_FOR = timedelta(days=90)
MOST = 100
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates the feed while nothing was ever the matter: a date that moved would be a change that readers ask for."""


class Status:
    """Answers GET /status. Never shows `Source.location` or headers, which may hold secrets."""

    def __init__(self, context: WebContext, pages: Pages, changes: Changes) -> None:
        self._context = context
        self._pages = pages
        self._page = KeptPage(context, changes)

    async def show(self, request: Request) -> Response:
        """The table, for whoever may see it."""
        return answer(request, await self._page.get(partial(self._make, request)))

    async def _make(self, request: Request) -> Representation:
        now = self._context.clock.now()
        reports = source_reports(self._context.catalogue(), await self._context.store.states(), now)
        counts = Counter(report.status for report in reports)
        values = {
            "reports": sort_worst_first(reports),
            "counts": [(status, counts[status]) for status in _TALLY if counts[status]],
            "items": sum(report.items for report in reports),
            "now": now,
            "incidents": [one for one in await self._context.store.incidents(now, MOST) if one.ended is None],
            "mistakes": self._context.catalogue().mistakes,
            "difference": self._context.catalogue().standing.difference,
        }
        return await self._pages.represent(request, "status.html", values, cache="no-store")

    async def show_incidents(self, request: Request) -> Response:
        """GET /status.atom: what is the matter, and what was within three months; an entry for each."""
        now = self._context.clock.now()
        found = await self._context.store.incidents(now - SHOWN_FOR, MOST)
        site, name = self._context.catalogue().site, await self._context.store.feed_name(INCIDENTS)
        body = await run_in_threadpool(render_incidents, found, site, name, EPOCH)
        modified = max((one.changed for one in found), default=None)
        return answer(
            request,
            Representation(
                body=body,
                media_type="application/atom+xml; charset=utf-8",
                etag=entity_tag(body),
                modified=modified,
                cache="private, no-cache",
            ),
        )


def sort_worst_first(reports: Iterable[SourceReport]) -> tuple[SourceReport, ...]:
    """Sources with trouble before the others, else in the order given."""
    return tuple(sorted(reports, key=lambda report: _WORST_FIRST.index(report.status)))
