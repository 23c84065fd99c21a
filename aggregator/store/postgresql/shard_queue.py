"""Which worker polls what: shards with due sources as jobs of pgqueuer, in unlogged tables beside ours.

All in them is disposable: they may be emptied at any time, and are after a crash of the server. What pgqueuer asks
is asked in a transaction of the store's, so that it needs no connection and no state of one, and hears nothing.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar, cast

from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel, QueueEntrypoint, QueueManagerId
from pgqueuer.ports.driver import Driver
from pgqueuer.ports.repository import EntrypointExecutionParameter
from sqlalchemy import Connection, text

from aggregator.errors import StoreError

T = TypeVar("T")

NAMES: Final = DBSettings.model_construct(
    prefix="",
    db_schema=None,
    channel=Channel("ch_pgqueuer"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.volatile,
    widen_id=False,
)
"""What pgqueuer's tables are called. By itself it would take variables such as CHANNEL or TRIGGER for that."""

HEARTBEAT: Final = timedelta(seconds=60)
"""What was not heard of for so long pgqueuer itself hands to another."""

ABANDONED: Final = timedelta(seconds=12)
"""So long after it was handed to somebody a shard is free: as long as a source that was leased."""

_TIDY: Final = 60.0
"""Seconds between two emptyings of the log, in which pgqueuer writes three rows for each shard."""

_ENTRYPOINT: Final = QueueEntrypoint("shard")
_ANY: Final = {_ENTRYPOINT: EntrypointExecutionParameter(concurrency_limit=0)}

_PLACE: Final = re.compile(r"\$(\d+)")

_PATIENT = text("SET LOCAL lock_timeout = '3s'")
"""Whoever locks the queue, for a copy or an upgrade, must not keep our threads."""

_LOOK = text(
    "SELECT id, dedupe_key, status = 'queued' AS waits, status = 'picked' AND updated < now() - :age AS abandoned"
    " FROM pgqueuer"
)
_LET_GO = text("DELETE FROM pgqueuer WHERE id = ANY(:ids)")


class PostgresShardQueue:
    """Shards with work, by pgqueuer; fulfils `ports.ShardQueue`."""

    def __init__(
        self, write: Callable[[Callable[[Connection], Sequence[Job]]], Awaitable[Sequence[Job]]], place: str
    ) -> None:
        self._write = write
        self._place = place
        self._jobs: dict[int, Job] = {}
        self._owner = QueueManagerId(uuid.uuid4())
        self._tidy_at = 0.0

    async def trade(self, back: Collection[int], offered: Sequence[int], most: int) -> tuple[int, ...]:
        """See `ports.ShardQueue.trade`."""
        done = [self._jobs[shard] for shard in back if shard in self._jobs]
        try:
            jobs = await self._write(partial(self._trade, done=done, offered=sorted(offered), most=most))
            handed = {int(job.payload or b""): job for job in jobs}
        except (ValueError, TypeError, LookupError) as error:  # tables of another version of it
            raise StoreError(f"the queue in the database {self._place} cannot be read: {error}") from error
        for shard in back:
            self._jobs.pop(shard, None)
        self._jobs |= handed
        return tuple(handed)

    def _trade(self, connection: Connection, done: list[Job], offered: list[int], most: int) -> Sequence[Job]:
        connection.execute(_PATIENT)
        queries = queries_over(cast("Driver", _InTransaction(connection)))
        if time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + _TIDY
            _at_once(queries.clear_queue_log(_ENTRYPOINT))
        if done:
            _at_once(queries.log_jobs([(job, "successful", None) for job in done]))
        if not offered or not _offer(connection, queries, offered) or not most:
            return ()
        return _at_once(queries.dequeue(most, _ANY, self._owner, None, HEARTBEAT))


def _offer(connection: Connection, queries: Queries, shards: list[int]) -> bool:
    """Put in what is not there, and let go of what nobody works on; whether anything waits now."""
    rows = connection.execute(_LOOK, {"age": ABANDONED}).all()
    abandoned = [row.id for row in rows if row.abandoned]
    if abandoned:
        connection.execute(_LET_GO, {"ids": abandoned})
    there = {row.dedupe_key for row in rows if not row.abandoned}
    new = [shard for shard in shards if _key(shard) not in there]
    if new:
        count = len(new)
        _at_once(
            queries.enqueue(
                [_ENTRYPOINT] * count,
                [str(shard).encode() for shard in new],
                [0] * count,
                [timedelta(seconds=-1)] * count,  # due before this transaction began, or it would not find them
                [_key(shard) for shard in new],
                on_conflict="skip",
            )
        )
    return bool(new) or any(row.waits for row in rows)


def _key(shard: int) -> str:
    return f"shard:{shard}"


class _InTransaction:
    """So much of a driver as is used: pgqueuer asks over a connection of ours, and a thread of ours waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """See `pgqueuer.ports.driver.Driver`."""
        found = self._connection.exec_driver_sql(*_in_words_of_psycopg(query, args))
        return [{**row} for row in found.mappings()]

    async def execute(self, query: str, *args: object) -> str:
        """See `pgqueuer.ports.driver.Driver`."""
        self._connection.exec_driver_sql(*_in_words_of_psycopg(query, args))
        return ""


def _in_words_of_psycopg(query: str, args: Sequence[object]) -> tuple[str, dict[str, object]]:
    """`$1` of PostgreSQL as `%(a1)s` of psycopg."""
    return _PLACE.sub(r"%(a\1)s", query.replace("%", "%%")), {f"a{n}": arg for n, arg in enumerate(args, 1)}


def _at_once(question: Coroutine[Any, Any, T]) -> T:
    """What comes of a coroutine that never waits."""
    try:
        question.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError(f"{question} waits")


def queries_over(driver: Driver) -> Queries:
    """What pgqueuer asks, of the tables that we made."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(NAMES),
        qbq=QueryQueueBuilder(NAMES),
        qbs=QuerySchedulerBuilder(NAMES),
    )
