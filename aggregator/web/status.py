"""How every source is doing, for the operator and the editor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.explain.list_reports import LIST_STATUSES, ListReport, list_reports
from aggregator.model import Catalogue, FollowedLists, Incident, Source, SourceState, SourceStatus, Trouble
from aggregator.publish import render_incidents
from aggregator.publish.incident_feed import NAME as INCIDENTS
from aggregator.web.answers import Representation, answer, entity_tag
from aggregator.web.context import WebContext
from aggregator.web.kept_page import KeptPages, KeptValue
from aggregator.web.opened_feeds import answer_feed
from aggregator.web.origins import Origins
from aggregator.web.pages import Pages
from aggregator.web.status_lines import WAITING, StatusLine, status_line, tell_standing
from aggregator.web.stored_changes import Changes

_TALLY: Final = ("ok", "pending", WAITING, "error", "blocked", "disabled")
_WORST_FIRST: Final = {"blocked": 0, "error": 1, WAITING: 3, "pending": 4, "ok": 5, "disabled": 6}
_MATTERS: Final = 2
"""Where a source stands that is well by its status, and with which something is the matter all the same."""

SHOWN_FOR = timedelta(days=90)
MOST = 100
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates the feed while nothing was ever the matter: a date that moved would be a change that readers ask for."""

SOURCES_A_PAGE: Final = 20
"""A page with so many takes 60 kB at most, even where all of them are in all kinds of trouble."""

MATTERS_SHOWN: Final = 10
LISTS_SHOWN: Final = 10
_ASKED: Final = 200
"""Characters of what is searched for that count."""

_KEPT: Final = 20
"""Pages that are kept."""

_READ: Final = 1000
"""Feeds whose own titles are read for a search: a third of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All sources at a glance.

    Attributes:
        order: Them, those with trouble first, else in the editor's order.
        counts: How many are in which state.
        items: How many items they have.
        incidents: What is the matter now.
        lists: Lists elsewhere that are followed, those with trouble first.
    """

    order: tuple[Source, ...]
    counts: tuple[tuple[str, int], ...]
    items: int
    incidents: tuple[Incident, ...]
    lists: tuple[ListReport, ...]


class Status:
    """Answers GET /status. Never shows `Source.location` or headers, which may hold secrets."""

    def __init__(self, context: WebContext, pages: Pages, origins: Origins, changes: Changes) -> None:
        self._context = context
        self._pages = pages
        self._origins = origins
        self._overview: KeptValue[Overview] = KeptValue(context, changes)
        self._kept = KeptPages(context, changes, _KEPT)

    async def show(self, request: Request) -> Response:
        """A page of the table, for whoever may see it: `?q=` what is searched for, `?page=` from 1 on."""
        asked, page = request.query_params.get("q", "").strip()[:_ASKED], request.query_params.get("page", "1")
        if not (page.isascii() and page.isdecimal() and len(page) < 9 and int(page) > 0):
            raise HTTPException(400)
        make = partial(self._make, request, asked, int(page))
        return answer(request, await self._kept.get((asked, int(page)), make))

    async def _make(self, request: Request, asked: str, page: int) -> Representation:
        now, catalogue = self._context.clock.now(), self._context.catalogue()
        overview = await self._overview.get(self._look)
        found = await self._find(overview.order, catalogue, asked)
        last = max(1, -(-len(found) // SOURCES_A_PAGE))
        page = min(page, last)
        shown = found[(page - 1) * SOURCES_A_PAGE : page * SOURCES_A_PAGE]
        states = await self._context.store.states([source.id for source in shown])
        values = {
            "lines": await run_in_threadpool(_lines, shown, states, now),
            "overview": overview,
            "asked": asked,
            "found": len(found),
            "page": page,
            "pages": last,
            "links": {at: _query(asked, at) for at in (page - 1, page + 1)},
            "now": now,
            "lists": overview.lists[:LISTS_SHOWN] if page == 1 and not asked else (),
            "matters": overview.incidents[:MATTERS_SHOWN] if page == 1 and not asked else (),
            "mistakes": catalogue.mistakes,
            "difference": catalogue.standing.difference,
        }
        return await self._pages.represent(request, "status.html", values, cache="no-store")

    async def _look(self) -> Overview:
        catalogue, now = self._context.catalogue(), self._context.clock.now()
        standings = await self._context.store.standings()
        incidents = [one for one in await self._context.store.incidents(now, MOST) if one.ended is None]
        lists = await self._context.store.followed_lists() if catalogue.lists else FollowedLists()
        reports = sorted(list_reports(catalogue, lists.states), key=lambda one: LIST_STATUSES.index(one.status))
        return await run_in_threadpool(_survey, catalogue, standings, incidents, reports)

    async def _find(self, order: Sequence[Source], catalogue: Catalogue, asked: str) -> Sequence[Source]:
        """Those whose label, address, title and tags hold all words that are asked for.

        What a feed calls itself counts where feeds.yaml has no title; not where that would be thousands to read.
        """
        if not asked:
            return order
        untitled = [source.id for source in order if not source.title]
        origins = await self._origins.of(catalogue, untitled if len(untitled) <= _READ else ())
        titles = {name: origin.title for name, origin in origins.items()}
        return await run_in_threadpool(_search, order, titles, asked)

    async def show_incidents(self, request: Request) -> Response:
        """GET /status.atom: what is the matter, and what was within three months; an entry for each."""
        now = self._context.clock.now()
        found = await self._context.store.incidents(now - SHOWN_FOR, MOST)
        site, name = self._context.catalogue().site, await self._context.store.feed_name(INCIDENTS)
        body = await run_in_threadpool(render_incidents, found, site, name, EPOCH)
        modified = max((one.changed for one in found), default=None)
        shown = Representation(
            body=body,
            media_type="application/atom+xml; charset=utf-8",
            etag=entity_tag(body),
            modified=modified,
            cache="private, no-cache",
        )
        return answer_feed(request, shown, self._pages)


def _survey(
    catalogue: Catalogue,
    standings: Mapping[str, tuple[SourceStatus, Trouble | None, int]],
    incidents: Sequence[Incident],
    lists: Sequence[ListReport],
) -> Overview:
    troubled = {one.subject for one in incidents}
    ranked: list[tuple[int, Source]] = []
    counts: Counter[str] = Counter()
    items = 0
    for source in catalogue.sources:
        status, trouble, held = standings.get(source.id, ("pending", None, 0))
        standing = tell_standing(status, trouble) if source.enabled else "disabled"
        rank = _WORST_FIRST[standing]
        ranked.append((_MATTERS if source.enabled and source.id in troubled and rank > _MATTERS else rank, source))
        counts[standing] += 1
        items += held
    return Overview(
        order=tuple(source for _, source in sorted(ranked, key=lambda one: one[0])),
        counts=tuple((standing, counts[standing]) for standing in _TALLY if counts[standing]),
        items=items,
        incidents=tuple(incidents),
        lists=tuple(lists),
    )


def _search(order: Sequence[Source], titles: Mapping[str, str], asked: str) -> Sequence[Source]:
    words = asked.casefold().split()
    return [source for source in order if _has_all(source, source.title or titles.get(source.id, ""), words)]


def _has_all(source: Source, title: str, words: Sequence[str]) -> bool:
    said = "\n".join((source.id, source.url, title, *source.tags)).casefold()
    return all(word in said for word in words)


def _lines(shown: Sequence[Source], states: Mapping[str, SourceState], now: datetime) -> list[StatusLine]:
    return [status_line(source, states.get(source.id), now) for source in shown]


def _query(asked: str, page: int) -> str:
    return urlencode({**({"q": asked} if asked else {}), "page": page})
