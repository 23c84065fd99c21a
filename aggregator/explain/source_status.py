"""How a source is doing, as the status page and `aggregator status` tell it."""

from __future__ import annotations

from aggregator.model import Source, SourceState, SourceStatus
from aggregator.pipeline.shortfall import shortfall


def status_of(source: Source, state: SourceState | None) -> SourceStatus:
    """The status to show; `state` is None before the first poll. feeds.yaml has the last word on `disabled`."""
    if not source.enabled:
        return "disabled"
    return state.status if state is not None else "pending"


def warnings_of(state: SourceState) -> tuple[str, ...]:
    """What the last reading met, in sentences; first that articles are missing, unless its error tells that."""
    found = shortfall(state)
    missing = (found.sentence,) if found.missing and found.trouble is None else ()
    return (*missing, *state.warnings)
