"""Documents as files, for a static host: whoever reads a file sees the old one or the new one, whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aggregator.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where the files go."""

    path: Path

    def write(self, documents: Iterable[Document]) -> list[str]:
        """Write `<publication>.<format>` for each document; returns the names of those whose bytes changed.

        Each is written beside its place, flushed to the disk and renamed over the old one; files whose bytes
        are the same are not touched, so that their times stay true. Raises OSError.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        return [name for document in documents if (name := self._replace(document))]

    def _replace(self, document: Document) -> str | None:
        target = self.path / f"{document.publication_id}.{document.format}"
        if target.is_file() and target.read_bytes() == document.body:
            return None
        handle, name = tempfile.mkstemp(dir=self.path, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(document.body)
                file.flush()
                os.fsync(file.fileno())
            stamp = document.last_modified.timestamp()
            os.utime(name, (stamp, stamp))  # a static host derives Last-Modified from it
            Path(name).chmod(0o644)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _flush_folder(self.path)
        return target.name


def _flush_folder(path: Path) -> None:
    """A rename is on the disk only when its folder is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
