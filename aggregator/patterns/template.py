r"""What stands in the place of what a pattern found: an editor's text with references to its groups.

As Python's `re` writes it: `\1`, `\g<1>` and `\g<name>` are groups, `\\` is a backslash. Unlike there, a
backslash before anything else is a mistake, since it would be shown.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

_REFERENCE: Final = re.compile(
    r"\\(?:(?P<number>[1-9][0-9]?)|g<(?P<name>[^<>]{0,200})>|(?P<backslash>\\)|(?P<wrong>.?))"
)


@dataclass(frozen=True, slots=True)
class Template:
    """What stands in the place of a match: texts, and groups of the match between them.

    Attributes:
        parts: Texts and numbers of groups, in order.
    """

    parts: tuple[str | int, ...]

    def expand(self, match: Any) -> str:
        """What stands in the place of a match; a group that took no part in it is nothing."""
        return "".join(part if isinstance(part, str) else match.group(part) or "" for part in self.parts)


@lru_cache(maxsize=1024)
def read_template(written: str, pattern: str) -> Template:
    """A replacement for a pattern. Raises re.error, in words for the editor, where it refers to nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of future meanings of `[[`: not the editor's concern
        compiled = re.compile(pattern, re.IGNORECASE)
    parts: list[str | int] = []
    end = 0
    for found in _REFERENCE.finditer(written):
        parts += [written[end : found.start()], _part(found, compiled)]
        end = found.end()
    parts.append(written[end:])
    return Template(tuple(part for part in parts if part != ""))


def _part(found: re.Match[str], compiled: re.Pattern[str]) -> str | int:
    if found["backslash"]:
        return "\\"
    name = found["number"] or found["name"]
    if name is None:
        raise re.error(f"a backslash before {found['wrong'] or 'nothing'}: write two for one, \\1 for a group")
    if not name.isdecimal():
        if name not in compiled.groupindex:
            known = ", ".join(compiled.groupindex) or "none has a name"
            raise re.error(f"the pattern has no group '{name}'; it has: {known}")
        return compiled.groupindex[name]
    if int(name) > compiled.groups:
        raise re.error(f"there is no group {name}: the pattern has {compiled.groups}")
    return int(name)
