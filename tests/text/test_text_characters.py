"""Text in one form, whatever runs of marks it has."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregator
from aggregator.text.characters import LONGEST_RUN, keep_printable, strip_controls, to_normal_form, to_one_line
from tests.support.effort import within

MARKS = ("\u0301\u0327", "\uff9e\u0301", "\u0345\u0301\u05b0", "\u0f73\u0301")


def test_texts_are_put_in_normal_form_here_and_nowhere_else():
    files = {path: path.read_text(encoding="utf-8") for path in Path(aggregator.__path__[0]).rglob("*.py")}
    found = {path.stem for path, code in files.items() if "unicodedata.normalize(" in code}
    assert found == {"characters", "letters", "r0002_aliases"}, "letters one at a time; a migration is as it is"


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_marks_without_end_are_put_in_order_in_no_time(marks: str, form: str):
    with within(2):
        found = to_normal_form("a" + marks * 50_000, form)
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


@given(
    st.text(st.one_of(st.sampled_from(" \t\n\x0b\x1c\x1f\x85\u00a0\u2028\u3000ab\u0301é“\u05d0"), st.characters()))
)
def test_one_line_is_what_its_words_are_with_single_spaces(text: str):
    kept = strip_controls(text)

    assert to_one_line(text) == re.sub(r"\s+", " ", to_normal_form(kept, "NFC")).strip()


def test_text_without_a_mark_is_not_searched_for_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("aggregator.text.characters._RUN", None)

    assert to_normal_form("новость “é” — здесь", "NFC") == "новость “é” — здесь"
