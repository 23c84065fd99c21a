"""Which encoding do bytes look like that no label explains?"""

from __future__ import annotations

import re
from typing import Final

_SAMPLE: Final = 65_536
_EVIDENCE: Final = 12
"""Characters beyond ASCII; fewer prove nothing."""
_HIGH_RUN = re.compile("[^\x00-\x7f]+")

# What is looked for, where, and the least share of it among the characters beyond ASCII. Scripts of their own
# betray themselves by any of their letters, single bytes and Chinese by their most frequent ones: any bytes give
# some letters.
_KANA: Final = "\u3040-\u30ff"
_HANGUL: Final = "\uac00-\ud7a3"
_RUSSIAN: Final = "оеаинтсрвл"
_SIMPLIFIED: Final = (
    "的一是不了在人有我他这中大来上个国说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日"
    "于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明"
    "其种新闻今，。、：；！？（）“”"
)
_TRADITIONAL: Final = (
    "的一是不了在人有我他這中大來上個國說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她里後小麼心多天而能好都然沒日"
    "於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明"
    "其種新聞今，。、：；！？（）「」"
)
_CANDIDATES: Final = tuple(
    (codec, re.compile(f"[{letters}]"), least)
    for codec, letters, least in (
        ("cp932", _KANA, 0.3),
        ("euc_jp", _KANA, 0.3),
        ("cp949", _HANGUL, 0.8),
        ("gb18030", _SIMPLIFIED, 0.25),
        ("big5hkscs", _TRADITIONAL, 0.25),
        ("cp1251", _RUSSIAN, 0.5),
        ("koi8_r", _RUSSIAN, 0.5),
        ("iso8859_5", _RUSSIAN, 0.5),
        ("cp1253", "αοιετσνηυρςάί", 0.5),
        ("cp1255", "יוהלארתמבש", 0.5),
        ("cp1256", "الينمورتبةعدسفه", 0.6),
        ("cp874", "านรอกเงมยลวดท่้ีั", 0.5),
    )
)


def guess(body: bytes) -> str:
    """The most likely encoding of bytes that are not UTF-8: a name of Python's codecs.

    The candidate wins whose letters are most above what is asked of them. What shows none is taken as
    windows-1252, in which Western text has single letters beyond ASCII.
    """
    sample = body[:_SAMPLE]
    rated = [
        (_share(text, letters) / least, codec)
        for codec, letters, least in _CANDIDATES
        if (text := _decoded(sample, codec))
    ]
    best, codec = max(rated, default=(0.0, ""))
    return codec if best > 1 else "cp1252"


def _decoded(sample: bytes, name: str) -> str | None:
    """The sample in that encoding; None if more than its cut last character does not fit."""
    try:
        return sample.decode(name)
    except UnicodeDecodeError as error:
        return sample[: error.start].decode(name, "replace") if error.start >= len(sample) - 3 else None


def _share(text: str, letters: re.Pattern[str]) -> float:
    high = sum(len(run) for run in _HIGH_RUN.findall(text))
    return len(letters.findall(text)) / high if high >= _EVIDENCE else 0.0
