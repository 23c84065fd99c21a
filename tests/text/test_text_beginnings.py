"""By which ends a text is taken for the beginning of a longer one."""

from __future__ import annotations

import pytest

from aggregator.text.beginnings import ends_as_beginning, find_mark, is_beginning, without_mark


@pytest.mark.parametrize(
    ("text", "mark", "beginning"),
    [
        ("The boats are back.", "", False),
        ("The boats are […]", "strong", True),
        ("The boats are back. Lire la suite »", "strong", True),
        ("The boats are…", "weak", True),
        ("The boats are (...)", "", True),
        ('He said: "The boats are…"', "", True),
        ("The boats are back ->", "", True),
        ("The boats are back »", "", True),
        ("Les bateaux sont « de retour » »", "", True),
        ("Les bateaux sont « de retour »", "", False),
        ("", "", False),
    ],
)
def test_marks_arrows_and_dots_in_quotes_say_that_a_text_goes_on(text: str, mark: str, beginning: bool):
    assert (find_mark(text), ends_as_beginning(text)) == (mark, beginning)


def test_a_text_is_a_beginning_where_it_is_short_or_ends_as_one():
    assert [is_beginning(text) for text in ("Short.", "word " * 200 + "read more »", "word " * 200 + "end.")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("mark", ["…", "...", " […]", " [...]", " Read more", " weiterlesen …"])
def test_without_its_mark_a_text_is_the_beginning_that_it_was(mark: str):
    assert without_mark(f"The Boats\nare back{mark}") == "the boats are back"
