"""Reads the entries of a document one by one, so that a fault of ours on one costs that one only."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from aggregator.model import EntryFault, RawEntry

Found = TypeVar("Found")

_LONGEST = 100


def read_each(
    found: Iterable[Found], read: Callable[[Found], RawEntry], called: Callable[[Found], Any]
) -> tuple[tuple[RawEntry, ...], tuple[EntryFault, ...]]:
    """What a reader makes of each of the entries that were found, and a fault for each on which it raised.

    In: the entries; their reader; what one of them calls itself, if anything. Raises what the reader raises where
    it is no entry's: of memory, of a broken installation, and where no entry could be read at all.
    """
    made: list[RawEntry] = []
    faults: list[EntryFault] = []
    first: Exception | None = None
    for one in found:
        try:
            made.append(read(one))
        except (ImportError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 # the boundary: it costs this entry, and is told
            first = first or error
            name = (" ".join(str(called(one) or "").split()) or "an entry without a title")[:_LONGEST]
            trace = "".join(traceback.format_exception(error))
            faults.append(EntryFault(entry=name, error=type(error).__name__, trace=trace))
    if first is not None and not made:
        raise first
    return tuple(made), tuple(faults)
