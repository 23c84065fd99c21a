"""The clock, and how many files a process may open."""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregator import schedule
from aggregator.dates.writing import to_the_minute
from aggregator.doctor.finding import Finding, fail, ok, warn
from aggregator.model import SourceState
from aggregator.settings import Settings

FILES_BESIDE = 100
"""Open files that a process needs beside its connections: the database, pipes, the log."""


def check_clock(now: datetime, released: datetime, states: Iterable[SourceState]) -> Iterator[Finding]:
    """Whether the clock can be right: later than this version was made, and than the last poll."""
    shown = to_the_minute(now)
    if now < released:
        yield fail(
            "clock",
            f"This machine's clock shows {shown}, which is before this version was made; the worker waits.",
            "Set the clock (timedatectl set-ntp true).",
        )
        return
    ahead = [state for state in states if schedule.future_poll_time(state, now) is not None]
    if ahead:
        yield warn(
            "clock",
            f"The clock shows {shown}, and {len(ahead)} sources were polled later than that.",
            "If the clock is right now, a worker mends it at its start; else set it.",
        )
    else:
        yield ok("clock", f"The clock shows {shown}.")


def check_open_files(settings: Settings) -> Iterator[Finding]:
    """Whether this user's processes may open as many files as the settings let them need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = max(2 * settings.web.connections, 2 * settings.fetch.concurrency) + FILES_BESIDE
    if soft == resource.RLIM_INFINITY or soft >= needed:
        yield ok("open_files", f"{soft if soft != resource.RLIM_INFINITY else 'Any number of'} files may be open.")
        return
    remedy = f"Allow {needed}: LimitNOFILE={needed} in a systemd unit, or ulimit -n"
    if hard != resource.RLIM_INFINITY and hard < needed:
        remedy += f" (as root: at most {hard} are allowed)"
    told = f"A process may have {soft} files open"
    if soft < 2 * FILES_BESIDE:
        yield fail("open_files", f"{told}: too few for worker and web.", f"{remedy}.")
    else:
        yield warn("open_files", f"{told}: so web takes {soft // 2} connections at most.", f"{remedy}.")
