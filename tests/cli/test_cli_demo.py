"""What `aggregator demo` does around the demo itself, which tests/demo and tests/acceptance perform."""

from __future__ import annotations

import asyncio
import os
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aggregator import demo
from aggregator.demo import Happening, Opened
from tests.support.commands import Commands


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a performance of one scene was given."""
    found: dict[str, Any] = {}

    async def perform(
        folder: Path,
        stop: asyncio.Event,
        tell: Callable[[Happening], Any],
        opened: Callable[[Opened], None],
        **how: float,
    ) -> None:
        found.update(folder=folder, database=os.environ.get("DATABASE_URL"), **how)
        assert os.access(folder, os.W_OK)
        opened(Opened(url="http://127.0.0.1:1/", config=folder / "feeds.yaml"))
        await tell(Happening(told="It rains.", look="Umbrellas.", acts=(), is_awaited=True))
        assert not stop.is_set()
        (folder / "feeds.yaml").write_text("")

    monkeypatch.setattr(demo, "perform", perform)
    monkeypatch.setattr(webbrowser, "open", lambda url: found.update(browser=url))
    return found


def test_the_river_is_opened_and_what_the_environment_says_of_others_is_not_heard(
    tmp_path: Path, seen: dict[str, Any]
):
    ours = Commands(folder=tmp_path, port=0, variables={"DATABASE_URL": "sqlite:///theirs.db"})
    told = ours.command("demo", "--open", "--speed", "2")
    assert seen["browser"] == "http://127.0.0.1:1/"
    assert (seen["database"], seen["speed"]) == (None, 2.0)
    assert "The river: http://127.0.0.1:1/ " in told
    assert told.splitlines()[-1] == "It rains. -> Umbrellas."
    assert not seen["folder"].exists()


def test_the_folder_of_a_demo_is_kept_where_that_is_asked_and_no_other_folder_is_written_into(
    tmp_path: Path, seen: dict[str, Any]
):
    ours = Commands(folder=tmp_path, port=0)
    ours.command("demo", "--keep", "kept")
    assert (tmp_path / "kept" / "feeds.yaml").exists()
    assert "browser" not in seen
    assert "name a folder that is empty or new" in ours.command("demo", "--keep", "kept", expect=2)
