"""What a reader sees of HTML that the sanitizer has serialized."""

from __future__ import annotations

import re
from typing import Final

from aggregator.text.references import unescape

BLOCKS: Final = (
    "address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|header"
    "|hgroup|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
"""Elements that begin and end lines, as alternatives of a pattern."""

TAG = re.compile(r"</?[a-z][^<>]*>")
BLOCK_TAG = re.compile(rf"</?(?:{BLOCKS})(?![a-z0-9])[^<>]*>")
"""A tag at which one line ends and another begins."""

_PARTING_TAG = re.compile(rf"</?(?:{BLOCKS}|audio|img|mtd|mtr|video)(?![a-z0-9])[^<>]*>")
"""That, or what stands between words without being one: a picture, a player, the cells of a matrix."""


def strip_tags(markup: str) -> str:
    """The text without tags, entities resolved once; what parts words becomes a space, borders of phrases nothing.

    Exact on the sanitizer's output, in which a `<` begins a tag and no value holds a raw `>`.
    """
    return unescape(TAG.sub("", _PARTING_TAG.sub(" ", markup)))
