"""poll, publish: one piece of work, then the end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli import shared
from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say

if TYPE_CHECKING:
    from aggregator.app import Application
    from aggregator.engine.poller import PollOutcome


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("poll")(poll)
    app.command("publish")(publish)


def poll(
    source_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Sources to poll, due or not.")
    ] = None,
    every_source: Annotated[bool, typer.Option("--all", help="Poll every enabled source, due or not.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Poll what is due now (or the given sources, or --all), publish what changed, and exit.

    Lets go of what has been absent from its feed for `store.retain`. Prints a line per source. The exit status is
    0 unless nothing at all could be polled.
    """
    from aggregator.app import RELEASED

    application = load(config, quiet=True, last_known=True)
    if application.clock.now() < RELEASED:
        typer.echo(
            f"This machine's clock shows {application.clock.now():%Y-%m-%d %H:%M}Z. Set it before polling: all "
            "that is met would be dated by it.",
            err=True,
        )
        raise typer.Exit(1)
    polled = shared.run(_poll(application, source_ids or [], every_source=every_source))
    for one in polled:
        say(_tell_outcome(one))
    if not polled:
        say("Nothing is due. `aggregator status` says when; `aggregator poll --all` does not wait.")
    elif all(one.state.error for one in polled):
        raise typer.Exit(1)


async def _poll(application: Application, source_ids: list[str], *, every_source: bool) -> tuple[PollOutcome, ...]:
    from aggregator.cli.list_status import tell_lists

    async with (
        application.store() as store,
        application.reader() as reader,
        application.poller(store, reader) as poller,
    ):
        chores = application.chores(store, poller)
        await chores.follow_lists()
        await application.catalogue.look_at_lists()
        for line in tell_lists(application.catalogue(), (await store.followed_lists()).states, None):
            say(line)
        if every_source:
            source_ids = [source.id for source in application.catalogue().sources if source.enabled]
        polled = await (poller.poll(source_ids) if source_ids else poller.poll_due())
        await application.publisher(store, reader).publish_all()
        await chores.keep_house()
        await chores.look()
        await chores.indexing.index_all()
        return polled


def _tell_outcome(one: PollOutcome) -> str:
    state = one.state
    if state.error:
        return f"{one.source.id}: {state.trouble}: {state.error}"
    counts = [f"{one.kinds[kind]} {kind}" for kind in ("new", "revised", "bumped") if one.kinds[kind]]
    return f"{one.source.id}: {', '.join(counts) or 'nothing new'}; next {state.next_poll_at:%Y-%m-%d %H:%M:%S}Z"


def publish(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the files go.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write every public publication as DIR/<publication>.atom, .rss and .json, from the store alone."""
    names = asyncio.run(_publish(load(config, quiet=True, last_known=True), to))
    say(f"{len(names)} file{'s' if len(names) != 1 else ''} written to {to}" if names else f"{to} is up to date")


async def _publish(application: Application, to: Path) -> list[str]:
    async with application.store() as store, application.reader() as reader:
        await application.publisher(store, reader, every=True).publish_all()
        try:
            return await application.write_files(store, to)
        except OSError as error:
            typer.echo(f"{to}: cannot be written ({error.strerror}). Choose another folder with --to.", err=True)
            raise typer.Exit(1) from error
