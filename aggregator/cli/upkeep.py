"""backup, restore: the database, kept safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, say

if TYPE_CHECKING:
    from aggregator.model import Backup


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; replaced if it is such a copy already.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Copy the database to a file, while worker and web run; the copy is read again and counted.

    Copy feeds.yaml and config/ yourself: they are files that no process writes.
    """
    from aggregator import app

    made = app.back_up(config, file)
    say(f"{made.path}: {_describe(made)}; read again and found whole.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `backup` or an upgrade made.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Put a copy of the database back, once worker and web have ended; what was there is kept beside it.

    It stays as it was copied until something is started. So the way back from an upgrade is: restore the copy that
    was made before it, install the earlier version, start that.
    """
    from aggregator import app

    done = app.restore(config, file)
    say(f"{done.backup.path} is what {file} was: {_describe(done.backup)}.")
    if done.replaced is not None:
        say(f"What was there before is kept as {done.replaced}; remove it when you need it no more.")
    if done.upgrade is not None:
        say(
            f"Its tables are at {done.backup.revision}; the next start of this version brings them to "
            f"{done.upgrade}."
        )


def _describe(copy: Backup) -> str:
    counts = ", ".join(f"{copy.rows.get(name, 0):,} {name}" for name in ("sources", "items", "publications"))
    return f"{counts}; {copy.size / 1_000_000:,.1f} MB"
