"""What each database brings to find items by their words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from aggregator.model import WordSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What an item says, by its terms (`text.terms`).

    Attributes:
        number: Its place among all: whoever has a higher one was published later.
        uid: Whose it is.
        parts: The terms of its title, its text and its names; a phrase stands within one of them.
    """

    number: int
    uid: str
    parts: tuple[Sequence[str], ...]


class WordIndex(Protocol):
    """Full-text search as a database has it, over a table `sayings` of numbers and uids.

    All is done over an open transaction.
    """

    def put(self, connection: Connection, sayings: Sequence[Saying]) -> None:
        """Add these, whose numbers and uids are free."""
        ...

    def drop(self, connection: Connection, uids: Sequence[str]) -> None:
        """Let go of what these say, where anything is known of them; not more of them than one statement takes."""
        ...

    def find(self, connection: Connection, search: WordSearch, below: int, limit: int) -> Collection[int]:
        """The numbers below `below` of those that say what is searched for, highest first."""
        ...

    def sift(self, connection: Connection, search: WordSearch, numbers: Sequence[int]) -> Collection[int]:
        """Those of the numbers, not more than one statement takes, that say what is searched for."""
        ...
