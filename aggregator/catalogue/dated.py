"""The catalogue at the present hour: what its filters call old depends on that, and on nothing else.

So nothing that filters needs a clock. An hour later it is another catalogue, as after an edit: what it shows is
rendered anew, once, and has the same bytes unless an entry came of age.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from aggregator.model import Catalogue, Condition, Filter, Limit, OfAge
from aggregator.ports import Clock


class DatedCatalogue:
    """Gives the catalogue in force, at the present hour: the same object as long as nothing in it changes.

    Args:
        catalogue: Gives the catalogue in force.
        clock: Tells the hour.
    """

    def __init__(self, catalogue: Callable[[], Catalogue], clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._known: tuple[Catalogue, datetime, Catalogue] | None = None

    def __call__(self) -> Catalogue:
        """The catalogue; costs nothing within an hour."""
        found = self._catalogue()
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        if self._known is None or self._known[0] is not found or self._known[1] != hour:
            self._known = (found, hour, at_hour(found, hour))
        return self._known[2]


def at_hour(catalogue: Catalogue, hour: datetime) -> Catalogue:
    """The catalogue with every age counted from that hour; itself where no filter asks for an age."""
    filters = [one.filters for one in catalogue.sources] + [one.filters for one in catalogue.publications]
    if not any(isinstance(one, OfAge) for steps in filters for step in steps for one in _conditions_of(step)):
        return catalogue
    return replace(
        catalogue,
        sources=tuple(replace(one, filters=_date_ages(one.filters, hour)) for one in catalogue.sources),
        publications=tuple(replace(one, filters=_date_ages(one.filters, hour)) for one in catalogue.publications),
    )


def _conditions_of(step: Filter) -> tuple[Condition, ...]:
    return () if isinstance(step, Limit) else step.any_of


def _date_ages(filters: tuple[Filter, ...], hour: datetime) -> tuple[Filter, ...]:
    return tuple(
        step
        if isinstance(step, Limit)
        else replace(
            step,
            any_of=tuple(
                replace(one, since=hour - one.than) if isinstance(one, OfAge) else one for one in step.any_of
            ),
        )
        for step in filters
    )
