"""The cookies that sites set while they redirect a request, kept until its end and no longer.

Journals send every visitor to a page that sets a cookie and back again, and give the feed only to who brings it. A
cookie that lives for one request tracks nobody.
"""

from __future__ import annotations

import re
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from urllib.request import Request

import httpx

from aggregator.text.sites import is_public_suffix

CookieState = frozenset[tuple[str, str, str, str | None]]
"""Domain, path, name and value of each cookie."""

_LONGEST = 4096
"""Bytes of a Set-Cookie that are read; RFC 6265, section 6.1, asks for no more."""

_MOST = 20
"""Cookies that one response may set."""

_READABLE = re.compile(rb"[\x20-\x7e]{1,%d}" % _LONGEST)

_ATTRIBUTES = {
    b"domain": re.compile(rb".+"),
    b"expires": re.compile(rb".*"),
    b"max-age": re.compile(rb"-?[0-9]+"),
    b"path": re.compile(rb"/.*"),
    b"secure": re.compile(rb".*"),
}
"""What may be said of a cookie here, and how (RFC 6265, section 5.2); anything else is as if it was not said."""


def _simplify(field: bytes) -> bytes:
    """A Set-Cookie with the attributes that count, each as it was last said: browsers read it so."""
    cookie, *rest = field.split(b";")
    attributes: dict[bytes, bytes] = {}
    for part in rest:
        name, _, value = (side.strip() for side in part.partition(b"="))
        if (written := _ATTRIBUTES.get(name.lower())) is not None and written.fullmatch(value):
            attributes[name.lower()] = b"=" + value if value and name.lower() != b"secure" else b""
    return b"; ".join([cookie, *map(b"".join, attributes.items())])


class ChainCookies:
    """The jar of one chain of redirects; where its cookies go is RFC 6265's to say (section 5.3 and 5.4)."""

    def __init__(self) -> None:
        self._jar: httpx.Cookies | None = None

    def record(self, request: httpx.Request, response: httpx.Response) -> None:
        """Take the cookies that a response sets; those of unusual length or with unusual characters are left."""
        fields = [(name, value) for name, value in response.headers.raw if name.lower() == b"set-cookie"]
        readable = [(name, _simplify(value)) for name, value in fields if _READABLE.fullmatch(value)][:_MOST]
        if not readable:
            return
        if self._jar is None:
            self._jar = httpx.Cookies(CookieJar(_Policy()))
        self._jar.extract_cookies(httpx.Response(response.status_code, headers=readable, request=request))

    def field_for(self, url: str) -> bytes:
        """The value of the Cookie field for a URL; empty without one."""
        if self._jar is None:
            return b""
        request = httpx.Request("GET", url)
        self._jar.set_cookie_header(request)
        return str(request.headers.get("cookie", "")).encode("ascii")

    @property
    def state(self) -> CookieState:
        """What tells two states of the jar apart."""
        jar = () if self._jar is None else self._jar.jar
        return frozenset((cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in jar)


class _Policy(DefaultCookiePolicy):
    """No cookie for all of `co.uk` or `github.io` (RFC 6265, section 5.3, step 5)."""

    def set_ok_domain(self, cookie: Cookie, request: Request) -> bool:
        """See `DefaultCookiePolicy`."""
        if cookie.domain_specified and is_public_suffix(cookie.domain.lstrip(".")):
            return False
        return super().set_ok_domain(cookie, request)
