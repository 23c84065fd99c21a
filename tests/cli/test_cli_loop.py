"""The event loop that the processes run on."""

from __future__ import annotations

import asyncio
import ctypes
import sys
from types import SimpleNamespace

import pytest

from aggregator.cli import shared


async def where() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_processes_run_on_uvloop_and_where_there_is_none_on_the_standard_loop(monkeypatch: pytest.MonkeyPatch):
    assert shared.run(where()).startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert shared.run(where()).startswith("asyncio")


def test_glibc_is_told_to_give_memory_back_and_no_other_library_is_needed(monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[int, int]] = []
    glibc = SimpleNamespace(mallopt=lambda parameter, value: told.append((parameter, value)))
    monkeypatch.setattr(ctypes, "CDLL", lambda _: glibc)
    shared.return_memory()
    assert dict(told)[-8] == 2
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    shared.return_memory()
