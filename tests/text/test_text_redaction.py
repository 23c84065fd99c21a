"""Secrets in what somebody sent back."""

from __future__ import annotations

import base64
import html
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
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
        ("s3\u200bcret/Key\u00ad+42==", MASK),
        ("<p>nothing to see</p>", "<p>nothing to see</p>"),
        ("s3cret and Key", "s3cret and Key"),
    ],
)
def test_a_secret_is_masked_in_every_way_of_writing_it(text: str, expected: str | None):
    found = Redactor([KEY]).text(text)
    assert KEY not in found
    if expected is not None:
        assert found == expected


def twice(text: str) -> str:
    return quote(quote(text, safe=""), safe="")


WRITINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "for URLs": lambda text: quote(text, safe=""),
    "for URLs twice": twice,
    "for URLs three times, in small letters": lambda text: quote(twice(text), safe="").lower(),
    "one letter for URLs": lambda text: f"%{ord(text[0]):02x}{text[1:]}",
    "for markup": html.escape,
    "for markup twice": lambda text: html.escape(html.escape(text)),
    "by numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "by numbers for markup": lambda text: html.escape("".join(f"&#x{ord(letter):X};" for letter in text)),
    "in JSON": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "in JSON by numbers": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "with what nobody sees": "\u200b".join,
    "in hexadecimal": lambda text: text.encode().hex().upper(),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 within an address": lambda text: base64.urlsafe_b64encode(f"key={text}&a".encode()).decode(),
    "in base64 one further": lambda text: base64.b64encode(f"?key={text}&a".encode()).decode(),
    "in base64 two further": lambda text: base64.b64encode(f"/?key={text}&a".encode()).decode(),
}
PLAIN = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="%&\\"), min_size=8)
"""Nothing in it looks like an escape."""


@pytest.mark.parametrize("writing", WRITINGS)
@given(secret=PLAIN)
@example(secret=KEY)
def test_however_a_secret_is_written_nothing_of_it_is_left_that_could_be_read_back(writing: str, secret: str):
    written = WRITINGS[writing](secret)
    found = Redactor([secret]).text(f"before {written} after")
    assert found.startswith("before ")
    assert found.endswith(" after")
    assert MASK in found
    if "base64" in writing:
        assert len(found) < len(f"before {MASK} after") + 16, "what stands around the secret"
    elif "<" not in written:
        assert found == f"before {MASK} after"


def test_what_looking_for_secrets_costs_does_not_grow_with_their_number():
    text = "The water stands at mark 1234 of the bridge &amp; the ferry rests until morning. " * 2000
    few, many = ([sha256(b"%d" % n).hexdigest() for n in range(count)] for count in (1, 500))
    assert seconds(Redactor(many), text) < 5 * seconds(Redactor(few), text)


def seconds(redactor: Redactor, text: str) -> float:
    """CPU seconds that a text takes, at best."""
    took = []
    for _ in range(5):
        begun = time.process_time()
        assert redactor.text(text) == text
        took.append(time.process_time() - begun)
    return min(took)


def test_what_a_secret_says_without_escapes_is_not_looked_for_where_it_is_short():
    assert Redactor(["%61%62%63%64"]).text("abcd and %61%62%63%64") == f"abcd and {MASK}"


def test_secrets_that_overlap_are_masked_as_one():
    assert Redactor(["longsecret", "secretmore"]).text("a longsecretmore b") == f"a {MASK} b"
    assert Redactor(["********"]).text("*" * 13) == MASK


def test_letters_that_are_longer_in_small_ones_stay_in_their_place():
    assert Redactor(["İSTANBUL-key"]).text("İ x İSTANBUL-KEY y") == f"İ x {MASK} y"


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
    assert {f"https://h/{KEY}/a", f"https://h/{quote(KEY)}/a", f"https://h/{KEY.upper()}/a"} <= set(
        hidden.spellings(f"https://h/{MASK}/a")
    )
    assert list(hidden.spellings("https://h/a")) == []
    assert list(Redactor(()).spellings(MASK)) == []


def test_of_many_secrets_those_that_were_sent_are_a_source_s_own():
    own = Redactor([KEY, "another-secret"]).of([f"https://h/{KEY}/feed", "Bearer x"])
    assert own.holds(KEY)
    assert not own.holds("another-secret")
