"""What changes by itself in a text, wherever in it that stands."""

from __future__ import annotations

from aggregator.dedupe.noise import strip_noise


def test_counters_far_from_each_other_are_all_left_out():
    between = "the river rises and the northern bridge stays closed until the wardens have looked at its pillars"
    one, other = (f"{count} comments {between} {count} comments" for count in (5, 71))
    assert strip_noise(one) == strip_noise(other)
    assert between in strip_noise(one)
