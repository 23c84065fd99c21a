"""Text in one form, whatever runs of marks and digits it has: what several stages need and no library bounds."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final, Literal

LONGEST_RUN: Final = 30
"""Marks that may follow a letter (UAX 15, section 13: Stream-Safe Text Format); no writing needs more."""

# Of what `\w` leaves out, only marks are put in order; halfwidth voiced marks become such under NFKC.
_RUN = re.compile(rf"(?:[^\x00-\u02ff\w]|[\uff9e\uff9f]){{{LONGEST_RUN + 1},}}")
_HALFWIDTH: Final = "\uff9e\uff9f"

_LONG_NUMBER = re.compile(r"&#(?=[0-9]{100})0*+([0-9]{0,8})[0-9]*+")


def unescaped(markup: str) -> str:
    """Markup with its character references resolved, once; what `html.unescape` does, for numbers of any length.

    That raises where a number has more than 4,300 digits. Here it is what any number beyond Unicode is: U+FFFD.
    """
    return html.unescape(_LONG_NUMBER.sub(_shortened, markup) if "&#" in markup else markup)


def _shortened(reference: re.Match[str]) -> str:
    return f"&#{reference[1] or '0'}"


def composed(text: str, form: Literal["NFC", "NFKC", "NFKD"]) -> str:
    """The text in a normal form; of marks without end on one letter, the first `LONGEST_RUN` stay.

    Putting marks in order takes Python time that grows with the square of their run: 40,000 of them on one letter
    take more than three seconds, in which nothing else runs.
    """
    return unicodedata.normalize(form, text if text.isascii() else _RUN.sub(_bounded, text))


def _bounded(run: re.Match[str]) -> str:
    """Punctuation and pictures in a row are left alone: they begin something new each time."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        is_mark = character in _HALFWIDTH or unicodedata.category(character).startswith("M")
        marks = marks + 1 if is_mark else 0
        if marks <= LONGEST_RUN:
            kept.append(character)
    return "".join(kept)
