"""How alike two signatures are."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from aggregator.model import Likeness, Signature
from aggregator.stories.hashing import unpack
from aggregator.stories.limits import TELLING

_MUCH: Final = 0.6
_MOST: Final = 256
_FULL: Final = 0xFFFFFFFF


def compare_signatures(one: Signature, other: Signature) -> Likeness:
    """Compare two signatures; the same both ways round, every figure from 0 to 1.

    Of texts with more than 1,024 different shingles the figures are estimates from the smallest hashes of both,
    within two hundredths.
    """
    ceiling = min(one.ceiling, other.ceiling)
    first, second = _below(one.shingles, ceiling), _below(other.shingles, ceiling)
    common = len(first & second)
    return Likeness(
        jaccard=common / (len(first) + len(second) - common) if common else 0.0,
        containment=common / min(len(first), len(second)) if common else 0.0,
        title=_jaccard(one.title, other.title),
        numbers=agreement(one.numbers, other.numbers),
        figures=_share_of_same_figures(one.figures, other.figures),
        names=agreement(one.names, other.names),
    )


def agreement(one: bytes, other: bytes) -> float:
    """The share of the smaller packed set that is in the other one; 1 when either is empty."""
    ceiling = min(_ceiling(one), _ceiling(other))
    first, second = _below(one, ceiling), _below(other, ceiling)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 1.0


def has_same_title(one: Signature, other: Signature) -> bool:
    """Whether one title holds all words of the other and not many more; fewer than four words say nothing."""
    first, second = set(unpack(one.title)), set(unpack(other.title))
    fewest, most = sorted((len(first), len(second)))
    return fewest >= TELLING and fewest >= _MUCH * most and len(first & second) == fewest


def is_named(title: Signature, text: Signature) -> bool:
    """Whether a name that the text bears is a word of the title; never in scripts without capitals."""
    return not set(unpack(title.title)).isdisjoint(unpack(text.names))


def has_same_opening(one: Signature, other: Signature) -> bool:
    """Whether the first words of both are the same, give or take a few."""
    return not set(unpack(one.opening)).isdisjoint(unpack(other.opening))


def _ceiling(value: bytes) -> int:
    """A set of 256 was cut there, so above its greatest nothing is known."""
    values = unpack(value)
    return values[-1] if len(values) >= _MOST else _FULL


def _below(value: bytes, ceiling: int) -> frozenset[int]:
    values = unpack(value)
    if ceiling < _FULL:
        return frozenset(number for number in values if number <= ceiling)
    return frozenset(values)


def _share_of_same_figures(one: bytes, other: bytes) -> float:
    """A form says other numbers in the same words; a cut or extended copy says the same, or has other words."""
    first, second = _by_context(one), _by_context(other)
    places = first.keys() & second.keys()
    possible = sum(min(len(first[place]), len(second[place])) for place in places)
    return sum(len(first[place] & second[place]) for place in places) / possible if possible else 1.0


def _by_context(value: bytes) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    numbers = unpack(value)
    for context, number in zip(numbers[::2], numbers[1::2], strict=True):
        found[context].add(number)
    return found


def _jaccard(one: bytes, other: bytes) -> float:
    first, second = set(unpack(one)), set(unpack(other))
    common = len(first & second)
    return common / (len(first) + len(second) - common) if common else 0.0
