"""Formulas that stand twice in sanitized markup: as MathML, and drawn with letters for browsers that lack it."""

from __future__ import annotations

import re
from bisect import bisect_left
from html import escape

from aggregator.normalize.markup import VOID, attributes, tags

_MATH = re.compile("<math")
_EMPTY = re.compile(
    r'<math((?: [a-z][a-z0-9-]*="[^"]*")*)>(?:\s|</?(?!math\b)(?:m[a-z]+|semantics)(?: [^<>]*)?>)*+</math>'
)
"""A formula that shows nothing: what remains of one that was written in other languages only."""

_DRAWN = '<span aria-hidden="true">'
_NEAR = 100
"""Characters from the start of a wrapper to the drawing in it: MathJax wraps its own once more than KaTeX."""


def without_drawn_formulas(sanitized: str) -> str:
    """Each formula once, as MathML.

    KaTeX and MathJax write it beside a drawing of it, which is hidden from those who hear the page: a `span` with
    aria-hidden whose parent, or the parent of that, holds the MathML too. Anything else that is hidden so stays.
    """
    sanitized = without_empty_formulas(sanitized)
    if _DRAWN not in sanitized:
        return sanitized
    kept, end = "", 0
    for begin, stop in sorted(_find_drawings(sanitized)):
        if begin >= end:
            kept, end = kept + sanitized[end:begin], stop
    return kept + sanitized[end:]


def without_empty_formulas(sanitized: str) -> str:
    """Each formula that shows nothing as its alternative text."""
    empty = "<math" in sanitized
    while empty:  # one may hold another
        sanitized, count = _EMPTY.subn(_alternative, sanitized)
        empty = bool(count)
    return sanitized


def _alternative(formula: re.Match[str]) -> str:
    return escape(attributes(formula[1]).get("alttext", ""), quote=False)


def _find_drawings(sanitized: str) -> list[tuple[int, int]]:
    """Where the drawings begin and end."""
    found: list[tuple[int, int]] = []
    formulas = [match.start() for match in _MATH.finditer(sanitized)]
    starts: list[int] = []
    waiting: list[list[tuple[int, int]]] = [
        []
    ]  # for each open element the drawings in it that need MathML beside them
    for tag in tags(sanitized):
        if tag[2] in VOID:
            continue
        if not tag[1]:
            starts.append(tag.start())
            waiting.append([])
            continue
        begin = starts.pop()
        for drawing in waiting.pop():
            if _count(formulas, begin, tag.end()) > _count(formulas, *drawing):
                found.append(drawing)
            elif drawing[0] - begin < _NEAR:
                waiting[-1].append(drawing)
        if sanitized.startswith(_DRAWN, begin):
            waiting[-1].append((begin, tag.end()))
    return found


def _count(positions: list[int], begin: int, end: int) -> int:
    """How many of sorted positions lie in a range."""
    return bisect_left(positions, end) - bisect_left(positions, begin)
