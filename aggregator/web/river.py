"""The river, for people: the newest stories of a publication, a source or a tag, or what is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator import publish
from aggregator.model import Catalogue, Origin
from aggregator.pipeline.browsing import Narrowing, browse
from aggregator.pipeline.publication import output, scope_of
from aggregator.text.cutting import cut
from aggregator.web import views
from aggregator.web.answers import Representation, answer
from aggregator.web.context import WebContext
from aggregator.web.kept_page import KeptPages, KeptValue
from aggregator.web.language_names import find_language, name_language
from aggregator.web.middleware import RIVER
from aggregator.web.origins import Origins
from aggregator.web.pages import Pages, path_to_root
from aggregator.web.river_lines import look_up, make_days
from aggregator.web.stored_changes import Changes
from aggregator.web.subjects import (
    Asked,
    Subject,
    front_subject,
    publication_subject,
    read_asked,
    readers,
    search_subject,
    search_within,
    source_subject,
    tag_subject,
    tell_obstacle,
)

STORIES_A_PAGE: Final[Mapping[str, int]] = {"titles": 60, "": 35, "full": 10}
"""Stories on a page by how much of each is shown: some 40 kB of it. Of large ones there are fewer."""

LARGEST: Final = 60_000
"""Bytes that a page takes at most, before it is compressed."""

_KEPT: Final = 100
"""First pages of publications, sources and tags that are kept; those asked for longest ago make room."""

_FURTHER: Final = 50
"""Older pages, and those of searches, that are kept beside them: who walks through all crowds out no first one."""

_LONG: Final = 600
"""Characters of an address beyond which it is not told but in links: nobody types it, and no reader on the web
takes it, to which it would go with all its escapes escaped."""

_OFFERED: Final = 100
"""Sources that a search offers; others can be typed."""

_TITLE: Final = 40
"""Characters of what they are called."""

_NOTHING: Final = Narrowing()


class River:
    """Answers with pages of stories. Shows nothing that the feeds of the same leave out."""

    def __init__(self, context: WebContext, pages: Pages, origins: Origins, changes: Changes) -> None:
        self._context = context
        self._pages = pages
        self._origins = origins
        self._kept = KeptPages(context, changes, _KEPT)
        self._further = KeptPages(context, changes, _FURTHER)
        self._choices: KeptValue[Choices] = KeptValue(context, changes)

    async def show_front(self, request: Request) -> Response:
        """GET /."""
        catalogue = self._context.catalogue()
        return await self._show(request, catalogue, front_subject(catalogue))

    async def show_publication(self, request: Request) -> Response:
        """GET /<publication>; 301 from an id that it had before."""
        catalogue, name = self._context.catalogue(), request.path_params["publication"]
        subject = publication_subject(catalogue, name)
        if subject is None and (renamed := catalogue.successor(name)) and not renamed.private:
            raise HTTPException(301, headers={"Location": renamed.id, "Cache-Control": "public, max-age=86400"})
        return await self._show(request, catalogue, _require(subject))

    async def show_source(self, request: Request) -> Response:
        """GET /source/<id>; 301 from a label that a source had before and that none has now."""
        catalogue, label = self._context.catalogue(), request.path_params["source"]
        subject = source_subject(catalogue, label, await self._origins.of(catalogue, [label]))
        if subject is None and (name := await self._origins.present_label(catalogue, label)):
            _require(source_subject(catalogue, name, await self._origins.of(catalogue, [name])))
            raise HTTPException(301, headers={"Location": name, "Cache-Control": "public, max-age=300"})
        return await self._show(request, catalogue, _require(subject))

    async def show_tag(self, request: Request) -> Response:
        """GET /tag/<tag>."""
        catalogue = self._context.catalogue()
        return await self._show(request, catalogue, _require(tag_subject(catalogue, request.path_params["tag"])))

    async def show_search(self, request: Request) -> Response:
        """GET /search: what is searched for, or without a question the form for one."""
        catalogue = self._context.catalogue()
        try:
            asked = read_asked(request.query_params)
        except ValueError:
            raise HTTPException(400) from None
        subject = search_subject(catalogue, asked)
        make = partial(self._make, request, catalogue, subject, asked=asked)
        name = (asked, _read_mode(request), path_to_root(request), request.query_params.get("before"))
        return self._answer(request, await self._further.get(name, make))

    async def _show(self, request: Request, catalogue: Catalogue, subject: Subject | None) -> Response:
        """The page; `?before=` continues where an earlier one ended."""
        make = partial(self._make, request, catalogue, subject)
        before = request.query_params.get("before")
        kept = self._kept if before is None else self._further
        # A tag with a slash has several addresses, from which ways lead differently.
        name = (subject.path if subject else "", _read_mode(request), path_to_root(request), before)
        return self._answer(request, await kept.get(name, make))

    def _answer(self, request: Request, made: Representation) -> Response:
        response = answer(request, made)
        response.headers["Content-Security-Policy"] = RIVER[_read_mode(request)]
        return response

    async def _make(
        self, request: Request, catalogue: Catalogue, subject: Subject | None, *, asked: Asked | None = None
    ) -> Representation:
        """The page, with as many stories as go into it: its last one tells where the next page begins."""
        most = STORIES_A_PAGE[_read_mode(request)]
        while True:
            shown = await self._make_with(most, request, catalogue, subject, asked)
            if len(shown.body) <= LARGEST or most == 1:
                return shown
            most = max(1, min(most - 1, most * LARGEST // len(shown.body)))

    async def _make_with(
        self, most: int, request: Request, catalogue: Catalogue, subject: Subject | None, asked: Asked | None
    ) -> Representation:
        """The page with at most so many stories."""
        origins: dict[str, Origin] = {}  # of those whose entries are met
        days: tuple[views.RiverDay, ...] = ()
        older = None
        before, mode = request.query_params.get("before"), _read_mode(request)
        if subject is not None and (asked is None or asked.query):
            scope = scope_of(output(subject.publication, catalogue), origins, self._context.store)
            wanted = asked.narrowing if asked else _NOTHING
            try:
                found = await browse(scope, wanted, most, before)
            except ValueError:
                raise HTTPException(400) from None
            told, older = await look_up(found.entries, scope, mode), found.older
            days = await run_in_threadpool(make_days, told, origins, self._context.clock.now(), mode)
        values = {
            "subject": subject,
            "readers": _find_readers(subject, catalogue),
            "is_short": not subject or all(len(link.path) <= _LONG for link in subject.feeds),
            "within": search_within(subject),
            "obstacle": tell_obstacle(catalogue, asked) if asked else "",
            "choices": await self._choices.get(self._offer) if asked else None,
            "asked": asked or Asked(),
            "searching": asked is not None,
            "days": days,
            "mode": mode,
            "older": older,
            "continued": before is not None,
            "here": _write_query(asked, mode),
            "modes": [(name, label, _write_query(asked, name)) for name, label in _MODES],
            "tags": _tags(catalogue)[: views.FEW],
            "more_feeds": views.tag_feeds(_tags(catalogue)),
        }
        return await self._pages.represent(request, "river.html", values)

    async def _offer(self) -> Choices:
        catalogue = self._context.catalogue()
        every = [one.id for one in publish.visible_sources(catalogue)[:_OFFERED]]
        origins = await self._origins.of(catalogue, every)
        found = {(find_language(one.meta.language) or "") for one in origins.values() if one.meta.language}
        return Choices(
            sources=tuple((name, cut(origins[name].title, _TITLE)) for name in every),
            languages=tuple(
                sorted(((code, name_language(code)) for code in found - {""}), key=lambda one: one[1])
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a search offers to choose from, as names and what they are called.

    Attributes:
        sources: Of the first that everybody may see.
        languages: That the feeds of these are in, by their own word.
    """

    sources: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


_MODES: Final = (("titles", "Titles"), ("", "Excerpts"), ("full", "Full texts"))


def _read_mode(request: Request) -> str:
    """How much of each story is to be shown: `titles`, `full`, or an excerpt."""
    asked = request.query_params.get("show", "")
    return asked if asked in STORIES_A_PAGE else ""


def _write_query(asked: Asked | None, mode: str) -> str:
    """What an address of these pages has behind a question mark, `before` aside; "" for nothing."""
    return "&".join(part for part in (asked.query if asked else "", f"show={mode}" if mode else "") if part)


def _find_readers(subject: Subject | None, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    if subject is None or not subject.feeds or not catalogue.site.link:
        return ()
    if len(subject.feeds[0].path) > _LONG:
        return ()
    return readers(f"{catalogue.site.link.rstrip('/')}/{subject.feeds[0].path}")


def _require(subject: Subject | None) -> Subject:
    if subject is None:
        raise HTTPException(404)
    return subject


def _tags(catalogue: Catalogue) -> list[str]:
    """The tags of what everybody may see, in the editor's order."""
    return list(dict.fromkeys(tag for source in publish.visible_sources(catalogue) for tag in source.tags))
