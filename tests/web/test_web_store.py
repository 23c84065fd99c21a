"""What the web's tests put in the place of a store; and what a real one is asked by addresses that nobody made."""

from __future__ import annotations

import inspect
from pathlib import Path

from aggregator.ports import ReadOnlyStore
from tests.support.client import http_client
from tests.support.installation import item, rss
from tests.support.planet import planet
from tests.support.shelf import Shelf


def test_the_store_in_memory_answers_to_all_that_a_store_is_asked_when_read():
    for name, method in inspect.getmembers(ReadOnlyStore, inspect.isfunction):
        if not name.startswith("_"):
            assert name in vars(Shelf), name
            assert inspect.signature(vars(Shelf)[name]) == inspect.signature(method), name


NUMBERS = ["-1", "0", "007", "%D9%A1", "1e3", "9" * 10, "9" * 19, "9" * 30, "9" * 5000, "-" + "9" * 30, "\u00b2"]
TEXTS = ["%00", "%ed%a0%80", "%ff%fe", "%F0%9F%98%80" * 2000, "..%2f..%2fetc%2fpasswd", "%22" * 3000, "'--"]


async def test_no_address_whatever_stands_in_it_is_a_fault_of_ours(tmp_path: Path):
    async with planet(tmp_path) as here, http_client(base_url=here.url("")) as client:
        await here.poll("river", rss(item(1)))
        for number in NUMBERS:
            for path in (
                "/all/archive/{}.atom",
                "/token/all/archive/{}.json",
                "/?before=2026-02-01T08:00:00Z,{},x",
            ):
                answer = await client.get(path.format(number))
                assert answer.status_code in {200, 400, 404}, (path, number)
        for text in TEXTS:
            for path in ("/{}", "/{}.rss", "/tag/{}.atom", "/source/{}.json", "/story/{}", "/story/{}.atom",
                         "/static/{}", "/{}/all.atom", "/?before={}", "/?tag={}"):  # fmt: skip
                answer = await client.get(path.format(text))
                assert answer.status_code in {200, 400, 404}, (path, text)
