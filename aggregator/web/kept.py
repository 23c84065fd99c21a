"""What the store counted and how large it is, as metrics: every web process reports the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aggregator.model import StoreSize, TallyKey


class Kept(Collector):
    """One scrape's numbers.

    Args:
        tallies: What was counted, ever.
        size: Of the store.
        max_size: Its ceiling; None where there is none.
    """

    def __init__(self, tallies: Mapping[TallyKey, int], size: StoreSize, max_size: int | None) -> None:
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
        let_go = CounterMetricFamily(
            "aggregator_items_let_go", "Items that lost their text, by why.", labels=["reason"]
        )
        for reason in ("age", "ceiling"):
            let_go.add_metric([reason], self._tallies.get(TallyKey(name="let_go", label=reason), 0))
        yield let_go
