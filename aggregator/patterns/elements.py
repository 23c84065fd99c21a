"""CSS selectors -> the elements of a tree that they find.

Translated to XPath, as cssselect does it, `p ~ p` takes libxml2 fifteen seconds on 4,000 paragraphs: three nested
loops over them. Here everything that is asked of an element or of its neighbours is answered once, so that the
time grows with the number of elements and with the length of the selector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import cssselect
from cssselect import parser as css

from aggregator.patterns.selectors import SelectorError

Element = Any
"""An element of lxml: `tag`, `get`, `iterchildren`, `getparent`."""

LONGEST: Final = 1_000
"""Characters of a selector."""

DEEPEST: Final = 100
"""Parts of a selector that hang on one another, as those of `a b c`: each takes some calls within calls."""


@lru_cache(maxsize=256)
def read_selector(written: str) -> tuple[Any, ...]:
    """A selector, or several parted by commas, as a tree of cssselect's for each. Raises SelectorError."""
    if len(written) > LONGEST:
        raise SelectorError(f"it is longer than {LONGEST} characters")
    try:
        read = cssselect.parse(written)
    except cssselect.SelectorError as error:
        raise SelectorError(str(error).rstrip(".")) from None
    for one in read:
        if one.pseudo_element is not None:
            raise SelectorError("it ends in what is no element, such as ::before")
        _check(one.parsed_tree)
    return tuple(one.parsed_tree for one in read)


def find(root: Element, selectors: Iterable[str]) -> list[Element]:
    """The elements below a root that any of the selectors finds, in document order. Raises SelectorError."""
    trees = [tree for written in selectors for tree in read_selector(written)]
    finder = _CssFinder(root)
    return [element for element in _elements(root) if any(finder.matches(tree, element) for tree in trees)]


def _elements(root: Element) -> Iterator[Element]:
    """All elements below a root, in document order; comments are none."""
    return (one for one in root.iterdescendants() if isinstance(one.tag, str))


def _children(parent: Element) -> list[Element]:
    return [one for one in parent.iterchildren() if isinstance(one.tag, str)]


def _check(tree: Any, depth: int = 1) -> None:
    """Raise SelectorError for what `_CssFinder` has no answer to."""
    if depth > DEEPEST:
        raise SelectorError("it is too deep")
    if isinstance(tree, css.Pseudo) and tree.ident not in _STATES:
        raise SelectorError(f":{tree.ident} is not known here; known are {_listed(_STATES)}")
    if isinstance(tree, css.Function):
        if tree.name not in _COUNTS:
            raise SelectorError(f":{tree.name}() is not known here; known are {_listed(_COUNTS)}, not, is, has")
        _step_and_offset(tree)
    if isinstance(tree, css.Relation) and not all(_is_plain(*one) for one in tree.arguments):
        raise SelectorError(":has() knows one descendant or child here, as in :has(img) or :has(> img)")
    if getattr(tree, "namespace", None) is not None:
        raise SelectorError(f"HTML has no namespaces such as {tree.namespace}|")
    for part in _parts(tree):
        _check(part, depth + 1)


def _is_plain(combinator: Any, within: Any) -> bool:
    return combinator.value in {" ", ">"} and not isinstance(within.parsed_tree, css.CombinedSelector)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _parts(tree: Any) -> Iterator[Any]:
    """The trees within a tree."""
    yield from (part for name in ("selector", "subselector") if (part := getattr(tree, name, None)) is not None)
    yield from getattr(tree, "selector_list", ())
    yield from (
        within.parsed_tree for _, within in getattr(tree, "arguments", ()) if isinstance(tree, css.Relation)
    )


def _step_and_offset(function: Any) -> tuple[int, int]:
    """`2n+1` -> 2, 1."""
    try:
        step, offset = css.parse_series(function.arguments)
    except ValueError:
        raise SelectorError(f":{function.name}() needs a number, odd, even or a series such as 2n+1") from None
    return int(step), int(offset)


class _CssFinder:
    """Whether elements of one tree are found; what was answered once is known."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._known: dict[tuple[str, int, Element], Any] = {}

    def matches(self, tree: Any, element: Element) -> bool:
        """Whether the element itself is found."""
        if isinstance(tree, css.CombinedSelector):
            return self.matches(tree.subselector, element) and self._stands(tree, element)
        if isinstance(tree, css.Element):
            return tree.element is None or str(element.tag) == tree.element.lower()
        return self._is_so(tree, element) and self.matches(tree.selector, element)

    def _is_so(self, tree: Any, element: Element) -> bool:
        """Whether the last of the parts that a selector of one element has holds for it."""
        if isinstance(tree, css.Hash | css.Class | css.Attrib):
            return _says(tree, element)
        if isinstance(tree, css.Pseudo | css.Function):
            return self._stands_there(tree, element)
        if isinstance(tree, css.Negation):
            return not self.matches(tree.subselector, element)
        if isinstance(tree, css.Relation):
            return element in self._once("has", tree, self._root, self._holders)
        return any(self.matches(one, element) for one in tree.selector_list)

    def _stands_there(self, tree: Any, element: Element) -> bool:
        if isinstance(tree, css.Pseudo):
            return _STATES[tree.ident](self, element)
        return _COUNTS[tree.name](self, element, *_step_and_offset(tree))

    def _stands(self, tree: Any, element: Element) -> bool:
        parent = element.getparent()
        match tree.combinator:
            case ">":
                return self._is_within(parent) and self.matches(tree.selector, parent)
            case " ":
                return element in self._once("below", tree, self._root, self._below)
            case "+":
                before = self._once("before", tree, parent, _neighbours).get(element)
                return before is not None and self.matches(tree.selector, before)
        return element in self._once("after", tree, parent, self._after)

    def _is_within(self, element: Element) -> bool:
        return element is not None and element is not self._root

    def _once(self, what: str, tree: Any, place: Element, answer: Callable[[Any, Element], Any]) -> Any:
        key = (what, id(tree), place)
        if key not in self._known:
            self._known[key] = answer(tree, place)
        return self._known[key]

    def _below(self, tree: Any, root: Element) -> set[Element]:
        """What stands below any element that the left side of a combination finds."""
        found: set[Element] = set()
        for one in _elements(root):
            parent = one.getparent()
            if parent in found or (self._is_within(parent) and self.matches(tree.selector, parent)):
                found.add(one)
        return found

    def _after(self, tree: Any, parent: Element) -> set[Element]:
        """The children that stand after any that the left side of a combination finds."""
        children = _children(parent)
        first = next((place for place, one in enumerate(children) if self.matches(tree.selector, one)), None)
        return set() if first is None else set(children[first + 1 :])

    def _holders(self, tree: Any, root: Element) -> set[Element]:
        """What has a descendant, or a child, that is found."""
        found: set[Element] = set()
        for combinator, within in tree.arguments:
            among: set[Element] = set()
            for one in (one for one in _elements(root) if self.matches(within.parsed_tree, one)):
                parent = one.getparent()
                while self._is_within(parent) and parent not in among:
                    among.add(parent)
                    parent = parent.getparent() if combinator.value == " " else None
            found |= among
        return found

    def place(self, element: Element, *, of_type: bool, from_end: bool) -> int:
        """The how manieth child of its parent an element is, or of its kind there."""
        places = self._once("places", None, element.getparent(), _places)
        return int(places[element][2 * of_type + from_end])


def _says(tree: Any, element: Element) -> bool:
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


def _neighbours(_tree: Any, parent: Element) -> dict[Element, Element]:
    """Each child with the one before it."""
    children = _children(parent)
    return dict(zip(children[1:], children, strict=False))


def _places(_tree: Any, parent: Element) -> dict[Element, tuple[int, int, int, int]]:
    """Each child with its place among all and from their end, then among its kind."""
    children = _children(parent)
    kinds: dict[str, list[Element]] = {}
    for one in children:
        kinds.setdefault(str(one.tag), []).append(one)
    in_kind = {one: (place, len(kind) + 1 - place) for kind in kinds.values() for place, one in enumerate(kind, 1)}
    return {one: (place, len(children) + 1 - place, *in_kind[one]) for place, one in enumerate(children, 1)}


def _is_in_series(place: int, step: int, offset: int) -> bool:
    """Whether a place is `step` times some count from 0, and `offset`."""
    if step == 0:
        return place == offset
    return (place - offset) % step == 0 and (place - offset) // step >= 0


def _count(*, of_type: bool, from_end: bool) -> Callable[[_CssFinder, Element, int, int], bool]:
    def is_counted(finder: _CssFinder, element: Element, step: int, offset: int) -> bool:
        return _is_in_series(finder.place(element, of_type=of_type, from_end=from_end), step, offset)

    return is_counted


def _end(*, of_type: bool, first: bool = False, last: bool = False) -> Callable[[_CssFinder, Element], bool]:
    def is_at_end(finder: _CssFinder, element: Element) -> bool:
        at_first = not first or finder.place(element, of_type=of_type, from_end=False) == 1
        return at_first and (not last or finder.place(element, of_type=of_type, from_end=True) == 1)

    return is_at_end


def _is_empty(_finder: _CssFinder, element: Element) -> bool:
    return not _children(element) and not element.text and not any(one.tail for one in element)


_STATES: Final[Mapping[str, Callable[[_CssFinder, Element], bool]]] = {
    "empty": _is_empty,
    "first-child": _end(of_type=False, first=True),
    "first-of-type": _end(of_type=True, first=True),
    "last-child": _end(of_type=False, last=True),
    "last-of-type": _end(of_type=True, last=True),
    "only-child": _end(of_type=False, first=True, last=True),
    "only-of-type": _end(of_type=True, first=True, last=True),
}
_COUNTS: Final[Mapping[str, Callable[[_CssFinder, Element, int, int], bool]]] = {
    "nth-child": _count(of_type=False, from_end=False),
    "nth-last-child": _count(of_type=False, from_end=True),
    "nth-of-type": _count(of_type=True, from_end=False),
    "nth-last-of-type": _count(of_type=True, from_end=True),
}
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
