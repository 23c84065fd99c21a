"""Tables of words in source code."""

from __future__ import annotations


def word_set(listed: str) -> frozenset[str]:
    """Words divided by white space, as a set: long tables read better so."""
    return frozenset(listed.split())
