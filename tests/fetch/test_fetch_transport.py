"""What the transport spares each request, and whom it tells of it."""

from __future__ import annotations

import asyncio
import importlib
import sys

import httpx
import pytest

from aggregator.fetch import FetchOptions
from aggregator.fetch.host_turns import HostTurn
from aggregator.fetch.resolver import SystemResolver
from aggregator.fetch.ssrf import GuardedBackend
from aggregator.fetch.transport import ConnectionPerRequest, remember_missing
from tests.support.fetching import LOOPBACK
from tests.support.loopback import Asked, answer, serving

NOBODYS = "nobody_has_this"


class Searches:
    """Stands first among what finds modules, and notes what is looked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, _path: object, _target: object = None) -> None:
        self.names.append(name)


def test_a_library_that_is_not_installed_is_looked_for_once_and_not_at_every_request(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(sys.modules, NOBODYS, sys)  # so that whatever stands there afterwards goes
    del sys.modules[NOBODYS]
    searches = Searches()
    monkeypatch.setattr(sys, "meta_path", [searches, *sys.meta_path])
    for _ in range(3):
        remember_missing(NOBODYS)
        with pytest.raises(ImportError):
            importlib.import_module(NOBODYS)
    assert searches.names == [NOBODYS]
    remember_missing("pytest")
    assert importlib.import_module("pytest") is pytest


class Noted(HostTurn):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    async def confirm(self) -> None:
        self.steps.append("may")

    async def begin(self) -> None:
        self.steps.append("begins")

    async def sent(self) -> None:
        self.steps.append("sent")


async def test_a_turn_is_told_right_before_a_request_is_sent_and_right_after():
    turn = Noted()

    async def say(_: Asked, writer: asyncio.StreamWriter) -> None:
        turn.steps.append("asked")
        writer.write(answer(200))

    async with serving({"/": say}) as server:
        guard = GuardedBackend(
            SystemResolver(threads=1), FetchOptions(allow_networks=LOOPBACK), max_wire_bytes=9000
        )
        transport = ConnectionPerRequest(guard)
        request = httpx.Request("GET", server.url("/"), extensions={"turn": turn, "confirm": turn.confirm})
        response = await transport.handle_async_request(request)
        await response.aclose()
    assert turn.steps == ["may", "begins", "sent", "asked"]
