"""How every source is doing, for the operator and the editor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from aggregator.explain.source_status import SourceReport, source_reports
from aggregator.model import SourceStatus
from aggregator.web.context import WebContext
from aggregator.web.pages import Pages

_WORST_FIRST: tuple[SourceStatus, ...] = ("blocked", "error", "pending", "ok", "disabled")
_TALLY: tuple[SourceStatus, ...] = ("ok", "pending", "error", "blocked", "disabled")


class Status:
    """Answers GET /status. Never shows `Source.location` or headers, which may hold secrets."""

    def __init__(self, context: WebContext, pages: Pages) -> None:
        self._context = context
        self._pages = pages

    async def show(self, request: Request) -> Response:
        """The table, for whoever may see it."""
        now = self._context.clock.now()
        reports = source_reports(self._context.catalogue(), await self._context.store.states(), now)
        counts = Counter(report.status for report in reports)
        values = {
            "reports": sort_worst_first(reports),
            "counts": [(status, counts[status]) for status in _TALLY if counts[status]],
            "items": sum(report.items for report in reports),
            "now": now,
            "mistakes": self._context.catalogue().mistakes,
        }
        return self._pages.render(request, "status.html", values, cache="no-store")


def sort_worst_first(reports: Iterable[SourceReport]) -> tuple[SourceReport, ...]:
    """Sources with trouble before the others, else in the order given."""
    return tuple(sorted(reports, key=lambda report: _WORST_FIRST.index(report.status)))
