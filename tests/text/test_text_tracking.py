"""Parameters that only count, and addresses that only lead on."""

from __future__ import annotations

import pytest

from aggregator.text.tracking import LISTED, MET, OF_SITES, PREFIXES, is_tracking
from aggregator.text.urls import display_url
from aggregator.text.wrappers import wrapped_address

ARTICLE = "https://paper.example/town/word?id=4"


@pytest.mark.parametrize(
    "name", ["id", "p", "story", "source", "from", "ref", "campaign_id", "page", "v", "q", "cuid"]
)
def test_what_can_be_an_articles_identity_counts_nothing(name: str):
    assert not is_tracking(name, "x.example")


@pytest.mark.parametrize(
    "name",
    [
        "utm_anything",
        "UTM_SOURCE",
        "fbclid",
        "hsCtaTracking",
        "at_custom17",
        "maca",
        "ttclid",
        "li_fat_id",
        "piwik_kwd",
    ],
)
def test_what_only_counts_is_known_in_any_case(name: str):
    assert is_tracking(name, "x.example")


@pytest.mark.parametrize(
    ("pair", "counts"),
    [
        ("source=rss----1a2b3c---4", True),
        ("source=rss-1a2b3c------2", True),
        ("partner=RSS&emc=rss", True),
        ("mod=rss_opinion_main", True),
        ("ftag=RSSbaffb68", True),
        ("cid=social_rss", True),
        ("source=reuters", False),
        ("source=rssi", False),
        ("format=rss", False),
        ("feed=rss", False),
        ("id=rss", False),
    ],
)
def test_a_name_that_may_mean_anything_counts_where_its_value_is_a_feed(pair: str, counts: bool):
    shown = display_url(f"https://paper.example/a?{pair}")

    assert shown == ("https://paper.example/a" if counts else f"https://paper.example/a?{pair}")


@pytest.mark.parametrize(
    ("host", "counts"), [("youtube.com", True), ("www.youtube.com", True), ("notyoutube.com", False), ("", False)]
)
def test_some_names_count_on_one_site_only(host: str, counts: bool):
    assert is_tracking("si", host) == counts


def test_every_name_stands_in_one_place_and_in_the_form_in_which_it_is_looked_up():
    names = [*LISTED, *MET, *OF_SITES]
    assert len(set(names)) == len(names)
    assert [name for name in names if name != name.casefold() or name.startswith(PREFIXES)] == []


@pytest.mark.parametrize(
    "written",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://paper.example/town/word%3Fid%3D4&ct=ga&usg=AF",
        "https://google.co.uk/url?q=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://news.google.com/news/url?sa=t&fd=R&url=https://paper.example/town/word%3Fid%3D4",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fpaper.example%2ftown%2fword%3fid%3d4",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4%26fbclid%3Dx&h=A",
        "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4&data=05",
        "https://l.instagram.com/?u=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4&e=A",
        "https://www.linkedin.com/safety/go?url=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4&urlhash=x",
        "https://r.search.yahoo.com/_ylt=A/RV=2/RU=https%3a%2f%2fpaper.example%2ftown%2fword%3fid%3d4/RK=2/RS=x",
        "https://www.google.com/amp/s/paper.example/town/word?id=4",
        "https://urldefense.com/v3/__https://paper.example/town/word?id=4__;!!abc",
        "https://www.google.com/url?url=url?url=https://paper.example/town/word?id=4",
        "https://www.tumblr.com/redirect?z=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4&t=Y",
        "https://link.juejin.cn/?target=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://www.douban.com/link2/?url=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://rss.sciencedirect.com/action/redirectFile?&zone=main&url=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://href.li/?https://paper.example/town/word?id=4",
        "https://anonym.to/?https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://gate.sc/?url=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4&token=x",
        "https://m.facebook.com/flx/warn/?u=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4&h=A",
        "https://weibo.cn/sinaurl?u=https%3A%2F%2Fpaper.example%2Ftown%2Fword%3Fid%3D4",
        "https://google.de/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fpaper.example%252Ftown%252Fword%253Fid%253D4",
    ],
)
def test_an_address_that_only_leads_on_gives_way_to_what_is_written_in_it(written: str):
    assert display_url(written) == ARTICLE


@pytest.mark.parametrize(
    "written",
    [
        ARTICLE,
        "https://www.google.com/search?q=https://paper.example/",
        "https://share.example/url?url=https://paper.example/",
        "https://www.google.com/url?rct=j&ct=ga",
        "https://www.google.com/amp/settings",
        "https://href.li/?about",
        "https://r.search.yahoo.com/_ylt=A/RV=2/",
        "https://web.archive.org/save?url=https://paper.example/",
        "https://www.google.example.com/url?url=https://paper.example/",
    ],
)
def test_an_address_that_may_be_meant_stays(written: str):
    assert wrapped_address(written) is None
    assert display_url(written) == written


def test_what_an_address_leads_to_keeps_its_escapes():
    assert display_url("https://href.li/?https://paper.example/a%20b%2Fc") == "https://paper.example/a%20b%2Fc"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("?a=1;utm_source=rss", "?a=1"),
        ("?utm_source=rss;a=1;fbclid=x;b=2", "?a=1;b=2"),
        ("?utm_source=rss;utm_medium=feed", ""),
        ("?utm_content=one;two&a=1", "?a=1"),
        ("?a=1;b;c&d=2", "?a=1;b;c&d=2"),
    ],
)
def test_what_only_counts_goes_from_between_semicolons_too(written: str, shown: str):
    assert display_url(f"https://x.example/{written}") == f"https://x.example/{shown}"


@pytest.mark.parametrize("target", ["javascript:alert(1)", "https:", "ftp://x.example/"])
def test_what_leads_to_no_web_address_stays(target: str):
    written = f"https://www.google.com/url?q=https:&url={target}"
    assert display_url(written) == written


def test_an_address_that_leads_to_one_as_long_as_itself_ends():
    assert display_url("https://www.google.com/url?q=https://www.google.com/url?q=https:") is not None
