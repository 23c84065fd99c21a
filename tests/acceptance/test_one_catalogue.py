"""Several machines with a copy of feeds.yaml each, on one PostgreSQL database: one is in force for all."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import postgresql
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, item, rss
from tests.support.publisher import Publisher, publishing

pytestmark = pytest.mark.acceptance


@pytest.fixture
def shared() -> Iterator[tuple[Publisher, str]]:
    """A publisher of two feeds, and the settings of all machines."""
    with ExitStack() as life:
        publisher = life.enter_context(publishing())
        publisher.put("/one", rss(item(1), title="One"))
        publisher.put("/two", rss(item(2), title="Two"))
        url = postgresql.make_database()
        life.callback(postgresql.drop_database, url)
        yield publisher, f"{SETTINGS}database: '{url}'\n"


def feeds(publisher: Publisher, *names: str) -> str:
    return "sources:\n" + "".join(f"  {name}: {publisher.url(f'/{name}')}\n" for name in names)


def edit(machine: Commands, text: str) -> None:
    path = machine.folder / "feeds.yaml"
    path.write_text(text)
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def test_commands_on_machines_with_other_copies_undo_nothing_and_apply_decides(
    tmp_path: Path, shared: tuple[Publisher, str]
):
    publisher, settings = shared
    both, one = feeds(publisher, "one", "two"), feeds(publisher, "one")
    new, old = Commands.at(tmp_path / "a", both, settings), Commands.at(tmp_path / "b", one, settings)
    assert "no mistakes" in new.command("check"), "before there is any database"
    new.command("poll")
    assert "Nothing is due" in old.command("poll")
    assert "is another feeds.yaml than the one in force, which is version 1 of" in old.command("status")
    assert list(old.status()) == ["one", "two"]
    assert "note: " in old.command("check")
    assert "note: " not in new.command("check")
    assert "In force is another feeds.yaml than the one here, version 1" in old.command("doctor", expect=None)
    assert "In force is" not in new.command("doctor", expect=None)

    assert "version 2: 1 source removed (two)." in old.command("apply")
    assert "Nothing is due" in new.command("poll")
    assert list(new.status()) == ["one"]
    assert "version 3: 1 source added (two)." in new.command("apply")
    assert "in force already, as version 3" in new.command("apply")
    assert "Nothing is due" in old.command("poll")
    assert old.status()["two"]["items"] == 1, "nothing of it was deleted"
    assert [len(publisher.asked(path)) for path in ("/one", "/two")] == [1, 1], "nor polled anew"

    edit(old, one + "  two: [\n")
    assert ":4:" in old.command("apply", expect=1)
    assert "version 3" in new.command("apply")


def test_with_a_file_of_its_own_a_database_needs_no_apply(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    assert "in force by itself" in ours.command("apply")
    assert not (tmp_path / "data" / "aggregator.db").exists()


def test_running_machines_follow_one_edit_and_a_copy_that_stays_old_holds_nobody_up(
    tmp_path: Path, shared: tuple[Publisher, str]
):
    publisher, settings = shared
    one, both = feeds(publisher, "one"), feeds(publisher, "one", "two")
    first, second = Commands.at(tmp_path / "a", one, settings), Commands.at(tmp_path / "b", one, settings)
    with first.running(), second.running():
        second.wait_for("/all.atom", "Report 1")
        edit(first, both)
        bodies = {machine.wait_for("/all.atom", "Report 2") for machine in (first, second)}
        assert len(bodies) == 1
        second.wait_for("/status", "was not edited from it")
        edit(second, one + "# an edit of the old copy\n")
        time.sleep(3)  # a look of each
        assert [machine.get("/all.atom")[2] for machine in (first, second)] == [*bodies, *bodies]
        assert "version 3: 1 source removed (two)." in second.command("apply")
        for machine in (first, second):
            machine.wait_for("/sources.opml", "/one")
        deadline = time.monotonic() + 20
        while b"/two" in first.get("/sources.opml")[2] and time.monotonic() < deadline:
            time.sleep(0.1)
        assert b"/two" not in first.get("/sources.opml")[2]
    assert [len(publisher.asked(path)) for path in ("/one", "/two")] == [1, 1]
    assert first.status()["one"]["polls"] == 1
