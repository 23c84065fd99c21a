"""check, status: what is understood, and what happened."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.progress import progress
from aggregator.cli.shared import DEFAULT_CONFIG, Config, Json, instant, interrupted, load, say
from aggregator.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aggregator.app import Application
    from aggregator.errors import Notice
    from aggregator.explain.source_status import SourceReport
    from aggregator.model import Catalogue, ListState
    from aggregator.pipeline.shortfall import Shortfall


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("check")(check)
    app.command("status")(status)


Outputs = Annotated[bool, typer.Option("--outputs", help="Check the published documents too.")]
Resolved = Annotated[
    bool,
    typer.Option("--resolved", help="Print feeds.yaml with all defaults, as a feeds.yaml again; ${NAME} stays."),
]


@interrupted("Not everything was checked. Nothing was changed.")
def check(
    config: Config = DEFAULT_CONFIG, outputs: Outputs = False, resolved: Resolved = False, as_json: Json = False
) -> None:
    """Read feeds.yaml and the settings; print what was understood, or every mistake with its line.

    With --outputs every stored feed and archive page is held against the rules of its format as well (RFC 4287,
    RFC 5005, RSS 2.0, JSON Feed 1.1): a fault is named with its document and its place.

    Once sources were polled, hints say what could be mended in feeds.yaml, as in `aggregator status`.
    """
    if resolved and (as_json or outputs):
        raise typer.BadParameter("--resolved prints a feeds.yaml, and goes with neither --json nor --outputs.")
    try:
        application = load(config, quiet=True)
        application.choose_store()  # a database of a kind that there is not is a mistake too
    except ConfigurationError as error:
        if not as_json:
            raise
        say(json.dumps(facts_of_check(error), ensure_ascii=False, indent=2))
        raise typer.Exit(1) from None
    if resolved:
        from aggregator.catalogue.resolved import resolve

        say(resolve(application.catalogue().text, config, os.environ).rstrip("\n"))
        return
    _tell_check(application, outputs=outputs, as_json=as_json)


def _tell_check(application: Application, *, outputs: bool, as_json: bool) -> None:
    from aggregator import upkeep
    from aggregator.cli.printing import print_catalogue

    found = application.catalogue()
    difference = asyncio.run(upkeep.find_difference(application))
    advice = asyncio.run(upkeep.find_advice(application, found))
    found = replace(found, notices=(*found.notices, *advice.unmet))
    checked, faults = asyncio.run(_find_faults(application)) if outputs else (0, [])
    if as_json:
        noticed = ConfigurationError((), found.notices, {str(application.config): found.text})
        facts = facts_of_check(noticed, found, difference)
        facts |= {"documents": checked, "faults": faults, "hints": advice.hints, "listed": advice.listed}
        say(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print_catalogue(found, application.config, advice.listed)
        for name, told in advice.hints.items():
            say("\n".join(f"hint: sources.{name}: {one}" for one in told))
        if difference:
            say(f"note: {difference}")
        if outputs:
            _tell_faults(checked, faults)
    if faults:
        raise typer.Exit(1)


def _tell_faults(checked: int, faults: Sequence[str]) -> None:
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        typer.echo(
            "`aggregator publish --to DIR` renders what is outdated; a fault that stays is ours: report it.",
            err=True,
        )
    else:
        say(
            f"{checked} published documents: no fault." if checked else "Nothing is published yet: run the worker."
        )


def facts_of_check(
    error: ConfigurationError, found: Catalogue | None = None, difference: str = ""
) -> dict[str, Any]:
    """What `check --json` prints, as config/check.schema.json describes it; `error` may hold notices alone."""
    from aggregator.cli.mistakes import facts_of

    return {
        "mistakes": facts_of(error.mistakes, error.contents),
        "notes": facts_of(error.notices, error.contents),
        "sources": None if found is None else len(found.sources),
        "listed": 0,
        "publications": None if found is None else len(found.publications),
        "difference": difference or None,
        "documents": 0,
        "faults": [],
        "hints": {},
    }


async def _find_faults(application: Application) -> tuple[int, list[str]]:
    from aggregator.doctor import find_output_faults

    with ExitStack() as life:

        def begin(count: int) -> Callable[[], None]:
            return life.enter_context(progress("Checking documents", count)).advance

        async with application.store() as store:
            return await find_output_faults(store, begin)


def status(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """Every source: its state, its last error, when it was polled, when it is due and why."""
    from aggregator.cli.list_status import facts_of_lists, tell_lists
    from aggregator.cli.printing import print_status

    application = load(config, quiet=True, last_known=True)
    (reports, lists, unmet), now = asyncio.run(_read_reports(application)), application.clock.now()
    if as_json:
        followed = facts_of_lists(application.catalogue(), lists)
        facts = facts_of_all(reports, application.catalogue(), followed, unmet)
        say(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        if application.catalogue().standing.difference:
            typer.echo(application.catalogue().standing.difference, err=True)
        print_status(reports, now)
        for line in tell_lists(application.catalogue(), lists, now):
            say(line)
        for one in unmet:
            if one.place[:1] != ("lists",):  # it is told above
                say(f"note: {one}")


async def _read_reports(
    application: Application,
) -> tuple[tuple[SourceReport, ...], Mapping[str, ListState], tuple[Notice, ...]]:
    from aggregator.explain.advice import advise
    from aggregator.explain.source_status import source_reports
    from aggregator.explain.unmet import find_unmet

    async with application.store() as store:
        states = await store.states()
        hints = await advise(application.dated_catalogue()(), states, store)
        reports = source_reports(application.catalogue(), states, application.clock.now(), hints)
        unmet = await find_unmet(application.catalogue(), str(application.config), store)
        return reports, (await store.followed_lists()).states, unmet


def facts_of_all(
    reports: Iterable[SourceReport],
    catalogue: Catalogue,
    lists: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[Notice] = (),
) -> dict[str, Any]:
    """What `status --json` prints; config/status.schema.json describes it."""
    return {
        "sources": [facts_of_source(one) for one in reports],
        "lists": list(lists),
        "mistakes": [str(one) for one in catalogue.mistakes],
        "notes": [str(one) for one in notes],
        "catalogue": {
            "version": catalogue.standing.version,
            "difference": catalogue.standing.difference or None,
        },
    }


def facts_of_source(report: SourceReport) -> dict[str, Any]:
    """What it prints of one source."""
    return {
        "id": report.id,
        "url": report.url,
        "title": report.title,
        "state": report.status,
        "trouble": report.trouble,
        "error": report.error,
        "failures": report.failures,
        "last_poll": instant(report.last_poll),
        "last_success": instant(report.last_success),
        "next_poll": instant(report.next_poll),
        "next_poll_reason": report.next_poll_reason,
        "items": report.items,
        "polls": report.polls,
        "notice": report.notice,
        "warnings": list(report.warnings),
        "hints": list(report.hints),
        "articles": _count_articles(report.articles),
    }


def _count_articles(found: Shortfall | None) -> dict[str, Any] | None:
    """Of a source whose articles are asked for: how many there are, and how many are missing for which reason."""
    if found is None or not found.listed:
        return None
    return {
        "listed": found.listed,
        "had": found.had,
        "missing": found.missing,
        "reasons": dict(found.reasons),
    }
