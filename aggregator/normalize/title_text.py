"""Titles: any text construct -> one plain line, entities resolved exactly once."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.model import RawText
from aggregator.normalize.images import emoji_words
from aggregator.normalize.markup import read_attributes
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
_VOID_TAG = re.compile(r"<(br|hr|img|wbr)(?:\s[^<>]*|/)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:blockquote|br|div|h[1-6]|hr|li|ol|p|pre|ul)(?:\s[^<>]*|/)?>", re.IGNORECASE)
_IMG = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)
_CLOSING_TAG = re.compile(rf"</(?:{_NAMES})\s*>", re.IGNORECASE)
_BEGINS_ANEW = re.compile(r"\s*[^\W\d_a-z]")
_TAG_LIKE = re.compile(r"<[A-Za-z!/?]")
_MARKED_UP = re.compile(
    r"</(?:x?html:)?(?:[abipqsu]|[a-z]{2,10}(?:-[a-z0-9-]{1,30})?|h[1-6])\s*>|<!--|<(?:a|article|audio|blockquote|br|center|div|dl|embed|figure|font|h[1-6]"
    r"|hr|iframe|img|li|math|object|ol|p|picture|pre|section|span|svg|table|td|tr|ul|video)(?:\s[^<>]*=[^<>]*|\s*/?)>",
    re.IGNORECASE,
)
_WRAPPER = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,40});")
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_INVISIBLE: Final = " \u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
_JOINERS: Final = "\u200c\u200d"
"""Spelling within words, and at the end of some of Malayalam; in front of a title they join nothing."""
_WHOLE_ELEMENT = re.compile(r"<(math|ruby)\b[^<>]*>(.{0,2000}?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_BESIDE_WORDS = re.compile(r"<(rt|rp|annotation(?:-xml)?)\b[^<>]*>[^<]*(?:</\1\s*>)?", re.IGNORECASE)
"""How a word is read aloud, and a formula in another language."""

_SIGN: Final = r"#(?:82\d\d|x20[0-9a-f]{2}|0?3[489]|x2[267]|160|xa0);"
"""Quotation marks, dashes, dots, spaces and the ampersand by their numbers: what nobody writes as words."""

_SIGN_LEFT = re.compile(rf"&(?:amp;)*{_SIGN}", re.IGNORECASE)
_SIGN_ESCAPED = re.compile(rf"&(?:amp;)+(?={_SIGN})", re.IGNORECASE)
_CODE = re.compile(r"<(?:code|kbd|pre|samp|textarea|tt|xmp)\b", re.IGNORECASE)
_OUTER: Final = "article|blockquote|center|div|figure|h[1-6]|ol|p|section|span|table|ul"
_BEGINS_ESCAPED = re.compile(
    rf"\s*&lt;(?:(?:{_OUTER})(?:\s[^<>]{{0,1000}}?)?&gt;|(?:a|img)\s[^<>]{{0,1000}}?&gt;)", re.IGNORECASE
)
_ENDS_ESCAPED = re.compile(rf"&lt;(?:/(?:a|{_OUTER})|(?:br|img)\b[^<>]*)&gt;\s*$", re.IGNORECASE)
_END: Final = 1000
_ANY_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>|<!--[^<>]*-->")


def plain_title(text: RawText | None) -> str:
    """A title as plain text: NFC, one line, at most 500 characters; "" without one.

    `text` is literal: `AT&amp;T` stays. `html` loses its tags, and its entities are resolved once. For `guess`
    (RSS, where either is usual) markup is what has a closing tag of HTML, a tag of a void element that does what
    it is for, or a character reference; its tags of HTML go, while `List<String>`, "the <b> element" and "why
    <img> needs a text" keep their words. The marks of a CDATA section that was escaped are no words, nor is
    `&#8217;`, which was escaped once too often. A formula leaves its words, as does a word with its reading.
    """
    if text is None:
        return ""
    value = unwrap(text.value[:_READ_AT_MOST])
    if text.type != "text" and "</" in value:
        value = _WHOLE_ELEMENT.sub(lambda match: _ANY_TAG.sub("", _BESIDE_WORDS.sub("", match[2])), value)
    if text.type == "html":
        value = _remove_tags(value, _ANY_TAG)
    elif text.type == "guess" and _has_tags(value):
        value = _remove_tags(_VOID_TAG.sub(_keep_word, value), _KNOWN_TAG)
    elif text.type == "guess":
        value = unescape(value)
    while _SIGN_LEFT.search(value):
        value = unescape(value)
    return cut(_strip_invisible(to_one_line(value)), MAX_TITLE)


def _strip_invisible(line: str) -> str:
    """Without what nobody sees at the ends, a byte order mark for one: it makes equal titles differ."""
    return line.lstrip(_INVISIBLE + _JOINERS).rstrip(_INVISIBLE)


def read_text(value: str) -> tuple[str, bool]:
    """A text of unknown type, which is longer than a title: what it says, and whether that is markup.

    Markup has a closing tag of HTML, or the start tag of an element that stands alone or begins a block. Without
    one, line ends are the author's and `List<String>` is words; character references were escaped for HTML. Of
    a single line with references and nothing like a tag they speak for markup.
    """
    if _MARKED_UP.search(value):
        return value, True
    if _REFERENCE.search(value) is None:
        return value, False
    plain = "\n" in value.strip() or _TAG_LIKE.search(value) is not None
    return (unescape(value), False) if plain else (value, True)


def without_second_escape(value: str) -> str:
    """Markup as it was before it was escaped once too often: all of it, or signs that are written by number.

    Of all of it only escaped tags are left, one at each end; where code is shown, it is meant.
    """
    if "<" not in value and _BEGINS_ESCAPED.match(value) and _ENDS_ESCAPED.search(value[-_END:]):
        return unescape(value)
    if "&amp;" in value and not _CODE.search(value):
        return _SIGN_ESCAPED.sub("&", value)
    return value


def unwrap(value: str) -> str:
    """What a CDATA section holds that a generator escaped as if it were text; any other text as it is."""
    while (wrapper := _WRAPPER.fullmatch(value)) is not None:
        value = wrapper[1]
    return value


def _has_tags(value: str) -> bool:
    return bool(_CLOSING_TAG.search(value)) or any(_is_used(tag) for tag in _VOID_TAG.finditer(value))


def _is_used(tag: re.Match[str]) -> bool:
    """Whether a tag of a void element does what it is for; else it is the name of one, in a text about HTML.

    A picture has a source. A break or a rule touches a word, or a new beginning follows it.
    """
    if tag[1].lower() == "img":
        return "src" in tag[0].lower()
    before, after = tag.string[: tag.start()], tag.string[tag.end() :]
    touches = before[-1:].isalnum() or after[:1].isalnum()
    return touches or (tag[1].lower() == "br" and bool(_BEGINS_ANEW.match(after)))


def _keep_word(tag: re.Match[str]) -> str:
    """A tag, or its letters where it is a word."""
    return tag[0] if _is_used(tag) else tag[0].replace("<", "&lt;")


def _remove_tags(value: str, tag: re.Pattern[str]) -> str:
    """A text without its tags, entities resolved; a picture of an emoji leaves it."""
    value = _BLOCK_TAG.sub(" ", _HIDDEN.sub("", value))
    if "<img" in value.casefold():
        value = _IMG.sub(lambda match: escape(emoji_words(read_attributes(match[1])), quote=False), value)
    return unescape(tag.sub("", value))
