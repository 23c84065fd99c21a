"""Which items a publication shows: filters, quotas and the limit, applied to items as they come from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from aggregator import patterns
from aggregator.model import Drop, Filter, Item, Keep, Limit, Matcher, Publication, Source
from aggregator.publish import conditions, fairness

_HIDDEN: Final = "what has them is not shown"
_LEFT: Final = "what has them is shown as it was"


class Selection:
    """The items of one publication, chosen one by one.

    Fed with items by (published, uid) descending, in as many batches as it takes, until `full`. Each item goes
    through the filters of its source, those of the publication, the quota per source and the limit. Items beyond
    a source's quota are not shown to the publication's filters, so that they use up no `limit` there.

    With a quota, an item is chosen or not for good: what follows is older and cannot push it out. Without one, as
    many of each source as the limit allows are remembered, and the room is shared in the end; see `fairness`.
    """

    def __init__(self, publication: Publication, sources: Mapping[str, Source]) -> None:
        self._publication = publication
        self._sources = dict(sources)
        self._steps = {key: _FilterChain(source.filters) for key, source in self._sources.items()}
        self._last_steps = _FilterChain(publication.filters)
        self._taken: Counter[str] = Counter()
        self._chosen: list[Item] = []
        self._fair = publication.per_source is None and len(self._sources) > 1
        self._quota = publication.limit if publication.per_source is None else publication.per_source

    def offer(self, items: Iterable[Item]) -> None:
        """Choose from further items; those of sources that do not belong here are passed over."""
        for item in items:
            if self._is_closed:
                return
            if self._has_room(item.source_id) and self._let_through(item):
                self._taken[item.source_id] += 1
                self._chosen.append(item)

    @property
    def items(self) -> tuple[Item, ...]:
        """What was chosen so far, in the order offered."""
        if self._fair:
            return fairness.share_out(self._chosen, self._publication.limit)
        return tuple(self._chosen)

    @property
    def is_full(self) -> bool:
        """Whether no further item can be chosen."""
        return self._is_closed or (self._fair and fairness.is_settled(self._chosen, self._publication.limit))

    @property
    def _is_closed(self) -> bool:
        if self._last_steps.is_exhausted or (not self._fair and len(self._chosen) >= self._publication.limit):
            return True
        return not any(self._has_room(key) for key in self._sources)

    @property
    def wanted(self) -> frozenset[str]:
        """The sources of which further items can be chosen: asking the store for others is in vain."""
        return frozenset() if self.is_full else frozenset(filter(self._has_room, self._sources))

    def _has_room(self, key: str) -> bool:
        return key in self._steps and self._taken[key] < self._quota and not self._steps[key].is_exhausted

    def _let_through(self, item: Item) -> bool:
        return self._steps[item.source_id].let_through(item) and self._last_steps.let_through(item)


def select(publication: Publication, sources: Mapping[str, Source], items: Iterable[Item]) -> tuple[Item, ...]:
    """The items that the publication shows, of all that there are; see `Selection`."""
    selection = Selection(publication, sources)
    selection.offer(items)
    return selection.items


class _FilterChain:
    """A chain of filters with the counts of its limits."""

    def __init__(self, filters: tuple[Filter, ...]) -> None:
        self._filters = filters
        self._passed = [0] * len(filters)
        self._is_over = False

    @property
    def is_exhausted(self) -> bool:
        """Whether a limit is reached, or an age, so that nothing older can pass any more."""
        steps = zip(self._filters, self._passed, strict=True)
        return self._is_over or any(isinstance(step, Limit) and passed >= step.count for step, passed in steps)

    def let_through(self, item: Item) -> bool:
        """Whether the item passes all steps. Every limit that it reaches counts it, as the later steps see it."""
        return all(self._apply(index, step, item) for index, step in enumerate(self._filters))

    def _apply(self, index: int, step: Filter, item: Item) -> bool:
        if isinstance(step, Limit):
            self._passed[index] += 1
            return self._passed[index] <= step.count
        self._is_over = self._is_over or conditions.is_too_old(step, item)
        return _can_pass(step, item)


def can_show(publication: Publication, source: Source, item: Item) -> bool:
    """Whether the filters of the item's source and of the publication let it through, limits and quotas aside."""
    return stopping_filter(publication, source, item) is None


def stopping_filter(publication: Publication, source: Source, item: Item) -> Keep | Drop | None:
    """The first filter, of the source or of the publication, that keeps the item out; None if all let it in."""
    steps = (*source.filters, *publication.filters)
    stopping = (step for step in steps if not isinstance(step, Limit) and not _can_pass(step, item))
    return next(stopping, None)


def _can_pass(step: Keep | Drop, item: Item) -> bool:
    """An item on which a pattern takes too long is kept out by either: what `drop` hides must not leak.

    `stuck` names the pattern, so that it is not kept out in silence.
    """
    found = [conditions.holds(one, item) for one in step.any_of]
    if isinstance(step, Keep):
        return True in found
    return not any(one is not False for one in found)


def stuck_notice(publication: Publication, source: Source) -> str | None:
    """A sentence on a filter, of either, or on a `rewrite` that took too long on some text; else None."""
    owner = f"the source '{source.id}'"
    rules = [(one.pattern, f"The filter {one.shown} of {owner}", _HIDDEN) for one in _matchers(source.filters)]
    rules += [
        (one.pattern, f"The filter {one.shown} of the publication '{publication.id}'", _HIDDEN)
        for one in _matchers(publication.filters)
    ]
    rules += [(one.pattern, f"The rewrite {one.shown} of {owner}", _LEFT) for one in source.rewrites]
    for pattern, name, outcome in rules:
        count = len(patterns.guard_pattern(pattern).stalled)
        if count:
            texts = "a text" if count == 1 else f"{count} texts"
            return (
                f"{name} takes too long on {texts}; {outcome}. "
                "Make it simpler: no repeat of what is a repeat itself, as in (a+)+."
            )
    return None


def _matchers(filters: tuple[Filter, ...]) -> Iterator[Matcher]:
    asked = (one for step in filters if not isinstance(step, Limit) for one in step.any_of)
    return (one for one in asked if isinstance(one, Matcher))
