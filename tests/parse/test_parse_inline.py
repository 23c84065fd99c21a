"""Markup within texts: it stays there, whatever its elements are called."""

from __future__ import annotations

import pytest

from aggregator.model import ParsedFeed, RawEntry
from aggregator.parse import parse

LINK = "<link>https://x.example/1</link>"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


def read(text: str) -> ParsedFeed:
    result = parse(text.encode(), content_type="", location="https://x.example/f")
    assert isinstance(result, ParsedFeed), result
    return result


def atom(content: str, kind: str = "xhtml") -> RawEntry:
    return read(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title><id>1</id><link href="/1"/>'
        f'<content type="{kind}">{content}</content><updated>2020</updated></entry></feed>'
    ).entries[0]


def rss(fields: str) -> RawEntry:
    return read(
        f"<rss><channel><item><guid>1</guid>{fields}</item><item><guid>2</guid></item></channel></rss>"
    ).entries[0]


@pytest.mark.parametrize(
    "markup",
    [
        "<details><summary>Open</summary><p>me</p></details>",
        '<svg xmlns="http://www.w3.org/2000/svg"><title>Logo</title><path d="m0"></path></svg><p>after</p>',
        '<video><source src="a.mp4"><track></video><p>after</p>',
        '<article><header><link itemprop="url" href="u"><title>t</title></header><p>after</p></article>',
        "<p>a<br>b<wbr>c</p><hr><p>d</p>",
        "<address><author>A</author></address><p><image></image><category></category><id>i</id>x</p>",
        "<p><body>b</body><item>i</item><entry>e</entry></p>",
        "<div><div>a</div><div>b</div></div><p>c</p>",
    ],
)
def test_elements_in_a_text_are_not_those_of_the_feed(markup: str):
    void = ("br", "wbr", "hr", "source", "track", "link")
    written = markup
    for name in void:
        written = written.replace(f"<{name}>", f"<{name}/>")
    written = written.replace('src="a.mp4">', 'src="a.mp4"/>').replace('href="u">', 'href="u"/>')
    entry = atom(f"<div {XHTML}>{written}</div>")

    assert entry.contents[0].value.replace(' xmlns="http://www.w3.org/2000/svg"', "") == markup.replace(
        ' xmlns="http://www.w3.org/2000/svg"', ""
    )
    assert (entry.id, entry.updated, len(entry.links), entry.authors, entry.categories) == ("1", "2020", 1, (), ())
    assert entry.title is not None
    assert entry.title.value == "T"


def test_prefixes_of_xhtml_go():
    content = '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>a<h:br/>b</h:p></h:div>'

    assert atom(content).contents[0].value.removeprefix("<div>").removesuffix("</div>") == "<p>a<br>b</p>"


def test_unescaped_markup_in_rss_is_the_text():
    entry = rss(
        "<description><div><p>One<br/>two</p><title>x</title><div>y</div></div></description><title>T</title>"
    )

    assert entry.summary is not None
    assert entry.summary.value == "<p>One<br>two</p><title>x</title><div>y</div>"
    assert entry.title is not None
    assert entry.title.value == "T"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/xml", '<x xmlns="urn:x"><title>Inner</title><id>9</id></x>'),
        ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"><title>Inner</title></svg>'),
        ("image/png", "iVBORw0KGgo="),
    ],
)
def test_content_that_is_no_text_is_none_and_spoils_nothing(kind: str, content: str):
    entry = atom(content, kind)

    assert (entry.contents, entry.summary, entry.id) == ((), None, "1")
    assert entry.title is not None
    assert entry.title.value == "T"


@pytest.mark.parametrize(
    ("fields", "title", "summary"),
    [
        ("<title>Open<link>https://x.example/1</link><description>D</description>", "Open", "D"),
        ("<title>T</title><description>D <b>b<category>c</category>" + LINK, "T", "D <b>b"),
        (LINK + "<title>T</title><description>a</p> &lt;i&gt;b&lt;/i&gt;</description>", "T", "a <i>b</i>"),
        (LINK + "<title>T</title><description><ul><li>a<li>b</ul> c</description>", "T", "<ul><li>a<li>b</ul> c"),
        (LINK + "<description>D</description><title>Last", "Last", "D"),
        (LINK + "<title>T</title><content:encoded>C<guid>1</guid>", "T", None),
    ],
)  # fmt: skip
def test_a_text_without_its_end_ends_with_the_next_field_or_the_entry(
    fields: str, title: str, summary: str | None
):
    entry = rss(fields)

    assert entry.title is not None
    assert entry.title.value == title
    assert (entry.summary.value if entry.summary else None) == summary
    assert [link.href for link in entry.links] == ["https://x.example/1"]


def test_an_entry_that_begins_within_a_text_is_an_entry():
    feed = read("<rss><channel><item><description>open<item><guid>2</guid></item><item><guid>3</guid></item>")

    assert [entry.id for entry in feed.entries] == [None, "2", "3"]
