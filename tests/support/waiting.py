"""Waiting for something that happens soon: how soon is the machine's affair, so what is waited for decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], seconds: float = 300.0) -> None:
    """Wait until a condition holds; raises TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 # what happens elsewhere sets no event of ours
            await asyncio.sleep(0.01)
