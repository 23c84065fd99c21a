"""What the tokens of a date string have told so far: one slot for each part, filled once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from aggregator.dates.lexer import Token
from aggregator.dates.vocabulary import Sense


class FreeNumber(NamedTuple):
    """A number of a date string of which it is not known yet whether it is a day, a month or a year.

    Attributes:
        value: Itself.
        length: How many digits were written.
        dotted: Whether a dot follows, as after ordinals in many languages.
        before: The word or mark that precedes it; empty after another number and at the beginning.
    """

    value: int
    length: int
    dotted: bool = False
    before: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """A date under construction: what the tokens of a date string have told of it so far.

    Attributes:
        numbers: Those without a role, in order.
        parts: Those with one: year, month, day, hour, minute, second.
        triple: Three numbers with separators, if any.
        names: Senses of each word that names a month or a weekday.
        places: For each of `names`, how many numbers stood before it.
        half: `am`, `pm`, `noon` or empty.
        doubtful: A word that is a half of the day in the languages of its sense only.
        undecided: Whether that word is nothing else, so that it must be that.
        shifts: Zones that were written as numbers, in minutes east of Greenwich.
        zones: Zones that were written as names: abbreviations or IANA.
        era: What to add to the year.
        awaited: The part that the next number is.
        languages: Languages that some word seen belongs to alone.
        foreign: Whether a word was seen that English has not.
    """

    numbers: list[FreeNumber] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    triple: Token | None = None
    names: list[tuple[Sense, ...]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    half: str = ""
    doubtful: Sense | None = None
    undecided: bool = False
    shifts: list[int] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    era: int = 0
    awaited: str = ""
    languages: set[str] = field(default_factory=set)
    foreign: bool = False

    def put(self, part: str, value: int) -> bool:
        """Fill the slot of a part such as `day`; False when it was filled before."""
        if part in self.parts:
            return False
        self.parts[part] = value
        return True

    def put_clock(self, numbers: tuple[int, ...]) -> bool:
        """Fill hour, minute and, if there is a third number, second."""
        return all(
            self.put(part, number) for part, number in zip(("hour", "minute", "second"), numbers, strict=False)
        )
