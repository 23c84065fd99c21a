"""Edges become stories, and one member of each is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Edge, Evidence, Likeness, Member, Method
from aggregator.stories import choose_primary, group_stories
from tests.stories.shelf import NOON

HOUR = timedelta(hours=1)


def member(uid: str, hours: float = 0, **details: Any) -> Member:
    """A member published and first seen some hours after noon."""
    at = NOON + timedelta(hours=hours)
    values = {"public_id": f"urn:x:{uid}", "source_id": uid, "published": at, "first_seen": at, **details}
    return Member(uid=uid, **values)


def edge(one: str, other: str, method: Method = "near", score: float = 0.9) -> Edge:
    """An edge between two uids."""
    one, other = sorted((one, other))
    return Edge(
        one=one, other=other, evidence=Evidence(method=method, likeness=Likeness(jaccard=score), reason=".")
    )


def members_of(edges: list[Edge], members: list[Member], **details: Any) -> list[tuple[str, ...]]:
    """The members of each story, ascending."""
    return sorted(story.members for story in group_stories(edges, members, **details))


def test_an_item_without_edges_is_a_story_by_itself():
    (story,) = group_stories([], [member("a")])
    assert (story.id, story.members, story.primary) == ("urn:x:a", ("a",), "a")


def test_taking_an_edge_away_splits_a_story_again():
    items = [member("a"), member("b"), member("c", 1)]
    edges = [edge("a", "b"), edge("b", "c"), edge("a", "c")]
    assert members_of(edges, items) == [("a", "b", "c")]
    assert members_of(edges[:1], items) == [("a", "b"), ("c",)]


def test_edges_to_items_that_are_gone_are_ignored():
    assert members_of([edge("a", "z")], [member("a")]) == [("a",)]


def test_the_older_published_id_survives_when_two_stories_become_one():
    items = [member("d", 0), member("c", 1), member("b", 2), member("a", 3)]
    apart = [edge("d", "c"), edge("b", "a")]
    assert [story.id for story in group_stories(apart, items)] == ["urn:x:b", "urn:x:d"]
    bridges = [edge("d", "b"), edge("c", "a"), edge("c", "b"), edge("d", "a")]
    assert [story.id for story in group_stories(apart + bridges, items)] == ["urn:x:d"]


def test_a_story_has_forty_members_and_keeps_the_oldest():
    items = [member(f"{number:02}", number / 10) for number in range(43)]
    edges = [edge(one.uid, other.uid) for one, other in combinations(items, 2)]
    found = group_stories(edges, items)
    assert sorted(len(story.members) for story in found) == [3, 40]
    assert items[0].uid in max(found, key=lambda story: len(story.members)).members


def test_a_story_spans_seven_days():
    items = [member("a", 0), member("b", 24 * 4), member("c", 24 * 7), member("d", 24 * 7.5)]
    edges = [edge(one.uid, other.uid) for one, other in combinations(items, 2)]
    assert members_of(edges, items) == [("a", "b", "c"), ("d",)]


def test_a_chain_of_likenesses_ends_where_less_than_half_agree():
    items = [member(uid, length=100) for uid in "abcdef"]
    assert members_of([edge(one, other) for one, other in pairwise("abcdef")], items) == [
        ("a", "b", "c"),
        ("d", "e", "f"),
    ]


def test_what_agrees_with_the_longest_text_belongs_to_the_story():
    items = [member("long", length=900), *(member(uid, length=50) for uid in "abcd")]
    assert members_of([edge("long", uid) for uid in "abcd"], items) == [("a", "b", "c", "d", "long")]


def test_one_address_or_one_text_needs_no_agreement_with_the_others():
    items = [member(uid, length=100) for uid in "abcd"]
    agreed = [edge(one, other) for one, other in combinations("abc", 2)]
    assert members_of([*agreed, edge("c", "d")], items) == [("a", "b", "c"), ("d",)]
    assert members_of([*agreed, edge("c", "d", "url")], items) == [("a", "b", "c", "d")]
    assert members_of([*agreed, edge("c", "d", "exact")], items) == [("a", "b", "c", "d")]


def test_the_editor_joins_what_no_rule_would():
    items = [member("a", 0), member("b", 24 * 30)]
    assert members_of([edge("a", "b", "exact")], items) == [("a",), ("b",)]
    assert members_of([edge("a", "b", "editor")], items) == [("a", "b")]


def test_what_the_editor_keeps_apart_is_not_joined_through_a_third():
    items = [member(uid) for uid in "abc"]
    edges = [edge("a", "b", score=0.95), edge("b", "c"), edge("a", "c", "editor")]
    found = members_of(edges, items, never={frozenset("ac")})
    assert found == [("a", "b"), ("c",)]


def test_one_address_joins_over_any_time_and_leaves_the_others_theirs():
    items = [member("a", 0), member("b", 24 * 18), member("c", 24), member("d", 24 * 30)]
    dated_twice = edge("a", "b", "url")
    assert members_of([dated_twice, edge("a", "c", "exact")], items) == [("a", "b", "c"), ("d",)]
    assert members_of([dated_twice, edge("b", "d", "exact")], items) == [("a", "b"), ("c",), ("d",)]


@pytest.mark.parametrize("method", ["near", "exact", "url", "headline"])
def test_a_third_never_joins_two_that_were_judged_apart(method: Method):
    items = [member("a"), member("b"), member("c", 1)]
    edges = [edge("a", "c", score=0.95), edge("b", "c", method, 0.9)]
    assert members_of(edges, items, apart={frozenset("ab")}) in ([("a", "c"), ("b",)], [("a",), ("b", "c")])
    assert members_of([edge("a", "b", "editor"), *edges], items, apart={frozenset("ab")}) == [("a", "b", "c")]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Edge], list[Member]]:
    """Up to fifty members over twelve days, and edges of all methods but the editor's."""
    count = draw(st.integers(1, 50))
    hours = draw(st.lists(st.integers(0, 288), min_size=count, max_size=count))
    lengths = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    items = [member(f"{number:02}", hours[number], length=lengths[number]) for number in range(count)]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.sets(ends.map(lambda pair: tuple(sorted(pair))), max_size=150)) if count > 1 else set()
    methods = st.sampled_from(["url", "exact", "near", "near", "near"])
    scores = st.sampled_from([0.5, 0.7, 0.9])
    return [edge(f"{a:02}", f"{b:02}", draw(methods), draw(scores)) for a, b in sorted(pairs)], items


@given(graphs(), st.randoms(use_true_random=False))
def test_stories_depend_on_the_sets_alone(graph: tuple[list[Edge], list[Member]], chance: Any):
    edges, items = graph
    before = group_stories(edges, items)
    chance.shuffle(edges)
    chance.shuffle(items)
    assert group_stories(edges + edges, items) == before


@given(graphs())
def test_every_item_is_in_one_story_and_no_story_exceeds_the_limits(graph: tuple[list[Edge], list[Member]]):
    edges, items = graph
    found = group_stories(edges, items)
    by_uid = {item.uid: item for item in items}
    assert sorted(uid for story in found for uid in story.members) == sorted(by_uid)
    assert len({story.id for story in found}) == len(found)
    for story in found:
        dates = [by_uid[uid].published for uid in story.members]
        assert len(dates) <= 40
        addressed = any(one.evidence.method == "url" and one.one in story.members for one in edges)
        assert addressed or max(dates) - min(dates) <= timedelta(days=7)
        assert story.primary in story.members


def test_the_primary_is_of_the_highest_priority():
    assert choose_primary([member("a", length=900), member("b", priority=5)]) == "b"


def test_of_one_priority_the_original_goes_before_copies():
    linked = member("a", at_home=False, length=900)
    crediting = member("b", credit="wire one", length=900)
    wire = member("c", called=frozenset({"wire one", "c"}), length=10)
    plain = member("d", length=20)
    assert choose_primary([linked, crediting, plain, wire]) == "c"
    assert choose_primary([linked, crediting, plain]) == "d"
    assert choose_primary([linked, crediting]) == "b"
    assert choose_primary([linked]) == "a"


def test_then_the_longer_text_and_then_the_earlier_date():
    seen = {"first_seen": NOON}
    assert choose_primary([member("a", length=5), member("b", length=6)]) == "b"
    assert choose_primary([member("a", 1, **seen), member("b", 0, **seen)]) == "b"
    assert choose_primary([member("b"), member("a")]) == "a"


def test_a_later_copy_never_takes_the_place_of_the_primary():
    assert choose_primary([member("a", length=9), member("b", 0.5, length=900)]) == "a"


@pytest.mark.parametrize(("hours", "shown"), [(0.01, "b"), (1.01, "a")])
def test_a_text_takes_the_place_of_a_headline_within_the_first_hour_only(hours: float, shown: str):
    assert choose_primary([member("a"), member("b", hours, length=90)]) == shown
    assert choose_primary([member("a", priority=1), member("b", hours, length=90)]) == "a"


@pytest.mark.parametrize(("hours", "shown"), [(1, "b"), (1.01, "a")])
def test_a_higher_priority_takes_it_within_the_first_hour_only(hours: float, shown: str):
    assert choose_primary([member("a"), member("b", hours, priority=5)]) == shown


def test_the_best_of_those_left_follows_one_that_was_withdrawn():
    gone = member("a", priority=9, withdrawn_at=NOON + 5 * HOUR)
    left = [member("b", 1, length=5), member("c", 2, length=6)]
    assert choose_primary([gone, *left]) == "c"
    assert choose_primary([gone, *left, member("d", 6, length=900, priority=1)]) == "c"
    assert choose_primary([gone]) is None
    assert choose_primary([gone, member("e", 7)]) == "e"


def test_a_withdrawn_copy_changes_nothing():
    assert choose_primary([member("a"), member("b", 1, withdrawn_at=NOON + 2 * HOUR)]) == "a"


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8), st.data()
)
def test_arrivals_after_the_first_hour_change_nothing(drawn: list[tuple[int, int, int]], data: st.DataObject):
    items = [
        member(f"{place}", quarter / 4, priority=priority, length=length)
        for place, (quarter, priority, length) in enumerate(drawn)
    ]
    opened = min(item.first_seen for item in items)
    late = replace(member("late", priority=9, length=99), first_seen=opened + HOUR + timedelta(seconds=1))
    assert (
        choose_primary([*items, late])
        == choose_primary(items)
        == choose_primary(data.draw(st.permutations(items)))
    )
