"""What people type into a search box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Phrase, WordSearch
from aggregator.pipeline.asked_words import read_search


def phrase(text: str, *, is_beginning: bool = False) -> Phrase:
    return Phrase(terms=tuple(text.split()), is_beginning=is_beginning)


@pytest.mark.parametrize(
    ("asked", "wanted", "unwanted"),
    [
        ("Python  SQLite python", [phrase("python"), phrase("sqlite")], []),
        ('"New York" -"los angeles" -rain', [phrase("new york")], [phrase("los angeles"), phrase("rain")]),
        ("\u201eNew York\u201c x", [phrase("new york"), phrase("x")], []),
        ('"never closed', [phrase("never closed")], []),
        ("elect* e-mail", [phrase("elect", is_beginning=True), phrase("e mail")], []),
        ("AT&T *", [phrase("at t")], []),
        ("東京都", [phrase("東京 京都")], []),
        ("都", [phrase("都", is_beginning=True)], []),
        ("x東", [phrase("x 東", is_beginning=True)], []),
        ('- "" ... \x00', [], []),
    ],
)
def test_words_phrases_beginnings_and_what_must_not_be_there_are_told_apart(
    asked: str, wanted: list[Phrase], unwanted: list[Phrase]
) -> None:
    assert read_search(asked) == WordSearch(wanted=tuple(wanted), unwanted=tuple(unwanted))


@given(st.text(max_size=400))
def test_whatever_is_typed_is_a_search_of_bounded_size(asked: str) -> None:
    search = read_search(asked)
    assert len(search.wanted) <= 16
    assert all(0 < len(one.terms) <= 16 for one in (*search.wanted, *search.unwanted))
