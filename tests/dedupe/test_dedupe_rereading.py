"""Items whose names are read otherwise than when they were stored."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aggregator.dedupe import keys, wanted_keys
from aggregator.dedupe.rereading import has_unknown_entry, recognise_reread
from aggregator.dedupe.withdrawal import deleted_keys
from aggregator.model import Entry, Item, ItemKey, Stamp
from aggregator.text import permalinks
from tests.dedupe.memory import Memory
from tests.support.nouns import entry, stamp

WORDS = (
    "Water stands at the second mark and the northern bridge stays closed until the wardens looked at its pillars."
)


def nameless(**fields: object) -> Entry:
    """An entry with neither id nor address."""
    return entry(**({"id": None, "url": None, "url_key": None, "text": WORDS, "content": WORDS} | fields))


def known_as(**fields: object) -> Item:
    """The item that such an entry made."""
    memory = Memory()
    memory.poll(nameless(**fields))
    return memory.one()


def under_other_keys(memory: Memory, one: Entry, *others: Entry) -> list[tuple[str, str]]:
    """What a poll comes to when the address of an entry has a new key, its old one being among the former."""
    newer = replace(one, url_key=f"{one.url_key}!", former_keys=(one.url_key,) if one.url_key else ())
    return memory.poll(newer, *others)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": None},
        {"id": None, "text": "", "content": None},
        {"id": None, "title": ""},
        {"id": None, "published": stamp("2026-02-01T08:00:00Z")},
        {"id": "https://example.org/1"},
        {"id": "17"},
    ],
    ids=str,
)
def test_an_item_is_found_under_a_former_key_of_its_address(fields: dict[str, object]):
    memory = Memory()
    one = entry(**fields)
    memory.poll(one)
    assert [kind for kind, _ in under_other_keys(memory, one)] == ["bumped"]
    assert memory.poll(replace(one, url_key=f"{one.url_key}!")) == []


def test_items_that_share_an_id_are_found_under_former_keys_of_their_addresses():
    memory = Memory()
    first = entry(id="rss", url_key="example.org/a?x=1", url="https://example.org/a?x=1")
    second = entry(
        id="rss",
        url_key="example.org/b?x=1",
        url="https://example.org/b?x=1",
        title="Bread",
        text="Rye costs more.",
    )
    memory.poll(first, second)
    newer = [replace(one, url_key=f"{one.url_key}!", former_keys=(str(one.url_key),)) for one in (first, second)]
    assert {kind for kind, _ in memory.poll(*newer)} == {"bumped"}
    assert len(memory.items) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Bread costs more", "text": "Rye is dear after a bad harvest."},
        {"published": stamp("2026-02-09T08:00:00Z")},
    ],
    ids=str,
)
def test_another_article_that_shares_only_a_former_key_is_another(other: dict[str, object]):
    memory = Memory()
    memory.poll(entry(id=None, published=stamp("2026-02-01T08:00:00Z")))
    fields = {"id": None, "url": "https://example.org/1?a=2", "url_key": "example.org/1?a=2"}
    new = replace(
        entry(**(fields | {"published": stamp("2026-02-01T08:00:00Z")} | other)), former_keys=("example.org/1",)
    )
    assert [kind for kind, _ in memory.poll(new)] == ["new"]


def test_a_former_key_that_many_bear_is_noted_for_few():
    memory = Memory()
    for number in range(12):
        one = entry(
            id=f"urn:x-a:{number}",
            title=f"Part {number}",
            url_key=f"example.org/1?part={number}",
            text=f"{number}",
        )
        memory.poll(replace(one, former_keys=("example.org/1",)))
    assert len(memory.items) == 12
    assert len(memory.names[ItemKey(kind="url", value="example.org/1")]) < 6


def test_an_id_that_is_an_address_is_found_under_the_rules_by_which_it_was_noted(monkeypatch: pytest.MonkeyPatch):
    memory = Memory()
    memory.poll(entry(id="https://example.org/?p=1&campaign=a", url=None, url_key=None))
    newer = permalinks.PermalinkRules(number=99, tracking=re.compile("campaign"))
    monkeypatch.setattr(permalinks, "RULES", (newer, *permalinks.RULES))
    moved = entry(id="http://www.example.org/?p=1&campaign=a", url=None, url_key=None)
    assert [kind for kind, _ in memory.poll(moved)] == ["bumped"]
    assert {
        key.value for key in deleted_keys(["http://example.org/?p=1&campaign=a"]) if key.kind == "permalink"
    } == {
        "example.org?p=1",
        "example.org?campaign=a&p=1",
    }


def test_an_item_without_any_name_is_known_by_its_words_once_they_are_read_otherwise():
    item = known_as(title="River &amp; bridge rise")
    one = nameless(title="River & bridge rise")
    assert has_unknown_entry([one], {})
    found = recognise_reread([one], [item])
    assert found == {keys.last_resort_key(one): (item,)}
    assert keys.last_resort_key(one) in wanted_keys([one])


def test_what_was_found_by_its_words_is_found_by_its_hash_from_then_on():
    memory = Memory()
    memory.poll(nameless(title="River &amp; bridge rise"))
    one = nameless(title="River & bridge rise")
    memory.names[keys.last_resort_key(one)] = {memory.one().uid}
    memory.poll(one)
    del memory.names[keys.last_resort_key(one)]
    memory.poll(one)
    assert memory.one().entry == one


def test_what_some_key_leads_to_need_not_be_known_by_its_words():
    item = known_as()
    assert not has_unknown_entry([nameless()], {item.key: (item,)})


@pytest.mark.parametrize(
    "fields",
    [
        {
            "title": "Another title of things",
            "text": "Rye bread costs more since the harvest failed in the south.",
        },
        {"text": "", "content": None},
        {"published": stamp("2026-02-01T08:00:00Z")},
    ],
    ids=str,
)
def test_what_says_something_else_is_new(fields: dict[str, object]):
    assert recognise_reread([nameless(**fields)], [known_as()]) == {}


def test_what_may_be_any_of_several_items_is_none_of_them():
    items = [known_as(), known_as(title="The river rises again")]
    assert recognise_reread([nameless(title="The river rises, again")], items) == {}


def test_a_date_counts_as_it_was_written_so_that_its_zone_may_be_mended():
    written = Stamp(
        utc=stamp("2026-02-01T08:00:00Z").utc, raw="1 Feb 2026 08:00", precision="minute", zone="assumed"
    )
    mended = replace(written, utc=stamp("2026-02-01T04:30:00Z").utc)
    item = known_as(published=written, title="Fish & chips")
    one = nameless(published=mended, title="Fish &amp; chips")
    assert recognise_reread([one], [item]) == {keys.last_resort_key(one): (item,)}


CYRILLIC = "Вода стоит у второй отметки, и северный мост закрыт, пока сторожа не осмотрели его опоры."


def test_what_was_utf_8_taken_for_another_encoding_is_known_once_it_is_read_rightly():
    garbled = CYRILLIC.encode().decode("latin-1")
    item = known_as(title="Ð\x9eÐ´Ð¸Ð½", text=garbled)
    one = nameless(title="Один", text=CYRILLIC)
    assert recognise_reread([one], [item]) == {keys.last_resort_key(one): (item,)}


def test_what_was_read_in_wrong_characters_is_known_by_its_moment_as_it_was_written():
    garbled, moment = CYRILLIC.encode("koi8-r").decode("cp1251"), stamp("2026-02-01T08:00:00Z")
    item = known_as(title="щДХМ", text=garbled, published=moment)
    one = nameless(title="Один", text=CYRILLIC, published=moment)
    assert recognise_reread([one], [item]) == {keys.last_resort_key(one): (item,)}
    twin = nameless(title="Два", text=CYRILLIC[::-1], published=moment)
    assert recognise_reread([one, twin], [item]) == {}
    assert recognise_reread([nameless(title="Another", text="Rye costs more.", published=moment)], [item]) == {}
