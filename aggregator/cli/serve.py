"""run, worker, web: the processes. Each ends within seconds of SIGTERM, with status 0."""

from __future__ import annotations

import os
import socket
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli import shared
from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say, stop_on_signals

if TYPE_CHECKING:
    from aggregator.app import Application


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("run")(run)
    app.command("worker")(worker)
    app.command("web")(web)


Host = Annotated[
    str | None,
    typer.Option(help="The address to listen at, such as 0.0.0.0 for all; instead of web.host in the settings."),
]
Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="The port to listen at, 0 for any; instead of web.port and $PORT."),
]


def run(config: Config = DEFAULT_CONFIG, host: Host = None, port: Port = None) -> None:
    """Worker and web in one process, on http://127.0.0.1:8000/ unless the settings say otherwise."""
    shared.run(_run(_override_listening(load(config, last_known=True), host, port), worker=True, web=True))


def worker(config: Config = DEFAULT_CONFIG) -> None:
    """The worker: polls what is due and renders the publications, until it is told to stop."""
    shared.run(_run(load(config, last_known=True), worker=True, web=False))


def web(config: Config = DEFAULT_CONFIG, host: Host = None, port: Port = None) -> None:
    """The web process: serves feeds and pages on $PORT (else 8000); polls nothing."""
    shared.run(_run(_override_listening(load(config, last_known=True), host, port), worker=False, web=True))


def _override_listening(application: Application, host: str | None, port: int | None) -> Application:
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = application.settings
    told = settings.model_copy(update={"web": settings.web.model_copy(update=given)})
    return replace(application, settings=told)


async def _run(application: Application, *, worker: bool, web: bool) -> None:
    """Start what was asked for, wait for a signal or a failure, stop it all."""
    stop = stop_on_signals()
    async with AsyncExitStack() as life:
        await life.enter_async_context(application.following())
        store = await life.enter_async_context(application.store())
        if web:
            port = await life.enter_async_context(application.web(store))
            say(f"Serving {_describe(application.settings.web.host, port)} (Ctrl-C ends it)")
        engine = await life.enter_async_context(application.engine(store)) if worker else None
        _tell_ready()
        await (stop.wait() if engine is None else engine.run(stop))


def _tell_ready() -> None:
    """Tell systemd, where it wants to hear it, that this process does its work (sd_notify(3)).

    So `systemctl restart` of one process after the other never has two of them down.
    """
    place = os.environ.get("NOTIFY_SOCKET", "")
    if place:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.sendto(b"READY=1", f"\0{place[1:]}" if place.startswith("@") else place)


def _describe(host: str, port: int) -> str:
    """Where the port was bound, as something to open; with a word on who else can."""
    url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
    if host in {"0.0.0.0", "::"}:  # noqa: S104 # compared, not bound
        return f"{url}, on every interface of this machine: http://127.0.0.1:{port}/"
    return url
