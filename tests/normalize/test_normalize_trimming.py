"""What the editor's `keep` and `remove` leave of a publisher's markup."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Conventions, RawEntry, RawText, Trimming
from aggregator.normalize import clean_entry
from aggregator.normalize.sanitizer import sanitize, visible_text
from aggregator.normalize.trimming import MOST_TAGS, trim
from tests.normalize.test_normalize_sanitizer import Audit, markup

ASIDES = Trimming(remove=("aside",))


@pytest.mark.parametrize(
    ("rules", "raw", "left"),
    [
        (ASIDES, "a<aside>b</aside>c<aside>d<aside>e</aside></aside>", "ac"),
        (ASIDES, "<p>a</p><aside>b</aside>c", "<p>a</p>c"),
        (ASIDES, "a</div>b<aside>c</aside>", "ab"),
        (
            ASIDES,
            "<html><head><title>t</title></head><body class=x>a</body><aside>b</aside>c</html>d",
            "<title>t</title>acd",
        ),
        (Trimming(remove=("body", "html", "div")), "a<div>b</div>c", "ac"),
        (ASIDES, "<aside>a", ""),
        (Trimming(keep=("p",)), "<div>x<p>a<p>b</div>c", "<p>a</p><p>b</p>"),
        (Trimming(keep=("div", "p")), "<div>x<p>a</p></div>c<p>b</p>", "<div>x<p>a</p></div><p>b</p>"),
        (Trimming(keep=("p",), remove=("b", ".x p")), "<p>a<b>b</b></p><div class=x><p>c</p></div>d", "<p>a</p>"),
        (Trimming(keep=("p",), remove=("p",)), "<p>a</p>b", "b"),
        (Trimming(keep=("h1",), remove=("b",)), "<p>a<b>b</b></p>c", "<p>a</p>c"),
        (Trimming(remove=("br + br",)), "a<br><br>b<br><!-- x --><br>c", "a<br>b<!-- x -->c"),
        (Trimming(remove=("share-box",)), "a<share-box>b</share-box>c", "ac"),
    ],
)
def test_what_is_removed_goes_and_of_what_is_kept_the_rest(rules, raw, left):
    assert trim(raw, rules) == left


@pytest.mark.parametrize(
    "raw",
    [
        "no markup",
        "<p>a < b & c</p><P>unclosed",
        "<body>",
        "<aside>x</aside>" + "<b>" * 250,
        "<aside>x</aside>" + "y" * 2_000_000,
        "<aside>x</aside>" + "<b>y</b>" * MOST_TAGS,
    ],
)
def test_markup_in_which_nothing_is_found_or_that_is_too_much_is_the_same_object(raw):
    assert trim(raw, ASIDES) is raw


def cleaned(text: str, rules: Trimming, **fields):
    raw = RawEntry(id="1", contents=(RawText(value=text),), **fields)
    found = clean_entry(raw, Conventions(trimming=rules), position=0)
    assert found is not None
    return found


def test_an_entry_says_what_its_publisher_wrote_and_what_is_left_stands_beside_it():
    text = "<p>Kept.</p><aside><img src='https://a.example/1.png' width=300 height=300>Gone.</aside>"
    plain, trimmed = cleaned(text, Trimming()), cleaned(text, ASIDES)
    assert replace(trimmed, trimmed=None) == plain
    assert trimmed.trimmed is not None
    assert (trimmed.trimmed.content, trimmed.trimmed.text, trimmed.trimmed.image) == (
        "<p>Kept.</p>",
        "Kept.",
        None,
    )
    assert trimmed.image == "https://a.example/1.png"
    assert cleaned("<p>Kept.</p>", ASIDES).trimmed is None


@settings(max_examples=100, deadline=None)
@given(
    text=markup,
    keep=st.sampled_from([(), ("p, td",)]),
    remove=st.sampled_from([("b", "img"), (".emoji", "p > *")]),
)
def test_no_rule_changes_what_an_entry_says(text, keep, remove):
    fields = {"title": RawText(value="A title"), "summary": RawText(value=text[::-1])}
    plain = cleaned(text, Trimming(), **fields)
    trimmed = cleaned(text, Trimming(keep=keep, remove=remove), **fields)
    assert replace(trimmed, trimmed=None) == plain


def test_a_text_that_is_no_markup_is_not_trimmed():
    raw = RawEntry(id="1", contents=(RawText(value="<aside>as letters</aside>", type="text"),))
    found = clean_entry(raw, Conventions(trimming=ASIDES), position=0)
    assert found is not None
    assert found.trimmed is None


@settings(max_examples=150, deadline=None)
@given(
    text=markup,
    keep=st.sampled_from([(), ("p",), ("td, math",)]),
    remove=st.sampled_from([("b",), ("svg", "p > *")]),
)
def test_whatever_is_taken_out_what_is_left_is_clean_and_says_nothing_new(text, keep, remove):
    found = sanitize(trim(text, Trimming(keep=keep, remove=remove)))
    audit = Audit()
    audit.feed(found)
    assert audit.found == []
    assert sanitize(found) == found


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.sampled_from(["a", "b & c", "<", "x > y", "é"]), min_size=1, max_size=5))
def test_the_words_beside_what_is_removed_stay(words):
    raw = "<aside>gone</aside>".join(f"<p>{escape(word)}</p>" for word in words) + "<aside></aside>"
    assert visible_text(sanitize(trim(raw, ASIDES))) == " ".join(words)
