"""The sources as OPML."""

from __future__ import annotations

from lxml import etree

from aggregator.publish import listed_as, write_opml
from tests.publish.editions import SITE, origin
from tests.support.nouns import source

SOURCES = (
    origin(source(id="a", tags=("world", "news")), title="A & B\x00", language="en"),
    origin(source(id="b"), link=None, language="?"),
    origin(source(id="c", url="https://c.example/?key=${KEY}", title="See", tags=("world",)), link=None),
    origin(source(id="d", kind="page", url="https://town.example/news", tags=("town",)), title=None, link=None),
    origin(source(id="e", kind="file", url="examples/e.xml"), link=None),
    origin(source(id="f", kind="file", url="examples/f.xml"), title="F", link="https://f.example/"),
)

EXPECTED = """\
<?xml version='1.0' encoding='UTF-8'?>
<opml version="2.0">
  <head>
    <title>Planet Example</title>
  </head>
  <body>
    <outline text="world">
      <outline type="rss" text="A &amp; B" title="A &amp; B" xmlUrl="https://example.org/feed" \
htmlUrl="https://example.org/" language="en" category="world,news"/>
      <outline type="rss" text="See" title="See" xmlUrl="https://c.example/?key=${KEY}" category="world"/>
    </outline>
    <outline type="rss" text="River News" title="River News" xmlUrl="https://example.org/feed"/>
    <outline text="town">
      <outline type="link" text="d" url="https://town.example/news" category="town"/>
    </outline>
    <outline type="link" text="F" title="F" url="https://f.example/"/>
  </body>
</opml>
"""


def test_sources_are_grouped_by_their_first_tag():
    assert write_opml(SITE, SOURCES).decode() == EXPECTED


def test_what_is_no_feed_for_others_is_told_apart():
    assert [listed_as(one) for one in SOURCES] == ["rss", "rss", "rss", "link", None, "link"]


def test_no_sources_give_an_empty_list():
    body = etree.fromstring(write_opml(SITE, [])).find("body")
    assert len(body) == 0


def test_a_name_made_of_controls_falls_back_to_the_id():
    written = etree.fromstring(write_opml(SITE, [origin(source(id="a", title="\x07", tags=(" \x00",)))]))
    assert [one.get("text") for one in written.iter("outline")] == ["a"]
