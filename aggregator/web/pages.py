"""HTML from templates: pages, and error pages in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator import __version__
from aggregator.dates.writing import rfc3339
from aggregator.schedule.spans import format_span
from aggregator.text.cutting import cut
from aggregator.text.sites import host_of
from aggregator.web import time_words
from aggregator.web.answers import Representation, answer, entity_tag
from aggregator.web.assets import Assets
from aggregator.web.context import WebContext
from aggregator.web.plain_words import plainly
from aggregator.web.views import subscriptions

HTML = "text/html; charset=utf-8"

PLAIN_WORDS = {
    301: ("It has moved", "This feed has another address now."),
    400: ("That address is not quite right", "Part of it cannot be read. Start again from the front page."),
    401: ("A token is needed", "This page is for those who have its token."),
    403: ("Not from here", "This page is for those who run this service."),
    404: ("Nothing here", "There is nothing at this address. It may have moved, or the link may be mistyped."),
    405: ("Only for reading", "This address can be read, with GET or HEAD, and nothing else."),
    410: ("Taken back", "This story was withdrawn, so we no longer show it."),
    500: ("Something broke", "A mistake of ours kept this page from being made. It has been logged."),
    503: ("Back in a moment", "The database does not answer just now. Please try again in a few seconds."),
}


class Pages:
    """Renders templates. Every value is escaped unless a view marks it as markup on purpose."""

    def __init__(self, context: WebContext, assets: Assets) -> None:
        self._context = context
        self.assets = assets
        self._templates = Environment(
            loader=PackageLoader("aggregator.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters.update(
            machine=rfc3339,
            stamp=time_words.stamp,
            time_beside=time_words.time_beside,
            distance=time_words.distance,
            web=link_or_none,
            span=format_span,
            host=host_of,
            plainly=plainly,
            cut=cut,
        )

    async def render(self, request: Request, template: str, values: Mapping[str, Any]) -> Response:
        """A page as 200, or 304 when the client holds the same bytes."""
        return answer(request, await self.represent(request, template, values))

    async def represent(
        self, request: Request, template: str, values: Mapping[str, Any], *, cache: str = "no-cache"
    ) -> Representation:
        """A page, for an answer.

        Filled in a thread: one of a thousand sources, or of texts that were made to be slow, holds up no feed.
        """
        body = await run_in_threadpool(self._fill, request, template, values)
        return Representation(body=body, media_type=HTML, etag=entity_tag(body), cache=cache)

    def render_error(
        self, request: Request, status: int, sentence: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """An error in plain words: a page for browsers, one line of text for programs.

        Depends on nothing that the client sent but its Accept field, so that two things that must look the
        same do.
        """
        heading, usual = PLAIN_WORDS.get(status, (HTTPStatus(status).phrase, "The request was refused."))
        sentence = sentence or usual
        if "text/html" in request.headers.get("accept", ""):
            body, media_type = (
                self._fill(request, "error.html", {"heading": heading, "sentence": sentence}),
                HTML,
            )
        else:
            body, media_type = f"{heading}. {sentence}\n".encode(), "text/plain; charset=utf-8"
        fields = {"Content-Type": media_type, "Cache-Control": "no-store", "Vary": "Accept"}
        return Response(body, status_code=status, headers=fields | dict(headers or {}))

    def _fill(self, request: Request, template: str, values: Mapping[str, Any]) -> bytes:
        catalogue = self._context.catalogue()
        common = {
            "site": catalogue.site,
            "feeds": subscriptions(catalogue),
            "root": path_to_root(request),
            "stylesheet": self.assets.names["style.css"],
            "keys": self.assets.names["river.js"],
            "pictures": self.assets.names["pictures.js"],
            "version": __version__,
        }
        return self._templates.get_template(template).render(common | dict(values)).encode()


def link_or_none(url: str | None) -> str | None:
    """The URL if it is one that a page may link to (http, https or magnet), else None."""
    return url if url and url.lower().startswith(("http://", "https://", "magnet:?")) else None


def path_to_root(request: Request) -> str:
    """The way from the request's path to the site's root.

    Relative, so that pages work behind a proxy that serves us under a prefix, without asking who they are:
    the Host field is the client's to choose. Counted on the path as sent, as a browser does.
    """
    depth = request.scope.get("raw_path", b"/").split(b"?")[0].count(b"/") - 1
    return "../" * min(depth, 8) or "./"
