"""What people type to name an item, in the spellings that it may be stored under."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.text.urlkeys import url_key
from aggregator.text.urls import display_url

_STORY_PAGE = re.compile(r"/story/([0-9a-f-]{36})(?:\.[a-z]+)?/?(?:[?#].*)?$")


def spellings(name: str) -> Iterator[str]:
    """The name as it is; the uid in the address of a page of ours; an address as we show it, and its key."""
    yield name
    yield name.strip()
    page = _STORY_PAGE.search(name.strip())
    if page is not None:
        yield page[1]
    address = as_url(name)
    yield from (found for found in (display_url(address), url_key(address)) if found)


def as_url(name: str) -> str:
    """The name as an address: with a scheme before it where it has none."""
    return name.strip() if "://" in name else f"https://{name.strip()}"
