"""What changed between two texts, word by word, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from aggregator.text import common_words

MOST_WORDS: Final = 2000
"""Words that came, and words that went, that are told of one text."""

REACH: Final = 2 * MOST_WORDS
"""Words of each text that are compared, from shortly before the first difference."""

CONTEXT: Final = 5
"""Words kept on either side of a change."""

_MARGIN: Final = CONTEXT + 2
"""So many that it shows whether there were more."""

_Step = tuple[list[str], list[str], bool]
"""Words of the earlier text, those that stand for them in the later one, and whether they are the same."""


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

    What both have is shortened to what stands around changes. Of what went and of what came only the first `most`
    words are told; a `kept` ellipsis stands for the rest. What is told is so in the whole texts: words that stand
    further behind in the other text, beyond what is compared, are not said to have gone or come.
    """
    one, other = _trim_common_ends(before.split(), after.split())
    steps = list(_steps(one[:REACH], other[:REACH]))
    is_cut = max(len(one), len(other)) > REACH
    if is_cut and len(steps) > 1 and not steps[-1][2]:
        steps.pop()  # what only one of them has so far may follow in the other
    found, is_whole = _tell(steps, most)
    if (is_whole and not is_cut) or found[-1].words.endswith(" …"):
        return tuple(found)
    return (*found, Passage(kind="kept", words="…"))


def _trim_common_ends(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Two texts without most of what both begin and end with: finding differences is slow, this is not."""
    if one == other:
        return [], []
    start = common_words.common_start_length(one, other)
    end = common_words.common_start_length(one[start:][::-1], other[start:][::-1])
    skipped, left = max(0, start - _MARGIN), max(0, end - _MARGIN)
    return one[skipped : len(one) - left], other[skipped : len(other) - left]


def _tell(steps: Sequence[_Step], most: int) -> tuple[list[Passage], bool]:
    """The steps as passages, and whether they are all, with all of their words."""
    told: list[Passage] = []
    gone = come = 0
    for number, (before, after, kept) in enumerate(steps):
        if kept:
            words = _shorten_kept(before, first=number == 0, last=number == len(steps) - 1)
            told.append(Passage(kind="kept", words=" ".join(words)))
            continue
        went, came = before[: most - gone], after[: most - come]
        told += [Passage(kind="deleted", words=" ".join(went))] if went else []
        told += [Passage(kind="inserted", words=" ".join(came))] if came else []
        gone, come = gone + len(before), come + len(after)
        if max(gone, come) > most:
            return told, False
    return told, True


def _steps(one: list[str], other: list[str]) -> Iterator[_Step]:
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
