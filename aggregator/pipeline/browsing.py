"""What somebody is shown who looks through a publication, page by page: the newest first, or what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from aggregator.dates.writing import rfc3339
from aggregator.model import Catalogue, Edition, Item, Origin, Publication, SortKey, WordSearch
from aggregator.pipeline.asked_words import read_search
from aggregator.pipeline.merging import MergedEntry, Scope, find_copies, is_let_in, merge, merge_whole_stories
from aggregator.pipeline.publication import output, scope_of
from aggregator.pipeline.sifting import sift
from aggregator.ports import ReadOnlyStore

ROUNDS: Final = 5
"""How often a page reads on when filters leave it short: bounds what one request may cost."""

ALWAYS: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates feeds that are stored nowhere while there is nothing in them."""

_FURTHEST: Final = 2**63 - 1
"""The greatest number that a database holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What of a publication is wanted.

    Attributes:
        words: As somebody typed them, see `asked_words`; "" for whatever it says.
        language: The language of its text by its first subtag, as `de`; None for any.
        day: The day on which it was published, UTC; None for any.
    """

    words: str = ""
    language: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowsedPage:
    """Some stories.

    Attributes:
        entries: In the order in which they were found, the newest first but for stories that stand where the
            oldest of their copies does.
        older: Where the next page begins, for `browse`; None at the end.
    """

    entries: tuple[MergedEntry, ...]
    older: str | None


async def browse(scope: Scope, wanted: Narrowing, most: int, before: str | None) -> BrowsedPage:
    """A page of at most so many stories, from where an earlier one ended.

    A page may be short, or empty, and yet not be the last: where filters leave out nearly all, it is not looked
    on for ever. Raises ValueError for a `before` that no page told.
    """
    search = read_search(wanted.words)
    if wanted.words.strip():
        since, until = _bounds(wanted.day)
        search = replace(search, since=since, before=until)
        return await _search(scope, search, wanted, most, _read_number(before))
    return await _walk(scope, wanted, most, _read_place(before))


async def browsed_edition(
    publication: Publication, catalogue: Catalogue, wanted: Narrowing, query: str, store: ReadOnlyStore
) -> Edition:
    """What is found as an edition: the newest, as many as the publication takes, under the ids that they have."""
    origins: dict[str, Origin] = {}
    scope = scope_of(output(publication, catalogue), origins, store)
    page = await browse(scope, wanted, publication.limit, None)
    entries = sorted(page.entries, key=lambda one: one.entry.sort_key, reverse=True)[: publication.limit]
    await scope.learn({item.source_id for one in entries for item in (one.entry, *one.copies)})
    return Edition(
        site=catalogue.site,
        publication=replace(publication, title=f"{publication.title} ({catalogue.site.title})"),
        items=tuple(one.entry for one in entries),
        copies={one.entry.public_id: one.copies for one in entries if one.copies},
        origins=origins,
        created=ALWAYS,
        feed_name=await store.feed_name(f"{publication.id}?{query}"),
        query=query,
        page=publication.id.rstrip("/"),
    )


async def _walk(scope: Scope, wanted: Narrowing, most: int, after: SortKey | None) -> BrowsedPage:
    shown: list[MergedEntry] = []
    since, until = _bounds(wanted.day)
    if until and (after is None or after[0] >= until):
        after = (until, -_FURTHEST, "")
    count = most
    for _ in range(ROUNDS):
        batch = await scope.store.latest(scope.sources.keys(), count + 1, after)
        within = [one for one in batch if since is None or one.published >= since]
        for one in await merge(await _sift(within[:count], scope, wanted), scope):
            if len(shown) == most:
                return _page(shown, after)
            shown.append(one)
            after = one.item.sort_key
        if len(within) <= count:
            return _page(shown, None)
        after = batch[count - 1].sort_key
        if len(shown) == most:
            break
        count = _expect(most, len(shown), count)
    return _page(shown, after)


def _expect(most: int, found: int, read: int) -> int:
    """How many items to read for what a page still lacks: where nearly all were let in, few."""
    return min(most, 2 * (most - found) + 4) if 2 * found > read else most


def _page(shown: Sequence[MergedEntry], after: SortKey | None) -> BrowsedPage:
    older = f"{rfc3339(after[0])},{after[1]},{after[2]}" if after else None
    return BrowsedPage(entries=tuple(shown), older=older)


async def _search(
    scope: Scope, search: WordSearch, wanted: Narrowing, most: int, after: int | None
) -> BrowsedPage:
    """What is found, each story once, with the words and the id that it has everywhere."""
    found: list[Item] = []
    beginning = after
    for _ in range(ROUNDS):
        part = await scope.store.search(search, scope.sources.keys(), most - len(found), after)
        found += await _sift(part.items, scope, wanted)
        after = part.after
        if after is None or len(found) >= most:
            break
    if beginning is not None:
        found = await _leave_out_shown(found, scope, search, wanted, beginning)
    entries = await merge_whole_stories(found, scope)
    return BrowsedPage(entries=entries, older=None if after is None else str(after))


async def _leave_out_shown(
    found: Sequence[Item], scope: Scope, search: WordSearch, wanted: Narrowing, beginning: int
) -> list[Item]:
    """Without those whose story an earlier page has, since another of its copies was found there."""
    others = {
        uid: [one for one in some if one.uid != uid] for uid, some in (await find_copies(found, scope)).items()
    }
    every = {one.uid: one for some in others.values() for one in some}
    shown = await scope.store.find_saying(search, every.keys(), beginning)
    shown &= {one.uid for one in await _sift([every[uid] for uid in sorted(shown)], scope, wanted)}
    return [one for one in found if not any(other.uid in shown for other in others.get(one.uid, ()))]


async def _sift(items: Sequence[Item], scope: Scope, wanted: Narrowing) -> list[Item]:
    """Those that filters let in, and that are in the language."""
    if wanted.language:
        await scope.learn(dict.fromkeys(one.source_id for one in items))
    return await sift(items, partial(_is_wanted, scope, wanted.language))


def _is_wanted(scope: Scope, language: str | None, item: Item) -> bool:
    source = scope.sources[item.source_id]
    if language:
        origin = scope.origins.get(item.source_id)
        said = item.entry.language or (origin.meta.language if origin else None) or ""
        if said.lower().partition("-")[0] != language:
            return False
    return is_let_in(item, source, scope)


def _bounds(day: date | None) -> tuple[datetime | None, datetime | None]:
    """The beginning of a day and that of the next one; None for the one behind the last that there is."""
    if day is None:
        return None, None
    since = datetime.combine(day, time(), UTC)
    return since, since + timedelta(days=1) if day < date.max else None


def _read_place(before: str | None) -> SortKey | None:
    if before is None:
        return None
    moment, _, rest = before.partition(",")
    order, _, uid = rest.rpartition(",")  # addresses of an earlier version have none
    at, place = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC), int(order or 0)
    if abs(place) > _FURTHEST:
        raise ValueError(before)
    return at, place, uid


def _read_number(before: str | None) -> int | None:
    if before is None:
        return None
    number = int(before)
    if not 0 < number <= _FURTHEST:
        raise ValueError(before)
    return number
