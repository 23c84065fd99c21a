"""Sources that flood, and those beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Item, Publication, Source
from aggregator.publish import Selection, fairness, select
from tests.publish.editions import item
from tests.support.nouns import NOON, source

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ALL = Publication(id="all", title="All", limit=100)


def of(source_id: str, count: int, every: timedelta, newest: timedelta = timedelta()) -> list[Item]:
    """Items of a source, the newest so long before noon, then one every so often."""
    offset = sum(map(ord, source_id)) * 10000
    return [item(offset + number, NOON - newest - number * every, source_id=source_id) for number in range(count)]


def river(*parts: Sequence[Item]) -> list[Item]:
    return sorted((one for part in parts for one in part), key=lambda one: (one.published, one.uid), reverse=True)


def sources(*ids: str) -> dict[str, Source]:
    return {name: source(id=name) for name in ids}


def shares(chosen: Sequence[Item]) -> Counter[str]:
    return Counter(one.source_id for one in chosen)


def test_a_flood_leaves_half_of_the_room_to_the_others():
    others = [of(f"s{number}", 60, DAY / 2) for number in range(9)]
    everything = river(of("flood", 3000, timedelta(seconds=1)), *others)
    chosen = select(ALL, sources("flood", *(f"s{number}" for number in range(9))), everything)
    assert len(chosen) == 100
    assert shares(chosen)["flood"] == 50
    kept = [one for one in chosen if one.source_id != "flood"]
    assert kept == river(*others)[:50], "the others keep their newest"


def test_several_floods_share_what_they_get_and_always_leave_some():
    for number, (each, left) in enumerate([(50, 50), (38, 24), (30, 10), (24, 4)], 1):
        floods = [of(f"f{one}", 3000, timedelta(seconds=1)) for one in range(number)]
        ids = [f"f{one}" for one in range(number)]
        quiet = [f"q{one}" for one in range(number)]
        everything = river(*floods, *(of(name, 60, DAY / 2) for name in quiet))
        found = shares(select(ALL, sources(*ids, *quiet), everything))
        assert [found[name] for name in ids] == [each] * number
        assert sum(found[name] for name in quiet) == left


def test_a_river_in_which_nobody_has_more_than_half_stays_as_it_is():
    everything = river(of("a", 300, 2 * MINUTE), of("b", 200, 3 * MINUTE), of("c", 200, 4 * MINUTE))
    assert list(select(ALL, sources("a", "b", "c"), everything)) == everything[:100]


def test_room_that_the_others_do_not_need_is_not_left_empty():
    everything = river(of("busy", 300, MINUTE), of("quiet", 5, DAY))
    chosen = select(ALL, sources("busy", "quiet"), everything)
    assert shares(chosen) == {"busy": 95, "quiet": 5}
    assert [one for one in chosen if one.source_id == "busy"] == of("busy", 300, MINUTE)[:95]


def test_no_room_is_kept_for_what_is_long_past():
    everything = river(of("daily", 200, DAY / 4), of("yearly", 100, DAY, newest=60 * DAY))
    assert shares(select(ALL, sources("daily", "yearly"), everything)) == {"daily": 100}


def test_the_only_source_has_all_the_room():
    everything = of("alone", 300, MINUTE)
    assert list(select(ALL, sources("alone"), everything)) == everything[:100]


def test_a_quota_of_the_editor_s_is_taken_at_its_word():
    quota = Publication(id="all", title="All", limit=100, per_source=80)
    everything = river(of("flood", 3000, timedelta(seconds=1)), of("quiet", 60, DAY / 2))
    assert shares(select(quota, sources("flood", "quiet"), everything)) == {"flood": 80, "quiet": 20}


def test_no_more_of_the_store_is_read_than_the_room_takes():
    everything = river(of("flood", 3000, timedelta(seconds=1)), of("quiet", 3000, MINUTE))
    selection = Selection(ALL, sources("flood", "quiet"))
    read, after = 0, 0
    while wanted := selection.wanted:
        batch = [one for one in everything[after:] if one.source_id in wanted][:200]
        selection.offer(batch)
        read += len(batch)
        after = everything.index(batch[-1]) + 1
    assert read <= 600
    assert shares(selection.items) == {"flood": 50, "quiet": 50}


def test_a_new_source_s_backlog_appears_at_its_own_dates():
    news = of("news", 60, MINUTE)
    backlog = of("new", 500, DAY, newest=5 * DAY)
    chosen = select(ALL, sources("news", "new"), river(news, backlog))
    assert list(chosen[:60]) == news
    assert list(chosen) == river(news, backlog[:40])


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60 * 24)), max_size=60)


@settings(max_examples=200, deadline=None)
@given(ROWS, st.integers(1, 20))
def test_the_room_is_used_up_in_order_and_nobody_small_is_cut(rows: list[tuple[str, int]], limit: int):
    items = river(
        [
            item(number, NOON - hours * timedelta(hours=1), source_id=name)
            for number, (name, hours) in enumerate(rows)
        ]
    )
    chosen = fairness.share_out(items, limit)
    assert len(chosen) == min(limit, len(items))
    assert list(chosen) == [one for one in items if one in chosen]
    for name, count in shares(items[:limit]).items():
        # Whoever has no more than half among the newest loses nothing to anybody but a smaller one.
        if count <= limit / 2 and max(shares(items[:limit]).values()) <= limit / 2:
            assert shares(chosen)[name] == count
    if fairness.is_settled(items, limit):
        older = [item(1000 + number, NOON - 400 * DAY, source_id="d") for number in range(30)]
        assert fairness.share_out([*items, *older], limit) == chosen
