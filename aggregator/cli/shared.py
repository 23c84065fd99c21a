"""What the commands share: the --config option, logging, and running until a signal."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from aggregator.app import Application

T = TypeVar("T")

_MALLOC = ((-8, 2), (-3, 65_536), (-1, 65_536))
"""M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of <malloc.h>, with their values."""

_LONGEST = 240
"""Characters of a rewritten text that people are shown; machines get all of them."""

Config = Annotated[
    Path,
    typer.Option("--config", "-c", help="The file that lists sources and publications.", show_default=True),
]
Json = Annotated[bool, typer.Option("--json", help="For machines.")]
DEFAULT_CONFIG = Path("feeds.yaml")


def complete_source(context: typer.Context, incomplete: str) -> list[str]:
    """The ids of sources that begin so, for shells that complete what is typed; none where nothing can be read."""
    from aggregator.catalogue.sheet import Sheet
    from aggregator.errors import AggregatorError
    from aggregator.yamlfile import load_content

    path = Path(context.params.get("config") or DEFAULT_CONFIG)
    try:
        ids = Sheet(load_content(path).decode("utf-8-sig", "replace"), str(path)).ids
    except AggregatorError:
        return []
    return [name for name in ids if name.startswith(incomplete)]


def _tell_version(asked: bool) -> None:
    if asked:
        from aggregator import __version__

        say(f"aggregator {__version__}")
        raise typer.Exit


_Version = Annotated[
    bool, typer.Option("--version", help="Show the version and exit.", callback=_tell_version, is_eager=True)
]


def options(version: _Version = False) -> None:
    """What can be said without a command: the options of the program itself."""


def load(config: Path, *, quiet: bool = False, last_known: bool = False) -> Application:
    """Read the configuration and set up logging as it says. Raises ConfigurationError with every mistake.

    `quiet` is for commands that print what they did: they log nothing but faults. `last_known` is for what serves
    or explains what is published, which a mistake in feeds.yaml does not take down: what was understood before
    will do, and the log says so, or standard error.
    """
    from aggregator.cli import log  # isort: skip # it knows how little of structlog is needed
    from aggregator import app, catalogue

    application = app.load(config, last_known=last_known)
    how = application.settings.log
    log.to_stderr(how.format, "error" if quiet else how.level, application.redactor)
    current = application.catalogue()
    if current.mistakes and quiet:
        told = (*current.mistakes, f"{config} has mistakes; what it said before is in force.")
        typer.echo("\n".join(map(str, told)), err=True)
    elif current.mistakes:
        catalogue.report(current)
    return application


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to, run on uvloop where there is one: it has no wheel for every platform."""
    return_memory()
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    finally:
        work.close()  # where no loop could be had, nobody waits for it


@contextmanager
def interrupted(state: str) -> Iterator[None]:
    """Say how things stand where Ctrl-C ends what is done meanwhile: whole sentences. Decorates commands, too."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. {state}", err=True)
        raise


def ask(question: Callable[[], T]) -> T:
    """What somebody answers to a prompt. Ctrl-C there ends the command as it does elsewhere."""
    try:
        return question()
    except typer.Abort as ended:
        if not isinstance(ended.__context__, KeyboardInterrupt):
            raise  # Ctrl-D: nobody answers
        typer.echo(err=True)
        raise KeyboardInterrupt from None


def return_memory() -> None:
    """Have the C library give memory back, where it is glibc.

    Documents of some 100 kB are made in one thread or another. Each would keep as much as it ever needed at once,
    which is a fifth of this process.
    """
    import ctypes

    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for parameter, value in _MALLOC:
            mallopt(parameter, value)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets; any second one ends the process at once.

    What was acknowledged is on the disk by then, and what was under way is polled again. SIGHUP ends nothing:
    feeds.yaml is read anew by itself, and a terminal that closes takes no service along.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end(number: signal.Signals) -> None:
        if stop.is_set():
            os._exit(128 + number)  # nothing that Python still wants to tell would help
        stop.set()

    def stay() -> None:
        import structlog

        why = "feeds.yaml is read when it changes; settings need a restart; SIGTERM ends this process"
        structlog.get_logger("process").info("SIGHUP changes nothing", why=why)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, number)
    loop.add_signal_handler(signal.SIGHUP, stay)
    return stop


def instant(moment: datetime | None) -> str | None:
    """A moment as what we print for machines has it (RFC 3339); None for none."""
    from aggregator.dates.writing import rfc3339

    return None if moment is None else rfc3339(moment)


def tell_rewritten(one: Mapping[str, Any]) -> list[str]:
    """What readers get of an entry in the place of what its publisher wrote, and by which rules; a line each."""
    text = one["text"]
    cut = text if text is None or len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    told = [] if text is None else [f"text: {cut or 'none'}"]
    return [f"title: {one['title']}", f"url: {one['url']}", *told, *(f"by {rule}" for rule in one["rules"])]


def say(line: str = "") -> None:
    """A line on standard output."""
    typer.echo(line)
