"""Staged recovery: which reading of a broken document wins."""

from __future__ import annotations

import pytest

from aggregator.parse.xml.handlers import Loose, Strict
from aggregator.parse.xml.prolog import find_root
from aggregator.parse.xml.stages import FoundEntries, read_xml

HALF = "<rss><channel><item><guid>1</guid></item><item><guid>2</guid></item>"


def read(document: str, base: str = "") -> FoundEntries:
    root = find_root(document)
    assert root is not None
    return read_xml(document, root=root, base=base)


def test_a_well_formed_document_is_read_strictly():
    found = read(HALF + "</channel></rss>")

    assert isinstance(found.handler, Strict)
    assert (found.complete, found.warnings) == (True, ())


def test_a_mendable_document_is_read_strictly_and_says_what_was_wrong():
    found = read(HALF + "</channel></rss> junk &")

    assert isinstance(found.handler, Strict)
    assert (found.complete, found.warnings) == (True, ("Text after the end of the feed was left out.",))


def test_on_a_tie_the_strict_reading_wins():
    found = read(HALF)

    assert isinstance(found.handler, Strict)
    assert len(found.entries) == 2
    assert not found.complete


def test_the_loose_reading_wins_when_it_finds_more():
    found = read(HALF + "</oops><item><guid>3</guid></item></channel></rss>")

    assert isinstance(found.handler, Loose)
    assert len(found.entries) == 3


def test_what_a_failing_parser_found_until_then_counts(monkeypatch: pytest.MonkeyPatch):
    def fail(_handler: Loose, _text: str) -> None:
        raise AssertionError

    monkeypatch.setattr(Loose, "feed", fail)
    found = read(HALF + "<br>")

    assert len(found.entries) == 2


def test_a_base_given_in_the_document_holds_for_its_part_only():
    text = '<feed><entry xml:base="/a/"><media:player/><id>1</id></entry><entry><id>2</id></entry></feed>'
    found = read(text, "https://x.example/f")

    assert [entry["base"] for entry in found.entries] == ["https://x.example/a/", "https://x.example/f"]


def test_of_as_many_entries_those_with_more_names_win():
    found = read(
        "<rss><channel><item><guid>1</guid></item><Item><Title>b</Title><link>https://x.example/2</Link></item>"
    )

    assert isinstance(found.handler, Loose)
    assert [link["href"] for link in found.entries[1]["links"]] == ["https://x.example/2"]


def test_a_cut_off_entry_without_an_id_stays_where_no_entry_has_one():
    whole = "<rss><channel><item><title>a</title><link>https://x.example/1</link></item>"
    named = read(whole + "<item><title>b</title><link>https://x.example/2</link><descr")
    nameless = read(whole + "<item><title>b</title><link>https://x.exa")

    assert [entry["title"] for entry in named.entries] == ["a", "b"]
    assert [entry["title"] for entry in nameless.entries] == ["a"]


@pytest.mark.parametrize("around", [("{}", "", ""), ("", "{}", ""), ("", "", "{}")])
def test_entries_before_within_and_after_the_feed_are_all_found(around: tuple[str, str, str]):
    before, within, after = (part.format("<item><guid>2</guid><p>x</p></item>") for part in around)
    found = read(f"{before}<rss><channel><item><guid>1</guid></item>{within}</channel></rss>{after}<br>")

    assert {entry["id"] for entry in found.entries} == {"1", "2"}


def test_a_text_of_many_lines_and_references_comes_in_one_piece(monkeypatch: pytest.MonkeyPatch):
    pieces: list[str] = []
    monkeypatch.setattr(Strict, "characters", lambda _handler, text: pieces.append(text))

    read("<rss><channel><title>one\ntwo &amp; <![CDATA[three\nfour]]></title></channel></rss>")

    assert pieces == ["one\ntwo & three\nfour"]
