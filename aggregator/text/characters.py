"""Which characters may stand in a text, and one form for those that can be written in several ways."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

LONGEST_RUN: Final = 30
"""Marks that may follow a letter (UAX 15, section 13: Stream-Safe Text Format); no writing needs more."""

# Of what `\w` leaves out, only marks are put in order; halfwidth voiced marks become such under NFKC.
_RUN = re.compile(rf"(?:[^\x00-\u02ff\w]|[\uff9e\uff9f]){{{LONGEST_RUN + 1},}}")
_HALFWIDTH: Final = "\uff9e\uff9f"

# Outside XML 1.0's Char (section 2.2): among them NUL, which PostgreSQL refuses, and lone surrogates, which
# cannot be written as UTF-8. C1 controls and DEL are allowed there but mean nothing in text.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ASCII_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_WORDS = re.compile(r"[\W_]+")


def strip_controls(text: str) -> str:
    """The text without control characters, lone surrogates and noncharacters; white space stays."""
    if text.isascii():  # five times as fast
        return text.encode().translate(None, _ASCII_CONTROLS).decode()
    return _FORBIDDEN.sub("", text)


def strip_non_xml(text: str) -> str:
    """The text without characters outside XML 1.0's Char (section 2.2); among them NUL and lone surrogates.

    Control characters from 0x7f to 0x9f stay: in a text that was read in a wrong encoding they are letters yet.
    """
    return _NOT_XML.sub("", text)


def keep_printable(text: str) -> str:
    """The text without what nobody sees: controls, and what turns its direction; spaces stay, line ends go."""
    return "".join(character for character in text if character.isprintable())


def to_one_line(text: str) -> str:
    """The text on one line: NFC, no control characters, single spaces, none at the ends. Idempotent."""
    return " ".join(to_normal_form(strip_controls(text), "NFC").split())


def fold(text: str) -> str:
    """The text folded for comparison: NFKC, lower case (`str.casefold`), on one line."""
    return " ".join(to_normal_form(text, "NFKC").casefold().split())


def fold_to_words(text: str) -> str:
    """The text reduced to its words for comparison: these in lower case, whatever stands between them."""
    return _NO_WORDS.sub(" ", text).casefold().strip()


def to_normal_form(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> str:
    """The text in a normal form; of marks without end on one letter, the first `LONGEST_RUN` stay.

    Putting marks in order takes Python time that grows with the square of their run: 40,000 of them on one letter
    take more than three seconds, in which nothing else runs.
    """
    return unicodedata.normalize(form, _RUN.sub(_bound_run, text) if _has_marks(text) else text)


def _has_marks(text: str) -> bool:
    """Whether any character of a text is a mark: a text has few different ones."""
    return not text.isascii() and any(map(_is_mark, set(text)))


def _is_mark(character: str) -> bool:
    return character in _HALFWIDTH or unicodedata.category(character).startswith("M")


def _bound_run(run: re.Match[str]) -> str:
    """Punctuation and pictures in a row are left alone: they begin something new each time."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= LONGEST_RUN:
            kept.append(character)
    return "".join(kept)
