"""What is asked often is answered from an index on PostgreSQL too, and in as few questions as there may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from aggregator.store.postgresql import newest
from aggregator.store.sql import items, sources
from benchmarks import catalogues
from tests.contract.stock import LEASE, NOON
from tests.support import postgresql
from tests.support.postgresql import tables  # noqa: F401 # a fixture

MANY = 2_000
SOME = [f"s{number}" for number in range(0, MANY, 10)]
SOON = NOON + 100 * LEASE
CLAIMANT = sources.Claimant(owner="us", now=SOON, until=SOON + LEASE)
QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "what is due": lambda connection: sources.claim_due(connection, CLAIMANT, 50, LEASE),
    "what may be claimed": lambda connection: sources.find_due(connection, CLAIMANT, 1000, LEASE),
    "what was polled since": lambda connection: sources.polled_since(connection, NOON),
    "some by name": lambda connection: sources.claim(connection, SOME, CLAIMANT),
    "the newest of some": lambda connection: items.latest(connection, SOME, 100, None, newest.of_each),
    "the newest of all": lambda connection: items.latest(
        connection, [f"s{number}" for number in range(MANY)], 100, None, newest.of_each
    ),
}


@pytest.fixture(scope="module")
def filled(tables: tuple[str, Engine]) -> Iterator[Engine]:  # noqa: F811 # the fixture
    """Sources with an item each, as the server knows."""
    engine = tables[1]
    postgresql.empty_tables(engine)
    with engine.begin() as connection:
        catalogues.fill(connection, MANY, NOON)
        connection.execute(text("ANALYZE sources, items, entries"))
    yield engine
    postgresql.empty_tables(engine)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_that_is_asked_often_reads_a_whole_table(filled: Engine, question: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    with filled.connect() as connection:  # never committed
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # of small tables it may be cheaper
        event.listen(connection, "before_cursor_execute", note)
        assert QUESTIONS[question](connection)
        event.remove(connection, "before_cursor_execute", note)
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
            assert not [line for line in plan if "Seq Scan" in line], (statement, plan)
    assert len(asked) <= 4
