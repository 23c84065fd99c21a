"""check, status, explain: what is understood, what happened, and why."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregator.app import Application
    from aggregator.model import Catalogue, Item, Revision, SourceState

Json = Annotated[bool, typer.Option("--json", help="For machines.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("check")(check)
    app.command("status")(status)
    app.command("explain")(explain)


def check(config: Config = DEFAULT_CONFIG) -> None:
    """Read feeds.yaml and the settings; print what was understood, or every mistake with its line."""
    from aggregator.cli.tables import print_catalogue
    from aggregator.store import open_store

    application = load(config, quiet=True)
    open_store(application.settings.database)  # opens nothing yet, but knows which databases there are
    print_catalogue(application.catalogue(), config)


def status(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """Every source: its state, its last error, when it was polled, when it is due and why."""
    from aggregator.cli.tables import print_status

    application = load(config, quiet=True)
    states = asyncio.run(_states(application))
    rows = status_rows(application.catalogue(), states)
    if as_json:
        say(json.dumps({"sources": rows}, ensure_ascii=False, indent=2))
    else:
        print_status(rows, application.clock.now())


async def _states(application: Application) -> Mapping[str, SourceState]:
    async with application.store() as store:
        return await store.states()


def status_rows(catalogue: Catalogue, states: Mapping[str, SourceState]) -> list[dict[str, Any]]:
    """What `status --json` prints under "sources": one object per source, in the editor's order."""
    rows = []
    for source in catalogue.sources:
        state = states.get(source.id)
        rows.append(
            {
                "id": source.id,
                "url": source.url,
                "title": source.title or (state.meta.title if state else None),
                "state": "disabled" if not source.enabled else state.status if state else "pending",
                "trouble": state.trouble if state else None,
                "error": state.error if state else None,
                "failures": state.failures if state else 0,
                "last_poll": _iso(state.last_poll_at) if state else None,
                "last_success": _iso(state.last_success_at) if state else None,
                "next_poll": _iso(state.next_poll_at) if state and source.enabled else None,
                "next_poll_reason": state.next_poll_reason if state and source.enabled else None,
                "items": state.items if state else 0,
                "polls": state.polls if state else 0,
                "notice": state.notice if state else None,
                "warnings": list(state.warnings) if state else [],
            }
        )
    return rows


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def explain(
    name: Annotated[str, typer.Argument(metavar="ID-or-URL", help="An item's id, published id or address.")],
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Why an item is there: its source, identity, dates with their reasons, revisions, publications."""
    application = load(config, quiet=True)
    found = asyncio.run(_found(application, name))
    if found is None:
        typer.echo(f"Nothing is stored under '{name}'. Try its address as the feed gives it.", err=True)
        raise typer.Exit(1)
    item, revisions = found
    facts = _facts(application.catalogue(), item, revisions)
    state = asyncio.run(_states(application)).get(item.source_id)
    if state is not None:
        facts["source's next poll"] = f"{_iso(state.next_poll_at)} ({state.next_poll_reason})"
    if as_json:
        say(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for key, value in facts.items():
        if isinstance(value, list):
            say(f"{key}:")
            for line in value:
                say(f"  - {line if isinstance(line, str) else ', '.join(f'{k} {v}' for k, v in line.items())}")
        else:
            say(f"{key}: {value}")


async def _found(application: Application, name: str) -> tuple[Item, tuple[Revision, ...]] | None:
    async with application.store() as store:
        item = await store.item(name)
        return None if item is None else (item, await store.revisions(item.uid))


def _facts(catalogue: Catalogue, item: Item, revisions: tuple[Revision, ...]) -> dict[str, Any]:
    source = catalogue.source(item.source_id)
    claims = {"published": item.entry.published, "updated": item.entry.updated}
    return {
        "title": item.entry.title,
        "url": item.entry.url,
        "source": item.source_id,
        "identity": f"{item.key.kind}: {item.key.value}",
        "published id": item.public_id,
        "page": f"/story/{item.uid}",
        "first seen": _iso(item.first_seen),
        "published": f"{_iso(item.published)} ({item.published_reason})",
        "updated": f"{_iso(item.updated)} ({item.updated_reason})",
        "claims": [
            f"{name}: {stamp.raw!r}, read as {_iso(stamp.utc)}, zone {stamp.zone}, to the {stamp.precision}"
            for name, stamp in claims.items()
            if stamp is not None
        ],
        "revisions": [
            {"number": one.number, "seen": _iso(one.seen_at), "because": one.reason, "title": one.entry.title}
            for one in revisions
        ],
        "publications": [
            publication.id
            for publication in catalogue.publications
            if source is not None and publication.includes(source)
        ],
    }
