"""Elements of other namespaces, as our documents carry them: as they are in XML, as objects in JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, Literal

from lxml import etree

from aggregator.model import Entry, Extension, Origin
from aggregator.publish import sanitize
from aggregator.text.namespaces import (
    ADDRESS_ATTRIBUTES,
    ATTRIBUTES_ONLY,
    LICENCES,
    NAMESPACES,
    TITLES,
    WHOLE_TEXTS,
)

_NAME = re.compile(r"(?:([A-Za-z]{2,20}):)?[A-Za-z][\w.-]*", re.ASCII)
_XML: Final = "http://www.w3.org/XML/1998/namespace"


def extensions_to_publish(entry: Entry, told: Entry, origin: Origin) -> tuple[Extension, ...]:
    """The elements that an entry is published with, where readers are told `told` of it.

    Behind its own those that its feed says of all its entries, where it has none of that name; then what runs on.
    Its own licence in whatever vocabulary holds in the place of the feed's.
    """
    own = {one.name for one in entry.extensions}
    own |= LICENCES if own & LICENCES else frozenset()
    others = (one for one in origin.meta.extensions if one.name not in own)
    without = _names_to_withhold(entry, told, origin.source.publish)
    cleaned = (_clean(one, without) for one in (*entry.extensions, *others, *entry.fleeting))
    return tuple(one for one in cleaned if one is not None)


def _names_to_withhold(entry: Entry, told: Entry, extent: Literal["full", "summary", "link"]) -> frozenset[str]:
    """Elements that are not for readers: texts that the source does not grant, words that the editor replaced."""
    if (entry.title, entry.content, entry.summary) != (told.title, told.content, told.summary):
        return WHOLE_TEXTS | TITLES
    return frozenset() if extent == "full" else WHOLE_TEXTS


def _clean(one: Extension, without: frozenset[str]) -> Extension | None:
    prefix = one.name.partition(":")[0]
    if not _NAME.fullmatch(one.name) or prefix not in NAMESPACES or prefix in ATTRIBUTES_ONLY:
        return None
    if one.name in without:
        return None
    inner = (_clean(child, without) for child in one.children)
    return replace(
        one,
        attributes=tuple(_attributes(one)),
        text=sanitize.line(one.text),
        children=tuple(child for child in inner if child is not None),
    )


def _attributes(one: Extension) -> Iterator[tuple[str, str]]:
    for name, value in dict(one.attributes).items():
        form = _NAME.fullmatch(name)
        if form and (form[1] is None or form[1] == "xml" or form[1] in NAMESPACES):
            written = sanitize.uri(value) if name in ADDRESS_ATTRIBUTES else sanitize.line(value)
            if written:
                yield name, written


def namespaces_of(extensions: Iterable[Extension]) -> dict[str, str]:
    """The namespaces of some elements and of all in them, by prefix."""
    found = {prefix for one in extensions for prefix in _prefixes(one)}
    return {prefix: NAMESPACES[prefix] for prefix in sorted(found)}


def _prefixes(one: Extension) -> Iterator[str]:
    yield one.name.partition(":")[0]
    yield from (name.partition(":")[0] for name, _value in one.attributes if ":" in name and name[:4] != "xml:")
    for child in one.children:
        yield from _prefixes(child)


def addresses(extensions: Iterable[Extension], name: str) -> frozenset[str]:
    """The addresses of all elements of that name, also within others."""
    return frozenset(url for one in extensions for url in _addresses(one, name))


def _addresses(one: Extension, name: str) -> Iterator[str]:
    if one.name == name:
        yield one.get("url") or ""
    for child in one.children:
        yield from _addresses(child, name)


def write_extensions(target: Any, extensions: Iterable[Extension]) -> None:
    """Write the elements behind what is in an entry already."""
    for one in extensions:
        element = etree.SubElement(target, _qualify(one.name))
        for name, value in one.attributes:
            element.set(_qualify(name), value)
        element.text = one.text or None
        write_extensions(element, one.children)


def _qualify(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{_XML if prefix == 'xml' else NAMESPACES[prefix]}}}{local}" if colon else local


def extension_objects(extensions: Iterable[Extension]) -> dict[str, Any]:
    """The elements as JSON Feed extensions: an object for each namespace, in it a list for each name."""
    found: dict[str, dict[str, Any]] = {}
    for one in extensions:
        prefix, _, local = one.name.partition(":")
        found.setdefault(f"_{prefix}", {}).setdefault(local, []).append(_value(one))
    return found


def _value(one: Extension) -> Any:
    """Its text; where it has more than that, an object: attributes are strings, lists hold children."""
    if not one.attributes and not one.children:
        return one.text
    told: dict[str, Any] = dict(one.attributes)
    if one.text:
        told["value"] = one.text
    prefix = one.name.partition(":")[0]
    for child in one.children:
        name = child.name.removeprefix(f"{prefix}:")
        key = child.name if isinstance(told.get(name), str) else name
        told.setdefault(key, []).append(_value(child))
    return told
