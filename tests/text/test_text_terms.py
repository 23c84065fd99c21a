"""What a text is found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.terms import LONGEST, split_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Straße, STRASSE", ["strasse", "strasse"]),
        ("L'Été à Çatalhöyük", ["l", "ete", "a", "catalhoyuk"]),
        ("С\u0301ёлка", ["селка"]),
        ("node.js: 1,000.5 x_y", ["node", "js", "1", "000", "5", "x", "y"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("نَصّ שָׁלוֹם", ["نص", "שלום"]),
        ("iPad東京都2020", ["ipad", "東京", "京都", "都", "2020"]),
        ("한국어는", ["한국", "국어", "어는", "는"]),
        ("ไทย", ["ไท", "ทย", "ย"]),
        ("字", ["字"]),
        ("… --- \N{WATER WAVE}", []),
        ("a" * 100, ["a" * LONGEST]),
        ("ü" * 100, ["u" * LONGEST]),
    ],
)
def test_words_are_found_in_any_case_and_script(text: str, terms: list[str]) -> None:
    assert split_terms(text) == terms


@given(st.text(max_size=200))
def test_no_term_holds_a_sign_whatever_the_text_holds(text: str) -> None:
    for term in split_terms(text):
        assert 0 < len(term) <= LONGEST
        assert not set(term) & set("'\"\\ \n\t\x00-*():&|!<>")


@given(st.text(alphabet="東京都港区한국어", min_size=2, max_size=12), st.data())
def test_any_part_of_a_run_without_spaces_is_a_phrase_of_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    whole, part = split_terms(text), split_terms(text[start:end])[:-1]
    assert part == whole[start : start + len(part)]
