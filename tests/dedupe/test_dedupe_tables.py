"""The tables of identity, change and time, row by row, over several polls of one source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.dedupe import behaviour_notice, deleted_keys, withdraw
from aggregator.model import Enclosure, Entry, ItemKey, SourceProfile, Stamp
from tests.dedupe.memory import HOUR, Memory
from tests.support.nouns import NOON, entry, source, stamp

WORDS = "The council of Port Selim met on Saturday and agreed to mend the old bridge before winter storms arrive"
OTHER = "Shopkeepers sold lemons, copper kettles and roof tiles while a violinist played near the southern gate"


def post(number: int | str, **fields) -> Entry:
    """A post with its own id, address, date, title and text."""
    defaults = {
        "id": f"urn:x-post:{number}",
        "url": f"https://example.org/{number}",
        "url_key": f"example.org/{number}",
        "title": f"Report {number}",
        "text": f"{WORDS} number {number}",
        "content": f"<p>{WORDS} number {number}</p>",
        "published": stamp(f"2026-02-{1 + int(number) % 20:02}T08:00:00Z"),
    }
    return entry(**(defaults | fields))


def assumed(text: str, precision: str = "second") -> Stamp:
    """A claim that was written without a zone."""
    return replace(stamp(text), zone="assumed", precision=precision)


def said(text: str, **fields) -> Entry:
    """One post that says so."""
    return post(1, text=text, content=f"<p>{text}</p>", **fields)


# ---------------------------------------------------------------- which item


def test_the_second_of_two_things_with_one_id_is_known_again_when_it_is_retold():
    memory = Memory()
    memory.poll(post(1, id="1"), post(2, id="1", text=OTHER))
    memory.poll(post(2, id="1", title="Wholly retold", text="Nobody had expected it", published=None))
    assert memory.titles == ["Report 1", "Wholly retold"]


def test_posts_of_one_page_are_told_apart_by_their_fragments():
    memory = Memory()
    page = {"id": None, "url_key": "example.org/live"}
    memory.poll(post(1, **page, url="https://example.org/live#1"))
    memory.poll(post(1, **page, url="https://example.org/live#1", title="Report 1, mended"))
    assert memory.titles == ["Report 1, mended"]


def test_where_ids_are_no_identity_the_words_say_whether_an_id_names_the_same_thing():
    memory = Memory(profile=SourceProfile(identity="url"))
    memory.poll(post(1))
    memory.items = {
        item.uid: replace(item, key=ItemKey(kind="id", value="urn:x-post:1")) for item in memory.items.values()
    }
    memory.poll(post(2, id="urn:x-post:1", text=OTHER, published=None))
    memory.poll(post(3, id="urn:x-post:1", text=f"{WORDS} number 1", published=None, title="Report 1"))
    assert memory.titles == ["Report 1", "Report 2"]


@pytest.mark.parametrize(
    "moved",
    [
        {"id": "https://www.example.org/1/"},
        {"id": "http://example.org/1?utm_source=feed"},
        {"id": "HTTPS://EXAMPLE.org:443/1"},
    ],
)
def test_an_id_that_is_an_address_is_compared_as_one(moved: dict[str, str]):
    memory = Memory()
    memory.poll(post(1, id="https://example.org/1"))
    before = memory.one()
    assert "new" not in [kind for kind, _ in memory.poll(post(1, **moved))]
    assert memory.one().public_id == before.public_id


def test_an_id_of_another_permalink_parameter_is_another_id():
    memory = Memory()
    memory.poll(post(1, id="https://example.org/?p=1"), post(2, id="https://example.org/?p=2"))
    assert memory.titles == ["Report 1", "Report 2"]


def test_ids_that_differ_by_their_fragment_are_different_ids():
    memory = Memory()
    page = {"url": "https://example.org/live", "url_key": "example.org/live"}
    memory.poll(
        post(1, id="https://example.org/live#1", **page),
        post(2, id="https://example.org/live#2", **page, text=OTHER),
    )
    assert memory.titles == ["Report 1", "Report 2"]


def test_a_new_id_at_a_known_address_with_the_same_words_is_the_same_item():
    memory = Memory()
    memory.poll(post(1))
    memory.poll(post(1, id="urn:x-cms:77", published=None))
    assert memory.one().key == ItemKey(kind="id", value="urn:x-post:1")


def test_a_new_thing_at_a_known_address_is_a_new_item():
    memory = Memory()
    memory.poll(post(1, title="Photo of Monday"))
    memory.poll(post(1, id="urn:x-post:2", title="A heron", text=OTHER, published=stamp("2026-02-27T08:00:00Z")))
    assert memory.titles == ["A heron", "Photo of Monday"]


def test_an_entry_that_may_be_known_or_not_waits_for_one_poll_and_is_not_lost():
    memory = Memory()
    half = " ".join([*WORDS.split()[:9], *OTHER.split()[:9]])
    doubtful = post(1, id="urn:x-cms:1", title="Nothing alike", text=half, published=None)
    memory.poll(post(1))
    assert memory.poll(doubtful) == []
    assert memory.profile.quarantined[0].entry == doubtful
    assert memory.poll(post(5)) == [("new", "Nothing alike"), ("new", "Report 5")] or len(memory.items) == 3
    assert memory.profile.quarantined == ()


def test_an_entry_that_waited_and_stands_there_still_is_judged_as_it_reads_now():
    memory = Memory()
    half = " ".join([*WORDS.split()[:9], *OTHER.split()[:9]])
    doubtful = post(1, id="urn:x-cms:1", title="Nothing alike", text=half, published=None)
    memory.poll(post(1))
    memory.poll(doubtful)
    memory.poll(replace(doubtful, title="Mended"))
    assert memory.titles == ["Mended", "Report 1"]


def test_more_doubtful_entries_than_may_wait_are_taken_for_new():
    memory = Memory()
    half = " ".join([*WORDS.split()[:9], *OTHER.split()[:9]])
    memory.poll(*(post(number) for number in range(1, 20)))
    doubtful = [
        post(number, id=f"urn:x-cms:{number}", title=f"Else {number}{'x' * number}", text=half, published=None)
        for number in range(1, 8)
    ]
    memory.poll(*doubtful, *(post(number) for number in range(8, 20)))
    assert len(memory.profile.quarantined) <= 5
    assert len(memory.items) + len(memory.profile.quarantined) == 26


def test_a_feed_whose_ids_all_change_keeps_its_items_and_says_nothing():
    memory = Memory()
    memory.poll(*(post(number) for number in range(6)))
    before = {item.public_id for item in memory.items.values()}
    changes = memory.poll(*(post(number, id=f"https://new.example.org/?p={number}") for number in range(6)))
    assert {kind for kind, _ in changes} <= {"bumped"}
    assert {item.public_id for item in memory.items.values()} == before


def test_a_feed_that_moves_to_another_address_and_other_ids_is_known_by_titles_and_dates():
    memory = Memory()
    memory.poll(*(post(number) for number in range(6)))
    moved = [
        post(number, id=f"n{number}", url=f"https://b.example/{number}", url_key=f"b.example/{number}")
        for number in range(6)
    ]
    assert {kind for kind, _ in memory.poll(*moved)} <= {"bumped"}
    assert len(memory.items) == 6


def test_a_new_id_for_everything_at_every_poll_floods_nobody():
    memory = Memory()
    for poll in range(5):
        memory.poll(*(post(number, id=f"{poll}-{number}") for number in range(6)))
    assert len(memory.items) == 6
    assert memory.profile.identity == "url"


def test_a_source_whose_items_share_one_address_is_not_known_by_it():
    memory = Memory()
    page = {"url": "https://example.org/live", "url_key": "example.org/live"}
    texts = [f"{word} {word}s" * 5 for word in OTHER.split()]
    memory.poll(*(post(n, id=f"urn:x-p:{n}", **page, title=f"T{n}", text=texts[n]) for n in range(6)))
    assert memory.profile.shared_urls
    memory.poll(*(post(n, id=f"urn:x-p:{n}", **page, title=f"T{n}", text=texts[n]) for n in range(7)))
    assert len(memory.items) == 7


def test_one_id_for_several_things_twice_makes_addresses_the_identity():
    memory = Memory()
    for _ in range(3):
        memory.poll(
            *(post(number, id="1", text=f"{OTHER} {number}" if number % 2 else WORDS) for number in range(4))
        )
    assert len(memory.items) == 4
    assert memory.profile.identity == "url"


def test_the_editors_word_on_identity_goes_before_what_was_measured():
    memory = Memory(source=source(identity="title"))
    memory.poll(post(1), post(2))
    memory.poll(post(1, id="9", url="https://e.example/", url_key="e.example"), post(2))
    assert len(memory.items) == 2
    assert {item.key.kind for item in memory.items.values()} == {"hash"}


def test_an_item_known_only_by_its_file_is_known_by_it():
    memory = Memory()
    heard = {"id": None, "url": None, "url_key": None, "enclosures": (Enclosure(url="https://e.example/1.mp3"),)}
    memory.poll(post(1, **heard))
    memory.poll(post(1, **heard, title="Retold"))
    assert memory.one().key.kind == "enclosure"


# ---------------------------------------------------------------- changed or not


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{WORDS}. 1,234 views", f"{WORDS}. 1,301 views"),
        (f"{WORDS}. 3 hours ago", f"{WORDS}. 4 hours ago"),
        (f"{WORDS}. Advertisement", WORDS),
        (f"{WORDS}. See https://c.example/i?token=abc1", f"{WORDS}. See https://c.example/i?token=xyz2"),
        (f"{WORDS}. Last updated: 12:34", f"{WORDS}. Last updated: 13:50"),
    ],
)
def test_what_changes_by_itself_is_no_update(before: str, after: str):
    memory = Memory()
    memory.poll(said(before))
    assert "revised" not in [kind for kind, _ in memory.poll(said(after))]


def test_a_signed_address_of_a_file_is_no_update_and_another_file_is():
    memory = Memory()
    url = "https://c.example/1.mp3?e=1&Signature=aa&Expires=10"
    memory.poll(post(1, enclosures=(Enclosure(url=url),)))
    again = post(1, enclosures=(Enclosure(url=url.replace("aa&Expires=10", "bb&Expires=20")),))
    assert "revised" not in [kind for kind, _ in memory.poll(again)]
    assert (
        memory.poll(post(1, enclosures=(Enclosure(url="https://c.example/2.mp3?Signature=cc"),)))[0][0]
        == "revised"
    )


def test_a_line_that_a_template_fills_anew_is_learned_and_then_ignored():
    memory = Memory()

    def document(hour: int) -> list[Entry]:
        return [
            post(
                number,
                text=f"{WORDS} {number} Weather in town: {chr(97 + hour) * 4} today",
                content=f"<p>{WORDS} {number}</p><p>Weather in town: {chr(97 + hour) * 4} today</p>",
            )
            for number in range(4)
        ]

    for hour in range(4):
        memory.poll(*document(hour))
    assert memory.profile.lines[0].polls == 3
    assert "revised" not in [kind for kind, _ in memory.poll(*document(5))]


def test_a_new_template_of_the_whole_feed_is_no_news():
    memory = Memory()
    memory.poll(*(post(number) for number in range(6)))
    redesigned = [post(number, text=f"Menu {OTHER} {number}", content=None) for number in range(6)]
    assert {kind for kind, _ in memory.poll(*redesigned)} == {"bumped"}


def test_a_title_that_comes_back_is_no_update():
    memory = Memory()
    memory.poll(post(1))
    assert memory.poll(post(1, title="Another headline")) == [("revised", "Another headline")]
    assert memory.poll(post(1)) == [("bumped", "Report 1")]


def test_a_live_page_counts_once_an_hour():
    memory = Memory()
    memory.poll(said(f"{WORDS} zero"))
    words = [word for word in OTHER.split() if len(word) > 4]
    kinds = [memory.poll(said(f"{OTHER} {word}"), after=timedelta(minutes=20))[0][0] for word in words[:9]]
    assert kinds.count("revised") < 9
    assert memory.one().trace.churn


def test_a_teaser_of_a_source_that_gave_the_whole_text_changes_only_what_else_it_says():
    memory = Memory()
    memory.poll(said(WORDS))
    teaser = said(WORDS[:40], title="A new headline")
    assert memory.poll(teaser) == [("revised", "A new headline")]
    assert memory.one().entry.text == WORDS


def test_the_whole_text_where_there_was_only_a_summary_is_no_update():
    memory = Memory()
    memory.poll(post(1, content=None, summary="<p>In short</p>", text="In short"))
    whole = post(1, content=f"<p>{WORDS}</p>", summary="<p>In short</p>", text=WORDS)
    assert memory.poll(whole) == [("bumped", "Report 1")]


# ---------------------------------------------------------------- which dates


def test_a_claim_in_the_future_never_moves_an_item_up_when_it_comes_true():
    memory = Memory()
    memory.poll(post(1, published=stamp("2026-03-02T12:00:00Z")))
    seen = memory.one().published
    memory.poll(post(1, published=stamp("2026-03-02T12:00:00Z")), after=timedelta(days=3))
    assert memory.one().published == seen


def test_a_claim_of_today_is_the_time_we_saw_it():
    memory = Memory()
    memory.poll(post(1, published=assumed("2026-03-01T00:00:00Z", "day")))
    assert memory.one().published == NOON


def test_an_hour_that_came_twice_is_the_later_one_if_the_earlier_cannot_be():
    memory = Memory(source=source(timezone="Europe/Berlin"))
    memory.now = stamp("2026-10-25T00:00:00Z").utc
    memory.poll(said(WORDS, published=None, updated=stamp("2026-10-25T00:40:00Z")))
    memory.now = stamp("2026-10-25T01:00:00Z").utc
    memory.poll(said(OTHER, published=None, updated=assumed("2026-10-25T00:30:00Z")))
    assert memory.one().updated == stamp("2026-10-25T01:30:00Z").utc


def test_a_feed_whose_new_items_are_all_ahead_by_one_zone_is_told_to_the_editor():
    memory = Memory()
    memory.poll(post(1))
    for number in range(2, 8):
        ahead = memory.now + HOUR + timedelta(minutes=200)
        memory.poll(post(number, published=assumed(f"{ahead:%Y-%m-%dT%H:%M:%SZ}")))
    told = behaviour_notice(memory.source, memory.profile)
    assert told is not None
    assert "timezone" in told
    assert "3 h 30 min" in told
    assert behaviour_notice(source(timezone="Asia/Tehran"), memory.profile) != told


def test_a_feed_that_updates_everything_before_it_publishes_is_told_to_the_editor():
    memory = Memory()
    entries = [
        post(n, published=stamp(f"2026-02-0{n}T08:00:00Z"), updated=stamp(f"2026-02-0{n}T07:00:00Z"))
        for n in range(1, 6)
    ]
    memory.poll(*entries)
    told = behaviour_notice(memory.source, memory.profile)
    assert told is not None
    assert "1 h before" in told
    assert behaviour_notice(source(), SourceProfile()) is None


# ---------------------------------------------------------------- gone and back


def test_what_a_publisher_deletes_is_withdrawn_once_and_returns_only_with_something_new():
    memory = Memory()
    memory.poll(post(1, id="https://example.org/1"))
    refs = ["http://www.example.org/1"]
    assert deleted_keys(refs) > {ItemKey(kind="id", value=refs[0])}
    (item,) = memory.items.values()
    known = dict.fromkeys(deleted_keys(["https://example.org/1", "urn:x:2"]), (item,))
    (change,) = withdraw(["https://example.org/1"], known, NOON)
    assert change.item.withdrawn_at == NOON
    memory.items = {item.uid: change.item}
    assert withdraw(["https://example.org/1"], {item.key: (change.item,)}, NOON) == ()
    memory.poll(post(1, id="https://example.org/1"))
    assert memory.one().withdrawn_at is not None
    memory.poll(post(1, id="https://example.org/1", text=OTHER, content=None))
    assert memory.one().withdrawn_at is None


def test_an_id_that_several_items_bear_withdraws_none_of_them():
    memory = Memory()
    memory.poll(post(1), post(2))
    key = ItemKey(kind="id", value="shared")
    assert withdraw(["shared"], {key: tuple(memory.items.values())}, NOON) == ()


def test_retention_never_makes_old_items_new_again_under_any_of_their_names():
    memory = Memory()
    memory.poll(post(1))
    memory.prune()
    assert memory.poll(post(1)) == [("bumped", post(1).title)]
    memory.prune()
    assert "new" not in [kind for kind, _ in memory.poll(post(1, id="urn:x-cms:1"))]
