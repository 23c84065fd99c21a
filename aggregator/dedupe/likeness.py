"""Whether two entries are about the same thing, by their words."""

from __future__ import annotations

import re
from datetime import timedelta

from aggregator.model import Entry

_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""Words; of scripts that put no space between them, characters."""

_READ = 8_000
"""Characters that are compared: enough to know a text again, and a bound on what comparing costs."""

_SIMILAR = 0.5
UNRELATED = 0.2
"""Texts that share less than this are about different things."""
_SAME_MOMENT = timedelta(seconds=60)


def similar(one: Entry, other: Entry) -> bool:
    """Whether title, text or the claimed moment say that both are one thing."""
    if one.title and _title(one) == _title(other):
        return True
    return simultaneous(one, other) or overlap(one.title, other.title) >= _SIMILAR or _like(one, other)


def unrelated(one: Entry, other: Entry) -> bool:
    """Whether both are surely different things: another title, and texts with little in common."""
    if simultaneous(one, other) or not one.text or not other.text:
        return False
    if one.title and _title(one) == _title(other):
        return False
    return overlap(one.text, other.text) < UNRELATED


def repeated(one: Entry, other: Entry) -> bool:
    """Whether two entries of one document, under one key and one address, are one thing listed twice.

    In doubt they are two: an item too many does less harm than one that is lost.
    """
    same_id = bool(one.id) and one.id == other.id
    if one.title != other.title:
        return same_id and bool(one.text) and one.text == other.text
    if one.title and same_id:
        return True
    return one.text == other.text or not one.text or not other.text or _like(one, other)


def simultaneous(one: Entry, other: Entry) -> bool:
    """Whether both claim to be published at the same time to the minute; days and months say too little."""
    if one.published is None or other.published is None:
        return False
    exact = {one.published.precision, other.published.precision} <= {"minute", "second"}
    return exact and abs(one.published.utc - other.published.utc) <= _SAME_MOMENT


def overlap(one: str, other: str) -> float:
    """Shared words over all words, from 0 (none) to 1 (the same words); 0 where either has none."""
    first, second = (set(_WORDS.findall(text[:_READ].casefold())) for text in (one, other))
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def _like(one: Entry, other: Entry) -> bool:
    return overlap(one.text, other.text) >= _SIMILAR


def _title(entry: Entry) -> str:
    return entry.title.casefold()
