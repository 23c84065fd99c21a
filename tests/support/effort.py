"""What work takes: CPU, for which a busy machine does not count, in proportion to what the machine can do."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_USUAL = 0.0032
"""CPU seconds of `loop` where the bounds that tests name were chosen."""


def loop() -> None:
    """What else is measured beside: some milliseconds of what Python does all day."""
    found: dict[str, list[int]] = {}
    for number in range(20_000):
        found.setdefault(f"key {number % 97}", []).append(number)
    sorted(found, key=lambda name: sum(found[name]))


@contextmanager
def within(seconds: float, spent: Callable[[], float] = time.process_time) -> Iterator[None]:
    """What the block does takes less CPU than so many seconds, or than those of a machine that is slower."""
    begun = spent()
    yield
    took = spent() - begun
    assert took < seconds or took < seconds * _slowness(), f"{took:.2f} s of CPU"


def cpu_of_ended() -> float:
    """Seconds that processes of ours which have ended worked, with all below them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def worked(pid: int) -> float:
    """Seconds that a process has worked, with all of its threads."""
    said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def _slowness() -> float:
    """How many times as long this machine takes for the same."""
    took = []
    for _ in range(10):
        begun = time.process_time()
        loop()
        took.append(time.process_time() - begun)
    return sorted(took)[len(took) // 2] / _USUAL
