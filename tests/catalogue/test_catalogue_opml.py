from __future__ import annotations

import pytest

from aggregator.catalogue.opml import MAX_BYTES, MAX_DEPTH, parse_opml
from aggregator.catalogue.subscriptions import ListedFeed
from aggregator.errors import EditError
from tests.support.effort import within


def body(inner: str) -> bytes:
    return f"<?xml version='1.0'?><opml version='2.0'><head/><body>{inner}</body></opml>".encode()


def test_feeds_come_in_order_with_title_and_the_groups_around_them():
    content = body("""
        <!-- from a reader -->
        <outline text="News &amp; Views"><outline title="World"><?pi?>
            <outline type="rss" text="A" title=" The  A " xmlUrl=" https://a.example/feed "/>
        </outline></outline>
        <outline text="B" xmlUrl="https://b.example/feed" category="/Boston/Weather,Tech"/>
        <outline text="an empty group"/>
        <link/>
    """)
    assert parse_opml(content) == (
        ListedFeed(url="https://a.example/feed", title="The A", tags=("news-views", "world"), titled=True),
        ListedFeed(url="https://b.example/feed", title="B", tags=("boston", "weather", "tech"), titled=False),
    )


def test_tags_keep_their_script_and_are_never_repeated():
    content = body("<outline text='خبر'><outline xmlUrl='https://a.example/' category='خبر,,!!'/></outline>")
    assert parse_opml(content) == (ListedFeed(url="https://a.example/", title="", tags=("خبر",), titled=False),)


def test_names_of_elements_and_attributes_may_be_in_any_case():
    content = b"<OPML version='1.0'><BODY><Outline TEXT='A' xmlurl='https://a.example/'/></BODY></OPML>"
    assert parse_opml(content) == (ListedFeed(url="https://a.example/", title="A", tags=(), titled=False),)


def test_a_feed_inside_a_feed_is_found_and_takes_no_tag_from_it():
    content = body(
        "<outline text='A' xmlUrl='https://a.example/'><outline text='B' xmlUrl='https://b.example/'/></outline>"
    )
    assert [(found.url, found.tags) for found in parse_opml(content)] == [
        ("https://a.example/", ()),
        ("https://b.example/", ()),
    ]


def test_a_feed_without_an_address_is_reported_and_what_is_commented_out_is_not():
    content = body(
        "<outline type='rss' text='A'/>"
        "<outline text='g' isComment='true'><outline text='B' xmlUrl='https://b.example/'/></outline>"
    )
    assert parse_opml(content) == (ListedFeed(url="", title="A", tags=(), titled=False),)


@pytest.mark.parametrize("kind", ["", "type='rss'", "type='Atom'"])
def test_an_address_that_is_called_url_is_the_feeds(kind: str):
    (found,) = parse_opml(
        body(f"<outline text='A' {kind} htmlUrl='https://a.example/' url='https://a.example/x'/>")
    )
    assert (found.url, found.fault) == ("https://a.example/x", "")


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        (
            "type='include' text='River boats' url='https://b.example/all'",
            "it takes in another list; to follow that, write `river-boats: https://b.example/all` under `lists:`",
        ),
        (
            "type='link' url='https://b.example/all.opml?x=1'",
            "it takes in another list; to follow that, write `b: https://b.example/all.opml?x=1` under `lists:`",
        ),
        (
            "type='include' url='beside.opml'",
            "it takes in another list; import that by itself, or write its full address under `lists:`",
        ),
        (
            "type='include'",
            "it takes in another list; import that by itself, or write its full address under `lists:`",
        ),
        (
            "type='rss' xmlUrl='' htmlUrl='https://b.example/'",
            "no feed is named, only a page; `aggregator add https://b.example/` looks for its feed",
        ),
        (
            "type='link' url='https://ann:opensesame@b.example/blog'",
            "no feed is named, only a page; `aggregator add https://ann:***@b.example/blog` looks for its feed",
        ),
    ],
)
def test_what_stands_in_the_place_of_a_feed_is_named_with_what_to_do(attributes: str, fault: str):
    (found,) = parse_opml(body(f"<outline {attributes}/>"))
    assert (found.url, found.fault) == ("", fault)


def test_a_group_that_has_a_page_and_one_that_takes_in_a_list_keep_what_is_in_them():
    inner = "<outline text='A' xmlUrl='https://a.example/'/>"
    content = body(
        f"<outline text='Tech' htmlUrl='https://t.example/'>{inner}</outline>"
        f"<outline type='include' url='x.opml'>{inner}</outline>"
    )
    assert [(one.url, one.tags) for one in parse_opml(content)] == [
        ("https://a.example/", ("tech",)),
        ("", ()),
        ("https://a.example/", ()),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://b.example/rss", "https://b.example/rss"),
        ("FEED:https://b.example/rss", "https://b.example/rss"),
        ("feed://http://b.example/rss", "http://b.example/rss"),
        ("itpc://b.example/pod", "https://b.example/pod"),
        ("pcast:b.example/pod", "https://b.example/pod"),
        ("feeds/a.xml", "feeds/a.xml"),
        ("https://b.example/?u=feed://c", "https://b.example/?u=feed://c"),
    ],
)
def test_schemes_that_open_a_reader_are_those_of_the_web(written: str, meant: str):
    (found,) = parse_opml(body(f"<outline xmlUrl='{written}'/>"))
    assert found.url == meant


@pytest.mark.parametrize("kind", ["rss", "atom", "folder", ""])
def test_an_outline_with_others_in_it_and_no_address_is_a_group_whatever_it_calls_itself(kind: str):
    content = body(f"<outline type='{kind}' text='Tech'><outline text='B' xmlUrl='https://b.example/'/></outline>")
    (found,) = parse_opml(content)
    assert found == ListedFeed(url="https://b.example/", title="B", tags=("tech",), titled=False)


def test_the_declared_encoding_is_honoured():
    text = "<?xml version='1.0' encoding='windows-1252'?><opml><body><outline text='é' xmlUrl='u'/></body></opml>"
    assert parse_opml(text.encode("cp1252"))[0].title == "é"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not well-formed"),
        (b"plain text", "not well-formed XML, line 1"),
        (b"<opml>\n<body></opml>", "not well-formed XML, line 2"),
        (b"<html><body/></html>", "a web page, and no list"),
        (b"\xef\xbb\xbf\n <!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><p>", "a web page, and no list"),
        (b"<rss/>", "first element is <rss>"),
        (b"<!DOCTYPE opml><opml/>", "document type"),
        (b"<!DOCTYPE opml SYSTEM 'http://127.0.0.1:1/x.dtd'><opml/>", "document type"),
        (
            b"<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body>&x;</body></opml>",
            "document type",
        ),
        (b" " * (MAX_BYTES + 1), "larger than 5 MB"),
        (body("<outline>" * 40 + "</outline>" * 40), "deeper than 32"),
        (body("<outline>" * 5000 + "</outline>" * 5000), "not well-formed"),
    ],
)
def test_what_is_not_honest_opml_is_refused_with_the_reason(content: bytes, words: str):
    with pytest.raises(EditError, match=words):
        parse_opml(content)


def test_groups_may_nest_up_to_the_bound():
    deep = "<outline text='g'>" * MAX_DEPTH + "<outline xmlUrl='u'/>" + "</outline>" * MAX_DEPTH
    assert parse_opml(body(deep)) == (ListedFeed(url="u", title="", tags=("g",), titled=False),)


def test_entities_that_multiply_in_attributes_are_stopped_early():
    entities = "<!ENTITY a0 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
    )
    content = f"<!DOCTYPE opml [{entities}]><opml><body><outline text='&a9;'/></body></opml>".encode()
    with within(2), pytest.raises(EditError):
        parse_opml(content)


def test_marks_without_end_in_the_name_of_a_group_take_no_time():
    name = "a" + "\u0301\u0316" * 100_000
    with within(2):
        (found,) = parse_opml(body(f"<outline text='{name}'><outline xmlUrl='https://a.example/'/></outline>"))
    assert found.tags[0].startswith("\u00e1")
