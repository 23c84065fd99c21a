"""Did an entry really change? Fingerprints over what a reader can see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from aggregator.model import Entry, Fingerprint

VERSION = 1
"""Of the rules below; raise it with every change to them, and stored fingerprints are made anew to compare."""

_SPACE = re.compile(r"\s+")
_TEASER_END = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.|&hellip;)\]?|(?:read more|continue reading)\W*)\s*$", re.IGNORECASE
)


def fingerprint(entry: Entry) -> Fingerprint:
    """Hash what a reader can see of an entry: title, text, media; and, apart, its authors and categories.

    Not in it: markup and attributes, dates, ids, links, the order of categories, query strings of images
    (signed addresses change with every poll).
    """
    media = [f"{enclosure.url} {enclosure.length or ''}" for enclosure in entry.enclosures]
    if entry.image:
        media.append(entry.image.partition("?")[0])
    meta = [f"a:{person.name}" for person in entry.authors] + [
        f"c:{category.term}" for category in entry.categories
    ]
    return Fingerprint(
        version=VERSION,
        title=_digest([_folded(entry.title)]),
        text=_digest([_folded(entry.text).casefold()]),
        media=_digest(media),
        meta=_digest(meta),
    )


def visibly_equal(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether a reader would see no difference; authors and categories do not count."""
    return (one.title, one.text, one.media) == (other.title, other.text, other.media)


def shrank_to_teaser(before: Entry, after: Entry) -> bool:
    """Whether a source that gave the full text now gives only its beginning."""
    stump = _folded(_TEASER_END.sub("", after.text))
    full = _folded(before.text)
    return before.title == after.title and 0 < len(stump) < len(full) and full.startswith(stump)


def grew_from_teaser(before: Entry, after: Entry) -> bool:
    """Whether a source that gave a marked teaser, or only a summary, now gives the text it began."""
    teaser = bool(_TEASER_END.search(before.text)) or (before.content is None and after.content is not None)
    return teaser and shrank_to_teaser(after, before)


def silently_different(before: Entry, after: Entry) -> bool:
    """Whether what we hold differs in anything that we publish but would call no update: links, authors, tags."""
    return _published_part(before) != _published_part(after)


def _published_part(entry: Entry) -> Entry:
    return replace(entry, published=None, updated=None, position=0)


def _folded(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def _digest(parts: Iterable[str]) -> str:
    joined = "\x1f".join(parts)
    return blake2b(joined.encode("utf-8", "replace"), digest_size=12).hexdigest() if joined else ""
