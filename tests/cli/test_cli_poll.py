"""poll tells what became of entries in words that need no glossary."""

from __future__ import annotations

from pathlib import Path

from tests.support.commands import Commands
from tests.support.installation import item, rss
from tests.support.publisher import publishing


def test_poll_says_what_became_of_entries_in_plain_words(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(*(item(number) for number in range(1, 6))))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")
        assert "river: 5 new; next poll 20" in ours.command("poll")
        said = rss(
            item(1, text="The bridge was closed at noon, and nobody knows when it opens."),
            item(2).replace("</item>", "<category>Water</category></item>"),
            item(3).replace("urn:river:3", "urn:river:anew"),
            item(4),
            item(6),
        )
        deleted = "<d:deleted-entry ref='urn:river:5' when='2026-02-02T08:00:00Z'/>"
        named = said.replace("<rss ", "<rss xmlns:d='http://purl.org/atompub/tombstones/1.0' ")
        publisher.put("/feed", named.replace("<description>d</description>", deleted, 1))
        told = ours.command("poll", "river")
    words = (
        "1 new, 1 updated, 1 known again under another id or address, 1 deleted by the publisher, "
        "1 changed silently"
    )
    assert f"river: {words}; next poll 20" in told
    assert f"/s: {words}; 0 failed." in told


def test_a_source_that_leads_to_a_host_which_asked_not_to_be_read_counts_as_no_failure(tmp_path: Path):
    with publishing() as publisher:
        there = publisher.put("/feed", rss(item(1))).replace("127.0.0.1", "localhost")
        publisher.moved["/led"] = there
        ours = Commands.at(tmp_path, f"opt_out: [localhost]\nsources:\n  led: {publisher.url('/led')}\n")
        told = ours.command("poll", "--all")
        assert "led: not read: localhost is not asked: localhost asked not to be read" in told
        assert "0 failed." in told
        assert publisher.asked("/feed") == []
