"""feeds.yaml is understood in a process of its own: that may take seconds, and nobody who reads waits for them.

A thread would not do. It takes turns with the event loop, which loses its turn at each of its system calls, so
that readers would wait as long as if the loop did the work itself.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.catalogue.kept import load_kept
from aggregator.catalogue.load import load_text
from aggregator.errors import ConfigurationError, Mistake
from aggregator.model import Catalogue

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

_SECONDS = 300.0
"""After so long it is given up; a file of a hundred thousand sources takes a minute."""

_OF_TERMINALS = frozenset({signal.SIGINT, signal.SIGHUP})

_NICE = 5
"""It gives way to whoever answers readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What came of reading feeds.yaml: a catalogue, or why there is none.

    Attributes:
        catalogue: What it says; None where that could not be understood.
        mistakes: Why not.
        passing: Whether the file itself knows nothing of it: a disk that fails, a process without descriptors or
            memory. It is to be tried again without an edit.
        trace: Where a fault of our own is why, the traceback.
    """

    catalogue: Catalogue | None = None
    mistakes: tuple[Mistake, ...] = ()
    passing: bool = False
    trace: str = ""


def understand(path: Path, content: bytes, environ: Mapping[str, str], *, kept: bool = False) -> Understood:
    """What the content of the file `path` says, or a text that was `kept` of it; what comes of it is a value."""
    try:
        load = load_kept if kept else load_text
        return Understood(catalogue=load(content, path, environ))
    except ConfigurationError as error:
        return Understood(mistakes=error.mistakes)
    except MemoryError as error:
        return _put_off(path, error)
    except Exception as error:  # noqa: BLE001 # the boundary: what is in force stays so, and it is told
        message = f"met a fault in this program ({type(error).__name__}); the log has the details"
        return _refuse(path, message, passing=False, trace=traceback.format_exc())


async def understand_apart(
    path: Path, content: bytes, environ: Mapping[str, str], *, kept: bool = False
) -> Understood:
    """As `understand`, in a child process; what is secret in the environment goes through a pipe only."""
    try:
        process, answer = await asyncio.to_thread(_start, path, content, environ, kept)
    except (OSError, MemoryError) as error:
        return _put_off(path, error)
    try:
        return await asyncio.to_thread(_receive, answer, path)
    finally:
        process.kill()  # it has ended, or nobody waits for it any more
        await asyncio.shield(asyncio.to_thread(process.join))


@contextmanager
def children_deaf_to_terminal() -> Iterator[None]:
    """Processes that are started meanwhile, by this thread or by those that it starts, never hear Ctrl-C.

    A terminal sends it to all; their parent ends them. They could refuse it themselves, but not before they have
    begun, and told of it by a traceback until then.
    """
    resource_tracker.ensure_running()  # which hears again what was blocked, where it has to be started first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_TERMINALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _put_off(path: Path, error: BaseException) -> Understood:
    """For what the machine lacked."""
    why = getattr(error, "strerror", None) or type(error).__name__
    return _refuse(path, f"could not be read for the moment ({why}); it is tried again", passing=True)


def _refuse(path: Path, message: str, *, passing: bool, trace: str = "") -> Understood:
    mistake = Mistake(file=str(path), line=None, path="", message=message)
    return Understood(mistakes=(mistake,), passing=passing, trace=trace)


def _start(path: Path, content: bytes, environ: Mapping[str, str], kept: bool) -> tuple[SpawnProcess, Connection]:
    # Forking a process that runs an event loop and threads would copy their locks in any state.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with theirs:
        process = context.Process(target=_tell, args=(theirs, path, content, dict(environ), kept), daemon=True)
        with children_deaf_to_terminal():
            process.start()
    return process, ours


def _receive(answer: Connection, path: Path) -> Understood:
    with answer:
        try:
            if not answer.poll(_SECONDS):
                return _refuse(path, f"takes longer than {_SECONDS:g} seconds to understand", passing=False)
            found: Understood = answer.recv()
        except (OSError, EOFError, MemoryError) as error:
            return _put_off(path, error)
    return found


def _tell(answer: Connection, path: Path, content: bytes, environ: Mapping[str, str], kept: bool = False) -> None:
    """Runs in the child. A terminal's signals reach it too; its parent decides what to do with them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.nice(_NICE)
    with suppress(OSError), answer:  # nobody may wait for it any more
        answer.send(understand(path, content, environ, kept=kept))
