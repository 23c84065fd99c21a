"""Titles: any text construct -> one plain line, entities resolved exactly once."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import RawText
from aggregator.text.characters import to_one_line
from aggregator.text.cutting import cut
from aggregator.text.references import unescape

MAX_TITLE: Final = 500
_READ_AT_MOST: Final = 20_000

_NAMES: Final = (
    "a|abbr|acronym|b|big|blockquote|br|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|samp"
    "|small|span|strike|strong|sub|sup|tt|u|ul|var|wbr"
)
_KNOWN_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:blockquote|br|div|h[1-6]|hr|li|ol|p|pre|ul)(?:\s[^<>]*|/)?>", re.IGNORECASE)
_SURE_SIGN = re.compile(rf"</(?:{_NAMES})\s*>|<(?:br|hr|img|wbr)(?:\s[^<>]*|/)?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,40});")
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_INVISIBLE: Final = " \u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
_JOINERS: Final = "\u200c\u200d"
"""Spelling within words, and at the end of some of Malayalam; in front of a title they join nothing."""
_ANY_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>|<!--[^<>]*-->")


def plain_title(text: RawText | None) -> str:
    """A title as plain text: NFC, one line, at most 500 characters; "" without one.

    `text` is literal: `AT&amp;T` stays. `html` loses its tags, and its entities are resolved once. For `guess`
    (RSS, where either is usual) markup is what has a closing tag of HTML, or a character reference; its tags of
    HTML go, while `List<String>` and "the <b> element" keep their words.
    """
    if text is None:
        return ""
    value = text.value[:_READ_AT_MOST]
    if text.type == "html":
        value = _remove_tags(value, _ANY_TAG)
    elif text.type == "guess" and looks_like_markup(value):
        value = _remove_tags(value, _KNOWN_TAG) if _SURE_SIGN.search(value) else unescape(value)
    return cut(_strip_invisible(to_one_line(value)), MAX_TITLE)


def _strip_invisible(line: str) -> str:
    """Without what nobody sees at the ends, a byte order mark for one: it makes equal titles differ."""
    return line.lstrip(_INVISIBLE + _JOINERS).rstrip(_INVISIBLE)


def looks_like_markup(value: str) -> bool:
    """Whether a text of unknown type is more likely markup than literal."""
    return bool(_SURE_SIGN.search(value) or _REFERENCE.search(value))


def _remove_tags(value: str, tag: re.Pattern[str]) -> str:
    value = _BLOCK_TAG.sub(" ", _HIDDEN.sub("", value))
    return unescape(tag.sub("", value))
