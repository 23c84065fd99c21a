"""Metrics of the work done and of what is held: counts, times, the size of the database, what is the matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from aggregator.model import TOOK, Incident, IncidentKind, StoreSize, TallyKey, TallyName, WorkStage

_COUNTERS: Mapping[TallyName, tuple[str, str, str, tuple[str, ...]]] = {
    "fetched": (
        "aggregator_fetches",
        "Requests of the worker, articles' included, by what came of them.",
        "result",
        ("fetched", "unchanged", "gone", "throttled", "blocked", "failed"),
    ),
    "bytes": ("aggregator_fetched_bytes", "Bytes of bodies, decoded.", "", ()),
    "entries": ("aggregator_entries_read", "Entries that feeds and pages held.", "", ()),
    "verdicts": (
        "aggregator_verdicts",
        "Entries by what they were found to be.",
        "verdict",
        ("new", "revised", "bumped", "unchanged"),
    ),
    "compared": ("aggregator_items_compared", "Items that were compared with those of other sources.", "", ()),
    "rendered": (
        "aggregator_publications_rendered",
        "Publications rendered by the worker, by whether any byte changed.",
        "outcome",
        ("changed", "same"),
    ),
    "let_go": ("aggregator_items_let_go", "Items that lost their text, by why.", "reason", ("age", "ceiling")),
}
"""Of each count: the metric's name, what it says, its label and all values of that."""


class WorkMetrics(Collector):
    """What the store holds of all work ever done, for one scrape: every web process reports the same.

    Args:
        tallies: What was counted, ever.
        size: Of the store.
        max_size: Its ceiling; None where there is none.
        standing: What is the matter.
    """

    def __init__(
        self,
        tallies: Mapping[TallyKey, int],
        size: StoreSize,
        max_size: int | None,
        standing: Iterable[Incident] = (),
    ) -> None:
        self._standing = Counter(one.kind for one in standing if one.ended is None)
        self._tallies = tallies
        self._size = size
        self._max_size = max_size

    def collect(self) -> Iterable[Metric]:
        """Each count with every label from the start: an alarm on its rise needs something to start from."""
        yield GaugeMetricFamily("aggregator_store_used_bytes", "What the database holds.", self._size.used)
        yield GaugeMetricFamily(
            "aggregator_store_disk_bytes", "What it takes on the disk, its log included.", self._size.taken
        )
        ceiling = GaugeMetricFamily("aggregator_store_max_bytes", "store.max_size; absent where there is none.")
        if self._max_size is not None:
            ceiling.add_metric([], self._max_size)
        yield ceiling
        for name, (metric, about, label, values) in _COUNTERS.items():
            counter = CounterMetricFamily(metric, about, labels=[label] if label else [])
            for value in values or ("",):
                counter.add_metric([value] if label else [], self._count(name, value))
            yield counter
        yield self._times()
        matter = GaugeMetricFamily("aggregator_incidents", "What is the matter now, by kind.", labels=["kind"])
        for kind in get_args(IncidentKind):
            matter.add_metric([kind], self._standing[kind])
        yield matter

    def _times(self) -> Metric:
        took = HistogramMetricFamily(
            "aggregator_stage_seconds",
            "How long the worker's pieces of work take, by stage; waiting for a turn is part of it.",
            labels=["stage"],
        )
        for stage in get_args(WorkStage):
            buckets, total = [], 0
            for most in TOOK:
                total += self._count("took", f"{stage} {most:g}")
                buckets.append((f"{most:g}" if most != float("inf") else "+Inf", total))
            took.add_metric([stage], buckets, self._count("took_ms", stage) / 1000)
        return took

    def _count(self, name: TallyName, label: str) -> int:
        return self._tallies.get(TallyKey(name=name, label=label), 0)
