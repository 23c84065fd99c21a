"""Rules of judging that are equations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Entry
from tests.dedupe.memory import Memory
from tests.support.nouns import entry, stamp

NUMBERS = range(8)


def article(number: int, *, named: bool = True) -> Entry:
    """One of a few articles, each unlike the others."""
    words = " ".join(f"word{number}{letter}" for letter in "abcdefghijklmnop")
    address = f"river.example/{number}"
    return entry(
        id=f"urn:x:{number}" if named else None,
        url=f"https://{address}",
        url_key=address,
        title=f"Report of the day {number}",
        content=f"<p>{words}</p>",
        text=words,
        published=stamp(f"2026-02-{number + 10}T08:00:00Z"),
        position=number,
    )


@given(
    st.permutations(NUMBERS),
    st.lists(st.integers(0, len(NUMBERS)), max_size=4),
    st.permutations(NUMBERS),
    st.booleans(),
)
def test_in_whatever_order_and_however_many_polls_articles_arrive_they_become_the_same_items(
    one, cuts, other, named
):
    at_once, bit_by_bit = Memory(), Memory()
    at_once.poll(*(article(number, named=named) for number in one))
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(other)], strict=True):
        bit_by_bit.poll(*(article(number, named=named) for number in other[start:end]))
    assert facts(at_once) == facts(bit_by_bit)
    assert len(at_once.items) == len(NUMBERS)


@given(st.lists(st.lists(st.sampled_from(NUMBERS), unique=True), max_size=6))
def test_what_a_feed_drops_and_brings_back_is_neither_lost_nor_new(documents):
    memory = Memory()
    met: set[int] = set()
    for numbers in documents:
        changes = memory.poll(*map(article, numbers))
        assert {title for kind, title in changes if kind == "new"} == {
            article(number).title for number in set(numbers) - met
        }
        met |= set(numbers)
        assert memory.titles == sorted(article(number).title for number in met)


def facts(memory: Memory) -> dict[str, tuple[str, str, object, object]]:
    """What subscribers see of each item."""
    return {
        uid: (item.public_id, item.entry.title, item.published, item.updated) for uid, item in memory.items.items()
    }
