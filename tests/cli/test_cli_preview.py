"""`aggregator preview`: what people read, what machines read, and with which status it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jsonschema
import pytest

from aggregator import app, upkeep
from aggregator.preview.previewed import Preview
from tests.cli.test_cli_schemas import schema
from tests.support.commands import Commands
from tests.support.databases import read_rows
from tests.support.installation import SETTINGS, Installation, item, rss
from tests.support.publisher import Publisher, publishing

ROWS = json.dumps(
    {"rows": [{"no": number, "name": f"Row {number}", "at": 1772366400 + number} for number in range(30)]}
)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as found:
        yield found


def facts(ours: Installation, *arguments: str, expect: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ours.command("preview", *arguments, "--json", "--wait", "0", expect=expect))
    jsonschema.validate(found, schema("preview"))
    return found


def rows_of(ours: Installation) -> list[tuple[Any, ...]]:
    return read_rows(ours.folder / "data" / "aggregator.db")


def test_a_feed_is_shown_entry_by_entry_with_what_its_dates_rest_on(tmp_path: Path, publisher: Publisher):
    ours = Commands.at(tmp_path, "sources: {}\n")
    feed = publisher.put("/feed", rss(item(1), item(2)))
    publisher.put("/robots.txt", "User-agent: *\nDisallow: /feed\n", "text/plain")

    output = ours.command("preview", feed, "--wait", "0")

    assert "- Report 2\n  published " in output
    assert "zone explicit" in output
    assert "entries: 2 of 2; how often cannot be told; texts:" in output
    assert "ids: the second look brought the same document, 2 entries" in output
    assert "robots.txt: does not want it (Disallow: /feed (for *))" in output
    assert "licence: the feed says nothing of it" in output
    assert output.rstrip().endswith("ok: 2 of 2 would join.")
    assert [asked.get("if-none-match") is not None for asked in publisher.asked("/feed")] == [False, True]
    assert not (tmp_path / "data").exists(), "nothing is stored, no database is made"


def test_what_machines_read_is_as_its_schema_says(tmp_path: Path, publisher: Publisher):
    ours = Commands.at(tmp_path, "sources: {}\n")
    feed = publisher.put("/feed", rss(item(1), item(2)))

    found = facts(ours, feed)

    assert (found["result"], found["listed"], found["feed"]["format"]) == ("ok", 2, "rss20")
    assert found["ids"] == {
        "second_look": "unchanged",
        "kept": 2,
        "renamed": [],
        "announced_again": [],
        "reason": None,
    }
    assert [one["published"]["claim"]["zone"] for one in found["entries"]] == ["explicit", "explicit"]


def test_a_source_of_feeds_yaml_is_tried_with_its_words_and_beside_what_is_here(
    tmp_path: Path, publisher: Publisher
):
    feed, rows = publisher.put("/feed", rss(item(1), item(2))), publisher.put("/rows", ROWS, "application/json")
    ours = Commands.at(
        tmp_path,
        f"sources:\n  river: {{ url: '{feed}', filter: [ {{ drop: [Report 1] }} ] }}\n"
        f"  again: {{ url: '{publisher.put('/same', rss(item(1), item(2)))}' }}\n"
        f"  rows: {{ json: '{rows}', select: {{ item: 'rows[]', id: no, title: name, published: at }} }}\n",
    )
    ours.command("poll", "river")
    before = rows_of(ours)

    river, again = facts(ours, "river"), facts(ours, "again")
    output = ours.command("preview", "rows", "--wait", "0")
    people = [ours.command("preview", name, "--wait", "0") for name in ("river", "again")]

    assert "kept out by the filter: drop Report 1" in people[0]
    assert "  here already: " in people[0]
    assert "  here from river: " in people[1]
    assert sorted(str(one["filtered"]) for one in river["entries"]) == ["None", "drop Report 1"]
    assert all(one["stored"][0]["same"] for one in river["entries"])
    assert {one["stored"][0]["source"] for one in again["entries"]} == {"river"}
    assert any("from river" in note for note in again["notes"])
    assert "and 10 more: `aggregator preview --json` has all of them" in output
    assert "one every 1s" in output
    assert rows_of(ours) == before


def test_what_readers_get_instead_is_shown_for_each_entry(tmp_path: Path, publisher: Publisher):
    one = item(1).replace(
        "</item>", "<description>&lt;p&gt;Water.&lt;/p&gt;&lt;p class='ad'&gt;Buy!&lt;/p&gt;</description></item>"
    )
    ours = Commands.at(
        tmp_path,
        f"sources:\n  river: {{ url: '{publisher.put('/feed', rss(one, item(2)))}', remove: ['.ad'], "
        "rewrite: [ { title: ['^Report 1', 'One'] } ] }\n",
    )

    output, found = ours.command("preview", "river", "--wait", "0"), facts(ours, "river")

    assert "  what readers get instead:\n    title: One\n" in output
    assert "    text: Water.\n    by remove\n    by title: ^Report 1 -> One\n" in output
    told = {entry["title"]: entry["rewritten"] for entry in found["entries"]}
    assert (told["Report 1"]["title"], told["Report 1"]["text"], told["Report 2"]) == ("One", "Water.", None)


def test_what_brings_nothing_or_cannot_be_read_ends_with_1_and_says_why(tmp_path: Path, publisher: Publisher):
    empty = publisher.put("/empty", "<rss version='2.0'><channel><title>Empty</title></channel></rss>")
    rows = publisher.put("/rows", ROWS, "application/json")
    ours = Commands.at(
        tmp_path, f"sources:\n  rows: {{ json: '{rows}', select: {{ item: 'row[]', title: name }} }}\n"
    )

    assert "nothing: It can be read, and holds no entries now." in ours.command(
        "preview", empty, "--wait", "0", expect=1
    )
    assert "broken: 127.0.0.1 answered 404" in ours.command("preview", publisher.url("/none"), expect=1)
    wrong = facts(ours, "rows", expect=1)
    assert wrong["result"] == "broken"
    assert "`rows[]` (30 × {no, name, at})" in wrong["reasons"][0]


def test_a_page_whose_site_keeps_programs_out_is_asked_only_by_force(tmp_path: Path, publisher: Publisher):
    publisher.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    page = publisher.put("/board", "<title>Board</title><ul><li>One</li><li>Two</li></ul>", "text/html")
    ours = Commands.at(tmp_path, f"sources:\n  board: {{ xpath: '{page}', select: {{ item: //li, title: . }} }}\n")

    output = ours.command("preview", "board", expect=1)

    assert "refused: It was not asked; --force asks all the same." in output
    assert publisher.asked("/board") == []
    assert "ok: 2 of 2 would join." in ours.command("preview", "board", "--force", "--wait", "0")


def test_what_is_neither_an_id_nor_an_address_is_told(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  river: https://river.example/feed\n")

    assert "did you mean 'river'?" in ours.command("preview", "rivre", expect=1)
    assert "a URL begins with https://" in ours.command("preview", "lake/feed", expect=1)
    assert "did you mean https://lake.example/feed?" in ours.command(
        "preview", "https//lake.example/feed", expect=1
    )
    assert "no such file beside feeds.yaml" in ours.command("preview", "../feeds.yaml", expect=1)
    assert facts(ours, "www.lake.example/feed", expect=1)["source"]["url"] == "https://www.lake.example/feed"


def test_a_file_beside_feeds_yaml_is_looked_at_and_added_like_an_address(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources: {}\n")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "Our notes.xml").write_text(rss(item(1), item(2)), "utf-8")

    assert facts(ours, "files/Our notes.xml")["source"]["kind"] == "file"
    added = ours.command("add", "./files/Our notes.xml")

    assert "2 of 2 entries would join" in added
    assert "added 'our-notes': files/Our notes.xml." in added
    ours.command("poll")
    assert (ours.status()["our-notes"]["state"], ours.status()["our-notes"]["items"]) == ("ok", 2)
    assert facts(ours, "files/Our notes.xml")["source"]["id"] == "our-notes"


def test_what_is_there_already_is_refused_before_anybody_is_asked(tmp_path: Path, publisher: Publisher):
    feed = publisher.put("/feed", rss(item(1)))
    ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")

    assert "source 'river' reads this URL already" in ours.command("add", feed, expect=1)
    assert "there is a source 'river' already" in ours.command(
        "add", publisher.url("/new"), "--id", "river", expect=1
    )
    assert publisher.asked("/feed") == []
    assert publisher.asked("/new") == []
    assert "only http:// and https:// can be read" in ours.command("preview", "ftp://lake.example/", expect=1)
    assert "NOWHERE is not set" in ours.command("preview", "https://a.example/${NOWHERE}", expect=1)


def test_an_address_that_a_source_has_is_that_source_and_what_a_variable_holds_is_not_told(
    tmp_path: Path, publisher: Publisher
):
    feed = publisher.put("/feed?key=opensesame-42", rss(item(1)))
    publisher.put("/plain", rss(item(1), item(2)))
    ours = Commands.at(
        tmp_path, f"sources:\n  river: {{ url: '{publisher.url('/plain')}', filter: [ {{ limit: 1 }} ] }}\n"
    )

    known = facts(ours, publisher.url("/plain#top"))
    with patch.dict("os.environ", {"KEY": "opensesame-42"}):
        output = ours.command("preview", feed.replace("opensesame-42", "${KEY}"), "--wait", "0")
        added = ours.command("add", feed.replace("opensesame-42", "${KEY}"), "--id", "secret")

    assert known["source"]["id"] == "river"
    assert [one["filtered"] for one in known["entries"]] == [None, "a limit"]
    assert "ok: 1 of 1 would join." in output
    assert "opensesame" not in output + added + (tmp_path / "feeds.yaml").read_text()


def test_add_writes_the_address_to_which_a_feed_has_moved_for_good(tmp_path: Path, publisher: Publisher):
    ours = Commands.at(tmp_path, "sources: {}\n")
    feed, old = publisher.put("/feed", rss(item(1))), publisher.url("/old")
    publisher.moved["/old"] = feed

    output = ours.command("add", old, "--id", "river")

    assert f"It has moved for good to {feed}" in output
    assert f"river: {feed}" in (tmp_path / "feeds.yaml").read_text()


def test_add_writes_a_password_as_it_was_typed(tmp_path: Path, publisher: Publisher):
    ours = Commands.at(tmp_path, "sources: {}\n")
    feed = publisher.put("/feed", rss(item(1))).replace("//", "//ann:opensesame@")

    output = ours.command("preview", feed, "--wait", "0") + ours.command("add", feed, "--id", "river")

    assert f"river: {feed}" in (tmp_path / "feeds.yaml").read_text()
    assert "opensesame" not in output


@pytest.mark.acceptance
def test_a_process_tells_it_in_a_pipe_and_without_colours(tmp_path: Path, publisher: Publisher):
    feed = publisher.put("/feed", rss(item(1)))
    ours = Installation.at(tmp_path, "sources: {}\n", settings=SETTINGS)

    with patch.dict("os.environ", {"NO_COLOR": "1", "COLUMNS": "40"}):
        output = ours.command("preview", feed, "--wait", "0")
        refused = ours.command("preview", publisher.url("/none"), expect=1)

    assert "\x1b" not in output + refused
    assert output.splitlines()[-1] == "ok: 1 of 1 would join."
    assert f"  {item(1).partition('<link>')[2].partition('<')[0]}" in output.splitlines(), (
        "no address is cut in two"
    )


def test_people_machines_and_add_are_told_the_same_of_one_look(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
):
    feed = publisher.put("/feed", rss(item(1), item(2)))
    ours = Commands.at(tmp_path, "sources: {}\n")
    with ours.inside():
        application = app.load(ours.folder / "feeds.yaml")
        fine = asyncio.run(upkeep.preview(application, feed, again_after=None, force=False))
    renamed = replace(fine.sight.ids, how="compared", kept=1, renamed=("Report 1",))
    seen = fine.sight.entries[0]
    later = replace(seen, item=replace(seen.item, updated=seen.item.published + timedelta(hours=1)))
    bad = replace(
        fine,
        result="broken",
        sight=replace(fine.sight, ids=renamed, entries=(later,)),
        reasons=("Names change.",),
    )

    async def look(*_: object, **__: object) -> Preview:
        return bad

    monkeypatch.setattr(upkeep, "preview", look)
    people = ours.command("preview", feed, expect=1)
    assert "ids: 1 kept, 1 given another name, 0 taken for new" in people
    assert "  updated " in people
    assert people.rstrip().endswith("broken: Names change.")
    assert [one["title"] for one in facts(ours, feed, expect=1)["entries"]] == [seen.item.entry.title]
    assert "Not added." in ours.command("add", feed, expect=1)
    assert "added 'river'" in ours.command("add", feed, "--id", "river", "--force")
    assert list(ours.status()) == ["river"]
