"""The event loop that the processes run on."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import gc
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from aggregator import cli
from aggregator.cli import shared
from tests.support.commands import Commands


async def where() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_processes_run_on_uvloop_and_where_there_is_none_on_the_standard_loop(monkeypatch: pytest.MonkeyPatch):
    assert shared.run(where()).startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert shared.run(where()).startswith("asyncio")


def test_a_process_does_not_look_through_every_batch_of_items_for_rings(monkeypatch: pytest.MonkeyPatch):
    told: list[int] = []
    monkeypatch.setattr(gc, "set_threshold", lambda young, *_: told.append(young))
    monkeypatch.setattr(sys, "argv", ["aggregator", "--version"])
    with pytest.raises(SystemExit):
        cli.run()
    assert told[0] > 40 * 43, "a feed's items, and their keys"


@pytest.mark.parametrize("lacks", [OSError(errno.EMFILE, "Too many open files"), MemoryError()])
def test_a_start_for_which_the_machine_has_too_little_says_so_and_ends(
    lacks: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("uvloop.new_event_loop", Mock(side_effect=lacks))
    said = Commands.at(tmp_path, "sources: {}\n").command("worker", expect=1)
    assert "raise the limit of open files (LimitNOFILE, ulimit -n) or of memory" in said
    assert "Traceback" not in said
    gc.collect()  # a coroutine that nobody waited for would be told now, and fail this test


def test_any_other_error_of_the_machine_is_no_want(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("uvloop.new_event_loop", Mock(side_effect=OSError(errno.EIO, "Input/output error")))
    with pytest.raises(OSError, match="Input/output"):
        Commands.at(tmp_path, "sources: {}\n").command("worker")


def test_glibc_is_told_to_give_memory_back_and_no_other_library_is_needed(monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[int, int]] = []
    glibc = SimpleNamespace(mallopt=lambda parameter, value: told.append((parameter, value)))
    monkeypatch.setattr(ctypes, "CDLL", lambda _: glibc)
    shared.return_memory()
    assert dict(told)[-8] == 2
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    shared.return_memory()
