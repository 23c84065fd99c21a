"""Which story an item belongs to, once its candidates are known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from aggregator.dedupe.stories.groups import stories
from aggregator.dedupe.stories.likeness import likeness
from aggregator.dedupe.stories.verify import verify
from aggregator.model import (
    Edge,
    Evidence,
    Member,
    NearMiss,
    Overrides,
    Placement,
    Refusal,
    Sighting,
    Story,
)

MOST_CANDIDATES: Final = 200
"""How many candidates are looked at: a wire report has that many copies, an attack has more."""

_WORTH_TELLING: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known around an item.

    Attributes:
        candidates: Items that share a key with it, or that an override names, those sharing most keys first.
        members: All items that edges, stored and possible, reach from it: the candidates, the item itself, and
            the members of every story that they are in.
        edges: The stored edges between those members, the item's own too.
    """

    candidates: tuple[Sighting, ...] = ()
    members: tuple[Member, ...] = ()
    edges: tuple[Edge, ...] = ()


def place(item: Sighting, around: Surroundings, overrides: Overrides) -> Placement:
    """Decide which story an item belongs to.

    In: the item, new or revised; what is around it; the editor's word. Out: the story with the edges that make it,
    and the candidates that were kept apart. Placing it again after the edges are stored gives the same.

    An edge that holds but whose join `stories` refuses is among the edges as well as among the misses, with the
    rule `limits`: it is a fact about two items, and may join them when others go. An edge once stored stays when a
    text is revised: outlets go on editing their copies of one piece.
    """
    edges: list[Edge] = []
    misses: list[NearMiss] = []
    candidates = {found.uid: found for found in around.candidates[:MOST_CANDIDATES] if found.uid != item.uid}
    for other in candidates.values():
        one, two = sorted((item.uid, other.uid))
        judged = _judge(item, other, overrides)
        if isinstance(judged, Evidence):
            edges.append(Edge(one=one, other=two, evidence=judged))
        elif _worth_telling(judged):
            misses.append(NearMiss(one=one, other=two, refusal=judged))
    found = _stories(around, edges, forbidden(around.members, overrides))
    story = next(story for story in found if item.uid in story.members)
    misses.extend(_held_apart(edge) for edge in edges if not _inside(edge, story))
    return Placement(
        story=story,
        stories=found,
        edges=tuple(sorted(edges, key=lambda edge: (edge.one, edge.other))),
        misses=tuple(sorted(misses, key=lambda miss: (miss.one, miss.other))),
    )


def forbidden(members: Iterable[Member], overrides: Overrides) -> frozenset[frozenset[str]]:
    """The pairs of uids that the editor keeps apart: `never` of `stories`."""
    named: dict[str, set[str]] = {}
    for member in members:
        for name in member.names | {member.uid}:
            named.setdefault(name, set()).add(member.uid)
    return frozenset(
        frozenset((one, other))
        for first, second in overrides.never_merge
        for one in named.get(first, ())
        for other in named.get(second, ())
        if one != other
    )


def wanted_names(item: Sighting, overrides: Overrides) -> frozenset[str]:
    """Names that the editor merges with the item: to be looked up, since no key leads from one to the other."""
    own = item.names | {item.uid}
    return frozenset(
        other for pair in overrides.merge for name, other in (pair, pair[::-1]) if name in own and other not in own
    )


def _judge(item: Sighting, other: Sighting, overrides: Overrides) -> Evidence | Refusal:
    if _names_both(overrides.never_merge, item, other):
        alike = likeness(item.signature, other.signature)
        return Refusal(rule="editor", likeness=alike, reason="the editor keeps them apart")
    if _names_both(overrides.merge, item, other):
        alike = likeness(item.signature, other.signature)
        return Evidence(method="editor", likeness=alike, reason="the editor says that they are one piece")
    return verify(item, other)


def _names_both(pairs: Collection[tuple[str, str]], item: Sighting, other: Sighting) -> bool:
    mine, theirs = item.names | {item.uid}, other.names | {other.uid}
    return any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in pairs)


def _worth_telling(refusal: Refusal) -> bool:
    return refusal.rule != "unlike" or refusal.likeness.containment >= _WORTH_TELLING


def _stories(around: Surroundings, edges: Iterable[Edge], never: Collection[frozenset[str]]) -> tuple[Story, ...]:
    by_pair = {(edge.one, edge.other): edge for edge in (*around.edges, *edges)}
    return stories(by_pair.values(), around.members, never)


def _inside(edge: Edge, story: Story) -> bool:
    return edge.one in story.members and edge.other in story.members


def _held_apart(edge: Edge) -> NearMiss:
    reason = f"{edge.evidence.reason}; but a story of both would be too large, too long, too mixed, or forbidden"
    refusal = Refusal(rule="limits", likeness=edge.evidence.likeness, reason=reason)
    return NearMiss(one=edge.one, other=edge.other, refusal=refusal)
