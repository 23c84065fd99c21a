"""What an editor can mend, told from a source's newest items; each hint says which key to write. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aggregator import publish
from aggregator.dates.fitting_zones import offset_of, zones_that_fit
from aggregator.model import Catalogue, Item, Publication, Source
from aggregator.text.beginnings import is_beginning
from aggregator.text.sites import host_of

LOOKED: Final = 12
"""Newest items of a source that are looked at."""

FEWEST: Final = 5
"""Items that make a habit."""

_MOST_FILTERS: Final = 3
_DATED: Final = 4
_LEAST = timedelta(minutes=20)
"""Ahead below which a clock is merely fast."""
_BEHIND = timedelta(minutes=45)
_NEAR = timedelta(minutes=90)
"""Between the greatest and the least lead: how late we may have come to see an item."""
_FAST = timedelta(minutes=5)
"""By which a publisher's own clock may be fast on top of its zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """What a source brought lately.

    Attributes:
        items: Its newest ones that stand, at most `LOOKED`.
        elsewhere: Of each of them the other sources that have the same piece, by uid; none for most.
        since: When the source was first read: what was first seen later is news. None while that is not known.
    """

    items: Sequence[Item] = ()
    elsewhere: Mapping[str, frozenset[str]]
    since: datetime | None = None


def find_hints(catalogue: Catalogue, recent: Mapping[str, Recent]) -> Mapping[str, tuple[str, ...]]:
    """Whole sentences for the editor, by source id; of those that are polled, and only where there are any."""
    repeats = {source.id: _find_repeated(recent[source.id]) for source in catalogue.sources if source.id in recent}
    found: dict[str, tuple[str, ...]] = {}
    for source in catalogue.sources:
        seen = recent.get(source.id)
        if seen is None or not source.enabled:
            continue
        told = (
            *_find_wrong_zone(source, seen),
            *find_idle_filters(source, seen, catalogue),
            *_tell_repeated(source, seen, catalogue, repeats),
            *_find_teasers(source, seen),
        )
        if told:
            found[source.id] = told
    return found


def _find_wrong_zone(source: Source, seen: Recent) -> Iterator[str]:
    """Whether dates without a zone are constantly off from when their items appeared.

    A new item is dated by its zone's error, less the time until it was seen: the greatest lead is nearest to the
    error. Behind the time only whole hours are told, since items are seen late anyway, and only of a source that
    publishes at various times of the day: one that dates all to its midnight is not in another zone.
    """
    news = [one for one in seen.items if seen.since and one.first_seen > seen.since]
    dated = [
        (stamp.utc, one.first_seen)
        for one in news
        if (stamp := one.entry.published) and stamp.zone == "assumed" and stamp.precision in {"minute", "second"}
    ]
    leads = [claimed - first for claimed, first in dated]
    if len(leads) < _DATED or max(leads) - min(leads) > _NEAR:
        return
    ahead = min(leads) >= _LEAST
    if not ahead and (max(leads) > -_BEHIND or len({claimed.time() for claimed, _ in dated}) < _DATED):
        return
    step, minute = timedelta(minutes=30 if ahead else 60), timedelta(minutes=1)
    error = -((_FAST - max(leads)) // step) * step
    moment = dated[0][1]
    assumed = offset_of(source.timezone or "UTC", moment) or 0
    fitting = zones_that_fit(host_of(source.url), assumed + error // minute, step // minute, moment)
    off = (offset_of(fitting[0], moment) or 0) - assumed if fitting else 0
    if off:
        yield (
            f"Its dates name no zone and are read as {source.timezone or 'UTC'}: its newest items are "
            f"{_format(abs(off))} {'ahead of' if off > 0 else 'behind'} the time at which they appeared. "
            f"{_write('timezone', fitting)}"
        )


def _write(key: str, values: Sequence[str]) -> str:
    first, *others = (f"`{key}: {value}`" for value in values)
    return " or ".join((f"{first} would fit", *others)) + "."


def _format(minutes: int) -> str:
    hours, minutes = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def find_idle_filters(source: Source, seen: Recent, catalogue: Catalogue) -> Iterator[str]:
    """Filters that let nothing of it through: its own, or those of publications that it is in."""
    told: dict[str, None] = {}
    for publication in catalogue.publications:
        if publication.includes(source) and (source.filters or publication.filters):
            told.update(dict.fromkeys(_tell_idle(source, seen, publication)))
    yield from list(told)[:_MOST_FILTERS]


def _tell_idle(source: Source, seen: Recent, publication: Publication) -> Iterator[str]:
    """The step that stops most, where nothing passes: of the source's own, if these suffice for that."""
    bare = replace(publication, filters=())
    count = len(seen.items)
    none = f"lets none of its {count} newest items through."
    if count < FEWEST:
        items = "1 item" if count == 1 else f"{count} items"
        none = f"has let nothing through yet: {items} came so far, too few to tell whether any will pass."
    for one, place in ((bare, f"sources.{source.id}"), (publication, f"publish.{publication.id}")):
        stopping = [publish.stopping_filter(one, source, item) for item in seen.items]
        steps = Counter(step for step in stopping if step is not None)
        mine = Counter({step: count for step, count in steps.items() if one is bare or step in one.filters})
        if count and steps.total() == count:
            (step, _), *_ = mine.most_common(1)
            yield f"`{step.shown}` under `{place}.filter` {none}"
            return


def _find_repeated(seen: Recent) -> frozenset[str]:
    """The sources that have nearly all of its newest items."""
    others = Counter(name for one in seen.items for name in seen.elsewhere.get(one.uid, ()))
    enough = max(FEWEST, len(seen.items) - len(seen.items) // 10)
    return frozenset(name for name, count in others.items() if count >= enough)


def _tell_repeated(
    source: Source, seen: Recent, catalogue: Catalogue, repeats: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """Of two that repeat each other, the one that counts less is told of."""
    ranks = {one.id: (-one.priority, place) for place, one in enumerate(catalogue.sources) if one.enabled}
    others = (
        name
        for name in sorted(repeats[source.id] & ranks.keys(), key=lambda one: ranks[one])
        if source.id not in repeats.get(name, ()) or ranks[name] < ranks[source.id]
    )
    other = next(others, None)
    if other is not None:
        yield (
            f"'{other}' has its {len(seen.items)} newest items too: remove it, or write `enabled: false`; "
            f"or, if its words are the better ones, `priority: {max(-ranks[other][0], 0) + 1}`."
        )


def _find_teasers(source: Source, seen: Recent) -> Iterator[str]:
    """Whether it gives beginnings where whole texts could be had. What has no title is a note, and whole."""
    titled = [one.entry for one in seen.items if one.entry.title and one.entry.url]
    if source.kind in {"page", "file"} or (source.content, source.publish) != ("feed", "full"):
        return
    teasers = sum(is_beginning(entry.text) for entry in titled)
    if teasers >= max(FEWEST, len(seen.items) - len(seen.items) // 10):
        yield (
            f"{teasers} of its {len(seen.items)} newest items are teasers or have no text: `content: full` takes "
            "their texts from their own pages."
        )
