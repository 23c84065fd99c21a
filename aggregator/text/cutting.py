"""Texts that are too long, cut where a reader would cut them."""

from __future__ import annotations


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis, in at most `limit` characters; words stay whole. Idempotent."""
    if len(text) <= limit:
        return text
    begin = text[: limit - 1]
    space = begin.rfind(" ")
    return (begin[:space] if space > limit // 2 else begin).rstrip() + "…"
