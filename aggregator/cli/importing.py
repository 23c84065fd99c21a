"""import: lists of other readers and planets join feeds.yaml, and what their subscribers would notice is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, interrupted, say
from aggregator.model import Source, SourceKind
from aggregator.text.urls import is_web

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aggregator.app import Application
    from aggregator.catalogue.importing import ImportOutcome
    from aggregator.catalogue.subscriptions import SubscriptionList
    from aggregator.preview.seen_again import SeenAgain

_MOST: Final = 5
"""Of what was left out, so much is told line by line."""

_UNCOUNTED: Final = (
    "What was added is in feeds.yaml; how many entries subscribers would see again was not counted: the same "
    "command again counts it, and adds nothing twice."
)


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("import")(import_)


def import_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE-or-URL",
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

    An address is asked once; a list that is to be followed stands under `lists:` in feeds.yaml.
    OPML brings addresses, titles, and folders and categories as tags. A planet's configuration brings names, faces
    and filters as well, and its own title, address and owner where feeds.yaml has none. How many entries the
    planet's subscribers would see again is reckoned from one of its feeds, and from those that it reads.
    """
    from aggregator.catalogue.importing import import_list, read_list
    from aggregator.cli.edit import find_difference

    place = _place(file)
    with interrupted("Nothing was added."):
        found = read_list(_read(place, config), place)
        difference = find_difference(config)
    outcome = import_list(config, found)
    say(f"{config}: {_sum_up(outcome)}")
    told = [f"  left out: {line}" for line in outcome.skipped[:_MOST]]
    if len(outcome.skipped) > _MOST:
        told.append(f"  and {len(outcome.skipped) - _MOST} more")
    told += [f"note: {one}" for one in (*outcome.notes, *_offer_to_follow(place, found))]
    for line in (*told, *filter(None, [difference])):
        say(line)
    if found.is_planet or published:
        feeds = [_source(published, Path())] if published else _published(found, place)
        with interrupted(_UNCOUNTED):
            say(_tell_again(config, found, feeds))


def _place(file: str) -> Path | str:
    """The file, or the address where it is one."""
    from aggregator.catalogue.typed_urls import complete, is_url, without_reader

    address = without_reader(complete(file))
    return address if is_url(address) and not Path(file).exists() else Path(file)


def _read(place: Path | str, config: Path) -> bytes:
    """What stands there. Raises EditError where it cannot be read."""
    from aggregator.catalogue.naming import show
    from aggregator.catalogue.typed_urls import complaint
    from aggregator.cli.shared import load, run
    from aggregator.errors import EditError

    if isinstance(place, Path):
        try:
            return place.read_bytes()
        except OSError as error:
            raise EditError(f"{place}: cannot be read ({error.strerror}).") from error
    wrong = complaint(place)
    if wrong is not None:
        raise EditError(f"{show(place)}: this URL cannot be used: {wrong}.")
    return run(_fetch(load(config, quiet=True), place))


async def _fetch(application: Application, place: str) -> bytes:
    from aggregator.catalogue.naming import show
    from aggregator.errors import EditError
    from aggregator.model import Fetched, Unchanged, Validators

    async with application.fetcher() as fetcher:
        answer = await fetcher.fetch(_source(place, Path()), Validators())
    if isinstance(answer, Fetched):
        return answer.body
    why = "it says that it is unchanged" if isinstance(answer, Unchanged) else answer.message
    raise EditError(f"{show(place)}: cannot be read: {why}")


def _offer_to_follow(place: Path | str, found: SubscriptionList) -> Iterator[str]:
    """How OPML elsewhere is followed, which was read once now."""
    from aggregator.catalogue.naming import new_id, show

    if isinstance(place, str) and not found.is_planet:
        yield f"It was read once. To follow it, write `{new_id(place, None, ())}: {show(place)}` under `lists:`."


def _published(found: SubscriptionList, place: Path | str) -> list[Source]:
    """Where the planet's own feeds may be; of one elsewhere the files cannot be had."""
    if isinstance(place, Path):
        return [_source(one, place.parent) for one in found.published]
    return [_source(one, Path()) for one in found.published if is_web(one)]


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
