"""The event loop that the processes run on."""

from __future__ import annotations

import asyncio
import sys

import pytest

from aggregator.cli import shared


async def where() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_processes_run_on_uvloop_and_where_there_is_none_on_the_standard_loop(monkeypatch: pytest.MonkeyPatch):
    assert shared.run(where()).startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert shared.run(where()).startswith("asyncio")
