"""Workers on PostgreSQL: polls a second, what a poll costs them and the server, and what the queue adds.

    python -m benchmarks.workers [--workers 1,2,4] [--feeds 600] [--seconds 30] [--database URL] [--write]

Feeds answer on loopback, each from a host of its own. *All due*: each is due again twice a second, so that workers
never rest. *Steady*: fifty a second are due; *with news*: five feeds a second have an entry more. CPU is that of
whole process trees, in milliseconds a poll; what counts are ratios. `--write` puts the table into docs/scaling.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contestants import OURS, environment
from benchmarks.marks import keep
from benchmarks.processes import ROOT, cpu_seconds, tree
from benchmarks.server import Server, serving
from benchmarks.whole import publishing, set_phase, urls

PAGE = ROOT / "docs" / "scaling.md"
STEADY = 50
"""Feeds that are due each second."""

NEWS = 5
"""Of them those that have an entry more."""

_POLLS = "SELECT sum(polls) FROM sources"
_ROWS = 3
"""Of the queue's log for each job."""

_SPENT = (
    "SELECT (SELECT last_value FROM pgqueuer_log_id_seq) || ' ' || xact_commit || ' ' ||"
    " (pg_current_wal_insert_lsn() - '0/0') FROM pg_stat_database WHERE datname = current_database()"
)
"""Rows of the queue's log ever, transactions ever, bytes of the write-ahead log ever."""

_DUE = (
    "UPDATE sources SET next_poll_at = %(now)s WHERE id IN (SELECT id FROM sources"
    " WHERE next_poll_at > %(now)s ORDER BY next_poll_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)"
)
"""Takes two hundredths of what the polls take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the workers are given to do.

    Attributes:
        name: Of the row.
        rate: Feeds due each second; 0 for as many as there are.
        news: Entries that are new each second.
    """

    name: str
    rate: int = 0
    news: int = 0


LOADS = (Load(name="all due"), Load(name="steady", rate=STEADY), Load(name="with news", rate=STEADY, news=NEWS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was spent and done until then."""

    at: float
    workers: float
    server: float
    polls: int
    jobs: int
    transactions: int
    written: int

    def to(self, later: Moment) -> Figures:
        """What a poll cost between the two."""
        polls = max(1, later.polls - self.polls)
        return Figures(
            rate=(later.polls - self.polls) / (later.at - self.at),
            workers=1000 * (later.workers - self.workers) / polls,
            server=1000 * (later.server - self.server) / polls,
            jobs=(later.jobs - self.jobs) / polls,
            transactions=(later.transactions - self.transactions) / polls,
            written=(later.written - self.written) / polls / 1000,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Polls a second; and of each poll the CPU in milliseconds, jobs of the queue, transactions, kB of the log."""

    rate: float
    workers: float
    server: float
    jobs: float
    transactions: float
    written: float


@contextmanager
def installed(feeds: int, named: str | None = None) -> Iterator[Installation]:
    """Feeds that were all polled once, until the block ends."""
    with ExitStack() as life:
        server = life.enter_context(serving(named))
        origin = life.enter_context(publishing(feeds, 5))
        folder = Path(life.enter_context(tempfile.TemporaryDirectory()))
        OURS.prepare(folder, urls(feeds, origin))
        found = Installation(server, origin, feeds, folder)
        set_phase(origin, "initial")
        subprocess.run(list(OURS.command), **found.within, check=True, stdout=subprocess.DEVNULL)
        set_phase(origin, "unchanged")
        yield found


@dataclass(frozen=True, slots=True)
class Installation:
    """Feeds, and what polls them: the server, the port and number of the feeds, and the folder of feeds.yaml."""

    server: Server
    origin: int
    feeds: int
    folder: Path

    def measure(self, load: Load, workers: int, seconds: float) -> Figures:
        """What a poll costs so many workers under the load, once they have begun."""
        with ExitStack() as life:
            pids = [life.enter_context(self._worker()) for _ in range(workers)]
            polled, until = int(self.server.ask(_POLLS)), time.monotonic() + 300
            while int(self.server.ask(_POLLS)) < polled + self.feeds // 2 and time.monotonic() < until:
                self._live(load, 1.0)
            before = self._look(pids)
            self._live(load, seconds)
            while (after := self._look(pids)).polls == before.polls and time.monotonic() < until:
                self._live(load, 1.0)  # a machine that does much else
            return before.to(after)

    @property
    def within(self) -> dict[str, Any]:
        """Where our commands run."""
        return {"cwd": self.folder, "env": environment() | {"DATABASE_URL": self.server.url}}

    @contextmanager
    def _worker(self) -> Iterator[int]:
        """A worker until the block ends; its process id."""
        command = [sys.executable, "-m", "aggregator", "worker"]
        out = subprocess.DEVNULL
        with subprocess.Popen(command, **self.within, stdout=out, stderr=out) as process:
            try:
                yield process.pid
            finally:
                process.terminate()

    def _live(self, load: Load, seconds: float) -> None:
        """Let so much time pass, in which feeds are due and have news."""
        began, number, due = time.monotonic(), 0, 0
        while (passed := time.monotonic() - began) < seconds:
            while number < passed * load.news:
                _have_more(self.origin, number * 7 % self.feeds)
                number += 1
            more = self.feeds if not load.rate else min(self.feeds, int(passed * load.rate) - due)
            self.server.do(_DUE, {"now": int(time.time()), "most": more})
            due += more
            time.sleep(0.5)

    def _look(self, pids: Sequence[int]) -> Moment:
        jobs, transactions, written = self.server.ask(_SPENT).split()
        return Moment(
            at=time.monotonic(),
            workers=sum(cpu_seconds(process) for pid in pids for process in tree(pid)),
            server=self.server.cpu(),
            polls=int(self.server.ask(_POLLS)),
            jobs=int(jobs) // _ROWS,
            transactions=int(transactions),
            written=int(written),
        )


def _have_more(origin: int, feed: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{origin}/more/{feed}", timeout=60):
        pass


def table(feeds: int, seconds: float, workers: Sequence[int], named: str | None = None) -> Iterator[str]:
    """Lines of Markdown."""
    yield f"{feeds} feeds, {seconds:g} s; Python {platform.python_version()}, {os.cpu_count()} cores."
    yield ""
    yield (
        "| | workers | polls/s | of one worker's | CPU of workers, ms a poll | CPU of PostgreSQL | jobs a poll"
        " | transactions a poll | WAL, kB a poll |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    with installed(feeds, named) as installation:
        for load in LOADS:
            alone = None
            for count in workers:
                one = installation.measure(load, count, seconds)
                alone = alone or one
                yield (
                    f"| {load.name} | {count} | {one.rate:.0f} | {one.rate / alone.rate:.2f} | {one.workers:.1f}"
                    f" | {one.server:.1f} | {one.jobs:.2f} | {one.transactions:.1f} | {one.written:.1f} |"
                )


def main() -> None:
    """Print the table, and keep it where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--feeds", type=int, default=600)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--database")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    lines = []
    for line in table(
        chosen.feeds, chosen.seconds, [int(one) for one in chosen.workers.split(",")], chosen.database
    ):
        print(line, flush=True)
        lines.append(line)
    if chosen.write:
        keep(PAGE, "python -m benchmarks.workers --write", "\n".join(lines))


if __name__ == "__main__":
    main()
