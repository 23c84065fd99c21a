"""Whether an entry's text runs from left to right or from right to left."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final, Literal

from aggregator.normalize.markup import START_TAG, VOID, attributes, tags
from aggregator.text.word_tables import word_set

Direction = Literal["ltr", "rtl"]

_SAMPLE: Final = 2000
"""Characters of title and text that are looked at."""

_ASCII_LETTER = re.compile(r"[A-Za-z]")
_RTL_SCRIPTS: Final = word_set(
    "adlm arab aran armi avst chrs cprt elym hatr hebr hung khar lydi mand mani mend merc mero narb nbat nkoo orkh"
    " ougr palm phli phlp phnx prti rohg samr sarb sogd sogo syrc thaa yezi"
)
# Languages that are usually written in one of them.
_RTL_LANGUAGES: Final = word_set(
    "aeb aii ajp apc apd ar arc arq ary arz bal bgn bqi ckb dv fa glk he iw ji khw ks lrc mzn nqo pnb prs ps"
    " rhg rmt sd sdh skr syr tru ug ur yi"
)
# Languages that are in one region.
_RTL_REGIONS: Final = frozenset(
    {"az-ir", "kk-cn", "kk-ir", "ku-iq", "ku-ir", "ky-cn", "ms-cc", "pa-pk", "tg-pk", "uz-af", "tk-af"}
)


def direction(title: str, markup: str, text: str, language: str | None) -> Direction | None:
    """In which direction an entry's text runs, or None when there is no text or nothing tells.

    In: the clean title, markup, and visible text; the canonical language tag.
    The `dir` of the one element that holds all of the text decides, then the language, then the letters. A
    language that runs from left to right gives way to letters that run the other way: systems leave `en-US` in
    the feeds of sites in every language. A script in its tag does not.
    """
    sample = f"{title[:_SAMPLE]} {text[:_SAMPLE]}"
    if not sample.strip():
        return None
    told = _of_outermost(markup)
    if told:
        return told
    spoken, certain = _direction_of_language(language)
    seen = _of_letters(sample)
    return spoken if certain else (seen or spoken)


def _direction_of_language(tag: str | None) -> tuple[Direction | None, bool]:
    """The direction in which a language is usually written, and whether the tag leaves no doubt."""
    if not tag:
        return None, False
    subtags = tag.lower().split("-")
    script = next((subtag for subtag in subtags[1:5] if len(subtag) == 4 and subtag.isalpha()), None)
    if script:
        return ("rtl" if script in _RTL_SCRIPTS else "ltr"), True
    rtl = subtags[0] in _RTL_LANGUAGES or "-".join(subtags[:2]) in _RTL_REGIONS
    return ("rtl", True) if rtl else ("ltr", False)


def _of_outermost(markup: str) -> Direction | None:
    """What the `dir` says of the element that the markup wholly consists of."""
    first = START_TAG.match(markup)
    said = attributes(first[2]).get("dir", "").lower() if first else ""
    if said not in {"ltr", "rtl"} or not markup.endswith(">"):
        return None
    open_elements = 0
    for match in tags(markup):
        if match[1]:
            open_elements -= 1
            if open_elements == 0:
                return ("rtl" if said == "rtl" else "ltr") if match.end() == len(markup) else None
        elif match[2] not in VOID:
            open_elements += 1
    return None


def _of_letters(sample: str) -> Direction | None:
    """The direction of most letters (the strong classes of the bidirectional algorithm, UAX 9)."""
    if sample.isascii():
        return "ltr" if _ASCII_LETTER.search(sample) else None
    counts: Counter[str] = Counter()
    for character, count in Counter(sample).items():  # a text has few different characters
        counts[unicodedata.bidirectional(character)] += count
    right, left = counts["R"] + counts["AL"], counts["L"]
    if right == left:
        return None
    return "rtl" if right > left else "ltr"
