"""Text -> the terms that it is found by, in every script: what two texts share when one is searched for the other.

Words in one case, without the marks that careful writers add and others leave out (combining diacritics of
Latin, Greek and Cyrillic, Arabic and Hebrew points); those that carry meaning, as vowel signs do, stay. Scripts
that put no spaces between words, and Korean, whose spaces part phrases, are cut into pairs of characters; a run of
them ends with its last one alone: so any part of a run is found, as a phrase. Lucene's CJKAnalyzer does alike.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

from aggregator.text.characters import to_normal_form
from aggregator.text.letters import fold_letters

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
"""Letters of scripts that put no spaces between words, as a class of characters for `re`."""

PAIRED: Final = f"{UNSPACED}\uac00-\ud7a3\U00020000-\U0003ffff"
"""Letters whose runs are cut into pairs, as a class of characters for `re`."""

LONGEST: Final = 64
"""Characters of a term that count: no word is longer, and no address or code is searched for to its end."""

_RUN = re.compile(f"[{PAIRED}]+")
_POINTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)


def split_terms(text: str) -> list[str]:
    """The terms of a text, in its order. None of them holds white space or a sign, whatever the text holds."""
    folded = fold_letters(text)
    if not folded.isascii():
        folded = to_normal_form(_POINTS.sub("", to_normal_form(folded, "NFD")), "NFC")
    terms: list[str] = []
    for word in _blank_signs(folded).split():
        terms += [word[:LONGEST]] if word.isascii() else _split_word(word)
    return terms


def _blank_signs(text: str) -> str:
    signs = {ord(one): " " for one in set(text) if not one.isalnum() and unicodedata.category(one)[0] != "M"}
    return text.translate(signs)


def _split_word(word: str) -> list[str]:
    """A word, or where it holds runs of an unspaced script: what stands between them, and pairs of theirs."""
    parts: list[str] = []
    end = 0
    for run in _RUN.finditer(word):
        parts += [word[end : run.start()]] if run.start() > end else []
        parts += [one + other for one, other in pairwise(run[0])] + [run[0][-1]]
        end = run.end()
    return [part[:LONGEST] for part in (*parts, word[end:]) if part]
