"""No pattern of ours can be kept busy: each is given its own words, repeated without end.

AGGREGATOR_PUMPS=1000000 pytest tests/patterns/test_patterns_of_ours.py    pairs of words too, a megabyte of each
"""

from __future__ import annotations

import os
import re

from tests.support import pumps

LEFT = ("aggregator.parse.pages.", "aggregator.parse.people._NAME_THEN_MAIL", "aggregator.publish.pieces._PIECES")
"""Still to be mended: what reads pages and people, in a child that can be killed; and what takes our own documents
apart, in which each entry ends."""

FULL = int(os.environ.get("AGGREGATOR_PUMPS", "0"))


def test_every_pattern_of_the_package_takes_time_in_proportion_to_its_text():
    found = pumps.failing(FULL or 20_000, paired=bool(FULL))
    assert [line for line in found if not line.startswith(LEFT)] == []


def test_patterns_are_found_wherever_they_stand():
    places = {found.place for found in pumps.patterns()}
    assert "aggregator.dedupe.stories.furniture._DATELINES" in places, "in a tuple"
    assert "aggregator.normalize.bylines._PREFIXES" in places, "in a mapping"
    assert any(place.startswith("aggregator.parse.pages.jsonld:") for place in places), "in a function"
    assert len(places) > 250


def test_a_pattern_that_can_be_kept_busy_is_noticed():
    for pattern, method in ((r"\s*$", "search"), (r"(?:read more\W?\s*)+$", "search"), (r"(a|b|ab)+c", "match")):
        found = pumps.Found(place="here", pattern=re.compile(pattern), methods=frozenset({method}))
        assert pumps.slow(found, 30_000) is not None, pattern
    found = pumps.Found(place="here", pattern=re.compile(r"(?<!\s)\s++$"), methods=frozenset({"search"}))
    assert pumps.slow(found, 30_000) is None
