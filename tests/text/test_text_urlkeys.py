"""Keys that items are stored under: what each set of rules makes of addresses stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Conventions, QueryRules, RawEntry, RawLink, RawText
from aggregator.normalize import clean_entry
from aggregator.text import permalinks, urlkeys, urls

BASE = "https://base.example/dir/"
WORDS = QueryRules(keep=frozenset({"utm_source", "amp"}), drop=frozenset({"ref", "id"}))
PINNED = Path(__file__).parent.parent / "data"


def pinned(number: int) -> Iterator[dict[str, str | None]]:
    """Addresses, and what the release that brought a set of rules made of them. Never to be made anew."""
    lines = (PINNED / f"address-keys-{number}.jsonl").read_text("ascii").splitlines()
    return map(json.loads, lines)


@pytest.mark.parametrize("rules", urlkeys.RULES, ids=lambda rules: str(rules.number))
def test_a_set_of_rules_makes_the_keys_that_it_always_made(rules: urlkeys.KeyRules):
    for row in pinned(rules.number):
        written = row["written"] or ""
        assert rules.key(written, BASE) == row["key"], written
        assert rules.key(written, BASE, keep_fragment=True) == row["with_fragment"], written
        assert rules.key(written, BASE, WORDS) == row["with_words"], written


@pytest.mark.parametrize("rules", permalinks.RULES, ids=lambda rules: str(rules.number))
def test_ids_that_are_addresses_are_reduced_as_they_always_were(rules: permalinks.PermalinkRules):
    for row in pinned(rules.number):
        assert rules.reduce(row["written"] or "") == row["permalink"], row["written"]


def test_sets_of_rules_are_numbered_the_newest_first():
    for numbers in ([one.number for one in urlkeys.RULES], [one.number for one in permalinks.RULES]):
        assert numbers == list(range(len(numbers), 0, -1))


def linked(*written: str, query: QueryRules | None = None, **fields: object) -> RawEntry:
    """An entry with these links, as it is cleaned."""
    raw = RawEntry(links=tuple(RawLink(href=href) for href in written), base=BASE, **fields)
    cleaned = clean_entry(raw, Conventions(query=query or QueryRules()), position=0)
    assert cleaned is not None
    return cleaned


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set of rules by which `campaign` only counts clicks."""
    rules = replace(urlkeys.RULES[0], number=99, tracking=re.compile("campaign|utm_.*"))
    monkeypatch.setattr(urlkeys, "RULES", (rules, *urlkeys.RULES))


def test_an_address_of_which_all_sets_make_one_key_has_no_further_ones():
    assert linked("/a?utm_source=x").former_keys == ()
    assert linked("/a?b=1&amp;c=2#d").former_keys == ()


@pytest.mark.parametrize("sign", ["&#038;", "&#38;", "&amp;#038;", "&#x26;", "&#X0026;", "&#038;amp;#038;"])
def test_an_ampersand_by_its_number_parts_parameters_and_its_older_key_is_known(sign: str):
    entry = linked(f"/a?b=1{sign}c=2")
    assert (entry.url, entry.url_key) == ("https://base.example/a?b=1&c=2", "base.example/a?b=1&c=2")
    assert entry.former_keys == (urlkeys.RULES[-1].key(f"/a?b=1{sign}c=2", BASE),)
    assert linked(f"/a?b=1{sign}c=3").former_keys == entry.former_keys


@pytest.mark.usefixtures("newer")
def test_an_address_keeps_the_keys_that_older_rules_made_of_it():
    entry = linked("/a?campaign=x&gclid=1")
    assert entry.url_key == "base.example/a?gclid=1"
    assert entry.former_keys == ("base.example/a?campaign=x",)


@pytest.mark.usefixtures("newer")
def test_a_key_that_older_rules_make_too_is_not_told_twice():
    assert linked("/a").former_keys == ()


def test_what_is_shown_may_change_and_no_key_does(monkeypatch: pytest.MonkeyPatch):
    before = linked("/a?campaign=x")
    monkeypatch.setattr(urls, "is_tracking", lambda name, *_about: name == "campaign")
    after = linked("/a?campaign=x")
    assert (before.url, after.url) == ("https://base.example/a?campaign=x", "https://base.example/a")
    assert before.url_key == after.url_key


def test_an_address_keeps_the_key_that_it_has_without_the_editors_words():
    entry = linked("/a?utm_source=x&id=1", query=WORDS)
    assert entry.url_key == "base.example/a?utm_source=x"
    assert entry.former_keys == ("base.example/a?id=1",)


def test_of_several_links_the_first_that_is_an_address_makes_the_keys():
    entry = linked("mailto:a@one.example", "/b?ref=1", query=WORDS)
    assert (entry.url_key, entry.former_keys) == ("base.example/b", ("base.example/b?ref=1",))


def test_what_has_no_address_has_no_key_of_any_kind():
    entry = linked("mailto:a@one.example", query=WORDS, title=RawText(value="A title"))
    assert (entry.url, entry.url_key, entry.former_keys) == (None, None, ())


@given(st.text(max_size=40), st.sampled_from([QueryRules(), WORDS]))
def test_the_key_of_a_key_is_the_key(tail: str, query: QueryRules):
    for rules in urlkeys.RULES:
        key = rules.key(f"/{tail}", BASE, query)
        assert key is None or rules.key(f"https://{key}", None, query) == key
