"""Long tables of words, written in source code as one text."""

from __future__ import annotations


def word_set(listed: str) -> frozenset[str]:
    """Words divided by white space, as a set: long tables read better so."""
    return frozenset(listed.split())
