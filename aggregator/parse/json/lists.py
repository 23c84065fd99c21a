"""The lists in a JSON document, told to an editor who looks for its entries."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_LOOKED_AT: Final = 2000
"""Values of a document in which lists are looked for, to tell an editor."""
_SHOWN: Final = 5
_LONGEST: Final = 120
"""Characters of a path that anybody would type."""


def tell_lists(document: Any) -> str:
    """The lists of a document, those of objects first, the longest first: one of them is what was meant."""
    found = sorted(_lists(document), key=lambda one: (not isinstance(one[1][0], dict), -len(one[1])))
    told = [f"`{path}` ({tell_values(values)})" for path, values in found if len(path) < _LONGEST][:_SHOWN]
    return f"it has {', '.join(told)}" if told else "it has no lists"


def tell_keys(found: Mapping[str, Any], most: int) -> str:
    """The first keys of an object, each as JMESPath has it."""
    return ", ".join(_spell(key) for key in list(found)[:most])


def _lists(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """The lists that are not empty with their paths; of those within lists, those of the first member."""
    waiting: deque[tuple[str, Any]] = deque([("", document)])
    for _ in range(_LOOKED_AT):
        if not waiting:
            return
        path, value = waiting.popleft()
        if isinstance(value, list) and value:
            yield f"{path}[]", value
            waiting.append((f"{path}[]", value[0]))
        elif isinstance(value, dict):
            waiting.extend((f"{path}.{_spell(key)}".lstrip("."), inner) for key, inner in value.items())


def tell_values(values: list[Any]) -> str:
    """How many values there are, and what the first one is."""
    first = values[0]
    if isinstance(first, dict):
        return f"{len(values)} × {{{tell_keys(first, 8)}}}"
    kind = "list" if isinstance(first, list) else "text" if isinstance(first, str) else "value"
    return f"{len(values)} {kind}{'' if len(values) == 1 else 's'}"


def _spell(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key[:60], ensure_ascii=False)
