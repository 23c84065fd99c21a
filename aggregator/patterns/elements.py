"""CSS selectors -> the elements of a tree that they find.

Translated to XPath, as cssselect does it, `p ~ p` takes libxml2 fifteen seconds on 4,000 paragraphs: three nested
loops over them. Here everything that is asked of an element or of its neighbours is answered once, so that the
time grows with the number of elements and with the length of the selector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import cssselect
from cssselect import parser as css

from aggregator.patterns.element_traits import STATES, WORDS, Element, children_of, says
from aggregator.patterns.selectors import SelectorError, check_length, css_mistakes

DEEPEST: Final = 100
"""Parts of a selector that hang on one another, as those of `a b c`: each takes some calls within calls."""


_ONE: Final = r"(?:[^()\"',]|\"[^\"]*\"|'[^']*'|\([^()]*\))*+"
_NONE_OF = re.compile(rf":not\(({_ONE}(?:,{_ONE})++)\)", re.IGNORECASE)
"""Several selectors within `:not()`, of which cssselect reads one."""

_PART = re.compile(rf"{_ONE}(?:,|$)")


@lru_cache(maxsize=256)
def read_selector(written: str) -> tuple[Any, ...]:
    """A selector, or several parted by commas, as a tree of cssselect's for each. Raises SelectorError."""
    with css_mistakes():
        read = cssselect.parse(_NONE_OF.sub(_not_each, check_length(written)))
    for one in read:
        if one.pseudo_element is not None:
            raise SelectorError("it ends in what is no element, such as ::before")
        _check(one.parsed_tree)
    return tuple(one.parsed_tree for one in read)


def _not_each(several: re.Match[str]) -> str:
    """`:not(a, b)` is `:not(a):not(b)`."""
    parts = [part[0] for part in _PART.finditer(f"{several[1]},") if part[0]]
    return "".join(f":not({part.removesuffix(',').strip()})" for part in parts)


def find(root: Element, selectors: Iterable[str]) -> list[Element]:
    """The elements below a root that any of the selectors finds, in document order. Raises SelectorError."""
    trees = [tree for written in selectors for tree in read_selector(written)]
    return _CssFinder().find(trees, root, outside=root)


def find_in_each(roots: Iterable[Element], selector: str) -> list[list[Element]]:
    """For each root what a selector finds of it and of all below, knowing nothing else. Raises SelectorError."""
    trees, finder = read_selector(selector), _CssFinder()
    return [finder.find(trees, root, outside=root.getparent()) for root in roots]


def _check(tree: Any, depth: int = 1) -> None:
    """Raise SelectorError for what `_CssFinder` has no answer to."""
    if depth > DEEPEST:
        raise SelectorError("it is too deep")
    if isinstance(tree, css.Pseudo) and tree.ident not in {*_PLACES, *STATES}:
        raise SelectorError(f":{tree.ident} is not known here; known are {_join_names([*_PLACES, *STATES])}")
    if isinstance(tree, css.Function):
        if tree.name not in {*_COUNTS, *WORDS}:
            known = _join_names([*_COUNTS, *WORDS])
            raise SelectorError(f":{tree.name}() is not known here; known are {known}, not, is, has")
        _read_argument(tree)
    if getattr(tree, "namespace", None) is not None:
        raise SelectorError(f"HTML has no namespaces such as {tree.namespace}|")
    for part in _parts(tree):
        _check(part, depth + 1)


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _parts(tree: Any) -> Iterator[Any]:
    """The trees within a tree."""
    yield from (part for name in ("selector", "subselector") if (part := getattr(tree, name, None)) is not None)
    yield from getattr(tree, "selector_list", ())
    yield from (
        within.parsed_tree for _, within in getattr(tree, "arguments", ()) if isinstance(tree, css.Relation)
    )


def _read_argument(function: Any) -> tuple[Any, ...]:
    """`2n+1` -> 2, 1; where words are asked for, these."""
    if function.name in WORDS:
        if function.argument_types() not in (["STRING"], ["IDENT"]):
            raise SelectorError(f":{function.name}() needs one word, or several in quotes")
        return (function.arguments[0].value,)
    try:
        step, offset = css.parse_series(function.arguments)
    except ValueError:
        raise SelectorError(f":{function.name}() needs a number, odd, even or a series such as 2n+1") from None
    return int(step), int(offset)


class _CssFinder:
    """Finds elements of one tree; what was answered once is known."""

    def __init__(self) -> None:
        self._root: Element = None
        self._outside: Element = None
        self._known: dict[tuple[str, int, Element], Any] = {}
        self._places: dict[Element, dict[Element, tuple[int, int, int, int]]] = {}

    def find(self, trees: Iterable[Any], root: Element, *, outside: Element) -> list[Element]:
        """What any of the trees finds; `outside` is the root, or what holds it: where the way up ends."""
        self._root, self._outside, self._known = root, outside, {}
        return [one for one in self._elements() if any(self.matches(tree, one) for tree in trees)]

    def _elements(self) -> Iterator[Element]:
        """All elements that may be found, in document order; comments are none."""
        return (one for one in self._root.iter() if isinstance(one.tag, str) and one is not self._outside)

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
            return says(tree, element)
        if isinstance(tree, css.Pseudo | css.Function):
            return self._stands_there(tree, element)
        if isinstance(tree, css.Negation):
            return not self.matches(tree.subselector, element)
        if isinstance(tree, css.Relation):
            return element in self._remember("has", tree, self._root, self._holders)
        return any(self.matches(one, element) for one in tree.selector_list)

    def _stands_there(self, tree: Any, element: Element) -> bool:
        if isinstance(tree, css.Pseudo):
            state = STATES.get(tree.ident)
            return state(element) if state is not None else _PLACES[tree.ident](self, element)
        if tree.name in WORDS:
            return WORDS[tree.name](element, *_read_argument(tree))
        return _COUNTS[tree.name](self, element, *_read_argument(tree))

    def _stands(self, tree: Any, element: Element) -> bool:
        parent = element.getparent()
        if tree.combinator == ">":
            return self._is_within(parent) and self.matches(tree.selector, parent)
        if tree.combinator == " ":
            return element in self._remember("below", tree, self._root, self._below)
        if element is self._root:
            return False
        if tree.combinator == "+":
            before = self._remember("before", None, parent, _neighbours).get(element)
            return before is not None and self.matches(tree.selector, before)
        return element in self._remember("after", tree, parent, self._after)

    def _is_within(self, element: Element) -> bool:
        return element is not None and element is not self._outside

    def _remember(self, what: str, tree: Any, place: Element, answer: Callable[[Any, Element], Any]) -> Any:
        key = (what, id(tree), place)
        if key not in self._known:
            self._known[key] = answer(tree, place)
        return self._known[key]

    def _below(self, tree: Any, _root: Element) -> set[Element]:
        """What stands below any element that the left side of a combination finds."""
        found: set[Element] = set()
        for one in self._elements():
            parent = one.getparent()
            if parent in found or (self._is_within(parent) and self.matches(tree.selector, parent)):
                found.add(one)
        return found

    def _after(self, tree: Any, parent: Element) -> set[Element]:
        """The children that stand after any that the left side of a combination finds."""
        children = children_of(parent)
        first = next((place for place, one in enumerate(children) if self.matches(tree.selector, one)), None)
        return set() if first is None else set(children[first + 1 :])

    def _holders(self, tree: Any, _root: Element) -> set[Element]:
        """What has that beside or below it which is found from there."""
        every = set(self._elements())
        return {
            one
            for combinator, within in tree.arguments
            for one in self._step_back_from(combinator.value, self._find_beginnings(within.parsed_tree, every))
        }

    def _find_beginnings(self, tree: Any, ends: set[Element]) -> set[Element]:
        """What the first part of a selector finds, where its last part finds one of some elements."""
        if not isinstance(tree, css.CombinedSelector):
            return {one for one in ends if self.matches(tree, one)}
        found = {one for one in ends if self.matches(tree.subselector, one)}
        return self._find_beginnings(tree.selector, self._step_back_from(tree.combinator, found))

    def _step_back_from(self, combinator: str, found: set[Element]) -> set[Element]:
        """The elements from which a combinator leads to any that was found."""
        among: set[Element] = set()
        for one in found:
            while (one := self._step_back(combinator, one)) is not None and one not in among:
                among.add(one)
                if combinator in "+>":
                    break
        return among

    def _step_back(self, combinator: str, element: Element) -> Element | None:
        """The parent, or for `+` and `~` the element before; None at the bounds of what may be found."""
        if combinator in " >":
            parent = element.getparent()
            return parent if self._is_within(parent) else None
        if element is self._root:
            return None
        return self._remember("before", None, element.getparent(), _neighbours).get(element)

    def is_scope(self, element: Element) -> bool:
        """Whether the search began with the element."""
        return element is self._root

    def place(self, element: Element, *, of_type: bool, from_end: bool) -> int:
        """The how manieth child of its parent an element is, or of its kind there."""
        parent = element.getparent()
        if parent not in self._places:
            self._places[parent] = _places([element] if parent is None else children_of(parent))
        return int(self._places[parent][element][2 * of_type + from_end])


def _neighbours(_tree: Any, parent: Element) -> dict[Element, Element]:
    """Each child with the one before it."""
    children = children_of(parent)
    return dict(zip(children[1:], children, strict=False))


def _places(children: list[Element]) -> dict[Element, tuple[int, int, int, int]]:
    """Each child with its place among all and from their end, then among its kind."""
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


_PLACES: Final[Mapping[str, Callable[[_CssFinder, Element], bool]]] = {
    "first-child": _end(of_type=False, first=True),
    "first-of-type": _end(of_type=True, first=True),
    "last-child": _end(of_type=False, last=True),
    "last-of-type": _end(of_type=True, last=True),
    "only-child": _end(of_type=False, first=True, last=True),
    "only-of-type": _end(of_type=True, first=True, last=True),
    "scope": _CssFinder.is_scope,
}
_COUNTS: Final[dict[str, Callable[..., bool]]] = {
    "nth-child": _count(of_type=False, from_end=False),
    "nth-last-child": _count(of_type=False, from_end=True),
    "nth-of-type": _count(of_type=True, from_end=False),
    "nth-last-of-type": _count(of_type=True, from_end=True),
}
