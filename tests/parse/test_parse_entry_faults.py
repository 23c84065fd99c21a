"""A fault of ours on one entry costs that entry."""

from __future__ import annotations

import pytest

from aggregator.model import RawEntry
from aggregator.parse.entry_faults import read_each


def read(number: int) -> RawEntry:
    """A reader with a fault of ours: it cannot divide by nothing."""
    return RawEntry(id=f"urn:x:{6 // number}")


def test_the_others_are_read_and_the_one_is_told_by_what_it_calls_itself() -> None:
    made, faults = read_each([1, 0, 2, 0], read, lambda number: "  the \n zeroth  " * (number == 0))
    assert [entry.id for entry in made] == ["urn:x:6", "urn:x:3"]
    assert [(fault.entry, fault.error) for fault in faults] == [("the zeroth", "ZeroDivisionError")] * 2
    assert "6 // number" in faults[0].trace


def test_what_calls_itself_nothing_is_an_entry_without_a_title() -> None:
    _, (fault,) = read_each([1, 0], read, lambda _: None)
    assert fault.entry == "an entry without a title"


def test_where_none_can_be_read_the_fault_is_no_entrys() -> None:
    with pytest.raises(ZeroDivisionError):
        read_each([0, 0], read, str)


@pytest.mark.parametrize("error", [ImportError, MemoryError])
def test_a_broken_installation_and_a_full_memory_are_no_entrys_faults(error: type[Exception]) -> None:
    def fail(number: int) -> RawEntry:
        if number:
            raise error
        return read(1)

    with pytest.raises(error):
        read_each([0, 1], fail, str)
