"""References as publishers mistype them -> what they meant.

By RFC 3986 and the URL standard of browsers each of these means something else: a page that does not exist.
Nothing is mended that could be meant as it stands.
"""

from __future__ import annotations

import re

_AMPERSAND = re.compile(r"&(?:amp;|#0{0,4}38;|#[xX]0{0,4}26;)+")
_ENDING = r"html?|xhtml|php\d?|aspx?|jsp|xml|rss|atom|json|pdf|jpe?g|png|gif|webp|svg|mp[34]|css|js|txt"
_HOST = rf"(?!(?:[\w-]+\.)+(?:{_ENDING})(?:[?#/]|$))" + r"(?=(?:[\w-]+\.)+[^\W\d_]{2,}(?:[:/?#]|$))"
_SCHEMES = re.compile(r"(?:https?:?/{0,3})*(https?)(?::/{0,9}|/{2,3})(?=[\w-]+\.)", re.IGNORECASE)
_SLASHES = re.compile(r"(https?):(?:/|/{3,9})?" + _HOST, re.IGNORECASE)
_WWW = re.compile(_HOST + r"www\.", re.IGNORECASE)


def mend_reference(written: str) -> str:
    """A reference, mended where it can only be mistyped. Idempotent.

    `&amp;` and `&#038;` in an address that was unescaped already are `&`; of two schemes the last counts;
    `https:/x.example` and `https:///x.example` have two slashes; `www.x.example/a` is a site and no folder.
    """
    if "&" in written:
        written = _AMPERSAND.sub("&", written)
    first = written[:4].lower()
    if first == "http":
        doubled = _SCHEMES.match(written)
        if doubled is not None and doubled.start(1) > 0:
            return f"{doubled[1]}://{written[doubled.end() :]}"
        return _SLASHES.sub(r"\1://", written, count=1) if _SLASHES.match(written) else written
    return f"https://{written}" if first == "www." and _WWW.match(written) else written
