"""A database as a file: how it was found, how large it is, copies of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy of a database that was read again and found whole.

    Attributes:
        path: The file.
        revision: Of its tables.
        rows: How many each table has, as the original had when it was copied.
        size: Bytes.
    """

    path: Path
    revision: str
    rows: Mapping[str, int]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A copy that was put back in the place of a database.

    Attributes:
        backup: What is there now.
        replaced: Where the database lies that was there before; None where there was none.
        upgrade: The revision to which the next start brings the tables; None where they are current.
    """

    backup: Backup
    replaced: Path | None
    upgrade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCondition:
    """How a database was found by who only looked at it.

    Attributes:
        path: Its file; None for one that has none.
        revision: Of its tables; None where there are none yet.
        is_current: Whether that is the revision with which this version works.
        size: Bytes, with what lies beside it.
        faults: What is damaged in it, each as one sentence; one or two are enough.
        refusal: Why it cannot be used at all, with what to do; None where it can.
    """

    path: Path | None = None
    revision: str | None = None
    is_current: bool = False
    size: int = 0
    faults: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclaimed:
    """What came of giving free room in the database back to the disk.

    Attributes:
        freed: Bytes.
        refused: Why there is more that cannot be given back now, one sentence; None where there is not.
    """

    freed: int
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSize:
    """How much of the disk a database takes.

    Attributes:
        used: Bytes in which something is stored.
        taken: Bytes on the disk: those, free ones that were not given back, and what is not yet in its place.
    """

    used: int
    taken: int
