"""What we have learned of how a source behaves, kept between its polls. Small, and bounded in every part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.entry import Entry

Identity = Literal["id", "url", "title"]
"""What tells a source's items apart: the publisher's id, the address, or title and date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text that a source's template fills anew at every poll.

    Attributes:
        start: What it begins with, folded.
        end: What it ends with, folded; what stands between the two changes.
        polls: In how many polls it was the only thing that differed in at least half of the items.
    """

    start: str
    end: str
    polls: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """An entry of which nobody can say yet whether we know it.

    Attributes:
        entry: As it came, so that it is not lost should the next document lack it.
        since: The poll that brought it; the next one accepts it.
        reason: One sentence for people.
    """

    entry: Entry
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one poll brought while nobody knew which way its source's documents run.

    Attributes:
        at: When, which is the first sight of its items.
        count: How many entries the document had.
    """

    at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProfile:
    """How a source behaves, as far as its polls showed.

    Attributes:
        identity: What tells its items apart, by what was measured; an editor's word goes before it.
        repeats: Polls that brought one id for several things.
        renames: Polls that brought new ids for most of what was known.
        shared_urls: Whether so many items bore one address that addresses name nothing here.
        relisted: How often an article came again under another id with another headline; not counted beyond a few.
        swings: Whether its texts were seen to go from the whole to a teaser, or back.
        lines: Lines seen to differ with nothing else; those seen often enough are no content.
        leads: Minutes by which the claims of its latest new items lay ahead of their first sight, newest
            first; negative where they lay behind it.
        inverted: Minutes by which all its items claimed to be updated before they were published; 0 for none.
        oldest_first: Whether its documents list the oldest item first, by what could be seen so far.
        ordered: Whether that was ever seen, and not only supposed.
        unordered: What came before it was seen, newest first; a few.
        shared_date: The date that many of its known items suddenly claimed together at the last poll, which is
            not believed; None when there is none.
        quarantined: Entries that wait for the next poll.
        since: When its entries were first judged: what is met later is news. None while that is not known.
        heavy: Digests of texts that took too long to judge; hashes stand in for them.
        places: What its feed calls its own address and that of its site, newest first; a few.
        seed: What the uids of its items are made from instead of its label, where it was renamed or its label was
            another source's; "" for its label.
        day: Since when its new items are counted.
        day_new: How many there were since, those left out included.
        judged_at: When its entries were last judged, so that a repeated poll is not counted twice.
    """

    identity: Identity = "id"
    repeats: int = 0
    renames: int = 0
    shared_urls: bool = False
    relisted: int = 0
    swings: bool = False
    lines: tuple[Line, ...] = ()
    leads: tuple[int, ...] = ()
    inverted: int = 0
    oldest_first: bool = False
    ordered: bool = False
    unordered: tuple[Batch, ...] = ()
    shared_date: datetime | None = None
    quarantined: tuple[Quarantined, ...] = field(default=(), metadata={"stored_as": "held"})
    since: datetime | None = None
    heavy: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    seed: str = ""
    day: datetime | None = None
    day_new: int = 0
    judged_at: datetime | None = None
