"""Counts of what is done, for those who watch an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TallyName = Literal["let_go"]
"""What is counted. `let_go`: items that lost their text, by why (`age`, `ceiling`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyKey:
    """Something that is counted.

    Attributes:
        name: What.
        label: Of which kind; "" where there is but one. From a short list of ours: never a source, never a text
            from outside.
    """

    name: TallyName
    label: str = ""
