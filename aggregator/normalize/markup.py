"""Reading and writing start tags in markup that the sanitizer has serialized.

In its output a `<` begins a tag, attributes are quoted with `"`, and values hold no raw `<`, `>` or `"`
(HTML, section 13.3). Expressions on it are exact; on anything else they would be guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aggregator.text.references import unescape

START_TAG = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*="[^"]*")*)>')
_WRITTEN = re.compile(r"(?<![\w-])([a-zA-Z][\w-]*+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_ATTRIBUTE = re.compile(r' ([a-z][a-z0-9-]*)="([^"]*)"')
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
_RAW_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
VOID: Final = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
"""Elements without an end tag (HTML, section 13.1.2)."""


def attributes(written: str) -> dict[str, str]:
    """Names and values of a start tag's attributes, as `START_TAG` finds them."""
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)}


def read_attributes(written: str) -> dict[str, str]:
    """Names and values of a start tag's attributes, as publishers write them; names in lower case."""
    found = _WRITTEN.findall(written)
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


def tags(markup: str) -> Iterator[re.Match[str]]:
    """All tags of sanitized markup in order; group 1 is `/` for an end tag, group 2 the name."""
    return _TAG.finditer(markup)


def start_tag(name: str, values: dict[str, str]) -> str:
    """A start tag as the sanitizer writes it."""
    written = "".join(f' {key}="{_escape(value)}"' for key, value in values.items())
    return f"<{name}{written}>"


def nesting_depth(raw: str) -> int:
    """How deep the elements of any markup nest, at most; an estimate that never takes long."""
    deepest = current = 0
    for closing, name in _RAW_TAG.findall(raw):
        if name.lower() not in VOID:
            current = max(0, current - 1) if closing else current + 1
            deepest = max(deepest, current)
    return deepest


def _escape(value: str) -> str:
    text = value.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace('"', "&quot;")
    return text.replace("<", "&lt;").replace(">", "&gt;")
