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
from tests.store.migrations.test_store_schema import DUMPS, loaded
from tests.support.commands import Commands
from tests.support.databases import read_rows
from tests.support.installation import item, rss
from tests.support.publisher import Publisher, publishing
from tests.support.roll_out import edit, feeds, shared  # noqa: F401 # a fixture

WORDS = ["none", "river", "harbour", "council", "orchard", "library", "theatre", "festival"]


def rows(folder: Path) -> list[tuple[Any, ...]]:
    return read_rows(folder / "data" / "aggregator.db")


def shown(ours: Commands) -> set[str]:
    ours.command("publish", "--to", "out")
    return {one["id"] for one in json.loads((ours.folder / "out" / "all.json").read_text())["items"]}


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
            "\n    dropped: Report 2\n    dropped: Report 3\n",
            "\n1 source added (sea); 1 source renamed (one -> uno); 1 source removed (two); all: 0 entries",
        ):
            assert line in told
        assert "note: if sea is two at another address, call it two still: then its entries that are" in told
        facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
        jsonschema.validate(facts, schema("diff"))
        assert facts["announced_again"] == 0
        (entries,) = [one["entries"] for one in facts["publications"]]
        assert [entries["titles"][name] for name in entries["dropped"]] == ["Report 2", "Report 3"]
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


def test_of_entries_that_go_and_come_the_five_newest_are_named_and_how_many_more_there_are(tmp_path: Path):
    with publishing() as publisher:
        days = [item(day, date=f"Sun, {day:02} Feb 2026 08:00:00 GMT") for day in range(1, 9)]
        publisher.put("/one", rss(*days, title="One"))
        publisher.put("/two", rss(item(20), title="Two"))
        ours = Commands.at(tmp_path, feeds(publisher, "one", "two"))
        ours.command("poll")
        whole = (tmp_path / "feeds.yaml").read_text()
        for day, edited in (
            (" dropped", whole.replace("one:", "# one:")),
            (" added", f"{whole}publish: {{ all: {{}}, few: {{ from: [one] }} }}\n"),
        ):
            (tmp_path / "draft.yaml").write_text(edited)
            told = ours.command("diff", "draft.yaml", expect=1)
            named = [line.strip() for line in told.splitlines() if line.startswith(f"   {day}: ")]
            assert named == [f"{day.strip()}: Report {number}" for number in (8, 7, 6, 5, 4)]
            assert f"    and 3 more{day}: --json has all of them\n" in told


def test_a_filter_that_an_edit_has_let_nothing_through_is_told_and_one_that_did_so_before_is_not(tmp_path: Path):
    with publishing() as publisher:
        publisher.put("/one", rss(*(item(number) for number in range(6))))
        ours = Commands.at(tmp_path, feeds(publisher, "one"))
        ours.command("poll")
        where = publisher.url("/one")
        typo = f"sources:\n  uno: {{ url: '{where}', filter: [ {{ keep: [pyhton] }} ] }}\n"
        (tmp_path / "draft.yaml").write_text(typo)
        hint = "note: `keep pyhton` under `sources.uno.filter` lets none of its 6 newest items through.\n"
        assert hint in ours.command("diff", "draft.yaml", expect=1)
        facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
        jsonschema.validate(facts, schema("diff"))
        assert [f"note: {one}\n" for one in facts["notes"]] == [hint]
        edit(ours, typo)
        ours.command("poll", "--all")
        (tmp_path / "draft.yaml").write_text(typo.replace("}\n", ", every: 2h }\n"))
        assert "note: " not in ours.command("diff", "draft.yaml", expect=1)
        edit(ours, feeds(publisher, "one"))
        ours.command("poll", "--all")
        few = "publish: { all: {}, few: { filter: [ { drop: { title: Report } } ] } }\n"
        (tmp_path / "draft.yaml").write_text(feeds(publisher, "one") + few)
        told = ours.command("diff", "draft.yaml", expect=1)
        assert "under `publish.few.filter` lets none of its 6 newest items through." in told


def dated(publisher: Publisher) -> list[str]:
    """Seven entries of seven days, put up; their texts have nothing in common."""
    dates = {number: f"Sun, {number:02} Feb 2026 08:00:00 GMT" for number in range(1, 8)}
    found = [item(number, date=date, text=f"{WORDS[number]} " * 9) for number, date in dates.items()]
    publisher.put("/one", rss(*found))
    return found


def moving(folder: Path, publisher: Publisher) -> Commands:
    """What was put up is read, and a draft moves the source."""
    ours = Commands.at(folder, feeds(publisher, "one"))
    ours.command("poll")
    (folder / "draft.yaml").write_text(f"sources:\n  one: {publisher.url('/new')}\n")
    return ours


def told(ours: Commands, again: int, unseen: list[str], *arguments: str) -> str:
    facts = json.loads(ours.command("diff", "draft.yaml", *arguments, "--json", expect=1))
    jsonschema.validate(facts, schema("diff"))
    assert (facts["announced_again"], facts["unseen"]) == (again, unseen)
    return ours.command("diff", "draft.yaml", *arguments, expect=1)


def test_what_a_source_brings_from_where_it_moves_is_not_promised_before_somebody_looks(tmp_path: Path):
    with publishing() as publisher:
        dated(publisher)
        ours = moving(tmp_path, publisher)
        found = told(ours, 0, ["one"])
        assert publisher.asked("/new") == [], "no request that nobody asked for"
        assert "what is there is read at the next poll: an entry that bears neither id nor address nor" in found
        assert found.endswith(
            "0 announced again; not counting what one brings from its new address, which nobody has read yet.\n"
        )
        found = told(ours, 0, ["one"], "--fetch")
        assert "it could not be read there: 127.0.0.1 answered 404" in found
        assert "not counting what one brings" in found


def test_a_look_at_where_a_source_moves_is_led_to_no_host_that_the_edit_has_left_alone(tmp_path: Path):
    with publishing() as publisher, publishing() as asked:
        dated(publisher)
        ours = moving(tmp_path, publisher)
        publisher.moved["/new"] = f"http://localhost:{asked.port}/feed"
        asked.put("/feed", rss(item(1)))
        draft = tmp_path / "draft.yaml"
        draft.write_text(f"opt_out: [localhost]\n{draft.read_text()}")
        found = told(ours, 0, ["one"], "--fetch")
        assert "localhost is not asked: localhost asked not to be read (`opt_out` in feeds.yaml, line 1)" in found
        assert asked.requests == []


def test_a_source_that_is_read_as_something_else_is_told_by_its_key_and_not_as_one_that_moves_to_where_it_is(
    tmp_path: Path,
):
    with publishing() as publisher:
        dated(publisher)
        ours = moving(tmp_path, publisher)
        (tmp_path / "draft.yaml").write_text(
            f"sources:\n  one: {{ page: '{publisher.url('/one')}', every: 2h }}\n"
        )
        found = told(ours, 0, ["one"])
        assert "~ source one: page, every; what is there is read at the next poll" in found


def test_a_look_at_where_a_source_moves_foresees_what_the_poll_then_announces(tmp_path: Path):
    with publishing() as publisher:
        old = dated(publisher)
        ours = moving(tmp_path, publisher)
        lake = [
            one.replace("urn:river:", "urn:lake:").replace("river.example", "lake.example") for one in old[2:5]
        ]
        moved = [
            old[0],
            old[1].replace("urn:river:", "urn:lake:"),
            lake[0],
            *(one.replace("Feb", "Mar") for one in lake[1:]),
            item(30, text="Quite another thing happened elsewhere, and nobody of those here was there."),
        ]
        publisher.put("/new", rss(*moved))
        before = rows(tmp_path)
        found = told(ours, 2, [], "--fetch")
        assert "of 6 entries there 3 are known here, 1 new, 2 announced again\n" in found
        assert "    announced again: Report 4\n    announced again: Report 5\n" in found
        assert found.endswith("1 source moved (one); 2 announced again.\n")
        assert rows(tmp_path) == before, "nothing is written"
        (tmp_path / "feeds.yaml").write_text((tmp_path / "draft.yaml").read_text())
        assert "one: 3 new" in ours.command("poll", "one"), "so it was foreseen"


def test_a_text_with_mistakes_or_half_of_one_is_told_with_its_lines_by_status_two(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    (tmp_path / "draft.yaml").write_text("sources:\n  a: https://a.example/\n  b: {url: 'https://b.exa")
    assert "draft.yaml:3: a quote is opened and never closed" in ours.command("diff", "draft.yaml", expect=2)
    assert "none.yaml: there is no such file" in ours.command("diff", "none.yaml", expect=2)


def test_before_anything_is_in_force_all_of_the_file_is_new_and_no_entry_is_counted(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    (tmp_path / "draft.yaml").write_text("sources:\n  b: https://a.example/\n")
    told = ours.command("diff", expect=1)
    assert "note: no entries are counted: nothing is in force yet, so all is new." in told
    assert "\n+ publication all\n" in told
    assert told.endswith("1 source added (a); 1 publication added (all).\n")
    assert "1 source added (b); 1 publication added (all)." in ours.command("diff", "draft.yaml", expect=1)
    facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
    jsonschema.validate(facts, schema("diff"))
    assert facts["announced_again"] is None
    assert not (tmp_path / "data" / "aggregator.db").exists()


@pytest.mark.parametrize("gone", [False, True])
def test_a_database_of_an_earlier_version_is_not_asked_and_stays_as_it_is(tmp_path: Path, gone: bool):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    (tmp_path / "draft.yaml").write_text("sources:\n  a: https://a.example/\n  b: https://b.example/\n")
    if gone:
        (tmp_path / "feeds.yaml").unlink()
    (tmp_path / "data").mkdir()
    path = loaded(DUMPS / "revision_0018.sql", tmp_path / "data" / "aggregator.db")
    before = path.read_bytes()
    told = ours.command("diff", "draft.yaml", expect=1)
    assert "the database was not asked: it is of an earlier version of this program" in told
    assert f"{'2 sources added (a, b)' if gone else '1 source added (b)'}" in told
    assert path.read_bytes() == before


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


PUBLISH = """
publish:
  all: { path: /rss20.xml, was: [old] }
  priv: { private: a-secret-of-many-signs }
  few: { from: [one] }
"""
PUBLIC = "priv becomes public: anybody can read it; its addresses under a token end"
ENDS = "/all.rss, /old.atom, /old.rss, /old.json, /rss20.xml"
READERS = (
    ("private: a-secret-of-many-signs", "", f"    warning: {PUBLIC}\n"),
    ("private: a-secret-of-many-signs", "", f"\n1 publication changed (priv); {PUBLIC}; "),
    (
        "path: /rss20.xml",
        "private: b-secret-of-many-signs",
        "    warning: all becomes private: its public addresses",
    ),
    ("a-secret", "b-secret", "    warning: priv loses 1 token: its addresses under such a token end\n"),
    ("path: /rss20.xml, was: [old]", "formats: [atom, json]", f"    warning: these addresses end: {ENDS}\n"),
    ("path: /rss20.xml, was: [old]", "formats: [atom, json]", f"; 5 addresses end ({ENDS}); "),
    ("path: /rss20.xml", "limit: 9", "    warning: this address ends: /rss20.xml\n"),
    ("path: /rss20.xml", "limit: 9", "; 1 address ends (/rss20.xml); "),
    ("few:", "lean:", "    warning: these addresses end: /few.atom, /few.rss, /few.json\n"),
    (
        "few:",
        "lean:",
        "note: publication lean chooses what few did: if it is the same under another id, was: [few] ",
    ),
    ("few: {", "lean: { was: few,", "\n1 publication renamed (few -> lean); lean: 0 entries added, 0 dropped; "),
)


def test_who_may_read_a_publication_from_now_on_and_which_of_its_addresses_end_is_told(tmp_path: Path):
    with publishing() as publisher:
        publisher.put("/one", rss(item(1), title="One"))
        ours = Commands.at(tmp_path, feeds(publisher, "one") + PUBLISH)
        ours.command("poll")
        for old, new, line in READERS:
            draft = (tmp_path / "feeds.yaml").read_text().replace(old, new)
            (tmp_path / "draft.yaml").write_text(draft)
            told = ours.command("diff", "draft.yaml", expect=1)
            assert line in told
            assert "-secret" not in told
            facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
            jsonschema.validate(facts, schema("diff"))
            assert f"{facts['summary']}." in told


def test_a_list_that_comes_goes_moves_or_is_called_otherwise_is_told_and_what_it_brought_keeps_its_ids(
    tmp_path: Path,
):
    with publishing() as publisher:
        for number in (1, 2):
            publisher.put(f"/{number}", rss(item(number)))
        outlines = "".join(f"<outline text='F{one}' xmlUrl='{publisher.url(f'/{one}')}'/>" for one in (1, 2))
        where = publisher.put("/list.opml", f"<opml version='2.0'><body>{outlines}</body></opml>", "text/x-opml")
        own = f"sources:\n  own: {publisher.put('/own', rss(item(3)))}\n"
        ours = Commands.at(tmp_path, own)
        ours.command("poll")

        def told(lists: str) -> str:
            (tmp_path / "draft.yaml").write_text(f"{own}lists: {{ {lists} }}\n")
            facts = json.loads(ours.command("diff", "draft.yaml", "--json", expect=1))
            jsonschema.validate(facts, schema("diff"))
            return ours.command("diff", "draft.yaml", expect=1)

        found = told(f"pl: '{where}'")
        assert f"+ list pl: what it brings is not known; {where}\n" in found
        assert "1 list added (pl); 0 announced again." in found
        edit(ours, f"{own}lists: {{ pl: '{where}' }}\n")
        ours.command("poll")
        ids = shown(ours)
        assert len(ids) == 3
        found = told("")
        assert f"- list pl: what no other list names is kept, and not shown; {where}\n" in found
        assert "1 list removed (pl); 2 sources removed (pl-f1, pl-f2); all: 0 entries added, 2 dropped" in found
        assert f"~ list pl: from {where} to {where}2; what it names there is not known" in told(f"pl: '{where}2'")
        assert "~ list pl: tags\n" in told(f"pl: {{ url: '{where}', tags: [x] }}")
        found = told(f"nw: '{where}'")
        assert (
            "~ list nw: was pl; its sources leave until it is read as nw, then come back under new labels" in found
        )
        assert (
            "1 list renamed (pl -> nw); 2 sources removed (pl-f1, pl-f2); all: 0 entries added, 2 dropped" in found
        )
        edit(ours, f"{own}lists: {{ nw: '{where}' }}\n")
        assert "all: 2 new" not in ours.command("poll")
        assert set(ours.status()) == {"own", "nw-f1", "nw-f2"}
        assert shown(ours) == ids, "nothing is announced again"
