"""backup, restore, migrate-store, doctor: the installation, kept safe and sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, interrupted, say

if TYPE_CHECKING:
    from aggregator.doctor import Finding
    from aggregator.model import Backup


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("migrate-store")(migrate_store)
    app.command("doctor")(doctor)


@interrupted("No copy was made; one that was there already is as it was.")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; replaced if it is such a copy already.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Copy the database to a file, while worker and web run; the copy is read again and counted.

    Copy feeds.yaml and config/ yourself: they are files that no process writes.
    """
    from aggregator import upkeep

    before = " The copy that was there is replaced." if file.exists() else ""
    made = upkeep.back_up(config, file)
    say(f"{made.path}: {_describe(made)}; read again and found whole.{before}")


@interrupted("The database is whole: what it was, or the copy. `aggregator status` tells which.")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `backup` or an upgrade made.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Put a copy of the database back, once worker and web have ended; what was there is kept beside it.

    It stays as it was copied until something is started. So the way back from an upgrade is: restore the copy that
    was made before it, install the earlier version, start that.
    """
    from aggregator import upkeep

    done = upkeep.restore(config, file)
    say(f"{done.backup.path} is what {file} was: {_describe(done.backup)}.")
    if done.replaced is not None:
        say(f"What was there before is kept as {done.replaced}; remove it when you need it no more.")
    if done.upgrade is not None:
        say(
            f"Its tables are at {done.backup.revision}; the next start of this version brings them to "
            f"{done.upgrade}."
        )


@interrupted("Nothing was carried over: the new database holds nothing, and the one in use is as it was.")
def migrate_store(
    source: Annotated[str, typer.Option("--from", metavar="URL", help="The database that is used now.")],
    target: Annotated[
        str, typer.Option("--to", metavar="URL", help="An empty one, which is made where it can be.")
    ],
) -> None:
    """Carry everything to another database, SQLite or PostgreSQL, once worker and web have ended.

    Every row is read again there and compared; ids, dates and documents are the same afterwards. What is carried
    stays where it was. A path of SQLite is that from the folder you are in.
    """
    from aggregator import upkeep

    rows = upkeep.migrate_store(source, target)
    say(f"Carried over, read again and found the same: {_count(rows)}.")
    say("Now name the new database in `database` of config/settings.yaml, or in DATABASE_URL, and start.")


def _describe(copy: Backup) -> str:
    return f"{_count(copy.rows)}; {copy.size / 1_000_000:,.1f} MB"


def _count(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{rows.get(name, 0):,} {name}" for name in ("sources", "items", "documents"))


@interrupted("Not everything was examined. Nothing was changed.")
def doctor(
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Whether this installation can do its work: files, clock, network, database, feeds; and what to do if not.

    Changes nothing and polls nothing; knocks at the hosts of a few sources. The exit status is 1 where something
    does not work, else 0.
    """
    import asyncio
    import json

    from aggregator import upkeep

    found = asyncio.run(upkeep.examine(config))
    if as_json:
        say(json.dumps(facts_of_examination(found), ensure_ascii=False, indent=2))
    else:
        for one in found:
            say(f"{one.level:<4}  {one.check.replace('_', ' ')}: {one.message}")
            if one.remedy is not None:
                say(f"      {one.remedy}")
    if any(one.level == "fail" for one in found):
        raise typer.Exit(1)


def facts_of_examination(found: Sequence[Finding]) -> dict[str, Any]:
    """What `doctor --json` prints; config/doctor.schema.json describes it."""
    levels = {one.level for one in found}
    return {
        "level": next((level for level in ("fail", "warn") if level in levels), "ok"),
        "checks": [
            {"check": one.check, "level": one.level, "message": one.message, "remedy": one.remedy} for one in found
        ],
    }
