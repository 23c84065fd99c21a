"""Documents as files: whole or not at all, and untouched while they stay the same."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.engine.files import Folder
from aggregator.model import Document
from tests.support.nouns import NOON


def document(body: bytes, **fields) -> Document:
    defaults = {
        "publication_id": "all",
        "format": "atom",
        "body": body,
        "gzip": b"",
        "media_type": "application/atom+xml; charset=utf-8",
        "etag": '"1"',
        "last_modified": NOON,
    }
    return Document(**(defaults | fields))


def test_each_document_becomes_a_file_named_like_its_address(tmp_path: Path):
    folder = Folder(path=tmp_path / "made" / "public")
    assert folder.write([document(b"one"), document(b"two", format="rss")]) == ["all.atom", "all.rss"]
    assert (folder.path / "all.atom").read_bytes() == b"one"
    assert (folder.path / "all.rss").read_bytes() == b"two"


def test_a_file_bears_the_time_at_which_its_bytes_last_changed(tmp_path: Path):
    Folder(path=tmp_path).write([document(b"one")])
    assert (tmp_path / "all.atom").stat().st_mtime == NOON.timestamp()


def test_a_file_whose_bytes_are_the_same_is_not_touched(tmp_path: Path):
    folder = Folder(path=tmp_path)
    folder.write([document(b"one")])
    before = (tmp_path / "all.atom").stat()
    assert folder.write([document(b"one", last_modified=NOON + timedelta(hours=1))]) == []
    after = (tmp_path / "all.atom").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_changed_file_is_replaced_not_rewritten_so_that_a_reader_has_one_or_the_other(tmp_path: Path):
    folder = Folder(path=tmp_path)
    folder.write([document(b"one")])
    with (tmp_path / "all.atom").open("rb") as reading:
        assert folder.write([document(b"two")]) == ["all.atom"]
        assert reading.read() == b"one"
    assert (tmp_path / "all.atom").read_bytes() == b"two"


def test_everybody_may_read_the_files(tmp_path: Path):
    Folder(path=tmp_path).write([document(b"one")])
    assert (tmp_path / "all.atom").stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = Folder(path=tmp_path)
    folder.write([document(b"one")])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.write([document(b"two")])
    assert [path.name for path in tmp_path.iterdir()] == ["all.atom"]
    assert (tmp_path / "all.atom").read_bytes() == b"one"
