"""When a source is polled next, after each kind of outcome of the last poll."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Due, Source, SourceState
from aggregator.schedule.forecast import forecast
from aggregator.schedule.skips import after_skips
from aggregator.schedule.spans import format_span

DAY = timedelta(days=1)
LONGEST_WISH = timedelta(days=7)
"""A publisher's max-age or ttl counts up to this; one typed wrong must not silence a source for years."""

FURTHEST = timedelta(days=31)
"""No source is left alone for longer, whoever asks for it: a due time beyond is known to be a wrong clock's."""

OUTAGE = timedelta(minutes=10)
"""How long to wait, at most, while our own network is down: no request reaches a publisher meanwhile."""

SOON = timedelta(seconds=30)
"""How long to wait while the network of a machine that has just started is not up yet."""

_SPREAD = 0.1
_BACKOFF_EXPONENTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The settings of this installation that bound how often any source is polled.

    Attributes:
        min_interval: No source on the network is asked more often of its own accord.
        longest_backoff: Failing sources are asked at least this often,
        longest_absence: but those whose server says that there is nothing (404, 410) only this often,
        retired: and those that said 410 twice, a day or more apart, this often: somebody may bring them back.
    """

    min_interval: timedelta = timedelta(minutes=5)
    longest_backoff: timedelta = DAY
    longest_absence: timedelta = timedelta(days=7)
    retired: timedelta = timedelta(days=30)


def first_poll(source: Source, now: datetime, count: int, jitter: float) -> Due:
    """When a source that was never polled is due.

    Files at once; others spread over as many seconds as there are sources, at most five minutes, so that a
    start does not begin with a burst. `jitter` is a random number in [0, 1).
    """
    if source.kind == "file":
        return Due(at=now, reason="a new file")
    window = min(float(count), 300.0)
    return Due(at=now + timedelta(seconds=int(window * jitter)), reason="a new source")


def after_success(
    source: Source, state: SourceState, fresh_for: timedelta | None, pace: Pace, now: datetime, *, jitter: float
) -> Due:
    """When a source is due after an answer, changed or not.

    It is the longest of what editor, publisher and installation ask for. `state` brings what the feed itself
    asks for, and when its items were posted: one that posts weekly is not asked every ten minutes.
    """
    wait, reason = max(_wishes(source, state, fresh_for, pace, now), key=lambda wish: wish[0])
    at, skipped = after_skips(now + _add_jitter(wait, jitter), state.hints)
    return Due(at=min(at, now + FURTHEST), reason=f"{reason}, {skipped}" if skipped else reason)


def after_failure(
    source: Source, failures: int, pace: Pace, now: datetime, *, jitter: float, absent: bool = False
) -> Due:
    """When a source is due after the `failures`-th failure in a row.

    The usual wait is doubled each time, up to the longest. `absent`: the server answered that there is nothing
    at this address (404, 410).
    """
    usual = _usual(source, pace)
    doubled = usual * 2 ** min(failures - 1, _BACKOFF_EXPONENTS)
    wait = max(usual, min(doubled, pace.longest_absence if absent else pace.longest_backoff))
    count = "1 failure" if failures == 1 else f"{failures} failures in a row"
    return Due(at=now + _add_jitter(wait, jitter), reason=count)


def after_gone(source: Source, state: SourceState, pace: Pace, now: datetime, *, jitter: float) -> Due:
    """When a source is due after 410 (Gone).

    It is like other absences at first; retired once it was said twice, at least a day apart.
    """
    if state.gone_since is not None and now - state.gone_since >= DAY:
        since = f"{state.gone_since:%Y-%m-%d}"
        return Due(at=now + _add_jitter(pace.retired, jitter), reason=f"retired: gone (410) since {since}")
    return after_failure(source, state.failures + 1, pace, now, jitter=jitter, absent=True)


def after_outage(source: Source, pace: Pace, now: datetime, *, jitter: float, soon: bool = False) -> Due:
    """When a source is due while no host at all can be reached.

    The fault is ours, nobody is penalised, and it may soon be over. `soon`: we have just started, and its host was
    not even found, so that no request can have reached it.
    """
    wait = SOON if soon else min(_usual(source, pace), max(OUTAGE, pace.min_interval))
    return Due(at=now + _add_jitter(wait, jitter), reason="no host at all could be reached")


def after_doubt(source: Source, pace: Pace, now: datetime, *, jitter: float) -> Due:
    """When a source is due whose name was not found, which may be our own trouble: as in an outage."""
    due = after_outage(source, pace, now, jitter=jitter)
    return replace(due, reason="its name was not found; it counts when that is so again")


def after_fault(source: Source, pace: Pace, now: datetime, *, jitter: float) -> Due:
    """When a source is due after a fault of our own.

    It is the usual time, so that a mended installation is well again soon.
    """
    return Due(at=now + _add_jitter(_usual(source, pace), jitter), reason="a fault in this program")


def after_throttle(
    source: Source, retry_at: datetime | None, failures: int, pace: Pace, now: datetime, *, jitter: float
) -> Due:
    """When a source is due after 429 or 503.

    Not before the server allows it, up to a day; without its word, as after a failure.
    """
    backoff = after_failure(source, failures, pace, now, jitter=jitter)
    if retry_at is None:
        return Due(at=backoff.at, reason="the server asked us to slow down")
    floor = now + _add_jitter(_usual(source, pace), jitter)
    asked = min(retry_at, now + DAY)
    return Due(at=max(asked, floor), reason=f"Retry-After until {asked:%Y-%m-%d %H:%M:%S}Z")


def _usual(source: Source, pace: Pace) -> timedelta:
    return source.every if source.kind == "file" else max(source.every, pace.min_interval)


def _wishes(
    source: Source, state: SourceState, fresh_for: timedelta | None, pace: Pace, now: datetime
) -> Iterable[tuple[timedelta, str]]:
    """What each party asks for; on a tie the first one is named."""
    yield source.every, f"every {format_span(source.every)}"
    if source.kind == "file":
        return
    yield pace.min_interval, f"fetch.min_interval {format_span(pace.min_interval)}"
    if fresh_for is not None:
        yield min(fresh_for, LONGEST_WISH), f"max-age {int(fresh_for.total_seconds())}"
    if state.hints.ttl is not None:
        yield min(state.hints.ttl, LONGEST_WISH), f"ttl {format_span(state.hints.ttl)}"
    if state.hints.period is not None:
        yield min(state.hints.period, LONGEST_WISH), f"sy:updatePeriod {format_span(state.hints.period)}"
    expected = forecast(state.posted, now, shortest=source.every, longest=max(source.every, source.max_every))
    if expected is not None:
        yield expected.wait, expected.reason


def _add_jitter(wait: timedelta, jitter: float) -> timedelta:
    """Up to a tenth longer, so that sources drift apart and never all come on the minute."""
    return min(FURTHEST, timedelta(seconds=int(wait.total_seconds() * (1 + _SPREAD * jitter))))
