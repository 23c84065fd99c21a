"""Small fields as plain text: for what a feed says of itself."""

from __future__ import annotations

import re
from typing import Final

from aggregator.parse.limits import MAX_FIELD
from aggregator.text.references import unescape
from aggregator.text.visible import BLOCKS

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_BLOCK_TAG = re.compile(rf"</?(?:{BLOCKS})(?![A-Za-z0-9-])[^<>]{{0,300}}>", re.IGNORECASE)
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_UNSEEN: Final = " \u200b\u2060\ufeff"
"""What nobody sees before and after a text: a space, and a byte order mark among others."""


def to_plain_text(value: str | None) -> str | None:
    """One line without tags, entities resolved, at most 500 characters; None when nothing is left."""
    if not value:
        return None
    text = unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", value[: 4 * MAX_FIELD])))
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return _SPACE_OR_CONTROL.sub(" ", text).strip(_UNSEEN)[:MAX_FIELD] or None
