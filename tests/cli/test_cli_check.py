"""check: what was understood, or every mistake where it stands; for people and for machines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from aggregator.cli.mistakes import draw
from aggregator.yamlfile import Excerpt
from tests.cli.test_cli_schemas import schema
from tests.support.commands import Commands
from tests.support.installation import item, rss

MIXED = (
    "sources:\n  a: { url: www.a.example, timezon: UTC }\n  b: { url: https://b.example/, tags: [x, 3] }\n"
    "publish:\n  p: { from: { tags: [x, y] }, limit: 5000 }\n"
)


def test_mistakes_have_their_line_and_a_caret_and_notes_stand_beside_them(tmp_path: Path):
    ours = Commands.at(tmp_path, MIXED)
    told = ours.command("check", expect=1)
    assert told == (
        "feeds.yaml:2: sources.a.timezon: unknown key; did you mean 'timezone'?\n"
        "   2 |   a: { url: www.a.example, timezon: UTC }\n"
        "     |                            ^^^^^^^\n"
        "feeds.yaml:3: sources.b.tags[1]: text is needed, not 3; put it in quotes\n"
        "   3 |   b: { url: https://b.example/, tags: [x, 3] }\n"
        "     |                                           ^\n"
        "note: feeds.yaml:2: source 'a' is read as https://www.a.example\n"
        "   2 |   a: { url: www.a.example, timezon: UTC }\n"
        "     |             ^^^^^^^^^^^^^\n"
        "note: feeds.yaml:5: publication 'p': no source bears the tag 'y'.\n"
        "   5 |   p: { from: { tags: [x, y] }, limit: 5000 }\n"
        "     |                          ^\n"
        "2 mistakes.\n"
    )
    assert ours.command("status", expect=1) == told, "whichever command meets them"


def test_what_machines_read_of_a_check_is_as_its_schema_says(tmp_path: Path):
    ours = Commands.at(tmp_path, MIXED)
    facts = json.loads(ours.command("check", "--json", expect=1))
    jsonschema.validate(facts, schema("check"))
    assert [(one["line"], one["column"], one["end_column"], one["path"]) for one in facts["mistakes"]] == [
        (2, 28, 35, "sources.a.timezon"),
        (3, 43, 44, "sources.b.tags[1]"),
    ]
    assert [(one["line"], one["path"]) for one in facts["notes"]] == [
        (2, "sources.a.url"),
        (5, "publish.p.from.tags[1]"),
    ]
    (tmp_path / "feeds.yaml").write_text(MIXED.replace("timezon:", "timezone:").replace("3", "'3'"))
    facts = json.loads(ours.command("check", "--json", "--outputs"))
    jsonschema.validate(facts, schema("check"))
    assert (facts["mistakes"], facts["sources"], facts["publications"]) == ([], 2, 1)
    assert [one["line"] for one in facts["notes"]] == [2, 5, 5], "a limit that the settings cut has its line too"
    assert facts["notes"][2]["text"] == "  p: { from: { tags: [x, y] }, limit: 5000 }"


def test_mistakes_of_the_settings_are_shown_in_their_own_file(tmp_path: Path):
    told = Commands.at(tmp_path, MIXED, settings="fetch: { timeot: 1s }\n").command("check", expect=1)
    assert "config/settings.yaml:1: fetch.timeot: unknown key; did you mean 'timeout'?\n   1 | fetch: {" in told
    assert "\n     |          ^^^^^^\nfeeds.yaml:2: " in told
    assert told.endswith("\n3 mistakes.\n")


def test_what_is_resolved_is_checked_without_a_mistake_and_shows_no_secret(tmp_path: Path):
    laid = Commands.at(tmp_path, "sources:\n  a: { url: a.example, headers: { X-Key: '${FEED_KEY}' } }\n")
    ours = replace(laid, variables={"FEED_KEY": "geheim"})
    resolved = ours.command("check", "--resolved")
    assert "geheim" not in resolved
    assert "${FEED_KEY}" in resolved
    assert "    every: 1h\n" in resolved
    (tmp_path / "feeds.yaml").write_text(resolved)
    assert "1 source, 1 publication, no mistakes." in ours.command("check")
    assert ours.command("check", "--resolved") == resolved


def test_what_is_resolved_is_a_feeds_yaml_and_nothing_for_machines(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources: { a: a.example }\n")
    assert "--json" in ours.command("check", "--json", "--resolved", expect=2)


def test_a_file_that_is_being_written_is_told_as_it_stands_and_nothing_is_touched(tmp_path: Path):
    half = MIXED[: MIXED.index("b.example")]
    ours = Commands.at(tmp_path, half)
    told = ours.command("check", expect=1)
    assert told == (
        "feeds.yaml:3: a bracket is not closed, or a comma is missing inside it\n"
        "   3 |   b: { url: https://\n"
        "     |                     ^\n"
        "1 mistake.\n"
    )
    assert (tmp_path / "feeds.yaml").read_text() == half


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("text", ["key: value " * 12, "漢字: 仮名 " * 12, "e\N{COMBINING ACUTE ACCENT}: " * 30])
@pytest.mark.parametrize("column", [1, 49, 69])
def test_carets_stand_under_what_they_mean_however_narrow_the_terminal(width: int, text: str, column: int):
    line, carets = draw(Excerpt(text=text, column=column, width=5), 7, width)
    columns = [2 if ord(char) > 0x3000 else 0 if char == "\N{COMBINING ACUTE ACCENT}" else 1 for char in line]
    assert sum(columns) < width
    begin = carets.index("^")
    starts = [n for n in range(len(line)) if sum(columns[:n]) == begin]
    assert any(line[n:].startswith(text[column - 1 : column + 1]) for n in starts), "what begins there"
    assert set(carets[begin:]) == {"^"}


def test_after_a_poll_check_and_status_tell_what_can_be_mended(tmp_path: Path):
    feeds = "sources: {{ a: a.xml }}\npublish:\n  all: {{ filter: [ {{ keep: [{}] }} ] }}\n"
    ours = Commands.at(tmp_path, feeds.format("zebra"))
    (tmp_path / "a.xml").write_text(rss(*(item(number) for number in range(1, 7))))
    assert "hint" not in ours.command("check"), "nothing was polled yet"
    assert not (tmp_path / "data").exists(), "and no database is made for it"
    ours.command("poll")
    hint = "`keep zebra` under `publish.all.filter` lets none of its 6 newest items through."
    assert f"\nhint: sources.a: {hint}\n" in ours.command("check")
    facts = json.loads(ours.command("check", "--json"))
    jsonschema.validate(facts, schema("check"))
    assert facts["hints"] == {"a": [hint]}
    rows = json.loads(ours.command("status", "--json"))
    jsonschema.validate(rows, schema("status"))
    assert rows["sources"][0]["hints"] == [hint]
    assert "hint:" in ours.command("status")
    (tmp_path / "feeds.yaml").write_text(feeds.format("report"))
    assert "hint" not in ours.command("check") + ours.command("status")


def test_after_a_poll_names_under_withdraw_that_hit_nothing_are_told_with_their_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("COLUMNS", raising=False)
    names = (
        "a.example/99",
        "The town builds a bridge",
        "lake",
        "https://sea.example/feed",
        "https://lake.example/1",
    )
    feeds = (
        "sources:\n  lake: a.xml\n  sea: { url: https://sea.example/feed, enabled: false }\nwithdraw:\n"
        + "".join(f"  - {name}\n" for name in names)
    )
    ours = Commands.at(tmp_path, feeds)
    (tmp_path / "a.xml").write_text(rss(item(1)).replace("https://river.example/1", "https://lake.example/1"))
    assert "withdraw" not in ours.command("check"), "nothing was polled yet"
    ours.command("poll")
    remedies = (
        "it will be withdrawn when it comes",
        "an item is named by its address or its id, not by its title",
        "that is a source: remove it, or write `enabled: false` there",
        "that is the address of the source 'sea': remove it, or write `enabled: false` there",
    )
    lines = [
        f"note: feeds.yaml:{line}: withdraw: nothing that is stored is called `{name}`; {remedy}"
        for line, name, remedy in zip(range(5, 9), names, remedies, strict=False)
    ]
    for command in ("check", "status"):
        assert [one for one in ours.command(command).splitlines() if "withdraw:" in one] == lines
    facts = json.loads(ours.command("check", "--json"))
    jsonschema.validate(facts, schema("check"))
    assert [(one["line"], one["path"]) for one in facts["notes"]] == [(line, "withdraw") for line in (5, 6, 7, 8)]
    rows = json.loads(ours.command("status", "--json"))
    jsonschema.validate(rows, schema("status"))
    assert len(rows["notes"]) == 4
    absent = ours.command("explain", "https://a.example/99/", expect=1)
    assert "under `withdraw` in feeds.yaml, line 5: it will be withdrawn when it comes." in absent
