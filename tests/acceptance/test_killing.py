"""Workers are killed again and again while a source posts and edits every second."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.databases import stored
from tests.support.installation import SETTINGS, Installation, item, rss
from tests.support.publisher import Publisher, publishing

pytestmark = pytest.mark.acceptance

FEEDS = "sources:\n  river: {url}\npublish:\n  all: {{ limit: 500 }}\n"
LISTED = 300
"""Items that the source lists: each for five minutes, so that none may be missed."""

START = datetime(2026, 2, 1, tzinfo=UTC)


class Newsroom:
    """Posts an item a second and edits the one before; and an editor changes the source's address each time.

    No source is polled more often than once a minute, but one whose address is edited is polled at once.
    """

    def __init__(self, publisher: Publisher, folder: Path) -> None:
        self._publisher = publisher
        self._feeds = folder / "feeds.yaml"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.posted = 0
        self.post()

    def post(self) -> None:
        """One item more; the source is to be polled."""
        self.posted += 1
        last = self.posted
        listed = range(last, max(0, last - LISTED), -1)
        items = (item(number, text=self.text(number), date=self.date(number)) for number in listed)
        url = self._publisher.put(f"/feed?{last}", rss(*items))
        self._publisher.pages.pop(f"/feed?{last - 60}", None)
        beside = self._feeds.with_suffix(".new")
        beside.write_text(FEEDS.format(url=url))
        beside.replace(self._feeds)

    def date(self, number: int) -> str:
        """When an item was posted, as RSS writes it."""
        return format_datetime(START + timedelta(seconds=number))

    def text(self, number: int) -> str:
        """What an item says now."""
        more = " The ferry at the old mill rests until the morning." if number < self.posted else ""
        return f"Water stands at mark {number} of the bridge.{more}"

    def _work(self) -> None:
        while not self._ended.wait(1.0):
            self.post()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Until the block ends."""
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()


def whole(body: bytes, form: str) -> list[str]:
    """The ids of the entries in a document, which must be whole."""
    if form == "json":
        return [one["id"] for one in json.loads(body)["items"]]
    root = ET.fromstring(body)
    names = ("{*}entry", "{*}id") if form == "atom" else ("channel/item", "guid")
    return [entry.findtext(names[1]) or "" for entry in root.iterfind(names[0])]


def look(ours: Installation) -> None:
    """Each format is whole and names nothing twice."""
    for form in ("atom", "rss", "json"):
        status, _, body = ours.get(f"/all.{form}")
        if status == 200:
            ids = whole(body, form)
            assert len(set(ids)) == len(ids), f"doubled in {form}"


def spawn(ours: Installation) -> subprocess.Popen[bytes]:
    with (ours.folder / "log").open("ab") as log:
        command = [ours.python, "-m", "aggregator", "worker"]
        return subprocess.Popen(command, cwd=ours.folder, env=ours.environment, stdout=log, stderr=log)


def kill_workers(ours: Installation, times: int, chance: random.Random) -> None:
    """Start a worker and kill it at any moment of its first seconds, so many times."""
    for number in range(times):
        worker = spawn(ours)
        try:
            time.sleep(chance.uniform(0.0, 4.0))
            look(ours)
        finally:
            worker.kill()
            worker.wait()
        if number % 50 == 49:
            print(f"{number + 1} kills", flush=True)  # noqa: T201 # forty minutes are long without a word


def wait_for_item(ours: Installation, number: int) -> None:
    """Wait until every format has it."""
    for form, after in (("atom", "<"), ("rss", "<"), ("json", '"')):
        ours.wait_for(f"/all.{form}", f"Report {number}{after}")


@pytest.mark.parametrize("kills", [4, pytest.param(1000, marks=pytest.mark.trial)])
def test_kills_lose_double_and_tear_nothing_and_the_next_worker_is_at_work_within_seconds(
    kills: int, tmp_path: Path
):
    with publishing() as publisher:
        ours = Installation.at(tmp_path, "", SETTINGS)
        newsroom = Newsroom(publisher, tmp_path)
        with ours.running("-m", "aggregator", "web"), newsroom.working():
            ours.wait_for("/healthz")
            kill_workers(ours, kills, random.Random(13))
            killed, posted = time.monotonic(), newsroom.posted
            with ours.running("-m", "aggregator", "worker"):
                wait_for_item(ours, posted + 1)
                recovered = time.monotonic() - killed
            look(ours)
            shown = json.loads(ours.get("/all.json")[2])["items"]
    print(f"{kills} kills, {posted} items, recovered in {recovered:.1f} s")  # noqa: T201 # the figure
    titles = Counter(one.entry.title for one in asyncio.run(stored(tmp_path / "data" / "aggregator.db")))
    assert set(titles.values()) == {1}, "doubled"
    assert {f"Report {number}" for number in range(1, posted + 1)} <= titles.keys(), "lost"
    before = [one for one in shown if int(one["title"].split()[1]) < posted]
    assert len(before) >= min(posted - 1, 400)
    assert all("rests until the morning" in one["content_html"] for one in before), "an edit is lost"
    assert recovered < 15 or kills < 1000, "beside other tests nobody is in time"
