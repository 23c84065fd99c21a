"""Publishers' text is worked on in child processes that can be killed: hostile input costs itself.

Feeds are parsed, their entries judged, signatures made in them.


feedparser can be stalled for minutes by a few hundred kilobytes (measured: 100,000 categories, 60,000 comment
openers) and no thread can be stopped, so the bounds are those that the operating system enforces.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from aggregator.catalogue.apart import children_deaf_to_terminal
from aggregator.engine import confinement
from aggregator.model import (
    Decision,
    DocumentDigests,
    Entry,
    Failed,
    Fetched,
    Item,
    ItemKey,
    ListMember,
    NamedFeed,
    Reading,
    Recall,
    Signature,
    Source,
    SourceProfile,
)
from aggregator.pipeline import reading

if TYPE_CHECKING:
    from types import TracebackType


Outcome = TypeVar("Outcome")

_ENDING_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """What one child may use.

    Attributes:
        workers: Children at work at once.
        seconds: Wall time for one feed; the child is killed after it.
        start_seconds: Wall time that a child may take to start.
        cpu_seconds: CPU time for one feed; the kernel ends the child after it, even if nobody else is left to.
        memory: Bytes of address space for a child, code included. A good feed of 14 MB takes 150 MB, the worst
            of the hostile ones that were tried 460 MB.
        recycle: Pieces of work, three for a new feed, after which a child is replaced, so that what libraries leak
            stays small: 0.3 MB in 1,000, once it is warm. A start costs as much as five feeds.
        idle_seconds: Without work after which the children leave; the next feed waits a second for another one.
    """

    workers: int = 1
    seconds: float = 15.0
    start_seconds: float = 30.0
    cpu_seconds: int = 10
    memory: int = 320 * 1024 * 1024
    recycle: int = 2_000
    idle_seconds: float = 60.0


class ReadingPool:
    """Fulfils `ports.Reader` with a pool of child processes; started by the first feed that needs one."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        # No more is handed to the pool than it has children, so that a feed's time does not run while it waits.
        self._free = asyncio.Semaphore(self._limits.workers)
        self._pool = self._new_pool()
        self._working = 0
        self._idle: asyncio.TimerHandle | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("reading")

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._limits.workers,
            max_tasks=self._limits.recycle,
            initializer=confinement.confine,
            initargs=[self._limits.memory],
            # Forking a process that runs an event loop and threads would copy their locks in any state.
            context=multiprocessing.get_context("spawn"),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def read(
        self, fetched: Fetched, source: Source, known: DocumentDigests | None = None
    ) -> Reading | Failed:
        """Parse and normalize a body in a child; Failed when it is no feed or the child had to be stopped."""
        found = await self._run(reading.read, fetched, source.conventions, known)
        self._report_entries(source, found)
        return found

    async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
        """The one article of a page, from a child."""
        return await self._run(reading.article, fetched, source.conventions)

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        """What entries come to, judged in a child."""
        given = source, tuple(entries), dict(known), profile, now, recall
        found = await self._run(reading.judge, *given)
        self._report_entries(source, found)
        return found

    async def sign(self, entries: Sequence[Entry]) -> tuple[Signature, ...] | Failed:
        """The signature of each entry, from a child."""
        return await self._run(reading.sign, tuple(entries))

    async def _run(self, work: Callable[..., Outcome | Failed], *arguments: object) -> Outcome | Failed:
        """Do some work in a child: its result, or a failure where the child was stopped or broke.

        Time, memory and a death by signal are what an input can do to a process that works well: that answer is
        given up. Whatever the work raises is a fault of our own, on any input: parsing, normalizing and judging
        promise not to raise.
        """
        try:
            return await self._in_child(work, *arguments)
        except BrokenProcessPool:
            message = "No process could be started to read the feed in; the machine may be out of memory."
            return Failed(trouble="internal", message=message)
        except Exception as error:  # noqa: BLE001 # the boundary: it costs this poll, and is told
            cause = self._cause_in_input(error)
            return self._report_fault(error, work) if cause is None else _failure_of(cause)

    def _cause_in_input(self, error: Exception) -> str | None:
        """What an input did to its child; None where the fault is ours."""
        match error:
            case TimeoutError():
                return f"reading it took longer than {self._limits.seconds:g} seconds"
            case MemoryError():
                return f"reading it took more than {self._limits.memory // 2**20} MB of memory"
            case ProcessExpired() if -error.exitcode in confinement.SENT_TO_US:
                return None  # to the whole group, as a terminal or a supervisor does when it ends us
            case ProcessExpired() if error.exitcode <= 0:  # else it ended by itself: our code could not be loaded
                return "reading it crashed the process that did"
        return None

    def _report_entries(self, source: Source, found: Reading | Decision | Failed) -> None:
        """Faults of our own on single entries, each into the log with the child's traceback."""
        for fault in () if isinstance(found, Failed) else found.faults:
            self._log.error("fault", source=source.id, entry=fault.entry, exception=fault.trace)

    def _report_fault(self, error: Exception, work: Callable[..., object]) -> Failed:
        """A fault of our own: into the log with the child's traceback, and a word on it for people.

        What an exception says may be a publisher's text; only of one that speaks of our installation it is shown.
        """
        self._log.error("fault", work=getattr(work, "__name__", repr(work)), exc_info=error)
        if isinstance(error, ProcessExpired):
            ended = "The process that read the feed was ended from outside. The next poll tries again."
            return Failed(trouble="internal", message=ended)
        if isinstance(error, ImportError):
            what = (
                f"A part of this installation is missing or broken ({error}). Install it again; its lock is whole."
            )
            return Failed(trouble="internal", message=what)
        message = f"A fault in this program ({type(error).__name__}); the log has the details. Report it."
        return Failed(trouble="internal", message=message)

    async def discover(self, page: Fetched) -> tuple[NamedFeed, ...] | Failed:
        """Where a page's feed may be; Failed when looking for them had to be stopped, or failed by us."""
        return await self._run(reading.discover, page)

    async def list_feeds(self, fetched: Fetched) -> tuple[ListMember, ...] | Failed:
        """The feeds that a list elsewhere names; Failed where it is none, or reading it had to be stopped."""
        return await self._run(reading.list_feeds, fetched)

    async def close(self) -> None:
        """Kill the children and let go of the pool."""
        if self._idle is not None:
            self._idle.cancel()
        if self._leaving is not None:
            await self._leaving
        await _end(self._pool)

    def _leave(self) -> None:
        """Let the children go: nobody has needed one for a while."""
        if not self._working:
            gone, self._pool = self._pool, self._new_pool()
            self._leaving = asyncio.get_running_loop().create_task(_end(gone))

    async def _in_child(self, work: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Some work in a child, within its bounds.

        Raises:
            TimeoutError: It took too long, and its child was killed.
            BrokenProcessPool: No child could be started; the next call tries with a new pool.
            ProcessExpired: The child died of it.
            Exception: Whatever the work raised.
        """
        async with self._free:
            if self._idle is not None:
                self._idle.cancel()
            pool = self._pool
            self._working += 1
            try:
                return await self._schedule(pool, work, *arguments)
            except BrokenProcessPool:
                if self._pool is pool:  # or somebody else has replaced it meanwhile
                    self._pool = self._new_pool()
                await _end(pool)
                raise
            finally:
                self._working -= 1
                self._idle = asyncio.get_running_loop().call_later(self._limits.idle_seconds, self._leave)

    async def _schedule(self, pool: ProcessPool, work: Callable[..., Outcome], *arguments: object) -> Outcome:
        limits = self._limits
        try:
            with children_deaf_to_terminal():
                given = [limits.cpu_seconds, work, *arguments]
                task = pool.schedule(confinement.run_within, args=given, timeout=limits.seconds)
        except (RuntimeError, OSError) as error:
            # The pool broke before this call, which only these words of it say; or what it starts with, pipes and
            # semaphores that a helper process of Python's keeps track of, could not be had.
            raise BrokenProcessPool(str(error)) from error
        waiting = asyncio.timeout(limits.seconds + limits.start_seconds)
        try:
            async with waiting:
                outcome: Outcome = await asyncio.wrap_future(task)
        except TimeoutError:
            if waiting.expired():  # the pool's own clock runs from the child's start: there was none
                raise BrokenProcessPool("no child took the work up in time") from None
            raise
        return outcome


async def _end(pool: ProcessPool) -> None:
    """Kill a pool's children and wait for its threads to end, though not for ever."""
    pool.stop()  # type: ignore[no-untyped-call] # Pebble types only a part of itself
    with suppress(TimeoutError):
        await asyncio.to_thread(pool.join, _ENDING_SECONDS)


def _failure_of(what: str) -> Failed:
    return Failed(trouble="malformed", message=f"The answer was given up: {what}. The next poll tries again.")
