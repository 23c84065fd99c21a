"""Documents as files, for a static host: whoever reads a file sees the old one or the new one, whole."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator.model import Document

MANIFEST = ".aggregator.json"
"""What we wrote, with ETags: nothing else in the folder is ever removed."""

_CODINGS = (".gz", ".br")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder into which documents are written as files, for a host that only hands out files.

    Attributes:
        path: Of the folder; made when something is first written.
    """

    path: Path

    def read_manifest(self) -> Mapping[str, str]:
        """What lies there of what we wrote: name -> ETag. Raises OSError."""
        try:
            found = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {name: str(etag) for name, etag in pairs if (self.path / name).is_file()}

    def write(self, documents: Mapping[str, Document], kept: Iterable[str] = ()) -> list[str]:
        """Write each document under its name, with its coded forms beside it; return what changed.

        Each file is written beside its place, flushed to the disk and renamed over the old one; files whose bytes
        are the same are not touched, so that their times stay true. What we wrote earlier and is neither among
        the documents nor in `kept` is removed. Raises OSError.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        before = self.read_manifest()
        after = {name: before[name] for name in kept if name in before}
        changed = []
        for name, document in documents.items():
            after[name] = document.etag
            if self._put(name, document):
                changed.append(name)
        gone = before.keys() - after.keys()
        for name in sorted(gone):
            self._remove(name)
        if before != after:
            self._replace(MANIFEST, json.dumps(after, indent=1, sort_keys=True).encode(), None)
        return [*changed, *sorted(gone)]

    def _put(self, name: str, document: Document) -> bool:
        # The coded forms first: a host that prefers them must not serve an older one beside the new document.
        for suffix, body in zip(_CODINGS, (document.gzip, document.br), strict=True):
            if body:
                self._replace(name + suffix, body, document.last_modified)
            else:
                (self.path / (name + suffix)).unlink(missing_ok=True)
        return self._replace(name, document.body, document.last_modified)

    def _replace(self, name: str, body: bytes, modified: datetime | None) -> bool:
        target = self.path / name
        if target.is_file() and target.read_bytes() == body:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            if modified is not None:
                stamp = modified.timestamp()
                os.utime(beside, (stamp, stamp))  # a static host derives Last-Modified from it
            Path(beside).chmod(0o644)
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
        return True

    def _remove(self, name: str) -> None:
        target = self.path / name
        for suffix in ("", *_CODINGS):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self.path or any(folder.iterdir()):
                break
            folder.rmdir()


def _flush_folder(path: Path) -> None:
    """A rename is on the disk only when its folder is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
