"""What the store keeps of feeds.yaml."""

from __future__ import annotations

from datetime import timedelta

from aggregator.ports import Store
from tests.support.nouns import NOON


async def test_the_newest_version_that_was_kept_is_given_back_byte_for_byte(store: Store):
    assert await store.kept_catalogue() is None
    await store.keep_catalogue(b"sources: {}\n", NOON)
    await store.keep_catalogue(b"sources: {}\r\n\xc3\xa4", NOON + timedelta(days=1))
    assert await store.kept_catalogue() == b"sources: {}\r\n\xc3\xa4"
    await store.keep_catalogue(b"sources: {}\n", NOON - timedelta(days=400))  # a clock that goes back
    assert await store.kept_catalogue() == b"sources: {}\n"


async def test_many_versions_do_not_pile_up_and_the_same_again_is_none(store: Store):
    for number in range(60):
        await store.keep_catalogue(f"# {number // 2}\n".encode(), NOON)
    assert await store.kept_catalogue() == b"# 29\n"
