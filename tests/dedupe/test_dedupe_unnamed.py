"""Entries without id and address, found again by their words and places; histories are in tests/histories."""

from __future__ import annotations

import pytest

from aggregator.dedupe import wants_recall
from aggregator.model import Entry, Identity, SourceProfile
from tests.dedupe.memory import Memory
from tests.support.nouns import entry, source, stamp

WATER = (
    "Water stands at the second mark and the northern bridge stays closed until the wardens looked at its pillars."
)
BREAD = (
    "Bakers of the old town raised the price of rye bread for the third time since the harvest failed down south."
)
MUSIC = (
    "A violinist from the academy plays under the arches every evening while the ferry waits for late passengers."
)


def nameless(title: str, text: str = "", date: str | None = None, position: int = 0) -> Entry:
    """An entry with neither id nor address."""
    published = stamp(f"{date}T08:00:00Z") if date else None
    words = {"title": title, "text": text, "content": text or None, "position": position}
    return entry(id=None, url=None, url_key=None, published=published, **words)


def kinds(*polls: list[Entry]) -> list[str]:
    """What the last of some polls comes to."""
    memory = Memory()
    for entries in polls[:-1]:
        memory.poll(*entries)
    return [kind for kind, _ in memory.poll(*polls[-1])]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (nameless("Bread", "Rye is dear.", "2026-02-02"), nameless("Bread", "Rye is dear.", "2026-02-01")),
        (nameless("Bread", "Rye is dear.", "2026-02-02"), nameless("Bread", "Rye is dear.")),
        (nameless("Bread", "Rye is dear."), nameless("Bread", "Rye is dear.", "2026-02-01")),
        (nameless("Bread", "", "2026-02-02"), nameless("Bread", "", "2026-02-01")),
        (nameless("Bread", BREAD, "2026-02-02"), nameless("Rye", BREAD, "2026-02-02")),
        (nameless("Bread", BREAD), nameless("Rye", BREAD)),
        (nameless("Bread", BREAD), nameless("Bread", f"{BREAD} {WATER}")),
        (nameless("Bread", BREAD), nameless("Bread", BREAD.replace("third", "fourth"))),
        (nameless("", BREAD), nameless("", BREAD.replace("third", "fourth"))),
        (nameless("Bread costs more", "", "2026-02-02"), nameless("Rye bread costs more", "", "2026-02-02")),
        (nameless("Bread", "Rye  is dear."), nameless("BREAD", "Rye is dear.")),
    ],
    ids=lambda one: f"{one.title} {one.text[:12]} {one.published and one.published.raw}",
)
def test_it_is_the_item_that_it_was(before: Entry, after: Entry):
    found = kinds([before], [after])
    assert len(found) == 1
    assert "new" not in found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (nameless("Bread", "Rye is dear.", "2026-02-02"), nameless("Bread", "Rye is dear.", "2026-03-01")),
        (nameless("Bread", BREAD, "2026-02-02"), nameless("Rye", BREAD, "2026-02-01")),
        (nameless("Bread", "Rye is dear."), nameless("Bread", "Wheat is cheap.")),
        (nameless("Bread", "Rye is dear."), nameless("Bread", "Rye is dear today.")),
        (nameless("Bread", BREAD), nameless("Bread", WATER)),
        (nameless("Bread", BREAD, "2026-02-02"), nameless("Bread and water", WATER, "2026-02-02")),
        (nameless("", "Rye is dear."), nameless("", "Rye is dear today.")),
        (nameless("Bread costs more"), nameless("Rye bread costs more")),
    ],
    ids=lambda one: f"{one.title} {one.text[:12]} {one.published and one.published.raw}",
)
def test_it_is_something_else(before: Entry, after: Entry):
    memory = Memory(now=stamp("2026-02-27T12:00:00Z").utc)
    memory.poll(before)
    assert [kind for kind, _ in memory.poll(after)] == ["new"]


def test_what_is_still_listed_is_nobody_elses():
    old = nameless("Bread", "Rye is dear.", "2026-02-02")
    assert kinds([old], [old, nameless("Bread", "Rye is dear.", "2026-02-01", 1)]) == ["new"]


def test_what_had_left_the_document_before_is_not_found_by_its_words():
    old, other = nameless("Bread", "Rye is dear.", "2026-02-02"), nameless("Water", WATER, "2026-02-03")
    assert kinds([old], [other], [nameless("Bread", "Rye is dear.", "2026-02-01"), other]) == ["new"]


def test_what_retention_let_go_of_has_no_words_to_be_found_by():
    memory = Memory()
    memory.poll(nameless("Bread", "", "2026-02-02"))
    memory.prune()
    assert [kind for kind, _ in memory.poll(nameless("Bread", "", "2026-02-01"))] == ["new"]


def test_where_two_would_do_neither_is_taken():
    before = [nameless("Bread", BREAD), nameless("Rye", BREAD, position=1)]
    assert kinds(before, [nameless("Loaves", BREAD)]) == ["new"]


def test_of_two_that_say_the_same_each_goes_to_one_entry():
    days = ["2026-02-01", "2026-02-02", "2026-02-03"]
    before = [nameless("Bridges", BREAD, day, place) for place, day in enumerate(days)]
    memory = Memory()
    memory.poll(*before)
    moved = [nameless("Bridges", BREAD, f"2026-01-0{place + 1}", place) for place in range(3)]
    assert [kind for kind, _ in memory.poll(*moved)] == ["bumped"] * 3
    assert len(memory.items) == 3


def test_a_document_that_is_dated_anew_as_a_whole_lists_what_it_listed():
    texts = {"Bread": BREAD, "Water": WATER, "Music": MUSIC, "Tides": "High at noon."}
    polls = [
        [nameless(title, text, day, place) for place, (title, text) in enumerate(texts.items())]
        for day in ("2026-02-28", "2026-03-02")
    ]
    memory = Memory(now=stamp("2026-02-28T12:00:00Z").utc)
    memory.poll(*polls[0])
    memory.now = stamp("2026-03-02T12:00:00Z").utc
    assert "new" not in [kind for kind, _ in memory.poll(*polls[1])]


def test_columns_of_few_words_that_are_replaced_each_day_are_new_each_day():
    polls = [
        [nameless(title, "All is well.", day, place) for place, title in enumerate(("Bread", "Water", "Music"))]
        for day in ("2026-02-28", "2026-03-02")
    ]
    memory = Memory(now=stamp("2026-02-28T12:00:00Z").utc)
    memory.poll(*polls[0])
    memory.now = stamp("2026-03-02T12:00:00Z").utc
    assert [kind for kind, _ in memory.poll(*polls[1])] == ["new"] * 3


def test_an_edited_headline_is_known_by_its_place():
    before = [nameless(title, position=place) for place, title in enumerate(("Herons", "Bread is dear", "Tides"))]
    after = [nameless(title, position=place) for place, title in enumerate(("Herons", "Bread is cheap", "Tides"))]
    assert kinds(before, after) == ["revised"]
    strange = [nameless(title, position=place) for place, title in enumerate(("Herons", "Lamps lit", "Tides"))]
    assert kinds(before, strange) == ["new"]


def test_read_otherwise_and_without_its_id_an_entry_is_its_item_before_any_other_is_looked_for():
    memory = Memory()
    memory.poll(nameless("Bread &amp; rye", BREAD), nameless("Water", WATER, position=1))
    memory.reread = True
    changes = memory.poll(nameless("Bread & rye", BREAD), nameless("Water stands", WATER, position=1))
    assert "new" not in [kind for kind, _ in changes]
    assert len(memory.items) == 2


@pytest.mark.parametrize(("identity", "expected"), [("id", False), ("url", False), ("title", True)])
def test_only_entries_without_names_need_their_sources_items(identity: Identity, *, expected: bool):
    one = entry()
    assert wants_recall([one], {}, source(identity=identity), SourceProfile(), reread=False) is expected
    assert wants_recall([nameless("Bread")], {}, source(), SourceProfile(), reread=False)
    assert not wants_recall([], {}, source(), SourceProfile(), reread=True)
    assert wants_recall([one], {}, source(), SourceProfile(), reread=True)
