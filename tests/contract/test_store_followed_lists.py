"""What the store remembers of lists elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aggregator.model import FollowedLists, ListMember, ListState, Validators
from aggregator.ports import Store
from tests.support.nouns import NOON

MEMBER = ListMember(
    id="planet-a", url="https://a.example/feed", title="Ä \N{EARTH GLOBE EUROPE-AFRICA}", tags=("x", "y")
)
STATE = ListState(
    list_id="planet",
    url="https://p.example/l.opml",
    members=(MEMBER, ListMember(id="planet-b", url="https://b.example/", listed=False)),
    checked_at=NOON,
    succeeded_at=NOON,
    next_check_at=NOON + timedelta(days=1),
    validators=Validators(etag='W/"1"', last_modified="Fri, 27 Nov 2026 10:00:00 GMT", given_by="x"),
    held_since=NOON,
    missing=1,
)


async def test_a_list_comes_back_as_it_was_kept_and_its_version_rises_only_where_it_names_others(store: Store):
    assert await store.followed_lists() == FollowedLists()
    assert await store.lists_version() == 0
    failed = replace(STATE, members=(), succeeded_at=None, held_since=None, error="It is a page.")
    await store.keep_list(failed)
    assert await store.lists_version() == 0, "it named nothing yet"
    await store.keep_list(STATE)
    assert await store.followed_lists() == FollowedLists(version=1, states={"planet": STATE})
    later = replace(STATE, checked_at=NOON + timedelta(days=1), validators=Validators())
    await store.keep_list(later)
    assert await store.lists_version() == 1
    await store.keep_list(replace(later, list_id="other", members=(MEMBER,)))
    assert await store.lists_version() == 2
    await store.keep_list(replace(later, members=(MEMBER,)))
    found = await store.followed_lists()
    assert (found.version, set(found.states)) == (3, {"planet", "other"})
