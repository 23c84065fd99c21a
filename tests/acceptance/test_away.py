"""A machine that was away: without name servers, asleep, with another clock. Worker and web are apart."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from tests.acceptance.test_machine import YEAR, answer, assert_known, suspend
from tests.support.faults import OnMachine
from tests.support.installation import SETTINGS, item, rss
from tests.support.publisher import Publisher, publishing
from tests.support.waiting import PATIENCE, wait

pytestmark = pytest.mark.acceptance

HOUR = 3600
NAMES = ("a", "b", "c")


@dataclass
class Home:
    """Worker and web, and the publisher of the sources; each source brings one item more with each turn."""

    ours: OnMachine
    publisher: Publisher
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    turn: int = 0

    def post(self) -> list[str]:
        """What the documents say once the news that there are now are published."""
        self.turn += 1
        for at, name in enumerate(NAMES):
            said = rss(*(item(10 * n + at, date="") for n in range(self.turn, 0, -1)))
            for query in ("", "?1", "?2"):
                self.publisher.put(f"/{name}{query}", said)
        return [f'"Report {10 * self.turn + at}"' for at in range(len(NAMES))]

    def declare(self, host: str, more: str = "", query: str = "") -> None:
        """Write feeds.yaml: the sources, each on a host, and one more."""
        beside, port = self.ours.folder / "feeds.new", self.publisher.port
        lines = [f"  {name}: http://{host.format(name)}:{port}/{name}{query}\n" for name in NAMES]
        beside.write_text(f"defaults: {{ every: 30m, max_every: 30m }}\nsources:\n{''.join(lines)}{more}")
        beside.replace(self.ours.folder / "feeds.yaml")

    def shown(self) -> dict[str, tuple[str, ...]]:
        """The id and the dates of what is published, by title; nothing twice."""
        items = json.loads(self.ours.get("/all.json")[2])["items"]
        assert len({one["id"] for one in items}) == len(items) == len({one["title"] for one in items})
        return {one["title"]: (one["id"], one["date_published"], one["date_modified"]) for one in items}


@contextmanager
def at_home(folder: Path, host: str, settings: str) -> Iterator[Home]:
    """All sources were polled once, and worker and web run."""
    with publishing() as publisher, ExitStack() as running:
        home = Home(OnMachine.at(folder, "", settings), publisher)
        news = home.post()
        home.declare(host)
        home.ours.command("poll", "--all")
        home.processes += (
            running.enter_context(home.ours.running("-m", "aggregator", role)) for role in ("web", "worker")
        )
        home.ours.wait_for("/all.json", *news)
        yield home


def test_name_servers_that_go_away_and_come_back_are_held_against_no_source_and_news_come_soon_after(
    tmp_path: Path,
):
    with at_home(tmp_path, "{}.example", SETTINGS) as home:
        ours = home.ours
        ours.tell(nameless=True)
        before, news = home.shown(), home.post()
        for number in (1, 2):
            home.declare("{}.example", query=f"?{number}")  # an address that is edited is asked at once
            wait(lambda times=number: all(is_missed(home, name, times) for name in NAMES))  # type: ignore[misc]
        missing = ours.status()
        assert home.shown() == before
        assert {ours.get(path)[0] for path in ("/healthz", "/readyz", "/status", "/all.atom")} == {200}
        ours.tell(clock=12 * 60)
        ours.wait_for("/all.json", *news)
        wait(lambda: {(one["state"], one["failures"]) for one in ours.status().values()} == {("ok", 0)})
    assert {one["failures"] for one in missing.values()} == {0}
    for name, one in missing.items():
        assert f"did not answer for {name}.example" in one["error"]
        assert "/etc/resolv.conf" in one["error"]


def is_missed(home: Home, name: str, times: int) -> bool:
    """Whether the log says so often that a source's name was not found."""
    return (home.ours.folder / "log").read_text().count(f"did not answer for {name}.example") >= times


def test_a_machine_that_was_asleep_serves_at_once_asks_each_source_once_and_one_after_the_other(tmp_path: Path):
    politely = SETTINGS.replace("host_gap: 0s", "host_gap: 2s")
    with (
        at_home(tmp_path, "127.0.0.1", politely) as home,
        socket.create_server(("127.0.0.2", 0)) as slow,
        ExitStack() as held,
    ):
        first = home.shown()
        for number, clock in enumerate((10 * HOUR, YEAR, 0)):
            slow.settimeout(PATIENCE)
            url = f"http://127.0.0.2:{slow.getsockname()[1]}/{number}"
            home.declare("127.0.0.1", f"  slow: {url}\n")
            asked = held.enter_context(slow.accept()[0])  # by a poll that is under way when all stand still
            before, seen = home.shown(), len(home.publisher.requests)
            sleep(home, clock)
            news = home.post()
            web, worker = home.processes
            web.send_signal(signal.SIGCONT)
            assert home.ours.get("/all.json")[0] == 200, "and there is nothing that a worker has to do first"
            worker.send_signal(signal.SIGCONT)
            home.ours.wait_for("/all.json", *news)
            slow.settimeout(0.5)
            with pytest.raises(TimeoutError):
                slow.accept()
            answer(asked, 1000 + number)
            home.ours.wait_for("/all.json", f'"Report {1000 + number}"')
            after, expected = home.shown(), before if clock else first  # all others are of the future
            assert {title: after[title] for title in expected} == expected
            assert sorted(path for path, _ in home.publisher.requests[seen:]) == [f"/{name}" for name in NAMES]
            moments = sorted(home.publisher.moments[seen:])
            assert min(later - earlier for earlier, later in pairwise(moments)) > 0.5
        assert {one["failures"] for one in home.ours.status().values()} == {0}
    assert_known(json.dumps(after))
    assert len(after) == len(NAMES) * home.turn + 3


def sleep(home: Home, clock: int) -> None:
    """Both processes stand still, and meanwhile the wall clock comes to be wrong by so much."""
    web, worker = home.processes
    suspend(worker, home.ours.folder / "data" / "aggregator.db")
    web.send_signal(signal.SIGSTOP)
    home.ours.tell(clock=clock)
