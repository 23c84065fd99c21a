"""Who polls the same feeds in the same run: this program, the plain script, and peers where they are installed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks import processes
from benchmarks.processes import ROOT

SETTINGS = (
    "fetch:\n  allow_networks: [127.0.0.0/8]\n  host_gap: 0s\n  timeout: 60s\n  min_interval: 1s\n"
    "log:\n  level: error\n"
)
_SFEED = ROOT / "build" / "peers" / "usr" / "bin"


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """Something that polls feeds when it is told to, and then ends.

    Attributes:
        name: Its name.
        prepare: Writes its configuration for the URLs into a folder.
        command: Polls all of them; run in that folder.
        count: How many items it keeps there.
        missing: Why it cannot be run here; "" where it can.
    """

    name: str
    prepare: Callable[[Path, Sequence[str]], None]
    command: Sequence[str]
    count: Callable[[Path], int]
    missing: str = ""


def _ours(folder: Path, urls: Sequence[str]) -> None:
    (folder / "config").mkdir()
    (folder / "config" / "settings.yaml").write_text(SETTINGS)
    sources = "".join(f"  s{number}: {url}\n" for number, url in enumerate(urls))
    (folder / "feeds.yaml").write_text(f"sources:\n{sources}")


def _urls(folder: Path, urls: Sequence[str]) -> None:
    (folder / "urls").write_text("".join(f"{url}\n" for url in urls))


def _sfeedrc(folder: Path, urls: Sequence[str]) -> None:
    feeds = "".join(f"  feed s{number} '{url}'\n" for number, url in enumerate(urls))
    (folder / "sfeedrc").write_text(f"sfeedpath='{folder}/feeds'\nmaxjobs=8\nfeeds() {{\n{feeds}}}\n")


def _newsboat(folder: Path, urls: Sequence[str]) -> None:
    _urls(folder, urls)
    (folder / "config").write_text("reload-threads 8\n")


def _rows(file: str, query: str) -> Callable[[Path], int]:
    def count(folder: Path) -> int:
        with closing(sqlite3.connect(folder / file)) as database:
            return int(database.execute(query).fetchone()[0])

    return count


def _lines(folder: Path) -> int:
    return sum(len(path.read_bytes().splitlines()) for path in (folder / "feeds").iterdir())


OURS = Contestant(
    name="aggregator",
    prepare=_ours,
    command=[sys.executable, "-m", "aggregator", "poll", "--all"],
    count=_rows("data/aggregator.db", "SELECT count(*) FROM items"),
)
PLAIN = Contestant(
    name="httpx + feedparser + feedgen",
    prepare=_urls,
    command=[sys.executable, "-m", "benchmarks.plain"],
    count=_rows("plain.db", "SELECT count(*) FROM entries"),
)
PEERS = (
    Contestant(
        name="reader",
        prepare=_urls,
        command=[sys.executable, "-m", "benchmarks.with_reader"],
        count=_rows("reader.db", "SELECT count(*) FROM entries"),
        missing="" if find_spec("reader") else "`reader` is not installed: it comes with `make environment`",
    ),
    Contestant(
        name="newsboat",
        prepare=_newsboat,
        command=["newsboat", "-u", "urls", "-c", "newsboat.db", "-C", "config", "-x", "reload"],
        count=_rows("newsboat.db", "SELECT count(*) FROM rss_item"),
        missing="" if shutil.which("newsboat") else "`newsboat` is not installed: it is a package of Debian's",
    ),
    Contestant(
        name="sfeed",
        prepare=_sfeedrc,
        command=["sfeed_update", "sfeedrc"],
        count=_lines,
        missing=""
        if shutil.which("sfeed_update", path=f"{_SFEED}{os.pathsep}{os.environ['PATH']}")
        else "`sfeed` is not installed: it is a package of Debian's, which `make bench-peers` unpacks into build/",
    ),
)


def environment() -> dict[str, str]:
    """In which every contestant is found."""
    return processes.environment() | {
        "PATH": f"{_SFEED}{os.pathsep}{os.environ['PATH']}",
        "HOME": os.environ.get("TMPDIR", "/tmp"),
    }
