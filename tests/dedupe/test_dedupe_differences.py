"""What changed between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.differences import MOST_WORDS, difference

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=30).map(" ".join)


def told(before: str, after: str) -> str:
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return " ".join(marks[one.kind].format(one.words) for one in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one  two", "one two", ""),
        ("", "one", "{+one+}"),
        ("one", "", "[-one-]"),
        ("water stands at mark two", "water stands at mark three", "water stands at mark [-two-] {+three+}"),
        ("a b c d e f g h X", "a b c d e f g h Y", "… d e f g h [-X-] {+Y+}"),
        ("X a b c d e f g h", "a b c d e f g h", "[-X-] a b c d e …"),
        (
            "X a b c d e f g h i j k l Y",
            "x a b c d e f g h i j k l y",
            "[-X-] {+x+} a b c d e … h i j k l [-Y-] {+y+}",
        ),
    ],
)
def test_only_what_stands_around_a_change_is_kept(before, after, expected):
    assert told(before, after) == expected


@given(WORDS, WORDS)
def test_leaving_out_what_is_new_gives_the_earlier_text_back_where_nothing_was_shortened(before, after):
    passages = difference(before, after)
    if passages and not any("…" in one.words for one in passages):
        assert " ".join(one.words for one in passages if one.kind != "inserted").split() == before.split()
        assert " ".join(one.words for one in passages if one.kind != "deleted").split() == after.split()


def test_a_change_far_down_a_long_text_is_found():
    long = "word " * 10 * MOST_WORDS
    assert told(f"{long} one {long}", f"{long} two {long}") == (
        "… word word word word word [-one-] {+two+} word word word word word …"
    )


def test_of_texts_that_have_little_in_common_the_beginning_is_compared():
    first, second = (" ".join(f"{name}{number}" for number in range(3 * MOST_WORDS)) for name in "ab")
    deleted, inserted, more = difference(first, second)
    assert [len(one.words.split()) for one in (deleted, inserted)] == [MOST_WORDS, MOST_WORDS]
    assert (more.kind, more.words) == ("kept", "…")


@given(WORDS, WORDS, WORDS, WORDS)
def test_what_two_texts_begin_and_end_with_is_no_difference(before, after, start, end):
    assert bool(difference(f"{start} {before} {end}", f"{start} {after} {end}")) == (before != after)
