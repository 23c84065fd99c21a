"""Which pages are the operator's, and who may see them.

They tell titles and addresses of every source, those of private publications too. One rule holds for all of them:
with a token (`web.status_token`) whoever has it; without one, whoever asks on this machine itself. A reverse proxy
asks from this machine as well, for the whole world: that shows in the fields it adds, in the Host field that it
passes on, or in HTTP/1.0, which nginx speaks where nobody tells it to do any of that.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web import access
from aggregator.web.context import WebContext
from aggregator.web.limits import unmap
from aggregator.web.pages import Pages

Endpoint = Callable[[Request], Awaitable[Response]]

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="status", charset="UTF-8"'}
_LOCKED = "This page needs the status token: as the password, under any user name."
_ELSEWHERE = (
    "This page is the operator's: ask for it on the machine itself, as http://127.0.0.1, or set web.status_token "
    "in config/settings.yaml and give that as the password."
)
_PROXY_FIELDS = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip"}
)
"""What proxies add to a request that they pass on, besides X-Forwarded-*."""


class Operators:
    """Keeps the operator's pages to the operator."""

    def __init__(self, context: WebContext, pages: Pages) -> None:
        self._token = context.status_token
        self._pages = pages

    def restrict(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint for whoever may see it; for everybody else 401 where a token opens it, else 403."""

        async def show_to_operator(request: Request) -> Response:
            if self._token:
                if not access.is_token(access.read_token(request), self._token):
                    return self._pages.render_error(request, 401, _LOCKED, _CHALLENGE)
            elif not is_direct(request):
                return self._pages.render_error(request, 403, _ELSEWHERE)
            return await endpoint(request)

        return show_to_operator


def is_direct(request: Request) -> bool:
    """Whether somebody on this machine asks, for this machine, with nobody in between."""
    if request.scope.get("http_version") == "1.0":
        return False
    if any(name.startswith("x-forwarded-") or name in _PROXY_FIELDS for name in request.headers):
        return False
    return request.client is not None and _is_loopback(request.client.host) and _is_for_loopback(request)


def _is_for_loopback(request: Request) -> bool:
    host = request.headers.get("host", "").rpartition("@")[2]
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower().rstrip(".") == "localhost" or _is_loopback(name)


def _is_loopback(name: str) -> bool:
    try:
        ip = ipaddress.ip_address(name)
    except ValueError:
        return False
    return unmap(ip).is_loopback
