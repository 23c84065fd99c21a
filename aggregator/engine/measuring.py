"""What one poll took, stage by stage: the adapters that it calls, each with a watch beside it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from aggregator.engine.tallies import Tallies
from aggregator.model import (
    Blocked,
    Decision,
    Failed,
    Fetched,
    FetchResult,
    Gone,
    Reading,
    Throttled,
    Unchanged,
    Update,
    WorkStage,
)
from aggregator.pipeline.refresh import Services
from aggregator.ports import Fetcher, Reader, SourceStore

_OUTCOMES: Final[Mapping[type[FetchResult], tuple[str, int | None]]] = {
    Fetched: ("fetched", None),
    Unchanged: ("unchanged", 304),
    Gone: ("gone", 410),
    Throttled: ("throttled", None),
    Blocked: ("blocked", None),
    Failed: ("failed", None),
}
"""What the log and the metrics call each result, and its status of HTTP where the result names none. Charts and
alerts are made of these words: they stay when a class is renamed."""


@dataclass(slots=True)
class Measured:
    """What was seen of one poll.

    Attributes:
        tallies: What this process counts; some of it is added there, too.
        seconds: By stage. Waiting for one's turn is part of a stage.
        requests: How many, the feed's and its articles'.
        result: What came of the first of them, as _OUTCOMES calls it; "" where none was made.
        status: That of HTTP, where there was one.
        bytes: Of all bodies, decoded.
        entries: In what was read as a feed, those included that are as they were and were not read again.
        faults: Entries on which this program failed.
    """

    tallies: Tallies
    seconds: dict[WorkStage, float] = field(default_factory=dict)
    requests: int = 0
    result: str = ""
    status: int | None = None
    bytes: int = 0
    entries: int = 0
    faults: int = 0

    def watch(self, services: Services) -> Services:
        """The services, with what goes through them noted here."""
        return replace(
            services,
            fetcher=cast("Fetcher", _Watched(services.fetcher, lambda _: "fetch", self)),
            reader=cast("Reader", _Watched(services.reader, _stage_of_reading, self)),
            store=cast("SourceStore", _Watched(services.store, lambda _: "store", self)),
        )

    def describe(self, update: Update) -> dict[str, Any]:
        """What the poll's one line in the log says; counts what became of its entries."""
        kinds = Counter(change.verdict.kind for change in update.changes)
        unchanged = max(0, self.entries - kinds.total() - self.faults)
        for kind, count in (*kinds.items(), ("unchanged", unchanged)):
            self.tallies.add("verdicts", kind, count)
        state = update.state
        stages: tuple[WorkStage, ...] = ("fetch", "read", "judge", "store")
        return {
            "result": self.result,
            "status": self.status,
            "requests": self.requests,
            "bytes": self.bytes,
            **{f"{stage}_ms": round(self.seconds.get(stage, 0.0) * 1000) for stage in stages},
            **{kind: kinds[kind] for kind in ("new", "revised", "bumped")},
            "unchanged": unchanged,
            "faults": self.faults,
            "next": state.next_poll_at.isoformat(),
            "why": state.next_poll_reason,
            **({} if state.error is None else {"trouble": state.trouble, "error": state.error}),
        }

    def note(self, stage: WorkStage, seconds: float, result: object) -> None:
        """One call, with what came of it."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        self.tallies.took(stage, seconds)
        if stage == "fetch":
            self._note_answer(cast("FetchResult", result))
        elif isinstance(result, Reading):
            held = len(result.entries) + len(result.same)
            self.entries += held
            self.faults += len(result.faults)
            self.tallies.add("entries", count=held)
        elif isinstance(result, Decision):
            self.faults += len(result.faults)

    def _note_answer(self, result: FetchResult) -> None:
        outcome, status = _OUTCOMES[type(result)]
        self.tallies.add("fetched", outcome)
        self.requests += 1
        if self.requests == 1:
            self.result = outcome
            known = result.status if isinstance(result, Fetched | Failed | Throttled) else None
            self.status = known or status
        if isinstance(result, Fetched):
            self.bytes += len(result.body)
            self.tallies.add("bytes", count=len(result.body))


class _Watched:
    """An adapter of which every call is timed; what raises counts with its time and nothing else."""

    def __init__(self, adapter: object, stage_of: Callable[[str], WorkStage], measured: Measured) -> None:
        self._adapter = adapter
        self._stage_of = stage_of
        self._measured = measured

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        call: Callable[..., Awaitable[Any]] = getattr(self._adapter, name)
        stage = self._stage_of(name)

        async def timed(*given: Any, **named: Any) -> Any:
            begun = time.monotonic()
            try:
                result = await call(*given, **named)
            except BaseException:
                self._measured.tallies.took(stage, time.monotonic() - begun)
                raise
            self._measured.note(stage, time.monotonic() - begun, result)
            return result

        return timed


def _stage_of_reading(name: str) -> WorkStage:
    return "judge" if name == "judge" else "read"
