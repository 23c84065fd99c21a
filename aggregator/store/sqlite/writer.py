"""One thread that writes: many waiting transactions share one commit to the disk."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine

T = TypeVar("T")

GROUP = 50
"""Transactions that share a commit at most. More saves nothing and makes the first wait for the last."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A function that waits to be run.

    Attributes:
        work: Is given the connection, within a transaction.
        alone: Whether it may stand in no transaction, as VACUUM.
        done: What it returns or raises.
    """

    work: Callable[[Any], Any]
    alone: bool = False
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs functions over a transaction, one after another, in a thread of its own.

    Each function sees what those before it wrote, and is written as a whole or not at all: where one of a group
    raises, all is taken back and each is run again in a transaction of its own. A savepoint for each would spare
    that, and cost each a tenth of what it does. A future is done when the disk has it. Functions may be run a
    second time, so they must do nothing but write.

    Args:
        engine: Begins transactions that write.
        admit: Called in each transaction before anything else; raises where nothing may be written any more.
    """

    def __init__(self, engine: Engine, admit: Callable[[Connection], object] = lambda _: None) -> None:
        self._engine = engine
        self._admit = admit
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue `work`; does not wait. How much may wait is for the caller to bound."""
        job = _Job(work)
        self._waiting.put(job)
        return job.done

    def submit_alone(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue what may not stand in a transaction. It is done by itself, and once only."""
        job = _Job(work, alone=True)
        self._waiting.put(job)
        return job.done

    def close(self) -> None:
        """Write what is queued, then end; waits for both. Nothing may be submitted afterwards."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            batch = self._next_batch()
            ended = batch[-1] is None
            jobs = [job for job in batch if job is not None and job.done.set_running_or_notify_cancel()]
            together = [job for job in jobs if not job.alone]
            if together:
                self._write(together)
            for job in jobs:
                if job.alone:
                    self._work_alone(job)

    def _next_batch(self) -> list[_Job | None]:
        """What waits now, at least one; an end mark comes last."""
        batch = [self._waiting.get()]
        while batch[-1] is not None and len(batch) < GROUP:
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return batch

    def _work_alone(self, job: _Job) -> None:
        try:
            connection = self._engine.raw_connection()
            try:
                result = job.work(cast("sqlite3.Connection", connection.driver_connection))
            finally:
                connection.close()
        except Exception as error:  # noqa: BLE001 # it belongs to whoever waits for the outcome, not to this thread
            job.done.set_exception(error)
        else:
            job.done.set_result(result)

    def _write(self, jobs: Sequence[_Job]) -> None:
        begun = False
        try:
            with self._engine.begin() as connection:
                self._admit(connection)
                begun = True
                outcomes = [job.work(connection) for job in jobs]
        except Exception as error:  # noqa: BLE001 # it belongs to whoever waits for the outcome, not to this thread
            if begun and len(jobs) > 1:
                for job in jobs:
                    self._write([job])
            else:
                for job in jobs:
                    job.done.set_exception(error)
        else:
            for job, outcome in zip(jobs, outcomes, strict=True):
                job.done.set_result(outcome)
