"""Markup under one policy."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.normalize import sanitizer
from aggregator.normalize.images import widest_candidate
from aggregator.normalize.markup_context import MarkupContext
from aggregator.normalize.policy import ATTRIBUTES, CONTENT_GOES, TAGS
from aggregator.normalize.sanitizer import markup_of_text, sanitize, visible_text
from aggregator.text.characters import strip_controls

BASE = "https://site.example/2020/story/"
PIECES = [
    "<p>", "</p>", "<b>", "</b>", "<i lang='x'>", "</i>", "<a href='x'>", '<a href="javascript:alert(1)">',
    "</a>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<pre>", "\n", "</pre>", "<ul>", "<li>", "</ul>",
    "<img src=a>", "<img src='data:x'>", "<img data-src='b' width=1>", "<noscript>", "</noscript>", "<noscr",
    "ipt>", "<script>", "</script>", "<style>", "<svg>", "<math>", "<mi>", "</svg>", "<form>", "<button>",
    "<select><option>", "<template>", "<!--", "-->", "<![CDATA[", "]]>", "<br>", "<h1>", "</h1>",
    "<video src=v>", "<video poster=https://x.example/p>", "<audio data-src=/s>",
    "</audio>", "<source src=w>", "</video>", "<mtext>", "</mtext>", "<mglyph>", "<mrow>", "<annotation>",
    "<annotation-xml encoding=text/html>", "</math>", "<semantics>", "<span aria-hidden=true>", "</span>",
    "<iframe src=https://youtu.be/x title=t>", "</iframe>", "<svg aria-label=l>", "<object data=y>", "<mspace/>",
    "<img alt=🙂 class=emoji src=e>", "<img alt=words>", "<amp-iframe src=z>", "<details>",
    "<summary>", "<dd>", "<caption>", "<col>",
    "<frameset>", "<plaintext>", "<title>", "<textarea>", "&amp;", "&lt;", "&nbsp;", "&#0;", "&#x1;", "&", "<",
    ">", '"', "'", "text", " ", "\x00", "\ud800", "é", "<font color=red>", "<nobr>", "<ruby><rt>",
    "<div dir=rtl>", "<body onload=x>", "<base href=y>", "<div data-attrs='{\"name\":\"<b>n\"}'>", "</div>",
    "<iframe srcdoc='<p>d<script>'>", "<iframe src=x />", "<script src=y />", "<div data-html='<a><td>'>",
    "<a title=t href=z>", "<i></i>", "<picture>", "</picture>",
    "<source media=print srcset=p>", "<oembed url=https://vimeo.com/1>", "</oembed>",
    "[embed]https://vimeo.com/2[/embed]", "<xhtml:b>", "&lt;img src=n&gt;",
]  # fmt: skip
markup = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


class Audit(HTMLParser):
    """Collects what the policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(tag)
        for name, value in attrs:
            known = name in ATTRIBUTES.get(tag, ()) or name in ATTRIBUTES["*"] or (tag, name) == ("a", "rel")
            if not known:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "cite", "poster"} and not re.match(
                "https?://|mailto:|magnet:", value or ""
            ):
                self.found.append(f"{name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("<p>Plain</p>", "<p>Plain</p>"),
        ('<p class="x" style="y" id="z" onclick="w()" lang="fa" dir="rtl">a</p>', '<p lang="fa" dir="rtl">a</p>'),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ("<iframe src='about:blank'>i</iframe><object data=''>o</object>b", "ob"),
        ("<form action=x>a<input name=y><button>z</button></form>", "<div>a</div>"),
        ("<marquee>kept</marquee>", "kept"),
        ("<!-- gone -->a", "a"),
        ("<p></p><div> &nbsp; </div>", ""),
        ("", ""),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ('<a href="mailto:a@x.example">m</a>', '<a href="mailto:a@x.example" rel="noopener noreferrer">m</a>'),
        ('<a href="javascript:x" title="t">j</a>', '<a title="t">j</a>'),
        ("<a>named</a>", "<a>named</a>"),
        ('<video src="/v.mp4"><source></video>', '<video src="https://site.example/v.mp4" controls=""></video>'),
        ('<q cite="/c">q</q>', '<q cite="https://site.example/c">q</q>'),
        (
            '<video src="v.mp4" poster="javascript:x"></video>',
            '<video src="https://site.example/2020/story/v.mp4" controls=""></video>',
        ),
        ("a\x00b\ud800c\x9bd", "abcd"),
    ],
)
def test_the_policy_holds(written: str, cleaned: str):
    assert sanitize(written, BASE) == cleaned


@pytest.mark.parametrize(
    "payload",
    [
        '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
        '<a href="jav&#x09;ascript:alert(1)">x</a>',
        '<a href="&#1;javascript:alert(1)">x</a>',
        "<!--><img src=x onerror=alert(1)>-->",
        '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<noscr<noscript>ipt><img src=x onerror=alert(1)></noscript>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<img src='x' srcset='javascript:alert(1) 2x' data-src='javascript:alert(1)'>",
        "<table background='javascript:x'><td background=x>",
        "<math href='javascript:alert(1)'>x</math><math><mi href='javascript:x' xlink:href='javascript:x'>y",
        "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<math><mi><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
        "<math><semantics><annotation encoding='text/html'><script>alert(1)</script></annotation></semantics>",
        "<math><mtext><option><FAKE></option><mglyph><svg><mtext><style><a title='</style><img onerror=x>'>",
        "<math><maction actiontype='statusline#http://x' xlink:href='javascript:x'>z</maction></math>",
        "<iframe src='javascript:alert(1)' title='</a><script>alert(1)</script>'></iframe>",
        "<iframe src='https://x.example/\"><script>alert(1)</script>' title='\"><img src=x onerror=alert(1)>'>",
        "<svg aria-label='</span><script>alert(1)</script>'><title><img src=x onerror=alert(1)></title></svg>",
        "<svg><text><script>alert(1)</script></text></svg>",
        "<img src='data:x' alt='<script>alert(1)</script>'>",
        "<lite-youtube videoid='\"><script>alert(1)</script>'>",
        "<template><script>alert(1)</script></template>",
        "<iframe srcdoc='<script>alert(1)</script><img src=x onerror=alert(1)>'></iframe>",
        "<iframe srcdoc='<noscript><p title=&quot;</noscript><img src=x onerror=alert(1)>&quot;>'></iframe>",
        "<div data-html='<img src=x onerror=alert(1)>'></div>",
        "<div data-attrs='{\"url\":\"https://x.example/\\\" onclick=alert(1)\",\"title\":\"<script>x\"}'></div>",
        "<div data-attrs='{\"persistentExpression\":\"</p><script>alert(1)</script>\"}'></div>",
        "<action-text-attachment url='javascript:x' filename='<script>x</script>'></action-text-attachment>",
        "<oembed url='javascript:alert(1)' title='</a><script>alert(1)</script>'></oembed>",
        "<a href='//x.example/\" onclick=alert(1)'>x</a>",
        '<img src="https://x.example/&quot; onerror=&quot;alert(1)">',
        "<textarea><img title='</textarea><script>alert(1)</script>'></textarea>",
    ],
)  # fmt: skip
def test_attacks_come_to_nothing(payload: str):
    audit = Audit()
    audit.feed(sanitize(payload, BASE))

    assert audit.found == []


@given(markup)
@settings(max_examples=400, deadline=None)
def test_nothing_outside_the_policy_is_left_of_any_markup(written: str):
    audit = Audit()
    audit.feed(sanitize(written, BASE))

    assert audit.found == []


@given(markup, st.sampled_from([BASE, None]))
@settings(max_examples=400, deadline=None)
def test_cleaning_twice_is_cleaning_once(written: str, base: str | None):
    once = sanitize(written, base)

    assert sanitize(once, base) == once
    assert sanitize(once, "https://other.example/elsewhere") == once


@given(st.text(max_size=200))
@settings(deadline=None)
def test_text_as_markup_shows_the_same_words(text: str):
    marked = markup_of_text(text)

    assert visible_text(marked).split() == visible_text(text.replace("&", "&amp;").replace("<", "&lt;")).split()
    assert sanitize(marked) == marked


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (
            "<img src='/a.png' alt='A' width='640px' height='50%'>",
            '<img src="https://site.example/a.png" alt="A" width="640">',
        ),
        ("<img src='data:image/gif;base64,R0' data-src='/real.jpg'>", '<img src="https://site.example/real.jpg">'),
        ("<img src='/blank.gif' data-srcset='/s.jpg 1x, /l.jpg 2x'>", '<img src="https://site.example/l.jpg">'),
        ("<img srcset='/s.jpg 320w, /l.jpg 1280w'>", '<img src="https://site.example/l.jpg">'),
        ("<img src='/p.gif' width='1' height='1'>x", "x"),
        ("<img src='/p.gif' width='0'>x", "x"),
        ("<img src='http://feeds.feedburner.com/~r/x/~4/y'>x", "x"),
        ("<img alt='no source'>x", "no sourcex"),
        ("<img title='no source' src='data:x'>x", "no sourcex"),
        ("<img alt='a counter' src='/p.gif' width=1>x", "x"),
        ("<img>x", "x"),
        ("<img src='/a.png' width=1 height=300>", '<img src="https://site.example/a.png" width="1" height="300">'),
        (
            "<img src='data:x' data-src='/a.jpg'><noscript><img src='/a.jpg'></noscript>",
            '<img src="https://site.example/a.jpg">',
        ),
    ],
)
def test_pictures_show_their_real_source_and_counters_go(written: str, cleaned: str):
    assert sanitize(written, BASE) == cleaned


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ("data-src='/a_{width}x.jpg' src='/a_300x.jpg'", "/a_300x.jpg"),
        ("data-src='/a/{w}x{h}/b.png' src='/b.webp'", "/b.webp"),
        ("data-srcset='/c-%7Bwidth%7D.jpg 2x' src='/c.jpg'", "/c.jpg"),
        ("data-original='https://site.example/post/1/' src='/good.jpg'", "/good.jpg"),
        ("data-lazy='/api/track' src='/good.png?v=2'", "/good.png?v=2"),
        ("data-orig='orig/' src='/good.avif'", "/good.avif"),
        ("data-src='/render/55' src='/wait.gif'", "/render/55"),
        ("data-src='/render/55' src='/lazy.png'", "/render/55"),
        ("data-src='/render/55' src='/d-30x20.png'", "/render/55"),
        ("data-src='/render?of=e.jpg' src='/small.jpg'", "/render?of=e.jpg"),
        ("data-src='/{3F2504E0-4F89-11D3}.jpg'", "/%7B3F2504E0-4F89-11D3%7D.jpg"),
    ],
)
def test_what_a_script_puts_in_goes_first_unless_only_the_own_source_names_a_picture(attributes: str, shown: str):
    assert sanitize(f"<img {attributes}>", BASE) == f'<img src="https://site.example{shown}">'


@pytest.mark.parametrize(
    "source",
    [
        "#", "#top", "?", "/", "https://site.example", "undefined", "/uploads/null?x=1", "[object Object]",
        "{{ img }}", "${source}", "/<%= name %>.jpg", "/<?php echo $a ?>", "image/png;base64,iVBOR",
        "https://cdn.example/{size}/a.jpg",
    ],
)  # fmt: skip
def test_what_cannot_be_a_picture_leaves_its_words(source: str):
    assert sanitize(f'<img src="{escape(source)}" alt="words">', BASE) == "words"
    assert (
        sanitize(f'<img src="{escape(source)}" srcset="/a.jpg 2x">', BASE)
        == '<img src="https://site.example/a.jpg">'
    )


@pytest.mark.parametrize(
    ("source", "srcset", "shown"),
    [
        ("/a.jpg?w=40&amp;q=10", "/a.jpg?w=200 200w, /a.jpg?w=1200 1200w", "/a.jpg?w=1200"),
        ("/b.jpg?blur=200", "/b.jpg?w=900 900w", "/b.jpg?w=900"),
        ("/c-150x150.jpg", "/c-150x150.jpg 150w, /c-300x300.jpg 300w", "/c-300x300.jpg"),
        ("/d-1024x683.jpg", "/d-1024x683.jpg 1024w, /d.jpg 4000w", "/d-1024x683.jpg"),
        ("/e.jpg?w=800", "/e.jpg?w=4000 4000w", "/e.jpg?w=800"),
        ("/f-150x150.jpg", "", "/f-150x150.jpg"),
    ],
)
def test_a_source_that_says_it_is_small_gives_way_to_a_wider_one(source: str, srcset: str, shown: str):
    written = f'<img src="{source}" srcset="{srcset}">'

    assert sanitize(written, BASE) == f'<img src="https://site.example{shown}">'


@pytest.mark.parametrize(
    ("scripted", "plain"),
    [
        ("<img src='/a.jpg'>", "<img src='/a.jpg?lazy=0'>"),
        ("<img data-lazy-src='/a.jpg?is-pending-load=1' src='data:x'>", "<img src='/a.jpg'>"),
        ("<img src='/a-300x200.jpg'>", "<img src='/a-1200x800.jpg'>"),
        ("<img srcset='/a.jpg 2x, /b.jpg 3x'>", "<img src='/a.jpg'>"),
        ("<img class=lazy src='data:x' alt='words'>", "<img src='/a.jpg' alt='words'>"),
    ],
)
def test_of_a_lazy_picture_and_its_twin_without_scripts_the_latter_stays(scripted: str, plain: str):
    alone = sanitize(plain, BASE)

    assert sanitize(f"{scripted}<noscript>{plain}</noscript>", BASE) == alone
    assert sanitize(f"<noscript>{plain}</noscript> {scripted}", BASE) == alone


@pytest.mark.parametrize(
    "element", ["img src=/a.jpg alt=mill", "picture><source srcset='/a.jpg 2x'><img alt=mill></picture"]
)
def test_a_noscript_that_was_escaped_once_too_often_is_read_all_the_same(element: str):
    escaped = f"<{element}>".replace("<", "&lt;").replace(">", "&gt;")

    assert sanitize(f"<p>a</p><noscript>{escaped}</noscript>", BASE) == (
        '<p>a</p><img src="https://site.example/a.jpg" alt="mill">'
    )
    assert "&lt;p" in sanitize("<noscript>Write &lt;p&gt;</noscript>", BASE)


def test_the_twin_that_stays_takes_the_words_of_the_other():
    written = "<img src='/a.jpg?x' alt='A pier' width=9><noscript><img alt='' src='/a.jpg'width='800'/></noscript>"

    assert sanitize(written, BASE) == '<img src="https://site.example/a.jpg" alt="A pier" width="800">'


def test_a_player_and_its_twin_without_scripts_are_one_figure():
    lazy = "<iframe data-src='https://www.youtube.com/embed/abcdefghijk?x=1'></iframe>"
    plain = "<iframe src='https://www.youtube.com/embed/abcdefghijk'></iframe>"

    assert sanitize(f"{lazy}<noscript>{plain}</noscript>") == sanitize(plain)
    assert sanitize(f"<noscript>{plain}</noscript>{lazy}") == sanitize(plain)


def test_what_is_no_twin_stays_beside_what_is_for_browsers_without_scripts():
    words = "Please enable JavaScript to view the comments."
    assert sanitize(f"<img src='/a.jpg'><noscript>{words}</noscript>", BASE).endswith(words)
    assert sanitize("<img src='/a.jpg'><noscript><img src='/b.jpg'></noscript>", BASE).count("<img") == 2
    assert sanitize("<noscript><img src='/b.jpg'></noscript><img src='/a.jpg'>", BASE).count("<img") == 2
    assert sanitize("<img src='/a.jpg'><noscript><img src='data:x'></noscript>", BASE).count("<img") == 1


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("<video data-src='/v.mp4'></video>", '<video src="https://site.example/v.mp4" controls=""></video>'),
        ("<video data-src=true src='/v'></video>", '<video src="https://site.example/v" controls=""></video>'),
        (
            "<audio><source data-lazy-src='/s.mp3' data-src='javascript:1.'></audio>",
            '<audio controls=""><source src="https://site.example/s.mp3"></audio>',
        ),
        (
            "<video src='blob:https://site.example/1' poster='/p.jpg'>Sorry.</video>",
            '<img src="https://site.example/p.jpg">',
        ),
        ("<video poster='/blank.gif'>Sorry.</video>", "Sorry."),
        ("<audio data-src=1><p>Ask the <i>author</i>.</p></audio>", "<p>Ask the <i>author</i>.</p>"),
        (
            "<video poster='/p'><i><audio src='/s'></audio></i></video>",
            '<img src="https://site.example/p"><i><audio src="https://site.example/s" controls=""></audio></i>',
        ),
        ("<source src='/s.mp3'>Words<video></video>", '<source src="https://site.example/s.mp3">Words'),
    ],
)  # fmt: skip
def test_a_player_has_what_a_script_would_play_or_gives_way_to_what_it_shows(written: str, cleaned: str):
    assert sanitize(written, BASE) == cleaned
    assert sanitize(cleaned, BASE) == cleaned


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("<img src='data:image/png;base64,iVBOR'>", "https://site.example/full.jpg?a=1&amp;b=2"),
        ("<img src='data:image/png;base64,iVBOR' alt='A pier'>", "A pier"),
        ("<img src='data:image/png;base64,iVBOR' width=1>", ""),
        ("<img src='data:image/png;base64,iVBOR' hidden>", ""),
        ("<img src='http://pixel.wp.com/x.gif'>", ""),
    ],
)
def test_a_link_whose_picture_cannot_be_shown_keeps_its_address(written: str, cleaned: str):
    link = '<a href="https://site.example/full.jpg?a=1&amp;b=2" rel="noopener noreferrer">'

    assert (
        sanitize(f"x<a href='/full.jpg?a=1&amp;b=2'> {written}</a>", BASE).replace("> ", ">")
        == f"x{link}{cleaned}</a>"
    )
    assert sanitize(f"<a href='data:x'>{written}</a>x", BASE).count("https:") == 0


@pytest.mark.parametrize(
    ("attributes", "cleaned"),
    [
        ("src='data:image/svg+xml;utf8,<svg><text>Sales</text></svg>'", "Sales"),
        ("src=\"data:image/svg+xml,%3Csvg%3E%3Ctitle%3EA &amp;amp; B%3C/title%3E%3C/svg%3E\" alt=''", "A &amp; B"),
        ("src=data:image/svg+xml;base64,PHN2ZyBhcmlhLWxhYmVsPSJUaWRlcyI+PC9zdmc+", "Tides"),
        ("src='data:image/svg+xml,<svg><text>Sales</text></svg>' alt='By year'", "By year"),
        ("src='data:image/svg+xml,<svg><text>Wait</text></svg>' srcset='/a'", '<img src="https://site.example/a">'),
        ("src='data:image/svg+xml;base64,PHN2'", ""),
        ("src='data:image/svg+xml;base64,P'", ""),
        ("src='data:image/svg+xml,<svg>'", ""),
    ],
)  # fmt: skip
def test_a_drawing_in_an_address_leaves_its_words(attributes: str, cleaned: str):
    assert sanitize(f"<img {attributes}>", BASE) == cleaned


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("a 1x, b 2x", "b"),
        ("a", "a"),
        ("a 100w,b 50w", "a"),
        ("", ""),
        (",,", ""),
        ("a 1.2.3x", ""),
        ("a, b", "a"),
        ("/d.jpg 600w 400h, /e.jpg 900w 500h", "/e.jpg"),
        ("/d.jpg 400h 600w, /e.jpg 300w", "/d.jpg"),
    ],
)
def test_the_widest_candidate_counts(srcset: str, url: str):
    assert widest_candidate(srcset) == url


@pytest.mark.parametrize(
    ("cleaned", "text"),
    [
        ("<p>a</p><p>b</p>", "a b"),
        ("<b>a</b>b<i>c</i>", "abc"),
        ("a<br>b<hr>c", "a b c"),
        ("<ul><li>a</li><li>b &amp;amp; c</li></ul>", "a b &amp; c"),
        ("<pre>x\n  y</pre>", "x y"),
        ("<h1>Head</h1>body&nbsp;text", "Head body text"),
        ("<hgroup>x</hgroup>y", "x y"),
        ("<dfn>x</dfn>y<data>z</data>", "xyz"),
        ('<img src="https://x.example/" alt="not text">', ""),
    ],
)
def test_visible_text_is_what_a_reader_sees(cleaned: str, text: str):
    assert visible_text(cleaned) == text


def test_text_becomes_paragraphs():
    assert markup_of_text("one\r\ntwo\n\n \nthree < 4") == "<p>one<br>two</p><p>three &lt; 4</p>"
    assert markup_of_text(" \n ") == ""


@pytest.mark.parametrize(
    "bomb", ["<div>", "<b>", "<a href=x>", "<table><tr><td>", "<!--", "<p><b lang=x>", "<img src='"]
)
def test_deep_or_broken_markup_ends_soon(bomb: str):
    cleaned = sanitize(f"<p>before</p>{bomb * 20_000}after", BASE)

    assert len(cleaned) < 3_000_000


def test_very_deep_markup_keeps_its_words():
    assert sanitize("<div>" * 3000 + "deep <b>words</b>", BASE) == "<p>deep words</p>"


def test_markup_that_moves_with_every_reading_keeps_its_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("aggregator.normalize.sanitizer._ROUNDS", 1)

    assert sanitize("<p onclick=x>a <b>b", BASE) == "<p>a b</p>"


@pytest.mark.parametrize("empty", ["<p></p>", "<p></p><p></p>", "<p></p>\n<p></p>"])
def test_no_empty_paragraphs_are_left_beside_what_stands_in_for_a_player(empty: str):
    figure = sanitize("<iframe src='https://vimeo.com/1'></iframe>", BASE)

    for written in (f"a{empty}{figure}b", f"a{figure}{empty}b", f"a{empty}{figure}{empty}b"):
        cleaned = sanitize(written, BASE)
        assert "<p>" not in cleaned
        assert sanitize(cleaned, BASE) == cleaned
    assert sanitize(f"{figure}<b>b</b>{empty}", BASE).endswith(empty)


def test_the_parser_is_asked_twice_and_our_steps_are_taken_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    rewritten: list[str] = []
    cleaner, rewrite = sanitizer._CLEANER, sanitizer._rewrite
    monkeypatch.setattr(
        sanitizer, "_CLEANER", SimpleNamespace(clean=lambda text: asked.append(text) or cleaner.clean(text))
    )
    monkeypatch.setattr(sanitizer, "_rewrite", lambda text, place: rewritten.append(text) or rewrite(text, place))

    assert sanitize("<p onclick=x>One <a href=/m?utm_source=x>two</a><img data-src=/p.png>", BASE)
    assert (len(asked), len(rewritten)) == (2, 1)


@given(markup, st.sampled_from([BASE, None]))
@settings(max_examples=400, deadline=None)
def test_our_own_steps_taken_twice_change_nothing(written: str, base: str | None):
    place = MarkupContext(base=base)
    once = sanitizer._rewrite(sanitizer._CLEANER.clean(strip_controls(written)), place)

    if sanitizer._CLEANER.clean(once) == once:
        assert sanitizer._rewrite(once, place) == once


def test_what_goes_with_its_content_is_not_allowed_otherwise():
    assert not TAGS & CONTENT_GOES
    assert set(ATTRIBUTES) - {"*"} <= TAGS
