"""What is the matter now, by what is known of each source and of this program. Pure: it reads nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from aggregator import publish, schedule
from aggregator.dates.writing import to_the_minute
from aggregator.model import Catalogue, FaultStage, Item, Source, SourceState, Symptom

FEWEST_POSTS = 12
"""Posts of a source that make a habit."""

BEYOND = 2
"""So many times the longest pause that a source ever took between its newest posts is beyond its habit,"""

SHORTEST_SILENCE = timedelta(days=2)
"""and it is longer than a weekend."""

FAILURES = 3
FAILING = timedelta(hours=6)
"""A source that failed so often, for so long, does not only hiccup."""

NEVER_WORKED = 5
"""One that never answered well has failed so often: half a day of tries, each after twice the wait."""

GONE = timedelta(days=1)
"""A server that says 410 for so long means it."""

FEWEST_ITEMS = 10
"""Items of a source of which a filter has to let one through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What is known of an installation beside its catalogue.

    Attributes:
        states: Of its sources, by id.
        failed: Stages at which this program failed of late, outside of any source's poll.
        barred: Ids of the sources of which no publication lets anything through; see `bars_all`.
    """

    states: Mapping[str, SourceState]
    failed: Collection[FaultStage] = ()
    barred: Collection[str] = ()


def find_symptoms(catalogue: Catalogue, observed: Observed, now: datetime) -> tuple[Symptom, ...]:
    """Everything that is the matter now; at most one symptom of a kind for each subject."""
    return (*_of_installation(catalogue, observed), *_of_sources(catalogue, observed, now))


def bars_all(catalogue: Catalogue, source: Source, items: Sequence[Item]) -> bool:
    """Whether no publication that the source is in lets any of its items through its filters; enough of them."""
    including = [one for one in catalogue.publications if one.includes(source)]
    if not including or len(items) < FEWEST_ITEMS:
        return False
    return not any(publish.can_show(one, source, item) for one in including for item in items)


def is_filtered(catalogue: Catalogue, source: Source) -> bool:
    """Whether each publication that the source is in filters it, so that `bars_all` may be true."""
    including = [one for one in catalogue.publications if one.includes(source)]
    return source.enabled and bool(including) and all(source.filters or one.filters for one in including)


def _of_installation(catalogue: Catalogue, observed: Observed) -> Iterator[Symptom]:
    if catalogue.mistakes and catalogue.standing.version is None:  # else they are of one copy, and hold up nothing
        # Their places only: a message may quote what a variable holds.
        told = ", ".join(f"{one.file}:{one.line}: {one.path}" for one in catalogue.mistakes[:5])
        text = f"What it said before is in force: {told}. `aggregator check` says what would be right."
        yield Symptom(kind="catalogue", subject="", title="feeds.yaml has mistakes", text=text)
    for stage in sorted(observed.failed):
        text = "It failed where no source is to blame; the log has the traceback. Report it."
        yield Symptom(kind="program", subject=stage, title=f"This program failed: {stage}", text=text)


def _of_sources(catalogue: Catalogue, observed: Observed, now: datetime) -> Iterator[Symptom]:
    for source in catalogue.sources:
        state = observed.states.get(source.id)
        if source.enabled and state is not None:
            yield from _of_source(source, state, now)
            if source.id in observed.barred:
                text = "No publication shows any of its newest items: look at `filter` in feeds.yaml."
                yield _say("filtered", source, state, "no filter lets anything of it through", text)


def _of_source(source: Source, state: SourceState, now: datetime) -> Iterator[Symptom]:
    trouble = _find_trouble(source, state, now)
    if trouble is not None:
        yield trouble
    if schedule.is_believed(state.move):
        text = f"Its server says so for good. Put its new address into feeds.yaml: {state.move.to}"
        yield _say("moved", source, state, "has moved", text)
    elif state.notice is not None and state.notice != schedule.source_notice(state):
        yield _say("unreliable", source, state, "says what cannot be relied on", state.notice)


def _find_trouble(source: Source, state: SourceState, now: datetime) -> Symptom | None:
    """What keeps items from coming; the gravest of several."""
    last = state.last_success_at
    since = f"It last answered well at {to_the_minute(last)}." if last else "It never answered well."
    if state.trouble == "internal":
        return _say("fault", source, state, "a fault in this program", f"{state.error or ''} Report it.".strip())
    if state.gone_since is not None and now - state.gone_since >= GONE:
        text = f"Its server says that it is gone for good (410). {since} Remove it, or mend its URL."
        return _say("gone", source, state, "is gone", text)
    if state.trouble is not None and _fails_for_long(state, now):
        return _say("failing", source, state, f"cannot be read: {state.trouble}", f"{state.error or ''} {since}")
    if state.trouble is None and last is not None and is_silent(state.posted, now):
        newest = to_the_minute(max(state.posted))
        text = f"Its newest item is of {newest}; it never paused for so long. Its server answers well."
        return _say("silent", source, state, "is silent", text)
    return None


def _fails_for_long(state: SourceState, now: datetime) -> bool:
    if state.last_success_at is None:
        return state.failures >= NEVER_WORKED
    return state.failures >= FAILURES and now - state.last_success_at >= FAILING


def is_silent(posted: Sequence[datetime], now: datetime) -> bool:
    """Whether a source that posted then would have posted again by now, by its own habit."""
    if any(now - SHORTEST_SILENCE <= moment <= now for moment in posted):  # as of nearly all, each minute
        return False
    seen = sorted({moment.replace(second=0, microsecond=0) for moment in posted if moment <= now})
    if len(seen) < FEWEST_POSTS:
        return False
    longest = max(later - earlier for earlier, later in pairwise(seen))
    return now - seen[-1] > max(BEYOND * longest, SHORTEST_SILENCE)


def _say(kind: str, source: Source, state: SourceState, what: str, text: str) -> Symptom:
    name = source.title or state.meta.title or source.id
    return Symptom(kind=kind, subject=source.id, title=f"{name}: {what}", text=f"{text} (source: {source.id})")  # type: ignore[arg-type]
