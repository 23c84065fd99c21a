"""A machine that fails at random moments in random ways, again and again, while a source posts and edits."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal, Unpack

import pytest

from tests.acceptance.test_killing import Newsroom, whole
from tests.support.databases import stored
from tests.support.faults import OnMachine, Told
from tests.support.publisher import publishing
from tests.support.waiting import PATIENCE, wait

pytestmark = pytest.mark.acceptance

Role = Literal["worker", "web"]
ROLES: tuple[Role, ...] = ("worker", "web")
MOST = 500
"""Entries of a document, as `FEEDS` has it; the newest may be of after the last round."""
FORMATS = ("atom", "rss", "json")
DAY = 24 * 3600
YEAR = 365 * DAY


@dataclass
class Machine:
    """Worker and web on a machine that fails them, and a supervisor that starts again what has ended."""

    ours: OnMachine
    chance: random.Random
    processes: dict[Role, subprocess.Popen[bytes]] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    standing: dict[str, ExitStack] = field(default_factory=dict)
    begun: Counter[str] = field(default_factory=Counter)
    seen: dict[str, str] = field(default_factory=dict)
    """The id under which each title was published."""

    def fail(self, times: int, longest: float) -> None:
        """So many faults, each at a random moment and some at once; in the end there are none."""
        for _ in range(times):
            name = self.chance.choice(sorted(FAULTS.keys() - self.standing.keys()))
            self.begun[name] += 1
            self.standing[name] = ExitStack()
            self.standing[name].enter_context(FAULTS[name](self))
            self.spend(self.chance.uniform(0, longest))
            if self.chance.random() < 0.6:
                self.standing.pop(self.chance.choice(sorted(self.standing))).close()
        while self.standing:
            self.standing.popitem()[1].close()

    def spend(self, seconds: float) -> None:
        """Time goes by: what has ended is started again, and what is published is looked at."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.supervise()
            self.look(self.chance.choice(FORMATS))
            time.sleep(0.1)

    def shows(self, number: int) -> bool:
        """Whether an item is published in all formats by now."""
        self.supervise()
        return all(re.search(rf"Report {number}\b".encode(), self.look(form, PATIENCE)) for form in FORMATS)

    def supervise(self) -> None:
        """Start what does not run."""
        for role in ROLES:
            if role not in self.processes or self.processes[role].poll() is not None:
                with (self.ours.folder / "log").open("ab") as log:
                    command = [self.ours.python, "-m", "aggregator", role]
                    self.processes[role] = subprocess.Popen(
                        command, cwd=self.ours.folder, env=self.ours.environment, stdout=log, stderr=log
                    )

    def look(self, form: str, patience: float = 1) -> bytes:
        """What is published in a format; whole, nothing named twice, and each item by the id that it always had.

        Nothing where there is no server, or it ends or is suspended meanwhile.
        """
        try:
            with closing(HTTPConnection("127.0.0.1", self.ours.port, timeout=patience)) as asking:
                asking.request("GET", f"/all.{form}")
                with asking.getresponse() as answer:
                    body, status = answer.read(), answer.status
        except (OSError, HTTPException):
            return b""
        if status != 200:
            return b""
        ids = whole(body, form)
        assert len(set(ids)) == len(ids), f"doubled in {form}"
        for one in json.loads(body)["items"] if form == "json" else ():
            assert self.seen.setdefault(one["title"], one["id"]) == one["id"]
        return body

    def any_process(self) -> subprocess.Popen[bytes]:
        """One of the two, that may have ended."""
        return self.processes[self.chance.choice(ROLES)]


@contextmanager
def wrong(machine: Machine, **told: Unpack[Told]) -> Iterator[None]:
    """The machine is so until the block ends."""
    machine.told.update(told)
    machine.ours.tell(**machine.told)
    yield
    for name in told:
        del machine.told[name]  # type: ignore[misc]
    machine.ours.tell(**machine.told)


@contextmanager
def killed(machine: Machine) -> Iterator[None]:
    """One process is killed, or both."""
    for role in machine.chance.sample(ROLES, machine.chance.choice((1, 1, 2))):
        machine.processes[role].kill()
        machine.processes[role].wait()
    yield


@contextmanager
def suspended(machine: Machine) -> Iterator[None]:
    """One process stands still, whatever it holds."""
    process = machine.any_process()
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


@contextmanager
def bare(machine: Machine) -> Iterator[None]:
    """One process gets no more descriptors, or no more memory."""
    pid = machine.any_process().pid
    kind = machine.chance.choice((resource.RLIMIT_NOFILE, resource.RLIMIT_AS))
    with suppress(OSError):  # it has ended; the next one goes without a limit
        size = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
        before = resource.prlimit(pid, kind)
        resource.prlimit(pid, kind, (8 if kind == resource.RLIMIT_NOFILE else size, before[1]))
    yield
    with suppress(OSError, UnboundLocalError):
        resource.prlimit(pid, kind, before)


@contextmanager
def locked(machine: Machine) -> Iterator[None]:
    """Somebody else holds the database's lock."""
    with closing(sqlite3.connect(machine.ours.folder / "data" / "aggregator.db", isolation_level=None)) as other:
        with suppress(sqlite3.OperationalError):  # it is held already
            other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


FAULTS: dict[str, Callable[[Machine], AbstractContextManager[None]]] = {
    "killed": killed,
    "suspended": suspended,
    "bare": bare,
    "locked": locked,
    "full": lambda machine: wrong(machine, full=True),
    "read-only": lambda machine: wrong(machine, readonly=True),
    "offline": lambda machine: wrong(machine, offline=True),
    "slow": lambda machine: wrong(machine, slow=machine.chance.randrange(50, 800)),
    "clock": lambda machine: wrong(machine, clock=machine.chance.choice((-DAY, -3600, 3600, 40 * DAY, YEAR))),
}


@contextmanager
def on(machine: Machine) -> Iterator[None]:
    """Both processes run; in the end they are told to end, and do."""
    machine.supervise()
    try:
        yield
        for process in machine.processes.values():
            process.terminate()
        assert [process.wait(PATIENCE) for process in machine.processes.values()] == [0, 0]
    finally:
        for process in machine.processes.values():
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    ("rounds", "faults", "longest"), [(1, 3, 0.5), pytest.param(20, 12, 3.0, marks=pytest.mark.trial)]
)
def test_whatever_fails_at_random_moments_nothing_is_lost_doubled_or_torn(
    rounds: int, faults: int, longest: float, tmp_path: Path
):
    with publishing() as publisher:
        ours = OnMachine.at(tmp_path, "")
        newsroom = Newsroom(publisher, tmp_path)
        machine = Machine(ours, random.Random(int(os.environ.get("FAULTS_SEED", "13"))))
        with on(machine), newsroom.working():
            ours.wait_for("/all.json", "Report 1")
            for number in range(1, rounds + 1):
                machine.fail(faults, longest)
                lifted, last = time.monotonic(), newsroom.posted
                wait(partial(machine.shows, last))
                took = time.monotonic() - lifted
                print(f"round {number}: {machine.begun}, {newsroom.posted} items, well after {took:.1f} s")  # noqa: T201
            shown = json.loads(ours.get("/all.json")[2])["items"]
            now = datetime.now(UTC)
        items = asyncio.run(stored(tmp_path / "data" / "aggregator.db"))
    titles = Counter(one.entry.title for one in items)
    assert set(titles.values()) == {1}, "doubled"
    assert {f"Report {number}" for number in range(1, last + 1)} <= titles.keys(), "lost"
    earlier = [one for one in shown if int(one["title"].split()[1]) < last]
    assert len(earlier) >= min(last - 1, MOST - 20), "not published"
    assert all("rests until the morning" in one["content_html"] for one in earlier), "an edit is lost"
    dates = [one[name] for one in shown for name in ("date_published", "date_modified") if name in one]
    assert max(map(datetime.fromisoformat, dates)) <= now, "of the future"
