"""Which feeds.yaml is in force, where several processes have a copy of it each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCatalogue:
    """A version of feeds.yaml as the store keeps it.

    Attributes:
        version: Its number; the greatest is in force.
        content: The bytes of the file, `${NAME}` unexpanded. Absent from repr.
        kept_at: When it was taken into use.
    """

    version: int
    content: bytes = field(repr=False)
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueStanding:
    """How a catalogue stands to what is in force for all processes of an installation.

    Attributes:
        version: Its number in the store: that is in force, and not the file. 0 before there is one, None where
            nobody else has a copy, so that the file itself is in force.
        difference: Why the file here is not in force though it may have no mistakes; "" where it is.
        is_superseded: Whether another version is in force, which this process does not understand; it leaves
            polling and publishing to those who do.
        unset: The ids of sources that only processes poll which have the variables that they need.
        lists: Of which version what its lists name is; 0 where it has none.
    """

    version: int | None = None
    difference: str = ""
    is_superseded: bool = False
    unset: frozenset[str] = frozenset()
    lists: int = 0
