"""Which words two texts have in common, in the same order: exactly for ordinary texts, roughly for hostile ones.

difflib takes time that grows with the pairs of equal words, times the stretches found: 2,000 words of which one is
said a thousand times take it seconds. Texts with too many such pairs are first cut where both say a word that each
of them says once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

MOST_PAIRS: Final = 1500
"""Pairs of equal words up to which two stretches are compared in every way."""

_MOST_IN_ALL: Final = 12_000
_CUTS: Final = 4
"""So often what lies between cuts is cut again."""

Block = tuple[int, int, int]
"""Where some words begin in the one text, where in the other, and how many they are."""


def blocks(one: Sequence[str], other: Sequence[str]) -> list[Block]:
    """The stretches of words that both have, in order; none touches the next in both texts.

    4,000 words each take 30 ms at worst.
    """
    return list(_join_adjacent(_Search(one, other).find(0, len(one), 0, len(other), _CUTS)))


def common_start_length(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many words both begin."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (mine, yours) in enumerate(pairs) if mine != yours), min(len(one), len(other)))


class _Search:
    """A search through two texts, with room for so many pairs of equal words."""

    def __init__(self, one: Sequence[str], other: Sequence[str]) -> None:
        self._one = one
        self._other = other
        self._room = _MOST_IN_ALL

    def find(self, start: int, end: int, new_start: int, new_end: int, cuts: int) -> Iterator[Block]:
        """The blocks between two places of each text."""
        one, other = self._one[start:end], self._other[new_start:new_end]
        pairs = _pairs(one, other)
        if pairs <= min(MOST_PAIRS, self._room):
            self._room -= pairs
            for at, new_at, size in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
                yield start + at, new_start + new_at, size
            return
        head = common_start_length(one, other)
        tail = common_start_length(one[head:][::-1], other[head:][::-1])
        yield start, new_start, head
        inner = one[head : len(one) - tail], other[head : len(other) - tail]
        ends = (end - tail, new_end - tail)
        edges = [(start + head - 1, new_start + head - 1)]
        edges += [(start + head + at, new_start + head + new_at) for at, new_at in _unique(*inner) if cuts]
        for (at, new_at), (later, new_later) in pairwise([*edges, ends]):
            if cuts and (head or tail or len(edges) > 1):
                yield from self.find(at + 1, later, new_at + 1, new_later, cuts - 1)
            if (later, new_later) != ends:
                yield later, new_later, 1
        yield *ends, tail


def _pairs(one: Sequence[str], other: Sequence[str]) -> int:
    first, second = Counter(one), Counter(other)
    return sum(count * second[word] for word, count in first.items())


def _unique(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand that each text has once, as many as come in the same order in both."""
    places = {word: place for place, word in enumerate(other)}
    first, second = Counter(one), Counter(other)
    shared = [(at, places[word]) for at, word in enumerate(one) if first[word] == second[word] == 1]
    lowest: list[int] = []
    chain: list[tuple[int, int]] = []  # of each the length of the longest row that ends with it
    for number, (_, place) in enumerate(shared):
        length = bisect_left(lowest, place)
        lowest[length : length + 1] = [place]
        chain.append((length, number))
    found: list[tuple[int, int]] = []
    wanted = len(lowest) - 1
    for length, number in reversed(chain):
        if length == wanted and (not found or shared[number][1] < found[-1][1]):
            found.append(shared[number])
            wanted -= 1
    return found[::-1]


def _join_adjacent(found: Iterator[Block]) -> Iterator[Block]:
    """Those that are not empty, what touches in both texts put together."""
    last: Block | None = None
    for block in found:
        if not block[2]:
            continue
        if last and (last[0] + last[2], last[1] + last[2]) == block[:2]:
            last = (*last[:2], last[2] + block[2])
            continue
        if last:
            yield last
        last = block
    if last:
        yield last
