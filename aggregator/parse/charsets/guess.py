"""Guesses the encoding of bytes that no label explains, by the letters of many languages.

Every candidate is a language in an encoding. The bytes beyond ASCII are read under each, and the one wins under
which they are the likeliest: by how often the language uses which letter (`letters.json`), and by whether its
letters stand among ASCII letters, as accented ones do, or among their like.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Any, Final

_SAMPLE: Final = 65_536
_MARKUP = re.compile(rb"<(?!!\[)[^<>]{0,1000}>|&#?\w{1,10};|<!\[CDATA\[")
_ASCII: Final = bytes(range(128))
_GLUED = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])")
"""A byte next to an ASCII letter, hence within a Latin word."""

_SYMBOLS: Final = {
    **dict.fromkeys("’“”„–—…«»‘", 0.04),
    **dict.fromkeys("\xa0\xad£©®·°", 0.02),
    **dict.fromkeys("€§½²³ºª¿¡×•‚‹›™¼¾´`،؟؛״־", 0.005),
}
"""What any language may set between letters, with its share among such signs."""
_SHARE_OF_SYMBOLS: Final = 0.1
_ENGLISH: Final = 0.8
"""English has few letters beyond ASCII: most that is there are signs."""
_CAPITALS: Final = 0.06
_OTHER_LETTER: Final = 0.0004
_OTHER_SIGN: Final = 0.00005
_IMPOSSIBLE: Final = 1e-6
_RARE: Final = 6e-6
"""Of a double-byte character that its language hardly uses."""
_HANDICAP: Final = 1.0
"""For each encoding less usual than the one before, as a logarithm; for all but Western ones once more."""
_HANDICAP_OF_SCRIPTS: Final = 5.0
"""For encodings of other scripts: text in them has plenty of bytes to show it by, a sign or two show nothing."""


@dataclass(frozen=True, slots=True)
class _Single:
    """A language in a single-byte encoding, with how likely each byte from 0x80 on is in it.

    Attributes:
        codec: A name of Python's codecs.
        start: What its rarity costs it beforehand, a logarithm.
        glued: Logarithms of the shares of the bytes beside ASCII letters, from 0x80 on.
        free: The same for bytes elsewhere.
    """

    codec: str
    start: float
    glued: tuple[float, ...]
    free: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Double:
    """A language in a double-byte encoding, with how likely its characters are.

    Attributes:
        codec: A name of Python's codecs.
        frequent: Its most frequent characters.
        usual: Its other usual ones.
        often: Logarithm of the share of a frequent character.
        seldom: Logarithm of the share of a usual one.
    """

    codec: str
    frequent: re.Pattern[str]
    usual: re.Pattern[str]
    often: float
    seldom: float


def guess_encoding(body: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8: a name of Python's codecs.

    Without any byte beyond ASCII it is windows-1252. Looks at the first 64 KiB, without their markup.
    """
    plain = _MARKUP.sub(b" ", body[:_SAMPLE])
    sample = body[:_SAMPLE] if plain.isascii() else plain  # some feeds have all their text in attributes
    glued = Counter(b"".join(_GLUED.findall(sample)))
    free = Counter(sample.translate(None, _ASCII))
    free.subtract(glued)
    rated = [(_fit(one, glued, free), one.codec) for one in _singles()]
    rated += [(_fit_of_text(one, sample), one.codec) for one in _doubles()]
    return max(rated, key=lambda pair: pair[0])[1]  # on a tie the first, which is windows-1252


def _fit(one: _Single, glued: Counter[int], free: Counter[int]) -> float:
    return (
        one.start
        + sum(number * one.glued[byte - 128] for byte, number in glued.items())
        + sum(number * one.free[byte - 128] for byte, number in free.items())
    )


def _fit_of_text(one: _Double, sample: bytes) -> float:
    text = sample.decode(one.codec, "replace")
    high = sum(map(len, re.findall("[^\x00-\x7f]+", text)))
    frequent, usual = len(one.frequent.findall(text)), len(one.usual.findall(text))
    impossible = text.count("\ufffd")
    rare = high - frequent - usual - impossible
    known = frequent * one.often + usual * one.seldom
    return known + rare * log(_RARE) + impossible * log(_IMPOSSIBLE) - _HANDICAP_OF_SCRIPTS


@cache
def _letters() -> Any:
    return json.loads(Path(__file__).with_name("letters.json").read_text(encoding="utf-8"))


@cache
def _singles() -> tuple[_Single, ...]:
    return tuple(_rate_single(*row) for row in _rows("single"))


@cache
def _doubles() -> tuple[_Double, ...]:
    return tuple(
        _Double(
            codec=codec,
            frequent=re.compile(f"[{frequent}]"),
            usual=re.compile(f"(?![{frequent}])[{usual}]"),
            often=log(share / 100 / len(frequent)),
            seldom=log((1 - share / 100) / size),
        )
        for codec, _rank, _language, frequent, share, usual, size in _rows("double")
    )


def _rows(kind: str) -> Iterator[tuple[Any, ...]]:
    """Each language once for each of its encodings: codec, how many are more usual, and the rest of the line."""
    for language, codecs, *rest in _letters()[kind]:
        for rank, codec in enumerate(codecs.split()):
            yield codec, rank, language, *rest


def _rate_single(codec: str, rank: int, language: str, letters: str) -> _Single:
    shares = {written[0]: float(written[1:]) for written in letters.split(" ")}
    whole = sum(shares.values())
    symbols = _ENGLISH if language == "en" else _SHARE_OF_SYMBOLS
    known = {letter: share / whole * (1 - symbols) for letter, share in shares.items()}
    latin = any(letter < "\u0250" for letter in shares)
    characters = [bytes([byte]).decode(codec, "replace") for byte in range(128, 256)]
    rated = [_share(character, known, symbols) for character in characters]
    beside = [_beside_ascii(character, latin=latin) for character in characters]
    return _Single(
        codec=codec,
        start=-_HANDICAP * (rank + (codec != "cp1252")) - (0 if latin else _HANDICAP_OF_SCRIPTS),
        glued=tuple(log(share * near) for share, near in zip(rated, beside, strict=True)),
        free=tuple(log(share * (1 - near)) for share, near in zip(rated, beside, strict=True)),
    )


def _share(character: str, known: dict[str, float], symbols: float) -> float:
    """How much of a language's text beyond ASCII is this character."""
    if character in known:
        return known[character]
    if character.lower() in known:
        return known[character.lower()] * _CAPITALS
    if character in _SYMBOLS:
        return _SYMBOLS[character] * symbols
    if character.isalpha():
        return _OTHER_LETTER
    return _IMPOSSIBLE if character < "\xa0" or character == "\ufffd" else _OTHER_SIGN


def _beside_ascii(character: str, *, latin: bool) -> float:
    """How often it stands next to an ASCII letter."""
    if not character.isalpha() and character not in "\u0300\u0301\u0303\u0309\u0323":
        return 0.5
    return 0.9 if latin else 0.03
