"""Letters in whatever case and form -> one of each, so that a word is found however it is written.

This is Unicode's caseless matching (section 3.13) with full case folding: STRASSE is Straße, ΟΔΟΣ is οδός with
either sigma. Further, for people who type words: compatibility forms are taken for what they stand for where these
are letters or digits (`ﬁ`, full width, half-width kana), but not where they are signs, which part words (`™` would
become letters of the word before it); i is one letter with and without its dot, since who types ISTANBUL may mean
any of the four; and soft hyphens are nothing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from aggregator.text.characters import to_normal_form

_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_DOTTED: Final = "i\N{COMBINING DOT ABOVE}"
_DOTLESS: Final = "\N{LATIN SMALL LETTER DOTLESS I}"


def fold_letters(text: str) -> str:
    """The text with its letters folded; white space and signs stay. Idempotent, as texts in it are compared."""
    if text.isascii():
        return text.lower()
    composed = to_normal_form(text.replace(_SOFT_HYPHEN, ""), "NFC")
    forms = {ord(one): plain for one in set(composed) if (plain := _without_form(one)) != one}
    folded = (composed.translate(forms) if forms else composed).casefold()
    return to_normal_form(folded.replace(_DOTTED, "i").replace(_DOTLESS, "i"), "NFC")


@lru_cache(maxsize=8192)
def _without_form(character: str) -> str:
    """A letter or digit as such, without its form: full width, ligature, script; any other character as it is."""
    if unicodedata.category(character) not in {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd"}:
        return character
    plain = unicodedata.normalize("NFKC", character)
    return character if any(map(str.isspace, plain)) else plain
