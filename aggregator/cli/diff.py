"""diff: what an edit of feeds.yaml would do, before it is in force."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, Json, interrupted, load, run, say

if TYPE_CHECKING:
    from aggregator.model import Difference, EntryChange, ListChange, PublicationChange, SourceChange

_MARKS = {"added": "+", "removed": "-", "edited": "~"}
_POLLING = {
    "ends": "its host asked not to be read: it is not polled, and {}",
    "resumes": "its host does not ask any more not to be read: it is polled again",
}
_MOST = 5
"""Entries that are named; machines get all of them."""
_UNKNOWN = (
    "what is there is read at the next poll: an entry that bears neither id nor address nor title and date of one "
    "that is known is announced as new; --fetch looks now"
)


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("diff")(diff)


@interrupted("Nothing was changed.")
def diff(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The edited text, as if it stood in the place of feeds.yaml; - for standard input.",
            show_default=False,
            allow_dash=True,
        ),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Ask the new address of each source that moves what it holds.")
    ] = False,
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Tell what feeds.yaml as it is now, or FILE in its place, changes in what is in force. Changes nothing.

    Names the lists and sources that are new, renamed, moved and removed, and the publications: who may read them
    from then on, which of their addresses end, and how many entries come, go, and would be announced again to
    subscribers who had them: 0 is expected. What is at an address to which a source moves is not known without
    asking it, as --fetch does, once.
    """
    from aggregator import edits
    from aggregator.catalogue.comparison import describe
    from aggregator.errors import AggregatorError
    from aggregator.yamlfile import load_content

    try:
        piped = file == Path("-")
        path = file or config
        content = sys.stdin.buffer.read() if piped else load_content(path)
        application = load(config, quiet=True, last_known=True) if fetch else None
        found = run(edits.foresee(config, content, "standard input" if piped else str(path), application))
    except AggregatorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if as_json:
        say(json.dumps(facts_of_difference(found), ensure_ascii=False, indent=2))
    else:
        for line in (*_tell(found), f"{describe(found)}."):
            say(line)
    if not found.is_empty:
        raise typer.Exit(1)


def facts_of_difference(found: Difference) -> dict[str, Any]:
    """What `diff --json` prints; config/diff.schema.json describes it."""
    from aggregator.catalogue.comparison import describe

    return {
        "changes": not found.is_empty,
        "summary": describe(found),
        "announced_again": None if found.uncounted else found.again,
        "unseen": list(found.unseen),
        "uncounted": found.uncounted or None,
        "sections": list(found.sections),
        "notes": list(found.notes),
        "lists": [asdict(one) for one in found.lists],
        "sources": [asdict(one) for one in found.sources],
        "publications": [asdict(one) for one in found.publications],
    }


def _tell(found: Difference) -> Iterator[str]:
    """What differs, a line each."""
    told = [_tell_list(one) for one in found.lists]
    told += [line for one in found.sources for line in _tell_source(one)]
    told += [line for one in found.publications for line in _tell_publication(one)]
    told += [f"~ {name}" for name in found.sections]
    yield from told
    yield from _doubt_removals(found)
    for one in found.publications:
        if one.resembles:
            yield (
                f"note: publication {one.id} chooses what {one.resembles} did: if it is the same under another "
                f"id, was: [{one.resembles}] keeps its addresses."
            )
    yield from (f"note: {one}" for one in found.notes)
    if "stories" in found.sections:
        yield "note: what `stories` brings together or apart is compared anew by the worker, and not counted."
    for name in (one for one in ("withdraw", "opt_out") if one in found.sections):
        yield f"note: what is taken out of `{name}` again comes back under its id, and is not counted."
    if found.uncounted and not found.is_empty:
        yield f"note: no entries are counted: {found.uncounted}."
    if told:
        yield ""


def _doubt_removals(found: Difference) -> Iterator[str]:
    """Of a source that goes while one of the same site comes, that it may be the same under another address."""
    from aggregator.text.sites import host_of

    come = {host_of(one.address): one.id for one in found.sources if one.fate == "added" and not one.items}
    for one in found.sources:
        other = come.get(host_of(one.address)) if "://" in one.address else None
        if one.fate == "removed" and one.items and other:
            yield (
                f"note: if {other} is {one.id} at another address, call it {one.id} still: then its entries that "
                "are known there by id, address or title and date keep their ids, and are not announced again."
            )


def _tell_source(one: SourceChange) -> Iterator[str]:
    notes = []
    if one.fate == "added":
        here = f"{_count(one.items, 'item is', 'items are')} here already" if one.items else ""
        notes = [one.address, here or "what it brings is not known"]
    elif one.fate == "removed":
        kept = f"its {_count(one.items, 'item is', 'items are')} kept, and not shown" if one.items else ""
        notes = [one.address, *([kept] if kept else [])]
    notes += [f"was {one.was}"] if one.was else []
    if one.moved_from not in {None, one.address}:  # else it is read as something else, which `keys` says
        notes.append(f"from {one.moved_from} to {one.address}")
    notes += [", ".join(one.keys)] if one.keys else []
    notes += [_POLLING[one.polling].format("nothing of it is shown")] if one.polling else []
    notes += _tell_there(one) if one.moved_from and one.polling != "ends" else []
    yield f"{_MARKS[one.fate]} source {one.id}: {'; '.join(notes)}"
    for title in one.there.again[:_MOST] if one.there else ():
        yield f"    announced again: {title}"
    if one.there and len(one.there.again) > _MOST:
        yield f"    and {len(one.there.again) - _MOST} more announced again: --json has all of them"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _tell_there(one: SourceChange) -> list[str]:
    """What is known of the address to which a source moves."""
    found = one.there
    if found is None:
        return [_UNKNOWN] if one.items else []
    if found.failure:
        return [f"it could not be read there: {found.failure.removesuffix('.')}"]
    new = found.entries - found.known - len(found.again)
    told = f"of {found.entries} entries there {found.known} are known here, {new} new"
    return [f"{told}, {len(found.again)} announced again"]


def _tell_list(one: ListChange) -> str:
    notes = [f"was {one.was}"] if one.was else []
    notes += [f"from {one.moved_from} to {one.address}"] if one.moved_from else []
    notes += [", ".join(one.keys)] if one.keys else []
    if one.fate == "added":
        notes = ["what it brings is not known", one.address]
    elif one.fate == "removed":
        notes = ["what no other list names is kept, and not shown", one.address]
    elif one.was:
        notes.append(
            f"its sources leave until it is read as {one.id}, then come back under new labels, with the entries "
            f"and ids that they had; if it is called {one.was} still, nothing leaves"
        )
    elif one.moved_from:
        notes.append("what it names there is not known")
    notes += [_POLLING[one.polling].format("what it named stays known")] if one.polling else []
    return f"{_MARKS[one.fate]} list {one.id}: {'; '.join(notes)}"


def _tell_publication(one: PublicationChange) -> Iterator[str]:
    from aggregator.catalogue.comparison import describe_access

    notes = [f"was {one.was}"] if one.was else []
    notes += [", ".join(one.keys)] if one.keys else []
    if one.fate == "removed":
        notes = ["its addresses answer 404; all of it is kept for when it comes back"]
    elif one.entries is not None:
        notes.append(
            f"{_count(len(one.entries.added), 'entry', 'entries')} added, {len(one.entries.dropped)} dropped"
        )
        notes.append(f"{len(one.entries.again)} announced again")
    yield f"{_MARKS[one.fate]} publication {one.id}{': ' if notes else ''}{'; '.join(notes)}"
    yield from (f"    warning: {line}" for line in describe_access(one))
    if one.ends:
        ending = "this address ends" if len(one.ends) == 1 else "these addresses end"
        yield f"    warning: {ending}: {', '.join(one.ends)}"
    if one.entries is not None:
        yield from _tell_entries(one.entries)


def _tell_entries(one: EntryChange) -> Iterator[str]:
    for what, names in (("added", one.added), ("dropped", one.dropped), ("announced again", one.again)):
        for name in names[:_MOST]:
            yield f"    {what}: {one.titles.get(name) or name}"
        if len(names) > _MOST:
            yield f"    and {len(names) - _MOST} more {what}: --json has all of them"
