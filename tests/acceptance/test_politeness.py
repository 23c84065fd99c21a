"""Workers that share a database in PostgreSQL ask a host together as one of them would alone."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from tests.support import postgresql
from tests.support.arrival import came
from tests.support.installation import Installation, item, rss
from tests.support.loopback import Asked, Talk, answer, moved, serving
from tests.support.waiting import until

SETTINGS = """\
database: {url}
fetch: {{ allow_networks: [127.0.0.0/8], host_gap: 1s, per_host: 2, concurrency: 2, timeout: 5m }}
"""


@dataclass
class Log:
    """What servers were asked: by host, when each request came and when it was answered."""

    spans: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    targets: set[str] = field(default_factory=set)
    begun: Counter[str] = field(default_factory=Counter)

    def talk(self, host: str, reply: bytes) -> Talk:
        """Answers two at once, since as many as two may ask at once."""

        async def say(asked: Asked, writer: asyncio.StreamWriter) -> None:
            moment = came(writer.get_extra_info("socket"))
            self.begun[host] += 1
            pair = self.begun[host] + self.begun[host] % 2
            await until(lambda: self.begun[host] >= pair)
            await asyncio.sleep(0.2)
            self.spans[host].append((moment, time.monotonic()))
            writer.write(reply)
            self.targets.add(f"{host}{asked.target}")

        return say

    def usual_gap(self, host: str) -> float:
        """Seconds from a request to the next: the median, for on a busy machine one is held up on its way."""
        came = sorted(begin for begin, _ in self.spans[host])
        return median(later - earlier for earlier, later in pairwise(came))

    def most_at_once(self, host: str) -> int:
        spans = self.spans[host]
        return max(sum(begin <= moment < end for begin, end in spans) for moment, _ in spans)


async def test_a_host_that_sources_name_or_redirect_to_is_asked_by_three_workers_as_by_one(tmp_path: Path) -> None:
    log, names = Log(), [f"s{number}" for number in range(6)]
    async with AsyncExitStack() as life:
        url = postgresql.make_database()
        life.callback(postgresql.drop_database, url)
        other = await life.enter_async_context(serving(host="127.0.0.2"))
        named = await life.enter_async_context(serving(host="127.0.0.1"))
        for number, name in enumerate(names):
            feed = answer(200, rss(item(number)).encode(), content_type="application/rss+xml")
            named.replies[f"/{name}"] = log.talk("named", moved(302, other.url(f"/{name}")))
            other.replies[f"/{name}"] = log.talk("other", feed)
        feeds = "sources:\n" + "".join(f"  {name}: {named.url(f'/{name}')}\n" for name in names)
        ours = Installation.at(tmp_path, feeds, SETTINGS.format(url=url))
        processes = life.enter_context(ExitStack())
        for _ in range(3):
            processes.enter_context(ours.running("-m", "aggregator", "worker", status=None))
        await until(lambda: len(log.targets) == 2 * len(names))
        await asyncio.to_thread(processes.close)
    for host in ("named", "other"):
        assert log.most_at_once(host) == 2, "as many as may, and no more"
        assert log.usual_gap(host) > 0.5, "a second; without turns two come at once whenever two were answered"
