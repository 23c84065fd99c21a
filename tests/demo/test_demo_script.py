"""The demo in this process: what each line of its script says is to be seen can be seen once it was told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator import app
from aggregator.catalogue import apart, live
from aggregator.demo import Happening, Opened, editing, perform
from aggregator.demo.content import load_outlets, load_picture, load_script
from aggregator.engine import embedded
from tests.docs.pictures import PICTURES
from tests.support.client import http_client
from tests.support.commands import Reader
from tests.support.waiting import PATIENCE

SEAL = "Seal boards morning ferry at Varnmouth and declines to leave"
AT_FIRST = sum(
    piece.ago is not None
    for outlet in load_outlets()
    if outlet.name != "pictures"
    for piece in outlet.pieces.values()
)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks come fifty times a second, edits are seen at once, and nobody waits long for a server that drips."""
    for name in ("TICK", "INDEXING"):
        monkeypatch.setattr(embedded, name, timedelta(seconds=0.02))
    monkeypatch.setattr(live, "_LOOK_AGAIN", 0.02)
    monkeypatch.setattr(editing, "_SETTINGS", editing._SETTINGS.replace("timeout: 10s", "timeout: 2s"))
    monkeypatch.setattr(app.Application, "reader", lambda _: Reader())
    for name in ("DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)

    async def at_once(*given: Any) -> apart.Understood:
        return apart.understand(*given)

    monkeypatch.setattr(live, "understand_apart", at_once)


class Visitor:
    """Somebody who reads each line, and looks."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.url = ""
        self.before: list[dict[str, Any]] = []
        self.first: list[dict[str, Any]] = []
        self.seen: list[str] = []

    def come_in(self, opened: Opened) -> None:
        self.url = opened.url

    async def look(self, scene: Happening) -> None:
        """See what the scene is for; what is not there yet may take as long as the machine does."""
        check = LOOKS[len(self.seen)]
        self.seen.append(scene.told)
        until = asyncio.get_running_loop().time() + PATIENCE
        while not await check(self):
            assert asyncio.get_running_loop().time() < until, f"{scene.told}: never seen: {scene.look}"
            await asyncio.sleep(0.05)
        self.before = await self.items()
        self.first = self.first or self.before

    async def get(self, path: str) -> str:
        return (await self._client.get(self.url + path)).text

    async def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(await self.get("all.json"))["items"]
        return found

    async def item(self, title: str) -> dict[str, Any]:
        """The one entry of that title; {} where there is none."""
        found = [item for item in await self.items() if item["title"] == title]
        assert len(found) < 2
        return found[0] if found else {}

    async def row(self, source: str) -> str:
        """What /status says of a source, its state before all else."""
        rows = re.findall(r'<tr role="row" class="(\w+)">(.*?)</tr>', await self.get("status"), re.DOTALL)
        return next((f"{state} {text}" for state, text in rows if f'"where">{source} ·' in text), "")


async def see_all(visitor: Visitor) -> bool:
    return len(await visitor.items()) == AT_FIRST and "7</b> ok" in await visitor.get("status")


async def see_entry(visitor: Visitor, *, title: str) -> bool:
    return bool(await visitor.item(title))


async def see_copies(visitor: Visitor, *, papers: int) -> bool:
    also = (await visitor.item(SEAL)).get("_entry", {}).get("also_at", [])
    return len(also) == papers and len(await visitor.items()) == AT_FIRST + 1


async def see_update(visitor: Visitor) -> bool:
    seal, river = await visitor.item(SEAL), await visitor.get("search?q=commuters")
    page = re.search(r'href="\./(story/[^"#]+)#said"', river)
    said = await visitor.get(page[1]) if page else ""
    return seal["date_modified"] > seal["date_published"] and all(
        "<del>25</del> <ins>40</ins>" in text for text in (river, said)
    )


async def see_nothing(visitor: Visitor) -> bool:
    return await visitor.items() == visitor.before


async def see_scripts(visitor: Visitor) -> bool:
    found = [await visitor.get(f"search?q={word}") for word in ("رغيفا", "飛車")]
    return 'lang="ar"' in found[0] and 'lang="ja"' in found[1]


async def see_notice(visitor: Visitor) -> bool:
    notice = await visitor.item("Have your say on the shape of puddles")
    return bool(notice) and "bring boots" in notice["content_html"] and "notices" not in notice["content_html"]


async def see_pictures(visitor: Visitor) -> bool:
    page = await visitor.get("source/pictures?show=full")
    sources = re.findall(r'<img src="(http[^"]+\.svg)"', page)
    found = [(await visitor._client.get(source)).content for source in sources]
    return found == [load_picture("lighthouse.svg"), load_picture("ferry.svg")]


async def see_trouble(visitor: Visitor, *, source: str, words: str, title: str) -> bool:
    row = await visitor.row(source)
    return row.startswith("error") and words in row and bool(await visitor.item(title))


async def see_cut(visitor: Visitor) -> bool:
    return "breaks off" in await visitor.row("gazette") and bool(
        await visitor.item("Friday’s crossword has no solution, its author admits")
    )


async def see_calm(visitor: Visitor) -> bool:
    news = [
        await visitor.item(title)
        for title in ("In defence of damp", "Ducks to keep left in the canal from Monday")
    ]
    return (
        all(news)
        and "8</b> ok" in await visitor.get("status")
        and "breaks off" not in await visitor.row("gazette")
    )


async def see_wait(visitor: Visitor) -> bool:
    return "wants to be left alone" in await visitor.row("minato")


async def see_deleted(visitor: Visitor, *, title: str, count: int) -> bool:
    return not await visitor.item(title) and (await visitor.get("all.atom")).count("<at:deleted-entry") == count


async def see_end(visitor: Visitor) -> bool:
    """What was there at first is there as it was: no new date and no new id has announced any of it again."""
    items = await visitor.items()
    kept = [item for item in visitor.first if "left gloves" not in item["title"]]
    assert [item for item in items if item["title"] in {one["title"] for one in kept}] == kept
    return len({item["id"] for item in items}) == len(items) == len(kept) + 10


MAYOR = "Mayor resigns, according to the mayor’s parrot"
LOOKS: list[Callable[[Visitor], Awaitable[bool]]] = [
    see_all,
    partial(see_entry, title=SEAL),
    partial(see_copies, papers=1),
    partial(see_copies, papers=2),
    see_update,
    see_nothing,
    see_scripts,
    see_notice,
    see_pictures,
    partial(see_trouble, source="evening", words="500", title="Brass band to rehearse under water"),
    see_cut,
    see_nothing,
    partial(see_entry, title="High tide arrives early and is asked to wait"),
    partial(see_trouble, source="houseboat", words="2 s", title="A kettle is a kind of clock"),
    see_calm,
    see_nothing,
    see_wait,
    partial(see_entry, title=MAYOR),
    partial(see_deleted, title=MAYOR, count=1),
    partial(see_deleted, title="Lost property office opens a branch for left gloves", count=2),
    partial(see_trouble, source="houseboat", words="410", title="A kettle is a kind of clock"),
    see_end,
]
"""What is looked at in each scene."""


async def test_what_each_line_tells_of_can_be_seen_and_the_end_comes_when_it_is_wanted(tmp_path: Path):
    stop = asyncio.Event()
    async with http_client(timeout=PATIENCE) as client:
        visitor = Visitor(client)

        async def look(scene: Happening) -> None:
            await visitor.look(scene)
            if len(visitor.seen) == len(LOOKS):
                stop.set()

        await perform(tmp_path, stop, look, visitor.come_in, port=0, speed=1000)
    assert len(visitor.seen) == len(load_script()) == len(LOOKS)


def test_each_picture_of_the_readme_is_made_with_one_line_of_the_script():
    told = [scene.told for scene in load_script()]
    assert [sum(line.startswith(begin) for line in told) for begin in PICTURES] == [1] * len(PICTURES)


async def test_a_line_that_cannot_be_told_ends_the_demo_and_is_no_silent_end(tmp_path: Path):
    async def fail(_: Happening) -> None:
        raise OSError("nobody listens")

    with pytest.raises(OSError, match="nobody listens"):
        await perform(tmp_path, asyncio.Event(), fail, lambda _: None, port=0, speed=1000)
