"""What every test may use."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The suite says the same of the same code on every run, on a busy machine too: no example is judged by the time it
# takes. New examples are looked for with `make test PYTEST_ARGS="-n auto --hypothesis-profile=searching"`.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.register_profile("repeatable", _PATIENT, derandomize=True)
settings.register_profile("searching", _PATIENT, max_examples=1000)
settings.load_profile("repeatable")

# The suite starts some hundred processes. Where bytecode is not kept, as images of containers often have it, each
# of them compiles the whole program anew, which is a third of its time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# It also makes some hundred databases, each of whose transactions waits for the disk. A disk in memory takes half
# of their time away; where there is none, or a small one, tests write where programs do.
_MEMORY, _ROOM = Path("/dev/shm"), 2 << 30
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # what was looked up before


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many `-n auto` means: one for each core, and two where processes are waited for."""
    cores = len(os.sched_getaffinity(0))
    return 2 * cores if any("acceptance" in given for given in config.args) else cores


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first, once the tests are shuffled: no worker is left with it while others are done."""
    items.sort(key=lambda item: item.get_closest_marker("acceptance") is None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest tests/golden --update-golden` write what the program says now; read the difference."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*/expected.json anew")
