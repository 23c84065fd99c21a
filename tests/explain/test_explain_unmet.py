"""What stands in feeds.yaml and comes to nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.explain.report import NotFound, explain
from aggregator.explain.unmet import find_unmet, find_withdrawal
from aggregator.model import Catalogue
from tests.support.installation import item, rss
from tests.support.planet import Planet, planet


def withdrawing(here: Planet, name: str, line: int | None = 7) -> Catalogue:
    return replace(here.catalogue, withdrawn={name: line})


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("urn:nobody:1", "it will be withdrawn when it comes"),
        ("river", "that is a source: remove it, or write `enabled: false` there"),
        ("https://example.org/feed", "that is the address of the source 'river': remove it, or write"),
        ("all", "that is a publication: remove it under `publish`"),
        ("Two words", "an item is named by its address or its id, not by its title"),
    ],
)
async def test_a_name_under_withdraw_that_hits_nothing_is_told_with_what_it_is(
    tmp_path: Path, name: str, becomes: str
):
    async with planet(tmp_path) as here:
        here.catalogue = withdrawing(here, name)
        assert await find_unmet(here.catalogue, "feeds.yaml", here.store) == (), "nothing was polled yet"
        await here.poll("river", rss(item(1)))
        (told,) = await find_unmet(here.catalogue, "feeds.yaml", here.store)
        assert told.line == 7
        assert becomes in told.message
        said = find_withdrawal(name, here.catalogue)
        assert said is not None
        assert said.startswith("It stands under `withdraw` in feeds.yaml, line 7: ")
        assert becomes in said
        found = await explain(name, here.store, here.catalogue)
        assert isinstance(found, NotFound)
        assert f"{said}." in found.remarks


async def test_of_a_name_without_a_line_and_of_one_that_nobody_withdraws_no_line_is_told(tmp_path: Path):
    async with planet(tmp_path) as here:
        said = find_withdrawal("urn:nobody:1", withdrawing(here, "urn:nobody:1", None))
        assert said == "It stands under `withdraw` in feeds.yaml: it will be withdrawn when it comes"
        assert find_withdrawal("urn:nobody:2", withdrawing(here, "urn:nobody:1")) is None
