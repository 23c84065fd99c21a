"""Several machines with a copy of feeds.yaml each, on one PostgreSQL database: one is in force for all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.publisher import Publisher
from tests.support.roll_out import edit, feeds, shared  # noqa: F401 # a fixture
from tests.support.waiting import wait

pytestmark = pytest.mark.acceptance


def test_running_machines_follow_one_edit_and_a_copy_that_stays_old_holds_nobody_up(
    tmp_path: Path,
    shared: tuple[Publisher, str],  # noqa: F811 # the fixture
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
        wait(lambda: b"/two" not in first.get("/sources.opml")[2])
    assert [len(publisher.asked(path)) for path in ("/one", "/two")] == [1, 1]
    assert first.status()["one"]["polls"] == 1
