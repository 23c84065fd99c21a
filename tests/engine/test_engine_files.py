"""Documents as files: whole or not at all, and untouched while they stay the same."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.engine.files import MANIFEST, Folder
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


def named(*documents: Document) -> dict[str, Document]:
    """Documents under the names that they have as files."""
    return {f"{one.publication_id}.{one.format}": one for one in documents}


def test_each_document_becomes_a_file_named_like_its_address(tmp_path: Path):
    folder = Folder(path=tmp_path / "made" / "public")
    assert folder.write(named(document(b"one"), document(b"two", format="rss"))) == ["all.atom", "all.rss"]
    assert (folder.path / "all.atom").read_bytes() == b"one"
    assert (folder.path / "all.rss").read_bytes() == b"two"


def test_a_file_bears_the_time_at_which_its_bytes_last_changed(tmp_path: Path):
    Folder(path=tmp_path).write(named(document(b"one")))
    assert (tmp_path / "all.atom").stat().st_mtime == NOON.timestamp()


def test_a_file_whose_bytes_are_the_same_is_not_touched(tmp_path: Path):
    folder = Folder(path=tmp_path)
    folder.write(named(document(b"one")))
    before = (tmp_path / "all.atom").stat()
    assert folder.write(named(document(b"one", last_modified=NOON + timedelta(hours=1)))) == []
    after = (tmp_path / "all.atom").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_changed_file_is_replaced_not_rewritten_so_that_a_reader_has_one_or_the_other(tmp_path: Path):
    folder = Folder(path=tmp_path)
    folder.write(named(document(b"one")))
    with (tmp_path / "all.atom").open("rb") as reading:
        assert folder.write(named(document(b"two"))) == ["all.atom"]
        assert reading.read() == b"one"
    assert (tmp_path / "all.atom").read_bytes() == b"two"


def test_everybody_may_read_the_files(tmp_path: Path):
    Folder(path=tmp_path).write(named(document(b"one")))
    assert (tmp_path / "all.atom").stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = Folder(path=tmp_path)
    folder.write(named(document(b"one")))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.write(named(document(b"two")))
    assert {path.name for path in tmp_path.iterdir()} == {"all.atom", MANIFEST}
    assert (tmp_path / "all.atom").read_bytes() == b"one"


def test_what_we_wrote_and_publish_no_longer_is_removed_and_nothing_else(tmp_path: Path):
    folder = Folder(path=tmp_path)
    page = document(b"old", publication_id="all/archive/1", gzip=b"z", br=b"b")
    folder.write(named(document(b"one"), page))
    (tmp_path / "mine.atom").write_bytes(b"mine")
    assert folder.write(named(document(b"one", format="rss")), kept=["all.atom", "unknown.atom"]) == [
        "all.rss",
        "all/archive/1.atom",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"all.atom", "all.rss", "mine.atom", MANIFEST}


def test_a_coded_form_that_is_no_more_does_not_stay_beside_a_new_document(tmp_path: Path):
    folder = Folder(path=tmp_path)
    folder.write(named(document(b"one", gzip=b"z1", br=b"b1")))
    folder.write(named(document(b"two", gzip=b"z2")))
    assert (tmp_path / "all.atom.gz").read_bytes() == b"z2"
    assert not (tmp_path / "all.atom.br").exists()


@pytest.mark.parametrize("found", ["", "[1]", '{"gone.atom": "1"}', "{"])
def test_a_list_of_files_that_cannot_be_read_removes_nothing(tmp_path: Path, found: str):
    (tmp_path / MANIFEST).write_text(found)
    (tmp_path / "mine.atom").write_bytes(b"mine")
    Folder(path=tmp_path).write(named(document(b"one")))
    assert (tmp_path / "mine.atom").read_bytes() == b"mine"
