"""What every test may use."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from itertools import groupby, islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests.support.neutral import hear_signals, neutral

# The suite says the same of the same code on every run, on a busy machine too: no example is judged by the time it
# takes. New examples are looked for with `make test PYTEST_ARGS="-n auto --hypothesis-profile=searching"`.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.register_profile("repeatable", _PATIENT, derandomize=True)
settings.register_profile("searching", _PATIENT, max_examples=1000)
settings.load_profile("repeatable")

# What a machine happens to set reaches no test, nor what tests start.
_VARIABLES = neutral(os.environ)
os.environ.clear()
os.environ.update(_VARIABLES)
time.tzset()
os.umask(0o022)
hear_signals()

# The suite starts some hundred processes. Where bytecode is not kept, as images of containers often have it, each
# of them compiles the whole program anew, which is a third of its time.
sys.dont_write_bytecode = False

# It also makes some hundred databases, each of whose transactions waits for the disk. A disk in memory takes half
# of their time away; where there is none, or a small one, tests write where programs do.
_MEMORY, _ROOM = Path("/dev/shm"), 2 << 30
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # what was looked up before


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many `-n auto` means: one for each core, and two where processes, servers and clocks are waited for."""
    cores, waiting = len(os.sched_getaffinity(0)), {"acceptance", "engine", "web"}
    return 2 * cores if any(Path(given).name in waiting for given in config.args) else cores


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes long first, once the tests are shuffled: no worker is left with it while others are done.

    To note which lines were reached doubles what a test takes. It is not asked of those that look for inputs at
    random: whatever they reach has an example. They come last, for what a process makes once is noted of its first
    user only.
    """
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.no_cover)
    is_noted = config.pluginmanager.hasplugin("_cov")
    ranked: tuple[list[pytest.Item], ...] = ([], [], [])
    for item in items:
        is_last = is_noted and item.get_closest_marker("no_cover")
        ranked[0 if item.get_closest_marker("acceptance") else 2 if is_last else 1].append(item)
    items[:] = deal(*ranked, getattr(config, "workerinput", {}).get("workercount", 1))


def deal(
    first: list[pytest.Item], rest: list[pytest.Item], last: list[pytest.Item], workers: int
) -> list[pytest.Item]:
    """All, such that each worker, which begins with a piece of the list, has as many of the first and the last.

    Tests of one file stay together where they are first or the rest: they share what was started for them.
    """
    begins: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for _, same in groupby(first, lambda item: item.path):
        min(begins, key=len).extend(same)
    length, left = (len(first) + len(rest) + len(last)) // workers, iter(rest)
    dealt: list[pytest.Item] = []
    for number, begin in enumerate(begins):
        end = last[number::workers]
        dealt += (*begin, *islice(left, max(0, length - len(begin) - len(end))), *end)
    return [*dealt, *left]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest tests/golden --update-golden` write what the program says now; read the difference."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*/expected.json anew")
