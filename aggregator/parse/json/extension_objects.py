"""Elements of other namespaces in JSON Feed, as our own documents write them: `_podcast`, `_itunes`, `_media`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from aggregator.model import Extension
from aggregator.parse.limits import (
    MAX_ATTRIBUTES,
    MAX_EXTENSION_DEPTH,
    MAX_EXTENSION_TEXT,
    MAX_EXTENSIONS,
)
from aggregator.text.namespaces import NAMESPACES


def extensions_of(item: dict[str, Any]) -> tuple[Extension, ...]:
    """The elements of an item: an object for each namespace, in it a list for each name."""
    known = ((name[1:], one) for name, one in item.items() if name[:1] == "_" and name[1:] in NAMESPACES)
    found = (each for prefix, one in known if isinstance(one, dict) for each in _read_holder(prefix, one, 1))
    return tuple(islice(found, MAX_EXTENSIONS))


def _read_holder(prefix: str, holder: dict[str, Any], depth: int) -> Iterator[Extension]:
    """The elements that the lists of an object hold; a name may have a prefix of its own."""
    for name, values in islice(holder.items(), MAX_EXTENSIONS):
        if isinstance(values, list) and depth <= MAX_EXTENSION_DEPTH:
            full = name if name.partition(":")[0] in NAMESPACES else f"{prefix}:{name}"
            yield from (_element(full, value, depth) for value in values[:MAX_EXTENSIONS])


def _element(name: str, value: Any, depth: int) -> Extension:
    """A text, or an object: strings are attributes, lists hold children, `value` is the text."""
    if not isinstance(value, dict):
        return Extension(name=name, text=_text(value))
    attributes = ((key, _text(one)) for key, one in value.items() if isinstance(one, str) and key != "value")
    children = _read_holder(name.partition(":")[0], value, depth + 1)
    return Extension(
        name=name,
        attributes=tuple(islice(attributes, MAX_ATTRIBUTES)),
        text=_text(value.get("value")),
        children=tuple(islice(children, MAX_EXTENSIONS)),
    )


def _text(value: Any) -> str:
    return str(value[:MAX_EXTENSION_TEXT]) if isinstance(value, str) else ""
