"""Every kind of hostile answer in one round: bounded time, bounded memory, and the good source is published."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.effort import cpu_of_ended, within
from tests.support.installation import Installation, item, rss
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance

MEGABYTE = 2**20


def bodies() -> dict[str, str]:
    """What has stalled or exploded parsers, by name."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "lol">{entities}]>'
    attributes = " ".join(f'a{n}="1"' for n in range(300_000))
    return {
        "entities": rss(item(1, title="&e9;")).replace("<rss", f"{bomb}<rss", 1),
        "attributes": rss(f"<item {attributes}><title>x</title></item>"),
        "nested": rss(f"<item><title>x</title>{'<a>' * 100_000}"),
        "entries": rss(*(f"<item><guid>{n}</guid><title>Flood {n}</title></item>" for n in range(100_000))),
        "title": rss(item(1, title="x" * 50_000_000)),
        "markup": rss(item(1, text="&lt;b&gt;" * 300_000)),
        "comments": rss(item(1, text="&lt;!--" * 60_000)),
        "categories": rss(f"<item><guid>1</guid>{'<category>c</category>' * 40_000}</item>"),
        "elements": rss(f"<item><guid>1</guid><title>x</title>{'<a/>' * 300_000}</item>"),
        "enclosures": rss("<item>" + "<enclosure url='https://x.example/1'/>" * 10_000 + "</item>"),
        "links": rss(item(1, text="&lt;a href='/x'&gt;y&lt;/a&gt;&lt;img src=x&gt;" * 60_000)),
        "lists": f'{{"version":"https://jsonfeed.org/version/1.1","items":{"[" * 1_000_000}',
        "numbers": f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{"id":{"9" * 5_000_000}}}]}}',
        "author": rss(f"<item><guid>1</guid><author>{'a' * 200_000}@</author></item>"),
    }


def tree_memory(root: int) -> int:
    """Resident bytes of a process and all below it."""
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid], resident[pid] = int(fields[1]), int(fields[21]) * 4096
    tree, found = {root}, True
    while found:
        found = {pid for pid, parent in parents.items() if parent in tree} - tree
        tree |= found
    return sum(resident.get(pid, 0) for pid in tree)


def test_all_hostile_feeds_in_one_round_end_in_bounded_time_and_memory(tmp_path: Path):
    with publishing() as publisher:
        sources = {name: publisher.put(f"/{name}", body) for name, body in bodies().items()}
        sources["bomb"] = publisher.put("/bomb", gzip.compress(b" " * 100_000_000))
        sources["good"] = publisher.put("/good", rss(item(1, title="All is well")))
        lines = "".join(f"  {name}: {location}\n" for name, location in sources.items())
        ours = Installation.at(tmp_path, f"sources:\n{lines}")
        peak = 0
        arguments = [sys.executable, "-m", "aggregator", "poll", "--all"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with (
            within(90, cpu_of_ended),
            subprocess.Popen(arguments, cwd=tmp_path, env=ours.environment, **quiet) as process,
        ):
            while process.poll() is None:
                peak = max(peak, tree_memory(process.pid))
                time.sleep(0.05)
    status = ours.status()
    assert peak < 512 * MEGABYTE, f"{peak // MEGABYTE} MB"
    assert (status["good"]["state"], status["good"]["items"]) == ("ok", 1)
    assert status["title"]["trouble"] == "too_large"
    assert status["bomb"]["trouble"] in {"too_large", "not_a_feed"}
    assert {row["trouble"] for row in status.values()} <= {None, "too_large", "malformed", "not_a_feed"}
