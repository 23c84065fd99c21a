"""run, worker, web: the processes. Each ends within seconds of SIGTERM, with status 0."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say, stop_on_signals

if TYPE_CHECKING:
    from aggregator.app import Application
    from aggregator.ports import Store
    from aggregator.web import Server


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
    async with application.store() as store:
        server = await _start_web(application, store) if web else None
        try:
            if worker:
                async with application.engine(store) as engine:
                    await engine.run(stop)
            else:
                await stop.wait()
        finally:
            if server is not None:
                await server.stop()


async def _start_web(application: Application, store: Store) -> Server:
    from aggregator.web import Limits, Server, WebContext, create

    limits = application.settings.web
    context = WebContext(
        store=store,
        catalogue=application.catalogue,
        clock=application.clock,
        status_token=limits.status_token,
    )
    bounds = Limits(
        connections=limits.connections, per_client=limits.per_client, trusted=tuple(limits.trusted_proxies)
    )
    server = Server(create(context), host=limits.host, port=limits.port, limits=bounds)
    port = await server.start()
    host = "127.0.0.1" if limits.host in {"0.0.0.0", "::"} else limits.host  # noqa: S104 # compared, not bound
    say(f"Serving http://{host}:{port}/ (Ctrl-C ends it)")
    return server
