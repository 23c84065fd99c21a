"""Bounds of what work takes."""

from __future__ import annotations

import pytest

from tests.support import effort


def test_what_takes_more_than_it_may_is_found_and_a_machine_that_is_slower_in_all_is_given_more(
    monkeypatch: pytest.MonkeyPatch,
):
    too_little = effort._USUAL / 10
    with effort.within(60):
        effort.loop()
    with pytest.raises(AssertionError, match="s of CPU"), effort.within(too_little):
        effort.loop()
    monkeypatch.setattr(effort, "_USUAL", effort._USUAL / 10_000)
    with effort.within(too_little):
        effort.loop()
