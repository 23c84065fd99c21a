"""remove, export, apply, init: feeds.yaml without an editor; its comments stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, complete_source, interrupted, say

if TYPE_CHECKING:
    from aggregator.model import ListMember, ListState


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("remove")(remove)
    app.command("export")(export)
    app.command("apply")(apply)
    app.command("init")(init)


def remove(
    source_id: Annotated[
        str, typer.Argument(metavar="ID", help="The id in feeds.yaml.", autocompletion=complete_source)
    ],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Remove a source from feeds.yaml; what it brought stays in the database, and leaves the feeds."""
    import asyncio

    from aggregator import edits
    from aggregator.catalogue.edit import remove_source
    from aggregator.errors import StoreError

    difference = find_difference(config)
    elsewhere = ""
    try:
        held = asyncio.run(edits.count_items(config, source_id))
        elsewhere = _tell_listing(asyncio.run(edits.find_listing(config, source_id)))
    except StoreError:  # it is told by whatever needs the database
        held = None
    remove_source(config, source_id, elsewhere)
    say(f"{config}: removed '{source_id}'. {_tell_rest(held)}")
    if difference:
        say(difference)


def _tell_listing(found: tuple[ListState, ListMember] | None) -> str:
    """Which list elsewhere names a source, and what leaves it out; "" where none does."""
    if found is None:
        return ""
    state, member = found
    return (
        f"is not in it: it comes from the list '{state.list_id}' ({state.url}). To leave it out, write "
        f"`without: ['{member.url}']` under `lists.{state.list_id}`, beside its `url:`; what it brought is kept."
    )


def _tell_rest(held: int | None) -> str:
    """What becomes of the items of a source that is removed."""
    if not held:
        return "Nothing of it was stored yet."
    items, they = ("1 item", "it leaves") if held == 1 else (f"{held} items", "they leave")
    return (
        f"{items} of it stay in the database, with ids and dates; {they} our feeds and pages. Put back, under "
        "whatever id, it goes on as before, and nothing is announced again."
    )


def find_difference(config: Path) -> str:
    """What who edits this copy of feeds.yaml must know: that another one is in force; "" where it is so itself."""
    import asyncio

    from aggregator import upkeep
    from aggregator.cli.shared import load
    from aggregator.errors import ConfigurationError

    try:
        return asyncio.run(upkeep.find_difference(load(config, quiet=True)))
    except ConfigurationError:  # the edit tells it, or mends it
        return ""


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


@interrupted("What is in force is this feeds.yaml as a whole, or what was before: `aggregator apply` again tells.")
def apply(config: Config = DEFAULT_CONFIG) -> None:
    """Put feeds.yaml in force on all machines that share a PostgreSQL database, and say what changes by that.

    Each machine has a copy of the file, and they may differ while a new one is rolled out. In force is what the
    database holds: an edit of it that a running process sees, or what this command is given. A source that the new
    one lacks is not polled any more; nothing of it is deleted. First the tables are made as this version needs
    them: so this is the step of a release. With an SQLite database there is nothing to do.
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
    there = "" if folder.resolve() == Path.cwd() else f"`cd {folder}`, "
    say(f"Next: {there}`aggregator run`, then open http://127.0.0.1:8000/")
