"""preview: what a source would bring, before it joins; for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aggregator.cli.shared import (
    DEFAULT_CONFIG,
    Config,
    complete_source,
    instant,
    interrupted,
    load,
    run,
    say,
    tell_rewritten,
)

if TYPE_CHECKING:
    from aggregator.model import Stamp
    from aggregator.preview.previewed import Preview, PreviewedEntry, SeenSource, StoredMatch

_WAIT: Final = 3.0
_MOST: Final = 20
"""Entries that people are shown; machines get all of them."""


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("preview")(preview)


@interrupted("Nothing was stored.")
def preview(
    name: Annotated[
        str,
        typer.Argument(
            metavar="URL-or-ID",
            help="A feed's address or file, a site's page, or an id in feeds.yaml.",
            autocompletion=complete_source,
        ),
    ],
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    wait: Annotated[
        float, typer.Option("--wait", min=0, max=600, help="Seconds until the second look.", show_default=True)
    ] = _WAIT,
    force: Annotated[bool, typer.Option("--force", help="Ask also where robots.txt does not want it.")] = False,
) -> None:
    """What a source would bring: its entries with ids and dates, and what is the matter. Nothing is stored.

    It is asked twice, to see whether its entries keep their names, and its site once for robots.txt. Entries that
    are here already are named with what joins them. The exit status is 0 if it may join; 1 if it cannot be read,
    brings nothing, would announce its entries again and again, or does not want to be asked.
    """
    from aggregator import upkeep

    application = load(config, quiet=True)
    found = run(upkeep.preview(application, name, again_after=timedelta(seconds=wait), force=force))
    if as_json:
        say(json.dumps(facts_of_preview(found), ensure_ascii=False, indent=2))
    else:
        for line in tell(found):
            say(line)
    if found.result != "ok":
        raise typer.Exit(1)


def tell(found: Preview, *, most: int = _MOST) -> Iterator[str]:
    """A preview as lines for people."""
    sight = found.sight
    yield from _tell_source(found)
    shown = sight.entries[:most]
    for one in shown:
        yield from _tell_entry(one)
    if len(shown) < len(sight.entries):
        yield f"and {len(sight.entries) - len(shown)} more: `aggregator preview --json` has all of them"
    yield from (f"note: {one}" for one in found.notes)
    yield from (f"{found.result}: {one}" for one in found.reasons)
    if found.result == "ok":
        yield f"ok: {count_entries(sight, ' would join')}."


def _tell_source(found: Preview) -> Iterator[str]:
    sight = found.sight
    title = sight.meta.title or sight.source.title or sight.source.url
    yield f"{title} ({sight.meta.version or sight.source.kind})"
    if sight.meta.link:
        yield f"site: {sight.meta.link}"
    if sight.entries:
        yield f"entries: {count_entries(sight)}; {tell_rhythm(found)}; texts: {found.text}"
        yield f"licence: {sight.licence or 'the feed says nothing of it'}"
    if sight.ids.how not in {"not_asked", "failed"}:
        yield f"ids: {_tell_ids(sight)}"
    if sight.robots is not None:
        verb = {True: "allows it", False: "does not want it", None: "unknown"}[sight.robots.allowed]
        yield f"robots.txt: {verb} ({sight.robots.rule})"


def count_entries(sight: SeenSource, verb: str = "") -> str:
    """How many entries come of how many, and what becomes of the others."""
    passing = sum(one.filtered is None for one in sight.entries)
    here = sum(bool(one.stored) for one in sight.entries)
    if sight.unread and sight.source.kind == "page":
        said = [
            f"{passing} of {sight.listed - sight.unread} looked at{verb}",
            f"{sight.unread} more not asked for",
        ]
    else:
        said = [f"{passing} of {sight.listed}{verb}"]
        said += [f"the articles of {sight.unread} not asked for"] if sight.unread else []
    said += [f"{len(sight.entries) - passing} filtered"] if passing < len(sight.entries) else []
    said += [f"{here} here already"] if here else []
    said += [f"{sight.waiting} wait for the next poll"] if sight.waiting else []
    return ", ".join(said)


def tell_rhythm(found: Preview) -> str:
    """How often it posts."""
    from aggregator.schedule import format_span

    return f"one every {format_span(found.rhythm)}" if found.rhythm else "how often cannot be told"


def _tell_ids(sight: SeenSource) -> str:
    ids = sight.ids
    if ids.how == "unchanged":
        return f"the second look brought the same document, {ids.kept} entries"
    return f"{ids.kept} kept, {len(ids.renamed)} given another name, {len(ids.again)} taken for new"


def _tell_entry(one: PreviewedEntry) -> Iterator[str]:
    item = one.item
    yield f"- {item.entry.title or 'an entry without a title'}"
    yield f"  published {instant(item.published)} ({item.published_reason}{_tell_stamp(item.entry.published)})"
    if item.updated != item.published:
        yield f"  updated {instant(item.updated)} ({item.updated_reason}{_tell_stamp(item.entry.updated)})"
    if item.entry.url:
        yield f"  {item.entry.url}"
    carries = "no text" if one.text == "none" else f"{one.text}, {len(item.entry.text)} characters"
    yield f"  id {item.entry.id or str(item.key)}; {carries}"
    if one.rewritten is not None:
        yield "  what readers get instead:"
        yield from (f"    {told}" for told in tell_rewritten(asdict(one.rewritten)))
    if one.filtered:
        yield f"  kept out by the filter: {one.filtered}"
    for match in one.stored:
        yield f"  {'here already' if match.same else f'here from {match.item.source_id}'}: {match.reason}"


def _tell_stamp(stamp: Stamp | None) -> str:
    return f"; written {stamp.raw!r}, zone {stamp.zone}, to the {stamp.precision}" if stamp is not None else ""


def facts_of_preview(found: Preview) -> dict[str, Any]:
    """What `preview --json` prints; config/preview.schema.json describes it. What is unknown is null."""
    sight = found.sight
    robots = sight.robots
    return {
        "result": found.result,
        "reasons": list(found.reasons),
        "notes": list(found.notes),
        "source": {
            "id": sight.source.id,
            "kind": sight.source.kind,
            "url": sight.source.url,
            "address": sight.address,
            "moved_to": sight.moved_to,
            "named_by_page": sight.named_by_page,
            "others": [{"url": one.url, "title": one.title or None} for one in sight.others],
        },
        "feed": {
            "title": sight.meta.title,
            "link": sight.meta.link,
            "language": sight.meta.language,
            "format": sight.meta.version or None,
            "rights": sight.licence,
            "warnings": list(sight.warnings),
        },
        "robots": robots and {"allowed": robots.allowed, "rule": robots.rule, "by_name": robots.ours},
        "ids": {
            "second_look": sight.ids.how,
            "kept": sight.ids.kept,
            "renamed": list(sight.ids.renamed),
            "announced_again": list(sight.ids.again),
            "reason": sight.ids.reason or None,
        },
        "text": found.text,
        "seconds_between_entries": found.rhythm and int(found.rhythm.total_seconds()),
        "listed": sight.listed,
        "unread": sight.unread,
        "waiting": sight.waiting,
        "entries": [_facts_of_entry(one) for one in sight.entries],
    }


def _facts_of_entry(one: PreviewedEntry) -> dict[str, Any]:
    item = one.item
    return {
        "title": item.entry.title,
        "url": item.entry.url,
        "id": item.entry.id,
        "key": str(item.key),
        "published": _facts_of_date(instant(item.published), item.published_reason, item.entry.published),
        "updated": _facts_of_date(instant(item.updated), item.updated_reason, item.entry.updated),
        "text": one.text,
        "characters": len(item.entry.text),
        "filtered": one.filtered,
        "rewritten": one.rewritten and asdict(one.rewritten),
        "stored": [_facts_of_match(match) for match in one.stored],
    }


def _facts_of_date(at: str | None, reason: str, stamp: Stamp | None) -> dict[str, Any]:
    claim = stamp and {
        "written": stamp.raw,
        "read_as": instant(stamp.utc),
        "zone": stamp.zone,
        "precision": stamp.precision,
    }
    return {"at": at, "reason": reason, "claim": claim}


def _facts_of_match(match: StoredMatch) -> dict[str, Any]:
    return {
        "source": match.item.source_id,
        "published_id": match.item.public_id,
        "title": match.item.entry.title,
        "same": match.same,
        "reason": match.reason,
    }
