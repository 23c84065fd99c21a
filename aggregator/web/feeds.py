"""Feeds for readers: the stored documents, and the list of sources.

A private publication is opened by its token, as a path (`/<token>/<id>.atom`, for readers that know only URLs)
or as the password of HTTP Basic (any user name), or as a Bearer token. Without the right one it answers exactly
as a publication that does not exist: 404, the same bytes. It is not 401, because a challenge would tell that
there is something to open; clients that are given credentials send them unasked, all others use the path.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.model import Format, Publication
from aggregator.web import access
from aggregator.web.answers import Representation, answer, tag
from aggregator.web.context import WebContext
from aggregator.web.origins import Origins, public
from aggregator.web.pages import Pages

PUBLIC = "public, max-age=300, stale-if-error=86400"
PRIVATE = "private, no-store"
NOT_YET = "This feed exists, but its first edition has not been written yet. Please try again in a few seconds."


class Feeds:
    """What subscribers ask for. Serves stored bytes; makes none but the OPML."""

    def __init__(self, site: WebContext, pages: Pages, origins: Origins) -> None:
        self._site = site
        self._pages = pages
        self._origins = origins

    async def document(self, request: Request, format: Format) -> Response:  # noqa: A002 # the field's word
        """GET /<publication>.<format>, and GET /<token>/<publication>.<format>."""
        token = request.path_params.get("token")
        given = access.presented(request) if token is None else token
        publication = access.admitted(self._site.catalogue(), request.path_params["publication"], given)
        # A path with a token is for private publications only: each document has one public address.
        if publication is None or format not in publication.formats or (token and not publication.private):
            raise HTTPException(404)
        request.scope["aggregator.publication"] = publication.id
        return await self._stored(request, publication, format)

    async def _stored(self, request: Request, publication: Publication, format: Format) -> Response:  # noqa: A002 # as above
        document = await self._site.store.document(publication.id, format)
        if document is None:
            return self._pages.error(request, 503, NOT_YET, {"Retry-After": "5"})
        return answer(
            request,
            Representation(
                body=document.body,
                gzip=document.gzip,
                media_type=document.media_type,
                etag=document.etag,
                modified=document.last_modified,
                cache=PRIVATE if publication.private else PUBLIC,
            ),
        )

    async def opml(self, request: Request) -> Response:
        """GET /sources.opml: the sources of the public publications, for import into any reader."""
        catalogue = self._site.catalogue()
        origins = await self._origins.of(catalogue)
        ids = {source.id for publication in public(catalogue) for source in catalogue.sources_of(publication)}
        body = self._site.opml(catalogue.site, [origin for id_, origin in origins.items() if id_ in ids])
        return answer(
            request,
            Representation(body=body, media_type="text/x-opml; charset=utf-8", etag=tag(body), cache=PUBLIC),
        )
