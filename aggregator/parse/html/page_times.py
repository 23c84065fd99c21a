"""When a page says that its article was published and updated; of several statements the most exact counts.

A statement counts if the grammar for dates reads it. A zone is worth more than a clock, a clock more than a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aggregator import dates
from aggregator.model import Stamp
from aggregator.parse.html.dateline import cut_to_dates
from aggregator.parse.limits import MAX_DATE

_NEAR: Final = timedelta(hours=36)
"""How far two statements of one time may be apart: a day without a zone, and the hour of another zone."""
_OFFSET = re.compile(r"\d[+-](?!00:?00)\d\d:?\d\d\Z")
_PRECISIONS: Final = ("year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When an article was published and updated, as its page writes it.

    Attributes:
        published: Raw date string; it may hold both dates. None where the page says none.
        updated: Raw date string of its own, or None.
    """

    published: str | None = None
    updated: str | None = None


def best(told: Iterable[Times], language: str | None) -> Times:
    """Of several statements, the surest first, the date of publication and of update.

    In: the statements; the page's language, which settles what 3/4/2024 is. Out: of those that agree with the
    first readable one the most exact, of equals the first. A publication and an update in one string stay
    together.
    """
    published: list[tuple[str, Stamp]] = []
    updated: list[tuple[str, Stamp]] = []
    for one in told:
        text, stamp, revised = _read(one.published, language)
        published += [(text, stamp)] if stamp else []
        updated += [(text, revised)] if revised else []
        text, stamp, revised = _read(one.updated, language)
        updated += [(text, again)] if (again := revised or stamp) else []
    first, second = _most_exact(published), _most_exact(updated)
    return Times(published=first, updated=second if second != first else None)


def pick(written: Iterable[str | None], language: str | None) -> str | None:
    """Of several ways in which one thing says one date, the one that `best` would take."""
    return best((Times(published=one) for one in written), language).published


def _read(written: str | None, language: str | None) -> tuple[str, Stamp | None, Stamp | None]:
    """What the grammar reads of a string, and what it says: the publication, the update."""
    text = (written or "").strip()[:MAX_DATE]
    for part in _parts(text):
        published, updated = dates.read_pair(part, language=language)
        if published or updated:
            return part, published, updated
    return text, None, None


def _parts(text: str) -> Iterator[str]:
    yield text
    yield from cut_to_dates(text)


def _most_exact(told: list[tuple[str, Stamp]]) -> str | None:
    if not told:
        return None
    sure = told[0][1]
    near = [one for one in told if abs(one[1].utc - sure.utc) <= _NEAR or _is_vague(sure)]
    return max(near, key=lambda one: _exactness(one[1]))[0]


def _is_vague(stamp: Stamp) -> bool:
    return stamp.precision in {"year", "month"}


def _exactness(stamp: Stamp) -> int:
    """The more the more exact; a zone tells more than seconds, and the publisher's own more than UTC."""
    own = 5 * bool(_OFFSET.search(stamp.raw))
    return 10 * (stamp.zone == "explicit") + own + min(_PRECISIONS.index(stamp.precision), 4)
