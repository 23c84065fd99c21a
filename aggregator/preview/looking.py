"""One look at a source, and another: asked as a poll would, into a store that keeps nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, cast
from urllib.parse import urlsplit

from aggregator import publish
from aggregator.model import (
    Catalogue,
    Entry,
    Failed,
    FeedMeta,
    Fetched,
    Gone,
    Item,
    Publication,
    Reading,
    Source,
    SourceState,
    Update,
    Validators,
)
from aggregator.pipeline import refresh
from aggregator.pipeline.comparing import ClusterContext
from aggregator.pipeline.outcomes import Services
from aggregator.pipeline.request import is_secret
from aggregator.ports import Reader, Store
from aggregator.preview import already_stored, assessment, second_look
from aggregator.preview.previewed import (
    IdStability,
    Preview,
    PreviewedEntry,
    RobotsAnswer,
    SeenSource,
    StoredMatch,
)
from aggregator.preview.robots import judge_robots
from aggregator.preview.witness import Witness

_FORBIDDEN: Final = "It was not asked; --force asks all the same."
_NO_ROBOTS: Final = RobotsAnswer(allowed=True, rule="the site has none")
_ROBOTS_SECONDS: Final = 10.0
_LATER: Final = " It will be asked again."
"""What holds for polls only."""
_MOST_ARTICLES: Final = 5
"""Pages of articles that a look asks for: enough to see whether they can be read, and no burden."""
_ALL: Final = Publication(id="preview", title="", limit=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be looked at, and how.

    Attributes:
        source: As feeds.yaml has it, or would have it.
        again_after: After how long to look a second time; None for one look.
        force: Whether to ask also where robots.txt does not want it.
    """

    source: Source
    again_after: timedelta | None
    force: bool = False


async def look(wish: Wish, catalogue: Catalogue, services: Services, store: Store | None) -> Preview:
    """What the source would bring, if it joined now.

    Args:
        wish: What is looked at.
        catalogue: The one in force, for the editor's word on what is the same piece.
        services: What polling calls; its store is a blank one.
        store: What is here already, only read; None where there is nothing.
    """
    source = wish.source
    robots = await _ask_robots(source, services)
    if _is_refused(source, robots) and not wish.force:
        return assessment.judge(replace(_make_unseen(source, robots), refused=True, failure=_FORBIDDEN))
    seen = Witness(fetcher=services.fetcher, reader=services.reader)
    first = await _poll(source, catalogue, services, seen)
    if seen.reading is None:
        offer = await _offer(source, seen)
        failure = (first.state.error or "Nothing could be read.").removesuffix(_LATER)
        unseen = replace(_make_unseen(source, robots), opted_out=first.state.trouble == "opted_out")
        return assessment.judge(replace(unseen, failure=failure, offer=offer))
    ids = second_look.UNASKED
    if wish.again_after is not None:
        await asyncio.sleep(wish.again_after.total_seconds())
        ids = await second_look.look_again(source, first, seen, services.clock)
    entries = await _preview_entries(source, first, catalogue, store, services.reader)
    return assessment.judge(_gather_sight(source, first, seen, robots, ids, entries))


async def _poll(source: Source, catalogue: Catalogue, services: Services, seen: Witness) -> Update:
    state = SourceState(source_id=source.id, next_poll_at=services.clock.now())
    watched = replace(services, fetcher=seen, reader=seen, most_articles=_MOST_ARTICLES)
    return await refresh.refresh(source, state, catalogue, watched)


async def _ask_robots(source: Source, services: Services) -> RobotsAnswer | None:
    """What the site says to programs; by an answer in the 400s, nothing (RFC 9309, section 2.3.1).

    Of an answer that comes from before the site (429, a wall against bots) nothing is known.
    """
    if source.kind == "file":
        return None
    parts = urlsplit(source.location)
    url = parts._replace(path="/robots.txt", query="", fragment="").geturl()
    asking = services.fetcher.fetch(replace(source, location=url, headers=()), Validators(), "robots")
    try:
        answer = await asyncio.wait_for(asking, _ROBOTS_SECONDS)
    except TimeoutError:
        return RobotsAnswer(allowed=None, rule="it did not come in time")
    match answer:
        case Fetched():
            return judge_robots(answer.body, source.location)
        case Gone():
            return _NO_ROBOTS
        case Failed(status=int(status)) if status < 500 and answer.trouble != "blocked":
            return _NO_ROBOTS
    return RobotsAnswer(allowed=None, rule="it could not be had")


def _is_refused(source: Source, robots: RobotsAnswer | None) -> bool:
    """Feeds are made for programs, so what is said to all of them counts for pages only."""
    if robots is None or robots.allowed is not False:
        return False
    return robots.ours or source.kind in {"page", "xpath"}


def _make_unseen(source: Source, robots: RobotsAnswer | None) -> SeenSource:
    return SeenSource(source=source, meta=FeedMeta(), robots=robots, ids=second_look.UNASKED)


def _gather_sight(
    source: Source,
    first: Update,
    seen: Witness,
    robots: RobotsAnswer | None,
    ids: IdStability,
    entries: tuple[PreviewedEntry, ...],
) -> SeenSource:
    answer, asked, reading = cast("tuple[Fetched, Source, Reading]", (seen.answer, seen.asked, seen.reading))
    named_by_page = asked.location != source.location
    return SeenSource(
        source=source,
        meta=reading.meta,
        address=asked.location if named_by_page else source.url,
        moved_to=None if is_secret(source) else answer.moved_to,
        named_by_page=named_by_page,
        others=tuple(one for one in seen.named if one.declared and one.url != asked.location),
        listed=len(reading.entries),
        entries=entries,
        unread=_count_unread(first.state),
        namesakes=_find_namesakes(reading.entries),
        waiting=len(first.state.profile.quarantined),
        robots=robots,
        ids=ids,
        warnings=reading.warnings,
        failure=None if entries else first.state.error,
    )


def _find_namesakes(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The entries whose id is not theirs alone."""
    counts = Counter(entry.id for entry in entries if entry.id)
    return tuple(second_look.name_of(entry) for entry in entries if counts[entry.id or ""] > 1)


def _count_unread(state: SourceState) -> int:
    """Articles that are neither had nor could not be had."""
    return state.listed - state.had - sum(one.trouble is not None for one in state.missed)


async def _offer(source: Source, seen: Witness) -> str | None:
    """What an address without a feed may be read as."""
    if source.kind != "feed" or seen.answer is None:  # nothing came
        return None
    found = await seen.reader.read(seen.answer, replace(source, kind="page"))
    if isinstance(found, Failed):
        return None
    return (
        f"It is a page that lists {len(found.entries)} articles: `page:` in the place of `url:` would read them "
        "(`aggregator add --page`)."
    )


async def _preview_entries(
    source: Source, first: Update, catalogue: Catalogue, store: Store | None, reader: Reader
) -> tuple[PreviewedEntry, ...]:
    items = sorted((change.item for change in first.changes), key=lambda item: item.sort_key, reverse=True)
    stored: dict[str, tuple[StoredMatch, ...]] = {}
    if store is not None:
        context = ClusterContext(store=store, catalogue=catalogue)
        stored = await already_stored.find_stored(items, source.id, context, reader)
    shown = await asyncio.to_thread(_find_filtered, source, items)
    rewritten = await asyncio.to_thread(
        lambda: {one.uid: publish.find_rewritten(one.entry, source) for one in items}
    )
    return tuple(
        PreviewedEntry(
            item=item,
            text=assessment.text_kind(item.entry),
            filtered=shown.get(item.uid),
            rewritten=rewritten[item.uid],
            stored=stored.get(item.uid, ()),
        )
        for item in items
    )


def _find_filtered(source: Source, items: Sequence[Item]) -> dict[str, str]:
    """By uid of each item that the source's filters keep out: the step that does."""
    let_in = {item.uid for item in publish.select(_ALL, {source.id: source}, items)}
    found = {}
    for item in items:
        step = publish.stopping_filter(_ALL, source, item)
        if step is not None:
            found[item.uid] = step.shown
        elif item.uid not in let_in:
            found[item.uid] = "a limit"
    return found
