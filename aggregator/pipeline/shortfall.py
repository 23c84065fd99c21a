"""Articles that a source points at and that could not be had: how many, why, and what that makes of the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aggregator.model import Due, Missed, SourceState, Trouble
from aggregator.pipeline.articles import TRIES

_REASONS_TOLD = 4
_FAULT = "a fault in this program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is missing of a source's articles.

    Attributes:
        listed: How many articles its newest document points at.
        had: How many of those we have; what is neither had nor missing waits for its turn.
        missing: How many could not be had.
        reasons: How many of them for which reason, the commonest first.
        fault: What is known of a fault of our own that is among the reasons; None where none is.
    """

    listed: int
    had: int
    missing: int
    reasons: Mapping[str, int]
    fault: str | None

    @property
    def trouble(self) -> Trouble | None:
        """What this makes of the source: none of its articles is trouble, and so is any fault of ours."""
        if self.fault is not None:
            return "internal"
        return "articles" if self.missing and not self.had else None

    @property
    def sentence(self) -> str:
        """For people, with counts and reasons; "" where nothing is missing."""
        if not self.missing:
            return ""
        told = [f"{reason} ({count})" for reason, count in self.reasons.items()]
        if len(told) > _REASONS_TOLD:
            told[_REASONS_TOLD - 1 :] = ["and others"]
        waiting = max(0, self.listed - self.had - self.missing)
        rest = f"; {waiting} not asked for yet" if waiting else ""
        counts = f"{self.missing} of {self.listed} articles could not be had: {', '.join(told)}{rest}."
        return f"{counts} {self.fault}" if self.fault else counts


def shortfall(state: SourceState) -> Shortfall:
    """What is missing by a source's last reading."""
    missing = [one for one in state.missed if one.trouble is not None]
    counts = Counter(_shown(one) for one in missing)
    return Shortfall(
        listed=state.listed,
        had=state.had,
        missing=len(missing),
        reasons=dict(counts.most_common()),
        fault=next((one.reason for one in missing if one.trouble == "internal"), None),
    )


def told(state: SourceState, failures: int, after_fault: Due) -> SourceState:
    """The state of a source whose list was read well, with what is to be said of its articles.

    In: the state; how many polls in a row went wrong before; when to ask again after a fault of ours, which must
    not wait for what publisher and forecast ask for.
    """
    found = shortfall(state)
    if found.trouble is None:
        return state
    state = replace(state, status="error", trouble=found.trouble, error=found.sentence, failures=failures + 1)
    if found.trouble == "internal" and after_fault.at < state.next_poll_at:
        return replace(state, next_poll_at=after_fault.at, next_poll_reason=after_fault.reason)
    return state


def missing(one: Missed) -> str:
    """Why an article could not be had, and whether it is asked for again; in the middle of a sentence."""
    again = "not to be asked for again" if one.tries >= TRIES else "to be asked for again"
    return f"{one.reason.rstrip('.') or 'for a reason that was not noted'} ({again})"


def _shown(one: Missed) -> str:
    return _FAULT if one.trouble == "internal" else one.reason
