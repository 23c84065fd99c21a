"""Which encoding do bytes look like that no label explains?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_SAMPLE: Final = 65_536
_EVIDENCE: Final = 12
"""Characters beyond ASCII; fewer prove nothing."""
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_LOWER_CYRILLIC = re.compile("[\u0430-\u044f\u0451]")
_HIGH_RUN = re.compile("[^\x00-\x7f]+")


def guess(body: bytes) -> str:
    """The most likely encoding of bytes that are not UTF-8: a name of Python's codecs.

    Scripts betray themselves: Japanese by kana, Korean by hangul, Cyrillic by words of small letters. What
    shows none of them is taken as windows-1252, in which Western text has single letters beyond ASCII.
    """
    sample = body[:_SAMPLE]
    for name, looks_right in _CANDIDATES:
        text = _decoded(sample, name)
        if text is not None and looks_right(text):
            return name
    return "cp1252"


def _decoded(sample: bytes, name: str) -> str | None:
    """The sample in that encoding; None if more than its cut last character does not fit."""
    try:
        return sample.decode(name)
    except UnicodeDecodeError as error:
        return sample[: error.start].decode(name, "replace") if error.start >= len(sample) - 3 else None


def _share(pattern: re.Pattern[str], text: str) -> float:
    high = sum(len(run) for run in _HIGH_RUN.findall(text))
    return len(pattern.findall(text)) / high if high >= _EVIDENCE else 0.0


def _japanese(text: str) -> bool:
    return _share(_KANA, text) > 0.3


def _korean(text: str) -> bool:
    return _share(_HANGUL, text) > 0.8


def _cyrillic(text: str) -> bool:
    return _share(_LOWER_CYRILLIC, text) > 0.6


_CANDIDATES: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("cp949", _korean),
    ("cp1251", _cyrillic),
    ("koi8_r", _cyrillic),
)
