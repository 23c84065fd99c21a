"""A running service on a machine that fails it: disk, clock, descriptors, memory, signals, other workers."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import resource
import signal
import socket
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import faults
from tests.support.commands import Commands
from tests.support.databases import stored
from tests.support.faults import OnMachine
from tests.support.installation import item, rss
from tests.support.publisher import Publisher, publishing
from tests.support.waiting import PATIENCE, wait

pytestmark = pytest.mark.acceptance


@dataclass
class Service:
    """Worker and web in one process, and the publisher that it polls."""

    ours: OnMachine
    publisher: Publisher
    process: subprocess.Popen[bytes]
    posted: int = 0

    def post(self) -> str:
        """One item more, at another address, so that the service is to poll it at once; its title."""
        self.posted += 1
        url = self.publisher.put(f"/feed?{self.posted}", rss(*map(item, range(self.posted, 0, -1))))
        (self.ours.folder / "feeds.yaml").write_text(f"sources:\n  river: {url}\n")
        return f'"Report {self.posted}"'

    def wait_for_post(self) -> None:
        """Whatever is posted now is published, once, with all before it."""
        shown = json.loads(self.ours.wait_for("/all.json", self.post()))["items"]
        assert sorted(one["title"] for one in shown) == sorted(f"Report {n}" for n in range(1, self.posted + 1))

    def wait_for_log(self, words: str, since: int) -> str:
        """The log from a place on, once it holds the words."""
        return wait(lambda: (found := self.log()[since:]) if words in (found := self.log()[since:]) else "")

    def log(self) -> str:
        """All that was logged."""
        return (self.ours.folder / "log").read_text()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with publishing() as publisher:
        ours = OnMachine.at(tmp_path_factory.mktemp("service"), "sources: {}\n")
        with ours.running() as process:
            service = Service(ours, publisher, process)
            service.post()
            service.ours.wait_for("/all.json", "Report 1")
            yield service


@pytest.fixture
def service(running: Service) -> Iterator[Service]:
    """The service, well before and after."""
    yield running
    running.ours.tell()
    assert running.process.poll() is None, running.log()


def test_a_full_disk_stops_news_only_and_all_that_was_posted_comes_when_there_is_room(service: Service):
    since = len(service.log())
    service.ours.tell(full=True)
    new = service.post()
    service.wait_for_log("the disk is full: make room", since)
    status, _, body = service.ours.get("/all.json")
    assert status == 200
    assert new.encode() not in body
    service.ours.tell()
    service.ours.wait_for("/all.json", new)


def test_a_slow_disk_holds_up_what_is_written_and_nobody_who_reads(service: Service):
    usual = statistics.median(healthy(service) for _ in range(20))
    service.ours.tell(slow=800)
    new = service.post()
    waits = []
    until = time.monotonic() + PATIENCE
    while new.encode() not in service.ours.get("/all.json")[2]:
        assert time.monotonic() < until
        waits.append(healthy(service))
    assert statistics.median(waits) < usual + 0.4, "half of what one sync takes"


def healthy(service: Service) -> float:
    """Seconds that /healthz takes."""
    begin = time.monotonic()
    assert service.ours.get("/healthz")[0] == 200
    return time.monotonic() - begin


YEAR = 365 * 24 * 3600


def test_a_clock_that_is_wrong_by_a_year_for_a_while_stops_no_news(service: Service):
    for wrong in (YEAR, 0, -3600):
        service.ours.tell(clock=wrong)
        service.wait_for_post()
    service.ours.tell()
    service.wait_for_post()
    assert_known(re.sub("set.*?]", "", service.ours.get("/all.rss")[2].decode()))


def assert_known(document: str) -> None:
    """A document names no year that is still to come."""
    assert not re.search(rf"\b{datetime.now(UTC).year + 1}\b", document)


@contextmanager
def limited(process: subprocess.Popen[bytes], kind: int, most: int) -> Iterator[None]:
    before = resource.prlimit(process.pid, kind)
    resource.prlimit(process.pid, kind, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, kind, before)


def test_a_process_without_descriptors_goes_on_when_there_are_some_again(service: Service):
    since = len(service.log())
    with limited(service.process, resource.RLIMIT_NOFILE, 8):
        new = service.post()
        service.wait_for_log("Too many open files", since)
    service.ours.wait_for("/all.json", new)


def test_a_process_without_memory_goes_on_when_there_is_some_again(service: Service):
    size = int(Path(f"/proc/{service.process.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    with limited(service.process, resource.RLIMIT_AS, size):
        new = service.post()
        for _ in range(20):
            with suppress(OSError, http.client.HTTPException):
                service.ours.get("/all.json")
            time.sleep(0.1)
    service.ours.wait_for("/all.json", new)


def test_a_hangup_ends_nothing_and_is_told(service: Service):
    since = len(service.log())
    service.process.send_signal(signal.SIGHUP)
    service.wait_for_log("SIGHUP changes nothing", since)


def test_a_port_that_is_taken_is_told_with_the_remedy_and_ends_the_start(service: Service):
    for command in ("web", "run"):
        said = service.ours.command(command, expect=1)
        assert f":{service.ours.port} is in use already: stop the program that listens there" in said
        assert "Traceback" not in said


def test_a_second_interrupt_ends_a_worker_at_once_and_without_a_traceback(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        ours = OnMachine.at(tmp_path, f"sources:\n  slow: http://127.0.0.1:{silent.getsockname()[1]}/\n")
        with ours.running("-m", "aggregator", "worker", status=None) as process, silent.accept()[0]:
            ours.tell(slow=3600_000)  # giving the source back takes an hour
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            assert process.poll() is None
            wait(lambda: interrupt(process))
            assert process.returncode == 128 + signal.SIGINT
        assert "Traceback" not in (tmp_path / "log").read_text()


def interrupt(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended; else it is interrupted once more, for one signal may be taken up with another."""
    ended = process.poll() is not None
    process.send_signal(signal.SIGINT)
    return ended


def test_a_worker_that_was_suspended_longer_than_its_lease_writes_nothing_of_what_another_took_over(
    tmp_path: Path,
):
    with socket.create_server(("127.0.0.1", 0)) as origin:
        origin.settimeout(PATIENCE)
        feeds = f"sources:\n  river: http://127.0.0.1:{origin.getsockname()[1]}/\n"
        ours = OnMachine.at(tmp_path, feeds)
        ahead = dict(ours.environment, FAULTS=str(tmp_path / "later"))
        (tmp_path / "later").write_bytes(faults.pack(clock=13))
        with ours.running("-m", "aggregator", "worker") as first:
            asked = origin.accept()[0]
            suspend(first, tmp_path / "data" / "aggregator.db")
            try:
                said = subprocess.Popen([ours.python, "-m", "aggregator", "poll"], cwd=tmp_path, env=ahead)
                with origin.accept()[0] as again:
                    answer(again, 2)
                assert said.wait(PATIENCE) == 0
            finally:
                first.send_signal(signal.SIGCONT)
            with asked:
                answer(asked, 1)
            origin.settimeout(2)
            with pytest.raises(TimeoutError):
                origin.accept()
        shown = asyncio.run(stored(tmp_path / "data" / "aggregator.db"))
    assert [one.entry.title for one in shown] == ["Report 2"]


def suspend(process: subprocess.Popen[bytes], database: Path) -> None:
    """Suspend a process at a moment when it holds no lock of SQLite's, which would hold up everybody else."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as other:
        for _ in range(100):
            process.send_signal(signal.SIGSTOP)
            wait(lambda: ") T " in Path(f"/proc/{process.pid}/stat").read_text())
            with suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
                return
            process.send_signal(signal.SIGCONT)
            time.sleep(0.1)
    pytest.fail("the process holds its lock all the time")


def answer(connection: socket.socket, number: int) -> None:
    """Give a feed of one item."""
    body = rss(item(number)).encode()
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


def test_a_database_that_is_locked_for_a_while_holds_up_what_is_written_and_nobody_who_reads(service: Service):
    with closing(sqlite3.connect(service.ours.folder / "data" / "aggregator.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        new = service.post()
        time.sleep(2)
        status, _, body = service.ours.get("/all.json")
        other.execute("ROLLBACK")
    assert status == 200
    assert new.encode() not in body
    service.ours.wait_for("/all.json", new)


def test_a_machine_that_starts_without_a_network_has_its_news_ten_minutes_after_and_blames_nobody(tmp_path: Path):
    with publishing() as publisher:
        feeds = f"sources:\n  river: {{ url: '{publisher.put('/feed', rss(item(1)))}', every: 6h }}\n"
        ours = OnMachine.at(tmp_path, feeds)
        ours.tell(offline=True)
        with ours.running():
            wait(lambda: "could not be reached" in (tmp_path / "log").read_text())
            ours.tell(clock=601)
            ours.wait_for("/all.json", "Report 1")
    assert [path for path, _ in publisher.requests] == ["/feed"]


def test_two_workers_ask_once_for_each_edit_of_feeds_yaml(service: Service):
    with service.ours.running("-m", "aggregator", "worker"):
        before = service.posted
        for _ in range(2):
            service.wait_for_post()
            time.sleep(2.2)  # both have looked at feeds.yaml
    asked = [path for path, _ in service.publisher.requests]
    assert [asked.count(f"/feed?{number}") for number in range(before + 1, service.posted + 1)] == [1] * 2


def test_a_folder_that_may_not_be_written_is_told_with_the_remedy_and_left_as_it_is(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources: {}\n")
    ours.command("poll")
    files = [tmp_path / "data", *(tmp_path / "data").iterdir()]
    before = files[1].read_bytes()
    for file in files:
        file.chmod(0o555)
    without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        command, here = [*without, ours.python, "-m", "aggregator", "worker"], ours.environment
        done = subprocess.run(command, cwd=tmp_path, env=here, capture_output=True, text=True, check=False)
    finally:
        for file in files:
            file.chmod(0o755)
    assert done.returncode == 1
    assert "let the user that runs this program own the file and its folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert files[1].read_bytes() == before


@pytest.mark.parametrize("page", [1, 8], ids=["first page", "rows"])
def test_a_damaged_database_is_refused_with_advice_and_never_written(page: int, tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(*map(item, range(30))))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")
        ours.command("poll", "--all")
        database = tmp_path / "data" / "aggregator.db"
        with database.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * (4096 * (1 if page == 1 else 200)))
        before = database.read_bytes()
        for command in (["poll", "--all"], ["publish", "--to", "public"], ["status"]):
            said = ours.command(*command, expect=1)
            assert "move it away" in said or "move this one away" in said
            assert "Traceback" not in said
    assert database.read_bytes() == before
