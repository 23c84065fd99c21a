"""Titles as plain text, entities resolved exactly once."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Category, Conventions, Enclosure, FeedMeta, ParsedFeed, Person, RawText
from aggregator.normalize import clean_meta
from aggregator.normalize.people import clean_authors, clean_categories, clean_enclosures
from aggregator.normalize.title_text import MAX_TITLE, plain_title, without_second_escape

Kind = Literal["text", "html", "guess"]


@pytest.mark.parametrize(
    ("kind", "written", "title"),
    [
        ("text", "AT&amp;T <b>", "AT&amp;T <b>"),
        ("html", "AT&amp;amp;T", "AT&amp;T"),
        ("html", "<p>One</p><p>Two</p>", "One Two"),
        ("html", "a<script>x()</script>b<!-- c --><unknown>d", "abd"),
        ("guess", "AT&T", "AT&T"),
        ("guess", "AT&amp;T", "AT&T"),
        ("guess", "&amp;amp;", "&amp;"),
        ("guess", "<b>Bold</b> &amp; brave", "Bold & brave"),
        ("guess", "The <b> element", "The <b> element"),
        ("guess", "List<String> in Java", "List<String> in Java"),
        ("guess", "List<String> &amp; Map", "List<String> & Map"),
        ("guess", "Vec&lt;T&gt; grows", "Vec<T> grows"),
        ("guess", "one<br/>two", "one two"),
        ("guess", "5 < 6 > 4", "5 < 6 > 4"),
        ("guess", "caf&eacute; &#8211; &#x2014; &unknown;", "café – — &unknown;"),
        ("guess", "a <em>b</em> <tag> c", "a b <tag> c"),
        ("guess", "Why <img> needs an alt text", "Why <img> needs an alt text"),
        ("guess", "Why <img> needs an <em>alt</em> text", "Why <img> needs an alt text"),
        ("guess", "A mill <img src='m.png'>", "A mill"),
        ("guess", "Meet <img class='emoji' alt='🚀' src='r.png'> Rocket", "Meet 🚀 Rocket"),
        ("html", 'Meet<IMG src="/emoji/unicode/1f600.png" alt="&lt;3">us', "Meet<3us"),
        ("html", "A mill <img src='m.png' alt='mill'>", "A mill"),
        ("guess", "The <hr> element is back", "The <hr> element is back"),
        ("guess", "Goodbye <br>, hello margins", "Goodbye <br>, hello margins"),
        ("guess", "When to use <wbr> in long words", "When to use <wbr> in long words"),
        ("guess", "Donau<wbr>dampf<wbr/>schiff", "Donaudampfschiff"),
        ("guess", "The weir<br> <br>opens", "The weir opens"),
        ("guess", "The weir <br> Open again", "The weir Open again"),
        ("guess", "<![CDATA[First steps]]>", "First steps"),
        ("guess", " <![CDATA[<![CDATA[<b>First</b> &amp; last]]>]]> ", "First & last"),
        ("text", "<![CDATA[<b>]]>", "<b>"),
        ("guess", "The <![CDATA[ mark", "The <![CDATA[ mark"),
        ("guess", "The tide&amp;#8217;s out &amp;amp;#8230;", "The tide’s out …"),
        ("text", "It&#8217;s &amp;#x201C;out&#x201d;", "It’s “out”"),
        ("text", "What &#65; and &#8364; mean", "What &#65; and &#8364; mean"),
        ("guess", "The <math><mi>γ</mi><annotation>\\gamma</annotation></math> rays", "The γ rays"),
        ("guess", "In <math> and <mi>", "In <math> and <mi>"),
        ("html", "<ruby>東<rp>(</rp><rt>ひがし</rt><rp>)</rp>京<rt>きょう</ruby> &amp; 大阪", "東京 & 大阪"),
        ("text", "  two\n\t lines\u00a0here ", "two lines here"),
        ("text", "bell\x07 nul\x00 lone\ud800 c1\x85x \ufffe\uffff", "bell nul lone c1x"),
        ("text", "e\u0301te\u0301", "été"),
        ("text", "گره‌چینی", "گره‌چینی"),
        ("html", "&#0;&#x1f;x", "\ufffdx"),
        ("text", "\ufeff\u200b \u2060\u200dThe ferry\u200b\u00ad ", "The ferry"),
        ("html", "&#xFEFF;<b>&#8203;The</b> ferry", "The ferry"),
        ("text", "\u0d28\u0d4d\u200d and \u0915\u094d\u200d", "\u0d28\u0d4d\u200d and \u0915\u094d\u200d"),
    ],
)
def test_a_title_is_what_its_publisher_meant(kind: Kind, written: str, title: str):
    assert plain_title(RawText(value=written, type=kind)) == title


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&lt;p&gt;Tide &amp;amp; time&lt;/p&gt;", "<p>Tide &amp; time</p>"),
        (" &lt;div class=&quot;a&quot;&gt;a&lt;br/&gt;b&lt;/div&gt;\n", ' <div class="a">a<br/>b</div>\n'),
        ('&lt;img src="/a.jpg"&gt; A mill &lt;br /&gt;', '<img src="/a.jpg"> A mill <br />'),
        (
            "&lt;p&gt;a&lt;/p&gt; <i>b</i> &lt;p&gt;c&lt;/p&gt;",
            "&lt;p&gt;a&lt;/p&gt; <i>b</i> &lt;p&gt;c&lt;/p&gt;",
        ),
        ("&lt;p&gt; begins one", "&lt;p&gt; begins one"),
        ("Write &lt;p&gt;a&lt;/p&gt;", "Write &lt;p&gt;a&lt;/p&gt;"),
        ("&lt;T&gt;a&lt;/T&gt;", "&lt;T&gt;a&lt;/T&gt;"),
        ("<p>and so on &amp;#8230; [&amp;amp;#8217;]</p>", "<p>and so on &#8230; [&#8217;]</p>"),
        ("<p>AT&amp;T &amp;#65; &amp;copy;</p>", "<p>AT&amp;T &amp;#65; &amp;copy;</p>"),
        ("<p>Write <code>&amp;#8230;</code></p>", "<p>Write <code>&amp;#8230;</code></p>"),
    ],
)
def test_what_was_escaped_once_too_often_is_read_as_it_was_meant(written: str, meant: str):
    assert without_second_escape(written) == meant


def test_no_title_is_an_empty_one():
    assert plain_title(None) == ""


def test_a_long_title_is_cut_at_a_word():
    title = plain_title(RawText(value="word " * 300, type="text"))

    assert len(title) <= MAX_TITLE
    assert title.endswith("word…")


@given(st.text(max_size=100), st.sampled_from(["text", "html", "guess"]))
def test_a_title_is_a_line_and_stays_as_it_is(written: str, kind: Kind):
    title = plain_title(RawText(value=written, type=kind))

    assert title == " ".join(title.split())
    assert plain_title(RawText(value=title, type="text")) == title
    assert title.encode("utf-8")[:0] == b""


def test_one_name_is_one_person():
    found = clean_authors(
        [
            Person(name="Ann  Lee", email="ann@x.example"),
            Person(name="ann lee", uri="/ann", email="other@x.example"),
            Person(name="", email="bo@x.example"),
            Person(name="", uri="javascript:x"),
            Person(name="C &amp; D", email="not a mail"),
        ],
        "https://x.example/",
    )

    assert found == (
        Person(name="Ann Lee", uri="https://x.example/ann", email="ann@x.example"),
        Person(name="bo@x.example", email="bo@x.example"),
        Person(name="C & D"),
    )


def test_categories_are_sorted_and_folded():
    found = clean_categories(
        [
            Category(term="Zoo"), Category(term="art", label="art"), Category(term="ART", label="x"),
            Category(term="art", scheme="https://s.example/"), Category(term=" \x00"),
            Category(term="R&amp;D", label="Research"),
        ]
    )  # fmt: skip

    assert found == (
        Category(term="art"),
        Category(term="art", scheme="https://s.example/"),
        Category(term="R&D", label="Research"),
        Category(term="Zoo"),
    )


def test_each_file_is_attached_once():
    found = clean_enclosures(
        [
            Enclosure(url="/a.mp3?sig=1&utm_x=2", type="Audio/MPEG; q=1", length=0, duration=-3, title=" T "),
            Enclosure(url="https://x.example/a.mp3?sig=1&utm_x=2", type="other/type"),
            Enclosure(url="data:x", type="text/plain"),
            Enclosure(url="/b", type="nonsense", length=2**60),
        ],
        "https://x.example/",
    )

    assert found == (
        Enclosure(url="https://x.example/a.mp3?sig=1&utm_x=2", type="audio/mpeg", title="T"),
        Enclosure(url="https://x.example/b"),
    )


@pytest.mark.parametrize(
    "title",
    [
        "River<br/>News",
        "River<BR>News",
        "<p>River</p><p>News</p>",
        "<h1>River</h1><div class='x'>News</div>",
        "<b>Ri</b>ver <i>News</i>",
    ],
)
def test_lines_of_what_a_feed_is_called_are_words_apart(title: str):
    feed = ParsedFeed(meta=FeedMeta(), title=RawText(value=title, type="guess"), entries=())
    assert clean_meta(feed, Conventions()).title == "River News"


def test_what_a_page_is_called_as_plain_text_stays_and_nothing_that_cannot_be_stored_does():
    page = ParsedFeed(meta=FeedMeta(title="<b> & you", rights="(c)"), entries=())
    assert clean_meta(page, Conventions()) == page.meta
    feed = ParsedFeed(meta=FeedMeta(), title=RawText(value="\ud800x\u0007 y", type="text"), entries=())
    assert clean_meta(feed, Conventions()).title == "x y"
