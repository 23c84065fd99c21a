"""What people type into a search box -> what is looked for; nothing that they may type is an error.

Words must all be there. `"new york"` is a phrase, `-word` must not be there, `elect*` may go on; a word with signs
within (`AT&T`, `node.js`) is a phrase of its parts. Signs without a letter or digit ask for nothing.
"""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import Phrase, WordSearch
from aggregator.text.terms import PAIRED, split_terms

_LONGEST: Final = 300
"""Characters that are read: people's questions are shorter."""

_MOST: Final = 16
"""Phrases that are looked for, and terms of one of them."""

_MARKS: Final = '"\u201c\u201d\u201e'
_PIECE = re.compile(rf"(?P<sign>-?)(?:[{_MARKS}](?P<phrase>[^{_MARKS}]*)[{_MARKS}]?|(?P<word>[^\s{_MARKS}]+))")
_PAIRED = re.compile(f"[{PAIRED}]$")


def read_search(asked: str) -> WordSearch:
    """Take what was typed for a search; the first 300 characters and 16 phrases of it."""
    wanted: dict[Phrase, None] = {}
    unwanted: dict[Phrase, None] = {}
    for piece in _PIECE.finditer(asked[:_LONGEST]):
        phrase = _read_phrase(piece["phrase"] or piece["word"] or "", typed_as_word=piece["word"] is not None)
        if phrase is not None:
            (unwanted if piece["sign"] else wanted)[phrase] = None
    return WordSearch(wanted=tuple(wanted)[:_MOST], unwanted=tuple(unwanted)[:_MOST])


def _read_phrase(typed: str, *, typed_as_word: bool) -> Phrase | None:
    terms = split_terms(typed)[:_MOST]
    if not terms:
        return None
    if _PAIRED.search(terms[-1]):
        # Of a run in pairs, the last one stands alone only where the text's own run ends there.
        whole = terms[:-1] if len(terms) > 1 and _PAIRED.search(terms[-2]) else terms
        return Phrase(terms=tuple(whole), is_beginning=whole is terms)
    return Phrase(terms=tuple(terms), is_beginning=typed_as_word and typed.endswith("*"))
