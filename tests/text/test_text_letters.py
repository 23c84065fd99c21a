"""Letters in whatever case and form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.letters import fold_letters


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "Straße"),
        ("İSTANBUL", "ıstanbul"),
        ("ΟΔΟΣ", "οδος"),
        ("o\N{LATIN SMALL LIGATURE FFI}ce", "OFFICE"),
        ("\N{ANGSTROM SIGN}ngström", "A\N{COMBINING RING ABOVE}NGSTRO\N{COMBINING DIAERESIS}M"),
        ("ﾊﾞｽ", "バス"),
        ("Ab\N{SOFT HYPHEN}satz", "absatz"),
        ("PLAIN", "plain"),
    ],
)
def test_letters_that_differ_in_case_and_form_alone_are_one(one: str, other: str):
    assert fold_letters(one) == fold_letters(other)


@pytest.mark.parametrize(
    "text", ["python\N{TRADE MARK SIGN}", "km\N{SUPERSCRIPT TWO}", "\N{ARABIC FATHATAN ISOLATED FORM}"]
)
def test_signs_stay_and_nothing_becomes_white_space(text: str):
    assert fold_letters(text) == text


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_folding_letters_of_folded_ones_changes_nothing(text: str):
    assert fold_letters(fold_letters(text)) == fold_letters(text)
