"""What somebody searches for, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.feed import EntryFault
from aggregator.model.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Terms that stand one behind the other; mostly one.

    Attributes:
        terms: As `text.terms` cuts them, at least one.
        is_beginning: Whether the last of them may go on.
    """

    terms: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSearch:
    """What an item must say to be found, and when it was published.

    Attributes:
        wanted: All of these stand in its title, its text or its names; without any of them nothing is found.
        unwanted: None of these does.
        since: Published then or later; None for however long ago.
        before: Published earlier than this; None for however late.
    """

    wanted: tuple[Phrase, ...] = ()
    unwanted: tuple[Phrase, ...] = ()
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundItems:
    """A part of what was found by its words.

    Attributes:
        items: The latest published first.
        after: Where the next part begins; None at the end. Stays right while items come and go.
    """

    items: tuple[Item, ...]
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What became of some items that were to be found by their words.

    Attributes:
        count: How many wait no longer.
        faults: Of those on which this program failed, by their uids; nobody finds them until they change.
    """

    count: int
    faults: tuple[EntryFault, ...] = ()
