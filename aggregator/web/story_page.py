"""One story: what it says, where it comes from and who else carries it, and why its dates are what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator import publish
from aggregator.model import Catalogue, Item, Origin, Publication, Stamp
from aggregator.pipeline.merging import Scope, is_standing, merge
from aggregator.ports import ReadOnlyStore
from aggregator.web import views
from aggregator.web.answers import Representation, answer
from aggregator.web.context import WebContext
from aggregator.web.kept_page import KeptPages
from aggregator.web.middleware import WITH_MEDIA
from aggregator.web.origins import Origins, publications_showing, revisions_to_show
from aggregator.web.pages import Pages, path_to_root
from aggregator.web.revisions import compare_revisions
from aggregator.web.stored_changes import Changes

_KEPT: Final = 50
"""Pages that are kept; those asked for longest ago make room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """A copy of the page's piece that another source carries.

    Attributes:
        origin: Whose it is.
        url: The publisher's page, or None.
        title: Its headline where that differs, else empty.
        why: What says that it is the same piece.
    """

    origin: Origin
    url: str | None
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """What a story's page tells, as the river and the documents do.

    Attributes:
        entry: The words of one of its items, under the id and the date of the one that leads it.
        words: The item whose words they are.
        lead: The item whose id and date they bear; None where it cannot be read any more.
        copies: The others that the entry names, in its order.
    """

    entry: Item
    words: Item
    lead: Item | None
    copies: tuple[Item, ...] = ()


class StoryPage:
    """Answers GET /story/<uid>. Shows only items of public publications, and only as much as their source allows.

    Each item of a story that several sources carry has the page of the whole story.
    """

    def __init__(self, context: WebContext, pages: Pages, origins: Origins, changes: Changes) -> None:
        self._kept = KeptPages(context, changes, _KEPT)
        self._context = context
        self._pages = pages
        self._origins = origins

    async def show(self, request: Request) -> Response:
        """The page; 404 for what nobody may see here, 410 for what its publisher took back."""
        uid = request.path_params["uid"]
        made = await self._kept.get((uid, path_to_root(request)), partial(self._make, request, uid))
        response = answer(request, made)
        response.headers["Content-Security-Policy"] = WITH_MEDIA
        return response

    async def _make(self, request: Request, uid: str) -> Representation:
        item = await self._context.store.item(uid)
        catalogue = self._context.catalogue()
        # The store finds items by other names too; a page has one address.
        publications = await publications_showing(catalogue, item) if item and item.uid == uid else []
        if item is None or not publications:
            raise HTTPException(404)
        if item.withdrawn_at is not None:
            raise HTTPException(410)
        members = [copy.item for copy in (await self._context.store.copies([uid])).get(uid, ())]
        origins = await self._origins.of(catalogue, {one.source_id for one in (item, *members)})
        told = await self._find_entry(item, members, _scope(publications, catalogue, origins, self._context.store))
        origin = origins[told.words.source_id]
        shown = await run_in_threadpool(publish.show, told.entry, origin.source)
        revisions = await self._context.store.revisions(told.words.uid)
        revealed = await revisions_to_show(catalogue, told.words, revisions)
        values = {
            "item": shown,
            "line": views.river_line(shown, origin),
            "content": views.content(shown, origin, under=1),
            "copies": await self._other_copies(told, members, catalogue, origins),
            "claims": _claims(told.lead.entry.published if told.lead else None, told.words.entry.updated),
            "revisions": await run_in_threadpool(compare_revisions, revealed, origin.source),
            "is_whole": views.is_whole(shown, origin),
            "publications": publications,
            "more_feeds": views.story_page_feeds(told.words, origin),
        }
        return await self._pages.represent(request, "story.html", values)

    async def _find_entry(self, item: Item, members: Sequence[Item], scope: Scope) -> StoryEntry:
        """The entry that the item leads or that names it; the item by itself where it has none with others."""
        standing = [one for one in members if is_standing(one) and one.source_id in scope.sources]
        for one in await merge(standing, scope):
            words = next(found for found in standing if found.uid == one.words)
            if item.uid in {words.uid, one.item.uid, *(copy.uid for copy in one.copies)}:
                lead = next((found for found in (words, *one.copies) if found.uid == one.entry.uid), None)
                return StoryEntry(entry=one.entry, words=words, lead=lead, copies=one.copies)
        return StoryEntry(entry=item, words=item, lead=item)

    async def _other_copies(
        self, told: StoryEntry, members: Sequence[Item], catalogue: Catalogue, origins: Mapping[str, Origin]
    ) -> tuple[CopyView, ...]:
        """The story's other items, those that the entry names first; as far as everybody may see them."""
        if not members:
            return ()
        reasons = views.reasons_of(told.words.uid, await self._context.store.edges_of([told.words.uid]))
        named = {copy.uid: place for place, copy in enumerate(told.copies)}
        others = sorted(members, key=lambda one: (named.get(one.uid, len(named)), one.first_seen, one.uid))
        others = [one for one in others if one.uid != told.words.uid and is_standing(one)]
        others = [one for one in others if await publications_showing(catalogue, one)]
        words, *shown = await run_in_threadpool(_show_all, [told.words, *others], origins)
        return tuple(
            CopyView(
                origin=origins[other.source_id],
                url=other.entry.url,
                title=other.entry.title if other.entry.title != words.entry.title else "",
                why=reasons.get(other.uid, views.THROUGH_OTHERS),
            )
            for other in shown
        )


def _scope(
    publications: Sequence[Publication], catalogue: Catalogue, origins: Mapping[str, Origin], store: ReadOnlyStore
) -> Scope:
    """The river's publication, else the first of those that show the item."""
    front = publish.front_id(catalogue)
    publication = next((one for one in publications if one.id == front), publications[0])
    sources = {source.id: source for source in catalogue.sources_of(publication)}
    return Scope(publication=publication, sources=sources, origins=dict(origins), store=store)


def _show_all(items: Sequence[Item], origins: Mapping[str, Origin]) -> list[Item]:
    """The items with what readers are told of them."""
    return [publish.show(one, origins[one.source_id].source) for one in items]


def _claims(published: Stamp | None, updated: Stamp | None) -> list[tuple[str, str]]:
    """The dates as the publisher wrote them, each with how its zone was understood."""
    zones = {
        "explicit": "zone as written",
        "assumed": "without a zone; read in the source’s time zone",
    }
    return [
        (stamp.raw, f"{name}, {zones[stamp.zone]}, to the {stamp.precision}")
        for name, stamp in (("published", published), ("updated", updated))
        if stamp is not None
    ]
