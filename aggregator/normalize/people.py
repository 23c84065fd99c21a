"""Authors, categories and attached files, clean and without repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from aggregator.model import Category, Enclosure, Person
from aggregator.normalize.author_names import people_named
from aggregator.normalize.names import MAX_NAME, short_name
from aggregator.text.characters import to_one_line
from aggregator.text.urls import magnet_link, resolve_reference

MAX_AUTHORS: Final = 50
MAX_CATEGORIES: Final = 50
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


def clean_authors(written: Iterable[Person], base: str | None, language: str | None = None) -> tuple[Person, ...]:
    """People in order; the same name twice is one person with the addresses of both. Idempotent."""
    found: dict[str, Person] = {}
    for person in written:
        uri = resolve_reference(person.uri, base) if person.uri else None
        for one in people_named(replace(person, uri=uri), language):
            if not one.name:
                continue
            key = one.name.casefold()
            known = found.get(key, Person(name=one.name))
            found[key] = replace(known, uri=known.uri or one.uri, email=known.email or one.email)
    return tuple(found.values())[:MAX_AUTHORS]


def clean_categories(written: Iterable[Category]) -> tuple[Category, ...]:
    """Sorted by term, case aside; terms that differ only in case are one, as first spelt. Idempotent."""
    found: dict[tuple[str, str], Category] = {}
    for category in written:
        term = short_name(category.term)
        scheme = to_one_line(category.scheme or "")[:MAX_NAME].rstrip() or None
        if term:
            label = short_name(category.label or "") or None
            clean = Category(term=term, scheme=scheme, label=label if label != term else None)
            found.setdefault((term.casefold(), scheme or ""), clean)
    few = list(found.values())[:MAX_CATEGORIES]
    return tuple(sorted(few, key=lambda one: (one.term.casefold(), one.term, one.scheme or "")))


def clean_enclosures(written: Iterable[Enclosure], base: str | None) -> tuple[Enclosure, ...]:
    """Attached files in order, each address once. They keep every parameter: they may be signed. Idempotent."""
    found: dict[str, Enclosure] = {}
    for enclosure in written:
        url = resolve_reference(enclosure.url, base) or magnet_link(enclosure.url)
        if url:
            clean = Enclosure(
                url=url,
                type=clean_media_type(enclosure.type),
                length=_count(enclosure.length),
                title=short_name(enclosure.title or "") or None,
                duration=_count(enclosure.duration),
            )
            found.setdefault(url, clean)
    return tuple(found.values())


def clean_media_type(written: str | None) -> str | None:
    """A media type without parameters, in lower case; None for what is none. Idempotent."""
    kind = (written or "").partition(";")[0].strip().lower()
    return kind if _MEDIA_TYPE.fullmatch(kind) else None


def _count(number: int | None) -> int | None:
    """A positive number that every database holds, or None: 0 is what senders write for unknown."""
    return number if number is not None and 0 < number < 2**53 else None
