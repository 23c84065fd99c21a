"""What the store keeps of feeds.yaml."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aggregator.model import KeptCatalogue
from aggregator.ports import Store
from tests.support.nouns import NOON


async def test_the_newest_version_that_was_kept_is_given_back_byte_for_byte(store: Store):
    assert await store.kept_catalogue() is None
    assert await store.catalogue_version() == 0
    assert await store.keep_catalogue(b"sources: {}\n", NOON) == 1
    assert await store.keep_catalogue(b"sources: {}\r\n\xc3\xa4", NOON + timedelta(days=1)) == 2
    kept = KeptCatalogue(version=2, content=b"sources: {}\r\n\xc3\xa4", kept_at=NOON + timedelta(days=1))
    assert await store.kept_catalogue() == kept
    assert await store.keep_catalogue(b"sources: {}\n", NOON - timedelta(days=400)) == 3  # a clock that goes back
    assert await store.kept_catalogue() == KeptCatalogue(
        version=3, content=b"sources: {}\n", kept_at=NOON - timedelta(days=400)
    )
    assert await store.catalogue_version() == 3


async def test_many_versions_do_not_pile_up_and_the_same_again_is_none(store: Store):
    for number in range(60):
        await store.keep_catalogue(f"# {number // 2}\n".encode(), NOON)
    assert await store.kept_catalogue() == KeptCatalogue(version=30, content=b"# 29\n", kept_at=NOON)


async def test_a_version_made_from_one_that_is_no_longer_in_force_replaces_nothing(store: Store):
    assert await store.keep_catalogue(b"# 1\n", NOON, replacing=0) == 1
    assert await store.keep_catalogue(b"# other\n", NOON, replacing=0) is None
    assert await store.keep_catalogue(b"# 2\n", NOON, replacing=1) == 2
    assert await store.keep_catalogue(b"# other\n", NOON, replacing=1) is None
    assert await store.keep_catalogue(b"# 2\n", NOON, replacing=1) == 2, "two who make the same one agree"
    assert await store.kept_catalogue() == KeptCatalogue(version=2, content=b"# 2\n", kept_at=NOON)


async def test_of_many_who_replace_one_version_at_once_one_does(store: Store):
    made = await asyncio.gather(
        *(store.keep_catalogue(f"# {number}\n".encode(), NOON, replacing=0) for number in range(10))
    )
    assert sorted(one for one in made if one) == [1]
