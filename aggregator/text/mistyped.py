"""References as publishers mistype them -> what they meant.

By RFC 3986 and the URL standard of browsers each of these means something else: a page that does not exist.
Nothing is mended that could be meant as it stands.
"""

from __future__ import annotations

import re

_AMPERSAND = re.compile(r"&(?:amp;|#0{0,4}38;|#[xX]0{0,4}26;)+")
_SLASHES_OF_JSON = re.compile(r"https?:\\/\\/", re.IGNORECASE)
_CHARACTER_OF_JSON = re.compile(r"\\u00([2-7][0-9a-f])", re.IGNORECASE)
_ENDING = r"html?|xhtml|php\d?|aspx?|jsp|xml|rss|atom|json|pdf|jpe?g|png|gif|webp|svg|mp[34]|css|js|txt"
_HOST = rf"(?!(?:[\w-]+\.)+(?:{_ENDING})(?:[?#/]|$))" + r"(?=(?:[\w-]+\.)+[^\W\d_]{2,}(?:[:/?#]|$))"
_SCHEMES = re.compile(
    r"(?:https?:?/{0,3}|www\.(?=https?:/))*(https?)(?::/{0,9}|/{2,3})(?=[\w-]+\.)", re.IGNORECASE
)
_READER = re.compile(r"(?:feed|itpc|pcast)(?::/{0,3}(https?:/{2})|:/{2}(?=[\w-]+\.))", re.IGNORECASE)
"""Schemes that only say which program is to open an address."""

_SLASHES = re.compile(r"(https?):(?:/|/{3,9})?" + _HOST, re.IGNORECASE)
_WWW = re.compile(_HOST + r"www\.", re.IGNORECASE)

_TYPED = re.compile(r"https?://\S", re.IGNORECASE)
_MISSPELT = re.compile(r"(?:h{1,2}t{1,3}p{1,2}(s?)|ttp(s?))(?::{1,2}|[;.,])?/{2,9}\s{0,9}" + _HOST, re.IGNORECASE)
_NO_SCHEME = re.compile(r":/{2,9}" + _HOST)
_ANCHOR = re.compile(r"<a\s[^<>]{0,200}?href\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
_QUOTES = {"<": ">", "[": "]", "(": ")", "{": "}", '"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»"}


def mend_reference(written: str) -> str:
    """A reference, mended where it can only be mistyped. Idempotent.

    `&amp;` and `&#038;` in an address that was unescaped already are `&`; of two schemes the last counts;
    `https:/x.example`, `https//x.example`, `htp://x.example` and `https:// x.example` are spelt as was meant;
    `www.x.example/a` is a site and no folder. What stands in quotes or in markup of a link is what is quoted.
    """
    if "&" in written:
        written = _AMPERSAND.sub("&", written)
    if not _TYPED.match(written) or written[-1] in _INVISIBLE:
        written = _unquote(written.strip(_INVISIBLE))
    return _mend_scheme(written)


def mend_backslashes(written: str) -> str:
    r"""A reference with its backslashes as browsers read them, or as JSON means them: `https:\/\/`, `\u0026`."""
    if "\\" not in written:
        return written
    if _SLASHES_OF_JSON.match(written):
        written = written.replace("\\/", "/")
    return _CHARACTER_OF_JSON.sub(lambda found: chr(int(found[1], 16)), written).replace("\\", "/")


def _unquote(written: str) -> str:
    """What is within quotes, brackets or the markup of a link, where that is a web address."""
    anchor = _ANCHOR.match(written)
    inner = anchor[1] if anchor else written[1:].removesuffix(_QUOTES.get(written[:1], "")).strip()
    is_quoted = (anchor or written[:1] in _QUOTES) and (_TYPED.match(inner) or _WWW.match(inner))
    return inner if is_quoted else written


def _mend_scheme(written: str) -> str:
    first = written[:4].lower()
    if first in {"http", "www."}:
        doubled = _SCHEMES.match(written)
        if doubled is not None and doubled.start(1) > 0:
            return f"{doubled[1]}://{written[doubled.end() :]}"
        if _SLASHES.match(written):
            return _SLASHES.sub(r"\1://", written, count=1)
    if first == "www." and _WWW.match(written):
        return f"https://{written}"
    return written if _TYPED.match(written) else _name_scheme(written)


def _name_scheme(written: str) -> str:
    """A reference whose scheme is missing, misspelt or the name of a program's kind."""
    if reader := _READER.match(written):
        return (reader[1] or "http://") + written[reader.end() :]
    if misspelt := _MISSPELT.match(written):
        return f"http{misspelt[1] or misspelt[2] or ''}://{written[misspelt.end() :]}"
    nameless = _NO_SCHEME.match(written)
    return f"https://{written[nameless.end() :]}" if nameless else written
