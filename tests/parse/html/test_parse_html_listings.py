"""Which links of a page are articles, and what their stubs say; whole pages are in the golden corpus."""

from __future__ import annotations

import pytest

from aggregator.model import ParsedFeed, RawEntry, Selectors
from aggregator.parse.html import read_listing
from tests.support.effort import within

LOCATION = "https://news.example.com/world"


def read(
    body: str, *, select: Selectors | None = None, location: str = LOCATION, head: str = ""
) -> tuple[RawEntry, ...]:
    page = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    result = read_listing(page.encode("utf-8"), content_type="text/html", location=location, select=select)
    return result.entries if isinstance(result, ParsedFeed) else ()


def called(entries: tuple[RawEntry, ...]) -> list[str]:
    return [entry.title.value if entry.title else "" for entry in entries]


def item(number: int, inside: str = "") -> str:
    address = f"/world/2024/a-story-of-number-{number}"
    return f"<div class=item><h2><a href='{address}'>The long story number {number}</a></h2>{inside}</div>"


ITEMS = item(1) + item(2) + item(3)
TITLES = ["The long story number 1", "The long story number 2", "The long story number 3"]


@pytest.mark.parametrize(
    "other",
    [
        "<nav><h2><a href='/world/2024/the-menu-is-long'>The menu has long entries too</a></h2></nav>",
        "<div class='sidebar'><h3><a href='/world/2024/popular-with-all'>Popular with all others</a></h3></div>",
        "<h2><a href='https://other.example.org/2024/a-story-elsewhere'>A long story from afar</a></h2>",
        "<h2><a href='/tag/long-stories-about-the-world'>Long stories about the world</a></h2>",
        "<h2><a href='/world?page=2'>The next page of stories</a></h2>",
        "<h2><a href='/files/annual-report-of-2024.pdf'>The annual report of the year 2024</a></h2>",
        "<h2><a href='mailto:desk@example.com'>Write to the long story desk</a></h2>",
        "<h2><a href='#top'>Back to the top of this long page</a></h2>",
        "<h2><a href='/world'>The long stories of the world</a></h2>",
        "<h2><a href='/'>The front page of this newspaper</a></h2>",
        "<h2><a>The long story without an address</a></h2>",
        "<h2><a href='/world/2024/x-y-z'>Short</a></h2>",
        "<p>An <a href='/world/help'>explanation</a> of this page.</p>",
    ],
)
def test_links_that_lead_to_no_articles_are_left_out(other: str):
    assert called(read(f"{other}{ITEMS}{other}")) == TITLES


def test_one_article_with_several_links_is_one_and_has_the_best_title():
    picture = "<a href='/world/2024/a-story-of-number-1'><img src=/a.jpg alt='A picture of something'></a>"
    more = "<a href='/world/2024/a-story-of-number-1#more'>Read more</a>"

    entries = read(picture + item(1, more) + item(2) + item(3))

    assert called(entries) == TITLES
    assert entries[0].links[0].href == "/world/2024/a-story-of-number-1"


def test_a_picture_alone_gives_its_description_as_the_title():
    picture = (
        "<article><a href='/world/2024/a-{0}-b-c'><img src=/a.jpg alt='The flood of number {0}'></a></article>"
    )

    entries = read("".join(picture.format(number) for number in range(3)))

    assert called(entries)[0] == "The flood of number 0"
    assert entries[0].image == "/a.jpg"


def test_ornaments_are_no_pictures():
    assert read(item(1, "<img src=/icon-clock.png><img>") + item(2))[0].image is None


@pytest.mark.parametrize(
    ("inside", "published"),
    [
        ("<time datetime='2024-05-03T10:00Z'>x</time>", "2024-05-03T10:00Z"),
        ("<time>3 May 2024</time>", "3 May 2024"),
        (
            "<time>now</time><p>3 May 2024 · <a href='/tag/x'>world</a> · <b><a href='/tag/y'>all</a></b></p>",
            "3 May 2024",
        ),
        ("<p>In the year 2024</p>", None),
    ],
)
def test_the_date_of_an_item_is_kept_as_written(inside: str, published: str | None):
    assert read(item(1, inside) + item(2) + item(3))[0].published == published


def test_a_date_above_a_post_is_its_date():
    entries = read(f"<h3>3 May 2024</h3>{item(1)}<h3>2 May 2024</h3>{item(2)}")

    assert [entry.published for entry in entries] == ["3 May 2024", "2 May 2024"]


def test_at_most_a_hundred_are_read():
    assert len(read("".join(item(number) for number in range(150)))) == 100


@pytest.mark.parametrize("location", ["/srv/page.html", "http://[", ""])
def test_a_list_from_no_address_has_no_site_to_compare_with(location: str):
    whole = ITEMS.replace("href='", "href='https://x.example.com")

    assert called(read(whole, location=location)) == TITLES


def test_data_lists_articles_where_the_page_shows_none():
    one = '{"@type":"BlogPosting","url":"/b","headline":"B","datePublished":"2024-05-03"}'
    blog = f'{{"@type":"Blog","blogPost":[{one},{one},{{"url":"{LOCATION}"}}]}}'
    head = f'<script type="application/ld+json">{blog}</script>'

    entries = read("<p>x</p>", head=head)

    assert [(entry.links[0].href, entry.published) for entry in entries] == [("/b", "2024-05-03")]


def test_data_about_the_list_itself_is_no_article():
    head = f'<script type="application/ld+json">{{"@type":"Article","url":"{LOCATION}"}}</script>'

    assert read("<p>x</p>", head=head) == ()


# ------------------------------------------------------------------ selectors
def test_a_selected_item_has_the_title_of_its_link():
    entries = read(ITEMS, select=Selectors(item=".item", link=None))

    assert called(entries) == TITLES


def test_a_selected_item_without_a_link_is_none():
    body = "<li><b>Nothing</b></li><li><a href='/a'>One</a></li><li><a href='/a'>One again</a></li>"

    assert called(read(body, select=Selectors(item="li", link=None))) == ["One"]


def test_a_selected_link_may_be_within_or_around_what_matches():
    body = "<h2><a href='/a'>One</a></h2><a href='/b'><h2>Two</h2></a><h2>Three</h2>"

    assert called(read(body, select=Selectors(item=None, link="h2"))) == ["One", "Two"]


def test_an_item_whose_link_says_nothing_has_the_title_of_its_heading():
    body = "<li><h3></h3><h3>One</h3><a href='/a'>More</a></li><li><a href='/b'>More</a></li>"

    entries = read(body, select=Selectors(item="li", link="a"))

    assert called(entries) == ["One", ""]


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("li:has(h3 a)", "a"),
        ("li:contains('One')", None),
        ("ul > :first-of-type", ":scope > h3 > a:link"),
        ("li:lang(en)", "h3 :only-of-type"),
        (":root li[lang]", None),
        (None, "li:not(li ~ li) a"),
    ],
)
def test_a_list_is_searched_with_all_the_css_that_texts_are(item: str | None, link: str | None):
    body = "<ul><li lang=en-GB><h3><a href='/a'>One</a></h3></li><li><a href='/b'>Two</a></li></ul>"

    assert called(read(body, select=Selectors(item=item, link=link))) == ["One"]


def test_a_long_list_is_searched_in_no_time_whatever_its_selectors_compare():
    body = "".join(f"<p><a href='/{number}'>Story number {number}</a></p>" for number in range(6_000))

    with within(3):
        assert len(read(body, select=Selectors(item="p ~ p", link="p:nth-last-child(n) a"))) == 100


def test_empty_selectors_mean_a_guess():
    assert called(read(ITEMS, select=Selectors(item=None, link=None))) == TITLES


def test_what_the_page_says_of_itself_is_kept():
    head = "<title>World</title><link rel=icon href=/i.png><meta property='og:site_name' content='The Daily'>"
    page = f"<html lang=fa><head>{head}</head><body>{ITEMS}</body></html>".encode()

    result = read_listing(page, content_type="", location=LOCATION, select=None)

    assert isinstance(result, ParsedFeed)
    meta = result.meta
    assert (meta.title, meta.link, meta.language) == ("The Daily", LOCATION, "fa")
    assert (meta.icon, meta.version) == ("https://news.example.com/i.png", "page")


@pytest.mark.parametrize(
    "location", ["https://www.news.example.co.uk/world", "http://127.0.0.1:8000/world", "http://[::1]/world"]
)
def test_hosts_of_all_kinds_are_sites(location: str):
    assert called(read(ITEMS, location=location)) == TITLES
