"""Authors, categories and attached files, clean and without repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from aggregator.model import Category, Enclosure, Person, RawText
from aggregator.normalize.characters import cut, one_line
from aggregator.normalize.titles import plain_title
from aggregator.normalize.urls import absolute

MAX_NAME: Final = 200
MAX_CATEGORIES: Final = 50
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


def authors(written: Iterable[Person], base: str | None) -> tuple[Person, ...]:
    """People in order; the same name twice is one person with the addresses of both. Idempotent."""
    found: dict[str, Person] = {}
    for person in written:
        uri = absolute(person.uri, base) if person.uri else None
        email = one_line(person.email or "")
        email = email if _MAIL.fullmatch(email) else ""
        name = _name(person.name) or _name(email) or (uri or "")
        if not name:
            continue
        key = name.casefold()
        known = found.get(key, Person(name=name))
        found[key] = replace(known, uri=known.uri or uri, email=known.email or email or None)
    return tuple(found.values())


def categories(written: Iterable[Category]) -> tuple[Category, ...]:
    """Sorted by term; terms that differ only in case are one. Idempotent."""
    found: dict[tuple[str, str], Category] = {}
    for category in written:
        term = _name(category.term)
        scheme = one_line(category.scheme or "")[:MAX_NAME] or None
        if term:
            label = _name(category.label or "") or None
            clean = Category(term=term, scheme=scheme, label=label if label != term else None)
            found.setdefault((term.casefold(), scheme or ""), clean)
    few = list(found.values())[:MAX_CATEGORIES]
    return tuple(sorted(few, key=lambda category: (category.term, category.scheme or "")))


def enclosures(written: Iterable[Enclosure], base: str | None) -> tuple[Enclosure, ...]:
    """Attached files in order, each address once. They keep every parameter: they may be signed. Idempotent."""
    found: dict[str, Enclosure] = {}
    for enclosure in written:
        url = absolute(enclosure.url, base)
        kind = (enclosure.type or "").partition(";")[0].strip().lower()
        if url:
            clean = Enclosure(
                url=url,
                type=kind if _MEDIA_TYPE.fullmatch(kind) else None,
                length=_count(enclosure.length),
                title=_name(enclosure.title or "") or None,
                duration=_count(enclosure.duration),
            )
            found.setdefault(url, clean)
    return tuple(found.values())


def _name(value: str) -> str:
    """A short field; feeds escape such fields once too often, as they do titles."""
    return cut(plain_title(RawText(value=value, type="guess")), MAX_NAME)


def _count(number: int | None) -> int | None:
    """A positive number that every database holds, or None: 0 is what senders write for unknown."""
    return number if number is not None and 0 < number < 2**53 else None
