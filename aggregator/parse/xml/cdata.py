"""CDATA sections that were not closed, or that stand within others.

A section ends at the next `]]>`, whatever stands before it (XML 1.0, section 2.7). One without its own end
swallows the entries up to the end of the next one, and the document may be well-formed all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

OPENING: Final = "<![CDATA["
CLOSING: Final = "]]>"
_OPENED_BY = re.compile(r"<([A-Za-z_][\w.:-]{0,60})(?:\s[^<>]{0,200})?>[^<>]{0,200}$")
_ENTRY_ENDS = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_MOST_NESTED: Final = 20


def close_sections(text: str) -> str:
    """The text with an end for each section that lacks its own.

    A section lacks its end when none follows at all, or when the end of the element in which it began, the
    beginning of another section and the end of an entry come first. It ends where that element ends.
    """
    if OPENING not in text:
        return text
    return "".join(_close_each(text))


def _close_each(text: str) -> Iterator[str]:
    done, end, entry_ends = 0, -1, -1
    start = text.find(OPENING)
    while start >= 0:
        begin = start + len(OPENING)
        # Both are kept while they lie ahead: looked for anew at each section they would take quadratic time.
        if end < begin:
            end = _find(text, CLOSING, begin)
        close = _end_of_element(text, start, end)
        if close >= 0:
            if entry_ends < close:
                match = _ENTRY_ENDS.search(text, close)
                entry_ends = match.start() if match else len(text)
            if end == len(text) or (entry_ends < end and close < text.find(OPENING, begin, end)):
                yield text[done:close] + CLOSING
                done = close
                start = text.find(OPENING, close)
                continue
        start = text.find(OPENING, end)
    yield text[done:]


def _end_of_element(text: str, start: int, end: int) -> int:
    """Where the element ends in which a section begins; -1 if not before `end`."""
    opened = _OPENED_BY.search(text, max(0, start - 500), start)
    return text.find(f"</{opened[1]}", start, end) if opened else -1


def _find(text: str, mark: str, position: int) -> int:
    found = text.find(mark, position)
    return found if found >= 0 else len(text)


def flatten_sections(text: str) -> str:
    """The text with one section in the place of those that stand within another.

    For documents that are not well-formed only: else the inner beginning is meant as text.
    """
    pieces, done = [], 0
    start = text.find(OPENING)
    while start >= 0:
        begin = start + len(OPENING)
        end = _outer_end(text, begin)
        if end is None:
            break
        inner = text[begin:end]
        if CLOSING in inner:
            pieces += [text[done:begin], inner.replace(OPENING, "").replace(CLOSING, "")]
            done = end
        start = text.find(OPENING, end)
    return "".join((*pieces, text[done:]))


def _outer_end(text: str, begin: int) -> int | None:
    """Where a section ends, past those within it; None if it does not."""
    end, depth, position = text.find(CLOSING, begin), 0, begin
    while end >= 0:
        depth += text.count(OPENING, position, end)
        further = text.find(CLOSING, end + len(CLOSING), end + 100_000) if 0 < depth <= _MOST_NESTED else -1
        if further < 0 or OPENING in text[end:further] or _ENTRY_ENDS.search(text, end, further):
            return end
        depth, position, end = depth - 1, further, further
    return None
