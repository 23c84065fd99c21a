"""Titles that were only dressed: the name of the site, or of the author, put beside the headline or taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aggregator.model import Entry, Source
from aggregator.text.characters import fold

_AFTER = re.compile(r"\s(?:[-–—|·•»:~]|::)\s")
_BEFORE = re.compile(r"(?::|\s(?:[-–—|·•»~]|::))\s")
_LETTERS = re.compile(r"[^\W_]+")
_SHORT: Final = 3
"""Letters of labels in hosts that are no names: `com` and `co` before `uk`."""


def is_only_dressed(before: Entry, after: Entry, source: Source) -> bool:
    """Whether nothing differs but a name in the title: the source's, its site's, or that of one of the authors.

    "Bridge closed" and "Bridge closed | River News" are one headline.
    """
    if before.title == after.title or before.text != after.text:
        return False
    short, long = sorted((fold(before.title), fold(after.title)), key=len)
    names = frozenset(_names(source, before, after))
    return any(_is_name(piece, names) for piece in _additions(short, long))


def _additions(short: str, long: str) -> Iterator[str]:
    """What the longer title has before or after the shorter one, if nothing else."""
    if not short:
        return
    rest = long[len(short) :]
    if long.startswith(short) and (mark := _AFTER.match(rest)):
        yield rest[mark.end() :]
    head = long[: len(long) - len(short)]
    if long.endswith(short):
        yield from (head[: mark.start()] for mark in _BEFORE.finditer(head) if mark.end() == len(head))


def _names(source: Source, *entries: Entry) -> Iterator[str]:
    yield from (source.title or "", source.id)
    for entry in entries:
        host = (entry.url or "").partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
        labels = host.removeprefix("www.").split(".")
        yield from (
            host.removeprefix("www."),
            next((label for label in labels[-2::-1] if len(label) > _SHORT), ""),
        )
        yield from (person.name for person in entry.authors)


def _is_name(piece: str, names: frozenset[str]) -> bool:
    """Whether a piece is one of the names, whole; or several words of which one is the beginning of the other."""
    words = _words(piece)
    for name in map(_words, names):
        if words == name and words:
            return True
        shorter, longer = sorted((words, name), key=len)
        begins = len(shorter) > 1 and longer[: len(shorter)] == shorter
        if begins and (words == shorter or len(longer) - len(shorter) == 1):
            return True
    return False


def _words(name: str) -> list[str]:
    return _LETTERS.findall(fold(name))
