"""Whole polls of many feeds, by this program and by others: CPU of the process tree, memory, and what came of it.

    python -m benchmarks.whole [--feeds 200] [--entries 30] [--peers]

Every phase is a process of its own, as cron would start it, so start-up is in the figures. Milliseconds are CPU
time (user and system, children included) a feed; they are of this machine and this run only.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import OURS, PEERS, PLAIN, Contestant, environment
from benchmarks.origin import PHASES, host
from benchmarks.processes import ROOT, private_megabytes, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a phase cost.

    Attributes:
        phase: Its name.
        cpu: Milliseconds a feed, of the whole process tree.
        wall: Seconds in all.
        memory: Private megabytes of the process tree at its peak.
        requests: How often the origin was asked.
        items: How many items there are afterwards.
    """

    phase: str
    cpu: float
    wall: float
    memory: float
    requests: int
    items: int


@contextmanager
def publishing(feeds: int, entries: int) -> Iterator[int]:
    """The port of an origin that runs until the block ends."""
    command = [sys.executable, "-m", "benchmarks.origin", str(feeds), str(entries)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def set_phase(port: int, phase: str) -> int:
    """Begin a phase; how many requests the one before took."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/phase/{phase}", timeout=300) as answer:
        return int(answer.read())


def urls(feeds: int, port: int) -> list[str]:
    """The addresses of an origin's feeds."""
    return [f"http://{host(number)}:{port}/{number}" for number in range(feeds)]


def run(folder: Path, command: Sequence[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak private megabytes of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        peak = Peak(process.pid)
        assert process.wait() == 0, command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began, peak.stop()


class Peak:
    """Watches the private memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> float:
        """The greatest sum seen, in megabytes."""
        self._stopped.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._stopped.wait(0.2):
            self._peak = max(self._peak, sum(map(private_megabytes, tree(self._pid))))


def measure(one: Contestant, feeds: int, entries: int) -> list[Figures]:
    """All phases, one after the other, in one folder."""
    found = []
    with tempfile.TemporaryDirectory() as name, publishing(feeds, entries) as port:
        folder = Path(name)
        one.prepare(folder, urls(feeds, port))
        for phase in PHASES:
            set_phase(port, phase)
            cpu, wall, memory = run(folder, one.command)
            found.append(
                Figures(
                    phase=phase,
                    cpu=cpu * 1000 / feeds,
                    wall=wall,
                    memory=memory,
                    requests=set_phase(port, phase),
                    items=one.count(folder),
                )
            )
        more = (feeds + 9) // 10
        wanted = [feeds * entries] * 2 + [feeds * entries + more] * 3
        if one is OURS:
            assert [each.items for each in found] == wanted, found
    return found


def table(feeds: int, entries: int, contestants: Sequence[Contestant]) -> Iterator[str]:
    """Lines of Markdown: milliseconds a feed and the ratio to the plain script, a column for each phase."""
    unit = {each.phase: each.cpu for each in measure(PLAIN, feeds, entries)}
    yield f"CPU of {feeds} feeds of {entries} entries, milliseconds a feed, and as a multiple of the script's:"
    yield ""
    yield f"| | {' | '.join(PHASES)} | peak private MB | items |"
    yield "|---|" + "---|" * (len(PHASES) + 2)
    yield f"| {PLAIN.name} | {' | '.join(f'{unit[phase]:.1f}' for phase in PHASES)} | | |"
    for one in contestants:
        if one.missing:
            yield f"| {one.name} | {one.missing} |"
            continue
        found = measure(one, feeds, entries)
        cells = (f"{each.cpu:.1f} ({each.cpu / unit[each.phase]:.2f})" for each in found)
        most = max(each.memory for each in found)
        yield f"| {one.name} | {' | '.join(cells)} | {most:.0f} | {found[-1].items} |"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--peers", action="store_true")
    chosen = parser.parse_args()
    for line in table(chosen.feeds, chosen.entries, (OURS, *PEERS) if chosen.peers else (OURS,)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
