"""No pattern of ours can be kept busy: each is given its own words, repeated without end."""

from __future__ import annotations

import re

import pytest

from tests.support import pumps


def test_every_pattern_of_the_package_takes_time_in_proportion_to_its_text():
    assert pumps.failing(20_000, paired=False) == []


@pytest.mark.trial
def test_no_pair_of_a_patterns_words_and_no_megabyte_of_one_keeps_it_busy():
    assert pumps.failing(100_000, paired=True) == []
    assert pumps.failing(1_000_000, paired=False) == []


def test_patterns_are_found_wherever_they_stand():
    places = {found.place for found in pumps.patterns()}
    assert "aggregator.stories.boilerplate._DATELINES" in places, "in a tuple"
    assert "aggregator.normalize.author_names._PREFIXES" in places, "in a mapping"
    assert any(place.startswith("aggregator.parse.html.jsonld:") for place in places), "in a function"
    assert len(places) > 250
    modules = {place.partition("._")[0] for place in places}
    assert {
        f"aggregator.dedupe.{name}" for name in ("noise", "media_names", "teasers", "redesign", "dressed_titles")
    } <= modules
    assert {
        f"aggregator.parse.charsets.{name}" for name in ("decode", "utf8", "encoding_labels", "guess")
    } <= modules


def test_a_pattern_that_can_be_kept_busy_is_noticed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pumps, "LIMIT", 0.3)  # which the first two reach, and need not take two seconds for
    for pattern, method in ((r"\s*$", "search"), (r"(?:read more\W?\s*)+$", "search"), (r"(a|b|ab)+c", "match")):
        found = pumps.Found(place="here", pattern=re.compile(pattern), methods=frozenset({method}))
        assert pumps.slow(found, 30_000) is not None, pattern
    found = pumps.Found(place="here", pattern=re.compile(r"(?<!\s)\s++$"), methods=frozenset({"search"}))
    assert pumps.slow(found, 30_000) is None
