"""Digits, dashes and spaces of all scripts spelt in one way, before the grammar for dates sees them.

Two depths. `tidy` keeps letters as they are (IANA names need their case) and unifies what carries no meaning:
digits of all scripts, dashes, spaces, quotes, invisible characters. `fold` goes on to case and accents, for
looking words up; the tables of names are stored folded.
"""

from __future__ import annotations

import re
import unicodedata

from aggregator.text.characters import to_normal_form
from aggregator.text.references import unescape

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]"
)
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_DASH = re.compile("[\u2010-\u2015\u2043\u2212\u06d4]")
_QUOTE = re.compile("['`´‘’‛′ʻʼ׳״\"“”„«»]")
_SPACES = re.compile(r"\s+")
_MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_CHINESE = re.compile("(?<![〇零一二三四五六七八九十])[〇零一二三四五六七八九十]++(?= ?[年月日号號])")
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
    }
)


def tidy(raw: str) -> str:
    """Unify digits, dashes, spaces and quotes; letters keep their case and their accents.

    Args:
        raw: Any text, already cut to a sane length; character references are resolved here.

    Returns:
        The text with ASCII digits, `-` for every dash, single spaces, and neither quotes nor invisible
        characters.
    """
    text = unescape(raw) if "&" in raw else raw
    if not text.isascii():
        text = to_normal_form(_INVISIBLE.sub("", text.replace("°", "º")), "NFKC")
        text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
        text = _CHINESE.sub(_chinese, _DASH.sub("-", text))
    return _SPACES.sub(" ", _QUOTE.sub("", text)).strip()


def fold_word(word: str) -> str:
    """Reduce a tidy word to what names are compared by: no case, no accents, no points of vowels.

    Combining marks of Indic and Thai scripts stay, because there they are letters: ม.ค. is January and
    มี.ค. March.
    """
    if word.isascii():
        return word.lower()
    apart = to_normal_form(word.casefold(), "NFKD")
    return to_normal_form(_MARK.sub("", apart), "NFC").translate(_LETTERS)


def _chinese(match: re.Match[str]) -> str:
    """The number that is written in Chinese: digit by digit, or up to 99 with a sign for ten."""
    written = match[0].replace("零", "〇")
    if "十" not in written:
        return "".join(str("〇一二三四五六七八九".index(sign)) for sign in written)
    tens, _, ones = written.partition("十")
    return f"{_chinese_digit(tens, 1)}{_chinese_digit(ones, 0)}"


def _chinese_digit(sign: str, absent: int) -> int:
    return max(0, "〇一二三四五六七八九".find(sign)) if sign else absent
