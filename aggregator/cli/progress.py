"""Progress for people who wait at a terminal: counts, rate and time left, drawn with Rich; else nothing moves."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Task

MANY = 10
"""Of fewer nobody needs to know how far it is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is told while many things are done one after the other.

    Attributes:
        say: A line of its own on standard output, above what moves.
        advance: One more is done.
    """

    say: Callable[[str], None]
    advance: Callable[[], None]


def is_lively() -> bool:
    """Whether whoever reads standard error sees it as it comes, and wants more than plain lines."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") in {"dumb", "unknown"}
    return sys.stderr.isatty() and not plain


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Progress]:
    """Show how far it is until the block ends, where somebody watches and there are many; nothing is left of it.

    In: what is being done, such as `Polling`; how many there are, None where nobody knows.
    """
    if not is_lively() or (total is not None and total < MANY):
        yield Progress(typer.echo, lambda: None)
        return
    from rich import progress as rich
    from rich.console import Console

    class Rate(rich.ProgressColumn):
        def render(self, task: Task) -> RenderableType:
            return f"{task.finished_speed or task.speed or 0:.1f}/s"

    counts = rich.MofNCompleteColumn() if total is not None else rich.TextColumn("{task.completed}")
    bar = [rich.BarColumn(bar_width=20), counts] if total is not None else [rich.SpinnerColumn(), counts]
    console = Console(stderr=True, highlight=False)
    with rich.Progress(
        rich.TextColumn("{task.description}"),
        *bar,
        Rate(),
        *([rich.TimeRemainingColumn(compact=True)] if total is not None and console.width >= 60 else []),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as shown:
        task = shown.add_task(what, total=total)

        def say(line: str) -> None:
            if sys.stdout.isatty():
                console.print(line, markup=False, soft_wrap=True)
            else:
                typer.echo(line)

        yield Progress(say, lambda: shown.advance(task))
