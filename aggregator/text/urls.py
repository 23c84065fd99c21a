"""References -> addresses to ask for and to show.

An address to show is absolute, http or https, in ASCII, without userinfo and without what only counts clicks; it
is otherwise as the publisher wrote it, so that it works. What is here may follow newer rules at any time: the keys
that items are known by are made in `urlkeys`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from aggregator.model import QueryRules
from aggregator.text.hosts import ascii_host
from aggregator.text.mistyped import mend_backslashes, mend_reference
from aggregator.text.sites import host_of
from aggregator.text.tracking import is_tracking
from aggregator.text.wrappers import wrapped_address

MAX_URL: Final = 8000
"""Characters; longer addresses are refused. RFC 9110, section 4.1, asks for so many to be supported, and signed
links have thousands."""

_IGNORED = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # as browsers do: `java\nscript:` is a scheme, too
_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_SEMICOLON = re.compile(r";(?=[\w.%-]+=)")
_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~%-._"
_SAFE_IN_QUERY: Final = _SAFE_IN_PATH + "?[]"
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\]")
# The most usual addresses, which are as they should be: a short way past the steps below.
_IN_FORM = re.compile(
    r"https?://(?:[a-z0-9][a-z0-9-]{0,62}+(?<!-)\.){1,4}+[a-z][a-z0-9]{1,20}+/(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*+/?+)*+"
    r"(?:\?[A-Za-z0-9_.~=&-]++)?+(?:#[A-Za-z0-9_.~=/!-]++)?+"
)
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_DOT = re.compile("%2e", re.IGNORECASE)
_MAGNET = re.compile(r"magnet:\?[^\s<>\"]*\bxt(?:\.\d+)?=urn:[^\s<>\"]+\Z", re.IGNORECASE)
_DOTS = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@lru_cache(maxsize=256)  # links to one place stand side by side, and are looked at in several steps
def resolve_reference(reference: str | None, base: str | None) -> str | None:
    """The http(s) URL that a reference means, in ASCII, without userinfo.

    In: a reference as written, None and "" being none; the absolute base URL, or None.
    Out: None for other schemes (javascript:, data:, ...), for what is no URL, and beyond `MAX_URL`; what can only
    be mistyped is mended before (`mistyped`). Idempotent.
    """
    if not reference:
        return None
    if _IN_FORM.fullmatch(reference) and len(reference) <= MAX_URL:
        return reference
    written = mend_reference(mend_backslashes(_IGNORED.sub("", reference).strip()))
    if not written or len(written) > MAX_URL:
        return None
    try:
        parts = urlsplit(urljoin(base or "", written))
        host = _authority(parts)
    except ValueError:  # among them UnicodeError, of names that no IDN encodes
        return None
    if host is None:
        return None
    path = _without_dots(_escape(parts.path, _SAFE_IN_PATH)) or "/"
    query, fragment = _escape(parts.query, _SAFE_IN_QUERY), _escape(parts.fragment, _SAFE_IN_QUERY + "#")
    url = urlunsplit((parts.scheme.lower(), host, path, query, fragment))
    return url if len(url) <= MAX_URL else None


def is_web(value: str) -> bool:
    """Whether a string is an absolute http(s) URL, by its beginning."""
    return bool(_WEB.match(value))


def display_url(
    reference: str, base: str | None = None, query: QueryRules | None = None, page: str | None = None
) -> str | None:
    """The address to show: resolved, without tracking parameters, session ids and text fragments. Idempotent.

    What only leads on to an address that is written in it gives way to that address. `query` holds the source's
    exceptions: what it keeps stays, what it drops goes, whatever the table says; `page` is where the link stands,
    if that is not the base. Links of the magnet scheme, which name a file and no place, stay as they are.
    """
    url = resolve_reference(reference, base)
    if url is None:
        return magnet_link(reference)
    while (
        (target := wrapped_address(url)) and (inner := resolve_reference(target, None)) and len(inner) < len(url)
    ):
        url = inner
    shown = _without_tracking(url, page or base, query)
    return shown if shown == url else resolve_reference(shown, None)  # `/.;jsessionid=1` left `/.`


def magnet_link(reference: str) -> str | None:
    """A link of the magnet scheme, in ASCII; None for anything else, and beyond `MAX_URL`."""
    written = reference.strip()
    if not _MAGNET.match(written) or len(written) > MAX_URL:
        return None
    link = f"magnet:{_escape(written[7:], _SAFE_IN_QUERY)}"
    return link if len(link) <= MAX_URL else None


def _without_tracking(url: str, page: str | None, query: QueryRules | None) -> str:
    """An absolute URL without parameters that only count clicks. What is left stays as it is. Idempotent."""
    address, mark, fragment = url.partition("#")
    path, question, pairs = address.partition("?")
    path = _SESSION.sub("", path)
    host = path.partition("//")[2].partition("/")[0]
    both = (_without_counting(pair, host, page, query) for pair in pairs.split("&")) if question else ()
    kept = "&".join(pair for pair in both if pair is not None)
    fragment = fragment.partition(":~:")[0]
    first = fragment.partition("&")[0]
    if "=" in first and _counts(first, host, page, query):
        mark = fragment = ""
    return path + (f"?{kept}" if kept else "") + (mark + fragment if fragment else "")


def _without_counting(pair: str, host: str, page: str | None, query: QueryRules | None) -> str | None:
    """A pair, or several with semicolons between them, without those that only count; None if none is left."""
    pairs = _SEMICOLON.split(pair) if ";" in pair else [pair]
    kept = [one for one in pairs if not _counts(one, host, page, query)]
    return ";".join(kept) if kept else None


def _authority(parts: SplitResult) -> str | None:
    """Host in lower-case ASCII (IDNA) and a port that is not the scheme's own; None for no web address."""
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        return None
    host = ascii_host(parts.hostname or "")
    name = f"[{host}]" if ":" in host else host
    if len(name) > 255 or not _HOST.fullmatch(name) or ".." in name:
        return None
    return name if parts.port in {None, DEFAULT_PORTS[scheme]} else f"{name}:{parts.port}"


def _without_dots(path: str) -> str:
    """A path without `.` and `..` (RFC 3986, section 5.2.4), escaped ones included, as browsers read them."""
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    segments = [_DOT.sub(".", segment) if _DOTS.fullmatch(segment) else segment for segment in path.split("/")[1:]]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escape(part: str, safe: str) -> str:
    """Percent-encode what may not stand in a URL; a `%` that begins no escape is one of those."""
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part), safe=safe, errors="replace")


def _counts(pair: str, host: str, page: str | None, query: QueryRules | None) -> bool:
    """Whether a parameter only counts: the editor's word, else the table's; or because it names who links."""
    name = _name(pair)
    if query is not None and (query.keep or query.drop):
        if _is_named(name, query.keep):
            return False
        if _is_named(name, query.drop):
            return True
    return is_tracking(name, host, pair.partition("=")[2]) or (name == "ref" and _names_referrer(pair, host, page))


def _names_referrer(pair: str, host: str, page: str | None) -> bool:
    """Whether `ref` names the site on which the link stands, as Ghost writes it into links to other sites."""
    own = host_of(page)
    return own != "" and unquote(pair.partition("=")[2]).lower().removeprefix("www.") == own != host


def _name(pair: str) -> str:
    """The name of a parameter; `%75tm_source` is `utm_source` spelt otherwise."""
    name = pair.partition("=")[0]
    return unquote(name) if "%" in name else name


def _is_named(name: str, names: frozenset[str]) -> bool:
    folded = name.casefold()
    return folded in names or any(folded == one.casefold() for one in names)
