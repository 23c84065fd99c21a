"""What commands do with a database in PostgreSQL, run in this process."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import literal_column, select

from aggregator import app
from aggregator.store.postgresql import schema, server_clock
from tests.contract.stock import NOON
from tests.store.postgresql.test_postgresql_opening import make_first_tables
from tests.support.commands import Commands


def test_doctor_looks_at_the_database_and_says_what_is_amiss(tmp_path: Path, blank: str):
    ours = Commands.at(tmp_path, "sources: {}\n", f"database: {blank}\n")
    assert "There is no database yet" in ours.command("doctor", expect=None)
    ours.command("status")
    assert "as this version needs them" in ours.command("doctor", expect=None)
    assert "pg_dump" in ours.command("backup", str(tmp_path / "copy"), expect=1)


def test_the_step_of_a_release_makes_the_tables_current_and_nothing_where_feeds_yaml_has_mistakes(
    tmp_path: Path, blank: str
):
    ours = Commands.at(tmp_path, "sources: {}\n", f"database: {blank}\n")
    make_first_tables(blank)
    (tmp_path / "feeds.yaml").write_text("sourzes: {}\n", encoding="utf-8")
    assert "did you mean 'sources'" in ours.command("apply", expect=1)
    assert schema.inspect(blank).revision == "0012"
    (tmp_path / "feeds.yaml").write_text("sources: {}\n", encoding="utf-8")
    assert "in force as version 1" in ours.command("apply")
    assert schema.inspect(blank).is_current
    assert "in force already, as version 1" in ours.command("apply")


def test_once_a_database_of_many_machines_was_opened_its_clock_counts(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "feeds.yaml").write_text("sources: {}\n", encoding="utf-8")
    monkeypatch.setattr(server_clock, "_ASKED", select(literal_column(str(NOON.timestamp()))))
    second = timedelta(seconds=20)

    async def follow(application: app.Application) -> None:
        async with application.store():
            assert NOON <= application.clock.now() <= NOON + second
        assert NOON <= application.clock.now() <= NOON + second, "what is told afterwards, too"

    with patch.dict(os.environ, {"DATABASE_URL": url}):
        asyncio.run(follow(app.load(tmp_path / "feeds.yaml")))
