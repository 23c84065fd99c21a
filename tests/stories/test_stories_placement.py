"""Items are placed one after the other; what comes out does not depend on the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import stories
from aggregator.model import Copy, FeedMeta, Fingerprint, Item, ItemHistory, ItemKey, Origin, Overrides, Sighting
from aggregator.stories.limits import MOST_TOLD
from tests.stories.score import FILES, grouped, half, score
from tests.stories.shelf import NOON, Shelf, entry, labelled, member
from tests.support import nouns
from tests.support.signatures import Signatures

TEXTS = (
    (
        "The crew of a passenger ferry pulled eleven fishermen from the water on Sunday night after their trawler"
        " began to sink off the head, and two of them were treated in the hospital for the cold."
    ),
    (
        "Parliament voted on Thursday to end the tax on books, a measure that publishers had asked for in vain"
        " since the days of lead type, and that booksellers expect to fill their shops before the summer."
    ),
)
TAILS = ("", "Investigators will enter the wreck on Thursday when the tide is low.", "Nobody was hurt.")
NO_OVERRIDES = Overrides()


def sighting(uid: str, text: str = TEXTS[0], **details: Any) -> Sighting:
    """A sighting of a source of its own."""
    values = {"source_id": f"s{uid}", "published": NOON, "names": frozenset({uid, f"https://{uid}.example/"})}
    found = entry(details.pop("title", "A title of four words"), f"<p>{text}</p>", url=details.pop("url", None))
    return Sighting(uid=uid, signature=stories.sign(found), **(values | details))


def shelved(*items: Sighting, overrides: Overrides = NO_OVERRIDES) -> Shelf:
    """A shelf with the items placed in the given order."""
    shelf = Shelf(overrides)
    for found in items:
        shelf.add(found)
    return shelf


def members(shelf: Shelf) -> list[tuple[str, ...]]:
    """The members of each story, ascending."""
    return sorted(story.members for story in shelf.stories())


def test_an_item_that_nothing_resembles_stands_alone():
    shelf = shelved(sighting("a"))
    placed = shelf.add(sighting("b", TEXTS[1], title="Books"))
    assert placed.story.members == ("b",)
    assert placed.edges == placed.misses == ()


def test_a_copy_joins_its_story_by_an_edge_that_says_why():
    placed = shelved(sighting("a")).add(sighting("b"))
    assert placed.story.members == ("a", "b")
    assert placed.stories == (placed.story,)
    (edge,) = placed.edges
    assert (edge.one, edge.other, edge.evidence.method, edge.evidence.score) == ("a", "b", "exact", 1)


def test_a_near_miss_is_told_with_its_reason():
    placed = shelved(sighting("a")).add(sighting("b", source_id="sa"))
    (miss,) = placed.misses
    assert (miss.one, miss.other, miss.refusal.rule) == ("a", "b", "source")


def test_what_hardly_resembles_is_no_miss():
    shelf = shelved(sighting("a", title="A title of words"))
    placed = shelf.add(sighting("b", TEXTS[1], title="A title of words"))
    assert placed.misses == ()


def test_what_resembles_in_part_is_a_miss():
    title = "A title of words"
    placed = shelved(sighting("a", f"{TEXTS[0]} {TEXTS[1][::-1]}", title=title)).add(
        sighting("b", f"{TEXTS[0][:100]} {TEXTS[1]}", title=title, recurring=True)
    )
    assert [miss.refusal.rule for miss in placed.misses] == ["unlike"]


def test_placing_again_changes_nothing():
    shelf = shelved(sighting("a"), sighting("b"), sighting("c", TEXTS[1]))
    before = dict(shelf.edges)
    again = shelf.place(shelf.sightings["b"])
    assert shelf.edges == before
    assert again.story.members == ("a", "b")


def test_an_edge_stays_when_a_text_drifts_away():
    shelf = shelved(sighting("a"), sighting("b"))
    assert shelf.add(sighting("b", TEXTS[1], title="Books")).story.members == ("a", "b")


def test_an_edge_that_no_story_can_hold_is_kept_and_told():
    items = [sighting("a"), sighting("b", published=NOON + timedelta(days=4))]
    placed = shelved(*items).add(sighting("c", published=NOON + timedelta(days=8)))
    assert placed.story.members == ("c",)
    assert [edge.one for edge in placed.edges] == ["b"]
    assert [(miss.one, miss.refusal.rule) for miss in placed.misses] == [("a", "window"), ("b", "limits")]


def test_the_editor_keeps_copies_apart_by_address():
    overrides = Overrides(never_merge=frozenset({("https://b.example/", "a")}))
    shelf = shelved(sighting("a"), overrides=overrides)
    placed = shelf.add(sighting("b"))
    assert placed.story.members == ("b",)
    assert [miss.refusal.rule for miss in placed.misses] == ["editor"]
    assert shelf.add(sighting("c")).story.members in {("a", "c"), ("b", "c")}


def test_the_editor_joins_what_has_nothing_in_common():
    overrides = Overrides(merge=frozenset({("https://b.example/", "a"), ("x", "y"), ("b", "https://b.example/")}))
    shelf = shelved(sighting("a"), overrides=overrides)
    late = sighting("b", TEXTS[1], title="Books", published=NOON + timedelta(days=90))
    assert stories.wanted_names(late, overrides) == {"a"}
    placed = shelf.add(late)
    assert placed.story.members == ("a", "b")
    assert [edge.evidence.method for edge in placed.edges] == ["editor"]


def test_a_pair_that_names_one_item_twice_forbids_nothing():
    shelf = shelved(
        sighting("a"), overrides=Overrides(never_merge=frozenset({("a", "https://a.example/"), ("q", "a")}))
    )
    assert shelf.add(sighting("b")).story.members == ("a", "b")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 100)), min_size=2, max_size=9),
    st.data(),
)
def test_stories_do_not_depend_on_the_order_of_arrival(drawn: list[tuple[int, int, int]], data: st.DataObject):
    items = [
        sighting(
            f"{place}", f"{TEXTS[text]} {TAILS[tail]}", published=NOON + timedelta(hours=hours), title=f"{text}"
        )
        for place, (text, tail, hours) in enumerate(drawn)
    ]
    assert members(shelved(*items)) == members(shelved(*data.draw(st.permutations(items))))


def test_labelled_data_come_out_the_same_backwards():
    rows = labelled("story-pairs.jsonl")
    forwards, backwards = Shelf(), Shelf()
    _shelf, expected = grouped(rows)
    for row in reversed(rows):
        backwards.add(_shelf.sightings[row["id"]])
    for row in rows:
        forwards.add(_shelf.sightings[row["id"]])
    assert members(forwards) == members(backwards)
    assert len(set(expected.values())) == len(members(forwards))


@pytest.mark.no_cover
def test_the_product_meets_its_target_on_labelled_data():
    for name in FILES:
        rows = labelled(name)
        for label in ("tune", "held"):
            part = [row for row in rows if half(row) == label]
            result = score(part, grouped(part)[1])
            assert result.precision >= 0.99, (name, label, result.wrong)
            assert result.f1 >= 0.95, (name, label, result.missed)


# --- the index


def test_the_index_finds_by_any_key_and_never_the_item_itself():
    index = Signatures()
    one, other = sighting("a", url="https://lake.example/a"), sighting("b", TEXTS[1], url="https://lake.example/b")
    index.add(one)
    index.add(other)
    assert len(index) == 2
    assert [found.uid for found in index.candidates(one.signature, "x")] == ["a", "b"]
    assert [found.uid for found in index.candidates(one.signature, "a")] == ["b"]
    assert index.candidates(sighting("c", "", title="").signature) == ()


def test_items_leave_the_index_with_the_window():
    index = Signatures()
    index.add(sighting("a"))
    index.add(sighting("b", published=NOON + timedelta(hours=1)))
    assert index.evict(NOON + timedelta(days=5)) == 0
    assert index.evict(NOON + timedelta(days=5, minutes=1)) == 1
    assert [found.uid for found in index.candidates(sighting("c").signature)] == ["b"]
    index.remove("a")
    index.remove("b")
    assert len(index) == 0


def test_a_key_of_too_many_items_is_not_followed():
    index = Signatures()
    for number in range(200):
        index.add(sighting(f"{number}"))
    assert len(index.candidates(sighting("x").signature)) == 200
    index.add(sighting("one too many"))
    assert index.candidates(sighting("x").signature) == ()


def test_the_index_counts_titles_and_addresses_of_a_source():
    index = Signatures()
    for day in (0, 20, 40):
        published = NOON + timedelta(days=day)
        index.add(sighting(f"{day}", source_id="s", published=published, url="https://lake.example/photo"))
    found = sighting("x", url="https://lake.example/photo").signature
    assert index.titles("s", found, NOON + timedelta(days=20)) == 3
    assert index.titles("s", found, NOON) == 2
    assert index.titles("other", found, NOON) == 0
    assert index.addresses("s", found) == 3
    assert index.addresses("s", sighting("x").signature) == 0


# --- from stored items


def stored(url: str | None = "https://news.river.example/1", **details: Any) -> Item:
    """An item as the store keeps it."""
    values: dict[str, Any] = {
        "uid": "u",
        "source_id": "river",
        "key": ItemKey(kind="id", value="1"),
        "public_id": "urn:uuid:u",
        "entry": replace(entry("Ferry", f"<p>{TEXTS[0]}</p>", url=url), id="1"),
        "fingerprint": Fingerprint(version=1, title="", text="", media="", meta=""),
        "published": NOON,
        "published_reason": "claimed",
        "updated": NOON,
        "updated_reason": "claimed",
        "claimed_updated": None,
        "first_seen": NOON,
        "changed_at": NOON,
    }
    return Item(**(values | details))


def test_an_item_is_sighted_under_all_its_names():
    item = stored()
    found = stories.sighting(item, stories.sign(item.entry))
    assert found.names == {"u", "urn:uuid:u", "1", item.entry.url, item.entry.url_key}
    assert (found.recurring, found.shared_url) == (False, False)
    counted = stories.sighting(item, found.signature, titles=3, addresses=2)
    assert (counted.recurring, counted.shared_url) == (True, True)
    assert not stories.sighting(item, found.signature, titles=2).recurring, "twice is chance"


def test_a_page_that_is_rewritten_all_day_is_a_live_page():
    item = stored(trace=ItemHistory(churn=True))
    assert "live" in stories.sighting(item, stories.sign(item.entry)).signature.traits


def test_an_item_is_at_home_on_its_sources_site_and_those_beneath_it():
    origin = Origin(
        source=nouns.source(location="https://feeds.river.example/rss", title="River News"), meta=FeedMeta()
    )
    assert stories.member(Copy(item=stored()), origin).at_home
    assert stories.member(Copy(item=stored(url="https://river.example/1")), origin).at_home
    assert stories.member(Copy(item=stored(url=None)), origin).at_home
    assert not stories.member(Copy(item=stored(url="https://lake.example/1")), origin).at_home
    assert stories.member(Copy(item=stored()), origin).called == {"river news", "river"}


def test_the_site_that_a_feed_names_counts_before_the_feeds_own_address():
    meta = FeedMeta(link="https://www.lake.example/", title=" Lake ")
    origin = Origin(source=nouns.source(location="https://feeds.river.example/rss"), meta=meta)
    length = stories.sign(stored().entry).length
    found = stories.member(Copy(item=stored(url="https://lake.example/1"), length=length), origin)
    assert found.at_home
    assert found.called == {"lake", "river"}
    assert found.length == 36


def test_of_many_that_only_resemble_an_item_some_are_noted():
    others = [
        sighting(f"o{n:02}", f"{TEXTS[0][:100]} {TEXTS[1]}", title=f"Wholly {n} other")
        for n in range(2 * MOST_TOLD)
    ]
    item = sighting("item", f"{TEXTS[0]} {TEXTS[1][::-1]}", title="One of four words")
    around = stories.Surroundings(candidates=tuple(others), members=tuple(map(member, (*others, item))))
    placed = stories.place(item, around, NO_OVERRIDES)
    assert placed.story.members == ("item",)
    assert [miss.refusal.rule for miss in placed.misses] == ["unlike"] * MOST_TOLD
