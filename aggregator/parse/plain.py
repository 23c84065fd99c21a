"""Small fields as plain text, and addresses made absolute: for what a feed says of itself."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from aggregator.parse.limits import MAX_FIELD, MAX_URL
from aggregator.text import unescaped

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_UNSEEN: Final = " \u200b\u2060\ufeff"
"""What nobody sees before and after a text: a space, and a byte order mark among others."""
_SCHEME = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)


def plain(value: str | None) -> str | None:
    """One line without tags, entities resolved, at most 500 characters; None when nothing is left."""
    if not value:
        return None
    text = unescaped(_TAG.sub("", value[: 4 * MAX_FIELD]))
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return _SPACE_OR_CONTROL.sub(" ", text).strip(_UNSEEN)[:MAX_FIELD] or None


def absolute(href: str | None, base: str | None) -> str | None:
    """The http(s) URL that a reference means; None for others and for those beyond 2 kB."""
    if not href or len(href) > MAX_URL:
        return None
    try:
        joined = urljoin(base or "", href.strip())
        urlsplit(joined)
    except ValueError:
        return None
    return joined if is_web(joined) and len(joined) <= MAX_URL else None


def is_web(value: str) -> bool:
    """Whether a string is an absolute http(s) URL."""
    return bool(_SCHEME.match(value))
