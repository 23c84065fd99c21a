"""What the documentation says of markup is what the policy holds."""

from __future__ import annotations

from pathlib import Path

from aggregator.normalize.policy import TAGS

PAGE = Path(__file__).parent.parent.parent / "docs" / "html-policy.md"


def test_the_elements_that_stay_are_those_of_the_policy():
    listed = PAGE.read_text("utf-8").split("```")[1].split()
    assert sorted(listed) == sorted(TAGS)
