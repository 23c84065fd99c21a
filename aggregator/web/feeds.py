"""Feeds for readers: the stored documents, what is new in them, and the list of sources.

A private publication is opened by its token, as a path (`/<token>/<id>.atom`, for readers that know only URLs)
or as the password of HTTP Basic (any user name), or as a Bearer token. Without the right one it answers exactly
as a publication that does not exist: 404, the same bytes. It is not 401, because a challenge would tell that
there is something to open; clients that are given credentials send them unasked, all others use the path.

An address of a publication under an id that it had before (`was:` in feeds.yaml) answers 301, under the same
terms: without the token there is nothing there. So does the feed of a source under a label that it had before, but
not for good: another source may be called so tomorrow. What is absent from feeds.yaml answers 404, not 410, which
readers take for a reason to unsubscribe: it may come back.

A reader that asks with `A-IM: feed` and an ETag gets only what is new or changed since (RFC 3229 with `feed`), for
as long as we remember when the document had that ETag.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator import publish
from aggregator.model import Document, Format, Publication
from aggregator.web import access, negotiate
from aggregator.web.answers import Representation, answer, answer_difference, entity_tag, list_field
from aggregator.web.context import WebContext
from aggregator.web.documents import Documents
from aggregator.web.opened_feeds import answer_feed, is_window
from aggregator.web.origins import Origins, publications_showing, revisions_to_show
from aggregator.web.pages import Pages
from aggregator.web.subjects import read_asked, search_subject

PUBLIC = "public, max-age=300, stale-if-error=86400"
FOR_GOOD = "public, max-age=86400, stale-if-error=604800"
"""For pages of archives: they change only when something is withdrawn, which must be heard within a day."""
PRIVATE = "private, no-store"

_DIGITS = 10
"""No page of an archive has a number of so many."""

NOT_YET = "This feed exists, but its first edition has not been written yet. Please try again in a few seconds."

TOO_MANY = "So much is asked for at once that this feed has to wait. Please try again in a few seconds."


class Feeds:
    """What subscribers ask for: stored bytes of what is declared, and what is made when somebody asks."""

    def __init__(self, context: WebContext, pages: Pages, origins: Origins, documents: Documents) -> None:
        self._context = context
        self._pages = pages
        self._origins = origins
        self._documents = documents

    async def show_publication(self, request: Request, format: Format) -> Response:  # noqa: A002 # the field's word
        """GET /<publication>.<format>, and GET /<token>/<publication>.<format>."""
        return await self._answer_stored(request, self._admit(request, format, "{}." + format), format)

    async def show_at_further_path(self, request: Request) -> Response:
        """GET of a path that feeds.yaml gives a publication: the very document that its own address has."""
        return await self.show_publication(request, request.path_params["format"])

    async def show_tag(self, request: Request, format: Format) -> Response:  # noqa: A002 # as above
        """GET /tag/<tag>.<format>."""
        found = publish.tag_feed(self._context.catalogue(), request.path_params["tag"])
        return await self._answer_stored(request, _require(found), format)

    async def show_source(self, request: Request, format: Format) -> Response:  # noqa: A002 # as above
        """GET /source/<id>.<format>; 301 from a label that a source had before and that none has now."""
        catalogue, label = self._context.catalogue(), request.path_params["source"]
        found = publish.source_feed(catalogue, label)
        if found is None:
            name = await self._origins.present_label(catalogue, label)
            renamed = _require(publish.source_feed(catalogue, name) if name else None)
            request.scope["aggregator.publication"] = renamed.id
            raise HTTPException(301, headers={"Location": f"{name}.{format}", "Cache-Control": PUBLIC})
        return await self._answer_stored(request, _require(found), format)

    async def show_search(self, request: Request, format: Format) -> Response:  # noqa: A002 # as above
        """GET /search.<format>?q=: what is searched for; 404 for a question without anything to search for.

        Without a question, the publication that was called so before we had a search, or where it is now.
        """
        catalogue = self._context.catalogue()
        try:
            asked = read_asked(request.query_params)
        except ValueError:
            raise HTTPException(400) from None
        if not asked.query:
            request.path_params["publication"] = publish.SEARCH.strip("/")
            return await self.show_publication(request, format)
        subject = search_subject(catalogue, asked)
        if subject is None:
            raise HTTPException(404)
        found = await self._context.found_feeds.search(subject.publication, asked.narrowing, asked.query, format)
        return self._answer_found(request, found, PUBLIC)

    async def show_changes(self, request: Request) -> Response:
        """GET /<publication>.changes.atom, with or without a token before it: each change of what it shows."""
        publication = self._admit(request, None, "{}.changes.atom")
        found = await self._context.found_feeds.changes(publication)
        return self._answer_found(request, found, PRIVATE if publication.private else PUBLIC)

    async def show_archive_page(self, request: Request, format: Format) -> Response:  # noqa: A002 # as above
        """GET /<publication>/archive/<n>.<format>, with or without a token before it; 410 for pages let go."""
        number = _read_number(request.path_params["number"])
        publication = self._admit(request, format, f"../../{{}}/archive/{number}.{format}")
        document = await self._context.on_demand.page(publication, number, format)
        if document is None:
            known = await self._context.store.archive_numbers(publication.id)
            if number in await self._context.store.find_unrendered_pages(publication.id):
                return self._pages.render_error(request, 503, NOT_YET, {"Retry-After": "5"})
            raise HTTPException(410 if known and 0 < number < known.start else 404)
        shown = _represent(document, PRIVATE if publication.private else FOR_GOOD)
        return answer_feed(request, shown, self._pages)

    async def show_story_history(self, request: Request) -> Response:
        """GET /story/<uid>.atom: what an item said over time. Made when asked for: it is short, and few ask."""
        uid, catalogue = request.path_params["uid"], self._context.catalogue()
        item = await self._context.store.item(uid)
        if item is None or item.uid != uid or not await publications_showing(catalogue, item):
            raise HTTPException(404)
        if item.withdrawn_at is not None:
            raise HTTPException(410)
        origin = (await self._origins.of(catalogue, [item.source_id]))[item.source_id]
        store = self._context.store
        name = await store.feed_name(publish.history_id(item))
        revisions = await revisions_to_show(catalogue, item, await store.revisions(uid))
        edition = publish.history_edition(item, revisions, origin, catalogue.site, name)
        rendered = await run_in_threadpool(publish.render, edition, "atom")
        shown = Representation(
            body=rendered.body,
            media_type=rendered.media_type,
            etag=entity_tag(rendered.body),
            modified=item.changed_at,
            cache=PUBLIC,
        )
        return answer_feed(request, shown, self._pages)

    def _answer_found(self, request: Request, found: Document | None, cache: str) -> Response:
        if found is None:
            return self._pages.render_error(request, 503, TOO_MANY, {"Retry-After": "5"})
        return answer_feed(request, _represent(found, cache), self._pages)

    def _admit(self, request: Request, format: Format | None, place: str) -> Publication:  # noqa: A002 # as above
        """The publication that the path names, if it has the format and whoever asks may read it; else 404.

        None for what each publication has, whatever its formats. 301 where the path names it by an earlier id.
        `place` is where it is then, from the path that was asked: relative, so that it is right behind a proxy,
        and under a token without telling it again.
        """
        token = request.path_params.get("token")
        given = access.read_token(request) if token is None else token
        publication = access.admit(self._context.catalogue(), request.path_params["publication"], given)
        # A path with a token is for private publications only: each document has one public address.
        has_it = publication is not None and (format is None or format in publication.formats)
        if publication is None or not has_it or (token and not publication.private):
            raise HTTPException(404)
        request.scope["aggregator.publication"] = publication.id
        if publication.id != request.path_params["publication"]:
            cache = PRIVATE if publication.private else FOR_GOOD
            raise HTTPException(301, headers={"Location": place.format(publication.id), "Cache-Control": cache})
        return publication

    async def _answer_stored(self, request: Request, publication: Publication, format: Format) -> Response:  # noqa: A002 # as above
        request.scope["aggregator.publication"] = publication.id
        document = await self._load(publication, format)
        if document is None:
            return self._pages.render_error(request, 503, NOT_YET, {"Retry-After": "5"})
        shown = _represent(document, PRIVATE if publication.private else PUBLIC)
        changed = await self._changes_since_asked(request, document)
        if changed is not None:
            return answer_difference(request, shown, changed)
        if "a-im" not in request.headers and not is_window(request):
            request.scope["aggregator.document"] = document
        return answer_feed(request, shown, self._pages)

    async def _load(self, publication: Publication, format: Format) -> Document | None:  # noqa: A002 # as above
        """The document as the worker rendered it; that of a source or tag as it is now."""
        if publish.is_virtual(publication.id):
            return await self._context.on_demand.document(publication, format)
        return await self._documents.get(publication.id, format)

    async def _changes_since_asked(self, request: Request, document: Document) -> bytes | None:
        """The document with what is new to a reader that asks for no more; None when it gets the whole, or 304."""
        if not negotiate.wants_feed(list_field(request, "a-im")):
            return None
        tags = negotiate.held_tags(list_field(request, "if-none-match"))
        if not tags or document.etag in tags:
            return None
        for etag in tags[:_TAGS]:
            store = self._context.store
            moment = await store.edition_date(document.publication_id, document.format, etag)
            if moment is not None:
                return await run_in_threadpool(publish.keep_changed, document, moment)
        return None

    async def show_opml(self, request: Request) -> Response:
        """GET /sources.opml: the sources of the public publications, for import into any reader."""
        catalogue = self._context.catalogue()
        origins = await self._origins.of_all(catalogue)
        ids = {
            source.id
            for publication in publish.public_publications(catalogue)
            for source in catalogue.sources_of(publication)
            if source.opted_out is None
        }
        listed = [origin for id_, origin in origins.items() if id_ in ids]
        body = await run_in_threadpool(publish.write_opml, catalogue.site, listed)
        return answer(
            request,
            Representation(
                body=body, media_type="text/x-opml; charset=utf-8", etag=entity_tag(body), cache=PUBLIC
            ),
        )


_TAGS = 4
"""Editions looked up for one request: a reader holds one, and a list of thousands is no reader's."""


def _require(publication: Publication | None) -> Publication:
    if publication is None:
        raise HTTPException(404)
    return publication


def _read_number(text: str) -> int:
    """The number of an archive page in an address; 404 for what is none, or more than any archive has."""
    if not (text.isascii() and text.isdigit() and len(text) < _DIGITS):
        raise HTTPException(404)
    return int(text)


def _represent(document: Document, cache: str) -> Representation:
    return Representation(
        body=document.body,
        gzip=document.gzip,
        br=document.br,
        media_type=document.media_type,
        etag=document.etag,
        modified=document.last_modified,
        cache=cache,
        vary="A-IM, Accept-Encoding",
    )
