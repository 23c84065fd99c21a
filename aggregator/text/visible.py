"""What a reader sees of HTML that the sanitizer has serialized."""

from __future__ import annotations

import re

from aggregator.text.references import unescape

TAG = re.compile(r"</?[a-z][^<>]*>")
BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]"
    r"|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)(?![a-z0-9])[^<>]*>"
)
"""A tag at which one line ends and another begins."""


def strip_tags(markup: str) -> str:
    """The text without tags, entities resolved once; borders of blocks become spaces, those of phrases nothing.

    Exact on the sanitizer's output, in which a `<` begins a tag and no value holds a raw `>`.
    """
    return unescape(TAG.sub("", BLOCK_TAG.sub(" ", markup)))
