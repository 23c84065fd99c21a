"""A question about a few rows reads a few rows, however many sources and items there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from aggregator.store.sql import archives, commits, editions, items, sources, stories
from aggregator.store.sqlite import engines, schema
from tests.contract.stock import LEASE, NOON, item

FEW, MANY = 100, 10_000
EVERY = [f"s{number}" for number in range(MANY)]
CLAIMANT = sources.Claimant(owner="us", now=NOON, until=NOON + LEASE)
SECONDS = int(NOON.timestamp())

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)"
_ROWS = {
    "sources": "SELECT 's' || i, 1, :later + i, 1, 1, :now, '{}', NULL, NULL, 0, NULL, 'ok', NULL, 0, NULL FROM n",
    "publications": "SELECT 'source/s' || i, :now, 1, 1, 'd', :now, NULL, NULL, NULL, :many FROM n",
    "entries": "SELECT 'u' || i, x'7b7d' FROM n",
    "signatures": "SELECT i + 1, 'u' || i, 's' || i, :now, :now, i, i, 0, 0, 9, '', x'00' FROM n",
}
_ITEMS = (
    "INSERT INTO items (uid, source_id, key_kind, key_value, public_id, published, published_reason, updated,"
    " updated_reason, first_seen, changed_at, pruned, revision, fingerprint_version, fingerprint_title,"
    " fingerprint_text, fingerprint_media, fingerprint_meta, compared, listing_order)"
)

QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "what is due": lambda connection: sources.claim_due(connection, CLAIMANT, 10, LEASE),
    "what is to be rendered": lambda connection: editions.find_outdated_of(connection, {"all": "d"}),
    "whether one is to be rendered": lambda connection: editions.find_generation(connection, "source/s7", "d"),
    "what waits to be compared": lambda connection: stories.find_uncompared(connection, 500),
    "what arrived": lambda connection: archives.find_arrivals(connection, "all", EVERY, 500),
    "what was polled since": lambda connection: sources.polled_since(connection, NOON),
    "what few sources say": sources.remarkable_states,
    "states of a few": lambda connection: sources.states(connection, ["s1", "s2", "s3"]),
    "the newest of a few": lambda connection: items.latest(connection, ["s1", "s2"], 100, None),
    "the newest of all": lambda connection: items.latest(connection, EVERY, 50, None),
    "what is known": lambda connection: items.find_known(connection, "s1", [item("1").key]),
    "an item": lambda connection: items.item(connection, "u7"),
    "one to be marked": lambda connection: editions.mark_outdated(connection, ["source/s7"]),
    "a poll's end": lambda connection: commits.commit(
        connection, commits.Update(state=sources.states(connection, ["s5"])["s5"], publications=("source/s5",))
    ),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Engine]]:
    """Two databases, by how many sources there are, each with an item."""
    made = {}
    for many in (FEW, MANY):
        path = tmp_path_factory.mktemp("growth") / f"{many}.db"
        readers = engines.connect(path, "read")
        schema.prepare(path, readers)
        readers.dispose()
        made[many] = engines.connect(path, "write")
        with made[many].begin() as connection:
            _fill(connection, many)
    yield made
    for engine in made.values():
        engine.dispose()


def _fill(connection: Connection, many: int) -> None:
    given = {"many": many, "now": SECONDS, "later": SECONDS + 100}
    connection.exec_driver_sql(f"INSERT INTO sources {_NUMBERS} {_ROWS['sources']}", given)
    texts = "'c', :now, 'p', :now, :now, 0, 1, 1, '', '', '', '', 1, i"
    rows = f"SELECT 'u' || i, 's' || i, 'id', i, 'urn:' || i, :now - i, {texts} FROM n"
    connection.exec_driver_sql(f"{_ITEMS} {_NUMBERS} {rows}", given)
    for name in ("entries", "signatures", "publications"):
        connection.exec_driver_sql(f"INSERT INTO {name} {_NUMBERS} {_ROWS[name]}", given)
    connection.exec_driver_sql(
        "INSERT INTO publications VALUES ('all', :now, 2, 1, 'd', :now, NULL, NULL, NULL, :many - 5)", given
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_costs_more_with_a_hundred_times_as_much_stored(
    filled: dict[int, Engine], question: str
) -> None:
    few, many = (_count_steps(filled[number], QUESTIONS[question]) for number in (FEW, MANY))
    assert many <= 1.5 * few + 100, f"{few} steps of SQLite's with {FEW} sources, {many} with {MANY}"


def _count_steps(engine: Engine, ask: Callable[[Connection], Any]) -> int:
    """Steps of SQLite's virtual machine: the same on every machine, unlike seconds."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        connection.exec_driver_sql("SAVEPOINT before")
        driver.set_progress_handler(step, 1)
        try:
            ask(connection)
        finally:
            driver.set_progress_handler(None, 0)
            connection.rollback()
    return steps


def test_what_arrived_is_looked_for_behind_what_was_considered(filled: dict[int, Engine]) -> None:
    with filled[MANY].connect() as connection:
        found = archives.find_arrivals(connection, "all", EVERY, 500)
        assert [one.uid for one in found.items] == [f"u{number}" for number in range(MANY - 5, MANY)]
        assert found.until == MANY
        assert archives.find_arrivals(connection, "all", EVERY, 500, MANY).items == ()
        old = archives.find_arrivals(connection, "all", EVERY, 2)
        assert old.until == MANY - 3
    assert timedelta(0) < archives.EARLY
