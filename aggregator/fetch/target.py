"""A URL, taken apart once and for all: what is asked, of whom, and with which credentials."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import urlsplit

import httpx

from aggregator.text.hosts import ascii_host
from aggregator.text.urls import DEFAULT_PORTS

_LONGEST = 8000
"""Characters of a URL; RFC 9110, section 4.1, asks for so many to be supported, and servers take few more. What
redirects lead to is remembered."""


class UnreadableError(ValueError):
    """A text is no URL that could be asked."""


class SchemeError(ValueError):
    """The URL's scheme is neither http nor https."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One URL to ask, in parts, its credentials apart.

    Attributes:
        url: Without userinfo and fragment; the form that may be stored.
        parsed: The same, taken apart by httpx.
        scheme: `http` or `https`.
        host: In ASCII, without brackets and port.
        port: The scheme's own where the URL gives none.
        authorization: The userinfo as a value for Authorization (RFC 7617), or None.
    """

    url: str
    scheme: str
    host: str
    port: int
    authorization: bytes | None = field(default=None, repr=False)
    parsed: httpx.URL = field(repr=False, compare=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454): within one, credentials may be repeated."""
        return self.scheme, self.host, self.port

    @property
    def digest(self) -> str:
        """What stands for the URL where it may hold a secret and must not be stored."""
        return blake2b(self.url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def parse_target(location: str) -> Target:
    """Take a URL apart into what is asked, of whom, and with which credentials.

    The path and the query stay as they were written, except that characters which no URL may hold are
    percent-encoded.

    Raises:
        UnreadableError: It is no absolute URL with a host.
        SchemeError: It is one, of another scheme.
    """
    if len(location) > _LONGEST:
        raise UnreadableError
    try:
        url = httpx.URL(_with_ascii_host(location.strip()))
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise UnreadableError from None
    if url.scheme and url.scheme not in DEFAULT_PORTS:
        raise SchemeError
    port = DEFAULT_PORTS[url.scheme] if url.port is None and url.scheme else url.port
    if not port or not 0 < port < 65536 or not _is_host(host):
        raise UnreadableError
    bare = url.copy_with(userinfo=b"", fragment=None) if url.userinfo or "#" in location else url
    return Target(
        url=str(bare),
        scheme=url.scheme,
        host=host,
        port=port,
        authorization=_basic(url.username, url.password),
        parsed=bare,
    )


def _with_ascii_host(location: str) -> str:
    """The host in the form that browsers ask for: httpx knows no emoji. Raises ValueError."""
    if location.isascii():
        return location
    parts = urlsplit(location)
    account, at, place = parts.netloc.rpartition("@")
    host, colon, port = place.partition(":")
    return (
        location
        if place.isascii()
        else parts._replace(netloc=f"{account}{at}{ascii_host(host)}{colon}{port}").geturl()
    )


def _basic(username: str, password: str) -> bytes | None:
    if not username and not password:
        return None
    return b"Basic " + b64encode(f"{username}:{password}".encode())


def _is_host(host: str) -> bool:
    """Whether it can be put into a Host field; what it means is for others to judge."""
    return 0 < len(host) <= 255 and all(character.isalnum() or character in "-._~:%" for character in host)
