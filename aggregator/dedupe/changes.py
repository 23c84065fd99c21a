"""Whether an entry really changed: fingerprints over what a reader can see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter

from aggregator.dedupe import lines, media_names, noise
from aggregator.model import Entry, Fingerprint, Item, Line
from aggregator.text.characters import fold

VERSION = 3
"""Of the rules below; raise it with every change to them, and stored fingerprints are made anew to compare."""

_published_parts = attrgetter(
    *(field.name for field in fields(Entry) if field.name not in {"published", "updated", "position", "fleeting"})
)


def fingerprint(entry: Entry, volatile: Sequence[Line] = ()) -> Fingerprint:
    """Hash what a reader can see of an entry: title, text, media; and, apart, its authors and categories.

    Not in it: markup and attributes, case, dates, ids, links, the order of categories, counters and ages, the
    lines that `volatile` says the source's template fills anew, where files lie; pictures beside a text.
    """
    meta = [f"a:{person.name}" for person in entry.authors] + [
        f"c:{category.term}" for category in entry.categories
    ]
    return Fingerprint(
        version=VERSION,
        title=_digest([_fold_quietly(entry.title)]),
        text=_digest([_steady_text(entry, volatile)]),
        media=_digest(media_names.file_names(entry)),
        meta=_digest(sorted(meta)),
    )


def is_visibly_equal(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether a reader would see no difference; authors and categories do not count."""
    return (one.title, one.text, one.media) == (other.title, other.text, other.media)


def shows_the_same(item: Item, entry: Entry, volatile: Sequence[Line]) -> bool:
    """Whether an entry shows what its item shows. Of an emptied item only the fingerprint is left to ask."""
    seen = fingerprint(entry, volatile)
    same_rules = item.fingerprint.version == seen.version
    if item.pruned:
        # Too old for anything but a real change to matter: in doubt there was none.
        by_lines = bool(volatile) and replace(seen, text=item.fingerprint.text)
        return not same_rules or is_visibly_equal(item.fingerprint, by_lines or seen)
    if same_rules and is_visibly_equal(item.fingerprint, seen):
        return True
    return is_visibly_equal(fingerprint(item.entry, volatile), seen)


def is_untouched(item: Item, entry: Entry) -> bool:
    """Whether all that is fingerprinted is literally as it was: the usual case, and the quickest to see."""
    known = item.entry
    return (
        item.fingerprint.version == VERSION
        and entry.text == known.text
        and entry.title == known.title
        and entry.enclosures == known.enclosures
        and entry.image == known.image
    )


def parts_that_differ(item: Item, entry: Entry, volatile: Sequence[Line]) -> tuple[str, ...]:
    """Which of title, text and media a reader would see to differ."""
    before = item.fingerprint if item.pruned else fingerprint(item.entry, volatile)
    seen = fingerprint(entry, volatile)
    return tuple(name for name in ("title", "text", "media") if getattr(before, name) != getattr(seen, name))


def appearance_digest(entry: Entry, volatile: Sequence[Line]) -> str:
    """One short digest of all that a reader sees, to know it again when it comes back."""
    seen = fingerprint(entry, volatile)
    return _digest([seen.title, seen.text, seen.media])[:16]


def differs_silently(before: Entry, after: Entry) -> bool:
    """Whether what we hold differs in anything that we publish but would call no update: links, authors, tags."""
    return _published_parts(before) != _published_parts(after)


def _steady_text(entry: Entry, volatile: Sequence[Line]) -> str:
    if not volatile:
        return _fold_quietly(entry.text)
    return " ".join(lines.without_volatile(lines.visible_lines(entry), volatile))


@lru_cache(maxsize=32)  # of one entry it is asked several times in a row
def _fold_quietly(text: str) -> str:
    return noise.strip_noise(fold(text))


def _digest(parts: Iterable[str]) -> str:
    joined = "\x1f".join(parts)
    return blake2b(joined.encode("utf-8", "replace"), digest_size=12).hexdigest() if joined else ""
