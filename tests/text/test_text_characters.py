"""Text in one form, whatever runs of marks it has."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.characters import LONGEST_RUN, keep_printable, to_normal_form

MARKS = ("\u0301\u0327", "\uff9e\u0301", "\u0345\u0301\u05b0", "\u0f73\u0301")


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_marks_without_end_are_put_in_order_in_no_time(marks: str, form: str):
    begin = time.process_time()
    found = to_normal_form("a" + marks * 50_000, form)
    assert time.process_time() - begin < 2
    assert len(found) <= 3 * LONGEST_RUN


@given(st.text(max_size=40))
def test_text_without_such_runs_is_normalized_and_nothing_else(text: str):
    assert to_normal_form(text, "NFC") == unicodedata.normalize("NFC", text) or len(text) > LONGEST_RUN
    assert to_normal_form(text, "NFKC") == unicodedata.normalize("NFKC", text) or len(text) > LONGEST_RUN


def test_lines_and_rows_of_pictures_stay():
    for row in ("─" * 200, "★" * 100, "🎉" * 50, "e\u0301" * 300):
        assert to_normal_form(row, "NFC") == unicodedata.normalize("NFC", row)


def test_a_sentence_for_people_holds_nothing_that_hides_or_turns_its_words():
    assert (
        keep_printable("a\u202egpj.exe\x1b[31m b\u200b\r\nc\xe9 \N{ARABIC LETTER PEH}")
        == "agpj.exe[31m bc\xe9 \N{ARABIC LETTER PEH}"
    )
