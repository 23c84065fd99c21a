"""Findings that two items are one piece (edges) -> groups of items that are (stories)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from aggregator.model import Edge, Member, Story
from aggregator.stories.limits import LONGEST_SPAN, MOST_MEMBERS
from aggregator.stories.primary import choose_primary

_STRENGTH: Final = {"editor": 0, "url": 1, "exact": 2, "near": 3, "headline": 4}

Group = list[Member]
Neighbours = Mapping[str, Collection[str]]
Pairs = Collection[frozenset[str]]


def group_stories(
    edges: Iterable[Edge], members: Iterable[Member], never: Pairs = (), apart: Pairs = ()
) -> tuple[Story, ...]:
    """The stories that edges make of items, ascending by id; an item without edges is a story by itself.

    In: edges, of which those with an end that is no member are ignored; the items; pairs of uids that the editor
    keeps apart; pairs that were judged apart. Out: depends on these sets alone, in whatever order they come
    or came into being.

    Edges join groups from the strongest to the weakest. A join is refused that would make a story of more than
    40 members or over more than 7 days, that would bring a pair of `never` together, or whose near copies do not
    agree with the heart of the group or with half of it: so a chain of doubtful likenesses ends early. Two that
    were judged apart are never brought together by a third. A common address may span more days. The
    editor's own edges are held to the number of members and to `never` only; edges of one address or one text
    need no agreement with the others.
    """
    by_uid = {member.uid: member for member in members}
    held = [edge for edge in edges if edge.one in by_uid and edge.other in by_uid]
    neighbours = _neighbours(held)
    group_of: dict[str, Group] = {uid: [member] for uid, member in by_uid.items()}
    for edge in sorted(held, key=lambda edge: _order(edge, by_uid)):
        one, other = group_of[edge.one], group_of[edge.other]
        if one is not other and _can_join(edge, one, other, neighbours, (never, apart)):
            joined = one + other
            group_of.update((member.uid, joined) for member in joined)
    groups = {id(group): group for group in group_of.values()}
    return tuple(sorted((_story(group) for group in groups.values()), key=lambda story: story.id))


def story_id(members: Iterable[Member]) -> str:
    """The published id of a story: that of the member that we met first, so that the older of two survives."""
    return min(members, key=lambda member: (member.first_seen, member.uid)).public_id


def _story(group: Group) -> Story:
    uids = tuple(sorted(member.uid for member in group))
    return Story(id=story_id(group), members=uids, primary=choose_primary(group))


def _neighbours(edges: Iterable[Edge]) -> Neighbours:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        found[edge.one].add(edge.other)
        found[edge.other].add(edge.one)
    return found


def _order(edge: Edge, members: Mapping[str, Member]) -> tuple[object, ...]:
    """The strongest first; of equals the oldest, so that a full story keeps whom it has."""
    one, other = members[edge.one], members[edge.other]
    latest, earliest = max(one.published, other.published), min(one.published, other.published)
    return (_STRENGTH[edge.evidence.method], -edge.evidence.score, latest, earliest, edge.one, edge.other)


def _can_join(edge: Edge, one: Group, other: Group, neighbours: Neighbours, kept: tuple[Pairs, Pairs]) -> bool:
    never, apart = kept
    if len(one) + len(other) > MOST_MEMBERS or _is_forbidden(one, other, never):
        return False
    if edge.evidence.method == "editor":
        return True
    if _is_forbidden(one, other, apart):
        return False
    if edge.evidence.method != "url" and _span([*one, *other]) > max(LONGEST_SPAN, _span(one), _span(other)):
        return False
    return edge.evidence.method in {"url", "exact"} or _has_agreement(one, other, neighbours)


def _is_forbidden(one: Group, other: Group, never: Collection[frozenset[str]]) -> bool:
    uids = {member.uid for member in one}, {member.uid for member in other}
    return any(pair & uids[0] and pair & uids[1] for pair in never)


def _span(group: Sequence[Member]) -> timedelta:
    dates = [member.published for member in group]
    return max(dates) - min(dates)


def _has_agreement(one: Group, other: Group, neighbours: Neighbours) -> bool:
    """Whether the hearts of two groups are joined by an edge, or half of all pairs between them are."""
    if _heart(other).uid in neighbours.get(_heart(one).uid, ()):
        return True
    uids = {member.uid for member in other}
    joined = sum(len(uids.intersection(neighbours.get(member.uid, ()))) for member in one)
    return 2 * joined >= len(one) * len(other)


def _heart(group: Group) -> Member:
    """The longest text, which holds most of what the others have; not the primary, which depends on settings."""
    return min(group, key=lambda member: (-member.length, member.published, member.uid))
