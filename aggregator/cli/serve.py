"""run, worker, web: the processes. Each ends within seconds of SIGTERM, with status 0."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say, stop_on_signals

if TYPE_CHECKING:
    from aggregator.app import Application


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("run")(run)
    app.command("worker")(worker)
    app.command("web")(web)


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Worker and web in one process, on http://127.0.0.1:8000/ unless the settings say otherwise."""
    asyncio.run(_run(load(config), worker=True, web=True))


def worker(config: Config = DEFAULT_CONFIG) -> None:
    """The worker: polls what is due and renders the publications, until it is told to stop."""
    asyncio.run(_run(load(config), worker=True, web=False))


def web(config: Config = DEFAULT_CONFIG) -> None:
    """The web process: serves feeds and pages on $PORT (else 8000); polls nothing."""
    asyncio.run(_run(load(config), worker=False, web=True))


async def _run(application: Application, *, worker: bool, web: bool) -> None:
    """Start what was asked for, wait for a signal or a failure, stop it all."""
    stop = stop_on_signals()
    async with AsyncExitStack() as life:
        store = await life.enter_async_context(application.store())
        if web:
            port = await life.enter_async_context(application.web(store))
            say(f"Serving http://{_reachable(application.settings.web.host)}:{port}/ (Ctrl-C ends it)")
        if worker:
            engine = await life.enter_async_context(application.engine(store))
            await engine.run(stop)
        else:
            await stop.wait()


def _reachable(host: str) -> str:
    """An address that a browser on this machine can ask for what listens at `host`."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 # compared, not bound
