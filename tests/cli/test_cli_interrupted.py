"""Ctrl-C while a command works: it ends with 130, says how things stand, and leaves nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from aggregator import upkeep
from aggregator.app import Application
from aggregator.engine.files import Folder
from aggregator.store.sql import indexed_words
from aggregator.store.sqlite import copying
from tests.support.commands import Commands
from tests.support.databases import read_rows
from tests.support.installation import item, rss
from tests.support.publisher import Publisher, publishing

INI = "[Planet]\nname = Old\n[{}]\nname = River\n"
COPY = ("backup", "copy.db")
MIGRATE = ("migrate-store", "--from", "sqlite:///data/aggregator.db", "--to", "sqlite:///new/new.db")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as one:
        one.put("/feed", rss(item(1)))
        yield one


@pytest.fixture
def ours(tmp_path: Path, publisher: Publisher) -> Commands:
    made = Commands.at(tmp_path, f"sources:\n  river: {publisher.url('/feed')}\n")
    made.command("poll")
    return made


def press(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


def files(folder: Path) -> dict[str, bytes]:
    """What lies there; of the database and what is beside it, not with which bytes."""
    names = {path: str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {
        name: b"" if name.startswith("data/") else path.read_bytes()
        for path, name in names.items()
        if "-" not in path.suffix
    }


STOPPED = [
    (("preview", "river"), (upkeep, "preview"), "Nothing was stored."),
    (("add", "lake.example"), (upkeep, "preview"), "Nothing was added."),
    (("import", "http://127.0.0.1:9/list.opml"), (Application, "fetcher"), "Nothing was added."),
    (("diff",), (Application, "fetcher"), ""),
    (("diff", "--fetch"), (Application, "reader"), ""),
    (("doctor",), (upkeep, "examine"), "Not everything was examined. Nothing was changed."),
    (("check", "--outputs"), (Application, "store"), "Not everything was checked. Nothing was changed."),
    (("publish", "--to", "out"), (Application, "write_files"), "Each file in the folder is whole"),
    (COPY, (copying, "_put"), "No copy was made; one that was there already is as it was."),
    (("restore", "safe.db"), (copying, "_put"), "The database is whole: what it was, or the copy."),
]


@pytest.mark.parametrize(("arguments", "place", "words"), STOPPED, ids=lambda one: str(one[0]) if one else "")
def test_what_is_interrupted_says_how_things_stand_and_leaves_all_files_as_they_were(
    ours: Commands,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    place: tuple[object, str],
    words: str,
):
    ours.command("backup", "safe.db")
    before = files(ours.folder)
    with monkeypatch.context() as while_it_lasts:
        while_it_lasts.setattr(*place, press)
        told = ours.command(*arguments, expect=130 if words else 0)
    assert ("Interrupted. " + words in told) == bool(words), "without a move nobody is asked"
    assert "Traceback" not in told
    assert files(ours.folder) == before
    assert ours.status()["river"]["items"] == 1


def test_a_look_at_where_a_source_moves_can_be_interrupted(
    ours: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
):
    (ours.folder / "feeds.yaml").write_text(f"sources:\n  river: {publisher.url('/new')}\n", encoding="utf-8")
    monkeypatch.setattr(Application, "fetcher", press)
    assert "Interrupted. Nothing was changed." in ours.command("diff", "--fetch", expect=130)


def test_a_database_that_is_carried_over_holds_nothing_there_when_that_is_interrupted_and_all_of_it_the_next_time(
    ours: Commands, monkeypatch: pytest.MonkeyPatch
):
    (ours.folder / "new").mkdir()
    with monkeypatch.context() as while_it_lasts:
        while_it_lasts.setattr(indexed_words, "note_all", press)
        told = ours.command(*MIGRATE, expect=130)
    assert "Interrupted. Nothing was carried over: the new database holds nothing" in told
    assert not [row for row in read_rows(ours.folder / "new" / "new.db") if "urn:river:1" in map(str, row)]
    assert "Carried over" in ours.command(*MIGRATE)


def test_files_that_were_written_before_an_interruption_are_whole_and_the_rest_comes_with_the_next(
    ours: Commands, monkeypatch: pytest.MonkeyPatch
):
    put, names = Folder._put, []

    def put_one(folder: Folder, name: str, document: object) -> bool:
        if names:
            raise KeyboardInterrupt
        names.append(name)
        return put(folder, name, document)  # type: ignore[arg-type]

    with monkeypatch.context() as while_it_lasts:
        while_it_lasts.setattr(Folder, "_put", put_one)
        ours.command("publish", "--to", "out", expect=130)
    some = files(ours.folder / "out")
    assert set(some) >= set(names)
    ours.command("publish", "--to", "out")
    whole = files(ours.folder / "out")
    assert some.items() <= whole.items(), "what was there was whole"
    assert {"all.atom", "all.rss", "all.json"} <= whole.keys()


def test_an_import_that_is_interrupted_while_it_counts_has_told_what_it_added(
    ours: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
):
    (ours.folder / "config.ini").write_text(INI.format(publisher.url("/lake")), encoding="utf-8")
    with monkeypatch.context() as while_it_lasts:
        while_it_lasts.setattr(upkeep, "count_seen_again", press)
        told = ours.command("import", "config.ini", expect=130)
    assert "feeds.yaml: 1 added" in told
    assert "Interrupted. What was added is in feeds.yaml; how many entries subscribers would see again" in told
    assert publisher.url("/lake") in (ours.folder / "feeds.yaml").read_text(encoding="utf-8")
    assert "feeds.yaml: 0 added, 1 there already" in ours.command("import", "config.ini")
