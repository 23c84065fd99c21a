"""What is written twice for browsers with and without scripts, once.

Works on markup as a publisher wrote it, before any parser has judged it. Of a lazy picture or player and what
stands for it in a `noscript` beside it, the latter stays: its address is the real one.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.normalize.images import LAZY, LAZY_SETS
from aggregator.normalize.markup import read_attributes
from aggregator.text.references import unescape

_TAGS = re.compile(r"</?noscript[^<>]{0,200}>", re.IGNORECASE)
_ESCAPED = re.compile(
    r"(<noscript[^<>]{0,200}>)([^<]*&lt;(?:img|iframe|picture)\b[^<]*)(?=</noscript)", re.IGNORECASE
)
_PAIR = re.compile(
    r"<(img|iframe)\b([^<>]*)>(?:\s*</iframe\s*>)?\s*<noscript[^<>]{0,200}>\s*"
    r"<\1\b([^<>]*)>((?:\s*</iframe\s*>)?)\s*</noscript\s*>",
    re.IGNORECASE,
)
_PAIR_REVERSED = re.compile(
    r"<noscript[^<>]{0,200}>\s*<(img|iframe)\b([^<>]*)>((?:\s*</iframe\s*>)?)\s*</noscript\s*>\s*"
    r"<\1\b([^<>]*)>(?:\s*</iframe\s*>)?",
    re.IGNORECASE,
)
_SAID_ONCE: Final = ("alt", "title", "width", "height")
"""What the twin that stays takes from the other, where it says nothing itself."""

_ADDRESSES: Final = ("src", *LAZY, "data-litespeed-src", "srcset", *LAZY_SETS)
_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z]{3,4}$)")
_NOTHING_YET = re.compile(r"\s*(?:data:|about:|$)", re.IGNORECASE)


def without_noscript_twins(markup: str) -> str:
    """Markup without `noscript` tags; what is within them stays, and its twin for scripts beside it goes."""
    plain = _ESCAPED.sub(lambda match: match[1] + unescape(match[2]), markup)
    single = _PAIR.sub(lambda match: _one(match, match[2], match[3], match[4]), plain)
    single = _PAIR_REVERSED.sub(lambda match: _one(match, match[4], match[2], match[3]), single)
    return _TAGS.sub("", single)


def _one(match: re.Match[str], scripted: str, plain: str, end: str) -> str:
    """Of a pair of start tags' attributes the plain one's element; the whole match where they are no twins."""
    if not _are_twins(scripted, plain):
        return match[0]
    other, own = read_attributes(scripted), read_attributes(plain)
    added = (f' {name}="{escape(other[name])}"' for name in _SAID_ONCE if other.get(name) and not own.get(name))
    return f"<{match[1]}{''.join(added)}{plain}>{end}"


def _are_twins(scripted: str, plain: str) -> bool:
    """Whether two start tags show the same, or the first one shows nothing by itself."""
    first, second = _names(scripted), _names(plain)
    return bool(second) and (not first or not first.isdisjoint(second))


def _names(written: str) -> set[str]:
    """The addresses that a start tag names, without what chooses a size."""
    values = read_attributes(written)
    found = [values[name] for name in _ADDRESSES if name in values and not _NOTHING_YET.match(values[name])]
    return {_SIZE.sub("", url.strip().partition(" ")[0].partition("?")[0].partition("#")[0]) for url in found}
