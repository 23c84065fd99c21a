"""Character references (`&eacute;`, `&#233;`): resolving them, and mending those that no parser would take."""

from __future__ import annotations

import html
import re

from aggregator.text.characters import strip_non_xml

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_LONG_NUMBER = re.compile(r"&#(?=[0-9]{100})0*+([0-9]{0,8})[0-9]*+")
_HALF = r"&(?:amp;)?#(?:[xX]0{0,4}(%s)|0{0,4}(%s));?"
_PAIR = re.compile(
    _HALF % ("[dD][89abAB][0-9a-fA-F]{2}", "5[56][0-9]{3}")
    + _HALF % ("[dD][c-fC-F][0-9a-fA-F]{2}", "5[67][0-9]{3}")
)


def unescape(markup: str) -> str:
    """Markup with its character references resolved, once; what `html.unescape` does, for numbers of any length.

    That raises where a number has more than 4,300 digits. Here it is what any number beyond Unicode is: U+FFFD.
    """
    return html.unescape(_LONG_NUMBER.sub(_shorten_number, markup) if "&#" in markup else markup)


def _shorten_number(reference: re.Match[str]) -> str:
    return f"&#{reference[1] or '0'}"


def join_halves(text: str) -> str:
    """Two references that spell the halves of a surrogate pair become the one character that they mean.

    Some programs write emoji so, hexadecimal or decimal, also within markup that is escaped once more.
    """
    return _PAIR.sub(_join_pair, text) if "#" in text else text


def mend_references(text: str) -> str:
    """The text without numeric references to characters outside XML's Char; halves of a pair are joined before.

    The parsing library raises on such references, and a whole feed would be lost for one of them.
    """
    return _REFERENCE.sub(_keep_if_allowed, join_halves(text)) if "&#" in text or "amp;#" in text else text


def _join_pair(match: re.Match[str]) -> str:
    high = int(match[1], 16) if match[1] else int(match[2])
    low = int(match[3], 16) if match[3] else int(match[4])
    if not (0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF):
        return match[0]
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _keep_if_allowed(match: re.Match[str]) -> str:
    digits = (match[1] or match[2]).lstrip("0")
    if not digits or len(digits) > 7:  # &#1114111; is the greatest
        return ""
    number = int(digits, 16 if match[1] else 10)
    return match[0] if number <= 0x10FFFF and strip_non_xml(chr(number)) else ""
