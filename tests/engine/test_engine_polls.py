"""Polls in fast motion: whatever their number, memory, files and the database stay as large as they are."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import structlog

from aggregator import app
from aggregator.catalogue.opt_outs import heed
from aggregator.engine.poller import Poller
from aggregator.errors import UnknownNameError
from tests.pipeline import test_pipeline_refresh as refresh
from tests.support import databases
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, item, rss
from tests.support.loopback import Asked, answer, serving

SOURCES = 20
STEP = timedelta(minutes=7)
LISTED = 4
"""Items that a feed lists; every tenth answer has a new one, and the others are the same as before."""

Sample = dict[str, int]


@dataclass
class Stepped:
    at: datetime = field(default=app.RELEASED + timedelta(hours=1))

    def now(self) -> datetime:
        return self.at


def changing(name: str) -> Callable[[Asked, asyncio.StreamWriter], object]:
    """A feed that brings something new with every tenth answer, and knows what a client holds."""
    asked: Counter[str] = Counter()

    async def reply(request: Asked, writer: asyncio.StreamWriter) -> None:
        asked[name] += 1
        edition = asked[name] // 10
        etag = f'"{name}-{edition}"'
        if request.fields.get("if-none-match") == etag:
            writer.write(answer(304, etag=etag))
        else:
            items = (item(n, title=f"{name} reports {n}") for n in range(edition + LISTED, edition, -1))
            body = rss(*items, title=name).replace("urn:river", f"urn:{name}").replace("river.example", name)
            writer.write(answer(200, body.encode(), etag=etag, content_type="application/rss+xml"))
        await writer.drain()

    return reply


def measure(folder: Path, polls: int) -> Sample:
    """What this process holds, and what its database takes."""
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    sizes = {path.suffix: path.stat().st_size for path in (folder / "data").iterdir()}
    held = len(list(Path("/proc/self/fd").iterdir()))
    return {
        "polls": polls,
        "memory": resident,
        "files": held,
        "database": sizes[".db"],
        "log": sizes.get(".db-wal", 0),
    }


def slope(samples: list[Sample], what: str) -> float:
    """Bytes, or files, a poll: the line through the second half of what was measured."""
    late = samples[len(samples) // 2 :]
    mean = sum(one["polls"] for one in late) / len(late)
    spread = sum((one["polls"] - mean) ** 2 for one in late)
    return sum((one["polls"] - mean) * one[what] for one in late) / spread if spread else 0.0


async def poll_many(application: app.Application, clock: Stepped, polls: int) -> list[Sample]:
    """Poll what is due, publish and keep house, as a worker does, until there were so many polls."""
    samples: list[Sample] = []
    done, measured = 0, 0
    async with (
        application.store() as store,
        application.reader() as reader,
        application.poller(store, reader, lasting=True) as poller,
    ):
        publisher, chores = application.publisher(store, reader), application.chores(store)
        while done < polls:
            clock.at += STEP
            done += len(await poller.poll_due())
            await publisher.publish_outdated()
            if done - measured >= polls // 100:
                measured = done
                await chores.housekeeping.run()
                await chores.incidents.look()
                await poller.tallies.flush(store)
                samples.append(measure(application.config.parent, done))
                print({**samples[-1], "at": clock.at.isoformat()}, flush=True)  # noqa: T201 # the trial's figures
        assert {state.trouble for state in (await store.states()).values()} == {None}
    return samples


@pytest.mark.parametrize("polls", [200, pytest.param(100_000, marks=pytest.mark.trial)])
async def test_polls_without_number_take_no_more_memory_files_or_disk(tmp_path: Path, polls: int):
    clock = Stepped()
    names = [f"s{number}" for number in range(SOURCES)]
    settings = f"{SETTINGS}store: {{ retain: 1d }}\n"
    async with serving({f"/{name}": changing(name) for name in names}) as server:  # type: ignore[misc]
        lines = (f"  {name}: {{ url: '{server.url(f'/{name}')}', every: 5m, max_every: 5m }}\n" for name in names)
        ours = Commands.at(tmp_path, f"sources:\n{''.join(lines)}", settings)
        server.asked = _Forgetful()
        with ours.inside():
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
            application = replace(app.load(tmp_path / "feeds.yaml"), clock=clock)
            samples = await poll_many(application, clock, polls)
    for what in ("memory", "files", "database", "log"):
        print(f"{what}: {slope(samples, what):.2f} a poll")  # noqa: T201 # the trial's figures
    assert max(one["files"] for one in samples) < samples[0]["files"] + SOURCES
    assert max(one["log"] for one in samples) < 16 * 2**20
    if polls > 1000:  # before, what is needed once is still being loaded
        assert abs(slope(samples, "files")) < 0.001
        assert slope(samples, "memory") < 400
        assert slope(samples, "database") < 300, "names of what was let go of, for every tenth poll"


class _Forgetful(list):  # type: ignore[type-arg]
    """Keeps nothing: what a test notes must not count as ours."""

    def append(self, _: object) -> None:
        pass


async def test_who_names_a_source_has_it_asked_at_once_whenever_it_would_be_due(tmp_path: Path):
    async with databases.opened(tmp_path / "river.db") as store:
        river = refresh.River(store=store, script=refresh.answer(rss(item(1))))
        polling = Poller(lambda: river.catalogue, river.services, concurrency=1)
        await polling.poll(["river"])
        river.time += timedelta(minutes=1)
        assert (await polling.poll_due(), len(river.asked_at)) == ((), 1)
        await polling.poll(["river"])
        assert len(river.asked_at) == 2


async def test_a_source_of_a_host_that_asked_not_to_be_read_is_not_polled_by_name_either(
    tmp_path: Path,
):
    async with databases.opened(tmp_path / "river.db") as store:
        river = refresh.River(store=store, script=refresh.answer(rss(item(1))))
        host = urlsplit(river.catalogue.sources[0].location).hostname or ""
        wished = {host: 3}
        asked = tuple(heed(one, wished) for one in river.catalogue.sources)
        found = replace(river.catalogue, sources=asked, opted_out=wished)
        polling = Poller(lambda: found, river.services, concurrency=1)
        with pytest.raises(UnknownNameError, match=r"not to be read \(`opt_out` in feeds.yaml, line 3\): not"):
            await polling.poll(["river"])
        assert (await polling.poll_due(), river.asked_at) == ((), [])
        assert (await store.states())["river"].status == "disabled"
