"""JSON that may be broken: all of it, else what can be read of it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from aggregator.parse.limits import MAX_ENTRIES

_ITEMS = re.compile(r'"items"\s{0,100}:\s{0,100}\[')
_BETWEEN = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\}[\s,]{1,100}(?=\{)")
_TRIES: Final = 20
"""Places behind damage at which another item is looked for."""

TRAILING: Final = "Text after the end of the feed was left out."
BROKEN: Final = "The document is broken JSON; items at and behind the damage may be missing."


class NumberAsWritten(str):
    """A JSON number as written: an id of 1e3 or of a hundred digits is a name, not a quantity."""

    __slots__ = ()

    def __repr__(self) -> str:
        """As it was written, so that it cannot be taken for the text of these digits."""
        return str(self)


def load_json(text: str) -> tuple[Any, tuple[str, ...]] | None:
    """Read JSON that may be broken.

    In: its text, from its first bracket on. Characters that JSON wants escaped in strings may stand as they are.
    Out: its value and what was wrong with it. Of a broken one an object with its members before `items` and
    the items that are whole; None when there is no such item. Does not raise.
    """
    decoder = json.JSONDecoder(
        parse_int=NumberAsWritten, parse_float=NumberAsWritten, parse_constant=lambda _name: None, strict=False
    )
    try:
        document, end = decoder.raw_decode(text)
    except (ValueError, RecursionError):
        return _salvage(decoder, text)
    return document, (TRAILING,) if text[end:].strip() else ()


def _salvage(decoder: json.JSONDecoder, text: str) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    found = _ITEMS.search(text)
    items = _items(decoder, text, found.end()) if found else []
    if not found or not items:
        return None
    try:
        head = decoder.decode(text[: found.start()].rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        head = {}
    return {**head, "items": items}, (BROKEN,)


def _items(decoder: json.JSONDecoder, text: str, position: int) -> list[Any]:
    """The whole items from a place on; behind damage only those with an id, since the others may be parts."""
    items: list[Any] = []
    tries = 0
    while len(items) <= MAX_ENTRIES and tries <= _TRIES:
        position = _BETWEEN.match(text, position).end()  # type: ignore[union-attr] # matches nothing too
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            later = _NEXT.search(text, position)
            if later is None or (not tries and text.startswith("]", position)):
                break
            tries, position = tries + 1, later.end()
        else:
            if not tries or (isinstance(item, dict) and "id" in item):
                items.append(item)
    return items
