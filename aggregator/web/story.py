"""One story: what it says, where it comes from and who else carries it, and why its dates are what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.model import Catalogue, Item, Origin, Stamp
from aggregator.web import views
from aggregator.web.context import WebContext
from aggregator.web.guard import WITH_IMAGES
from aggregator.web.origins import Origins, showing
from aggregator.web.pages import Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The same piece at another place.

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


class Story:
    """GET /story/<uid>. Shows only items of public publications, and only as much as their source allows."""

    def __init__(self, site: WebContext, pages: Pages, origins: Origins) -> None:
        self._site = site
        self._pages = pages
        self._origins = origins

    async def show(self, request: Request) -> Response:
        """The page; 404 for what nobody may see here, 410 for what its publisher took back."""
        uid = request.path_params["uid"]
        item = await self._site.store.item(uid)
        catalogue = self._site.catalogue()
        # The store finds items by other names too; a page has one address.
        publications = showing(self._site, catalogue, item) if item is not None and item.uid == uid else ()
        if item is None or not publications:
            raise HTTPException(404)
        if item.withdrawn_at is not None:
            raise HTTPException(410)
        origins = await self._origins.of(catalogue)
        origin = origins[item.source_id]
        values = {
            "item": item,
            "line": views.line(item, origin),
            "content": views.content(item, origin),
            "copies": await self._copies(item, catalogue, origins),
            "claims": _claims(item.entry.published, item.entry.updated),
            "revisions": await self._site.store.revisions(item.uid),
            "publications": publications,
            "more_feeds": views.feeds_of_story(item, origin),
        }
        response = self._pages.page(request, "story.html", values)
        response.headers["Content-Security-Policy"] = WITH_IMAGES
        return response

    async def _copies(self, item: Item, catalogue: Catalogue, origins: Mapping[str, Origin]) -> tuple[Copy, ...]:
        """The story's other items, the first seen first, as far as everybody may see them."""
        found = (await self._site.store.copies([item.uid])).get(item.uid, ())
        if not found:
            return ()
        edges, _ = await self._site.store.evidence(item.uid)
        reasons = {uid: edge.evidence.reason for edge in edges for uid in (edge.one, edge.other)}
        others = sorted((copy.item for copy in found), key=lambda other: (other.first_seen, other.uid))
        return tuple(
            Copy(
                origin=origins[other.source_id],
                url=other.entry.url,
                title=other.entry.title if other.entry.title != item.entry.title else "",
                why=reasons.get(other.uid, "it is the same piece as another copy of this one"),
            )
            for other in others
            if other.uid != item.uid and self._is_seen(other, catalogue)
        )

    def _is_seen(self, other: Item, catalogue: Catalogue) -> bool:
        stands = other.withdrawn_at is None and not other.pruned
        return stands and bool(showing(self._site, catalogue, other))


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
