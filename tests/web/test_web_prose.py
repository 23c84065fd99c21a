"""What publishers wrote, as a part of our pages."""

from __future__ import annotations

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web import prose


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ("<h1>a</h1><h4>b</h4><h2>c</h2>", "<h2>a</h2><h3>b</h3><h3>c</h3>"),
        ("<h5>a</h5><h6>b</h6><h1>c</h1>", "<h2>a</h2><h3>b</h3><h2>c</h2>"),
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>",
         "<h2>a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6><h6>f</h6>"),
        ('<h3 dir="rtl" lang="ar">a</h3><hr>', '<h2 dir="rtl" lang="ar">a</h2><hr>'),
        ("<h3> </h3><p>a</p><h1></h1>", "<p>a</p>"),
        ("<header>a</header>", "<header>a</header>"),
    ],
)  # fmt: skip
def test_headings_go_on_from_ours_without_leaving_out_a_level(given: str, fitted: str):
    assert prose.fit(given, under=1) == fitted


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ('<img src="a">', '<img src="a" alt="">'),
        ('<img src="a" alt="A lock">', '<img src="a" alt="A lock">'),
        ('<img alt src="a">', '<img alt src="a">'),
        ('<img src="?alt=1" title="a > b">', '<img src="?alt=1" title="a > b" alt="">'),
        ('<a href="b"><img src="a"></a>', '<a href="b"><img src="a" alt="Picture"></a>'),
        ('<a href="b">there <img src="a"></a>', '<a href="b">there <img src="a" alt=""></a>'),
    ],
)
def test_a_picture_of_which_nothing_is_said_is_passed_over_unless_it_is_what_a_link_begins_with(
    given: str, fitted: str
):
    assert prose.fit(given, under=1) == fitted


def test_what_may_have_to_be_scrolled_sideways_can_be_reached_with_keys():
    given = "<pre>a</pre><table><tbody><tr><td>b</td></tr></tbody></table>"
    fitted = prose.fit(given, under=1)
    assert fitted == given.replace("<pre", '<pre tabindex="0"').replace("<table", '<table tabindex="0"')


@pytest.mark.parametrize("value", ["<img ", "<h1></h1>", "<h2 ", "<pre>", "<a href=&quot;b&quot;><img>", ">"])
def test_what_looks_like_a_tag_in_a_value_or_a_text_is_none(value: str):
    for html in (f'<p title="{value}">a</p>', f'<a title="{value}" href="x>y">a</a>'):
        assert prose.fit(html, under=1) == html.replace("<h1></h1>", "")
    text = value.replace("<", "&lt;").replace(">", "&gt;")
    assert prose.fit(f"<p>{text}</p>", under=1) == f"<p>{text}</p>"


@given(
    st.lists(st.sampled_from([*'<>"= ', "h1", "img", "pre", "a", "alt", "title", "/", "x", "&quot;"])).map("".join)
)
def test_what_was_fitted_is_as_harmless_as_it_was(text: str):
    kept = nh3.clean(text, tags={"h1", "img", "pre", "a"}, attributes={"img": {"alt", "title"}, "a": {"title"}})
    fitted = prose.fit(kept, under=2)
    allowed = {"img": {"alt", "title"}, "a": {"title"}, "pre": {"tabindex"}}
    assert nh3.clean(fitted, tags={"h3", "h4", "h5", "h6", "img", "pre", "a"}, attributes=allowed) == fitted
