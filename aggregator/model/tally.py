"""Counts of what is done and of what there is, for those who watch an installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TallyName = Literal[
    "let_go", "fetched", "bytes", "entries", "verdicts", "compared", "rendered", "took", "took_ms", "faults_seen"
]
"""The name of something that is counted.

`let_go`: items that lost their text, by why (`age`, `ceiling`). `fetched`: requests, by result. `bytes`: bodies.
`entries`: that documents held. `verdicts`: entries, by what they were found to be. `compared`: items. `rendered`:
publications, `changed` or the `same`. `took`: pieces of work, by stage and the time that they took at most, as
`fetch 0.25`; `took_ms`: the sum of these times, by stage. `faults_seen`: faults that were told of.
"""

WorkStage = Literal["fetch", "read", "judge", "store", "compare", "render"]
"""A stage of the worker, of which the time is taken."""


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


TOOK = (0.01, 0.05, 0.25, 1.0, 5.0, 30.0, float("inf"))
"""Seconds, by which times are told apart; each counts under the first that it does not exceed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTotals:
    """What all sources that were ever registered come to.

    Attributes:
        standing: Status, trouble (None for none), and how many of those that are polled have both.
        items: Held, of all.
        polls: So far, of all.
        due: The earliest due time of one that is polled; None where none is.
        polled: When one was asked last; None before the first.
    """

    standing: tuple[tuple[str, str | None, int], ...] = ()
    items: int = 0
    polls: int = 0
    due: datetime | None = None
    polled: datetime | None = None
