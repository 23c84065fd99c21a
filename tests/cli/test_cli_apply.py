"""One feeds.yaml in force for all machines, by command."""

from __future__ import annotations

from pathlib import Path

from tests.support.commands import Commands
from tests.support.publisher import Publisher
from tests.support.roll_out import edit, feeds, shared  # noqa: F401 # a fixture


def test_commands_on_machines_with_other_copies_undo_nothing_and_apply_decides(
    tmp_path: Path,
    shared: tuple[Publisher, str],  # noqa: F811 # the fixture
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
