"""The event loops on which the web is tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

BOTH = {"test_web_bounds", "test_web_shared"}
"""Whose behaviour is the loop's as much as ours: what is sent, and how long a client may take."""


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The program runs on uvloop where there is one, and on asyncio's own loop elsewhere."""
    _ = config
    loops: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    return loops | {"uvloop": uvloop.new_event_loop} if item.path.stem in BOTH else loops
