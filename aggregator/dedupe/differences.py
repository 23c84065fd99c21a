"""What changed between two texts, word by word, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

MOST_WORDS: Final = 2000
"""Words of each text that are compared; beyond that finding differences takes seconds."""

CONTEXT: Final = 5
"""Words kept on either side of a change."""


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

    Of each only the first `MOST_WORDS` words count. What both have is shortened to what stands around changes.
    """
    one, other = before.split()[:MOST_WORDS], after.split()[:MOST_WORDS]
    if one == other:
        return ()
    return tuple(_passages(one, other))


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
