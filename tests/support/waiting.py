"""Waiting for something that happens soon: how soon is the machine's affair, so what is waited for decides.

Nothing waits for less than `PATIENCE`: on a machine with twenty others at work a process needs a minute to start.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 300.0
"""Seconds after which what has not happened will not."""

Seen = TypeVar("Seen")


async def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; raises TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 # what happens elsewhere sets no event of ours
            await asyncio.sleep(0.01)


def passing() -> Callable[[float], None]:
    """Lets so many seconds pass, at once, for all that waits in the running event loop, for as long as it runs."""
    loop, passed = asyncio.get_running_loop(), 0.0
    real = loop.time

    def let_pass(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    loop.time = lambda: real() + passed  # type: ignore[method-assign]
    return let_pass


def wait(look: Callable[[], Seen], seconds: float = PATIENCE) -> Seen:
    """The same where there is no event loop: what is seen, once it is anything."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not seen within {seconds} s"
        time.sleep(0.05)
    return found
