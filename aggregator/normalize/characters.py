"""What may not stand in any text that we keep, and how space is folded."""

from __future__ import annotations

import re

from aggregator.text import composed

# Outside XML 1.0's Char (section 2.2): among them NUL, which PostgreSQL refuses, and lone surrogates, which
# cannot be written as UTF-8. C1 controls and DEL are allowed there but mean nothing in text.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")


def words(listed: str) -> frozenset[str]:
    """Words divided by white space, as a set: long tables read better so."""
    return frozenset(listed.split())


def allowed(text: str) -> str:
    """The text without control characters, lone surrogates and noncharacters; white space stays."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Allowed characters only, in NFC, white space folded to single spaces, none at the ends. Idempotent."""
    return _SPACE.sub(" ", composed(allowed(text), "NFC")).strip()


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis, in at most `limit` characters; words stay whole. Idempotent."""
    if len(text) <= limit:
        return text
    begin = text[: limit - 1]
    space = begin.rfind(" ")
    return (begin[:space] if space > limit // 2 else begin).rstrip() + "…"
