"""Which of the three numbers of a date such as `03/04/2018` is the day, which the month and which the year.

A written weekday settles it; so does a number above 12. Beyond that: the order of the language or the zone
where known; dots are day first everywhere; dashes before a full year are, as in PHP's `strtotime`. Slashes with
two possible readings and nothing else to go by are refused: 03/04/2024 is April or March. Years of two digits may
stand in front (24.06.04 in Korea), so that they are believed last only where that makes the newer date.
"""

from __future__ import annotations

from datetime import date

from aggregator.dates.wall import civil, full_year

_HORIZON = 2029
"""Of several readings of a two-digit year, one beyond this is out; to be moved when the year has come."""

_MARGIN = 3
"""Of 13/6/24 and the like, the reading with the year in front is out when it is so many years older."""

_PLACES = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}


def settle_order(
    numbers: tuple[int, ...],
    lengths: tuple[int, ...],
    separator: str,
    *,
    weekdays: frozenset[int] = frozenset(),
    hints: tuple[str, ...] = (),
    language: str | None = None,
) -> date | None:
    """The date that three numbers such as `3, 4, 2018` mean; None where several orders would do.

    Args:
        numbers: As written.
        lengths: How many digits each has.
        separator: `-`, `.`, `/` or a space.
        weekdays: 0 (Monday) to 6: what is written, in all its senses.
        hints: Orders to expect (`dmy`, `mdy`, `ymd`), the most telling first.
        language: For the calendar of years around 1400.

    Returns:
        The date; None when there is no such date or more than one reading is left.
    """
    readings = _readings(numbers, lengths, language)
    chosen = _only(set(readings.values()))
    if chosen is None and weekdays:
        chosen = _only({day for day in readings.values() if day.weekday() in weekdays})
    if chosen is None:
        chosen = next((readings[hint] for hint in hints if hint in readings), None)
    if chosen is None and max(lengths) < 3:
        readings = _before_horizon(readings, separator)
    return chosen or _likely(readings, separator, lengths)


def _readings(numbers: tuple[int, ...], lengths: tuple[int, ...], language: str | None) -> dict[str, date]:
    orders: tuple[str, ...] = ("dmy", "mdy", "ymd")
    if max(lengths) > 2:
        orders = orders[2:] if lengths[0] == 4 else orders[:2]
    found = {}
    for order in orders:
        year, month, day = _PLACES[order]
        reading = civil(full_year(numbers[year], lengths[year]), numbers[month], numbers[day], language)
        if reading is not None and lengths[year] != 1:
            found[order] = reading
    return found


def _before_horizon(readings: dict[str, date], separator: str) -> dict[str, date]:
    """Leave out unlikely futures: of 30.10.23 the year in front, of 03-12-31, which ISO 8601 had, the others."""
    years_in_front = separator != "-"
    return {
        order: day
        for order, day in readings.items()
        if day.year <= _HORIZON or (order == "ymd") is not years_in_front
    }


def _likely(readings: dict[str, date], separator: str, lengths: tuple[int, ...]) -> date | None:
    """What is left when nothing but the shape and the year can tell."""
    if len(set(readings.values())) < 2:
        return _only(set(readings.values()))
    year_first = readings.pop("ymd", None)
    newest = max(day.year for day in readings.values())
    doubt = 0 if separator == "." else _MARGIN
    if year_first is not None and year_first.year + doubt > newest:
        return None
    day_first = readings.get("dmy")
    usual = separator == "." or (separator == "-" and lengths[2] == 4)
    return day_first if usual and day_first else _only(set(readings.values()))


def _only(days: set[date]) -> date | None:
    return next(iter(days)) if len(days) == 1 else None
