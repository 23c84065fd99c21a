"""What the web's tests put in the place of a store."""

from __future__ import annotations

import inspect

from aggregator.ports import ReadOnlyStore
from tests.support.shelf import Shelf


def test_the_store_in_memory_answers_to_all_that_a_store_is_asked_when_read():
    for name, method in inspect.getmembers(ReadOnlyStore, inspect.isfunction):
        if not name.startswith("_"):
            assert name in vars(Shelf), name
            assert inspect.signature(vars(Shelf)[name]) == inspect.signature(method), name
