"""One story: what it says, where it comes from, and why its dates are what they are."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.model import Stamp
from aggregator.web import views
from aggregator.web.context import WebContext
from aggregator.web.guard import WITH_IMAGES
from aggregator.web.origins import Origins, showing
from aggregator.web.pages import Pages


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
        origin = (await self._origins.of(catalogue))[item.source_id]
        values = {
            "item": item,
            "line": views.line(item, origin),
            "content": views.content(item, origin),
            "claims": _claims(item.entry.published, item.entry.updated),
            "revisions": await self._site.store.revisions(item.uid),
            "publications": publications,
            "more_feeds": views.feeds_of_story(item, origin),
        }
        response = self._pages.page(request, "story.html", values)
        response.headers["Content-Security-Policy"] = WITH_IMAGES
        return response


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
