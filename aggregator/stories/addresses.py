"""What an item's address says beside being its name: whose site it is on, and which article's number it bears."""

from __future__ import annotations

import re
from typing import Final

_HOST = re.compile(r"(?:[a-z]+:)?//(?:[^/?#@]*@)?(?:www\d?\.|m\.|amp\.|feeds?\.|rss\.)?([^/?#:]+)", re.IGNORECASE)
_PATH = re.compile(r"(?:[a-z]+:)?//[^/?#]*([^?#]*)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d{6,16}(?!\d)")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")
_MAX_CHARS: Final = 2000


def bare_host(url: str | None) -> str:
    """The host of an address without `www.` and the like, in lower case; empty where there is none."""
    match = _HOST.match(url or "")
    return match[1].lower() if match else ""


def article_number(url: str | None) -> str:
    """Host and number of the article, where the path bears a number of six digits or more; else empty.

    Content systems put an article's number beside words that follow the headline
    (`/business/stocks-slide-6326331`), so that a new headline changes the address and not the number. The last
    such number counts; days are none.
    """
    match = _PATH.match((url or "")[:_MAX_CHARS])
    numbers = [found for found in _NUMBER.findall(match[1]) if not _DAY.fullmatch(found)] if match else []
    return f"{bare_host(url)}/{numbers[-1]}" if numbers else ""
