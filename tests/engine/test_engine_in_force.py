"""A worker goes by the version of the catalogue that is in force for all, or rests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.engine.poller import Poller
from aggregator.engine.watch import IncidentWatch
from aggregator.model import CatalogueStanding
from aggregator.pipeline.refresh import Services
from aggregator.schedule import Pace
from tests.pipeline.test_pipeline_comparing import LAKE, RIVER, report
from tests.support.planet import Planet, planet


@asynccontextmanager
async def worker(folder: Path, **standing: object) -> AsyncIterator[tuple[Planet, Poller]]:
    """A planet with two sources, by version 1 of its catalogue unless told otherwise, and what polls it."""
    async with planet(folder, sources=[RIVER, LAKE]) as here:
        await here.store.keep_catalogue(b"# 1", here.at)
        here.bodies = {"river": report("river").encode(), "lake": report("lake").encode()}
        here.catalogue = replace(here.catalogue, standing=CatalogueStanding(**{"version": 1, **standing}))  # type: ignore[arg-type] # its own
        services = Services(fetcher=here, reader=here, store=here.store, clock=here, pace=Pace())
        poller = Poller(lambda: here.catalogue, services, concurrency=9)
        try:
            yield here, poller
        finally:
            await poller.stop()


async def polled(here: Planet) -> set[str]:
    return {name for name, state in (await here.store.states()).items() if state.lease}


async def test_nobody_polls_or_publishes_by_a_version_that_another_one_has_replaced(tmp_path: Path):
    async with worker(tmp_path) as (here, poller):
        await here.store.keep_catalogue(b"# 2", here.at)
        assert await poller.take_due() == 0
        assert await here.publisher.publish_outdated() == 0
        assert not await polled(here)
        assert await here.document("all") is None
        watch = IncidentWatch(lambda: here.catalogue, here.store, here)
        await here.store.count_faults("render", 1)
        assert await watch.look() == ()
        here.catalogue = replace(here.catalogue, standing=CatalogueStanding(version=2))
        assert await poller.take_due() == 2
        assert await here.publisher.publish_outdated() > 0
        assert [one.subject for one in await watch.look()] == ["render"]


async def test_who_cannot_understand_what_is_in_force_rests_and_renders_nothing_for_who_asks(tmp_path: Path):
    async with worker(tmp_path, is_superseded=True) as (here, poller):
        assert await poller.take_due() == 0
        assert await here.publisher.publish_outdated() == 0
        assert await here.document("source/river") is None
        here.catalogue = replace(here.catalogue, standing=CatalogueStanding(version=1))
        assert await here.document("source/river") is not None


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_source_whose_variable_is_not_set_here_is_left_to_those_who_have_it(tmp_path: Path, at_once: bool):
    async with worker(tmp_path, unset=frozenset({"lake"})) as (here, poller):
        await here.store.register({"river": here.at}, {"lake"}, here.at)
        off = tuple(replace(one, enabled=one.id != "lake") for one in here.catalogue.sources)
        here.catalogue = replace(here.catalogue, sources=off)
        if at_once:
            await poller.poll_due()
        else:
            await poller.take_due()
        assert await polled(here) == {"river"}
        states = await here.store.states()
        assert states["lake"].status == "pending", "it is not disabled for everybody"


async def test_following_a_version_keeps_no_other_and_registers_it(tmp_path: Path):
    async with worker(tmp_path) as (here, poller):
        here.catalogue = replace(here.catalogue, text=b"# an old copy")
        await poller.register()
        assert await here.store.catalogue_version() == 1
