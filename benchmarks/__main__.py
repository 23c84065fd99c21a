"""All measurements in one run, as Markdown: `make bench`, and with `--peers` beside other programs.

    python -m benchmarks [--peers] [--write]

`--write` puts the tables and their plot into docs/performance.md. No network is needed. What counts are ratios:
each table has what it is measured against in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import growth, living, plot, serving, whole
from benchmarks.contestants import OURS, PEERS
from benchmarks.marks import keep
from benchmarks.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
_SIZES = (10_000, 100_000)


def report(*, peers: bool) -> Iterator[str]:
    """Lines of Markdown, as they are found."""
    yield f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}."
    yield ""
    yield "### Polling\n"
    yield from whole.table(100, 30, (OURS, *PEERS) if peers else (OURS,))
    yield "\n### The running worker, 100 feeds polled each minute, one new entry a second\n"
    yield "| | |\n|---|---|"
    for name, value in living.measure(100, 5, 65).items():
        yield f"| {name} | {value:.2f} |"
    yield "\n### Serving: answers a CPU second, and as a multiple of a bare ASGI application's on uvloop\n"
    yield from serving.table(serving.measure(0.5))
    yield "\n### Growth\n"
    yield from growth.table({size: asyncio.run(growth.measure(size)) for size in _SIZES})


def main() -> None:
    """Measure everything, print it, and keep it where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    lines: list[str] = []
    for line in report(peers=chosen.peers):
        print(line, flush=True)
        lines.append(line)
    if chosen.write:
        write(PAGE, "\n".join(lines))


def write(page: Path, found: str) -> None:
    """Put what was found into the page, and its plot beside it."""
    keep(page, "python -m benchmarks --write", found)
    page.with_name("performance.svg").write_text(plot.bars(plot.ratios(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
