"""Of what is new by its names at another address, that is told which was shown already."""

from __future__ import annotations

from aggregator.model import Entry
from aggregator.preview.moving import find_again


def entries(*titles: str) -> list[Entry]:
    return [Entry(title=title) for title in titles]


def test_what_bears_a_title_that_one_stored_entry_has_is_announced_again_and_a_standing_headline_is_not():
    stored = entries("The bridge opens", "Links of the week", "Links of the week", "Rain")
    new = entries("THE BRIDGE  opens", "Links of the week", "Snow", "")
    assert find_again(new, [*new, *entries("Rain")], stored) == ["THE BRIDGE  opens"]
    assert find_again(entries("Rain"), entries("Rain", "Rain"), stored) == [], "the other one may be the known one"


def test_what_has_no_title_is_known_by_its_words():
    note = Entry(text="The tide is late today.", url="https://river.example/7")
    assert find_again([note], [note], [Entry(text="the tide is  late today.")]) == ["https://river.example/7"]
    bare = Entry(text="The tide is late today.")
    assert find_again([bare], [bare], [note]) == ["without a title"]
