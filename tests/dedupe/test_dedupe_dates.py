"""The tables of docs/dates.md: which claims move a date of publication, and how items of one date are ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe import behaviour_notice
from aggregator.dedupe.document_order import UNORDERED
from aggregator.model import Entry, Item, SourceProfile, Stamp
from tests.dedupe.memory import HOUR, Memory
from tests.support.nouns import NOON, at, entry, stamp

SENTINEL = "2001-01-01T00:00:00Z"
DAY = timedelta(days=1)


def post(number: int, claim: str | None, **fields) -> Entry:
    """A post of its own id, address and text, with that date."""
    words = " ".join(f"word{number}{letter}" for letter in "abcdefghijklmnop")
    defaults = {
        "id": f"urn:x:{number}",
        "url": f"https://river.example/{number}",
        "url_key": f"river.example/{number}",
        "title": f"Report {number}",
        "text": words,
        "content": f"<p>{words}</p>",
        "published": stamp(claim) if claim else None,
        "position": number,
    }
    return entry(**(defaults | fields))


def day(text: str) -> Stamp:
    """A claim of a day."""
    return replace(stamp(f"{text}T00:00:00Z"), precision="day")


def dates(memory: Memory) -> dict[str, datetime]:
    """Of all items."""
    return {item.entry.title: item.published for item in memory.items.values()}


def told(*claims: str | None, after: Sequence[timedelta] = (), fresh: bool = False) -> list[Item]:
    """An item as it stands after each of these claims, an hour apart unless said otherwise."""
    memory = Memory()
    if fresh:
        memory.poll(post(9, "2026-02-01T08:00:00Z"))
    stood = []
    for place, claim in enumerate(claims):
        memory.poll(post(1, claim), after=after[place] if place < len(after) else HOUR)
        (found,) = [item for item in memory.items.values() if item.entry.id == "urn:x:1"]
        stood.append(found)
    return stood


# ---------------------------------------------------------------- one item


@pytest.mark.parametrize(
    ("first", "second", "held"),
    [
        ("2026-02-20T08:00:00Z", "2026-02-10T08:00:00Z", "2026-02-10T08:00:00Z"),  # earlier
        ("2025-11-01T08:00:00Z", "2026-03-01T11:30:00Z", "2026-03-01T11:30:00Z"),  # later, before the first sight
        ("2026-03-01T04:25:16Z", "2026-03-01T08:49:28Z", "2026-03-01T04:25:16Z"),  # by hours: a cached bump
        ("2026-02-20T08:00:00Z", "2026-03-01T12:30:00Z", "2026-02-20T08:00:00Z"),  # beyond it
        ("2026-02-20T08:00:00Z", "2027-01-01T00:00:00Z", "2026-02-20T08:00:00Z"),  # in the future
        ("2026-02-20T08:00:00Z", "1970-01-01T00:00:00Z", "2026-02-20T08:00:00Z"),  # a sentinel
        ("2026-02-20T08:00:00Z", None, "2026-02-20T08:00:00Z"),
        (None, "2026-02-20T08:00:00Z", "2026-02-20T08:00:00Z"),
        ("2026-03-09T08:00:00Z", "2026-02-28T08:00:00Z", "2026-02-28T08:00:00Z"),  # first dated ahead, then mended
    ],
)
def test_an_hour_after_the_first_sight_a_claim_up_to_it_holds(first, second, held):
    item = told(first, second)[-1]
    assert item.published == at(held)
    assert item.updated >= item.published


def test_two_days_after_the_first_sight_a_later_claim_is_that_of_an_edit():
    assert told("2026-01-01T08:00:00Z", "2026-02-20T08:00:00Z", after=[HOUR, 49 * HOUR])[-1].published == at(
        "2026-01-01T08:00:00Z"
    )


def test_a_later_claim_that_comes_with_an_edit_does_not_hold_nor_when_it_is_repeated():
    memory = Memory()
    memory.poll(post(1, "2026-02-01T08:00:00Z"))
    edited = post(1, "2026-02-20T08:00:00Z", text="Wholly other words", content=None)
    memory.poll(edited)
    memory.poll(edited)
    assert memory.one().published == at("2026-02-01T08:00:00Z")


def test_a_later_claim_that_comes_with_a_later_update_is_that_of_publishing_anew():
    memory = Memory()
    memory.poll(post(1, "2026-02-26T08:00:00Z", updated=stamp("2026-02-26T08:00:00Z")))
    anew = post(1, "2026-03-01T11:30:00Z", updated=stamp("2026-03-01T11:30:00Z"))
    memory.poll(anew)
    memory.poll(anew)
    assert memory.one().published == memory.one().updated == at("2026-02-26T08:00:00Z")


def test_an_update_that_stands_in_for_the_date_is_not_mended_where_the_first_sight_says_nothing():
    memory = Memory()
    memory.poll(post(1, None, updated=stamp("2026-02-26T08:00:00Z")))
    memory.poll(post(1, None, updated=stamp("2026-03-01T11:30:00Z")))
    assert memory.one().published == at("2026-02-26T08:00:00Z")


def test_an_item_that_came_fresh_under_an_old_date_is_as_new_as_its_first_sight_when_that_is_mended():
    item = told("2025-11-01T08:00:00Z", "2026-03-01T13:40:00Z", fresh=True)[-1]
    assert item.published == item.first_seen == NOON + HOUR
    assert item.published_reason.startswith("first seen: its earlier date was mended")
    assert item.updated == item.published
    assert told("2025-11-01T08:00:00Z", "2026-03-01T12:40:00Z")[-1].published == at("2025-11-01T08:00:00Z")


def test_an_item_that_came_fresh_may_be_mended_together_with_its_words():
    memory = Memory()
    memory.poll(post(9, "2026-02-01T08:00:00Z"))
    memory.poll(post(1, "2025-11-01T08:00:00Z"))
    memory.poll(post(1, "2026-03-01T12:50:00Z", text="Wholly other words", content=None))
    assert dates(memory)["Report 1"] == at("2026-03-01T12:50:00Z")
    memory.poll(post(1, "2026-03-01T14:50:00Z", text="Other words again", content=None))
    assert dates(memory)["Report 1"] == at("2026-03-01T12:50:00Z")


def test_a_bump_of_a_fresh_item_does_not_move_it():
    bumped = told("2026-03-01T12:55:00Z", "2026-03-01T13:59:00Z", fresh=True)[-1]
    assert bumped.published == at("2026-03-01T12:55:00Z")


def test_a_day_that_is_claimed_later_and_holds_the_first_sight_is_the_first_sight():
    memory = Memory()
    memory.poll(post(1, "2025-11-01T08:00:00Z"))
    memory.poll(post(1, None, published=day("2026-03-01")))
    assert memory.one().published == memory.one().first_seen
    assert memory.one().published_reason == "first seen within the day that was claimed later"


def test_a_mistake_that_is_taken_back_after_weeks_leaves_the_date_as_it_was():
    stood = told("2026-02-20T08:00:00Z", SENTINEL, "2026-02-20T08:00:00Z", after=[HOUR, 30 * DAY])
    assert stood[1].published == at(SENTINEL)
    assert stood[2].published == stood[0].published
    assert stood[2].published_reason == "claimed, and again after another date was taken back"


def test_two_mistakes_in_a_row_are_both_taken_back_and_a_date_mended_long_ago_comes_back():
    claims = ["2026-02-20T08:00:00Z", "2026-02-10T08:00:00Z", SENTINEL, "1999-01-01T00:00:00Z"]
    stood = told(*claims, "2026-02-10T08:00:00Z", SENTINEL, after=[HOUR, *[30 * DAY] * 5])
    assert [one.published for one in stood[3:]] == [at(claims[3]), at(claims[1]), at(claims[1])]


def test_a_claim_that_flips_comes_to_rest():
    one, other = "2026-02-20T08:00:00Z", "2026-02-10T08:00:00Z"
    stood = told(one, other, one, other, one, other, after=[HOUR, *[30 * DAY] * 5])
    assert [item.published for item in stood[2:]] == [at(one)] * 4
    assert stood[3].published_reason == stood[2].published_reason


def test_a_first_sight_comes_back_when_the_claim_behind_it_is_made_again():
    memory = Memory()
    memory.poll(post(1, None, published=day("2026-03-01")))
    memory.poll(post(1, SENTINEL), after=20 * DAY)
    memory.poll(post(1, None, published=day("2026-03-01")), after=HOUR)
    assert memory.one().published == NOON - timedelta(seconds=1)


def test_an_update_that_stood_in_for_the_date_of_publication_is_mended_like_one():
    memory = Memory()
    memory.poll(post(9, "2026-02-01T08:00:00Z"))
    memory.poll(post(1, None, updated=stamp("2025-11-01T08:00:00Z")))
    for claim, held in [
        ("2030-01-01T00:00:00Z", "2025-11-01T08:00:00Z"),
        ("2025-10-01T08:00:00Z", "2025-11-01T08:00:00Z"),
        ("2025-11-01T09:00:00Z", "2025-11-01T08:00:00Z"),
        ("2026-03-01T13:30:00Z", "2025-11-01T08:00:00Z"),  # beyond the first sight: an edit
        ("2026-03-01T12:50:00Z", "2026-03-01T12:50:00Z"),
        ("2026-03-01T12:55:00Z", "2026-03-01T12:50:00Z"),
    ]:
        memory.poll(post(1, None, updated=stamp(claim)))
        assert dates(memory)["Report 1"] == at(held), claim
    (item,) = [one for one in memory.items.values() if one.entry.id == "urn:x:1"]
    assert item.published_reason == "claimed as update, mended"
    assert item.published <= item.updated


def test_updated_is_never_before_published():
    memory = Memory()
    claim = stamp("2025-11-02T08:00:00Z")
    memory.poll(post(1, "2025-11-01T08:00:00Z", updated=claim))
    memory.poll(post(1, "2026-02-27T08:00:00Z", updated=claim))
    item = memory.one()
    assert (item.updated, item.updated_reason) == (at("2026-02-27T08:00:00Z"), "as published")


def test_an_edit_that_mends_a_date_beyond_its_claimed_update_is_updated_after_it_was_published():
    memory = Memory()
    memory.poll(post(9, "2026-02-01T08:00:00Z"))
    memory.poll(post(1, "2025-11-01T08:00:00Z"))
    early = stamp("2025-12-01T08:00:00Z")
    memory.poll(post(1, "2026-03-01T12:50:00Z", updated=early, text="Wholly other words", content=None))
    (item,) = [one for one in memory.items.values() if one.entry.id == "urn:x:1"]
    assert item.published < item.updated == memory.now


# ---------------------------------------------------------------- many items


def feed(claim: str | None = None, *, count: int = 6) -> list[Entry]:
    """Posts of some days, newest first; all of one date if that is given."""
    return [post(n, claim or f"2026-02-{20 - n:02}T0{n % 10}:30:00Z") for n in range(count)]


@pytest.mark.parametrize("gap", [HOUR, 60 * DAY], ids=["an hour later", "two months later"])
@pytest.mark.parametrize(
    "wrong",
    [SENTINEL, "2026-03-01T11:00:00Z", "2026-03-01T12:40:00Z", "2030-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
)
def test_dates_that_are_all_wrong_for_an_hour_leave_no_trace(wrong, gap):
    memory = Memory()
    memory.poll(*feed())
    before = dates(memory)
    memory.poll(*feed(wrong), after=gap)
    assert dates(memory) == before
    memory.poll(*feed())
    assert dates(memory) == before
    assert memory.profile.shared_date is None


def test_dates_that_are_all_shifted_for_an_hour_come_back():
    memory = Memory()
    memory.poll(*feed())
    before = dates(memory)
    memory.poll(*(post(n, f"2025-02-{20 - n:02}T0{n}:30:00Z") for n in range(6)), after=30 * DAY)
    memory.poll(*feed())
    assert dates(memory) == before


def test_a_date_that_many_items_suddenly_share_dates_no_new_item_either_and_the_editor_is_told():
    memory = Memory()
    memory.poll(*feed())
    memory.poll(post(7, SENTINEL, position=0), *feed(SENTINEL))
    assert dates(memory)["Report 7"] == memory.now
    assert "2001-01-01" in (behaviour_notice(memory.source, memory.profile) or "")
    (item,) = [one for one in memory.items.values() if one.entry.id == "urn:x:7"]
    assert item.published_reason == "first seen: many items suddenly claim the date 2001-01-01T00:00:00Z"
    memory.poll(*feed(), post(7, "2026-03-01T12:30:00Z"))
    assert dates(memory)["Report 7"] == at("2026-03-01T12:30:00Z")
    assert behaviour_notice(memory.source, memory.profile) is None


def test_undated_items_that_all_get_one_date_for_an_hour_keep_their_first_sights():
    memory = Memory()
    undated = [post(n, None) for n in range(6)]
    memory.poll(*undated)
    before = dates(memory)
    memory.poll(*feed(SENTINEL))
    memory.poll(*undated)
    assert dates(memory) == before


def test_a_first_poll_of_one_date_is_believed_and_mended_within_two_days():
    memory = Memory()
    memory.poll(*feed(SENTINEL))
    assert set(dates(memory).values()) == {at(SENTINEL)}
    memory.poll(*feed())
    assert sorted(dates(memory).values()) == sorted(one.published.utc for one in feed())


def test_a_feed_of_one_day_and_a_zone_that_is_mended_are_believed():
    memory = Memory()
    memory.poll(*(post(n, f"2026-02-20T1{n}:00:00Z") for n in range(6)))
    memory.poll(*(post(n, f"2026-02-20T0{n}:00:00Z") for n in range(6)))
    assert sorted(dates(memory).values()) == [at(f"2026-02-20T0{n}:00:00Z") for n in range(6)]
    assert memory.profile.shared_date is None


def test_undated_items_that_get_their_months_are_believed_though_some_share_one():
    memory = Memory()
    memory.poll(*(post(n, None) for n in range(8)))
    months = [f"2025-0{1 + n // 3}-01T00:00:00Z" for n in range(8)]
    memory.poll(*(post(n, month) for n, month in enumerate(months)))
    assert sorted(dates(memory).values()) == sorted(at(month) for month in months)


@given(
    st.lists(st.integers(0, 27), min_size=3, max_size=8, unique=True),
    st.integers(1, 11000).map(lambda ago: NOON - ago * DAY),
    st.integers(1, 2000),
)
def test_whatever_date_all_items_bear_for_a_poll_afterwards_all_is_as_before(days, wrong, hours):
    memory = Memory()
    true = [post(n, f"2026-02-{1 + day:02}T08:00:00Z") for n, day in enumerate(days)]
    memory.poll(*true)
    before = dates(memory)
    memory.poll(*(post(n, f"{wrong:%Y-%m-%dT%H:%M:%S}Z") for n in range(len(days))), after=hours * HOUR)
    memory.poll(*true)
    assert dates(memory) == before


# ---------------------------------------------------------------- items of one date


def order(memory: Memory) -> list[str]:
    """Ids, as a publication lists them."""
    found = sorted(memory.items.values(), key=lambda item: item.sort_key, reverse=True)
    return [str(item.entry.id).rpartition(":")[2] for item in found]


def listed(*numbers: int, claim: str | None = "2026-02-20T00:00:00Z") -> list[Entry]:
    """Posts of one date in that order."""
    return [post(number, claim, position=place) for place, number in enumerate(numbers)]


def test_items_of_one_date_stand_as_their_feed_lists_them_and_later_ones_above():
    memory = Memory()
    memory.poll(*listed(9, 8, 7, 6, 5, 4, 3, 2, 1))
    assert order(memory) == list("987654321")
    memory.poll(*listed(11, 10, 9, 8, 7))
    assert order(memory) == ["11", "10", *"987654321"]


@pytest.mark.parametrize("claim", ["2026-02-20T00:00:00Z", None], ids=["of one day", "undated"])
def test_a_feed_that_puts_new_items_at_its_end_is_read_from_there(claim):
    memory = Memory()
    memory.poll(*listed(1, 2, 3, claim=claim))
    memory.poll(*listed(1, 2, 3, 4, 5, claim=claim))
    memory.poll(*listed(3, 4, 5, 6, 7, claim=claim))
    assert order(memory)[:4] == list("7654")
    assert memory.profile.oldest_first


@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.booleans())
def test_whichever_way_a_feed_of_one_date_runs_all_its_items_come_right_once_that_is_seen(more, rising):
    memory = Memory()
    last = 0
    for count in (3, *more, 2):
        last += count
        numbers = range(1, last + 1) if rising else range(last, 0, -1)
        memory.poll(*listed(*numbers))
    assert order(memory) == [str(number) for number in range(last, 0, -1)]
    assert (memory.profile.oldest_first, memory.profile.unordered) == (rising, ())


def test_a_first_batch_that_is_turned_round_keeps_its_ids_and_dates_and_its_place_among_others():
    memory = Memory()
    memory.poll(*listed(1, 2, 3))
    assert order(memory) == list("123")
    before = {item.uid: (item.public_id, item.published, item.updated) for item in memory.items.values()}
    places = sorted(item.listing_order for item in memory.items.values())
    assert memory.poll(*listed(1, 2, 3, 4)) == [("new", "Report 4")]
    assert order(memory) == list("4321")
    after = {item.uid: (item.public_id, item.published, item.updated) for item in memory.items.values()}
    assert after.items() >= before.items()
    assert sorted(item.listing_order for item in memory.items.values())[:3] == places
    assert memory.poll(*listed(1, 2, 3, 4, 5)) == [("new", "Report 5")]
    assert order(memory) == list("54321")


def test_what_was_seen_once_is_not_turned_round_when_a_feed_is_turned_round():
    memory = Memory()
    memory.poll(*listed(5, 4, 3, 2, 1))
    memory.poll(*listed(7, 6, 5, 4, 3, 2, 1))
    for last in (9, 11, 13):
        memory.poll(*listed(*range(1, last + 1)))
    assert memory.profile.oldest_first
    assert order(memory)[-7:] == list("7654321")


def test_polls_without_any_order_are_remembered_only_so_many():
    memory = Memory()
    for poll in range(20):
        memory.poll(*listed(2 * poll, 2 * poll + 1))
    assert len(memory.profile.unordered) == UNORDERED


def test_a_feed_whose_dates_rise_is_read_from_its_end_at_once_and_a_first_entry_may_be_pinned():
    memory = Memory()
    older = [post(n, f"2026-02-0{n}T00:00:00Z", position=n - 1) for n in (1, 2, 3)]
    memory.poll(*older, *(post(n, "2026-02-20T00:00:00Z", position=n - 1) for n in (4, 5, 6)))
    assert order(memory) == list("654321")
    pinned = Memory()
    pinned.poll(post(1, "2026-01-01T00:00:00Z", position=0), *shifted(6, 5, 4))
    assert order(pinned) == list("6541")


def shifted(*numbers: int) -> list[Entry]:
    """Posts of one date in that order, below a first entry."""
    return [replace(one, position=one.position + 1) for one in listed(*numbers)]


def test_a_feed_without_order_is_read_from_its_beginning():
    memory = Memory(profile=SourceProfile())
    claims = {1: "2026-02-03", 2: "2026-02-09", 3: "2026-02-01", 4: "2026-02-09", 5: "2026-02-02", 6: "2026-02-09"}
    memory.poll(*(post(n, f"{day}T00:00:00Z", position=n - 1) for n, day in claims.items()))
    assert order(memory) == list("246153")


@given(st.permutations(range(1, 7)), st.integers(0, 6))
def test_of_one_date_what_came_later_stands_above_and_what_came_together_stands_as_listed(numbers, cut):
    memory = Memory()
    memory.poll(*listed(*numbers[cut:]))
    memory.poll(*listed(*numbers))
    assert order(memory) == [str(number) for number in numbers]


def _read_in(hours: float, raw: str = "20 Feb 2026 12:00:00") -> Stamp:
    """The words of a claim without zone, read so many hours behind UTC."""
    utc = datetime(2026, 2, 20, 12, tzinfo=UTC) + timedelta(hours=hours)
    return Stamp(utc=utc, raw=raw, precision="second", zone="assumed")


@pytest.mark.parametrize("hours", [-3.5, 5, 12])
def test_a_zone_that_the_editor_puts_right_moves_dates_at_any_time_and_announces_nothing(hours: float):
    memory = Memory()
    memory.poll(entry(published=_read_in(0)))
    before = memory.one()
    assert memory.poll(entry(published=_read_in(hours)), after=timedelta(days=30)) == [
        ("bumped", "The river rises")
    ]
    after = memory.one()
    assert after.published == _read_in(hours).utc
    assert "zone" in after.published_reason
    assert after.updated == max(before.updated, after.published)
    assert (after.uid, after.public_id, after.revision) == (before.uid, before.public_id, before.revision)


def test_a_zone_put_right_moves_nothing_beyond_the_first_sight():
    memory = Memory()
    memory.now = datetime(2026, 2, 20, 13, tzinfo=UTC)
    memory.poll(entry(published=_read_in(0)), after=timedelta(0))
    memory.poll(entry(published=_read_in(8)), after=timedelta(days=9))
    assert memory.one().published == memory.one().first_seen
    assert "not after the first sight" in memory.one().published_reason


@pytest.mark.parametrize(
    "claim",
    [
        _read_in(5, raw="20 Feb 2026 17:00:00"),
        _read_in(48),
        replace(_read_in(5), zone="explicit"),
    ],
    ids=["other words", "further than zones lie apart", "a zone of its own"],
)
def test_only_the_same_words_under_another_zone_are_the_editors_doing(claim: Stamp):
    memory = Memory()
    memory.poll(entry(published=_read_in(0)))
    memory.poll(entry(published=claim), after=timedelta(days=30))
    assert memory.one().published == _read_in(0).utc


def test_a_date_that_does_not_rest_on_the_words_stays_when_they_are_read_otherwise():
    memory = Memory()
    memory.poll(entry(published=_read_in(0)))
    memory.items = {uid: replace(one, published=_read_in(-48).utc) for uid, one in memory.items.items()}
    memory.poll(entry(published=_read_in(5)), after=timedelta(days=30))
    assert memory.one().published == _read_in(-48).utc


def _dated(stamp: Stamp, only: str) -> Entry:
    """An entry with that one date, of publication or of update."""
    return entry(published=stamp if only == "published" else None, updated=stamp if only == "updated" else None)


@pytest.mark.parametrize("first", [0, 8], ids=["the claim", "the first sight"])
@pytest.mark.parametrize("hours", [[-3.5], [5], [9, -2], [-5, 9, 1]])
def test_a_feed_that_dates_updates_only_follows_the_zone_as_one_that_dates_publication(
    first: float, hours: list[float]
):
    found = []
    for only in ("published", "updated"):
        memory = Memory()
        memory.now = datetime(2026, 2, 20, 18, tzinfo=UTC)
        memory.poll(_dated(_read_in(first), only), after=timedelta(0))
        before = memory.one()
        for zone in hours:
            assert [kind for kind, _ in memory.poll(_dated(_read_in(zone), only), after=30 * DAY)] == ["bumped"]
        after = memory.one()
        assert after.published == min(_read_in(hours[-1]).utc, before.first_seen)
        assert (after.uid, after.public_id, after.revision) == (before.uid, before.public_id, before.revision)
        found.append((after.published, after.updated))
    assert found[0] == found[1]


@pytest.mark.parametrize("gone", ["1970-01-01T00:00:00Z", None])
def test_of_an_item_without_a_date_of_publication_only_the_words_that_gave_its_date_follow_the_zone(gone):
    memory = Memory()
    published = stamp(gone) if gone else None
    memory.poll(entry(published=published, updated=_read_in(0)))
    edited = {"text": "The river fell again over night, by three marks.", "published": published}
    memory.poll(entry(updated=_read_in(30, raw="21 Feb 2026 18:00:00"), **edited))
    assert memory.one().revision == 2
    memory.poll(entry(updated=_read_in(35, raw="21 Feb 2026 18:00:00"), **edited), after=30 * DAY)
    assert memory.one().published == _read_in(0).utc
    other = Memory()
    other.poll(entry(published=published, updated=_read_in(0)))
    other.poll(entry(published=published, updated=_read_in(5)), after=30 * DAY)
    assert other.one().published == _read_in(5).utc
    assert other.one().published_reason == "claimed as update, under the zone as it was put right"


def test_an_item_that_got_a_date_of_publication_later_does_not_follow_its_update():
    memory = Memory()
    memory.poll(entry(updated=_read_in(0)))
    memory.poll(entry(published=_read_in(-2), updated=_read_in(0)))
    at = memory.one().published
    memory.poll(entry(updated=_read_in(5)), after=30 * DAY)
    assert memory.one().published == at
