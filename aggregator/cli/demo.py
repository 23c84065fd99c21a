"""demo: a newsroom without a network, in a folder that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli import shared
from aggregator.cli.progress import is_lively
from aggregator.cli.shared import say, stop_on_signals

if TYPE_CHECKING:
    from aggregator.demo import Happening, Opened


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("demo")(demo)


def demo(
    show: Annotated[bool, typer.Option("--open", help="Open the river in a browser.")] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=1000, help="How many times faster than usual.")] = 1.0,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port of 127.0.0.1 to listen at, 0 for any.")
    ] = 0,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where its installation stays; else nothing is left of it."),
    ] = None,
) -> None:
    """Show in two minutes what this program does: a newsroom without a network.

    Eight publishers on this machine post, edit, copy each other, break and recover, while the real worker and web
    read them. Each thing that happens is told on a line, with what to look at. What is installed here already is
    neither read nor changed.
    """
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise typer.BadParameter(f"{keep} is there already; name a folder that is empty or new.")
    shared.run(_perform(keep, speed=speed, port=port, show=show))


async def _perform(keep: Path | None, *, speed: float, port: int, show: bool) -> None:
    from aggregator.cli import log  # isort: skip # it knows how little of structlog is needed
    from aggregator.demo import perform
    from aggregator.text.redaction import redactor

    stop = stop_on_signals()
    _forget_installations()
    log.to_stderr("auto", "error", lambda: redactor(frozenset()))

    def welcome(opened: Opened) -> None:
        say(f"The river: {opened.url} (status: {opened.url}status; Ctrl-C ends it)")
        say(f"What it reads: {opened.config}")
        say()
        if show:
            import webbrowser

            webbrowser.open(opened.url)

    with _folder(keep) as folder:
        await perform(folder, stop, _tell, welcome, port=port, speed=speed)


async def _tell(scene: Happening) -> None:
    told = typer.style(scene.told, bold=True) if is_lively() else scene.told
    say(f"{told} -> {scene.look}")


def _forget_installations() -> None:
    """What the environment says of another installation, its database above all, is none of this one's affair."""
    for name in list(os.environ):
        if name.startswith("AGGREGATOR_") or name in {"DATABASE_URL", "PORT"}:
            del os.environ[name]


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where the installation is; gone with the block, unless it is to be kept."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="aggregator-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
