"""A machine whose clock, disk and files misbehave, for the processes of one installation: see faults.c."""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import pytest

from tests.support.installation import SETTINGS, Installation

_NUMBERS = struct.Struct("=4q")


@cache
def _library() -> Path:
    """The layer between a process and its machine, compiled once."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    made = Path(tempfile.mkdtemp(prefix="faults-")) / "faults.so"
    source = Path(__file__).with_suffix(".c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


def pack(clock: int = 0, full: bool = False, slow: int = 0, keep: bool = False) -> bytes:
    """What `OnMachine.tell` tells, as the layer reads it."""
    return _NUMBERS.pack(clock, full, slow, keep)


def environment(told: Path, disk: Path) -> dict[str, str]:
    """What a process needs to be on a machine that a file tells of, with its database in a folder."""
    return {"LD_PRELOAD": str(_library()), "FAULTS": str(told), "FAULTS_DISK": str(disk)}


@dataclass(frozen=True)
class OnMachine(Installation):
    """An installation on a machine of which a test says what is wrong; nothing is at first.

    Its disk is the folder of the database, `data`.
    """

    @classmethod
    def at(cls, folder: Path, feeds: str, settings: str = SETTINGS) -> Self:
        """See `Installation.at`."""
        made = super().at(folder, feeds, settings)
        (folder / "data").mkdir()
        (folder / "data.synced").mkdir()
        made.tell()
        return made

    def tell(self, *, clock: int = 0, full: bool = False, slow: int = 0, keep: bool = False) -> None:
        """What is wrong now: seconds of the clock, a full disk, milliseconds of each sync, all synced kept."""
        told = self.folder / "faults"
        with told.open("r+b" if told.exists() else "wb") as file:  # the processes have it mapped
            file.write(pack(clock, full, slow, keep))

    @property
    def environment(self) -> dict[str, str]:
        """See `Installation.environment`."""
        return super().environment | environment(self.folder / "faults", self.folder / "data")
