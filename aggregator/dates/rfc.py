"""The form that nearly every RSS feed uses: RFC 822 as amended by RFC 1123, 2822 and 5322.

Only what is written right; the thousand ways to write it wrong are the tolerant grammar's business.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from aggregator.dates import zones
from aggregator.dates.iso import offset
from aggregator.dates.wall import Precision, Written, civil, full_year, wall_time

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    # A broken weekday ("026,", "undefined,") says nothing that a whole date does not say.
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? |(?:[\d?._-]{1,9}|undefined|null|none|nan), (?=\d\d? [a-z]{3} \d{4} ))?"
    r"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}|\d{2}) "
    r"(\d{2}):(\d{2})(?::(\d{2}))? ?(Z|[A-Z]{2,4}|[+-]\d{4})?",
    re.IGNORECASE | re.ASCII,
)
_GREENWICH = frozenset({"GMT", "UTC", "UT", "Z"})


def parse_rfc(text: str, source_zone: str | None) -> Written | None:
    """A date such as `Sat, 01 Dec 2018 20:33:00 GMT`; None for everything else.

    Args:
        text: Tidy.
        source_zone: What the source declares, for abbreviations with several meanings.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, zone = match.groups()
    found = civil(full_year(int(year), len(year)), _MONTHS.index(month.lower()) + 1, int(day))
    wall = wall_time(found, int(hour), int(minute), int(second or 0)) if found else None
    if wall is None:
        return None
    precision: Precision = "second" if second else "minute"
    if zone is None:
        return Written(wall=wall, precision=precision)
    named = _zone(zone, source_zone, wall)
    return Written(wall=wall, precision=precision, zone=named) if named else None


def _zone(written: str, source_zone: str | None, wall: datetime) -> tzinfo | None:
    if written in _GREENWICH:
        return UTC
    if written[0] in "+-":
        return offset(written)
    return zones.zone_of_abbreviation(written.lower(), wall, source_zone)
