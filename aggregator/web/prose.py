"""A publisher's markup as a part of a page of ours, which everybody can use.

What it says stays. Only what a page as a whole decides is put right: where its headings stand among ours, and what
somebody is told who does not see a picture or has no mouse.
"""

from __future__ import annotations

import re
from typing import Final

_EMPTY_HEADING: Final = re.compile(r"<h([1-6])>\s*</h\1>")
_TAG: Final = re.compile(r'<(/?)([a-z][a-z0-9-]*)((?:[^<>"]|"[^"]*")*+)>')
"""A tag as our sanitizer writes it: values stand in double quotes and hold none. Each is taken as a whole, so that
nothing in a value is taken for one."""
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ALT: Final = re.compile(r"\salt(?=[\s=]|$)")
_LOWEST: Final = 6


def fit(html: str, under: int) -> str:
    """Sanitized HTML to stand under a heading of ours of that level.

    Its headings go on from there without leaving out a level, however far apart they were; those without content
    go. A picture of which nothing is said is passed over in silence, unless it is what a link begins with. What
    may have to be scrolled sideways can be reached with keys.
    """
    return _TAG.sub(_Fitting(under).fit, _EMPTY_HEADING.sub("", html))


class _Fitting:
    """What came before the tag that is looked at."""

    def __init__(self, under: int) -> None:
        self._under = under
        self._open: list[int] = []
        self._link_began = -1

    def fit(self, found: re.Match[str]) -> str:
        """The tag as it stands on our page."""
        end, name, attributes = found.groups()
        if name in _HEADINGS:
            return f"<{end}h{self._place(int(name[1]), is_end=bool(end))}{attributes}>"
        if name == "a" and not end:
            self._link_began = found.end()
        if name == "img" and not _ALT.search(attributes):
            is_link = found.start() == self._link_began
            return f'<img{attributes} alt="{"Picture" if is_link else ""}">'
        if name in {"pre", "table"} and not end:
            return f'<{name} tabindex="0"{attributes}>'
        return found[0]

    def _place(self, level: int, *, is_end: bool) -> int:
        if not is_end:
            while self._open and self._open[-1] >= level:
                self._open.pop()
            self._open.append(level)
        return min(self._under + max(len(self._open), 1), _LOWEST)
