"""add, remove, import, export, apply, init: feeds.yaml without an editor; its comments stay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, say

_NEWEST = 5
"""Entries that are shown of what is added."""


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("add")(add)
    app.command("remove")(remove)
    app.command("import")(import_)
    app.command("export")(export)
    app.command("apply")(apply)
    app.command("init")(init)


def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The address of a feed, or of a page that names one; or a file's path."
        ),
    ],
    source_id: Annotated[
        str | None, typer.Option("--id", help="Its id; made from the address if not given.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Add it also where it brings nothing or cannot be read.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Add a feed to feeds.yaml; given a site's page, find the feed that it names.

    It is looked at first, as by `preview`: without --force, what brings nothing or cannot be read is not added.
    """
    from aggregator.catalogue.edit import add_source, require_addable
    from aggregator.catalogue.typed_urls import mask_password
    from aggregator.errors import EditError

    if not config.exists():
        raise EditError(f"{config}: there is no such file; `aggregator init` writes one to start from")
    feed = _try(require_addable(config, url, source_id), config, force=force)
    added = add_source(config, feed, source_id=source_id)
    say(f"{config}: added '{added}': {mask_password(feed)}. A running worker polls it within seconds.")


def _try(url: str, config: Path, *, force: bool) -> str:
    """Look at what is to be added, and show it: the address to write. Exits where it brings nothing."""
    from aggregator import upkeep
    from aggregator.cli.preview import tell
    from aggregator.cli.shared import load, run
    from aggregator.pipeline.request import is_secret

    found = run(upkeep.preview(load(config, quiet=True), url, again_after=None, force=force))
    for line in tell(found, most=_NEWEST):
        say(line)
    if found.result != "ok" and not force:
        typer.echo("Not added. --force adds it all the same.", err=True)
        raise typer.Exit(1)
    sight = found.sight
    if is_secret(sight.source):  # it is written as it was typed, with its variables
        return url
    return sight.moved_to or (sight.address if sight.named_by_page else None) or url


def remove(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The id in feeds.yaml.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Remove a source from feeds.yaml; what it brought stays in the database."""
    from aggregator.catalogue.edit import remove_source

    remove_source(config, source_id)
    say(f"{config}: removed '{source_id}'.")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A subscription list from any reader.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Add the feeds of an OPML file to feeds.yaml; those that are there already are left alone."""
    from aggregator.catalogue.edit import import_opml

    try:
        content = file.read_bytes()
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror}).", err=True)
        raise typer.Exit(1) from error
    outcome = import_opml(config, content)
    say(f"{config}: {len(outcome.added)} added, {len(outcome.skipped)} left out.")
    for line in outcome.skipped:
        say(f"  left out: {line}")


def export(config: Config = DEFAULT_CONFIG) -> None:
    """Print the sources as OPML 2.0, for any feed reader; what is no feed for others is named beside it."""
    import asyncio
    import sys

    from aggregator.cli.shared import load
    from aggregator.model import FeedMeta, Origin
    from aggregator.publish import listed_as, write_opml

    application = load(config, quiet=True)

    async def origins() -> list[Origin]:
        async with application.store() as store:
            states = await store.states()
        return [
            Origin(source=source, meta=states[source.id].meta if source.id in states else FeedMeta())
            for source in application.catalogue().sources
        ]

    found = asyncio.run(origins())
    sys.stdout.buffer.write(write_opml(application.catalogue().site, found))
    for kind, told in ((None, "left out, for nobody else can read files"), ("link", "no feed, listed as a link")):
        ids = [one.source.id for one in found if listed_as(one) == kind]
        if ids:
            typer.echo(f"{', '.join(ids)}: {told}.", err=True)


def apply(config: Config = DEFAULT_CONFIG) -> None:
    """Put feeds.yaml in force on all machines that share a PostgreSQL database, and say what changes by that.

    Each machine has a copy of the file, and they may differ while a new one is rolled out. In force is what the
    database holds: an edit of it that a running process sees, or what this command is given. A source that the new
    one lacks is not polled any more; nothing of it is deleted. With an SQLite database there is nothing to do.
    """
    import asyncio

    from aggregator import upkeep
    from aggregator.cli.shared import load

    say(asyncio.run(upkeep.apply(load(config, quiet=True))))


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where to; made if it does not exist.")
    ] = Path(),
) -> None:
    """Write a starter feeds.yaml, settings and an example feed; never overwrites a file."""
    from aggregator.catalogue.starter import init as write_starter

    for path in write_starter(folder):
        say(f"wrote {path}")
    say("Next: `aggregator run`, then open http://127.0.0.1:8000/")
