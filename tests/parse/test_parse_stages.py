"""Staged recovery: which reading of a broken document wins."""

from __future__ import annotations

import pytest

from aggregator.parse.handlers import Loose, Strict
from aggregator.parse.stages import read_xml

HALF = "<rss><channel><item><guid>1</guid></item><item><guid>2</guid></item>"


def test_a_well_formed_document_is_read_strictly():
    found = read_xml(HALF + "</channel></rss>", root="rss", base="")

    assert isinstance(found.handler, Strict)
    assert (found.complete, found.warnings) == (True, ())


def test_a_mendable_document_is_read_strictly_and_says_what_was_wrong():
    found = read_xml(HALF + "</channel></rss> junk &", root="rss", base="")

    assert isinstance(found.handler, Strict)
    assert (found.complete, found.warnings) == (True, ("Text after the end of the feed was left out.",))


def test_on_a_tie_the_strict_reading_wins():
    found = read_xml(HALF, root="rss", base="")

    assert isinstance(found.handler, Strict)
    assert len(found.handler.entries) == 2
    assert not found.complete


def test_the_loose_reading_wins_when_it_finds_more():
    found = read_xml(HALF + "</oops><item><guid>3</guid></item></channel></rss>", root="rss", base="")

    assert isinstance(found.handler, Loose)
    assert len(found.handler.entries) == 3


def test_what_a_failing_parser_found_until_then_counts(monkeypatch: pytest.MonkeyPatch):
    def fail(_handler: Loose, _text: str) -> None:
        raise AssertionError

    monkeypatch.setattr(Loose, "feed", fail)
    found = read_xml(HALF + "<br>", root="rss", base="")

    assert len(found.handler.entries) == 2


def test_a_base_given_in_the_document_holds_for_its_part_only():
    text = '<feed><entry xml:base="/a/"><media:player/><id>1</id></entry><entry><id>2</id></entry></feed>'
    found = read_xml(text, root="feed", base="https://x.example/f")

    assert [entry["base"] for entry in found.handler.entries] == ["https://x.example/a/", "https://x.example/f"]
