"""Whether decoded text makes sense, or was read in a wrong encoding.

Not by its words, which would need to know the language: by how characters stand together. In a wrong encoding
Cyrillic becomes words of accented Latin letters alone, French words mix two alphabets, signs come to stand within
words.
"""

from __future__ import annotations

import re
from typing import Final

_MARKUP = re.compile(r"<(?!!\[)[^<>]{0,1000}>|&#?\w{1,10};|<!\[CDATA\[")
_HIGH = re.compile("[^\x00-\x7f]+")
_LATIN: Final = "A-Za-z\u00c0-\u024f"
_OTHER: Final = "\u0370-\u1dff\u3041-\ud7ff"
_ODD = re.compile(
    # Words without a single ASCII letter, and signs that nobody sets in a row.
    f"(?<![{_LATIN}])[\u0080-\u009f¡-¨ª¬®-¶¸-ºÀ-\u024f\u02c6\u02dc‚†-‡‰‹›€™¼-¿]{{3,}}(?![{_LATIN}])"
    # Signs within words. An apostrophe may be written as ´, and a syllable end with a soft hyphen.
    f"|(?<=[{_LATIN}])[\u0080-\u009f¡-©«¬®-³¶¹»-¿×÷](?=[{_LATIN}])"
    # First bytes of kana in Shift_JIS, whose second ones are ASCII letters.
    "|[ƒ‚](?=[\x40-\x7e\u0080-\uffff])"
    # A letter or two of another alphabet at or among ASCII letters.
    f"|(?<=[A-Za-z])[{_OTHER}]{{1,2}}(?![{_OTHER}])|(?<![{_OTHER}])[{_OTHER}]{{1,2}}(?=[A-Za-z])"
    # What EUC-JP becomes in Shift_JIS.
    "|[\uff61-\uff9f]+"
)
_TOLD: Final = 0.5
"""The greatest share of what is not ASCII that may be odd."""
_UNREAD: Final = 10
"""How much more than an odd character one says that cannot be read at all."""
_CAPITALISED = re.compile("(?<![а-яА-ЯёЁ])[А-ЯЁ][а-яё]{2}")
_SWAPPED = re.compile("(?<![а-яА-ЯёЁ])[а-яё][А-ЯЁ]{2}")
"""Cyrillic encodings that are taken for one another have small letters where capitals belong."""


def makes_sense(text: str) -> bool:
    """Whether at most half of the characters beyond ASCII stand where they would in no language."""
    plain = _MARKUP.sub(" ", text)
    words = " ".join(word for word in (text if plain.isascii() else plain).split() if not word.isascii())
    high = sum(map(len, _HIGH.findall(words)))
    odd = sum(map(len, _ODD.findall(words))) + _UNREAD * words.count("\ufffd")
    return odd <= high * _TOLD and len(_SWAPPED.findall(words)) <= len(_CAPITALISED.findall(words))
