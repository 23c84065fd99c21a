"""The next due time after each kind of outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Due, PollHints, Source
from aggregator.schedule.skips import after_skips

DAY = timedelta(days=1)
LONGEST_WISH = timedelta(days=7)
"""A publisher's max-age or ttl counts up to this; one typed wrong must not silence a source for years."""

_SPREAD = 0.1
_BACKOFF_EXPONENTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The bounds of this installation.

    Attributes:
        min_interval: No source on the network is asked more often.
        longest_backoff: Failing sources are asked at least this often.
    """

    min_interval: timedelta = timedelta(minutes=5)
    longest_backoff: timedelta = DAY


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
    source: Source, hints: PollHints, fresh_for: timedelta | None, pace: Pace, now: datetime, *, jitter: float
) -> Due:
    """After an answer, changed or not: the longest of what editor, installation and publisher ask for."""
    wait, reason = max(_wishes(source, hints, fresh_for, pace), key=lambda wish: wish[0])
    at, skipped = after_skips(now + _jittered(wait, jitter), hints)
    return Due(at=at, reason=f"{reason}, {skipped}" if skipped else reason)


def after_failure(source: Source, failures: int, pace: Pace, now: datetime, *, jitter: float) -> Due:
    """After the `failures`-th failure in a row: the usual wait doubled each time, up to the longest backoff."""
    usual = source.every if source.kind == "file" else max(source.every, pace.min_interval)
    doubled = usual * 2 ** min(failures - 1, _BACKOFF_EXPONENTS)
    wait = max(usual, min(doubled, pace.longest_backoff))
    count = "1 failure" if failures == 1 else f"{failures} failures in a row"
    return Due(at=now + _jittered(wait, jitter), reason=count)


def after_throttle(
    source: Source, retry_at: datetime | None, failures: int, pace: Pace, now: datetime, *, jitter: float
) -> Due:
    """After 429 or 503: not before the server allows it, up to a day; without its word, like a failure."""
    backoff = after_failure(source, failures, pace, now, jitter=jitter)
    if retry_at is None:
        return Due(at=backoff.at, reason="the server asked us to slow down")
    floor = now + _jittered(max(source.every, pace.min_interval), jitter)
    asked = min(retry_at, now + DAY)
    return Due(at=max(asked, floor), reason=f"Retry-After until {asked:%Y-%m-%d %H:%M:%S}Z")


def _wishes(
    source: Source, hints: PollHints, fresh_for: timedelta | None, pace: Pace
) -> Iterable[tuple[timedelta, str]]:
    """What each party asks for; on a tie the first one is named."""
    yield source.every, f"every {spoken(source.every)}"
    if source.kind == "file":
        return
    yield pace.min_interval, f"fetch.min_interval {spoken(pace.min_interval)}"
    if fresh_for is not None:
        yield min(fresh_for, LONGEST_WISH), f"max-age {int(fresh_for.total_seconds())}"
    if hints.ttl is not None:
        yield min(hints.ttl, LONGEST_WISH), f"ttl {spoken(hints.ttl)}"
    if hints.period is not None:
        yield min(hints.period, LONGEST_WISH), f"sy:updatePeriod {spoken(hints.period)}"


def _jittered(wait: timedelta, jitter: float) -> timedelta:
    """Up to a tenth longer, so that sources drift apart and never all come on the minute."""
    return timedelta(seconds=int(wait.total_seconds() * (1 + _SPREAD * jitter)))


def spoken(span: timedelta) -> str:
    """A span in the notation of feeds.yaml: `90s`, `10m`, `1h30m`, `2d`."""
    left = int(span.total_seconds())
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts[:2]) or "0s"
