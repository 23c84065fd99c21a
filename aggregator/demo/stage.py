"""The publishers, the worker and the web of the demo in one process, from the first question to the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator import app
from aggregator.app import Application
from aggregator.demo.content import load_outlets, load_script
from aggregator.demo.desk import Desk
from aggregator.demo.editing import write_installation
from aggregator.demo.newsstand import Newsstand
from aggregator.demo.play import Play, Tell

BREATH = 4.0
"""Seconds between two scenes at the usual speed: what it takes to read a line and look."""

_JOINS_LATER = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Where everything is.

    Attributes:
        url: Of the river.
        config: The path of feeds.yaml.
    """

    url: str
    config: Path


async def perform(
    folder: Path, stop: asyncio.Event, tell: Tell, opened: Callable[[Opened], None], *, port: int, speed: float
) -> None:
    """Play the script in an installation of its own, and go on serving until `stop` is set.

    In: an empty folder; who is told of each scene; who is told where everything is, before the first; the port of
    the web, 0 for any; how many times faster than usual. The environment must set nothing of an installation.
    """
    async with AsyncExitStack() as life:
        stands = await life.enter_async_context(_open_newsstands())
        application = _load(folder, [stand.desk for stand in stands.values()], port)
        await life.enter_async_context(application.following())
        store = await life.enter_async_context(application.store())
        bound = await life.enter_async_context(application.web(store))
        engine = await life.enter_async_context(application.engine(store))
        opened(Opened(url=f"http://127.0.0.1:{bound}/", config=application.config))
        play = Play(application=application, store=store, stands=stands, tell=tell)
        playing = asyncio.create_task(play.run(load_script(), BREATH / speed), name="script")
        playing.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else stop.set())
        try:
            await engine.run(stop)
        finally:
            playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing


@asynccontextmanager
async def _open_newsstands() -> AsyncIterator[dict[str, Newsstand]]:
    """Every publisher, at an address of its own."""
    async with AsyncExitStack() as life:
        stands = {outlet.name: Newsstand(Desk(outlet=outlet)) for outlet in load_outlets()}
        for number, stand in enumerate(stands.values(), start=2):
            await life.enter_async_context(stand.open(f"127.0.0.{number}"))
        yield stands


def _load(folder: Path, desks: list[Desk], port: int) -> Application:
    """The installation, written and read."""
    config = write_installation(folder, [desk for desk in desks if desk.outlet.name != _JOINS_LATER])
    application = app.load(config)
    web = application.settings.web.model_copy(update={"host": "127.0.0.1", "port": port})
    return replace(application, settings=application.settings.model_copy(update={"web": web}))
