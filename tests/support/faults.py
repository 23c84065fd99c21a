"""A machine whose clock, disk and files misbehave, for the processes of one installation: see faults.c."""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Self, TypedDict, Unpack

import pytest

from tests.support.installation import SETTINGS, Installation

_NUMBERS = struct.Struct("=8q")


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


class Told(TypedDict, total=False):
    """Seconds that the clock is wrong by, milliseconds of each sync, and what is so.

    `keep` keeps all that is synced, `held` blocks the event loop.
    """

    clock: int
    full: bool
    slow: int
    keep: bool
    readonly: bool
    offline: bool
    nameless: bool
    held: bool


def pack(**told: Unpack[Told]) -> bytes:
    """What is wrong, as the layer reads it."""
    return _NUMBERS.pack(*(told.get(name, 0) for name in Told.__annotations__))


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

    def tell(self, **told: Unpack[Told]) -> None:
        """What is wrong now; nothing else is."""
        file = self.folder / "faults"
        with file.open("r+b" if file.exists() else "wb") as mapped:  # by the processes
            mapped.write(pack(**told))

    @property
    def environment(self) -> MappingProxyType[str, str]:
        """See `Installation.environment`."""
        return MappingProxyType(super().environment | environment(self.folder / "faults", self.folder / "data"))
