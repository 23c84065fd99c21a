"""Long lists of names, cut to what one statement may carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

SIZE = 500
"""Far below what any database takes (SQLite 32,766, PostgreSQL 65,535), and no slower than more."""


def chunks(names: Iterable[T]) -> Iterator[Sequence[T]]:
    """`names` in lists of at most `SIZE`; none for none."""
    rest = iter(names)
    while some := list(islice(rest, SIZE)):
        yield some
