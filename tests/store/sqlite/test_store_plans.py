"""The questions that are asked often are answered from an index, however much is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from aggregator.model import Batch, Listing
from aggregator.store.sql import commits, items, listing, pruning, revised, sightings, sources, stories
from aggregator.store.sqlite import SqliteStore, engines, schema
from tests.contract.stock import FULL_STATE, LEASE, NOON, change, item, listed, put

KEYS = [item(str(number)).key for number in range(30)]
CLAIMANT = sources.Claimant(owner="us", now=NOON, until=NOON + LEASE)
QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "claim_due": lambda connection: sources.claim_due(connection, CLAIMANT, 10, LEASE),
    "claim_due of others": lambda connection: sources.claim_due(
        connection, replace(CLAIMANT, polling=("a", "b")), 10, LEASE
    ),
    "known": lambda connection: items.find_known(connection, "river", KEYS),
    "item": lambda connection: items.item(connection, "nobody"),
    "revisions": lambda connection: items.revisions_of(connection, "nobody"),
    "revised": lambda connection: revised.find_revised(connection, ["a", "b"], 10, None),
    "what revised items said": lambda connection: revised.find_said(connection, [("nobody", 2)]),
    "latest of few": lambda connection: items.latest(connection, ["a", "b"], 10, None),
    "latest of many": lambda connection: items.latest(connection, [str(n) for n in range(300)], 10, items.LAST),
    "prune": lambda connection: pruning.prune(connection, NOON, frozenset()),
    "spared": pruning.find_spared,
    "listing": lambda connection: listing.note(
        connection, "river", Listing(uids=frozenset(map(str, range(30))), whole=True), NOON
    ),
    "partial listing": lambda connection: listing.note(
        connection,
        "river",
        Listing(uids=frozenset(map(str, range(30))), whole=False, left_before=NOON),
        NOON,
    ),
    "turn": lambda connection: listing.turn(connection, "river", [Batch(at=NOON, count=9)]),
    "uncompared": lambda connection: stories.find_uncompared(connection, 10),
    "edges": lambda connection: stories.edges_of(connection, [str(number) for number in range(30)]),
    "copies": lambda connection: stories.copies(connection, [str(number) for number in range(30)]),
    "forget": lambda connection: sightings.forget(connection, NOON),
    "commit": lambda connection: commits._find_stored(
        connection,
        "river",
        [commits.Change(item=item(str(n)), verdict=None) for n in range(30)],  # type: ignore[arg-type]
    ),
    "lease": lambda connection: commits.commit(connection, commits.Update(state=FULL_STATE)),
}


def test_the_newest_of_sixty_sources_are_found_by_a_few_questions_where_they_are_many(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    readers = engines.connect(path, "read")
    schema.prepare(path, readers)
    readers.dispose()
    engine = engines.connect(path, "write")
    asked: list[str] = []
    with engine.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        items.latest(connection, [str(n) for n in range(60)], 30, None)
    engine.dispose()
    assert len(asked) < 4


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_walks_or_sorts_a_table(tmp_path: Path, question: str) -> None:
    path = tmp_path / "store.db"
    readers = engines.connect(path, "read")
    schema.prepare(path, readers)
    readers.dispose()
    engine = engines.connect(path, "write")
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    with engine.begin() as connection:
        event.listen(connection, "before_cursor_execute", note)
        QUESTIONS[question](connection)
        event.remove(connection, "before_cursor_execute", note)
        plans = {
            statement: [
                row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            ]
            for statement, parameters in asked
        }
    engine.dispose()
    assert plans
    for statement, plan in plans.items():
        for step in plan:
            # The few items that share a name are sorted.
            assert "TEMP B-TREE" not in step or question == "item", (statement, plan)
            # Walking an index from one end is meant: a limit ends it, or it holds only what is asked for.
            # Of publications there are few.
            walked = step.startswith("SCAN") and "INDEX ix_items_" not in step
            assert not walked or step.startswith("SCAN publications"), (statement, plan)


async def test_a_reading_that_is_not_whole_looks_at_what_the_last_one_listed_however_much_came_before(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    await store.register({"river": NOON}, (), NOON)
    every = [item(str(number)) for number in range(600)]
    for some in range(0, 600, 3):
        await put(store, *map(change, every[some : some + 3]))
        await listed(store, *every[some : some + 3], at=NOON + some * LEASE, whole=False)
    await store.close()
    engine = engines.connect(tmp_path / "store.db", "read")
    with engine.begin() as connection:
        assert len(connection.scalars(listing._listed, {"source": "river"}).all()) == 3
    engine.dispose()


def test_the_longest_wait_for_another_process_is_longer_than_any_of_its_transactions() -> None:
    assert timedelta(seconds=engines.BUSY_SECONDS) >= timedelta(seconds=10)
