"""Whether a text runs from left to right or from right to left."""

from __future__ import annotations

from aggregator.normalize.direction import direction


def test_as_many_letters_of_either_direction_tell_nothing():
    assert direction("a\u05e9", "", "", None) is None
    assert direction("ab\u05e9", "", "", None) == "ltr"
    assert direction("a\u05e9\u05dc", "", "", None) == "rtl"
