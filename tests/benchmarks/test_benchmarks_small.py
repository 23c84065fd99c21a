"""What must not come to cost twice as much: CPU as a multiple of what does not change, measured side by side."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import feedparser
import pytest

from aggregator import catalogue, publish
from aggregator.model import Conventions, Update
from aggregator.pipeline import reading
from aggregator.schedule.forecast import forecast
from aggregator.store import open_store
from aggregator.web import Limits, Server, create_app, stored_changes
from benchmarks import plot
from benchmarks.stages import document, edition_of, fetched
from tests.support import shelf
from tests.support.effort import loop
from tests.support.nouns import NOON
from tests.support.waiting import until

ROUNDS = 7

RECORDED = {
    "30 entries, beside feedparser": 0.55,
    "a page of 100 entries": 13.5,
    "2,000 sources": 21.5,
    "a forecast": 0.037,
    "a conditional request": 0.013,
    "a poll that brought nothing": 0.36,
}
"""As it was when it was last looked at; lower it when something became cheaper."""


def hold(name: str, work: Callable[[], object], *, beside: Callable[[], object] = loop, times: int = 1) -> None:
    """Fail where one piece of the work costs twice what it did.

    In turn, and of each the least of many rounds: whatever else the machine does meanwhile, it does to both.
    """
    ones, others = [], []
    for _ in range(ROUNDS):
        moments = [time.process_time()]
        for each in (work, beside):
            each()
            moments.append(time.process_time())
        ones.append(moments[1] - moments[0])
        others.append(moments[2] - moments[1])
    found = min(ones) / min(others) / times
    assert found < 2 * RECORDED[name], f"{name}: {found:.4f} instead of {RECORDED[name]}"


def test_reading_a_feed_costs_no_more_beside_feedparser_than_it_did():
    body = document(30)
    work = partial(reading.read, fetched(body), Conventions())
    hold("30 entries, beside feedparser", work, beside=partial(feedparser.parse, body))


def test_rendering_a_publication_costs_no_more_than_it_did():
    hold("a page of 100 entries", partial(publish.render_all, edition_of(document(100))))


def test_understanding_feeds_yaml_costs_no_more_than_it_did(tmp_path: Path):
    file = tmp_path / "feeds.yaml"
    lines = "".join(f"  s{number}: https://s{number}.example/feed\n" for number in range(2_000))
    file.write_text(f"sources:\n{lines}")
    hold("2,000 sources", partial(catalogue.load, file, os.environ))


def test_a_forecast_costs_no_more_than_it_did():
    posted = [NOON - timedelta(hours=number * 7 + number % 5) for number in range(30)]
    work = partial(forecast, posted, NOON, shortest=timedelta(minutes=5), longest=timedelta(days=1))
    hold("a forecast", lambda: [work() for _ in range(50)], times=50)


class Transport(asyncio.Transport):
    """A client that takes whatever it is given."""

    written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def get_extra_info(self, _name: str, default: object = None) -> object:
        return default

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None: ...
    def close(self) -> None: ...
    def resume_reading(self) -> None: ...


async def test_a_conditional_request_that_was_answered_before_costs_no_more_than_it_did(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(stored_changes, "LOOK_AGAIN", 1e6)
    found = shelf.document("all", "atom")
    held = Holding(documents=[found])
    server = Server(create_app(shelf.context(held, shelf.catalogue())), host="127.0.0.1", port=0, limits=Limits())
    await server.start()
    transport = Transport()
    protocol = server._uvicorn._make_protocol(lambda _: None, lambda _: None)
    protocol.connection_made(transport)
    asked = b"GET /all.atom HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nIf-None-Match: %b\r\n\r\n" % found.etag.encode()
    protocol.data_received(asked)
    await until(lambda: b" 304 " in transport.written)

    def ask() -> None:
        transport.written = b""
        for _ in range(200):
            protocol.data_received(asked)

    hold("a conditional request", ask, times=200)
    assert transport.written.count(b" 304 ") == 200  # and not one of them waited for the application
    protocol.connection_lost(None)
    await server.stop()


class Holding(shelf.Shelf):
    """Nothing of it ever changes, and saying so costs nothing."""

    saves = 0  # type: ignore[assignment]


async def test_storing_a_poll_that_brought_nothing_costs_no_more_than_it_did(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/small.db")
    await store.open()
    await store.register({"river": NOON}, (), NOON)
    costs, beside = [], []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(10):
            (state,) = await store.claim(["river"], NOON, timedelta(minutes=1))
            await store.commit(Update(state=state))
        costs.append((time.process_time() - began) / 10)
        began = time.process_time()
        loop()
        beside.append(time.process_time() - began)
    await store.close()
    found = min(costs) / min(beside)
    assert found < 2 * RECORDED["a poll that brought nothing"], found


@pytest.mark.parametrize("times", [1, 3])
def test_what_comes_to_cost_more_is_found(times: int):
    def work() -> None:
        for _ in range(times):
            loop()

    RECORDED["itself"] = 1.0
    if times == 1:
        hold("itself", work)
    else:
        with pytest.raises(AssertionError, match="itself"):
            hold("itself", work)


def test_ratios_of_a_report_are_drawn_as_bars():
    report = (
        "| | initial | unchanged |\n|---|---|---|\n| plain | 45.0 | 3.0 |\n| ours | 60.0 (1.33) | 1.5 (0.50) |\n"
    )
    found = plot.ratios(report)
    assert found == [("ours: initial", 1.33), ("ours: unchanged", 0.5)]
    assert plot.bars(found).count("<rect") == 3
