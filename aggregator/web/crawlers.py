"""/robots.txt (RFC 9309): what crawlers may read here.

Feeds always: there are feed readers that ask first. Of pages, none that an address with a question mark leads to:
what is searched for has no end, and older pages of the river show again what stories' own pages show. Full texts
of others are kept out of search engines by their pages themselves (`noindex`), which must be read for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, get_args

from starlette.requests import Request
from starlette.responses import Response

from aggregator.model import Catalogue, Format
from aggregator.publish import public_publications
from aggregator.web.answers import Representation, answer, entity_tag
from aggregator.web.context import WebContext

_SEARCHES: Final = "Allow: /search."
"""Longer than `/*?`, so it wins: the feed of a search is a feed."""


def write_robots(wish: Literal["pages", "feeds"], catalogue: Catalogue) -> str:
    """The file. Names no private publication, and no path of one."""
    lines = ("Disallow: /*?",) if wish == "pages" else ("Disallow: /", *_allow_feeds(catalogue))
    return "\n".join(("User-agent: *", _SEARCHES, *lines, ""))


def _allow_feeds(catalogue: Catalogue) -> Iterator[str]:
    yield from (f"Allow: /*.{form}$" for form in get_args(Format))
    yield "Allow: /sources.opml$"
    yield from (f"Allow: {path}$" for one in public_publications(catalogue) for path, _ in one.paths)


class Robots:
    """Answers GET /robots.txt."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    async def show(self, request: Request) -> Response:
        """The file, by the settings."""
        body = write_robots(self._context.robots, self._context.catalogue()).encode()
        shown = Representation(
            body=body,
            media_type="text/plain; charset=utf-8",
            etag=entity_tag(body),
            cache="public, max-age=3600",
        )
        return answer(request, shown)
