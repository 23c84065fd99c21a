"""URLs that people type: what may stand in feeds.yaml, how two are compared, what of one may be shown."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from aggregator.text.mistyped import mend_reference
from aggregator.text.urls import DEFAULT_PORTS
from aggregator.text.word_tables import word_set

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://)?")
_BEGINS_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|https?//", re.IGNORECASE)
_PASSWORD = re.compile(r"(?P<before>^[A-Za-z][A-Za-z0-9+.-]*://[^/?#:@]*:)(?P<password>[^/?#]*)(?=@)")
_NAME = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
_BEGINS_WITH_HOST = re.compile(
    r"(?P<host>(?:[\w-]{1,63}\.)+(?P<last>[^\W\d_]{2,63}|xn--[\w-]{1,59}))(?::\d{1,5})?(?:[/?#].*)?"
)
_BEGINS_NEARBY = re.compile(
    r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#].*)?|[\w-]{1,63}:\d{2,5}(?:[/?#].*)?"
)
_ENDINGS_OF_FILES = word_set("atom csv feed gz htm html json opml php rdf rss txt xhtml xml yaml yml")
_HINT = "; write it with https://"
_OF_READERS = re.compile(r"(?:feed|itpc|pcast|podcast|rss):/*(?P<place>.*)", re.IGNORECASE | re.DOTALL)
"""What sites write before an address, for a reader to open: `feed://example.org/rss`, `feed:https://…`."""
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def is_url(text: str) -> bool:
    """Whether the text is meant as a URL: it has a `scheme://`. All else is a file beside feeds.yaml."""
    return "://" in text


def is_mistyped_url(text: str) -> bool:
    """Whether what has no `scheme://` is no path of a file either: `https//example.org/feed`, `mailto:a@b.org`."""
    return not is_url(text) and (_BEGINS_WITH_SCHEME.match(text) is not None or _mend(text) is not None)


def explain_complaint(url: str, written: str) -> str | None:
    """What is wrong with the http or https URL, with what was probably meant; or None. `written` may be shown."""
    wrong, meant = complaint(url), _mend(written)
    if wrong is None or meant is None or _HINT in wrong:
        return wrong
    return f"{wrong.partition(';')[0]}; did you mean {mask_password(meant)}?"


def _mend(text: str) -> str | None:
    """The URL that it is with its scheme spelt right; None where none is found."""
    meant = mend_reference(text)
    return meant if meant != text and complaint(meant) is None else None


def missing_scheme(text: str) -> str:
    """What has to stand before text that begins with a host, as people type it: `example.org/feed`; else nothing.

    That is https://, or http:// for addresses of this machine or this network: numbers, names without a dot. What
    may as well be the name of a file is none: `feed.xml`.
    """
    if text.startswith("//") and _BEGINS_WITH_HOST.fullmatch(text[2:]):
        return "https:"
    found = _BEGINS_WITH_HOST.fullmatch(text)
    if found is not None:
        is_file = found["host"] == text and found["last"].lower() in _ENDINGS_OF_FILES
        return "" if is_file else "https://"
    return "http://" if _BEGINS_NEARBY.fullmatch(text) else ""


def complete(text: str) -> str:
    """The text with its scheme before it, where that is missing."""
    return missing_scheme(text) + text


def without_reader(url: str) -> str:
    """The address behind a scheme by which readers are opened; anything else as it is."""
    found = _OF_READERS.fullmatch(url)
    if found is None:
        return url
    place = found["place"]
    return place if place.lower().startswith(("http://", "https://")) else f"https://{place}"


def complaint(url: str) -> str | None:
    """What is wrong with the http or https URL, or None. Never repeats the URL: it may hold a secret."""
    scheme = _SCHEME.match(url)
    name = scheme["scheme"].lower() if scheme else ""
    if name not in {"http", "https"}:
        hint = _HINT if name in {"feed", "htttp", "htttps", "http+feed", "rss"} else ""
        if name in {"url", "page", "json", "xpath"}:
            hint = f"; a space is needed after the colon of '{name}:'"
        return f"only http:// and https:// can be read{hint}"
    if " " in url or not url.isprintable():  # all other white space is not printable
        return "a URL holds no spaces; write each as %20"
    try:
        host, _ = (parts := urlsplit(url)).hostname, parts.port
    except ValueError:
        return "its host or port is not valid; check what stands between // and the next /"
    if not host or not _is_host(host):
        return "it has no valid host; check what stands between // and the next /"
    return None


def _is_host(host: str) -> bool:
    if ":" in host:  # urlsplit accepts colons only in a bracketed IPv6 address
        return True
    return _NAME.fullmatch(host) is not None


def comparable_url(url: str) -> str:
    """The URL for comparison: two that differ in case of scheme and host, default port or fragment are one."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), _authority(parts), parts.path or "/", parts.query, ""))


def _authority(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    place = host if port in (None, DEFAULT_PORTS.get(parts.scheme.lower())) else f"{host}:{port}"
    user, at, _ = parts.netloc.rpartition("@")
    return f"{user}{at}{place}"


def mask_password(written: str) -> str:
    """The URL as written, variables unexpanded, with `***` for a password that stands there in the clear."""

    def mask(match: re.Match[str]) -> str:
        password = match["password"]
        return match[0] if _VARIABLE.fullmatch(password) else f"{match['before']}***"

    return _PASSWORD.sub(mask, written)


def base_url(url: str) -> str:
    """The base URL with a trailing slash, scheme and host in lower case."""
    parts = urlsplit(url)
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return urlunsplit((parts.scheme.lower(), _authority(parts), path, "", ""))
