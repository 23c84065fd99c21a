"""Text that was encoded twice: UTF-8 that some program took for windows-1252 and wrote as UTF-8 once more.

Then every é is Ã©, and every apostrophe â€™.
"""

from __future__ import annotations

import re
from typing import Final

_HIGH = re.compile("[^\x00-\x7f]+")
_SPECIALS: Final = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_THEIR_BYTES: Final = (
    "\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9e\x9f"
)
_SEQUENCE = re.compile(f"[\u00c2-\u00f4][\u0080-\u00bf{_SPECIALS}]")
_FEWEST: Final = 4
"""Characters that a document must hold so; fewer may be talk of the fault itself."""


def undo_double_encoding(text: str) -> str | None:
    """The text as it was meant; None unless all that is not ASCII in it was encoded twice.

    One character that was not shows that the rest is meant as it stands, or that several sources were joined.
    """
    try:
        text.encode("ascii")
    except UnicodeEncodeError as error:  # much the quickest way to the first character beyond ASCII
        if _SEQUENCE.match(text, error.start) is None:
            return None
    high = _undo(" ".join(_HIGH.findall(text)))
    if high is None or sum(map(len, _HIGH.findall(high))) < _FEWEST:
        return None
    return _undo(text)


def _undo(text: str) -> str | None:
    try:
        return text.translate(str.maketrans(_SPECIALS, _THEIR_BYTES)).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
