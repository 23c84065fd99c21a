"""Why two items are the same piece, or are not. An edge is a fact about two items; stories are made of edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["editor", "url", "exact", "near", "headline"]
"""What an edge rests on, the strongest first: the editor's word, one address, one text, nearly one text, the
headline of an item that has no text."""

Rule = Literal[
    "editor",
    "window",
    "language",
    "address",
    "live",
    "correction",
    "series",
    "podcast",
    "programme",
    "interview",
    "sequel",
    "short",
    "recurring",
    "source",
    "numbers",
    "names",
    "unlike",
    "limits",
    "parted",
]
"""Why two items were kept apart. `unlike` is the usual case; every other rule stands for a near miss. `parted`:
they were one piece until the text of one became another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two items are; each is a share from 0 to 1 and the same both ways round.

    Attributes:
        jaccard: Shingles in both of the shingles in either.
        containment: Shingles in both of those of the smaller text.
        title: Words in both titles of the words in either.
        numbers: Numbers in both of those of the text with fewer; 1 when one has none.
        figures: Where both say the same words around a number: the share of such places with the same number; 1
            when there is none.
        names: Names in both of those of the text with fewer; 1 when one has none.
    """

    jaccard: float = 0.0
    containment: float = 0.0
    title: float = 0.0
    numbers: float = 1.0
    figures: float = 1.0
    names: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why two items are the same piece.

    Attributes:
        method: What it rests on.
        likeness: How alike they were when it was found.
        reason: One sentence for people.
        doubt: How alike they were when judged last, if that would not make them one piece; None while it would.
    """

    method: Method
    likeness: Likeness
    reason: str
    doubt: Likeness | None = None

    @property
    def score(self) -> float:
        """How sure the method is of it, from 0 to 1."""
        return max(self.likeness.jaccard, self.likeness.containment) if self.method == "near" else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why two items are not one piece.

    Attributes:
        rule: Which rule keeps them apart.
        likeness: Their likeness when they were judged.
        reason: A sentence for people.
    """

    rule: Rule
    likeness: Likeness
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The finding that two items are the same piece.

    Attributes:
        one: The uid that sorts first.
        other: The uid of the other.
        evidence: What it was found by.
    """

    one: str
    other: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """Two items that looked alike and were kept apart.

    Attributes:
        one: The uid that sorts first.
        other: The uid of the other.
        refusal: Why they are apart.
    """

    one: str
    other: str
    refusal: Refusal
