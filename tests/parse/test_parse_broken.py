"""Broken feeds: what survives."""

from __future__ import annotations

import pytest

from aggregator.model import Failed, ParsedFeed, RawEntry
from aggregator.parse import parse
from aggregator.parse.xml import handlers, stages

ONE = "<item><title>One</title><link>https://x.example/1</link><guid>1</guid><description>First.</description></item>"
TWO = ONE.replace("1<", "2<").replace("One", "Two").replace("First", "Second")
HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://x.example/</link>'
TAIL = "</channel></rss>"


def read(document: str | bytes, content_type: str = "") -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    result = parse(body, content_type=content_type, location="https://x.example/feed")
    assert isinstance(result, ParsedFeed), result
    return result


def told(feed: ParsedFeed) -> list[tuple[str | None, str | None, str | None, str | None]]:
    """Id, title, address and text of each entry."""
    return [
        (
            entry.id,
            entry.title.value if entry.title else None,
            entry.links[0].href if entry.links else None,
            entry.summary.value if entry.summary else None,
        )
        for entry in feed.entries
    ]


def prefixed(name: str, document: str) -> str:
    """The document with a prefix before each name, which nothing declares."""
    return document.replace("<", f"<{name}:").replace(f"<{name}:/", f"</{name}:")


SOUND = [("1", "One", "https://x.example/1", "First."), ("2", "Two", "https://x.example/2", "Second.")]


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain; charset=us-ascii", "application/json", "image/png", ";;"]
)
def test_a_wrong_content_type_costs_nothing(content_type: str):
    assert told(read(HEAD + ONE + TWO + TAIL, content_type)) == SOUND


@pytest.mark.parametrize(
    "before", ["\ufeff", "\n\n  \t", "\n\ufeff\n", "\ufeff\ufeff", "Notice: x\n", "<!-- a --><?p i?>", "\x0b\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be"])
def test_nothing_that_stands_before_the_feed_costs_anything(before: str, encoding: str):
    mark = "\ufeff" if encoding != "utf-8" else ""

    assert told(read((mark + before + HEAD + ONE + TWO + TAIL).encode(encoding))) == SOUND


@pytest.mark.parametrize(
    "document",
    [
        HEAD + ONE + TWO + TAIL + "<script>x()</script></body></html>",
        HEAD + ONE + TWO + TAIL + "\n<!-- 0.3 s --> & 12 < 13",
        HEAD + ONE + TAIL + HEAD + TWO + TAIL,
        HEAD + ONE + TAIL + "<p>" + TWO,
        HEAD + "</channel>" + ONE + TWO + "</rss>",
        "<rss>" + ONE + TWO + "</rss>",
        HEAD + "<items>" + ONE + "</items>" + TWO + TAIL,
        HEAD + ONE + "</channel><channel><title>U</title>" + TWO + TAIL,
        ONE + HEAD + TWO + TAIL,
        ONE + TWO,
        "<?xml version='1.0'?><rrss version='2.0'><channel>" + ONE + TWO + TAIL,
        HEAD + ONE + TWO,
        HEAD + ONE + TWO[:-7],
        HEAD + ONE.replace("</link>", "</Link>") + TWO + TAIL,
        (HEAD + ONE + TWO + TAIL).replace("item>", "ITEM>").replace("title>", "Title>").replace("link>", "LINK>"),
        HEAD + ONE.replace("</item>", "<!-- </item><item><guid>9</guid> --><?p <item> ?></item>") + TWO + TAIL,
        HEAD + ONE.replace("First.", "<![CDATA[First.") + TWO.replace("Second.", "<![CDATA[Second.]]>") + TAIL,
        HEAD + ONE + TWO.replace("Second.", "<![CDATA[Second.") + TAIL,
        HEAD + ONE.replace("First.", "<![CDATA[Fi<![CDATA[r]]>st.]]>") + TWO + TAIL,
        HEAD + ONE.replace("<guid>", "<guid/><guid> </guid><guid>") + TWO.replace("</guid>", "</guid><guid/>"),
        HEAD + ONE.replace("</title>", "</title><title/><title>Again</title>") + TWO + TAIL,
        HEAD + ONE.replace("</link>", "</link><link/><link>https://x.example/9</link>") + TWO + TAIL,
        HEAD + ONE.replace("First.", "First.&#0;&#xD800;&#x110000;&#x1F;\x1f\x00&#99999999999;") + TWO + TAIL,
        HEAD.replace("<rss", "<rss xmlns='urn:x'") + ONE + TWO + TAIL,
        "<!DOCTYPE rss [<!ENTITY a 'b'>]>" + HEAD.partition("?>")[2] + ONE + TWO + TAIL,
        prefixed("x", HEAD.partition("?>")[2] + ONE + TWO + TAIL),
    ],
)  # fmt: skip
def test_damage_around_entries_costs_none_of_them(document: str):
    assert told(read(document)) == SOUND


def test_an_entry_within_another_takes_nothing_from_it():
    feed = read(HEAD + ONE.replace("<guid>", TWO + "<guid>") + "<item><guid>3</guid></item>" + TAIL)

    assert told(feed) == [*SOUND, ("3", None, None, None)]
    assert (feed.title and feed.title.value, feed.meta.link) == ("T", "https://x.example/")


def test_of_two_dates_of_a_kind_the_first_that_is_one_counts():
    def entry(fields: str) -> RawEntry:
        return read(f"<feed><entry><id>1</id>{fields}</entry></feed>").entries[0]

    twice = entry("<published>a</published><published>b</published><updated>c</updated><updated/>")
    late = entry("<published/><published>b</published><updated> </updated><updated>d</updated>")
    deep = entry("<x><published>deep</published></x><published>b</published>")

    assert (twice.published, twice.updated) == ("a", "c")
    assert (late.published, late.updated) == ("b", "d")
    assert deep.published == "b"


def test_the_guid_that_counts_brings_its_own_permalink():
    feed = read(
        HEAD
        + '<item><guid isPermaLink="false">https://x.example/1</guid><guid>https://x.example/2</guid></item>'
        + TAIL
    )

    assert (feed.entries[0].id, feed.entries[0].id_is_permalink) == ("https://x.example/1", False)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("a & b", "a & b"),
        ("a &b; c &amp d", "a &b; c &amp d"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("a&nbsp;b &eacute; &hellip;", "a\xa0b é …"),
        ("&#xD83D;&#xDE00; &#128512;", "😀 😀"),
        ("a <b>bold</b> word", "a <b>bold</b> word"),
        ("it&#146;s &#150;", "it’s –"),
        ("<![CDATA[a & <b>]]>", "a & <b>"),
        ("a]]>b", "a]]>b"),
    ],
)
def test_characters_that_mean_something_else_in_xml_survive(written: str, title: str):
    feed = read(HEAD + ONE.replace("One", written) + TWO + TAIL)

    assert [one[1] for one in told(feed)] == [title, "Two"]


def test_ampersands_in_addresses_survive():
    feed = read(HEAD + ONE.replace("/1<", "/?a=1&b=2&copy=3&amp;d=4<") + TAIL)

    assert feed.entries[0].links[0].href == "https://x.example/?a=1&b=2&copy=3&d=4"


def test_prefixes_without_a_declaration_mean_what_they_usually_mean():
    extra = "<dc:creator>Jo</dc:creator><content:encoded><![CDATA[<p>x</p>]]></content:encoded><my:own>z</my:own>"
    entry = read(HEAD + ONE.replace("<guid>", extra + "<guid>") + TAIL).entries[0]

    assert [author.name for author in entry.authors] == ["Jo"]
    assert [text.value for text in entry.contents] == ["<p>x</p>"]


def test_empty_elements_are_nothing():
    feed = read(
        HEAD + "<item/><item></item><item><title/><link/><guid/><pubDate/><description/><author/></item>" + TAIL
    )

    assert [entry for entry in feed.entries if entry != RawEntry(base="https://x.example/")] == []
    assert len(feed.entries) == 3


@pytest.mark.parametrize("end", range(0, len(HEAD + ONE + TWO + TAIL), 7))
def test_a_document_that_breaks_off_keeps_what_was_whole(end: int):
    document = (HEAD + ONE + TWO + TAIL)[:end]
    result = parse(document.encode(), content_type="", location="https://x.example/feed")
    whole = document.count("</item>")

    if isinstance(result, Failed):
        assert whole == 0
    else:
        assert told(result)[:whole] == SOUND[:whole]
        assert len(result.entries) <= document.count("<item>")


@pytest.mark.parametrize(
    "document",
    [
        "<html><head><title>T</title></head><body>" + ONE + "</body></html>",
        "<opml><body>" + ONE + "</body></opml>",
        "<x><item><p>a</p></item></x>",
        "<x><entry key='a'>1</entry></x>",
    ],
)
def test_what_merely_holds_elements_of_that_name_is_no_feed(document: str):
    result = parse(document.encode(), content_type="", location="")

    assert isinstance(result, Failed)
    assert result.trouble == "not_a_feed"


def test_of_more_elements_than_any_feed_has_the_whole_entries_before_are_read(monkeypatch: pytest.MonkeyPatch):
    for module in (handlers, stages):
        monkeypatch.setattr(module, "MAX_ELEMENTS", 100)
    flood = f"{HEAD}{ONE}{TWO}<item><guid>9</guid>{'<a/>' * 200}</item>{TAIL}"
    feed = read(flood)
    assert [entry.id for entry in feed.entries] == ["1", "2"]
    assert feed.warnings == (stages._LONG,)
    assert not feed.whole
    assert read(flood.replace("<item><guid>9</guid>", "").replace(f"</item>{TAIL}", TAIL)) == feed
