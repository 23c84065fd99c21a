"""Which day a draft means: roles for its numbers, and one sense for each of its names.

A word can name a month in one language and a weekday or another month in the next (`mar`, `lis`, `srp`). Every
combination of senses is read; the better ones agree with the language given, share a language, agree with the
weekday, and dot ordinals as their language does. If the best still disagree on the date, there is none.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from math import prod
from typing import NamedTuple

from aggregator.dates import jalali, order, zones
from aggregator.dates.draft import Draft, FreeNumber
from aggregator.dates.vocabulary import Sense, numeric_order_of_language
from aggregator.dates.wall import FIRST_YEAR, Precision, civil, full_year

_MOST_COMBINATIONS = 256
_DOTTED = frozenset({"hr", "bs", "sr", "sl", "cs", "sk"})
_UNDOTTED = frozenset({"pl", "uk", "ru", "be", "bg"})
_DATE_PARTS = frozenset({"year", "month", "day"})


class Day(NamedTuple):
    """One day that a date string may mean, with how exactly it names it.

    Attributes:
        day: The date; the first of what was written where no day was.
        precision: `month` or `day`.
        languages: Languages in which all names have the sense that was chosen; empty when there were none.
    """

    day: date
    precision: Precision
    languages: frozenset[str] = frozenset()


def find_day(draft: Draft, source_zone: str | None, language: str | None) -> Day | None:
    """The day that the draft means; None when it means none, or more than one.

    Args:
        draft: Whose every token was understood.
        source_zone: IANA name that the source declares; tells the order of numbers where nothing else does.
        language: BCP 47, or None.
    """
    if draft.triple is None:
        return _day_by_names(draft, language)
    if draft.numbers or draft.parts.keys() & _DATE_PARTS:
        return None
    separator = next((mark for mark in "-./" if mark in draft.triple.text), " ")
    digits = draft.triple.text.split() if separator == " " else draft.triple.text.replace(" ", "").split(separator)
    numbers = [FreeNumber(int(each), len(each)) for each in digits]
    return _day_by_numbers(draft, numbers, separator, source_zone, language)


def _day_by_numbers(
    draft: Draft, numbers: list[FreeNumber], separator: str, source_zone: str | None, language: str | None
) -> Day | None:
    weekdays = [{int(sense.value) for sense in senses if sense.kind == "day"} for senses in draft.names]
    if not all(weekdays):
        return None
    if "weekday" in draft.parts:  # Vietnamese counts them: the second is Monday
        weekdays.append({draft.parts["weekday"] - 2})
    zone_names = ([source_zone] if source_zone else []) + draft.zones
    hints = [numeric_order_of_language(language)] if language else []
    hints += [zones.numeric_order_of_zone(name) for name in zone_names]
    hints += ["dmy"] if draft.foreign else []  # month first is a custom of English
    found = order.settle_order(
        tuple(_western_year(draft, language, number.value) for number in numbers),
        tuple(number.length for number in numbers),
        separator,
        weekdays=frozenset().union(*weekdays),
        hints=tuple(hint for hint in hints if hint),
        language=language,
    )
    if found is None:
        return None
    senses = (sense for senses in draft.names for sense in senses if sense.value == found.weekday())
    return Day(found, "day", frozenset().union(*(sense.languages for sense in senses)))


def _day_by_names(draft: Draft, language: str | None) -> Day | None:
    if prod(len(senses) for senses in draft.names) > _MOST_COMBINATIONS:
        return None
    readings: dict[tuple[bool, ...], set[Day]] = {}
    for senses in product(*draft.names):
        found = _rate_reading(draft, senses, language)
        if found is not None:
            readings.setdefault(found[0], set()).add(found[1])
    if not readings:
        return None
    best = readings[max(readings)]
    return next(iter(best)) if len({reading.day for reading in best}) == 1 else None


class _Roles(NamedTuple):
    """Which numbers of a date string are the year and the day.

    Attributes:
        year: The year as written, of two or four digits, or in its era.
        day: The day of the month; None where the string names a month only.
    """

    year: FreeNumber
    day: FreeNumber | None


def _roles(draft: Draft, place: int) -> _Roles | None:
    """Which number is the year and which the day; `place` numbers stand before the name of the month."""
    known = {part: FreeNumber(draft.parts[part], 4) for part in ("year", "day") if part in draft.parts}
    if "year" in known and (draft.parts["year"] < 100 or draft.era):
        known["year"] = FreeNumber(draft.era + draft.parts["year"], 4 if draft.era else 2)
    free = draft.numbers
    if len(known) + len(free) > 2:
        return None
    if "year" in known:
        return _Roles(known["year"], known.get("day") or (free[0] if free else None))
    if "day" in known:
        return _Roles(free[0], known["day"]) if free else None
    if len(free) == 2:
        return _two(free[0], free[1], place)
    return _Roles(free[0], None) if free and free[0].length == 4 else None


def _two(first: FreeNumber, second: FreeNumber, place: int) -> _Roles | None:
    """The roles of two numbers.

    Ranges look much the same as days with short years: June 10-12, 10 to 12 June. Counts as well: June 2024 (5).

    Args:
        first: Earlier in the string.
        second: Later in the string.
        place: How many of them stand before the name of the month.
    """
    if first.length > 2 or (second.length < 3 and first.value > 31):
        return _Roles(first, second) if place else None
    if place == 2 or (second.length < 3 and place == 0 and second.before not in {"", ","}):
        return None
    return _Roles(second, first)


def _rate_reading(
    draft: Draft, senses: tuple[Sense, ...], language: str | None
) -> tuple[tuple[bool, ...], Day] | None:
    """How good the reading with these senses is, and the reading; None if they make no date."""
    months = {
        (sense.kind, int(sense.value), place)
        for place, sense in zip(draft.places, senses, strict=True)
        if sense.kind in {"month", "jalali"}
    }
    weekdays = {sense.value for sense in senses if sense.kind == "day"}
    if "month" in draft.parts:
        months.add(("month", draft.parts["month"], 1))
    if len(months) != 1 or len(weekdays) > 1:
        return None
    ((calendar, month, place),) = months
    roles = _roles(draft, place)
    if roles is None:
        return None
    number = roles.day.value if roles.day else 1
    day = _jalali(roles.year, month, number) if calendar == "jalali" else _gregorian(draft, roles, month, language)
    shared = _common_languages(senses)
    agrees = day is not None and day.weekday() in weekdays
    if day is None or (weekdays and not (agrees or shared)) or (weekdays and roles.day is None):
        return None  # in `15 Mar June 2024` Mar is no Tuesday
    score = (
        bool(language) and str(language).partition("-")[0] in shared,
        bool(shared),
        agrees,
        _dots_agree(roles.day, shared),
    )
    return score, Day(day, "day" if roles.day else "month", shared)


def _gregorian(draft: Draft, roles: _Roles, month: int, language: str | None) -> date | None:
    year = _western_year(draft, language, full_year(roles.year.value, roles.year.length))
    if year < FIRST_YEAR or (roles.year.length == 1):
        return None
    return civil(year, month, roles.day.value if roles.day else 1)


def _jalali(year: FreeNumber, month: int, day: int) -> date | None:
    full = year.value
    if year.length == 2:
        full += 1300 if full >= 68 else 1400
    found = jalali.to_gregorian(full, month, day)
    return found if found and found.year >= FIRST_YEAR else None


def _western_year(draft: Draft, language: str | None, year: int) -> int:
    """The year without the 543 that Thai calendars are ahead."""
    thai = "th" in draft.languages or (language or "").startswith("th")
    return year - 543 if thai and year >= FIRST_YEAR + 543 else year


def _common_languages(senses: tuple[Sense, ...]) -> frozenset[str]:
    """Languages common to all senses that belong to any."""
    told = [sense.languages for sense in senses if sense.languages]
    return frozenset.intersection(*told) if told else frozenset()


def _dots_agree(day: FreeNumber | None, languages: frozenset[str]) -> bool:
    """Whether a dot after the day, or none, is right in one of the languages."""
    if day is None or not languages:
        return True
    return bool(languages - (_UNDOTTED if day.dotted else _DOTTED))
