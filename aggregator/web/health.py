"""For machines that watch us: alive, ready, and how things are going."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import get_args

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from aggregator import __version__
from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.explain.list_reports import LIST_STATUSES, ListReport, list_reports
from aggregator.model import Catalogue, FaultStage, Format, SourceTotals
from aggregator.web.context import WebContext
from aggregator.web.documents import Documents
from aggregator.web.limits import RefusalReason, Traffic
from aggregator.web.work_metrics import WorkMetrics

MOST = 1_000
"""Incidents that are counted."""

_FRESH = {"Cache-Control": "no-store"}
_AWAY = "the database does not answer"
_REPLACED = "the tables are those of a later version, whose processes are to take over\n"


class Health:
    """GET /healthz and /readyz, which name no source and no publication, and /metrics."""

    def __init__(self, context: WebContext, documents: Documents) -> None:
        self._context = context
        self._documents = documents

    async def show_alive(self, _: Request) -> Response:
        """200 while the process answers at all; looks at nothing else, so that a slow disk restarts nobody."""
        return PlainTextResponse("ok\n", headers=_FRESH)

    async def show_ready(self, _: Request) -> Response:
        """200 when there is something to serve, be it from memory; else 503 with the reason."""
        outdated = "feeds.yaml has mistakes; what it said before is in force\n"
        words = outdated if self._context.catalogue().mistakes else ""
        try:
            await self._context.store.ping()
            reason = await self._reason_not_ready()
        except StoreError as error:
            # The text may name paths and hosts: it is for the log, not for whoever asks.
            structlog.get_logger("aggregator.web").warning("the database does not answer", error=str(error))
            is_newer = isinstance(error, SchemaTooNewError)
            reason = await self._reason_not_readable() if is_newer else self._reason_not_held()
            words += _REPLACED if is_newer else f"{_AWAY}; what was published before is served\n"
        if reason is None:
            return PlainTextResponse(f"ready\n{words}", headers=_FRESH)
        return PlainTextResponse(f"not ready: {reason}\n", status_code=503, headers=_FRESH)

    def _names(self) -> list[tuple[str, Format]]:
        """A document of each publication, by its name."""
        return [(one.id, one.formats[0]) for one in self._context.catalogue().publications if one.formats]

    def _reason_not_held(self) -> str | None:
        return None if self._documents.can_serve_on(self._names()) else _AWAY

    async def _reason_not_readable(self) -> str | None:
        """None where what a later version publishes can be read, for as long as that has no web process yet."""
        try:
            await self._context.store.document_etags({name for name, _ in self._names()})
            return await self._reason_not_ready()
        except StoreError:
            return _AWAY

    async def _reason_not_ready(self) -> str | None:
        documents = [await self._documents.get(*name) for name in self._names()]
        missing = documents.count(None)
        if missing:
            return f"{missing} of {len(documents)} publications have not been rendered yet"
        return None

    async def show_metrics(self, request: Request) -> Response:
        """The store's state in Prometheus' text format, read anew for each scrape."""
        registry = CollectorRegistry(auto_describe=False)
        totals = await self._context.store.totals()
        registry.register(_SourceMetrics(self._context.catalogue(), totals, self._context.clock.now()))
        if self._context.catalogue().lists:
            registry.register(await self._list_metrics())
        registry.register(_FaultMetrics(await self._count_faults()))
        tallies, size = await self._context.store.tallies(), await self._context.store.size()
        standing = await self._context.store.incidents(self._context.clock.now(), MOST)
        registry.register(WorkMetrics(tallies, size, self._context.max_size, standing))
        registry.register(_ConnectionMetrics(request.app.state.traffic))
        body = await run_in_threadpool(generate_latest, registry)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST} | _FRESH)

    async def _list_metrics(self) -> _ListMetrics:
        states = (await self._context.store.followed_lists()).states
        return _ListMetrics(list_reports(self._context.catalogue(), states))

    async def _count_faults(self) -> Mapping[FaultStage, int]:
        """How often this program failed, by stage: in polls, and in what comes after."""
        counts = Counter[FaultStage]({one.stage: one.count for one in await self._context.store.faults()})
        for state in (await self._context.store.remarkable_states()).values():
            counts.update({one.stage: one.count for one in state.faults})
        return counts


class _ConnectionMetrics(Collector):
    """Connections and refusals of the one web process that is asked."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("aggregator_web_connections", "Open connections.", self._traffic.open)
        refused = CounterMetricFamily(
            "aggregator_web_refused", "Connections ended or never begun, by why.", labels=["reason"]
        )
        for reason in get_args(RefusalReason):
            refused.add_metric([reason], self._traffic.refused[reason])
        yield refused
        answered = CounterMetricFamily(
            "aggregator_web_requests",
            "Requests that this process answered, by class of status.",
            labels=["status"],
        )
        for digit in range(2, 6):
            answered.add_metric([f"{digit}xx"], self._traffic.answered[digit])
        yield answered
        yield CounterMetricFamily(
            "aggregator_web_request_seconds", "How long they took in all.", self._traffic.seconds
        )


class _SourceMetrics(Collector):
    """How the sources are doing, for one scrape. All comes from the store: every web process reports the same."""

    def __init__(self, catalogue: Catalogue, totals: SourceTotals, now: datetime) -> None:
        self._mistakes = len(catalogue.mistakes)
        self._disabled = len(catalogue.disabled)
        self._polled = len(catalogue.sources) - self._disabled
        self._totals = totals
        self._now = now

    def collect(self) -> Iterable[Metric]:
        info = GaugeMetricFamily("aggregator_info", "The version that answers.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        yield GaugeMetricFamily(
            "aggregator_catalogue_mistakes",
            "Mistakes for which feeds.yaml as it stands now is not in force.",
            self._mistakes,
        )
        statuses, troubles = Counter[str](), Counter[str]()
        for status, trouble, count in self._totals.standing:
            statuses[status] += count
            if trouble is not None:
                troubles[trouble] += count
        statuses["pending"] += max(0, self._polled - statuses.total())  # no worker has met those yet
        statuses["disabled"] = self._disabled
        by_state = GaugeMetricFamily("aggregator_sources", "Sources by state.", labels=["state"])
        for name in ("ok", "error", "blocked", "disabled", "pending"):
            by_state.add_metric([name], statuses[name])
        yield by_state
        failing = GaugeMetricFamily(
            "aggregator_failing_sources", "Sources whose last poll went wrong, by kind.", labels=["trouble"]
        )
        for name in sorted(troubles):
            failing.add_metric([name], troubles[name])
        yield failing
        yield GaugeMetricFamily("aggregator_items", "Items held.", self._totals.items)
        yield CounterMetricFamily("aggregator_polls", "Polls so far.", self._totals.polls)
        late = (self._now - self._totals.due).total_seconds() if self._totals.due is not None else 0.0
        yield GaugeMetricFamily(
            "aggregator_overdue_seconds",
            "How long the longest waiting source has been due; stays small while a worker works.",
            max(0.0, late),
        )


class _ListMetrics(Collector):
    """How the lists are that feeds.yaml follows; nothing where it follows none."""

    def __init__(self, reports: Sequence[ListReport]) -> None:
        self._counts = Counter(one.status for one in reports)

    def collect(self) -> Iterable[Metric]:
        found = GaugeMetricFamily("aggregator_lists", "Lists that are followed, by state.", labels=["state"])
        for name in LIST_STATUSES:
            found.add_metric([name], self._counts[name])
        yield found


class _FaultMetrics(Collector):
    """Every stage is named, so that an alarm on the rise of a count has something to start from."""

    def __init__(self, counts: Mapping[FaultStage, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        faults = CounterMetricFamily(
            "aggregator_internal_faults", "Faults of this program, by stage.", labels=["stage"]
        )
        for stage in get_args(FaultStage):
            faults.add_metric([stage], self._counts.get(stage, 0))
        yield faults
