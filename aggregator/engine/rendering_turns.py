"""How much one process renders for those who ask."""

from __future__ import annotations

import asyncio
from typing import Final

PER_SECOND: Final = 8
"""Renderings a second at most, for all who ask: thirty milliseconds of CPU each, so a quarter of one core."""


class Turns:
    """Gives out turns to render, so many a second, and a second's worth ahead."""

    def __init__(self) -> None:
        self._free_at = 0.0

    def take(self) -> bool:
        """Whether this second has room for another one, which is taken then."""
        now = asyncio.get_running_loop().time()
        if self._free_at > now + 1:
            return False
        self._free_at = max(self._free_at, now) + 1 / PER_SECOND
        return True
