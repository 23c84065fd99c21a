"""What was understood before, read where its variables are not set."""

from __future__ import annotations

from pathlib import Path

from aggregator.catalogue.comparison import describe_change
from aggregator.catalogue.kept import load_kept
from aggregator.catalogue.load import load_text
from aggregator.catalogue.typing_in import place_meant

FEEDS = """
sources:
  river: https://river.example/${KEY}
  lake: https://lake.example/
publish:
  own: {private: '${TOKEN}'}
  all: {}
"""


def test_an_unset_variable_costs_only_what_needs_it(tmp_path: Path) -> None:
    found = load_kept(FEEDS.encode(), tmp_path / "feeds.yaml", {})
    assert [(one.id, one.enabled) for one in found.sources] == [("river", False), ("lake", True)]
    own = found.publication("own")
    assert own is not None
    assert own.private
    assert "TOKEN" not in "".join(own.tokens)
    assert found.standing.unset == {"river"}
    every = load_kept(
        FEEDS.encode(), tmp_path / "feeds.yaml", {"KEY": "a-good-key", "TOKEN": "a-token-of-twenty-letters"}
    )
    assert not every.standing.unset


def test_an_edit_is_told_in_a_sentence_without_asking_a_store(tmp_path: Path) -> None:
    before = load_text(b"sources: {lake: https://lake.example/}", tmp_path / "feeds.yaml", {})
    after = load_text(b"sources: {sea: https://sea.example/}", tmp_path / "feeds.yaml", {})
    assert "lake" in describe_change(before, after)
    assert "sea" in describe_change(before, after)


def test_a_name_that_no_system_takes_is_no_file(tmp_path: Path) -> None:
    assert place_meant("a\x00b", tmp_path) is None
    assert place_meant("a" * 5000, tmp_path) is None
