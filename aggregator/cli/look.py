"""check, status: what is understood, and what happened."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregator.app import Application
    from aggregator.model import Catalogue, SourceState

Json = Annotated[bool, typer.Option("--json", help="For machines.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("check")(check)
    app.command("status")(status)


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
