"""In which spellings an item is looked up that somebody names."""

from __future__ import annotations

import pytest

from aggregator.text.item_names import spellings

UID = "1582d429-c011-5f72-94a1-d58a47bc1b14"


@pytest.mark.parametrize(
    ("name", "among"),
    [
        ("tag:example.org,2026:1", "tag:example.org,2026:1"),
        (" urn:x:1 ", "urn:x:1"),
        (f"https://planet.example/story/{UID}", UID),
        (f"https://planet.example/story/{UID}.html?x#y", UID),
        ("http://Example.org/a?utm_source=x", "example.org/a"),
        ("example.org/a", "https://example.org/a"),
    ],
)
def test_an_item_is_looked_up_by_its_id_its_page_here_and_its_address_however_that_is_written(
    name: str, among: str
):
    assert among in list(spellings(name))


def test_what_is_no_address_is_looked_up_as_it_is():
    assert set(spellings("a b")) <= {"a b", "https://a b", "a b/"}
