"""What an edit would do, told by command: before it is in force, and without touching anything."""

from __future__ import annotations

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jsonschema
import pytest

from tests.cli.test_cli_schemas import schema
from tests.support.commands import Commands
from tests.support.databases import read_rows
from tests.support.installation import item, rss
from tests.support.publisher import Publisher, publishing
from tests.support.roll_out import edit, feeds, shared  # noqa: F401 # a fixture


def rows(folder: Path) -> list[tuple[Any, ...]]:
    return read_rows(folder / "data" / "aggregator.db")


def test_an_edit_is_told_before_it_is_in_force_and_changes_nothing(tmp_path: Path):
    with publishing() as publisher:
        publisher.put("/one", rss(item(1), title="One"))
        publisher.put("/two", rss(item(2), item(3), title="Two"))
        ours = Commands.at(tmp_path, feeds(publisher, "one", "two"))
        ours.command("poll")
        before = rows(tmp_path)
        assert "no source and no publication changes." in ours.command("diff")
        draft = (tmp_path / "feeds.yaml").read_text().replace("one:", "uno:").replace("two:", "# two:")
        (tmp_path / "draft.yaml").write_text(f"{draft}  sea: {publisher.url('/sea')}\n")
        told = ours.command("diff", "draft.yaml", expect=1)
        for line in (
            "~ source uno: was one\n",
            f"+ source sea: {publisher.url('/sea')}; what it brings is not known\n",
            f"- source two: {publisher.url('/two')}; its 2 items are kept, and not shown\n",
            "~ publication all: 0 entries added, 2 dropped; 0 announced again\n",
            "\n1 source added (sea); 1 source renamed (one -> uno); 1 source removed (two); all: 0 entries",
        ):
            assert line in told
        assert "note: if sea is two at another address, call it two still: then its entries keep" in told
        facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
        jsonschema.validate(facts, schema("diff"))
        assert facts["announced_again"] == 0
        assert f"{facts['summary']}." in told
        piped = TextIOWrapper(BytesIO((tmp_path / "draft.yaml").read_bytes()))
        with patch("sys.stdin", piped):
            assert json.loads(ours.command("diff", "-", "--json", expect=1)) == facts
        assert rows(tmp_path) == before
        edit(ours, (tmp_path / "draft.yaml").read_text())
        assert ours.command("diff", expect=1) == told, "until somebody takes it over"
        publisher.put("/sea", rss(item(4), title="Sea"))
        ours.command("poll")
        assert "no source and no publication changes." in ours.command("diff")


def test_a_text_with_mistakes_or_half_of_one_is_told_with_its_lines_by_status_two(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    (tmp_path / "draft.yaml").write_text("sources:\n  a: https://a.example/\n  b: {url: 'https://b.exa")
    assert "draft.yaml:3: a quote is opened and never closed" in ours.command("diff", "draft.yaml", expect=2)
    assert "none.yaml: there is no such file" in ours.command("diff", "none.yaml", expect=2)


def test_without_a_database_sources_are_compared_and_it_is_said_that_no_entry_is_counted(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    (tmp_path / "draft.yaml").write_text("sources:\n  b: https://a.example/\n")
    told = ours.command("diff", "draft.yaml", expect=1)
    assert "note: no entries are counted: the database was not asked: there is none yet." in told
    assert "1 source renamed (a -> b)." in told
    facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
    jsonschema.validate(facts, schema("diff"))
    assert facts["announced_again"] is None
    assert not (tmp_path / "data" / "aggregator.db").exists()


@pytest.mark.parametrize("gone", [False, True])
def test_on_a_shared_database_an_edit_is_compared_with_what_is_in_force_there(
    tmp_path: Path,
    shared: tuple[Publisher, str],  # noqa: F811 # the fixture
    gone: bool,
):
    publisher, settings = shared
    both, one = feeds(publisher, "one", "two"), feeds(publisher, "one")
    new, old = Commands.at(tmp_path / "a", both, settings), Commands.at(tmp_path / "b", one, settings)
    new.command("poll")
    if gone:
        (tmp_path / "b" / "feeds.yaml").unlink()
        (tmp_path / "b" / "draft.yaml").write_text(one)
    told = old.command("diff", *(["draft.yaml"] if gone else []), expect=1)
    assert "1 source removed (two); all: 0 entries added, 1 dropped; 0 announced again." in told
    assert "no source and no publication changes" in new.command("diff"), "the copy that is in force still is"
