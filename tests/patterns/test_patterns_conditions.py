"""Conditions and classes of nothing in editors' patterns."""

from __future__ import annotations

import pytest

from aggregator.patterns.exact import can_run_long
from aggregator.patterns.search import guard_pattern


@pytest.mark.parametrize(
    ("pattern", "expected"), [("(a)?(?(1)b+|c)", True), ("(a)?(?(1)bc)", True), ("(a)(?(1)bc)", False)]
)
def test_what_a_condition_leads_to_may_repeat(pattern: str, *, expected: bool):
    assert can_run_long(pattern) is expected


def test_a_class_of_nothing_finds_nothing():
    assert not guard_pattern(r"[^\s\S]+").search("any text")


def test_a_pattern_that_chooses_often_is_bounded_like_one_that_repeats() -> None:
    assert can_run_long("(?:a|aa)" * 22 + "c")
    assert not can_run_long("(?:python|sqlite|django)")
