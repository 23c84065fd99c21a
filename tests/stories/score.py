"""Group labelled data with the product's own functions and print pairwise precision, recall and F1.

Run by `make score`. Halves are divided by a hash of the group's name, so that a rule that serves one of them only
shows. docs/stories.md says what was looked at while the thresholds were chosen.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from zlib import crc32

from tests.stories.shelf import Shelf, labelled, sighted

Row = dict[str, Any]
FILES = ("near-duplicates.dev.jsonl.gz", "story-pairs.jsonl")


@dataclass(kw_only=True)
class Score:
    """Pairs of items: right, wrongly merged, missed."""

    right: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    found_by_kind: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Of the merged pairs, the right ones."""
        return self.right / (self.right + len(self.wrong)) if self.right + len(self.wrong) else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs to merge, those merged."""
        return self.right / (self.right + len(self.missed)) if self.right + len(self.missed) else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def grouped(rows: Sequence[Row]) -> tuple[Shelf, dict[str, str]]:
    """Place all rows in order of time; the shelf, and each id's story."""
    shelf = Shelf()
    for row in sorted(rows, key=lambda row: (row.get("published") or "", row["id"])):
        shelf.add(sighted(row))
    return shelf, {uid: story.id for story in shelf.stories() for uid in story.members}


def score(rows: Sequence[Row], story_of: Mapping[str, str]) -> Score:
    """Compare all pairs with their labels."""
    result = Score()
    for one, other in combinations(rows, 2):
        same = one["group"] == other["group"]
        merged = story_of[one["id"]] == story_of[other["id"]]
        kinds = sorted({one.get("kind", ""), other.get("kind", "")} - {"orig"})
        kind = kinds[0] if len(kinds) == 1 else "two copies"
        result.by_kind[kind] += same
        result.found_by_kind[kind] += same and merged
        result.right += same and merged
        if merged and not same:
            result.wrong.append((one["id"], other["id"]))
        if same and not merged:
            result.missed.append((one["id"], other["id"]))
    return result


def half(row: Row) -> str:
    """Which half a row belongs to, by its group."""
    return "tune" if crc32(row["group"].encode()) & 1 else "held"


def main(arguments: Sequence[str]) -> int:
    """Print the figures; with `-v` the pairs that went wrong too."""
    for name in FILES:
        rows = labelled(name)
        for label in ("tune", "held", "all"):
            part = [row for row in rows if label in (half(row), "all")]
            shelf, story_of = grouped(part)
            result = score(part, story_of)
            pairs = result.right + len(result.missed)
            say(
                f"{name} {label:<5} {len(part):4} items {pairs:4} pairs  precision {result.precision:.4f}"
                f"  recall {result.recall:.4f}  F1 {result.f1:.4f}  wrong {len(result.wrong)}"
            )
            if label == "all":
                kinds = sorted(kind for kind, count in result.by_kind.items() if count)
                say("  recall:", ", ".join(f"{k} {result.found_by_kind[k]}/{result.by_kind[k]}" for k in kinds))
                if "-v" in arguments:
                    explain(shelf, result)
    return 0


def say(*words: object) -> None:
    """One line on standard output."""
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")


def explain(shelf: Shelf, result: Score) -> None:
    """The pairs that went wrong, with the evidence or its lack."""
    from aggregator.stories import verify

    for word, pairs in (("WRONG", result.wrong), ("MISSED", result.missed)):
        for one, other in pairs:
            say(word, one, other, verify(shelf.sightings[one], shelf.sightings[other]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
