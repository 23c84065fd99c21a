"""Around every request: the fields that keep browsers out of trouble, one log line, errors in plain words."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.errors import StoreError
from aggregator.web.limits import Traffic

_BASE = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

STRICT = f"{_BASE}; img-src data:"
"""For pages that need nothing from elsewhere; `data:` is their own icon."""

WITH_IMAGES = f"{_BASE}; img-src https: data:"
"""For stories, whose pictures live with their publishers."""

_FIELDS = {
    "Content-Security-Policy": STRICT,
    "X-Content-Type-Options": "nosniff",
    # Also keeps capability URLs from leaking to the sites that a feed links to.
    "Referrer-Policy": "no-referrer",
}

ErrorPage = Callable[..., Response]


class Guard:
    """The middleware next to the application.

    Logs the route's pattern, never the path or the query string: either may hold a token.
    """

    def __init__(self, app: ASGIApp, error: ErrorPage) -> None:
        self._app = app
        self._error = error
        self._log = structlog.get_logger("aggregator.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _FIELDS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            if status:  # the answer has begun and cannot be mended; the server closes the connection
                raise
            await self._explain(error, scope, receive, send_guarded)
        took = time.perf_counter() - began
        traffic: Traffic | None = getattr(scope["app"].state, "traffic", None)
        if traffic is not None:
            traffic.answered[status // 100] += 1
            traffic.seconds += took
        self._log.debug(
            "request",
            method=scope["method"],
            route=_route(scope),
            publication=scope.get("aggregator.publication"),
            status=status,
            ms=round(took * 1000, 1),
        )

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
