"""Characters that XML 1.0 does not allow, and references to them, go before any parser sees them.

Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF] (XML 1.0, section 2.2). The
parsing library raises on references to others, and a whole feed would be lost for one of them.
"""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_SURROGATE_PAIR = re.compile(r"&#[xX]([dD][89abAB][0-9a-fA-F]{2});&#[xX]([dD][c-fC-F][0-9a-fA-F]{2});")


def allowed_only(text: str) -> str:
    """The text without characters outside XML 1.0's Char; among them NUL and lone surrogates."""
    return _FORBIDDEN.sub("", text)


def mend_references(text: str) -> str:
    """The text without numeric references to characters outside Char.

    Two references that spell the halves of a surrogate pair, as some programs write emoji, become the one
    character they mean.
    """
    if "&#" not in text:
        return text
    return _REFERENCE.sub(_kept, _SURROGATE_PAIR.sub(_joined, text))


def _joined(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _kept(match: re.Match[str]) -> str:
    digits = (match[1] or match[2]).lstrip("0")
    if not digits or len(digits) > 7:  # &#1114111; is the greatest
        return ""
    number = int(digits, 16 if match[1] else 10)
    return match[0] if number <= 0x10FFFF and not _FORBIDDEN.match(chr(number)) else ""
