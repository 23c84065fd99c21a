"""The power fails: what was not synced is lost, or half of it is, in any order."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.sqlite.test_store_processes import ROOT, check, give_back, registered
from tests.support import faults

SECTOR = 512
"""Bytes that a disk writes as a whole."""

_HAMMER = """
import asyncio, sys
from aggregator.store.sqlite import engines
engines._PRAGMAS["write"] += (f"PRAGMA synchronous={sys.argv[1]}",)
from tests.store.sqlite import hammer
asyncio.run(hammer.main(*sys.argv[2:]))
"""


def poll_until_killed(path: Path, name: str, synchronous: str, commits: int) -> list[list[str]]:
    """Have a process commit and be killed; the commits that it was told of."""
    told = path.parent.parent / "faults"
    told.write_bytes(faults.pack(keep=True))
    environment = dict(os.environ, PYTHONPATH=str(ROOT)) | faults.environment(told, path.parent)
    command = [sys.executable, "-c", _HAMMER, synchronous, str(path), name, "10000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as worker:
        assert worker.stdout is not None
        lines = [worker.stdout.readline() for _ in range(commits)]
        worker.kill()
        rest = [line for line in worker.stdout if line.endswith("\n")]
    return [line.split() for line in (*lines, *rest)]


def lose_power(folder: Path, chance: random.Random) -> None:
    """Leave in the files what was synced; of each other sector either what was written later, or not."""
    for file in folder.iterdir():
        kept = folder.with_suffix(".synced") / file.name
        synced, written = kept.read_bytes() if kept.exists() else b"", file.read_bytes()
        if file.suffix == ".db-shm" or not synced:
            file.unlink()
            continue
        left = bytearray(synced)
        for at in range(0, len(written), SECTOR):
            if written[at : at + SECTOR] != synced[at : at + SECTOR] and chance.random() < 0.5:
                left[len(left) :] = bytes(max(0, at - len(left)))
                left[at : at + SECTOR] = written[at : at + SECTOR]
        file.write_bytes(left)
        kept.write_bytes(left)


async def lay(folder: Path) -> Path:
    """A store whose file is on the disk, as it was made."""
    path = folder / "data" / "store.db"
    path.parent.mkdir()
    await registered(path)
    (folder / "data.synced").mkdir()
    shutil.copy(path, folder / "data.synced")
    return path


@pytest.mark.parametrize("times", [4, pytest.param(200, marks=pytest.mark.trial)])
async def test_what_was_acknowledged_is_there_after_the_power_failed(times: int, tmp_path: Path) -> None:
    path = await lay(tmp_path)
    chance = random.Random(5)
    acknowledged: list[list[str]] = []
    for number in range(times):
        acknowledged += poll_until_killed(path, f"w{number}", "FULL", chance.randint(1, 60))
        lose_power(path.parent, chance)
        await check(path, acknowledged)
        await give_back(path)
        shutil.copy(path, tmp_path / "data.synced")
    print(f"{times} losses of power, {len(acknowledged)} acknowledged commits, none lost")  # noqa: T201 # the figure


async def test_a_store_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    path = await lay(tmp_path)
    acknowledged = poll_until_killed(path, "w", "NORMAL", 20)
    lose_power(path.parent, random.Random(5))
    with pytest.raises(AssertionError):
        await check(path, acknowledged)
