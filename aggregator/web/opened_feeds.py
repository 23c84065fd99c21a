"""A feed that somebody opens in a browser: the same document, as XML that browsers show, with a style sheet.

Browsers show `application/atom+xml` and `application/rss+xml` as source text, or offer to save it, whatever is in
it; `application/xml` they style. So a browser window, which says what it is, gets that media type, and the name of
a style sheet in the document. All else is the feed, byte for byte: there are feed readers that pass themselves off
as such a window, and caches that keep what one client got for all others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web.answers import Representation, answer, entity_tag
from aggregator.web.pages import Pages, path_to_root

XML: Final = "application/xml; charset=utf-8"
_END: Final = b"?>\n"


def answer_feed(request: Request, shown: Representation, pages: Pages) -> Response:
    """The answer to GET or HEAD of a feed, for readers and for whoever looks into it in a browser."""
    if "+xml" not in shown.media_type:
        return answer(request, shown)
    shown = replace(shown, vary=f"{shown.vary}, Sec-Fetch-Dest")
    return answer(request, _add_style(request, shown, pages) if is_window(request) else shown)


def is_window(request: Request) -> bool:
    """Whether what is answered fills a window or a tab (Fetch Metadata; over https, and on this machine)."""
    return request.headers.get("sec-fetch-dest") == "document"


def _add_style(request: Request, shown: Representation, pages: Pages) -> Representation:
    """The document with a reference to the style sheet behind its first line, the XML declaration."""
    declaration, end, rest = shown.body.partition(_END)
    href = f"{path_to_root(request)}static/{pages.assets.names['feed.css']}"
    line = f'<?xml-stylesheet type="text/css" href="{href}"?>\n'.encode()
    body = declaration + end + line + rest
    return replace(shown, body=body, gzip=None, br=b"", media_type=XML, etag=entity_tag(body))
