"""What an element says of itself, whatever stands around it: what selectors ask of one alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cssselect import parser as css

Element = Any
"""An element of lxml: `tag`, `get`, `iterchildren`, `getparent`."""


def children_of(parent: Element) -> list[Element]:
    """The elements that stand in an element; comments are none."""
    return [one for one in parent.iterchildren() if isinstance(one.tag, str)]


def says(tree: Any, element: Element) -> bool:
    """Whether an attribute of an element is as a selector asks."""
    if isinstance(tree, css.Hash):
        return bool(element.get("id") == tree.id)
    if isinstance(tree, css.Class):
        return tree.class_name in (element.get("class") or "").split()
    value, wanted = element.get(tree.attrib.lower()), tree.value.value if tree.value is not None else ""
    if value is None:
        return bool(tree.operator == "!=")
    if tree.flag == "i":
        value, wanted = value.lower(), wanted.lower()
    return _OPERATORS[tree.operator](value, wanted)


def _is_empty(element: Element) -> bool:
    return not children_of(element) and not element.text and not any(one.tail for one in element)


def _is_link(element: Element) -> bool:
    return element.tag in {"a", "area", "link"} and element.get("href") is not None


def _is_checked(element: Element) -> bool:
    if element.tag == "input":
        return element.get("checked") is not None and element.get("type") in {"checkbox", "radio"}
    return element.tag == "option" and element.get("selected") is not None


def _is_disabled(element: Element) -> bool:
    if element.tag not in _CONTROLS or (element.tag == "input" and element.get("type") == "hidden"):
        return False
    around = (one for one in element.iterancestors("fieldset") if one.get("disabled") is not None)
    return element.get("disabled") is not None or next(around, None) is not None


def _is_enabled(element: Element) -> bool:
    if element.tag not in _CONTROLS:
        return _is_link(element)
    return element.get("type") != "hidden" and not _is_disabled(element)


def _is_never(_element: Element) -> bool:
    """What only who looks at a page makes of it; of one that was fetched it never holds."""
    return False


def _is_top(element: Element) -> bool:
    return element.getparent() is None


def _is_in_language(element: Element, wanted: str) -> bool:
    around = (one.get("lang") for one in (element, *element.iterancestors()))
    told = next((language for language in around if language is not None), "")
    return f"{told.lower()}-".startswith(f"{wanted.lower()}-")


def _contains(element: Element, wanted: str) -> bool:
    return wanted in element.xpath("string()", smart_strings=False)


_CONTROLS: Final = frozenset({"button", "fieldset", "input", "optgroup", "option", "select", "textarea"})

STATES: Final[Mapping[str, Callable[[Element], bool]]] = {
    "active": _is_never,
    "checked": _is_checked,
    "disabled": _is_disabled,
    "empty": _is_empty,
    "enabled": _is_enabled,
    "focus": _is_never,
    "hover": _is_never,
    "link": _is_link,
    "root": _is_top,
    "target": _is_never,
    "visited": _is_never,
}
"""By what stands behind the colon."""

WORDS: Final[Mapping[str, Callable[[Element, str], bool]]] = {"contains": _contains, "lang": _is_in_language}
"""Those that are asked with words in brackets."""

_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "exists": lambda _value, _wanted: True,
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    "~=": lambda value, wanted: wanted in value.split(),
    "|=": lambda value, wanted: value == wanted or value.startswith(f"{wanted}-"),
    "^=": lambda value, wanted: bool(wanted) and value.startswith(wanted),
    "$=": lambda value, wanted: bool(wanted) and value.endswith(wanted),
    "*=": lambda value, wanted: bool(wanted) and wanted in value,
}
