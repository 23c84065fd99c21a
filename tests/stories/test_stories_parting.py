"""When two items that were one piece are one no more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import stories
from aggregator.model import Edge, Evidence, Likeness, Overrides, Placement, Sighting
from aggregator.stories.parting import reason_to_part
from tests.stories.shelf import NOON, Shelf, entry, labelled, member, sighted

WORDS = [
    f"{first}{second}"
    for first in ("har", "pie", "cou", "lor", "fer", "wat")
    for second in ("bo", "ri", "na", "ce", "ti")
]
NONE = Overrides()


def text(seed: int, length: int = 90) -> str:
    """So many words, none of which is in the text of another seed."""
    own = chr(ord("a") + seed)
    return " ".join(
        f"{WORDS[place * place % len(WORDS)]}{own}{WORDS[place % len(WORDS)]}" for place in range(length)
    )


def item(uid: str, title: str, body: str, **details: str) -> Sighting:
    made = entry(title, f"<p>{body}</p>", **details)
    return Sighting(
        uid=uid,
        source_id=f"of {uid}",
        published=NOON,
        signature=stories.sign(made),
        names=frozenset({uid, *([details["url"]] if "url" in details else [])}),
    )


def joined(one: Sighting, other: Sighting) -> Edge:
    found = stories.verify(one, other)
    assert isinstance(found, Evidence), found
    first, second = sorted((one.uid, other.uid))
    return Edge(one=first, other=second, evidence=found)


PIER = "Pier collapses in Varesh"
WHALE = "Whale seen off northern cape"
A, B = item("a", PIER, text(1)), item("b", PIER, text(1))


@pytest.mark.parametrize(
    ("title", "body", "parts"),
    [
        pytest.param(WHALE, text(2), True, id="another text under another title"),
        pytest.param(WHALE, text(2, 20), True, id="a short one"),
        pytest.param(WHALE, text(2, 5), False, id="a few words say nothing"),
        pytest.param(WHALE, "", False, id="nor does none at all"),
        pytest.param(WHALE, text(1), False, id="another title only"),
        pytest.param(PIER, text(2), True, id="another text under the old title"),
        pytest.param(PIER, text(2, 30), False, id="a teaser of one's own"),
        pytest.param("Pier collapses in Varesh: what we know", text(1)[400:], False, id="the rest of the text"),
        pytest.param(WHALE, " ".join([*(text(seed, 90) for seed in range(2, 12)), text(1)]), True, id="a digest"),
        pytest.param(WHALE, f"{text(1)} {text(2, 900)}", False, id="the text and much more after it"),
    ],
)
def test_what_an_item_became_says_whether_it_left(title: str, body: str, parts: bool) -> None:
    why = reason_to_part(item("a", title, body), B, joined(A, B), A.signature)
    assert (why is not None) is parts, why


def test_a_text_cut_to_a_teaser_under_its_own_title_stays_though_the_other_has_another_title() -> None:
    other = item("b", WHALE, text(1))
    assert reason_to_part(item("a", PIER, text(2, 30)), other, joined(A, other), A.signature) is None
    assert reason_to_part(item("a", PIER, text(2, 60)), other, joined(A, other), A.signature)


def test_what_is_forgotten_makes_parting_harder() -> None:
    edge = joined(A, B)
    assert reason_to_part(item("a", WHALE, text(2)), B, edge, None)
    assert reason_to_part(item("a", WHALE, text(2, 40)), B, edge, None), "the titles were the same"
    own = replace(edge, evidence=replace(edge.evidence, likeness=Likeness(containment=1.0)))
    assert reason_to_part(item("a", WHALE, text(2)), B, own, None), "two long texts"
    assert not reason_to_part(item("a", WHALE, text(2, 40)), B, own, None), (
        "it may be a teaser under its own title"
    )
    assert reason_to_part(item("a", WHALE, text(2, 40)), B, own, A.signature), "its own title changed"
    elder = replace(A.signature, version=0)
    assert not reason_to_part(item("a", WHALE, text(2, 40)), B, own, elder), (
        "what cannot be compared is as forgotten"
    )


def test_a_teaser_under_the_title_that_an_item_always_had_leaves_a_copy_that_has_another() -> None:
    retitled = item("b", WHALE, text(1))
    assert reason_to_part(item("a", PIER, text(2, 40)), retitled, joined(A, retitled), A.signature) is None
    assert reason_to_part(item("a", PIER, text(2, 80)), retitled, joined(A, retitled), A.signature)


def test_a_lead_written_anew_is_no_other_text_though_the_others_teaser_was_of_the_old_one() -> None:
    teaser = item("b", PIER, text(1, 40))
    now = item("a", WHALE, f"{text(3, 50)} {' '.join(text(1).split()[45:])}")
    assert reason_to_part(now, teaser, joined(A, teaser), A.signature) is None


def test_first_the_text_then_the_title_or_the_other_way_round_ends_the_same() -> None:
    short = (item("a", PIER, text(1, 30)), item("b", PIER, text(1, 30)))
    for middle in (item("a", PIER, text(2, 30)), item("a", WHALE, text(1, 30))):
        shelf = Shelf()
        for one in short:
            shelf.add(one)
        assert shelf.change(middle).parted == ()
        assert shelf.change(item("a", WHALE, text(2, 30))).parted
        assert len(shelf.stories()) == 2


def test_the_editors_word_and_a_common_address_hold_whatever_the_texts_say() -> None:
    edge = joined(A, B)
    said = replace(edge, evidence=replace(edge.evidence, method="editor"))
    assert reason_to_part(item("a", WHALE, text(2)), B, said, A.signature) is None
    url = "https://a.example/1"
    assert (
        reason_to_part(item("a", WHALE, text(2), url=url), item("b", PIER, text(1), url=url), edge, None) is None
    )
    sound = "https://a.example/1.mp3"
    assert (
        reason_to_part(item("a", WHALE, text(2), media=sound), item("b", PIER, "", media=sound), edge, None)
        is None
    )


def test_where_an_address_joined_and_is_another_now_texts_or_titles_must_speak() -> None:
    url, moved = "https://a.example/1", "https://a.example/2"
    link, piece = item("a", "Look at this", "", url=url), item("b", PIER, text(1), url=url)
    edge = joined(link, piece)
    assert edge.evidence.method == "url"
    assert reason_to_part(item("a", "And at that", "", url=moved), piece, edge, link.signature)
    assert reason_to_part(item("a", PIER, "", url=moved), piece, edge, link.signature) is None
    assert reason_to_part(item("a", "Look", text(1), url=moved), piece, edge, link.signature) is None


def test_an_episode_whose_file_and_title_are_others_is_another_episode() -> None:
    first, second = "https://a.example/1.mp3", "https://a.example/2.mp3"
    one, other = item("a", PIER, text(1), media=first), item("b", PIER, text(1), media=first)
    edge = joined(one, other)
    assert reason_to_part(item("a", WHALE, text(1), media=second), other, edge, one.signature)
    assert reason_to_part(item("a", PIER, text(1), media=second), other, edge, one.signature) is None


def test_signatures_of_other_rules_say_nothing() -> None:
    elder = replace(B, signature=replace(B.signature, version=0))
    assert reason_to_part(item("a", WHALE, text(2)), elder, joined(A, B), A.signature) is None


def placed(now: Sighting, *others: Sighting, edges: tuple[Edge, ...], **around) -> Placement:
    near = stories.Surroundings(members=tuple(map(member, (now, *others))), edges=edges, **around)
    return stories.place(now, near, NONE)


def test_a_copy_whose_text_cannot_be_read_goes_the_way_of_the_others() -> None:
    lost, address = item("c", PIER, text(1)), item("d", PIER, text(1))
    by_address = replace(joined(A, address), evidence=replace(joined(A, address).evidence, method="url"))
    edges = (joined(A, B), joined(A, lost), by_address)
    now = item("a", WHALE, text(2))
    found = placed(now, B, lost, address, edges=edges, kin=(B,), former=A.signature, changed_at=NOON)
    assert found.parted == edges[:2]
    assert {miss.refusal.rule for miss in found.misses} == {"parted"}
    assert all("until 2026-03-01 12:00 UTC" in miss.refusal.reason for miss in found.misses)
    assert found.story.members == ("a", "d")
    alone = placed(now, lost, edges=edges[1:2], former=A.signature)
    assert alone.parted == (), "nothing says that they parted"
    held = placed(A, B, lost, edges=edges[:2], kin=(B,), former=A.signature)
    assert held.parted == ()


def test_those_that_an_item_joined_stay_together_if_they_are_alike_and_part_if_not() -> None:
    alike, other = item("c", PIER, text(1)), item("d", "Apple growers expect a poor harvest", text(3))
    chain = tuple(replace(joined(A, B), one="b", other=uid) for uid in ("c", "d"))
    edges = (joined(A, B), *chain)
    now = item("b", WHALE, text(2))
    found = placed(now, A, alike, other, edges=edges, kin=(A, alike, other), former=B.signature)
    assert found.parted == edges
    assert [story.members for story in found.stories] == [("a", "c"), ("b",), ("d",)]
    assert [(edge.one, edge.other) for edge in found.edges] == [("a", "c")]


def test_those_that_had_joined_each_other_are_not_judged_anew_when_one_that_joined_both_leaves() -> None:
    third = item("c", PIER, text(1))
    left, kept = (joined(A, B), joined(B, third)), joined(A, third)
    found = placed(item("b", WHALE, text(2)), A, third, edges=(*left, kept), kin=(A, third), former=B.signature)
    assert found.parted == left
    assert found.edges == ()
    assert [story.members for story in found.stories] == [("a", "c"), ("b",)]


def test_a_doubt_is_noted_once_and_goes_when_the_texts_are_alike_again() -> None:
    shelf = Shelf()
    shelf.add(A)
    shelf.add(B)
    teaser = item("a", PIER, text(2, 30))
    (edge,) = shelf.change(teaser).edges
    assert edge.evidence.doubt is not None
    assert edge.evidence.doubt.containment == 0
    assert shelf.change(teaser).edges == (), "it is known"
    (edge,) = shelf.change(A).edges
    assert edge.evidence.doubt is None


def test_what_the_editor_keeps_apart_is_a_miss_and_its_edge_stays_a_fact() -> None:
    shelf = Shelf(Overrides(never_merge=frozenset({("a", "b")})))
    shelf.add(A)
    shelf.add(B)
    shelf.edges["a", "b"] = joined(A, B)
    found = shelf.change(A)
    assert (found.parted, [miss.refusal.rule for miss in found.misses]) == ((), ["editor"])


@pytest.mark.no_cover
def test_labelled_copies_that_are_edited_into_one_another_never_part() -> None:
    for name in ("near-duplicates.dev.jsonl.gz", "story-pairs.jsonl"):
        groups = defaultdict(list)
        for row in labelled(name):
            groups[row["group"]].append(sighted(row))
        for found in groups.values():
            for one, other, after in permutations(found, 3):
                if isinstance(stories.verify(one, other), Evidence):
                    now = replace(after, uid=one.uid, source_id=one.source_id)
                    assert reason_to_part(now, other, joined(one, other), one.signature) is None
                    assert reason_to_part(now, other, joined(one, other), None) is None


PIECES = [
    (PIER, text(1)),
    (PIER, f"{text(1)} {text(4, 10)}"),
    (WHALE, text(2)),
    (WHALE, f"{text(5, 8)} {text(2)}"),
]
changes = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), max_size=8)


@given(changes)
def test_however_items_change_who_is_one_piece_follows_from_what_they_say_now(said: list[tuple[str, int]]) -> None:
    shelf, says = Shelf(), dict.fromkeys("abcd", 0)
    for uid in says:
        shelf.add(item(uid, *PIECES[0]), first_seen=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=ord(uid)))
    for uid, number in said:
        says[uid] = number
        shelf.change(item(uid, *PIECES[number]))
    grouped = {uid: story.members for story in shelf.stories() for uid in story.members}
    for uid, members in grouped.items():
        assert members == tuple(other for other in sorted(says) if says[other] // 2 == says[uid] // 2)
