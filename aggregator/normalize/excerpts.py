"""The beginning of a text, for outputs that want a summary."""

from __future__ import annotations

import re
from typing import Final

from aggregator.normalize.characters import cut, one_line

_NEAR: Final = 0.6
"""A sentence that ends beyond this part of the limit is near enough to end with."""

# A full stop after one or two letters is more often that of an abbreviation (`Dr.`, `U.S.`) than of a sentence.
_SENTENCE_END = re.compile(r"(?:(?<=\w\w\w)\.|[!?…؟۔।])[\"'”’»)\]]{0,3}(?=\s)|[。！？][」』”’）]{0,3}")


def excerpt(text: str, limit: int) -> str:
    """The beginning of a text in at most `limit` characters; a text that fits is whole.

    It ends with a sentence when one ends in the last two fifths, else with a whole word; either way an ellipsis
    says that there is more. Idempotent.
    """
    line = one_line(text)
    if len(line) <= limit:
        return line
    begin = line[: limit - 1]  # a space at its end belongs to what follows; room for it and the ellipsis
    ends = [match.end() for match in _SENTENCE_END.finditer(begin) if match.end() <= limit - 2]
    if ends and ends[-1] >= limit * _NEAR:
        return f"{begin[: ends[-1]]} …"
    return cut(line, limit)
