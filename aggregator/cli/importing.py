"""import: lists of other readers and planets join feeds.yaml, and what their subscribers would notice is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, say
from aggregator.model import Source, SourceKind
from aggregator.text.urls import is_web

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregator.catalogue.importing import ImportOutcome
    from aggregator.catalogue.subscriptions import SubscriptionList
    from aggregator.preview.seen_again import SeenAgain

_MOST: Final = 5
"""Of what was left out, so much is told line by line."""


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("import")(import_)


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="OPML from any reader, or the configuration of Planet 2, Planet Venus (config.ini) or pluto.",
        ),
    ],
    published: Annotated[
        str | None,
        typer.Option("--published", help="A feed of the planet, as a file or an address; else looked for."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Add the feeds of a list to feeds.yaml; those that are there already are left alone.

    OPML brings addresses, titles, and folders and categories as tags. A planet's configuration brings names, faces
    and filters as well, and its own title, address and owner where feeds.yaml has none. How many entries the
    planet's subscribers would see again is reckoned from one of its feeds, and from those that it reads.
    """
    from aggregator.catalogue.importing import import_list, read_list
    from aggregator.cli.edit import find_difference

    try:
        content = file.read_bytes()
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror}).", err=True)
        raise typer.Exit(1) from error
    found = read_list(content, file)
    difference = find_difference(config)
    outcome = import_list(config, found)
    say(f"{config}: {_sum_up(outcome)}")
    told = [f"  left out: {line}" for line in outcome.skipped[:_MOST]]
    if len(outcome.skipped) > _MOST:
        told.append(f"  and {len(outcome.skipped) - _MOST} more")
    told += [f"note: {one}" for one in outcome.notes]
    if found.is_planet or published:
        told.append(
            _tell_again(
                config,
                found,
                [_source(published, Path())]
                if published
                else [_source(one, file.parent) for one in found.published],
            )
        )
    for line in (*told, *filter(None, [difference])):
        say(line)


def _sum_up(outcome: ImportOutcome) -> str:
    """All of it on one line."""
    counts = {"there already": outcome.present, "left out": len(outcome.skipped)}
    said = [f"{len(outcome.added)} added", *(f"{count} {what}" for what, count in counts.items() if count)]
    written = f"; written: {', '.join(outcome.written)}" if outcome.written else ""
    return f"{', '.join(said)}{written}."


def _source(place: str, folder: Path) -> Source:
    """What is to be read at an address, or in a file of the folder."""
    from aggregator.catalogue.typed_urls import is_url, mask_password
    from aggregator.catalogue.typing_in import STRANGER

    location = place if is_url(place) else str((folder / place).resolve())
    kind: SourceKind = "feed" if is_url(place) else "file"
    return Source(id=STRANGER, kind=kind, location=location, url=mask_password(place))


def _tell_again(config: Path, found: SubscriptionList, published: Sequence[Source]) -> str:
    """What the subscribers of the planet would see again."""
    from aggregator import upkeep
    from aggregator.cli.shared import load, run

    feeds = [_source(one, Path()) for one in dict.fromkeys(feed.url for feed in found.feeds) if is_web(one)]
    told = run(upkeep.count_seen_again(load(config, quiet=True), published, feeds))
    if told is None:
        return "How many entries subscribers would see again cannot be told: no feed of the planet could be read."
    return _tell(told)


def _tell(found: SeenAgain) -> str:
    said = f"Subscribers would see {found.again} of {found.entries} entries again, by {found.place}"
    if not found.unsure:
        return f"{said}; the others keep their ids."
    return (
        f"{said}. Of {found.unsure} more the id is the address: they keep it if it is their feed's own, as this "
        "command tells after `aggregator poll`."
    )
