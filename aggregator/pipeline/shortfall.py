"""Articles that a source points at and that could not be had: how many, why, and what that makes of the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.dates.writing import to_the_minute
from aggregator.model import Due, Missed, SourceState, Trouble

TRIES = 3
"""On so many polls is an article asked for that does not answer."""

IN_A_ROW = 3
"""So many articles that went missing, with none had since the first of them, are no chance any more."""

_REASONS_TOLD = 4
_FAULT = "a fault in this program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is missing of a source's articles.

    Attributes:
        listed: How many articles its newest document points at.
        had: How many of those we have; what is neither had nor missing waits for its turn.
        missing: How many could not be had,
        in_a_row: and how many of those went missing since an article was last had.
        last_had: When that was; None where no version noted it.
        reasons: How many of them for which reason, the commonest first.
        fault: What is known of a fault of our own that is among the reasons; None where none is.
    """

    listed: int
    had: int
    missing: int
    in_a_row: int
    last_had: datetime | None
    reasons: Mapping[str, int]
    fault: str | None

    @property
    def all_new(self) -> bool:
        """Whether what is new fails, though older ones were had."""
        return self.had > 0 and self.in_a_row >= IN_A_ROW

    @property
    def trouble(self) -> Trouble | None:
        """The trouble that it makes of the source, when no article, or none of the newest, could be had."""
        if self.fault is not None:
            return "internal"
        return "articles" if self.all_new or (self.missing and not self.had) else None

    @property
    def sentence(self) -> str:
        """What is missing, told to people with counts and reasons; "" where nothing is."""
        if not self.missing:
            return ""
        told = [f"{reason} ({count})" for reason, count in self.reasons.items()]
        if len(told) > _REASONS_TOLD:
            told[_REASONS_TOLD - 1 :] = ["and others"]
        waiting = max(0, self.listed - self.had - self.missing)
        rest = f"; {waiting} not asked for yet" if waiting else ""
        counts = f"{self.missing} of {self.listed} articles could not be had: {', '.join(told)}{rest}."
        return " ".join(one for one in (counts, self._run, self.fault) if one)

    @property
    def _run(self) -> str:
        if not self.all_new:
            return ""
        last = f", at {to_the_minute(self.last_had)}" if self.last_had else ""
        return f"All {self.in_a_row} that were asked for since one was last had{last}, are among them."


def shortfall(state: SourceState) -> Shortfall:
    """What is missing by a source's last reading."""
    missing = [one for one in state.missed if one.trouble is not None]
    counts = Counter(_reason_shown(one) for one in missing)
    return Shortfall(
        listed=state.listed,
        had=state.had,
        missing=len(missing),
        in_a_row=sum(_is_after(one, state.article_at) for one in missing),
        last_had=state.article_at,
        reasons=dict(counts.most_common()),
        fault=next((one.reason for one in missing if one.trouble == "internal"), None),
    )


def date_missed(missed: Iterable[Missed], before: Iterable[Missed], now: datetime) -> tuple[Missed, ...]:
    """What is missed now, each with when it first was.

    In: what is missed after a poll; what was missed before it, also if that was asked for anew; when the poll was.
    """
    since = {one.url_key: one.since for one in before}
    return tuple(replace(one, since=since.get(one.url_key, now)) for one in missed)


def tell(state: SourceState, failures: int, after_fault: Due) -> SourceState:
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


def _is_after(one: Missed, last_had: datetime | None) -> bool:
    """Whether an article went missing after another was last had, on a later poll."""
    return one.since is not None and (last_had is None or one.since > last_had)


def _reason_shown(one: Missed) -> str:
    return _FAULT if one.trouble == "internal" else one.reason
