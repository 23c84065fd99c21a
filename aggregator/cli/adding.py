"""add: a source joins feeds.yaml after it was looked at, and after a question where only its editor knows."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, ask, interrupted, say

if TYPE_CHECKING:
    from aggregator.preview.previewed import Preview

_NEWEST: Final = 3
"""Entries that are shown of what is added; with --verbose, as `preview` shows them, two more."""

_MOST_NOTES: Final = 5

_TEXTS: Final = {"full": "full texts", "teaser": "teasers", "none": "titles alone"}

_SECONDS: Final = 90.0
"""For all that is asked of a site while its address is looked at; each request has the bounds of the settings."""

_Key = Literal["url", "page"]


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("add")(add)


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
    page: Annotated[
        bool, typer.Option("--page", help="Read the address as a page that lists articles, not as a feed.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Add it also where it brings nothing, cannot be read or is read already."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show of what is added as much as `preview` does.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Add a feed to feeds.yaml; given a site's page, find the feed that it names.

    Says how often it posts, whether it gives its texts, and its newest entries; `preview` tells much more. What
    brings nothing, is gone, cannot be read or is read by a source already is added with --force only. Where a page
    names several feeds, a terminal asks which of them; elsewhere the likeliest is taken, which is the first unless
    that is one of comments or of a category, and the others are named. Where there is no feed and a list of
    articles, a terminal asks whether to read that, and --page does so.
    """
    from aggregator.catalogue.edit import add_source, require_addable
    from aggregator.catalogue.typed_urls import mask_password
    from aggregator.cli.edit import find_difference
    from aggregator.errors import EditError

    if not config.exists():
        raise EditError(f"{config}: there is no such file; `aggregator init` writes one to start from")
    place = require_addable(config, url, source_id)
    difference = find_difference(config)
    looking = _Looking(config=config, force=force, verbose=verbose)
    with interrupted("Nothing was added."):
        place, key = _try(place, "page" if page else "url", looking)
    added = add_source(config, place, source_id=source_id, key=key)
    next_step = difference or "A running worker polls it within seconds; without one, `aggregator poll` does."
    say(f"{config}: added '{added}': {mask_password(place)}. {next_step}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looking:
    """How what is to be added is looked at.

    Attributes:
        config: The feeds.yaml that it is to join.
        force: Whether it is added whatever is found.
        verbose: Whether all that is found is shown.
    """

    config: Path
    force: bool
    verbose: bool


def _try(url: str, key: _Key, looking: _Looking) -> tuple[str, _Key]:
    """Look at what is to be added, and show it: the address to write, and under which key.

    Exits where it brings nothing.
    """
    from aggregator.pipeline.request import is_secret

    found = _look(url, key, looking)
    if _is_asking() and found.sight.others and key == "url":
        chosen = _choose(found)
        if chosen != found.sight.address:
            url, found = chosen, _look(chosen, key, looking)
    elif _is_asking() and found.sight.offer is not None:
        say(found.sight.offer)
        if _wants_page():
            key, found = "page", _look(url, "page", looking)
    _show(found, looking)
    sight = found.sight
    if found.result != "ok" and (sight.opted_out or not looking.force):
        typer.echo(f"Not added.{'' if sight.opted_out else ' --force adds it all the same.'}", err=True)
        raise typer.Exit(1)
    if is_secret(sight.source):  # it is written as it was typed, with its variables
        return url, key
    place = sight.moved_to or (sight.address if sight.named_by_page else None) or url
    return (place if _is_free(place, looking.config, force=looking.force) else url), key


def _is_free(place: str, config: Path, *, force: bool) -> bool:
    """Whether no source reads what is there. Raises EditError where one does, and nobody insists."""
    from aggregator import upkeep
    from aggregator.catalogue.typed_urls import mask_password
    from aggregator.cli.shared import load, run
    from aggregator.errors import EditError

    reader = run(upkeep.find_reader(load(config, quiet=True), place))
    if reader is not None and not force:
        raise EditError(
            f"{mask_password(place)}: source '{reader}' reads this already: not added. "
            "--force adds it all the same."
        )
    return reader is None


def _look(url: str, key: _Key, looking: _Looking) -> Preview:
    """What it would bring. Raises EditError where that takes too long."""
    from aggregator import upkeep
    from aggregator.catalogue.typed_urls import mask_password
    from aggregator.cli.shared import load, run
    from aggregator.errors import EditError

    application = load(looking.config, quiet=True)

    async def look() -> Preview:
        async with asyncio.timeout(_SECONDS):
            return await upkeep.preview(
                application, url, again_after=None, force=looking.force, as_page=key == "page"
            )

    try:
        return run(look())
    except TimeoutError:
        shown = mask_password(url)
        raise EditError(
            f"{shown} kept us waiting for {_SECONDS:g} seconds: not added, nothing was changed"
        ) from None


def _show(found: Preview, looking: _Looking) -> None:
    from aggregator.cli.preview import tell

    for line in tell(found, most=_NEWEST + 2) if looking.verbose else _tell(found):
        say(line)


def _tell(found: Preview) -> Iterator[str]:
    """What it would bring, on as few lines as it takes."""
    from aggregator.cli.preview import count_entries, tell_rhythm

    sight = found.sight
    if sight.entries:
        title = sight.meta.title or sight.source.title or sight.source.url
        count = count_entries(sight, " would join" if sight.unread else " entries would join")
        yield f"{title}: {count}; {tell_rhythm(found)}; {_TEXTS[found.text]}"
        for one in sight.entries[:_NEWEST]:
            yield f"  {one.item.published:%Y-%m-%d}  {one.item.entry.title or 'an entry without a title'}"
    yield from (f"note: {one}" for one in found.notes[:_MOST_NOTES])
    if len(found.notes) > _MOST_NOTES:
        yield f"and {len(found.notes) - _MOST_NOTES} more notes: --verbose has them"
    yield from found.reasons


def _choose(found: Preview) -> str:
    """Which of the feeds that a page names is meant."""
    sight = found.sight
    taken = sight.address or sight.source.url
    choices = [taken, *(one.url for one in sight.others)]
    titles = [sight.meta.title or "", *(one.title for one in sight.others)]
    say("The page names several feeds:")
    for place, (address, title) in enumerate(zip(choices, titles, strict=True), 1):
        say(f"  {place}  {address}{f' ({title})' if title else ''}")
    while True:
        number: int = ask(lambda: typer.prompt("Which one", default=1, type=int))
        if 1 <= number <= len(choices):
            return choices[number - 1]


def _wants_page() -> bool:
    return ask(lambda: typer.confirm("Read it as a page?", default=True))


def _is_asking() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()
