"""What changed between two texts, word by word, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

MOST_WORDS: Final = 2000
"""Words of each text that are compared, from shortly before the first difference: half a second at worst."""

CONTEXT: Final = 5
"""Words kept on either side of a change."""

_MARGIN: Final = CONTEXT + 2
"""So many that it shows whether there were more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Some words in a row.

    Attributes:
        kind: In both texts, in the earlier one only, or in the later one only.
        words: Separated by single spaces; an ellipsis stands for what is left out of `kept` ones.
    """

    kind: Literal["kept", "deleted", "inserted"]
    words: str


def difference(before: str, after: str) -> tuple[Passage, ...]:
    """The passages that lead from one text to the other; none when they have the same words.

    What both have is shortened to what stands around changes. Of what lies between the first and the last
    difference only the first `MOST_WORDS` words count; a `kept` ellipsis stands for the others.
    """
    one, other = _apart(before.split(), after.split())
    found = tuple(_passages(one[:MOST_WORDS], other[:MOST_WORDS]))
    return (*found, Passage(kind="kept", words="…")) if max(len(one), len(other)) > MOST_WORDS else found


def _apart(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Two texts without most of what both begin and end with: finding differences is slow, this is not."""
    if one == other:
        return [], []
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    skipped, left = max(0, start - _MARGIN), max(0, end - _MARGIN)
    return one[skipped : len(one) - left], other[skipped : len(other) - left]


def _common(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next((index for index, (mine, yours) in enumerate(pairs) if mine != yours), min(len(one), len(other)))


def _passages(one: list[str], other: list[str]) -> Iterator[Passage]:
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for number, (step, start, end, new_start, new_end) in enumerate(steps):
        if step == "equal":
            words = _shortened(one[start:end], first=number == 0, last=number == len(steps) - 1)
            yield Passage(kind="kept", words=" ".join(words))
            continue
        if end > start:
            yield Passage(kind="deleted", words=" ".join(one[start:end]))
        if new_end > new_start:
            yield Passage(kind="inserted", words=" ".join(other[new_start:new_end]))


def _shortened(words: list[str], *, first: bool, last: bool) -> list[str]:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(words) <= head + tail + 1:
        return words
    return [*words[:head], "…", *words[len(words) - tail :]]
