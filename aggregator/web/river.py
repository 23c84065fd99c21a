"""The river, for people: the newest stories of the first public publication, a hundred at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator import publish
from aggregator.dates.writing import rfc3339
from aggregator.model import Catalogue, Item, Origin, SortKey
from aggregator.pipeline.merging import MergedEntry, Scope, merge
from aggregator.pipeline.sifting import sift
from aggregator.web import views
from aggregator.web.answers import Representation, answer
from aggregator.web.context import WebContext
from aggregator.web.kept_page import KeptPage
from aggregator.web.pages import Pages
from aggregator.web.stored_changes import Changes

STORIES_A_PAGE = 100
"""Stories on a page."""

_FURTHEST = 2**63 - 1
"""The greatest number that a database holds."""

ROUNDS = 5
"""How often a page reads on when filters leave it short: bounds what one request may cost."""


class River:
    """Answers GET /. Shows nothing that the feeds of the publication leave out."""

    def __init__(self, context: WebContext, pages: Pages, changes: Changes) -> None:
        self._context = context
        self._pages = pages
        self._front = KeptPage(context, changes)

    async def show(self, request: Request) -> Response:
        """The page; `?before=` continues where an earlier one ended."""
        before = _read_cursor(request.query_params.get("before"))
        make = partial(self._make, request, before)
        return answer(request, await (self._front.get(make) if before is None else make()))

    async def _make(self, request: Request, before: SortKey | None) -> Representation:
        catalogue = self._context.catalogue()
        publication = catalogue.publication(views.front_id(catalogue) or "")
        found: list[MergedEntry] = []
        older: SortKey | None = None
        origins: dict[str, Origin] = {}  # of those whose entries are met
        if publication is not None:
            sources = {source.id: source for source in catalogue.sources_of(publication)}
            scope = Scope(publication=publication, sources=sources, origins=origins, store=self._context.store)
            found, older = await self._read(scope, before)
        values = {
            "days": await run_in_threadpool(_make_days, found, origins, self._context.clock.now().date()),
            "sources": len(catalogue.sources_of(publication)) if publication else 0,
            "older": f"{rfc3339(older[0])},{older[1]},{older[2]}" if older else None,
            "continued": before is not None,
            "more_feeds": views.tag_feeds(_tags(catalogue)),
        }
        return await self._pages.represent(request, "river.html", values)

    async def _read(self, scope: Scope, after: SortKey | None) -> tuple[list[MergedEntry], SortKey | None]:
        """A page of stories, and where the next one begins (None at the end)."""
        shown: list[MergedEntry] = []
        for _ in range(ROUNDS):
            batch = await self._context.store.latest(scope.sources.keys(), STORIES_A_PAGE + 1, after)
            passing = await sift(batch[:STORIES_A_PAGE], partial(_is_shown, scope))
            for one in await merge(passing, scope):
                if len(shown) == STORIES_A_PAGE:
                    return shown, after
                shown.append(one)
                after = one.item.sort_key
            if len(batch) <= STORIES_A_PAGE:
                return shown, None
            after = batch[STORIES_A_PAGE - 1].sort_key
            if len(shown) == STORIES_A_PAGE:
                break
        return shown, after


def _is_shown(scope: Scope, item: Item) -> bool:
    return publish.can_show(scope.publication, scope.sources[item.source_id], item)


def _make_days(
    found: Iterable[MergedEntry], origins: Mapping[str, Origin], today: date
) -> tuple[views.RiverDay, ...]:
    lines = [_make_line(one, origins) for one in sorted(found, key=_sort_key, reverse=True)]
    return views.river_days(lines, today)


def _sort_key(one: MergedEntry) -> SortKey:
    return one.entry.sort_key


def _make_line(one: MergedEntry, origins: Mapping[str, Origin]) -> views.RiverLine:
    """The entry, with the page of an item that can be read: its lead's may be gone."""
    origin = origins[one.entry.source_id]
    line = views.river_line(publish.show(one.entry, origin.source), origin, _find_elsewhere(one, origins))
    return replace(line, uid=one.item.uid)


def _find_elsewhere(one: MergedEntry, origins: Mapping[str, Origin]) -> tuple[views.Elsewhere, ...]:
    return views.elsewhere(one.entry, [(copy, origins[copy.source_id]) for copy in one.copies])


def _tags(catalogue: Catalogue) -> list[str]:
    """The tags of what everybody may see, in the editor's order."""
    return list(dict.fromkeys(tag for source in publish.visible_sources(catalogue) for tag in source.tags))


def _read_cursor(text: str | None) -> SortKey | None:
    if text is None:
        return None
    moment, _, rest = text.partition(",")
    order, _, uid = rest.rpartition(",")  # addresses of an earlier version have none
    try:
        at, place = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC), int(order or 0)
    except ValueError:
        raise HTTPException(400) from None
    if abs(place) > _FURTHEST:
        raise HTTPException(400)
    return at, place, uid
