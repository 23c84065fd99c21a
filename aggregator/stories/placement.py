"""Which story an item belongs to, once its candidates are known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from typing import Final

from aggregator.dates.writing import to_the_minute
from aggregator.model import (
    Edge,
    Evidence,
    Member,
    NearMiss,
    Overrides,
    Placement,
    Refusal,
    Sighting,
    Signature,
    Story,
)
from aggregator.stories.groups import group_stories
from aggregator.stories.limits import MOST_TOLD
from aggregator.stories.parting import has_left, reason_to_part
from aggregator.stories.similarity import compare_signatures
from aggregator.stories.verify import verify

_WORTH_TELLING: Final = 0.25
NO_JUDGEMENT: Final = frozenset({"editor", "limits", "short", "source", "unlike", "window"})
"""Rules that say that too little speaks for a pair, not that something speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The items near one that is compared, with what was found of them before.

    Attributes:
        candidates: Items that share a key with it, or that an override names, those sharing most keys first.
        members: All items that edges, stored and possible, reach from it: the candidates, the item itself, and
            the members of every story that they are in.
        edges: The stored edges between those members, the item's own too.
        kin: The items that edges join to it and the other members of its story, as far as their texts are held.
        former: Its signature when it was compared last; None where there is none.
        changed_at: When what it says last changed.
        apart: Pairs of uids that were judged apart and are in no story together.
    """

    candidates: tuple[Sighting, ...] = ()
    members: tuple[Member, ...] = ()
    edges: tuple[Edge, ...] = ()
    kin: tuple[Sighting, ...] = ()
    former: Signature | None = None
    changed_at: datetime | None = None
    apart: Collection[frozenset[str]] = ()


@dataclass(slots=True, kw_only=True)
class _Findings:
    """What comparing an item with its candidates comes to, gathered on the way.

    Attributes:
        edges: That it and another are one piece, or that two others are.
        parted: Stored edges that hold no more.
        misses: Pairs that looked alike and are kept apart.
    """

    edges: list[Edge] = field(default_factory=list)
    parted: list[Edge] = field(default_factory=list)
    misses: list[NearMiss] = field(default_factory=list)


def place(item: Sighting, around: Surroundings, overrides: Overrides) -> Placement:
    """Decide which story an item belongs to.

    In: the item, new or changed; what is around it; the editor's word. Out: the story with the edges that make it,
    and the candidates that were kept apart. Placing it again after the edges are stored gives the same.

    An edge that holds but whose join `stories` refuses is among the edges as well as among the misses, with the
    rule `limits`: it is a fact about two items, and may join them when others go. Stored edges of the item are
    judged again: one that would not be made today stays until the item plainly became another text, see `parting`.
    """
    found = _compare(item, around, overrides)
    if found.parted:
        found.edges.extend(_edges_of_those_left(item, around, overrides))
    grouped = _stories(around, found, forbidden_pairs(around.members, overrides))
    story = next(story for story in grouped if item.uid in story.members)
    own = (edge for edge in found.edges if item.uid in {edge.one, edge.other})
    found.misses.extend(_hold_apart(edge) for edge in own if not _is_inside(edge, story))
    return Placement(
        story=story,
        stories=grouped,
        edges=tuple(sorted(found.edges, key=_pair)),
        parted=tuple(sorted(found.parted, key=_pair)),
        misses=tuple(sorted(found.misses, key=_pair)),
    )


def forbidden_pairs(members: Iterable[Member], overrides: Overrides) -> frozenset[frozenset[str]]:
    """The pairs of uids that the editor keeps apart: `never` of `stories`."""
    if not overrides.never_merge:
        return frozenset()
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


def are_strangers(item: Sighting, other: Sighting, overrides: Overrides) -> bool:
    """Whether `place` would say nothing of the two: they are not one piece, nor so alike that one would ask why.

    False also where that cannot be told without knowing what their sources are called.
    """
    if "headline" in item.signature.traits or "headline" in other.signature.traits:
        return False
    judged = _judge(item, other, overrides)
    return isinstance(judged, Refusal) and not _is_worth_telling(judged)


def _compare(item: Sighting, around: Surroundings, overrides: Overrides) -> _Findings:
    """Judge the item's candidates, and its stored edges again."""
    stored = {_other(item.uid, edge): edge for edge in around.edges if item.uid in {edge.one, edge.other}}
    known = (*around.kin, *around.candidates)
    others = {other.uid: other for other in known if other.uid != item.uid}
    found = _Findings()
    for other in others.values():
        judged = _judge(item, other, overrides)
        edge = stored.get(other.uid)
        one, two = sorted((item.uid, other.uid))
        if isinstance(judged, Evidence):
            found.edges.append(Edge(one=one, other=two, evidence=judged))
        elif edge is not None:
            _judge_again(edge, (item, other), judged, around, found)
        elif _is_worth_telling(judged):
            found.misses.append(NearMiss(one=one, other=two, refusal=judged))
    found.misses = _most_alike(found.misses)
    if found.parted and not found.edges and len(found.parted) == sum(uid in others for uid in stored):
        _part_from_unread([edge for uid, edge in stored.items() if uid not in others], around, found)
    return found


def _most_alike(misses: Iterable[NearMiss]) -> list[NearMiss]:
    """All that were judged apart; of those for which too little speaks the most alike, for they are only told."""
    alike = sorted(misses, key=lambda miss: (-miss.refusal.likeness.containment, _pair(miss)))
    telling = NO_JUDGEMENT - {"editor"}
    judged = [miss for miss in alike if miss.refusal.rule not in telling]
    return judged + [miss for miss in alike if miss.refusal.rule in telling][:MOST_TOLD]


def _judge_again(
    edge: Edge, pair: tuple[Sighting, Sighting], refusal: Refusal, around: Surroundings, found: _Findings
) -> None:
    """An edge that would not be made today: it goes, or stays with a note of the doubt."""
    if refusal.rule == "editor":
        found.misses.append(NearMiss(one=edge.one, other=edge.other, refusal=refusal))
        return
    why = reason_to_part(*pair, edge, around.former)
    if why is not None:
        found.parted.append(edge)
        found.misses.append(_parting_note(edge, refusal, why, around.changed_at))
    elif has_left(refusal.likeness) and edge.evidence.doubt != refusal.likeness:
        found.edges.append(replace(edge, evidence=replace(edge.evidence, doubt=refusal.likeness)))


def _part_from_unread(edges: Sequence[Edge], around: Surroundings, found: _Findings) -> None:
    """An item that left all whose texts can be read has left those as well of which only the names remain."""
    for edge in edges:
        if edge.evidence.method not in {"editor", "url"}:
            refusal = Refusal(rule="parted", likeness=edge.evidence.likeness, reason="")
            found.parted.append(edge)
            found.misses.append(_parting_note(edge, refusal, "it left all other copies", around.changed_at))


def _edges_of_those_left(item: Sighting, around: Surroundings, overrides: Overrides) -> Iterator[Edge]:
    """Edges between the others of a story that an item leaves: what it joined may be alike by itself."""
    known = {frozenset((edge.one, edge.other)) for edge in around.edges}
    kin = sorted((other for other in around.kin if other.uid != item.uid), key=lambda other: other.uid)
    for one, other in combinations(kin, 2):
        if frozenset((one.uid, other.uid)) not in known:
            judged = _judge(one, other, overrides)
            if isinstance(judged, Evidence):
                yield Edge(one=one.uid, other=other.uid, evidence=judged)


def _judge(item: Sighting, other: Sighting, overrides: Overrides) -> Evidence | Refusal:
    if _has_both_names(overrides.never_merge, item, other):
        alike = compare_signatures(item.signature, other.signature)
        return Refusal(rule="editor", likeness=alike, reason="the editor keeps them apart")
    if _has_both_names(overrides.merge, item, other):
        alike = compare_signatures(item.signature, other.signature)
        return Evidence(method="editor", likeness=alike, reason="the editor says that they are one piece")
    return verify(item, other)


def _has_both_names(pairs: Collection[tuple[str, str]], item: Sighting, other: Sighting) -> bool:
    mine, theirs = item.names | {item.uid}, other.names | {other.uid}
    return any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in pairs)


def _is_worth_telling(refusal: Refusal) -> bool:
    return refusal.rule != "unlike" or refusal.likeness.containment >= _WORTH_TELLING


def _stories(around: Surroundings, found: _Findings, never: Collection[frozenset[str]]) -> tuple[Story, ...]:
    by_pair = {_pair(edge): edge for edge in (*around.edges, *found.edges)}
    for edge in found.parted:
        del by_pair[_pair(edge)]
    refused = (frozenset(_pair(miss)) for miss in found.misses if miss.refusal.rule not in NO_JUDGEMENT)
    apart = {*around.apart, *refused} - {frozenset(pair) for pair in by_pair}
    return group_stories(by_pair.values(), around.members, never, apart)


def _is_inside(edge: Edge, story: Story) -> bool:
    return edge.one in story.members and edge.other in story.members


def _hold_apart(edge: Edge) -> NearMiss:
    reason = f"{edge.evidence.reason}; but a story of both would be too large, too long, too mixed, or forbidden"
    refusal = Refusal(rule="limits", likeness=edge.evidence.likeness, reason=reason)
    return NearMiss(one=edge.one, other=edge.other, refusal=refusal)


def _parting_note(edge: Edge, refusal: Refusal, why: str, moment: datetime | None) -> NearMiss:
    until = f" until {to_the_minute(moment)}" if moment is not None else ""
    reason = f"they were one piece{until}, since {edge.evidence.reason}; they parted, since now {why}"
    return NearMiss(
        one=edge.one, other=edge.other, refusal=Refusal(rule="parted", likeness=refusal.likeness, reason=reason)
    )


def _pair(pair: Edge | NearMiss) -> tuple[str, str]:
    return pair.one, pair.other


def _other(uid: str, edge: Edge) -> str:
    return edge.other if edge.one == uid else edge.one
