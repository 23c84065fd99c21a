"""Which feeds a page names, and in which order they are worth a try."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.parse.html.feed_links import MAX_BYTES, MAX_CANDIDATES, Candidate, common_places, discover_feeds
from tests.support.effort import within

HOME = "https://harbour.example/news/"
RSS = "application/rss+xml"
ATOM = "application/atom+xml"


def found(page: str | bytes, location: str = HOME, content_type: str = "text/html") -> tuple[Candidate, ...]:
    body = page.encode() if isinstance(page, str) else page
    return discover_feeds(body, content_type=content_type, location=location)


def urls(page: str | bytes, location: str = HOME) -> list[str]:
    return [candidate.url for candidate in found(page, location)]


def link(href: str, title: str = "", kind: str = RSS) -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def test_a_page_names_its_feed():
    page = f"<!DOCTYPE html><html><head><title>x</title>{link('/feed.xml', 'Harbour &amp; News')}</head></html>"

    assert found(page) == (
        Candidate(url="https://harbour.example/feed.xml", title="Harbour & News", type=RSS, found="link"),
    )


def test_candidates_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        found(link("/f"))[0].url = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    "page",
    [
        "<LINK HREF='/f' TYPE='Application/RSS+XML' REL='ALTERNATE'>",
        "<link href=/f rel=alternate type=application/rss+xml>",
        '<link type=" application/rss+xml; charset=utf-8 " href=" /f " rel="home  alternate\tfeed"/>',
        '<body><p>late<link rel="alternate" type="application/rss+xml" href="/f"></body>',
        '<noscript><link rel="alternate" type="application/rss+xml" href="/f#top"></noscript>',
        (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
            '<link rel="alternate" type="application/rss+xml" href="/f" /></head></html>'
        ),
        '<link rel=alternate type=application/rss+xml href="//user:secret@HARBOUR.example:443/f">',
        '<link rel=alternate type=application/rss+xml href="https:\\\\harbour.example\\f">',
        '<link rel=alternate type=application/rss+xml href="/f"><link rel=alternate type=text/xml href="../f">',
        '<link rel=alternate type=application/rss+xml href="/\nf"><a href="/f">RSS</a>',
        '<a href="/f">RSS</a><link rel=alternate type=application/rss+xml href="/f">',
        '</div></p><p><b><link rel=alternate type=application/rss+xml href="/f"',
    ],
)
def test_a_link_is_found_however_it_is_written(page: str):
    *_, first = reversed(found(page + ">" if page.endswith('"') else page))

    assert (first.url, first.type, first.found) == ("https://harbour.example/f", RSS, "link")
    assert len(urls(page + ">")) == 1


@pytest.mark.parametrize("scheme", ["feed://", "feed:https://"])
def test_a_feed_may_be_named_by_the_scheme_of_programs_that_read_feeds(scheme: str):
    assert urls(link(f"{scheme}harbour.example/f")) == [
        f"{'https' if 'https' in scheme else 'http'}://harbour.example/f"
    ]


@pytest.mark.parametrize(
    ("kind", "title", "href"),
    [
        (ATOM, "", "/a"),
        ("application/rdf+xml", "", "/a"),
        ("application/xml", "", "/a"),
        ("text/xml", "", "/a"),
        ("application/feed+json", "", "/a"),
        ("application/json", "JSON Feed", "/a"),
        ("application/json", "", "/feed.json"),
        ("application/json", "", "https://other.example/feed/json"),
    ],
)
def test_these_types_are_feeds(kind: str, title: str, href: str):
    assert [candidate.type for candidate in found(link(href, title, kind))] == [kind]


@pytest.mark.parametrize(
    "page",
    [
        link("/wp-json/wp/v2/pages/2", "JSON", "application/json"),
        link("https://feed.example/v2/pages/2", "", "application/json"),
        link("/oembed?format=json", "", "application/json+oembed"),
        link("/de/", "Deutsch", "text/html"),
        link("javascript:alert(1)"),
        link("data:application/rss+xml,x"),
        link("ftp://harbour.example/f"),
        link("mailto:feed@harbour.example"),
        link("https://"),
        link("https://[::1/feed"),
        link("https://harbour.example:port/feed"),
        link("https://a..example/feed"),
        link("https://\xad.example/feed"),
        link("https://ex%20ample/feed"),
        link("/" + "x" * 9000),
        link("/" + "ö" * 4000),
        link(""),
        link("#comments"),
        link(HOME),
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="stylesheet" type="application/rss+xml" href="/f">',
        '<link type="application/rss+xml" href="/f">',
        '<link rel="alternate" href="/f">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/f"> -->',
        '<script>document.write(\'<link rel="alternate" type="application/rss+xml" href="/f">\')</script>',
        '<title><link rel="alternate" type="application/rss+xml" href="/f"></title>',
        "plain text",
        "",
    ],
)
def test_what_names_no_feed_is_left_alone(page: str):
    assert found(page) == ()


def test_relative_addresses_are_read_against_the_base_of_the_page():
    page = f'{link("a.xml")}<base target="_top"><base href="/deep/er/"><base href="/second/">{link("../b.xml")}'

    assert urls(page) == ["https://harbour.example/deep/er/a.xml", "https://harbour.example/deep/b.xml"]


@pytest.mark.parametrize("base", ["javascript:x", "data:,", "https://[", ""])
def test_a_base_that_is_no_web_address_does_not_count(base: str):
    assert urls(f'<base href="{base}">{link("a.xml")}') == ["https://harbour.example/news/a.xml"]


def test_a_page_without_a_web_address_can_name_absolute_addresses_only():
    page = link("/a") + link("https://harbour.example/b") + '<a href="https://harbour.example/feed">RSS</a>'

    assert urls(page, "/home/me/page.html") == ["https://harbour.example/b"]


def test_addresses_are_given_in_ascii():
    page = link("https://bücher.example:8080/a b/ö%20%?q=ä|")

    assert urls(page) == ["https://xn--bcher-kva.example:8080/a%20b/%C3%B6%20%25?q=%C3%A4%7C"]


def test_addresses_of_ipv6_hosts_are_kept_with_their_brackets():
    assert urls('<a href="/feed">News</a>', "http://[2001:db8::1]:80/") == ["http://[2001:db8::1]/feed"]


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/f.rss">x</a>',
        '<a href="/f.atom">x</a>',
        '<a href="/blog/feed">x</a>',
        '<a href="feed/?type=all#x">x</a>',
        '<a href="https://harbour.example/rss">x</a>',
        '<a href="/rss/">x</a>',
        '<a href="/Feed.XML">x</a>',
        '<a href="rss.xml"></a>',
        '<a href="/atom.xml">x</a>',
        '<a href="/index.xml">x</a>',
        '<a href="/feed.json">x</a>',
        '<a href="/x"> RSS </a>',
        '<a href="/x"><b>Atom</b> feed</a>',
        '<a href="/x">Subscribe via\nRSS</a>',
        '<a href="/x">RSS 2.0 feed</a>',
        '<a href="/x">JSON Feed</a>',
        '<a href="/x"><img src="i.png" alt="RSS"></a>',
        '<a href="/x" title="RSS feed"><svg></svg></a>',
        '<a href="/x" aria-label="Our RSS feed">&#9784;</a>',
        '<a href="/x">RSS<a href="/y">Contact</a>',
        '<a href="/x">RSS',
    ],
)
def test_a_plain_link_that_clearly_names_a_feed_counts(anchor: str):
    assert [candidate.found for candidate in found(anchor)] == ["anchor"]


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/what-is-rss">What is RSS?</a>',
        '<a href="/feedback">Feedback</a>',
        '<a href="/barfeed">x</a>',
        '<a href="/sitemap.xml">x</a>',
        '<a href="//feed">x</a>',
        '<a href="/x">Anatomy</a>',
        '<a href="/x"></a>RSS<img alt="RSS">',
        '<a name="feed">RSS</a>',
        '<a href="mailto:feed@harbour.example">RSS</a>',
        '<a href="https://other.example/feed">RSS</a>',
        f'<a href="/x">RSS {"and so on " * 100}</a>',
    ],
)
def test_other_plain_links_do_not(anchor: str):
    assert found(anchor) == ()


@pytest.mark.parametrize(
    ("page", "feed", "same"),
    [
        ("https://www.harbour.example/", "https://feeds.harbour.example/feed", True),
        ("https://harbour.example/", "http://harbour.example:8000/feed", True),
        ("https://harbour.example/", "https://harbour.example./feed", True),
        ("https://harbour.example/", "https://ship.example/feed", False),
        ("https://www.harbour.co.uk/", "https://feeds.harbour.co.uk/feed", True),
        ("https://www.harbour.co.uk/", "https://www.ship.co.uk/feed", False),
        ("https://harbour.github.io/", "https://ship.github.io/feed", False),
        ("https://www.harbour.de/", "https://rss.harbour.de/feed", True),
        ("http://127.0.0.1/", "http://127.0.0.1:8000/feed", True),
        ("http://127.0.0.1/", "http://126.0.0.1/feed", False),
        ("http://[2001:db8::1]/", "http://[2001:db8::2]/feed", False),
        ("http://localhost/", "http://localhost:81/feed", True),
    ],
)
def test_a_plain_link_counts_within_its_site_only(page: str, feed: str, same: bool):
    assert bool(found(f'<a href="{feed}">RSS</a>', page)) is same


def test_a_link_element_may_name_a_feed_elsewhere():
    assert urls(link("https://feeds.other.example/harbour")) == ["https://feeds.other.example/harbour"]


def test_the_main_feed_comes_before_those_of_categories_and_these_before_comments():
    page = "".join(
        [
            link("/comments/feed/", "Harbour » Comments Feed"),
            link("/1", "Harbour » Ships Category Feed"),
            link("/2", "Harbour » Kommentar-Feed"),
            link("/tag/boats/feed", "Harbour » boats"),
            link("/?cat=4&feed=rss2", "Cranes"),
            link("/feed/", "Harbour » Feed"),
            '<a href="/rss">RSS</a>',
        ]
    )

    assert [urlsplit(url)._replace(scheme="", netloc="").geturl() for url in urls(page)] == [
        "/feed/",
        "/rss",
        "/1",
        "/tag/boats/feed",
        "/?cat=4&feed=rss2",
        "/comments/feed/",
        "/2",
    ]


@pytest.mark.parametrize("location", ["https://h.example/category/ships", "https://h.example/category/ships/"])
def test_the_page_of_a_category_prefers_its_own_feed(location: str):
    page = link("/feed/", "Main") + link("/category/ships/comments/feed/") + link("/category/ships/feed/")

    assert urls(page, location) == [
        "https://h.example/category/ships/feed/",
        "https://h.example/feed/",
        "https://h.example/category/ships/comments/feed/",
    ]


def test_of_several_forms_of_one_feed_atom_comes_before_rss_before_json():
    page = "".join(
        [
            link("/1.json", "Harbour - JSON Feed", "application/feed+json"),
            link("/1.rss", "Harbour (RSS)"),
            link("/1.atom", "harbour: Atom 1.0", ATOM),
            link("/2.rss", "Ships (RSS)"),
            link("/2.atom", "Ships (Atom)", ATOM),
        ]
    )

    assert [url.rsplit("/")[-1] for url in urls(page)] == ["1.atom", "1.rss", "1.json", "2.atom", "2.rss"]


def test_the_form_shows_in_the_title_or_the_address_where_no_type_tells():
    page = (
        '<a href="/feed.json">Feed</a><a href="/feed">Feed</a><a href="/x.rss">Feed</a>'
        '<a href="/feed/atom">Feed</a><a href="/y">Atom</a>'
    )

    assert [url.removeprefix("https://harbour.example") for url in urls(page)] == [
        "/feed/atom",
        "/y",
        "/feed",
        "/x.rss",
        "/feed.json",
    ]


def test_otherwise_the_order_is_that_of_the_page_and_links_come_before_anchors():
    page = '<a href="/0.rss">A</a>' + link("/1", "C") + link("/2", "A", ATOM) + link("/3", "B")

    assert [url[-1] for url in urls(page)] == ["1", "2", "3", "s"]


def test_titles_are_plain_lines_of_bounded_length():
    long, spaced = (
        found(link("/1", "x" * 5000) + link("/2", "  A\n <b>b</b>\t\u202ec\x07 ")),
        found(link("/2", "  ")),
    )

    assert long[0].title == "x" * 200
    assert long[1].title == "A b c"
    assert spaced[0].title is None


def test_the_type_of_an_anchor_is_told_if_it_is_one_of_a_feed():
    page = '<a href="/1.rss" type="application/rss+xml">1</a><a href="/2.rss" type="text/html">2</a>'

    assert [candidate.type for candidate in found(page)] == [RSS, None]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (link("/f", "Порт").encode("cp1251"), "text/html; charset=windows-1251"),
        (f'<meta charset="windows-1251">{link("/f", "Порт")}'.encode("cp1251"), "text/html"),
        (
            f'<meta http-equiv=Content-Type content="text/html; charset=koi8-r">{link("/f", "Порт")}'.encode(
                "koi8-r"
            ),
            "",
        ),
        (f'<meta charset="koi8-r">{link("/f", "Порт")}'.encode(), "text/html; charset=utf-8"),
        (link("/f", "Порт").encode("utf-16"), ""),
    ],
)
def test_titles_are_read_in_the_encoding_of_the_page(body: bytes, content_type: str):
    assert found(body, content_type=content_type)[0].title == "Порт"


def test_only_the_beginning_of_a_page_is_looked_at():
    filler = "é" * (MAX_BYTES // 2 - 200)  # cut within it, the page would be no UTF-8

    assert urls(link("/in") + filler + "<p>" + "é" * 1000 + link("/out")) == ["https://harbour.example/in"]
    assert urls("x" * MAX_BYTES + link("/out")) == []


def test_the_number_of_candidates_is_bounded():
    page = "".join(link(f"/{number}") + f'<a href="/{number}.rss">RSS</a>' for number in range(300))

    assert len(urls(page)) == MAX_CANDIDATES
    assert urls(page)[-1] == f"https://harbour.example/{MAX_CANDIDATES - 1}"


def test_many_links_to_other_things_do_not_hide_the_feed():
    assert urls('<a href="/article">More</a>' * 5000 + '<a href="/feed">RSS</a>') == [
        "https://harbour.example/feed"
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "filler",
    [
        "<div>" * 100_000,
        "<div>" * 90_000 + "</b>" * 120_000,
        "<a>" * 100_000,
        "<a href=/x>RSS" * 25_000,
        "<table><tr><td>" * 60_000,
        "<a " + " ".join(f"a{number}" for number in range(140_000)) + ">",
        "<!--" * 250_000,
        "<script>" + "</scrip " * 120_000,
        "<" * 999_000,
        "&" * 999_000,
        '<a href="' + "/feed" * 190_000,
    ],
    ids=lambda filler: filler[:14],
)
def test_hostile_markup_ends_soon_and_keeps_what_came_before_it(filler: str):
    with within(15):  # without bounds the second takes half a minute on any machine
        first = urls(link("/first") + filler + link("/last"))[0]

    assert first == "https://harbour.example/first"


def test_what_lies_deeper_than_honest_pages_go_is_not_looked_at():
    assert urls("<div>" * 400 + link("/f")) == ["https://harbour.example/f"]
    assert urls("<div>" * 50_000 + link("/f")) == []


@pytest.mark.parametrize(
    ("location", "places"),
    [
        ("https://h.example", ["/feed", "/rss.xml", "/atom.xml", "/index.xml"]),
        ("https://h.example/", ["/feed", "/rss.xml", "/atom.xml", "/index.xml"]),
        ("https://h.example/index.html?x#y", ["/feed", "/rss.xml", "/atom.xml", "/index.xml"]),
        ("https://h.example/blog", ["/blog/feed", "/blog/rss.xml", "/feed", "/rss.xml"]),
        ("https://h.example/blog/", ["/blog/feed", "/blog/rss.xml", "/feed", "/rss.xml"]),
        ("https://u:p@h.example/blog/a.html", ["/blog/feed", "/blog/rss.xml", "/feed", "/rss.xml"]),
        ("https://h.example/rss.xml", ["/feed", "/atom.xml", "/index.xml"]),
    ],
)
def test_the_usual_places_are_near_the_page_and_at_the_root(location: str, places: list[str]):
    assert common_places(location) == tuple(f"https://h.example{place}" for place in places)


@pytest.mark.parametrize(
    "location", ["", "feeds/page.html", "file:///etc/passwd", "https://[", "ftp://h.example/"]
)
def test_a_file_has_no_usual_places(location: str):
    assert common_places(location) == ()


PIECES = [
    "<html>", "<head>", "<body>", "<link ", "<a ", "</a>", "<base ", "<img alt='RSS'>", "rel=alternate ",
    "rel='", "type=application/rss+xml ", "type=application/json ", "href='/feed' ", "href=", "href='//[' ",
    "title='Comments Feed' ", 'title="', "'", '"', ">", "/>", "RSS", "Atom", "<!--", "-->", "<script>",
    "</script>", "<![CDATA[", "<?xml version='1.0' encoding='utf-16'?>", "<meta charset='shift_jis'>",
    "&#xD800;", "&#0;", "&amp;", "é", "\x00", "\ufeff", "http://", "https://x.example:99999/feed ", "%", "\\",
    "<svg>",
]  # fmt: skip
pages = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
locations = st.sampled_from([HOME, "", "https://h.example/tag/x", "http://[", "/etc/passwd"]) | st.text(
    max_size=30
)


def check(candidates: tuple[Candidate, ...]) -> None:
    assert len({candidate.url for candidate in candidates}) == len(candidates) <= MAX_CANDIDATES
    for candidate in candidates:
        parts = urlsplit(candidate.url)
        assert candidate.url.isascii()
        assert candidate.url.isprintable()
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert "@" not in parts.netloc
        assert not parts.fragment
        assert candidate.title is None or (candidate.title.isprintable() and candidate.title)


@given(st.binary(max_size=300), st.text(max_size=30), locations)
@example(b"\xff\xfe<\x00", "text/html; charset=idna", "")
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_candidates_that_are_web_addresses(body: bytes, content_type: str, location: str):
    check(discover_feeds(body, content_type=content_type, location=location))


@given(pages, st.sampled_from(["utf-8", "utf-16", "cp1251"]), locations)
@settings(max_examples=250, deadline=None)
def test_any_markup_gives_candidates_that_are_web_addresses(page: str, encoding: str, location: str):
    check(discover_feeds(page.encode(encoding, "ignore"), content_type="", location=location))


@given(locations | st.text(max_size=20).map("https://h.example/".__add__))
@settings(max_examples=150, deadline=None)
def test_the_usual_places_of_any_location_are_few_web_addresses(location: str):
    places = common_places(location)

    assert len(set(places)) == len(places) <= 4
    assert all(place.startswith(("http://", "https://")) and place.isascii() for place in places)
