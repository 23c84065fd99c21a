"""What in feeds.yaml must never be told: values from the environment, and credentials written out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from aggregator.yamlfile import YamlDocument

_CREDENTIALS = re.compile(r"auth|cookie|key|token|secret|pass|session|signature", re.IGNORECASE)
"""In the name of a header whose value opens a door, even where it is written out in the file."""

_PIECES = re.compile(r"[/?&=#:;,@\s]+")
_FILE = re.compile(r"[\w-]*\.(?:xml|rss|atom|rdf|json|php|aspx?|html?)", re.IGNORECASE)
"""A last step of a path that says what the document is, and stands in half of all feeds' addresses."""


def collect(document: YamlDocument) -> frozenset[str]:
    """Every secret that the file holds, as it is sent.

    That is what `${NAME}` put into the path, the query or the userinfo of a source's address, into a header or a
    token; passwords in addresses, headers that carry credentials and tokens, also where no variable is used.
    Titles, languages, `site` and names of hosts are none.
    """
    found: set[str] = set()
    for source_id, source in document.section("sources").items():
        place = ("sources", source_id)
        if isinstance(source, str):
            found.update(_of_url(source, document.expanded.get(place, ())))
        elif isinstance(source, dict):
            for key, value in source.items():
                if isinstance(value, str):
                    found.update(_of_url(value, document.expanded.get((*place, key), ())))
            found.update(_of_headers(document, (*place, "headers"), source.get("headers")))
    for name, followed in document.section("lists").items():
        where = ("lists", name, "url") if isinstance(followed, dict) else ("lists", name)
        url = followed.get("url") if isinstance(followed, dict) else followed
        found.update(_of_url(url, document.expanded.get(where, ())) if isinstance(url, str) else ())
    defaults = document.section("defaults")
    found.update(_of_headers(document, ("defaults", "headers"), defaults.get("headers")))
    for publication in document.section("publish").values():
        tokens = publication.get("private") if isinstance(publication, dict) else None
        found.update(
            token for token in (tokens if isinstance(tokens, list) else [tokens]) if isinstance(token, str)
        )
    return frozenset(found - {""})


def _of_url(url: str, values: Iterable[str]) -> Iterator[str]:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return  # no address: a title, or a mistake that is reported elsewhere
    if parts.scheme.lower() not in {"http", "https"}:
        return
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    if password:
        yield from (password, unquote(password))
        # RFC 7617: what is sent for them, and what a server may echo.
        yield base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    for value in values:
        private = f"{user}\n{password}\n{parts.path}\n{parts.query}\n{parts.fragment}"
        if value in private:
            yield value
        elif "/" in value or "?" in value:
            yield from _pieces_of_url(value, parts.netloc.rpartition("@")[2])


def _pieces_of_url(value: str, host: str) -> Iterator[str]:
    """A variable that holds an address, or several parts of one: each part that may be the secret."""
    after = value.partition(host)[2] if host and host in value else value
    pieces = [piece for piece in _PIECES.split(after) if piece]
    yield from (piece for piece in pieces if not _FILE.fullmatch(piece))


def _of_headers(document: YamlDocument, place: tuple[str, ...], headers: object) -> Iterator[str]:
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if not isinstance(value, str):
            continue
        yield from document.expanded.get((*place, name), ())
        if _CREDENTIALS.search(str(name)):
            yield value
            yield from _PIECES.split(value)
            yield from _basic(value)


def _basic(value: str) -> Iterator[str]:
    """The password of an Authorization field (RFC 7617)."""
    try:
        pair = base64.b64decode(value.rsplit(maxsplit=1)[-1], validate=True).decode()
    except (IndexError, binascii.Error, UnicodeDecodeError):
        return
    yield pair.partition(":")[2]
