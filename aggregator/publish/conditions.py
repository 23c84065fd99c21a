"""Whether a condition of an editor's filter holds for an item.

It is asked of what the publisher wrote: what `rewrite`, `remove` and `keep` make of it is for readers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final

from aggregator import patterns
from aggregator.model import Condition, Drop, Entry, InLanguage, Item, Keep, Matcher, OfAge, OfLength, WithMedia
from aggregator.publish import sanitize
from aggregator.text.letters import fold_letters

_APART: Final = timedelta(days=7)
"""A story comes in the place of one of its items and has the date of another: so far apart at most."""

_UNSPACED: Final = "\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ideographs and kana: each counts as a word, as in word processors, since no space parts words."""

_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}][^\s{_UNSPACED}]*")
_TAGS: Final = {"audio": "<audio", "video": "<video", "image": "<img "}


def holds(condition: Condition, item: Item) -> bool | None:
    """Whether the condition holds for the item; None if a pattern takes too long to tell."""
    match condition:
        case Matcher():
            return is_match(condition, item.entry)
        case OfAge():
            return _is_of_age(condition, item.published)
        case OfLength():
            return _is_of_length(condition, item.entry.text)
        case InLanguage(tag=tag):
            said = (item.entry.language or "").lower()
            return said == tag.lower() or said.startswith(f"{tag.lower()}-")
    return _has_media(condition, item.entry)


def is_too_old(step: Keep | Drop, item: Item) -> bool:
    """Whether nothing as old as the item passes the step, whatever else it is: a filter by age need not see it."""
    ages = ((one, one.since) for one in step.any_of if isinstance(one, OfAge))
    passed = [one for one, since in ages if since is not None and item.published < since - _APART]
    if isinstance(step, Drop):
        return any(one.older for one in passed)
    return bool(passed) and len(passed) == len(step.any_of) and not any(one.older for one in passed)


def is_match(matcher: Matcher, entry: Entry) -> bool | None:
    """Whether the pattern is found in the matcher's field of the entry; None if that takes too long to tell."""
    pattern = patterns.guard_pattern(matcher.pattern)
    unsure = False
    for value in _values(matcher, entry):
        found = pattern.search(_fold(value) if matcher.folded else value)
        if found:
            return True
        unsure = unsure or found is None
    return None if unsure else False


@lru_cache(maxsize=16)
def _fold(text: str) -> str:
    """Kept at hand for the next words of a filter: folding costs more than finding."""
    return fold_letters(text)


def _values(matcher: Matcher, entry: Entry) -> Iterable[str]:
    match matcher.field:
        case "title":
            return (entry.title,)
        case "text":
            return (entry.text,)
        case "author":
            return _authors(entry)
        case "category":
            return _categories(entry)
        case "url":
            return (entry.url,) if entry.url else ()
    # Any of them, one by one, so that `^` means the beginning of each.
    return (entry.title, entry.text, *_authors(entry), *_categories(entry))


def _authors(entry: Entry) -> tuple[str, ...]:
    return tuple(person.name for person in entry.authors)


def _categories(entry: Entry) -> tuple[str, ...]:
    return tuple(name for category in entry.categories for name in (category.term, category.label) if name)


def _is_of_age(condition: OfAge, published: datetime) -> bool:
    """Older or newer than so much; what is exactly as old is neither."""
    if condition.since is None:
        return False
    return published < condition.since if condition.older else published > condition.since


def _is_of_length(condition: OfLength, text: str) -> bool:
    """Longer or shorter than so much; what is exactly as long is neither."""
    if condition.unit == "characters":
        length = len(text)
    else:
        length = sum(1 for _ in islice(_WORD.finditer(text), condition.than + 1))  # no more than it takes to tell
    return length > condition.than if condition.longer else length < condition.than


def _has_media(condition: WithMedia, entry: Entry) -> bool:
    if condition.kind == "image" and entry.image:
        return True
    if _TAGS[condition.kind] in (entry.content or entry.summary or ""):
        return True
    return any(found.startswith(f"{condition.kind}/") for found in _types(entry))


def _types(entry: Entry) -> Iterator[str]:
    return (sanitize.media_type(file.type, file.url) or "" for file in entry.enclosures)
