"""Lines that a source's template fills anew at every poll, learned from what differs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from aggregator.dedupe import noise
from aggregator.model import Entry, Line
from aggregator.text.characters import fold
from aggregator.text.references import unescape

LEARNED: Final = 3
"""Polls after which a line is believed to be the template's."""

SHARE: Final = 0.5
"""Of the items of a poll that must have differed in it."""

FEWEST: Final = 3
"""Items that must have: one page that changes is news, not a template."""

KEPT: Final = 12
"""Lines remembered for a source."""

_LONGEST: Final = 60
"""Characters of a line's beginning or end that are remembered."""

_LONGEST_LINE: Final = 300
"""Characters of a line that a template fills; longer ones are paragraphs."""

_DIFFERENT: Final = 3
"""More lines than these that differ are an edit."""

_BREAK = re.compile(
    r"<(?:/?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|caption|blockquote|section|article|aside|header|footer"
    r"|figure|figcaption|pre|details|summary|address)"
    r"|br|hr)\b[^<>]{0,2000}>"
)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def visible_lines(entry: Entry) -> tuple[str, ...]:
    """What a reader sees of an entry, block by block: folded, without fixed noise, no empty ones."""
    markup = entry.content or entry.summary
    blocks = _BREAK.split(markup) if markup else [entry.text]
    quiet = (noise.strip_noise(fold(unescape(_TAG.sub(" ", block)))) for block in blocks)
    return tuple(line for line in quiet if line)


def without_volatile(lines: Iterable[str], volatile: Sequence[Line]) -> tuple[str, ...]:
    """Of some lines of a text those that are not known to be filled anew at every poll."""
    return tuple(line for line in lines if not any(_matches(line, pattern) for pattern in volatile))


def template_lines(known: Iterable[Line]) -> tuple[Line, ...]:
    """Of the lines known of a source those that were seen often enough to be its template's."""
    return tuple(line for line in known if line.polls >= LEARNED)


def differing_lines(before: Entry, after: Entry) -> tuple[Line, ...]:
    """The lines in which two versions of an item differ, as patterns; none if they differ in more than lines.

    Only lines that stand at the same place in both and begin or end alike can be a template's.
    """
    old, new = visible_lines(before), visible_lines(after)
    if len(old) != len(new):
        return ()
    pairs = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    patterns = [_pattern(one, other) for one, other in pairs[: _DIFFERENT + 1]]
    if len(pairs) > _DIFFERENT or not all(patterns):
        return ()
    return tuple(pattern for pattern in patterns if pattern)


def learn_lines(known: Sequence[Line], seen: Sequence[tuple[Line, ...]], judged: int) -> tuple[Line, ...]:
    """What is known of a source's lines after one more poll.

    In: what was known; for each item that changed, its `differing_lines`; how many known items the poll brought.
    """
    counts = Counter((line.start, line.end) for lines in seen for line in set(lines))
    now = {name for name, count in counts.items() if count >= FEWEST and count >= SHARE * judged}
    polls = {(line.start, line.end): line.polls for line in known}
    for name in now:
        polls[name] = min(polls.get(name, 0) + 1, LEARNED)
    # Those seen now come first, and the longest known of the others stay when there are too many.
    order = sorted(polls, key=lambda name: (name not in now, -polls[name], name))
    return tuple(Line(start=start, end=end, polls=polls[start, end]) for start, end in order[:KEPT])


def _pattern(one: str, other: str) -> Line | None:
    first, second = one.split(" "), other.split(" ")
    shortest = min(len(first), len(second))
    start = next((n for n in range(shortest) if first[n] != second[n]), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if first[-1 - n] != second[-1 - n]), rest)
    found = Line(start=" ".join(first[:start])[:_LONGEST], end=" ".join(first[len(first) - end :])[-_LONGEST:])
    telling = start + end >= 2 or found.start.endswith(":")
    return found if telling and max(len(one), len(other)) <= _LONGEST_LINE else None


def _matches(line: str, pattern: Line) -> bool:
    return len(line) <= _LONGEST_LINE and line.startswith(pattern.start) and line.endswith(pattern.end)
