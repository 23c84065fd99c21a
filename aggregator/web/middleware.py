"""Around every request: the fields that keep browsers out of trouble, one log line, errors in plain words."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.errors import StoreError
from aggregator.model import Document
from aggregator.web.limits import Traffic
from aggregator.web.repeats import Repeats

_BASE = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action"

STRICT = f"{_BASE} 'self'; img-src data:"
"""For pages that need nothing from elsewhere; `data:` is their own icon. What they ask for is asked here."""

_SCRIPT = "; script-src 'self'"
_MEDIA = "img-src http: https: data:; media-src http: https:"

WITH_MEDIA = f"{_BASE} 'none'; {_MEDIA}{_SCRIPT}"
"""For stories, whose pictures, sounds and films live with their publishers.

Over http too, as some of them are served by http alone: on a page that came by https, browsers ask for them by
https or not at all (Mixed Content, section 4.1).
"""

_RIVER = STRICT + _SCRIPT
RIVER: Mapping[str, str] = {"": _RIVER, "titles": _RIVER, "full": _RIVER.replace("img-src data:", _MEDIA)}
"""For pages with a field to search and with keys, by how much of each story they show."""

_FIELDS = {
    "Content-Security-Policy": STRICT,
    "X-Content-Type-Options": "nosniff",
    # Also keeps capability URLs from leaking to the sites that a feed links to.
    "Referrer-Policy": "no-referrer",
}

ErrorPage = Callable[..., Response]

_PARTS = 2
"""Messages of an answer: its head, and its body as a whole."""


class Guard:
    """The middleware next to the application.

    Logs the route's pattern, never the path or the query string: either may hold a token.
    """

    def __init__(self, app: ASGIApp, error: ErrorPage, repeats: Repeats) -> None:
        self._app = app
        self._error = error
        self._repeats = repeats
        self._log = structlog.get_logger("aggregator.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = await self._run(scope, receive, send)
        took = time.perf_counter() - began
        traffic: Traffic | None = getattr(scope["app"].state, "traffic", None)
        if traffic is not None:
            traffic.count(status, took)
        self._log.debug(
            "request",
            method=scope["method"],
            route=_route(scope),
            publication=scope.get("aggregator.publication"),
            status=status,
            ms=round(took * 1000, 1),
        )

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Let the application answer; the status of what it said."""
        catalogue = self._repeats.catalogue()
        sent: list[Message] = []

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _FIELDS.items():
                    headers.setdefault(name, value)
            if len(sent) < _PARTS:
                sent.append(message)
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            if sent:  # the answer has begun and cannot be mended; the server closes the connection
                raise
            await self._explain(error, scope, receive, send_guarded)
        document: Document | None = scope.get("aggregator.document")
        if document is not None and len(sent) == _PARTS and not sent[1].get("more_body"):
            self._repeats.keep(scope, sent, document, catalogue)
        return int(sent[0]["status"]) if sent else 0

    async def _explain(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if isinstance(error, StoreError):
            self._log.error("the database does not answer", route=_route(scope), error=str(error))
            response = self._error(request, 503, headers={"Retry-After": "5"})
        else:
            self._log.error("request failed", route=_route(scope), exc_info=error)
            response = self._error(request, 500)
        await response(scope, receive, send)


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return route.path if isinstance(route, Route) else "none"
