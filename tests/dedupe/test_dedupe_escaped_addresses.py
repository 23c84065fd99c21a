"""Posts whose addresses differ only behind an ampersand that is written by its number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.model import Conventions, Entry, RawEntry, RawLink, RawText
from aggregator.normalize import clean_entry
from aggregator.text import urlkeys
from tests.dedupe.memory import Memory

TEXTS = (
    "The harbour of Varesh was closed on Monday after the eastern pier gave way.",
    "Apple growers in the valley of Sorn expect a poor harvest since frost came.",
    "Divers found the oldest clock of the town below the northern bridge.",
)


def post(number: int, *, sign: str = "&#038;", named: bool = False, dated: bool = True) -> Entry:
    """One of the posts of a column, as it is read."""
    raw = RawEntry(
        id=str(number) if named else None,
        links=(RawLink(href=f"https://column.example/?cat=3{sign}p={number}"),),
        title=RawText(value="The daily column"),
        contents=(RawText(value=f"<p>{TEXTS[number]}</p>"),),
        published=f"2026-02-2{number}T08:00:00Z" if dated else None,
    )
    found = clean_entry(raw, Conventions(), position=0)
    assert found is not None
    return found


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("sign", ["&", "&#038;"])
def test_each_of_them_is_an_item_of_its_own_in_one_document_and_one_after_the_other(
    sign: str, *, named: bool, dated: bool
):
    posts = [post(number, sign=sign, named=named, dated=dated) for number in range(3)]
    together = [replace(one, position=place) for place, one in enumerate(posts)]
    assert [kind for kind, _ in Memory().poll(*together)] == ["new"] * 3
    memory = Memory()
    for one in posts:
        assert [kind for kind, _ in memory.poll(one)] == ["new"]


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_an_item_that_older_rules_stored_is_known_under_its_new_key(*, named: bool, dated: bool):
    one = post(1, named=named, dated=dated)
    old = urlkeys.RULES[-1].key("https://column.example/?cat=3&#038;p=1", None)
    memory = Memory()
    memory.poll(replace(one, url_key=old, former_keys=()))
    stored = memory.one()
    memory.reread = True
    assert [kind for kind, _ in memory.poll(one)] == ["bumped"]
    assert (memory.one().uid, memory.one().public_id) == (stored.uid, stored.public_id)
    memory.reread = False
    assert memory.poll(one) == []
    assert [kind for kind, _ in memory.poll(post(2, named=named, dated=dated))] == ["new"]
