"""What stands at the end of a text that goes on elsewhere: dots, "read more", an arrow.

Pages, polls and previews tell by it a beginning from the whole. What the marks are is said here; how much one
weighs is judged by who asks.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from aggregator.text.characters import fold

_STRONG = re.compile(
    r"(?:\[(?:…|\.\.\.|&hellip;)\]|(?:read more|continue reading|weiterlesen|lire la suite)\W{0,9})$"
)
_WEAK = re.compile(r"(?:…|\.\.\.)$")
"""People end their own sentences so, too."""

SHORT: Final = 280
"""Characters of visible text below which an entry is a teaser: so long are those that sites cut to a length."""

_SHOWN: Final = 200
"""Characters at the end of a text in which a mark is looked for."""

_CLOSING: Final = " \"'”’»)"
"""What closes behind a mark: `(...)`, `"and so on..."`."""


def find_mark(text: str) -> Literal["strong", "weak", ""]:
    """The mark at the end of a text, surely or perhaps one; "" where there is none.

    What an update is hangs on it (`dedupe.teasers`), so that it stays as it is.
    """
    end = fold(text[-_SHOWN:])
    if _STRONG.search(end):
        return "strong"
    return "weak" if _WEAK.search(end) else ""


def without_mark(text: str) -> str:
    """Folded text (`characters.fold`) without the mark at its end."""
    line = fold(text)
    end = line[-_SHOWN:]
    for mark in (_STRONG, _WEAK):
        end = mark.sub("", end).rstrip()
    return line[:-_SHOWN] + end


def ends_as_beginning(text: str) -> bool:
    """Whether a text ends as one that goes on elsewhere: by a mark, also within quotes, or an arrow."""
    shown = text.rstrip()
    return bool(find_mark(shown) or find_mark(shown.rstrip(_CLOSING))) or _points_on(shown)


def _points_on(shown: str) -> bool:
    """Whether the last sign is an arrow; » is none where it closes what « opened."""
    if shown.endswith("»"):
        return shown.rfind("«") <= shown.rfind("»", 0, -1)
    return shown.endswith((">", "→"))


def is_beginning(text: str) -> bool:
    """Whether the visible text of an entry is less than its article, as far as its length and its end tell."""
    text = text.rstrip()
    return len(text) < SHORT or ends_as_beginning(text)
