"""check, status: what is understood, and what happened."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, instant, load, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aggregator.app import Application
    from aggregator.model import Catalogue, SourceState

Json = Annotated[bool, typer.Option("--json", help="For machines.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("check")(check)
    app.command("status")(status)


Outputs = Annotated[bool, typer.Option("--outputs", help="Check the published documents too.")]


def check(config: Config = DEFAULT_CONFIG, outputs: Outputs = False) -> None:
    """Read feeds.yaml and the settings; print what was understood, or every mistake with its line.

    With --outputs every stored feed and archive page is held against the rules of its format as well (RFC 4287,
    RFC 5005, RSS 2.0, JSON Feed 1.1): a fault is named with its document and its place.
    """
    from aggregator.cli.tables import print_catalogue

    application = load(config, quiet=True)
    application.choose_store()  # a database of a kind that there is not is a mistake too
    print_catalogue(application.catalogue(), config)
    if not outputs:
        return
    checked, faults = asyncio.run(_faults(application))
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        typer.echo(
            "`aggregator publish --to DIR` renders what is outdated; a fault that stays is ours: report it.",
            err=True,
        )
        raise typer.Exit(1)
    say(f"{checked} published documents: no fault." if checked else "Nothing is published yet: run the worker.")


async def _faults(application: Application) -> tuple[int, list[str]]:
    """How many documents are stored, and the faults of them all, each with the name of its document."""
    from aggregator import publish

    found: list[str] = []
    async with application.store() as store:
        names = sorted(await store.etags(), key=lambda name: name.path)
        for name in names:
            if name.page is None:
                document = await store.document(name.publication_id, name.format)
            else:
                document = await store.page(name.publication_id, name.page, name.format)
            faults = publish.faults(document) if document is not None else ()
            found += [f"{name.path}: {fault}" for fault in faults]
    return len(names), found


def status(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """Every source: its state, its last error, when it was polled, when it is due and why."""
    from aggregator.cli.tables import print_status

    application = load(config, quiet=True)
    states = asyncio.run(_states(application))
    rows = status_rows(application.catalogue(), states, application.clock.now())
    if as_json:
        say(json.dumps({"sources": rows}, ensure_ascii=False, indent=2))
    else:
        print_status(rows, application.clock.now())


async def _states(application: Application) -> Mapping[str, SourceState]:
    async with application.store() as store:
        return await store.states()


def status_rows(catalogue: Catalogue, states: Mapping[str, SourceState], now: datetime) -> list[dict[str, Any]]:
    """What `status --json` prints under "sources": one object per source, in the editor's order."""
    from aggregator import schedule
    from aggregator.explain.source_status import status_of, warnings_of

    rows = []
    for source in catalogue.sources:
        state = states.get(source.id)
        rows.append(
            {
                "id": source.id,
                "url": source.url,
                "title": source.title or (state.meta.title if state else None),
                "state": status_of(source, state),
                "trouble": state.trouble if state else None,
                "error": state.error if state else None,
                "failures": state.failures if state else 0,
                "last_poll": instant(state.last_poll_at) if state else None,
                "last_success": instant(state.last_success_at) if state else None,
                "next_poll": instant(state.next_poll_at) if state and source.enabled else None,
                "next_poll_reason": state.next_poll_reason if state and source.enabled else None,
                "items": state.items if state else 0,
                "polls": state.polls if state else 0,
                "notice": schedule.all_notices(state, now) if state else None,
                "warnings": list(warnings_of(state)) if state else [],
                "articles": _articles(state) if state else None,
            }
        )
    return rows


def _articles(state: SourceState) -> dict[str, Any] | None:
    """Of a source whose articles are asked for: how many there are, and how many are missing for which reason."""
    from aggregator.pipeline.shortfall import shortfall

    found = shortfall(state)
    if not found.listed:
        return None
    return {
        "listed": found.listed,
        "had": found.had,
        "missing": found.missing,
        "reasons": dict(found.reasons),
    }
