"""Words that an editor filters by -> regular expressions that find them as readers would, in folded letters."""

from __future__ import annotations

import re
import unicodedata

from aggregator.text.letters import fold_letters

_UNSPACED = (
    "\u0e00-\u109f"  # Thai, Lao, Tibetan, Myanmar
    "\u1100-\u11ff"  # Hangul letters
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\u9fff"  # CJK radicals, kana, Hangul compatibility, ideographs
    "\ua960-\ua97f\uac00-\ud7ff"  # Hangul: spaced, but particles are joined to the word
    "\uf900-\ufaff\uff66-\uffdc"  # compatibility ideographs, half-width kana and Hangul
    "\U00020000-\U0003ffff"  # further ideographs
)
"""Scripts that do not set words apart: a word is found anywhere in them."""

_UNSPACED_CHAR = re.compile(f"[{_UNSPACED}]")
_NOT_AFTER_LETTER = rf"(?<![^\W{_UNSPACED}])"
_NOT_BEFORE_LETTER = rf"(?![^\W{_UNSPACED}])"


def pattern(word: str) -> str:
    """A pattern that finds the word, or the words with any white space between them, in a text of folded letters.

    An edge that is a letter or digit of a script that sets words apart must be the edge of a word in the text;
    so `go` is not found in `good`, but `C++` is in `C++20`, and `日本` in `東日本大震災`.
    """
    parts = fold_letters(word).split() or [word]
    found = r"\s+".join(re.escape(part) for part in parts)
    before = _NOT_AFTER_LETTER if _is_set_apart(parts[0][0]) else ""
    after = _NOT_BEFORE_LETTER if _is_set_apart(parts[-1][-1]) else ""
    return f"{before}{found}{after}"


def _is_set_apart(char: str) -> bool:
    # Marks count: in Devanagari and others a word may end in one.
    return unicodedata.category(char)[0] in "LNM" and not _UNSPACED_CHAR.match(char)
