"""What came of copying a database, and of putting a copy back."""

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
