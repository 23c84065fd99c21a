r"""A pattern as Python's `re` understands it -> the same pattern in the language of the module `regex`.

The two differ in what `\w`, `\b`, `\s` and the case of letters mean (633 ranges of characters in `\w` alone: one
counts vowel signs among words, the other does not), and in syntax (`[[:alpha:]]`, `{e<=1}`). So nothing is left to
`regex` but the order in which alternatives are tried, which is the same in both: a pattern is taken from the tree
that `re` itself parses it into, and each class of characters in it is what `re` finds when it is shown every
character there is.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined] # the tree has no other door
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

_CLASSES: Final[Mapping[Any, str]] = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}
_FLAGS: Final = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.ASCII
_REPEATS: Final = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_LAST: Final = 0x10FFFF


def _parse(pattern: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of future meanings of `[[`: not the editor's concern
        return parser.parse(pattern, re.IGNORECASE)


_FEW: Final = 4
"""Choices in one pattern that no text can make run long; each more can double the ways to try."""


def can_run_long(pattern: str) -> bool:
    """Whether a pattern repeats anything, or chooses often; if not, no text can make it run long."""
    parsed = list(_parse(pattern))
    return any(_has_repeat(part) for part in parsed) or sum(map(_choices, parsed)) > _FEW


def _choices(part: tuple[Any, Any]) -> int:
    kind, value = part
    inner = sum(_choices(one) for branch in _branches(kind, value) for one in branch)
    return inner + (kind is codes.BRANCH)


def _has_repeat(part: tuple[Any, Any]) -> bool:
    kind, value = part
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return True
    if kind is codes.GROUPREF_EXISTS:
        branches = [one for one in value[1:] if one is not None]
        return any(_has_repeat(inner) for branch in branches for inner in branch)
    return any(_has_repeat(inner) for branch in _branches(kind, value) for inner in branch)


def has_nested_repeats(pattern: str) -> bool:
    r"""Whether it repeats what is nothing but a repeat, so that texts can be divided in many ways: `(\w+\s?)*`."""
    return any(_has_nested(part) for part in _parse(pattern))


def _has_nested(part: tuple[Any, Any]) -> bool:
    kind, value = part
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        inner = list(_strip_groups(value[2]))
        if value[1] is codes.MAXREPEAT and _is_one_repeat(inner):
            return True
        return any(_has_nested(one) for one in value[2])
    return any(_has_nested(inner) for branch in _branches(kind, value) for inner in branch)


def _is_one_repeat(parts: list[tuple[Any, Any]]) -> bool:
    must = [(kind, value) for kind, value in parts if kind not in _REPEATS or value[0] > 0]
    endless = [value for kind, value in parts if kind in _REPEATS and value[1] is codes.MAXREPEAT]
    return bool(endless) and len(must) <= 1 and all(kind in _REPEATS for kind, _ in must)


def _strip_groups(parts: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The parts without the groups around them."""
    for kind, value in parts:
        if kind is codes.SUBPATTERN:
            yield from _strip_groups(value[3])
        else:
            yield kind, value


def _branches(kind: Any, value: Any) -> Iterable[Any]:
    if kind is codes.BRANCH:
        return list(value[1])
    if kind is codes.SUBPATTERN:
        return [value[3]]
    if kind in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is codes.ATOMIC_GROUP else []


def translate(pattern: str) -> str:
    """The pattern for `regex.compile(..., regex.VERSION0)`, letters in either case. Raises what `re` raises."""
    parsed = _parse(pattern)
    return _sequence(parsed, re.RegexFlag(parsed.state.flags) & _FLAGS)


def _sequence(parts: Iterable[tuple[Any, Any]], flags: re.RegexFlag) -> str:
    return "".join(_part(kind, value, flags) for kind, value in parts)


def _part(kind: Any, value: Any, flags: re.RegexFlag) -> str:
    if kind is codes.LITERAL:
        return _of_letter(chr(value), flags)
    written = _WRITTEN.get(kind)
    return written(value, flags) if written is not None else _of_class(_source(kind, value), flags)


def _source(kind: Any, value: Any) -> str:
    """One character, or a class of them, as `re` writes it."""
    if kind is codes.IN:
        return f"[{''.join(_member(*one) for one in value)}]"
    if kind is codes.NOT_LITERAL:
        return f"[^{_member(codes.LITERAL, value)}]"
    return "." if kind is codes.ANY else _member(codes.LITERAL, value)


def _member(kind: Any, value: Any) -> str:
    if kind is codes.NEGATE:
        return "^"
    if kind is codes.RANGE:
        return f"{_member(codes.LITERAL, value[0])}-{_member(codes.LITERAL, value[1])}"
    return _CLASSES[value] if kind is codes.CATEGORY else f"\\U{value:08x}"


@cache
def _of_class(source: str, flags: re.RegexFlag) -> str:
    """Every character that `re` finds for it, as ranges."""
    found = [one.span() for one in re.finditer(f"(?:{source})+", _alphabet(), flags)]
    if not found:
        return "(?!)"
    # The shorter of the class and its complement, since the engine asks one range after the other.
    gaps = list(_gaps(found))
    return f"[^{_ranges(gaps)}]" if gaps and len(gaps) < len(found) else f"[{_ranges(found)}]"


@cache
def _of_letter(letter: str, flags: re.RegexFlag) -> str:
    """One character in every case: of the others only those that have cases can be meant."""
    found = re.findall(_member(codes.LITERAL, ord(letter)), letter + _letters_with_case(), flags)
    return f"[{_ranges((ord(one), ord(one) + 1) for one in sorted(set(found)))}]"


def _alphabet() -> str:
    return "".join(map(chr, range(_LAST + 1)))


@cache
def _letters_with_case() -> str:
    return "".join(one for one in _alphabet() if not one.lower() == one == one.upper() == one.title())


def _gaps(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = 0
    for start, after in found:
        if start > end:
            yield end, start
        end = after
    if end <= _LAST:
        yield end, _LAST + 1


def _ranges(found: Iterable[tuple[int, int]]) -> str:
    return "".join(f"\\U{start:08x}-\\U{after - 1:08x}" for start, after in found)


def _branch(value: Any, flags: re.RegexFlag) -> str:
    return f"(?:{'|'.join(_sequence(one, flags) for one in value[1])})"


def _group(value: Any, flags: re.RegexFlag) -> str:
    number, more, fewer, parts = value
    inner = _sequence(parts, (flags | more) & ~fewer & _FLAGS)
    return f"(?:{inner})" if number is None else f"(?P<g{number}>{inner})"


def _repeat(value: Any, flags: re.RegexFlag, how: str) -> str:
    least, most, parts = value
    bound = "" if most is codes.MAXREPEAT else int(most)
    return f"(?:{_sequence(parts, flags)}){{{least},{bound}}}{how}"


def _look(value: Any, flags: re.RegexFlag, sign: str) -> str:
    direction, parts = value
    return f"(?{'<' if direction < 0 else ''}{sign}{_sequence(parts, flags)})"


def _translate_place(value: Any, flags: re.RegexFlag) -> str:
    lines = bool(flags & re.MULTILINE)
    if value in (codes.AT_BOUNDARY, codes.AT_NON_BOUNDARY):
        word = _of_class(r"\w", flags & re.ASCII)
        same = f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
        # `re` finds neither in an empty text.
        return f"(?!{same})" if value is codes.AT_BOUNDARY else same
    if value is codes.AT_END:
        return r"(?=\n|\Z)" if lines else r"(?=\n?\Z)"
    if value is codes.AT_BEGINNING:
        return r"(?:\A|(?<=\n))" if lines else r"\A"
    return r"\A" if value is codes.AT_BEGINNING_STRING else r"\Z"


def _translate_repetition(value: Any, flags: re.RegexFlag) -> str:
    return f"(?i:(?P=g{value}))" if flags & re.IGNORECASE else f"(?P=g{value})"


def _condition(value: Any, flags: re.RegexFlag) -> str:
    number, yes, no = value
    other = f"|{_sequence(no, flags)}" if no is not None else ""
    return f"(?(g{number}){_sequence(yes, flags)}{other})"


_WRITTEN: Final[Mapping[Any, Callable[[Any, re.RegexFlag], str]]] = {
    codes.BRANCH: _branch,
    codes.SUBPATTERN: _group,
    codes.MAX_REPEAT: lambda value, flags: _repeat(value, flags, ""),
    codes.MIN_REPEAT: lambda value, flags: _repeat(value, flags, "?"),
    codes.POSSESSIVE_REPEAT: lambda value, flags: _repeat(value, flags, "+"),
    codes.ATOMIC_GROUP: lambda value, flags: f"(?>{_sequence(value, flags)})",
    codes.ASSERT: lambda value, flags: _look(value, flags, "="),
    codes.ASSERT_NOT: lambda value, flags: _look(value, flags, "!"),
    codes.FAILURE: lambda _value, _flags: "(?!)",
    codes.AT: _translate_place,
    codes.GROUPREF: _translate_repetition,
    codes.GROUPREF_EXISTS: _condition,
}
