"""What is wrong with text that is no YAML, in words that tell an editor what to do."""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

_TAB = "a tab indents this line; YAML wants spaces"

_EXPLANATIONS: tuple[tuple[str, str], ...] = (
    (r"character '\\t'", _TAB),
    (
        r"mapping values are not allowed",
        "a second ': ' stands here, or the line is indented too far; put a value that holds ': ' in quotes",
    ),
    (
        r"could not find expected ':'",
        "a key without its ':' begins here; write `key: value`, with a space after it",
    ),
    (r"end of stream|unexpected end", "a quote is opened and never closed; close it"),
    (r"expected ',' or '[\]}]'", "a bracket is not closed, or a comma is missing inside it"),
    (
        r"expected <block end>|expected the node content|did not find expected",
        "this line does not fit those above it; indent it like its neighbours, and close quotes and brackets",
    ),
    (
        r"undefined alias",
        "'*' refers to an anchor that is not defined above; put text that begins with * in quotes",
    ),
    (r"expected alphabetic or numeric", "text that begins with * or & must be in quotes"),
    (r"expected a single document", "a second document begins here (`---`); keep everything in one"),
    (r"cannot start any token", "text that begins with this character must be in quotes"),
    (r"unknown escape|expected escape sequence", "a backslash in double quotes; use single quotes instead"),
    (r"sequence entries are not allowed", "a list item ('- ') cannot stand here; put it on a line of its own"),
)

_COMMENT: Final = "'#' begins a comment here; put text that holds it in quotes"
_AFTER_A_COLON: Final = "a space is needed after the colon of"

_GLUED: Final = re.compile(r"\s*(?:- +)?(?P<key>[\w.-]+:)(?!//)[^\s:]")
"""A line that begins with a key, and its value without a space between."""

_OPENED: Final = re.compile(r"(?:^|[\s\[{,])#(?=[^\s#])")
"""What YAML takes for a comment, or refuses, and editors for a selector or a colour."""

_BEGIN_EARLIER = frozenset({r"end of stream|unexpected end", r"could not find expected ':'"})
"""The library notices these where something else follows; the cause lies where they begin."""


def column_of(error: YAMLError, line: int | None) -> int | None:
    """Where in that line the library noticed it, counted from 1; None where it noticed it elsewhere."""
    mark = (error.problem_mark or error.context_mark) if isinstance(error, MarkedYAMLError) else None
    return mark.column + 1 if mark is not None and mark.line + 1 == line else None


def explain(error: YAMLError, text: str) -> tuple[int | None, str]:
    """The line and the words for an error of the YAML library over `text`."""
    if isinstance(error, ReaderError):
        return text.count(
            "\n", 0, error.position
        ) + 1, f"the control character {_code(error.character)} is not allowed; delete it"
    if not isinstance(error, MarkedYAMLError):
        return None, "this is not YAML; check quotes, brackets and indentation"
    mark = error.problem_mark or error.context_mark
    line: int | None = None if mark is None else mark.line + 1
    problem = f"{error.context} {error.problem}"
    if line and _is_indented_by_tab(text, line):
        return line, _TAB
    first = error.context_mark.line + 1 if error.context_mark is not None else line
    for pattern, words in _EXPLANATIONS:
        if re.search(pattern, problem):
            line = first if pattern in _BEGIN_EARLIER else line
            return _find_cause(text.split("\n"), first, line) or (line, words)
    return line, "this is not YAML; check the quotes, brackets and indentation of this line and the one above"


def _find_cause(lines: list[str], first: int | None, last: int | None) -> tuple[int, str] | None:
    """Where a key without its space, or a comment that was meant as text, made the lines after it no YAML.

    In: all lines; the numbers of those where what is wrong begins and where it was noticed.
    """
    if first is None or last is None:
        return None
    for number in range(min(last, len(lines)), max(min(first, last) - 2, 0), -1):
        written = lines[number - 1]
        glued = _GLUED.match(written)
        if glued is not None and ": " not in written:
            return number, f"{_AFTER_A_COLON} '{glued['key']}'"
        comment = _OPENED.search(written)
        if comment is not None and _is_open(written[: comment.start() + 1]):
            return number, _COMMENT
    return None


def _is_open(written: str) -> bool:
    """Whether a bracket of the line is still open at its end."""
    return sum(map(written.count, "[{")) > sum(map(written.count, "]}"))


def _is_indented_by_tab(text: str, line: int) -> bool:
    lines = text.split("\n")
    return line <= len(lines) and bool(re.match(r" *\t", lines[line - 1]))


def _code(character: object) -> str:
    number = ord(character) if isinstance(character, str) else character
    return f"U+{number:04X}" if isinstance(number, int) else "found here"
