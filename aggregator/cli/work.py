"""poll, publish: one piece of work, then the end."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from aggregator.cli import shared
from aggregator.cli.progress import progress
from aggregator.cli.shared import DEFAULT_CONFIG, Config, complete_source, load, say

if TYPE_CHECKING:
    from aggregator.app import Application
    from aggregator.engine.poller import PollOutcome
    from aggregator.model import ListState

_WORDS: Final = {
    "new": "new",
    "revised": "updated",
    "renamed": "known again under another id or address",
    "deleted": "deleted by the publisher",
    "bumped": "changed silently",
}
"""What became of entries, in the words of those who read; see `PollOutcome.kinds`."""


@dataclass(frozen=True, slots=True)
class _Lists:
    """What came of lists elsewhere.

    Attributes:
        unread: How many could not be read when they were asked last, in words; "" for none.
        all_failed: Whether some were asked now, and none of them could be read.
    """

    unread: str
    all_failed: bool


SourceIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Sources to poll, due or not.", autocompletion=complete_source),
]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("poll")(poll)
    app.command("publish")(publish)


def poll(
    source_ids: SourceIds = None,
    every_source: Annotated[bool, typer.Option("--all", help="Poll every enabled source, due or not.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Poll what is due now (or the given sources, or --all), publish what changed, and exit.

    Lets go of what has been absent from its feed for `store.retain`. Prints a line per source, as they come, and a
    summary; what was polled when it is interrupted (Ctrl-C) is stored.

    Of entries: new; updated, when their text really changed; changed silently, when only dates, links or tags did,
    of which no reader is told; known again under another id or address; deleted by the publisher.
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
    polled, began = cast("list[PollOutcome]", []), time.monotonic()
    try:
        lists = shared.run(_poll(application, source_ids or [], polled, every_source=every_source))
    except KeyboardInterrupt:
        say(f"Interrupted. {_sum_up(polled, time.monotonic() - began)} What was polled is stored.")
        raise
    if polled:
        say(_sum_up(polled, time.monotonic() - began, lists.unread))
    else:
        if lists.unread:
            say(f"{lists.unread}: `aggregator status` says why.")
        say("Nothing is due. `aggregator status` says when; `aggregator poll --all` does not wait.")
    if all(map(_has_failed, polled)) if polled else lists.all_failed:
        raise typer.Exit(1)


async def _poll(
    application: Application, source_ids: list[str], polled: list[PollOutcome], *, every_source: bool
) -> _Lists:
    """Poll them, and tell of each as it comes; what was polled goes into `polled`, also if that is interrupted."""
    from aggregator.cli.list_status import tell_lists

    async with (
        application.store() as store,
        application.reader() as reader,
        application.poller(store, reader) as poller,
    ):
        chores = application.chores(store, poller)
        before = (await store.followed_lists()).states
        await chores.follow_lists()
        await application.catalogue.look_at_lists()
        states = (await store.followed_lists()).states
        for line in tell_lists(application.catalogue(), states, None):
            say(line)
        if every_source:
            source_ids = [source.id for source in application.catalogue().sources if source.enabled]
        with progress("Polling", len(source_ids) or None) as shown:

            def tell(one: PollOutcome) -> None:
                polled.append(one)
                shown.say(_tell_outcome(one))
                shown.advance()

            poller.tell = tell
            await (poller.poll(source_ids) if source_ids else poller.poll_due())
        await application.publisher(store, reader).publish_all()
        await chores.keep_house()
        await chores.look()
        await chores.indexing.index_all()
    names = [one.id for one in application.catalogue().lists if one.id in states]
    return _judge_lists(before, {name: states[name] for name in names})


def _judge_lists(before: Mapping[str, ListState], after: Mapping[str, ListState]) -> _Lists:
    """What came of the lists that are followed; those were asked that were not known so before."""
    unread = sum(bool(one.error) for one in after.values())
    asked = [one for name, one in after.items() if name not in before or before[name] != one]
    return _Lists(
        unread=f"{unread} list{'' if unread == 1 else 's'} could not be read" if unread else "",
        all_failed=bool(asked) and all(one.error for one in asked),
    )


def _sum_up(polled: Sequence[PollOutcome], seconds: float, lists: str = "") -> str:
    """How many sources were polled, how fast, and what they brought; and what is the matter with lists."""
    kinds = sum((one.kinds for one in polled), Counter[str]())
    failed = sum(map(_has_failed, polled))
    brought = _tell_kinds(kinds)
    count = f"{len(polled)} source{'' if len(polled) == 1 else 's'} polled"
    pace = f"{seconds:.1f} s, {len(polled) / max(seconds, 0.001):.1f}/s"
    return f"{count} in {pace}: {brought}; {failed} failed{lists and f'; {lists}'}."


def _has_failed(one: PollOutcome) -> bool:
    """Whether a source could not be read; that its host asked not to be is no failure."""
    return one.state.error is not None and one.state.trouble != "opted_out"


def _tell_outcome(one: PollOutcome) -> str:
    from aggregator.schedule import moving_notice, source_notice

    state = one.state
    if state.error:
        remedy = source_notice(state) if state.trouble == "gone" else None
        what = "failed" if _has_failed(one) else "not read"
        return f"{one.source.id}: {what}: {remedy or state.error}"
    told = f"{one.source.id}: {_tell_kinds(one.kinds)}; next poll {state.next_poll_at:%Y-%m-%d %H:%M:%S}Z"
    return "; ".join(note for note in (told, moving_notice(state)) if note)


def _tell_kinds(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{kinds[kind]} {words}" for kind, words in _WORDS.items() if kinds[kind]) or "nothing new"


@shared.interrupted(
    "Each file in the folder is whole, as it was or as it is to be; `aggregator publish` again writes the rest."
)
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
