"""What runs in a reading child before and around its work: bounds that the operating system enforces.

Beside `reading`, which the parent needs: a child loads what it reads with, and nothing of what starts it.
"""

from __future__ import annotations

import gc
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

Outcome = TypeVar("Outcome")

SENT_TO_US: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
"""Signals that terminals and supervisors send to all processes of a service."""


def run_within(cpu_seconds: int, work: Callable[..., Outcome], *arguments: object) -> Outcome:
    """Some work within so many further seconds of CPU; the limit of a process only grows."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 1 + cpu_seconds, hard))
    return work(*arguments)


def confine(memory: int) -> None:
    """Set the bounds of a child, leave signals to the parent, and load what most work needs.

    Ctrl-C and a hangup reach every process of the terminal's group; the parent decides what to do with them.
    """
    for number in SENT_TO_US - {signal.SIGTERM}:  # by which the pool ends its children
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # what is loaded stays: to look for rings in it took an eighth of the start
    with suppress(ImportError):  # which the first work tells; the time for loading is not the first feed's
        from aggregator.pipeline import reading

        reading.load()
    gc.freeze()
    gc.enable()
