"""A package index in a folder, where each package has a newer release than the lock, of no use to who builds.

The packages are hollow: they have the metadata of the installed ones, hence what they need and which extras they
know, and no code. A lock for them is the project's own with their hashes, so pip has the same puzzle to solve as
with the real ones, at no cost and without a network.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

SOURCE_ONLY = "feedgen"
"""A package that has to be built, here as in truth."""

_PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]+\])?==([^\s;\\]+)")
_START = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)


def put_up(folder: Path, locks: dict[str, str]) -> dict[str, str]:
    """Fill the folder with both releases of each package that the locks name and this machine has.

    Args:
        folder: The index, for `--find-links`. Real wheels of the build tools are there already.
        locks: The text of requirements files, by name.

    Returns:
        The same files, with the hashes of what is in the folder.
    """
    hashes: dict[tuple[str, str], str] = {}
    for tool in list(folder.glob("*.whl")):
        _wheel(folder, *tool.name.split("-")[:2], metadata="Metadata-Version: 2.1\n", newer=True)
    return {
        name: "".join(_with_hash(pin, folder, hashes) for pin in _START.split(lock))
        for name, lock in locks.items()
    }


def _with_hash(pin: str, folder: Path, hashes: dict[tuple[str, str], str]) -> str:
    found = _PIN.match(pin)
    if found is None or "sys_platform == 'win32'" in pin.partition("--hash")[0]:
        return pin
    name, version = found.groups()
    if (name, version) not in hashes:
        hashes[name, version] = hashlib.sha256(_both_releases(folder, name, version).read_bytes()).hexdigest()
    return f"{pin.partition(chr(92))[0]}--hash=sha256:{hashes[name, version]}\n"


def _both_releases(folder: Path, name: str, version: str) -> Path:
    """Write a package as it is pinned, and its next major release; the path of the pinned one."""
    written = distribution(name).read_text("METADATA") or ""
    metadata = "".join(
        f"{line}\n"
        for line in written.partition("\n\n")[0].splitlines()
        if line.startswith(("Metadata-Version:", "Requires-Dist:", "Provides-Extra:"))
    )
    _wheel(folder, name, version, metadata=metadata, newer=True)
    make = _source if name == SOURCE_ONLY else _wheel
    return make(folder, name, version, metadata=metadata)


def _wheel(folder: Path, name: str, version: str, *, metadata: str, newer: bool = False) -> Path:
    version = f"{Version(version).major + 1}.0" if newer else version
    stem = f"{canonicalize_name(name).replace('-', '_')}-{version}"
    tag = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", f"{metadata}Name: {name}\nVersion: {version}\n")
        archive.writestr(f"{stem}.dist-info/WHEEL", tag)
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    return path


def _source(folder: Path, name: str, version: str, *, metadata: str) -> Path:
    needs = re.findall(r"^Requires-Dist: ([^;\n]+)$", metadata, re.MULTILINE)
    setup = (
        f"from setuptools import setup\nsetup(name={name!r}, version={version!r}, install_requires={needs!r})\n"
    )
    path = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file, text in (("setup.py", setup), ("PKG-INFO", f"{metadata}Name: {name}\nVersion: {version}\n")):
            member = tarfile.TarInfo(f"{name}-{version}/{file}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path
