"""The digest of a publication's definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.model import Drop, Limit, Matcher, Publication
from aggregator.publish import digest
from tests.publish.editions import SITE
from tests.support.nouns import source

ALL = Publication(id="all", title="All")
SOURCES = (source(id="a"), source(id="b"))
BEFORE = digest(SITE, ALL, SOURCES)
FILTER = (Drop(any_of=(Matcher(field="title", pattern="x", shown="x"),)),)


@pytest.mark.parametrize(
    ("site", "publication", "sources"),
    [
        ({"title": "New"}, {}, {}),
        ({"link": None}, {}, {}),
        ({}, {"title": "New"}, {}),
        ({}, {"filters": FILTER}, {}),
        ({}, {"limit": 99}, {}),
        ({}, {"per_source": 3}, {}),
        ({}, {"edits": "silent"}, {}),
        ({}, {"duplicates": "keep"}, {}),
        ({}, {"formats": ("atom",)}, {}),
        ({}, {}, {"title": "New"}),
        ({}, {}, {"url": "https://example.org/new"}),
        ({}, {}, {"kind": "page"}),
        ({}, {}, {"publish": "link"}),
        ({}, {}, {"priority": 9}),
        ({}, {}, {"filters": (Limit(count=1),)}),
    ],
)
def test_whatever_bytes_depend_on_changes_the_digest(site, publication, sources):
    changed = (replace(SOURCES[0], **sources), SOURCES[1])
    assert digest(replace(SITE, **site), replace(ALL, **publication), changed) != BEFORE


def test_another_set_of_sources_changes_the_digest():
    assert digest(SITE, ALL, SOURCES[:1]) != BEFORE


@pytest.mark.parametrize(
    "harmless",
    [{"location": "https://x:y@example.org/"}, {"headers": (("A", "B"),)}, {"enabled": False}],
)
def test_what_bytes_do_not_depend_on_leaves_the_digest(harmless):
    changed = tuple(replace(one, **harmless) for one in reversed(SOURCES))
    assert digest(SITE, replace(ALL, tokens=("sesame",)), changed) == BEFORE
