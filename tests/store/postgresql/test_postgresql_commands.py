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
from aggregator.store.postgresql import server_clock
from tests.contract.stock import NOON
from tests.support.commands import Commands


def test_doctor_looks_at_the_database_and_says_what_is_amiss(tmp_path: Path, blank: str):
    ours = Commands.at(tmp_path, "sources: {}\n", f"database: {blank}\n")
    assert "There is no database yet" in ours.command("doctor", expect=None)
    ours.command("status")
    assert "as this version needs them" in ours.command("doctor", expect=None)
    assert "pg_dump" in ours.command("backup", str(tmp_path / "copy"), expect=1)


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
