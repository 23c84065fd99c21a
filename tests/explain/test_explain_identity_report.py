"""By what an item is recognised, in words that are true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.explain.identity_report import identity_report
from aggregator.model import Item, ItemHistory, ItemKey, SourceProfile
from tests.support.nouns import entry, source
from tests.support.shelf import item


def keyed(kind: str, value: str, **fields) -> Item:
    return replace(item("a", **fields), key=ItemKey(kind=kind, value=value))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (keyed("id", entry().id), "the id that its publisher gave it"),
        (keyed("id", f"{entry().id}|{entry().url_key}"), "the id was given to several things"),
        (keyed("url", "example.org/1", id=None), "its address: it came without an id"),
        (keyed("url", "example.org/1"), "its address: ids tell nothing in its source"),
        (keyed("enclosure", "https://example.org/a.mp3"), "the file that it carries"),
        (keyed("hash", "00"), "a hash of its title and date, or of its text"),
    ],
)
def test_the_rule_is_told_that_made_the_key(found: Item, words: str):
    assert words in identity_report(found, source(), SourceProfile()).rule


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (SourceProfile(), "items of its source are told apart by its publisher's ids, as measured"),
        (
            SourceProfile(identity="url", repeats=2),
            "by their addresses, as measured: one id came for several things",
        ),
        (SourceProfile(identity="url", renames=2), "as measured: new ids came for things that were known"),
        (
            SourceProfile(identity="title", repeats=1, shared_urls=True),
            "as measured: one id came for several things, and many things came under one address",
        ),
    ],
)
def test_what_was_measured_of_the_source_is_told(profile: SourceProfile, words: str):
    found = identity_report(item("a"), source(), profile)
    assert found.policy == profile.identity
    assert found.policy_reason.endswith(words)


def test_the_editors_word_goes_before_what_was_measured():
    found = identity_report(item("a"), source(identity="title"), SourceProfile(identity="url", repeats=2))
    assert (found.policy, found.policy_reason) == ("title", "feeds.yaml says `identity: title`")


def test_of_a_source_that_was_removed_only_what_was_measured_is_known():
    assert identity_report(item("a"), None, SourceProfile(identity="url")).policy == "url"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (keyed("id", "urn:x:1", public_id="urn:x:1"), "the publisher's own id"),
        (
            keyed("id", "1"),
            "made by us: the publisher's id has not the form of an address (tag:…), or another item bears it",
        ),
        (keyed("url", "example.org/1"), "made by us: it has no id of its publisher that is its own"),
    ],
)
def test_why_it_is_published_under_its_id_is_told(found: Item, words: str):
    given = {"public_id": found.public_id if found.public_id == "urn:x:1" else f"urn:uuid:{found.uid}"}
    assert identity_report(replace(found, **given), source(), SourceProfile()).public_id_reason.startswith(words)


def test_further_names_are_counted():
    known = replace(item("a"), trace=ItemHistory(aliases=3))
    assert identity_report(known, source(), SourceProfile()).names == 3
