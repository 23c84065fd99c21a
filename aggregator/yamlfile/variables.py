"""`${NAME}` in the strings of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"\$(?:(?P<literal>\$)|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?P<open>\{))")


class Expanded(str):
    """A string that holds text from the environment.

    It may stand where a number is needed, because a variable cannot be anything but text; and it may be a
    secret, so no message repeats it.
    """

    __slots__ = ()


def expand(text: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Replace `${NAME}` by the variable and `$$` by a dollar; any other dollar stays.

    Returns:
        The text (Expanded, if a variable went into it) and one complaint for each reference that failed.
    """
    complaints: list[str] = []
    used = False

    def value(match: re.Match[str]) -> str:
        nonlocal used
        if match["literal"]:
            return "$"
        if match["open"]:
            complaints.append("'${' begins no variable; write ${NAME}, or $${ for the characters themselves")
            return match[0]
        used = True
        if match["name"] not in environ:
            complaints.append(
                f"the environment variable {match['name']} is not set; set it, or write $$ for a literal dollar"
            )
        return environ.get(match["name"], "")

    expanded = _REFERENCE.sub(value, text)
    return (Expanded(expanded) if used else expanded), tuple(dict.fromkeys(complaints))


def values(text: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """What the variables in the text stand for, in order; those that are not set or empty are left out."""
    names = (match["name"] for match in _REFERENCE.finditer(text) if match["name"])
    return tuple(environ[name] for name in names if environ.get(name))


def escape(text: str) -> str:
    """The text written so that `expand` gives it back."""
    return text.replace("$", "$$") if _REFERENCE.search(text) else text
