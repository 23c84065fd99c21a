"""A new template of a site, told from news: the same change in most of its items, or a change of nearly all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from aggregator.model import Entry
from aggregator.text.characters import fold

MASS: Final = 0.6
"""The share of a document's entries beyond which their changing at once is a new template, whatever changed."""

_MASS_FEWEST: Final = 5

SHARED: Final = 0.6
"""The share of the changed items that must have gained or lost a word for it to be the template's."""

_SHARED_FEWEST: Final = 3
"""Fewer changed items than these have nothing in common but chance."""

_OWN: Final = 0.2
"""The share of an item's change that may be its own beside what a template changed everywhere."""

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")

Words = Counter[str]


def find_redesigned(changed: Sequence[tuple[Entry, Entry]], listed: int) -> frozenset[int]:
    """Which of the changed items changed by their site's template only.

    In: what they said and what they say, in any order; how many entries the document lists in all, new ones
    included. Out: positions in `changed`. Measured on real histories: see docs/decisions/0030.

    Many edits at once are no template: five of the six items that a fast feed still lists may have been edited,
    each in its own way. So what counts is that nearly the whole document changed, or that the same words came or
    went in most of the items. An item that was edited besides is not among them.
    """
    if len(changed) >= _MASS_FEWEST and len(changed) > MASS * listed:
        return frozenset(range(len(changed)))
    if len(changed) < _SHARED_FEWEST:
        return frozenset()
    differences = [_word_changes(before, after) for before, after in changed]
    gained, lost = (_common(side) for side in zip(*differences, strict=True))
    found = (n for n, (came, went) in enumerate(differences) if _is_shared(came, gained, went, lost))
    return frozenset(found)


def _word_changes(before: Entry, after: Entry) -> tuple[Words, Words]:
    """The words that came and those that went; numbers count as alike, since a template numbers things."""
    one, other = _words(before), _words(after)
    return other - one, one - other


def _words(entry: Entry) -> Words:
    text = fold(f"{entry.title}\n{entry.text}")
    return Counter(_DIGIT.sub("0", word) for word in _WORD.findall(text))


def _common(changes: Iterable[Words]) -> frozenset[str]:
    every = list(changes)
    bearers = Counter(word for words in every for word in words)
    return frozenset(word for word, count in bearers.items() if count >= max(_SHARED_FEWEST, SHARED * len(every)))


def _is_shared(came: Words, gained: frozenset[str], went: Words, lost: frozenset[str]) -> bool:
    total = came.total() + went.total()
    own = sum(n for word, n in came.items() if word not in gained) + sum(
        n for word, n in went.items() if word not in lost
    )
    return bool(gained or lost) and own <= _OWN * total
