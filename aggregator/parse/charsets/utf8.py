"""How much of some bytes is UTF-8, and what can be read of it where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_STRAY = re.compile("[\udc80-\udcff]+")
_SEQUENCE = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
_UNLIKELY = re.compile("[\u0240-\u036f\u0500-\u058f\u0700-\u08ff]")
"""What Western letters and a quotation mark after them give when they are taken for UTF-8: ß” is U+07D4."""
_LONG = re.compile("[\u0900-\ud7ff\ue000-\U0010ffff]")
_CUT = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
_NOT_LATIN = re.compile("[\u0370-\u1dff\u3040-\ud7ff]")
_PAIRS: Final = frozenset({"cp932", "euc_jp", "cp949", "gb18030", "big5hkscs", "cp874"})
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
"""The two halves of a character beyond U+FFFF, each as if it were one: CESU-8 (Unicode Technical Report 26)."""
_FEW: Final = 4
"""Fewer sequences may be chance. Two bytes are valid UTF-8 by accident in up to 9 % of Korean, 18 % of Chinese and
25 % of Thai pairs: four in a row in 1 of 250 texts of that length at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utf8Share:
    """What bytes look like when they are read as UTF-8.

    Attributes:
        good: Valid sequences of several bytes that text is likely to hold.
        odd: Valid sequences that are more likely something else.
        strays: Bytes that belong to neither.
        long: Whether a sequence has three bytes or four.
        cut: Whether the last character is incomplete; its bytes count as nothing else.
    """

    good: int
    odd: int
    strays: int
    long: bool
    cut: bool

    @property
    def wholly(self) -> bool:
        """Whether nothing speaks against the bytes' being UTF-8."""
        return not self.strays and (self.good > 0 or self.odd >= _FEW)

    @property
    def mostly(self) -> bool:
        """Whether so much of it is UTF-8 that no label can be right: a few bytes were put in from elsewhere."""
        return self.good >= 2 * _FEW and self.strays <= self.good // 4

    @property
    def partly(self) -> bool:
        """Whether more of it is valid UTF-8 than chance gives: several sources were put together."""
        return self.good > 0 and self.strays <= 2 * self.good

    @property
    def only_cut(self) -> bool:
        """Whether the one character that is not ASCII is the last, and incomplete."""
        return self.cut and not (self.good or self.odd or self.strays)

    def by_chance(self, label: str) -> bool:
        """Whether text in the encoding of that label may look like this: there is very little of it."""
        return label in _PAIRS and self.good < _FEW and not self.long


def join_surrogates(body: bytes) -> bytes:
    """The bytes with characters in UTF-8 that some databases write as two halves of three bytes each."""
    return _HALVES.sub(_join_pair, body) if b"\xed" in body else body


def _join_pair(halves: re.Match[bytes]) -> bytes:
    wide = halves[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return wide.decode("utf-16-le").encode()


def decode_if_valid(body: bytes) -> str | None:
    """The text of valid UTF-8 with more sequences than chance gives: the usual case. None for all else."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if len(body) - len(text) >= 3 * 2 * _FEW else None  # a sequence has three bytes more at most


def inspect(body: bytes) -> Utf8Share:
    """Count how much of a body is UTF-8; time and memory grow with the body."""
    cut = _CUT.search(body, max(0, len(body) - 3))
    text = (body[: cut.start()] if cut else body).decode("utf-8", "surrogateescape")
    odd = len(_UNLIKELY.findall(text))
    return Utf8Share(
        good=len(_SEQUENCE.findall(text)) - odd,
        odd=odd,
        strays=sum(map(len, _STRAY.findall(text))),
        long=_LONG.search(text) is not None,
        cut=cut is not None,
    )


def decode_patched(body: bytes, label: str | None) -> str:
    """The text of UTF-8 with foreign bytes in it, each run of those read in the encoding of the label.

    Without a label they are windows-1252, unless the text is of another script: then they are characters that were
    cut, and U+FFFD, as is a last character that is incomplete.
    """
    cut = _CUT.search(body, max(0, len(body) - 3))
    text = (body[: cut.start()] if cut else body).decode("utf-8", "surrogateescape")
    codec = label or ("ascii" if _NOT_LATIN.search(text) else "cp1252")
    mended = _STRAY.sub(lambda run: bytes(ord(byte) - 0xDC00 for byte in run[0]).decode(codec, "replace"), text)
    return f"{mended}\ufffd" if cut else mended
