"""What changed between two texts, word by word, for people.

Where a script puts no spaces between words, character by character: a sentence in Japanese is not another one
because a particle of it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from aggregator.text import common_words
from aggregator.text.terms import UNSPACED

MOST_WORDS: Final = 2000
"""Words that came, and words that went, that are told of one text."""

REACH: Final = 2 * MOST_WORDS
"""Words of each text that are compared, from shortly before the first difference."""

CONTEXT: Final = 5
"""Words kept on either side of a change."""

_MARGIN: Final = CONTEXT + 2
"""So many that it shows whether there were more."""

_UNSPACED = re.compile(rf"[{UNSPACED}\U00020000-\U0003ffff]")
_MARKS: Final = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd\u3099\u309a"
)
"""What belongs to the letter before it in such scripts, as a class of characters for `re`."""

_WORD = re.compile(rf"{_UNSPACED.pattern}[{_MARKS}]*|[^\s{UNSPACED}\U00020000-\U0003ffff]+")
_Step = tuple[list[str], list[str], bool]
"""Words of the earlier text, those that stand for them in the later one, and whether they are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Some words in a row that two versions of a text share, or that came or went.

    Attributes:
        kind: In both texts, in the earlier one only, or in the later one only.
        words: Separated by single spaces where the text has any; an ellipsis stands for what is left out of `kept`
            ones.
        is_attached: Whether it follows the passage before without a space.
    """

    kind: Literal["kept", "deleted", "inserted"]
    words: str
    is_attached: bool = False


class _Attached(str):
    """A word that follows the one before without a space."""

    __slots__ = ()


def difference(before: str, after: str, most: int = MOST_WORDS) -> tuple[Passage, ...]:
    """The passages that lead from one text to the other; none when they have the same words, however spaced.

    What both have is shortened to what stands around changes. Of what went and of what came only the first `most`
    words are told; a `kept` ellipsis stands for the rest. What is told is so in the whole texts: words that stand
    further behind in the other text, beyond what is compared, are not said to have gone or come.
    """
    one, other = _trim_common_ends(_split(before), _split(after))
    steps = _join_kept(_steps(one[:REACH], other[:REACH]))
    is_cut = max(len(one), len(other)) > REACH
    if not is_cut and all(kept for *_, kept in steps):
        return ()
    if is_cut and len(steps) > 1 and not steps[-1][2]:
        steps.pop()  # what only one of them has so far may follow in the other
    found, is_whole = _tell(steps, most)
    if (is_whole and not is_cut) or found[-1].words.endswith("…"):
        return tuple(found)
    return (*found, Passage(kind="kept", words="…"))


def _split(text: str) -> list[str]:
    if not _UNSPACED.search(text):
        return text.split()
    return [
        one[0] if one.start() == 0 or text[one.start() - 1].isspace() else _Attached(one[0])
        for one in _WORD.finditer(text)
    ]


def _passage(kind: Literal["kept", "deleted", "inserted"], words: Sequence[str]) -> Passage:
    spaced = [one if isinstance(one, _Attached) else f" {one}" for one in words]
    return Passage(kind=kind, words="".join(spaced).strip(), is_attached=isinstance(words[0], _Attached))


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
            told.append(_passage("kept", words))
            continue
        went, came = before[: most - gone], after[: most - come]
        told += [_passage("deleted", went)] if went else []
        told += [_passage("inserted", came)] if came else []
        gone, come = gone + len(before), come + len(after)
        if max(gone, come) > most:
            return told, False
    return told, True


def _steps(one: list[str], other: list[str]) -> Iterator[_Step]:
    """The words of both, stretch by stretch, and whether they are the same."""
    at = new_at = 0
    for start, new_start, size in (*common_words.blocks(one, other), (len(one), len(other), 0)):
        if start > at or new_start > new_at:
            gone, come = one[at:start], other[new_at:new_start]
            is_same = "".join(gone) == "".join(come)  # spaces are no words
            yield come if is_same else gone, come, is_same
        at, new_at = start + size, new_start + size
        if size:
            yield one[start:at], other[new_start:new_at], True


def _join_kept(steps: Iterable[_Step]) -> list[_Step]:
    joined: list[_Step] = []
    for step in steps:
        if joined and joined[-1][2] and step[2]:
            words = [*joined.pop()[0], *step[0]]
            step = words, words, True  # noqa: PLW2901 # the two as one
        joined.append(step)
    return joined


def _shorten_kept(words: list[str], *, first: bool, last: bool) -> list[str]:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(words) <= head + tail + 1:
        return words
    return [*words[:head], "…", *words[len(words) - tail :]]
