"""For how long a machine let those wait who had something to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_NAP: Final = 0.01


class Stillness:
    """The longest time by which a short sleep was too long, since it was last asked for."""

    def __init__(self) -> None:
        self._longest = 0.0
        self.ended = threading.Event()

    def watch(self) -> None:
        """Measure until it has ended."""
        began = time.monotonic()
        while not self.ended.wait(_NAP):
            now = time.monotonic()
            self._longest = max(self._longest, now - began - _NAP)
            began = now

    def take(self) -> float:
        """Seconds; from now on it is measured anew."""
        longest, self._longest = self._longest, 0.0
        return longest


@contextmanager
def watching() -> Iterator[Stillness]:
    """Watch while the block runs."""
    found = Stillness()
    thread = threading.Thread(target=found.watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.ended.set()
        thread.join()
