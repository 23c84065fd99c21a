"""Editors' filters on what was stored, away from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def sift(found: Iterable[T], is_let_through: Callable[[T], bool]) -> list[T]:
    """What is let through, in its order.

    In a thread: a pattern may take a tenth of a second on a text that was made for it, and whoever reads or is
    polled meanwhile must not wait for that.
    """
    every = list(found)
    return await asyncio.to_thread(lambda: [one for one in every if is_let_through(one)]) if every else []
