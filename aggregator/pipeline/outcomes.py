"""How a poll ended -> what is remembered of its source: its status, its trouble, and when it is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator import schedule
from aggregator.model import (
    RECENT,
    Blocked,
    Due,
    EntryFault,
    Failed,
    Faults,
    FaultStage,
    Fetched,
    FetchResult,
    Gone,
    PollMark,
    Source,
    SourceState,
    Throttled,
    Trouble,
    Unchanged,
    Update,
)
from aggregator.pipeline.article import AT_ONCE
from aggregator.pipeline.request import Request, is_network_trouble, jitter
from aggregator.ports import Clock, Fetcher, Reader, SourceStore
from aggregator.text.redaction import Redactor

_NAMED = 5
"""Entries that the warnings name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The adapters and settings that a poll works with.

    Attributes:
        fetcher: Gets bytes.
        reader: Makes entries of them, and judges those.
        store: Where sources and items are.
        clock: Tells the time.
        pace: How often sources are asked, by the settings.
        spelled: Knows the secrets that belong to the source that is polled.
        most_articles: How many articles of its list one poll asks for.
        network: Whether it is our own network that fails.
    """

    fetcher: Fetcher
    reader: Reader
    store: SourceStore
    clock: Clock
    pace: schedule.Pace
    spelled: Redactor = field(default_factory=lambda: Redactor(()))
    most_articles: int = AT_ONCE
    network: schedule.Reachability = field(default_factory=schedule.Reachability)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollContext:
    """A poll that got its answer: what is to be judged, and by what.

    Attributes:
        request: Who is asked, and where.
        state: What is known of the source, this poll included.
        services: What polling calls.
        now: When the answer came.
    """

    request: Request
    state: SourceState
    services: Services
    now: datetime

    @property
    def source(self) -> Source:
        """With the location that was asked."""
        return self.request.source


def record_success(poll: PollContext, state: SourceState, answer: Fetched | Unchanged) -> SourceState:
    """The state of a source after its feed came, or word that it is as it was."""
    due = schedule.after_success(
        poll.source, state, answer.fresh_for, poll.services.pace, poll.now, jitter=jitter()
    )
    return replace(
        state,
        next_poll_at=due.at,
        next_poll_reason=due.reason,
        last_success_at=poll.now,
        status="ok",
        trouble=None,
        error=None,
        failures=0,
    )


def record_throttle(poll: PollContext, answer: Throttled) -> Update:
    """The update after a server said that it wants to be left alone for a while."""
    due = schedule.after_throttle(
        poll.source, answer.retry_at, poll.state.failures + 1, poll.services.pace, poll.now, jitter=jitter()
    )
    return Update(state=_mark_unwell(poll.state, due, "rate_limited", answer.message))


def record_gone(poll: PollContext, answer: Gone) -> Update:
    """The update after a server said that there will be no feed any more."""
    due = schedule.after_gone(poll.source, poll.state, poll.services.pace, poll.now, jitter=jitter())
    state = replace(poll.state, gone_since=poll.state.gone_since or poll.now)
    return Update(state=_mark_unwell(state, due, "gone", answer.message))


def record_refusal(poll: PollContext, answer: Blocked) -> Update:
    """The update after we refused to ask, for the machine's sake or since the host wishes so."""
    trouble: Trouble = "opted_out" if answer.opted_out else "blocked"
    return record_failure(poll, Failed(trouble=trouble, message=answer.message))


def record_failure(poll: PollContext, trouble: Failed, stage: FaultStage = "read") -> Update:
    """The update after anything else went wrong; `stage` says where, in case it is a fault of our own."""
    pace, now = poll.services.pace, poll.now
    if trouble.trouble == "internal":
        # Not backed off: whoever mends the installation should see it work at the next usual turn.
        due = schedule.after_fault(poll.source, pace, now, jitter=jitter())
        state = replace(poll.state, faults=add_faults(poll.state.faults, stage))
        return Update(state=_mark_unwell(state, due, "internal", trouble.message))
    excused = _due_excused(poll, trouble)
    if excused is not None:
        unpunished = _mark_unwell(poll.state, excused, trouble.trouble, trouble.message)
        return Update(state=replace(unpunished, failures=poll.state.failures))
    absent = trouble.status == 404
    due = schedule.after_failure(poll.source, poll.state.failures + 1, pace, now, jitter=jitter(), absent=absent)
    return Update(state=_mark_unwell(poll.state, due, trouble.trouble, trouble.message))


def _due_excused(poll: PollContext, trouble: Failed) -> Due | None:
    """When to ask again after a failure that may be our own network's; None where it is the source's."""
    network, pace, now = poll.services.network, poll.services.pace, poll.now
    unnamed = trouble.trouble == "dns"
    if is_network_trouble(trouble) and network.is_down(now):
        soon = unnamed and network.is_starting(now)
        return schedule.after_outage(poll.source, pace, now, jitter=jitter(), soon=soon)
    if unnamed and network.is_doubtful(poll.request.host or "", now, again=poll.state.trouble == "dns"):
        return schedule.after_doubt(poll.source, pace, now, jitter=jitter())
    return None


def record_faults(
    poll: PollContext, update: Update, *, read: tuple[EntryFault, ...] = (), judged: tuple[EntryFault, ...] = ()
) -> Update:
    """The update of a poll that went well, told as our trouble where we failed on single entries.

    In: what became of the others; the faults of reading and of judging, of which each names its entry. All else is
    written as ever. The feed is asked for again at the next usual turn.
    """
    faults = (*read, *judged)
    if not faults:
        return update
    counts = add_faults(update.state.faults, "read", len(read)) if read else update.state.faults
    counts = add_faults(counts, "poll", len(judged)) if judged else counts
    named = tuple(f"'{one.entry}' waits: a fault in this program ({one.error})." for one in faults[:_NAMED])
    kinds = ", ".join(sorted({one.error for one in faults}))
    many = "1 entry waits" if len(faults) == 1 else f"{len(faults)} entries wait"
    due = schedule.after_fault(poll.source, poll.services.pace, poll.now, jitter=jitter())
    state = replace(update.state, faults=counts, warnings=(*update.state.warnings, *named))
    if update.state.next_poll_at < due.at:
        due = Due(at=update.state.next_poll_at, reason=update.state.next_poll_reason)
    message = f"{many}, for a fault in this program ({kinds}); the log has the details. Report it."
    return replace(
        update, state=_mark_unwell(replace(state, failures=poll.state.failures), due, "internal", message)
    )


def mark_poll(update: Update, result: FetchResult | None = None) -> Update:
    """The update of a poll, whose end is noted among its source's latest ones; `result` is the answer, if any."""
    marks = f"{update.state.recent}{_mark(update, result)}"
    return replace(update, state=replace(update.state, recent=marks[-RECENT:]))


def _mark(update: Update, result: FetchResult | None) -> PollMark:
    if update.state.trouble is not None:
        return "w" if update.state.trouble == "rate_limited" else "f"
    kinds = {change.verdict.kind for change in update.changes}
    if "new" in kinds:
        return "n"
    if "revised" in kinds:
        return "u"
    return "3" if isinstance(result, Unchanged) else "s"


def add_faults(faults: tuple[Faults, ...], stage: FaultStage, more: int = 1) -> tuple[Faults, ...]:
    """The counts of our own faults after some more at a stage."""
    counts: Counter[FaultStage] = Counter({one.stage: one.count for one in faults})
    counts[stage] += more
    return tuple(Faults(stage=name, count=counts[name]) for name in sorted(counts))


def _mark_unwell(state: SourceState, due: Due, trouble: Trouble, message: str) -> SourceState:
    return replace(
        state,
        next_poll_at=due.at,
        next_poll_reason=due.reason,
        status="blocked" if trouble in {"blocked", "opted_out"} else "error",
        trouble=trouble,
        error=message,
        failures=state.failures + 1,
    )
