"""What changed between two texts, word by word, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from aggregator.text import common_words

MOST_WORDS: Final = 2000
"""Words of each text that are compared, from shortly before the first difference."""

CONTEXT: Final = 5
"""Words kept on either side of a change."""

_MARGIN: Final = CONTEXT + 2
"""So many that it shows whether there were more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Some words in a row that two versions of a text share, or that came or went.

    Attributes:
        kind: In both texts, in the earlier one only, or in the later one only.
        words: Separated by single spaces; an ellipsis stands for what is left out of `kept` ones.
    """

    kind: Literal["kept", "deleted", "inserted"]
    words: str


def difference(before: str, after: str, most: int = MOST_WORDS) -> tuple[Passage, ...]:
    """The passages that lead from one text to the other; none when they have the same words.

    What both have is shortened to what stands around changes. Of what lies between the first and the last
    difference only the first `most` words count; a `kept` ellipsis stands for the others.
    """
    one, other = _trim_common_ends(before.split(), after.split())
    found = tuple(_passages(one[:most], other[:most]))
    return (*found, Passage(kind="kept", words="…")) if max(len(one), len(other)) > most else found


def _trim_common_ends(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Two texts without most of what both begin and end with: finding differences is slow, this is not."""
    if one == other:
        return [], []
    start = common_words.common_start_length(one, other)
    end = common_words.common_start_length(one[start:][::-1], other[start:][::-1])
    skipped, left = max(0, start - _MARGIN), max(0, end - _MARGIN)
    return one[skipped : len(one) - left], other[skipped : len(other) - left]


def _passages(one: list[str], other: list[str]) -> Iterator[Passage]:
    steps = list(_steps(one, other))
    for number, (before, after, kept) in enumerate(steps):
        if kept:
            words = _shorten_kept(before, first=number == 0, last=number == len(steps) - 1)
            yield Passage(kind="kept", words=" ".join(words))
            continue
        if before:
            yield Passage(kind="deleted", words=" ".join(before))
        if after:
            yield Passage(kind="inserted", words=" ".join(after))


def _steps(one: list[str], other: list[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """The words of both, stretch by stretch, and whether they are the same."""
    at = new_at = 0
    for start, new_start, size in (*common_words.blocks(one, other), (len(one), len(other), 0)):
        if start > at or new_start > new_at:
            yield one[at:start], other[new_at:new_start], False
        at, new_at = start + size, new_start + size
        if size:
            yield one[start:at], other[new_start:new_at], True


def _shorten_kept(words: list[str], *, first: bool, last: bool) -> list[str]:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(words) <= head + tail + 1:
        return words
    return [*words[:head], "…", *words[len(words) - tail :]]
