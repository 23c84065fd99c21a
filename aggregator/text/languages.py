"""Language tags in the form of BCP 47 (RFC 5646)."""

from __future__ import annotations

import re
from typing import Final

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})){0,4}"
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8}){1,4}){0,4}(?:-x(?:-[a-z0-9]{1,8}){1,4})?)",
    re.ASCII,
)
_LONGEST: Final = 100

# Names that the registry has replaced, and three letters where two are registered (section 2.2.1).
_PREFERRED: Final = {
    "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "ara": "ar", "bul": "bg", "ces": "cs", "chi": "zh",
    "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "fas": "fa", "fin": "fi",
    "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hun": "hu", "ind": "id",
    "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "nor": "no", "per": "fa", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr",
    "ukr": "uk", "urd": "ur", "vie": "vi", "zho": "zh",
}  # fmt: skip
_WHOLE: Final = {"zh-chs": "zh-Hans", "zh-cht": "zh-Hant", "zh-cmn": "cmn", "zh-yue": "yue"}
_UNKNOWN: Final = frozenset({"und", "mul", "mis", "zxx", "art"})


def language_tag(written: str | None) -> str | None:
    """A language tag in its canonical case, or None for what is none or says nothing.

    `EN_us` is `en-US`, `zh-hans-cn` is `zh-Hans-CN`, `de_DE.UTF-8` is `de-DE`, `iw` is `he`. Idempotent.
    """
    tag = (written or "").strip().replace("_", "-").lower().partition(".")[0].partition("@")[0]
    if tag in _WHOLE:
        return _WHOLE[tag]
    match = _TAG.fullmatch(tag) if len(tag) <= _LONGEST else None
    if match is None or match["language"] in _UNKNOWN:
        return None
    language = _PREFERRED.get(match["language"], match["language"]) + match["extended"]
    script = f"-{match['script'].title()}" if match["script"] else ""
    region = f"-{match['region'].upper()}" if match["region"] else ""
    return language + script + region + match["rest"]
