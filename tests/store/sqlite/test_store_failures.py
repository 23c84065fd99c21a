"""What the database reports, in words that help."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from aggregator.errors import StoreError
from aggregator.store.sqlite.failures import denied_error, is_busy, store_error, translating


def of_code(code: int, words: str = "words") -> sqlite3.OperationalError:
    """What the driver raises for a result code."""
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "locked by another process"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked by another process"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "cannot be written"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be written"),
        (sqlite3.SQLITE_FULL, "the disk is full: make room"),
        (sqlite3.SQLITE_IOERR_FSYNC, "the disk fails"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "is damaged"),
        (sqlite3.SQLITE_NOTADB, "is no SQLite database"),
    ],
)
def test_each_kind_of_trouble_names_the_place_and_the_remedy(code: int, words: str) -> None:
    with pytest.raises(StoreError, match=f"^the database /x/y.db .*{words}"), translating("/x/y.db"):
        raise of_code(code)


@pytest.mark.parametrize(
    ("lacks", "words"), [(errno.EMFILE, "raise the limit of open files"), (errno.EACCES, "cannot be written")]
)
def test_a_file_that_cannot_be_opened_for_want_of_descriptors_is_told_from_one_that_may_not_be_written(
    lacks: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(lacks, "no")

    monkeypatch.setattr(os, "open", refuse)
    for told in (store_error(of_code(sqlite3.SQLITE_CANTOPEN), "/x/y.db"), denied_error(Path("/x/y.db"))):
        assert words in str(told)
        assert str(told).startswith("the database /x/y.db ")


def test_trouble_of_no_known_kind_is_quoted_without_control_characters_and_not_at_length() -> None:
    with pytest.raises(StoreError) as raised, translating("/x/y.db"):
        raise of_code(sqlite3.SQLITE_ERROR, "no such table\x1b[31m\n" + "x" * 9000)
    assert str(raised.value).startswith("the database /x/y.db does not do what it should: no such table [31m xxx")
    assert len(str(raised.value)) < 300


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), translating("/x/y.db"):
        raise KeyError
    with pytest.raises(StatementError), translating("/x/y.db"):
        raise StatementError("no cause", "SELECT", None, None)


def test_only_a_lock_is_worth_another_try() -> None:
    assert is_busy(of_code(sqlite3.SQLITE_BUSY_RECOVERY))
    assert not is_busy(of_code(sqlite3.SQLITE_FULL))
    assert not is_busy(ValueError())
