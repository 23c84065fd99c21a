"""Secrets in what somebody sent back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.redaction import MASK, Redactor, redactor

KEY = "s3cret/Key+42=="


class Pair(NamedTuple):
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    title: str
    number: int = 0
    inner: Record | None = None
    made: str = field(default="made", init=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"before {KEY} after", f"before {MASK} after"),
        (f"https://h/?k={quote(KEY, safe='')}&x=1", f"https://h/?k={MASK}&x=1"),
        (f"https://h/?k={quote(KEY, safe='').lower().replace('s3cret', 's3cret').replace('key', 'Key')}", None),
        (f"https://h/{quote(KEY)}/a", f"https://h/{MASK}/a"),
        (f"k={quote_plus(KEY)}", f"k={MASK}"),
        ('<p>a</p><img src="https://h/s3cret/Key+42==/a.png" alt="A">', '<p>a</p><img alt="A">'),
        ("<p>s3cret/<b>Key</b>+42== is it</p>", f" {MASK} is it "),
        ("<p>1 &lt; s3cret/<i>Key+42==</i></p>", f" 1 &lt; {MASK} "),
        ("<p>nothing to see</p>", "<p>nothing to see</p>"),
        ("s3cret and Key", "s3cret and Key"),
    ],
)
def test_a_secret_is_masked_in_every_way_of_writing_it(text: str, expected: str | None):
    found = Redactor([KEY]).text(text)
    assert KEY not in found
    if expected is not None:
        assert found == expected


def test_a_secret_with_signs_of_markup_is_found_escaped_and_as_json():
    hidden = Redactor(["a&b<c>\"d'e\\f"])
    assert hidden.text("x a&amp;b&lt;c&gt;&quot;d&#x27;e\\f y") == f"x {MASK} y"
    assert hidden.text('{"k": "a&b<c>\\"d\'e\\\\f"}') == '{"k": "***"}'


def test_the_longer_of_two_secrets_is_taken_as_a_whole():
    assert Redactor(["longsecret", "longsecret-and-more"]).text("longsecret-and-more") == MASK


def test_short_values_stand_in_ordinary_words_and_are_not_looked_for():
    none = Redactor(["secret", ""])
    assert not none
    assert none.text("the secret") == "the secret"
    assert not none.holds("the secret")
    assert none.redact(["secret"]) == ["secret"]
    assert redactor(frozenset()) is redactor(frozenset())


def test_records_of_any_shape_are_redacted_and_what_holds_nothing_is_the_same_object():
    hidden = Redactor([KEY])
    clean = (Record(title="a"), ["b"], {"c": 1}, frozenset({"d"}), Pair("e", "f"), b"g", None, 2.5)
    assert hidden.redact(clean) is clean
    full: Any = (
        Record(title=KEY, number=7, inner=Record(title=f"in {KEY}")),
        [KEY],
        {KEY: {"k": KEY}},
        {KEY},
        Pair("e", KEY),
        Record,
    )
    assert hidden.redact(full) == (
        Record(title=MASK, number=7, inner=Record(title=f"in {MASK}")),
        [MASK],
        {MASK: {"k": MASK}},
        {MASK},
        Pair("e", MASK),
        Record,
    )


@given(st.text(min_size=8, max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_no_text_keeps_a_secret_and_a_second_time_changes_nothing(secret: str, before: str, after: str):
    hidden = Redactor([secret])
    found = hidden.text(before + secret + after)
    assert not hidden.holds(found)
    assert hidden.text(found) == found or "<" in found


def test_what_a_text_may_have_been_is_each_form_of_a_secret_in_the_place_of_the_mask():
    hidden = Redactor([KEY, "another-secret"])
    assert {f"https://h/{KEY}/a", f"https://h/{quote(KEY)}/a"} <= set(hidden.spellings(f"https://h/{MASK}/a"))
    assert list(hidden.spellings("https://h/a")) == []
    assert list(Redactor(()).spellings(MASK)) == []


def test_of_many_secrets_those_that_were_sent_are_a_source_s_own():
    own = Redactor([KEY, "another-secret"]).of([f"https://h/{KEY}/feed", "Bearer x"])
    assert own.holds(KEY)
    assert not own.holds("another-secret")
