"""What differs between two catalogues, in a sentence for whoever is about to put one in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from aggregator.model import Catalogue, Publication, Source

_Named = TypeVar("_Named", Source, Publication)

_NAMED = 5
"""So many are named; of more, how many there are."""


def describe_change(before: Catalogue, after: Catalogue) -> str:
    """What becomes of the sources and publications of `before`, and what joins them; without its full stop."""
    told = [
        *_compare("source", before.sources, after.sources),
        *_compare("publication", before.publications, after.publications),
    ]
    if (before.site, before.overrides) != (after.site, after.overrides):
        told.append("site or stories changed")
    return "; ".join(told) or "no source and no publication changes"


def _compare(noun: str, before: Sequence[_Named], after: Sequence[_Named]) -> list[str]:
    was, now = {one.id: one for one in before}, {one.id: one for one in after}
    changes = {
        "added": [name for name in now if name not in was],
        "removed": [name for name in was if name not in now],
        "changed": [name for name in now if name in was and now[name] != was[name]],
    }
    return [_count(noun, how, names) for how, names in changes.items() if names]


def _count(noun: str, how: str, names: Sequence[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    plural = "" if len(names) == 1 else "s"
    return f"{len(names)} {noun}{plural} {how} ({', '.join(names[:_NAMED])}{more})"
