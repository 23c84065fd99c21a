"""The event loop is everybody's: what may take long is not done in it."""

from __future__ import annotations

import re
import threading
import traceback
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator import app
from aggregator.patterns import GuardedPattern
from tests.support.client import http_client
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, item, rss
from tests.support.loopback import answer, serving

FILTERED = (
    "defaults: {{ tags: [wet], filter: [ {{ drop: {{ text: '(x+x+)+y' }} }} ] }}\n"
    "sources:\n  river: {river}\n  lake: {lake}\n"
    "publish:\n  all: {{ filter: [ {{ keep: {{ any: '(W|w)at(er)+' }} }} ] }}\n"
)
PATHS = "/tag/wet.atom", "/source/river.atom", "/status", "/status.atom", "/metrics", "/sources.opml"


async def use(application: app.Application) -> None:
    """Poll, publish, look whether something is the matter, and ask for all that the web serves."""
    async with AsyncExitStack() as life:
        store = await life.enter_async_context(application.store())
        reader = await life.enter_async_context(application.reader())
        poller = await life.enter_async_context(application.poller(store, reader))
        port = await life.enter_async_context(application.web(store))
        client = await life.enter_async_context(http_client())
        await poller.poll(["river", "lake"])
        await application.publisher(store, reader).publish_outdated()
        await application.chores(store).look()

        async def ask(path: str) -> str:
            found = await client.get(f"http://127.0.0.1:{port}{path}")
            assert found.status_code == 200, path
            return found.text

        assert (await ask("/all.atom")).count("<entry>") == 12, "there are copies"
        story = re.findall(r"story/([\w-]+)", await ask("/"))[0]
        for path in (*PATHS, f"/story/{story}", f"/story/{story}.atom"):
            await ask(path)


async def test_no_pattern_of_an_editor_is_searched_in_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is polled, published, looked at or asked for: a search may take a tenth of a second."""
    searches: list[tuple[bool, str]] = []
    real = GuardedPattern.search

    def search(self: GuardedPattern, text: str) -> bool | None:
        in_loop = threading.current_thread() is threading.main_thread()
        searches.append((in_loop, "".join(traceback.format_stack(limit=9))))
        return real(self, text)

    monkeypatch.setattr(GuardedPattern, "search", search)
    items = [
        item(n, text=f"Water stands at mark {n}, which is {n} more than in the {n}th year before. " * 9)
        for n in range(12)
    ]
    both = answer(200, rss(*items).encode(), content_type="application/rss+xml")
    async with serving({"/feed": both, "/lake": both}) as server:
        feeds = FILTERED.format(river=server.url("/feed"), lake=server.url("/lake"))
        ours = replace(Commands.at(tmp_path, feeds, SETTINGS), port=0)
        with ours.inside():
            await use(app.load(tmp_path / "feeds.yaml"))
    assert len(searches) > 100
    assert [place for in_loop, place in searches if in_loop] == []
