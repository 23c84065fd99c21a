"""What of a page becomes which field of an entry; one rule a test, whole pages are in the golden corpus."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import htmldate
import lxml.html
import pytest
import trafilatura

from aggregator.model import Failed, RawEntry
from aggregator.parse.html import prune, read_article, tree

LOCATION = "https://news.example.com/world/story-1"
WORDS = "The council met on the old bridge and talked about the weather until the boats came back from the sea. "
HERRING = "In the evening all of the boats were back, and their nets were full of herring."
LATER = (
    "who wrote about bridges for as long as anyone remembers, and longer than most would have dared to ask, " * 2
)
TEXT = f"<p>{WORDS * 2}</p><p>{WORDS * 3}</p><p>Nobody had a better idea than that one, and so it was done.</p>"


def read(body: str, head: str = "", location: str = LOCATION) -> RawEntry:
    page = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    result = read_article(page.encode("utf-8"), content_type="text/html; charset=utf-8", location=location)
    assert isinstance(result, RawEntry), result
    return result


def data(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def text_in(entry: RawEntry) -> str:
    return entry.contents[0].value


# ------------------------------------------------------------------ titles
@pytest.mark.parametrize(
    ("document", "title"),
    [
        ("A bridge is built | The Daily Example", "A bridge is built"),
        ("A bridge is built at last - The Daily", "A bridge is built at last"),
        ("Bridge - a long story that is told in many words", "Bridge - a long story that is told in many words"),
        ("A bridge is built", "A bridge is built"),
    ],
)
def test_without_a_heading_the_document_gives_the_title(document: str, title: str):
    entry = read(TEXT, f"<title>{document}</title>")

    assert entry.title is not None
    assert entry.title.value == title


def test_the_sites_name_before_the_title_goes():
    head = "<title>The Daily | A bridge is built</title><meta property='og:site_name' content='The Daily'>"

    entry = read(TEXT, head)

    assert entry.title is not None
    assert entry.title.value == "A bridge is built"


def test_a_stated_title_that_no_heading_shows_wins_over_the_first_heading():
    entry = read(f"<h1>Our site for everyone</h1>{TEXT}", "<meta property='og:title' content='A bridge is built'>")

    assert entry.title is not None
    assert entry.title.value == "A bridge is built"


def test_a_heading_completes_a_stated_title_that_was_cut():
    head = data('{"@type":"Article","headline":"A bridge is built over the river and everyone may"}')

    entry = read(f"<h1>A bridge is built over the river and everyone may cross it</h1>{TEXT}", head)

    assert entry.title is not None
    assert entry.title.value == "A bridge is built over the river and everyone may cross it"


def test_a_page_without_any_title_has_none():
    assert read(TEXT).title is None


# ------------------------------------------------------------------ times
@pytest.mark.parametrize(
    ("body", "published", "updated"),
    [
        ("<p>3 May 2024</p><p>Updated: 4 May 2024 10:00</p>", "3 May 2024", "Updated: 4 May 2024 10:00"),
        ("<p>Updated: 4 May 2024 10:00</p>", None, "Updated: 4 May 2024 10:00"),
        ("<p>By Jane Doe on May 3, 2024</p>", "May 3, 2024", None),
        ("<p>3 May 2024 | 14:05 | 5 min read</p>", "3 May 2024 14:05", None),
        ("<div>Berlin, 03.05.2024</div>", "03.05.2024", None),
        ("<div><span>Code: 4711</span> <span>3 May 2024</span></div>", "3 May 2024", None),
        ("<p>3 May 2024</p><p>5 May 2024</p>", "3 May 2024", None),
        ("<p>12 people met 300 others on 3 May 2024 in a hall of the town.</p>", None, None),
    ],
)
def test_the_lines_below_the_heading_say_when(body: str, published: str | None, updated: str | None):
    entry = read(f"<h1>A bridge is built</h1>{body}{TEXT}")

    assert (entry.published, entry.updated) == (published, updated)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Denmark - 10. marts 2020 kl. 20:00", "10. marts 2020 20:00"),
        ("Author: riverman at 10:30 on May 3, 2024 0 comments", "May 3, 2024 10:30"),
        ("Press office // 03.05.2024", "03.05.2024"),
        ("03.05.2024 (DJV/FWR) Berlin/Ratingen", "03.05.2024"),
        ("May 3, 2024 at 10:30 pm EST by the desk of rivers", "May 3, 2024 at 10:30 pm EST"),
    ],
)
def test_of_a_line_with_words_that_no_grammar_knows_the_date_is_read(line: str, published: str):
    assert read(f"<h1>A bridge is built</h1><p class=date>{line}</p>{TEXT}").published == published


def test_a_line_without_a_date_the_grammar_reads_gives_way_to_one_that_has():
    entry = read(f"<h1>A bridge is built</h1><p>99.99.2024 10:00</p>{TEXT}<p>Posted: 3 May 2024</p>")

    assert entry.published == "3 May 2024"


def test_a_named_date_counts_where_no_line_is_a_dateline():
    assert (
        read(f"<h1>A bridge</h1>{TEXT}<p class=post-date>It is of 3 May 2024, we say.</p>").published
        == "3 May 2024"
    )


def test_a_day_of_the_head_that_disagrees_with_the_surer_statement_does_not_count():
    head = (
        data('{"@type":"Article","datePublished":"2024-05-03"}')
        + '<meta name=pubdate content="2024-05-09T10:00Z">'
    )

    assert read(f"<h1>A bridge is built</h1>{TEXT}", head).published == "2024-05-03"


def test_the_one_dated_thing_of_json_ld_says_when_though_it_is_no_article():
    head = data('{"@type":"HowTo","datePublished":"2022-01-10T22:06:08:684Z"}')

    assert read(f"<h1>A bridge is built</h1>{TEXT}", head).published == "2022-01-10T22:06:08:684Z"


def test_an_address_in_digits_gives_the_day_when_nothing_else_does():
    entry = read(f"<h1>A bridge</h1>{TEXT}", location="https://news.example.com/20240503-a-bridge.html")

    assert entry.published == "2024-05-03"


def test_a_date_that_only_signs_the_text_is_read():
    assert read(f"<h1>A bridge</h1>{TEXT * 3}<p>Benni<br>10. September 2017</p>").published == "10. September 2017"


def test_a_dateline_above_the_heading_is_read_too():
    assert read(f"<div>3 May 2024</div><h1>A bridge is built</h1>{TEXT}").published == "3 May 2024"


def test_a_clock_and_a_zone_are_worth_more_than_a_stated_day():
    head = data('{"@type":"Article","datePublished":"2018-12-01"}')
    line = "Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]"

    entry = read(f"<h1>A bridge is built</h1><p>{line}</p>{TEXT}", head)

    assert (entry.published, entry.updated) == (line, None)


def test_a_visible_update_completes_a_stated_publication():
    head = data('{"@type":"Article","datePublished":"2018-12-01T20:33:00+03:30","dateModified":""}')
    line = "Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]"

    entry = read(f"<h1>A bridge is built</h1><p>{line}</p>{TEXT}", head)

    assert entry.published == "2018-12-01T20:33:00+03:30"
    assert entry.updated == line


@pytest.mark.parametrize(
    ("markup", "published", "updated"),
    [
        ("<time datetime='2024-05-03T10:00Z'>x</time>", "2024-05-03T10:00Z", None),
        ("Published <time datetime='2024-05-03'>x</time> Last updated <time datetime='2024-05-04'>x</time>",
         "2024-05-03", "2024-05-04"),
        ("<b>Updated</b><time datetime='2024-05-04'>x</time>", None, "2024-05-04"),
        ("<span itemprop='dateModified' content='2024-05-04'>x</span>", None, "2024-05-04"),
        ("<meta itemprop='datePublished' content='1714730400'>", "1714730400", None),
        ("<time datetime='soon'>x</time>", None, None),
        ("<aside><time datetime='2024-05-03'>x</time></aside>", None, None),
        ("<ul><li><a href='/b'>Another story of this very day</a><time datetime='2024-05-03'>x</time></li></ul>",
         None, None),
        ("<ul><li>On <time datetime='2024-05-03'>x</time></li></ul>", "2024-05-03", None),
    ],
)  # fmt: skip
def test_marked_times_are_told_apart(markup: str, published: str | None, updated: str | None):
    entry = read(f"<h1>A bridge is built</h1><div class=info>{markup}</div>{TEXT}")

    assert (entry.published, entry.updated) == (published, updated)


def test_the_address_gives_the_day_when_nothing_else_does():
    entry = read(f"<h1>A bridge</h1>{TEXT}", location="https://news.example.com/2024/05/03/a-bridge.html")

    assert entry.published == "2024-05-03"


def test_years_of_copyright_lines_and_running_text_are_no_dates():
    entry = read(f"<h1>A bridge</h1>{TEXT}<p>In 1987, on 4 May 1987, it fell.</p><footer>© 2019 Example</footer>")

    assert (entry.published, entry.updated) == (None, None)


def test_trouble_in_a_library_costs_its_part_only(monkeypatch: pytest.MonkeyPatch):
    def fail(*_arguments: object, **_options: object) -> None:
        raise AttributeError

    monkeypatch.setattr(htmldate, "find_date", fail)
    monkeypatch.setattr(trafilatura, "extract", fail)

    entry = read(f"<h1>A bridge</h1>{TEXT}")

    assert entry.published is None
    assert "Nobody had a better idea" in text_in(entry)


def test_a_tree_too_deep_for_the_stack_is_refused():
    body = f"<html><body><h1>A bridge</h1>{'<i><b>' * 110}{TEXT}</body></html>".encode()
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    limit = sys.getrecursionlimit()
    read_article(body, content_type="", location=LOCATION)
    sys.setrecursionlimit(depth + 90)
    try:
        result = read_article(body, content_type="", location=LOCATION)
    finally:
        sys.setrecursionlimit(limit)

    assert isinstance(result, Failed)


# ------------------------------------------------------------------ people
@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<p>By Jane Doe and John Smith</p>", ["Jane Doe", "John Smith"]),
        ("<p>Von Sabine Krüger, Lindenau</p>", ["Sabine Krüger", "Lindenau"]),
        ("<p class=author>Iran Press</p>", []),
        ("<p class=author>Reuters</p>", []),
        ("<p class=author>example.com</p>", []),
        ("<p>By the river it was cold</p>", []),
        (f"<p class=author>Jane Doe, {LATER[:160]}</p>", []),
        ("<p class=author>+++</p>", []),
        ("<address><a rel=author href='/people/jane'>Jane Doe</a></address>", ["Jane Doe"]),
        ("<div class=author>" + "Jane Doe has written about bridges all her life. " * 5 + "</div>", []),
        ("<p class=byline>نویسنده: سارا احمدی</p>", ["سارا احمدی"]),
    ],
)
def test_lines_and_marks_name_the_authors(markup: str, names: list[str]):
    assert [person.name for person in read(f"<h1>A bridge is built</h1>{markup}{TEXT}").authors] == names


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"By Jane Doe"', ["Jane Doe"]),
        ('{"@id":"#jane"}', ["Jane Doe"]),
        ('{"@type":"Organization","name":"Jane and Sons"}', []),
        ('{"@type":"Person","name":["Jane Doe","John Smith"]}', ["Jane Doe", "John Smith"]),
        ('{"@type":"Person","name":"jane@example.com (Jane Doe)"}', ["Jane Doe"]),
        ('{"@type":"Person","name":"The Daily"}', []),
        ('{"name":{"@value":"Jane Doe"}}', ["Jane Doe"]),
        ('[{"name":7},{"name":[7]},"Jane Doe"]', ["Jane Doe"]),
    ],
)
def test_json_ld_names_the_authors(author: str, names: list[str]):
    head = data(
        f'[{{"@type":"Article","author":{author},"publisher":{{"name":"The Daily"}}}},'
        '{"@type":"Person","@id":"#jane","name":"Jane Doe"}]'
    )

    assert [person.name for person in read(TEXT, head).authors] == names


def test_an_address_under_article_author_is_no_name():
    head = (
        "<meta property='article:author' content='https://social.example/x'><meta name=author content='Jane Doe'>"
    )

    assert [person.name for person in read(TEXT, head).authors] == ["Jane Doe"]


# ------------------------------------------------------------------ JSON-LD
def test_of_a_web_page_only_the_dates_are_taken():
    head = data('{"@type":"WebPage","headline":"No","datePublished":"2024-05-03T10:00:00Z","dateModified":7}')

    entry = read(f"<h1>A bridge is built</h1>{TEXT}", head)

    assert entry.published == "2024-05-03T10:00:00Z"
    assert entry.title is not None
    assert entry.title.value == "A bridge is built"


def test_of_several_articles_the_one_with_the_pages_title_counts():
    head = "<title>A bridge is built</title>" + data(
        '[{"@type":"Article","headline":"Else","articleSection":"Wrong"}, "text", 7,'
        '{"@type":"https://schema.org/NewsArticle","name":"A bridge is built","articleSection":"Right"}]'
    )

    assert [category.term for category in read(TEXT, head).categories] == ["Right"]


def test_of_several_articles_none_counts_when_none_fits():
    head = data(
        '[{"@type":"Article","articleSection":"A"},{"@type":"Article","headline":"B","articleSection":"B"}]'
    )

    assert read(TEXT, head).categories == ()


@pytest.mark.parametrize(
    "json",
    [
        '<!-- {"@type":"Article","articleSection":"World"} -->',
        '{"@type":"Article",/* a */"articleSection":"World",} // b',
        "{&quot;@type&quot;:&quot;Article&quot;,&quot;articleSection&quot;:&quot;World&quot;}",
        '{"@type":"Article","articleSection":"World"};',
        '{"mainEntity":{"@type":"Article","articleSection":["World"]}}',
        '{"@type":"Article","url":"a\tb","articleSection":"World"}',
        '{"@type":"Article","url":["https://x.example/"],"articleSection":[{"@value":"World"},[],7]}',
    ],
)
def test_broken_json_is_read_as_far_as_it_goes(json: str):
    assert [category.term for category in read(TEXT, data(json)).categories] == ["World"]


def test_json_beyond_mending_is_as_if_it_were_not_there():
    assert read(TEXT, data('{"@type":"Article","articleSection":')).categories == ()


def test_what_an_article_is_based_on_is_linked():
    head = data('{"@type":"Article","isBasedOn":{"@id":"https://agency.example.net/1"}}')

    assert [(link.rel, link.href) for link in read(TEXT, head).links][1:] == [
        ("via", "https://agency.example.net/1")
    ]


def test_lines_of_a_text_without_markup_become_paragraphs():
    head = data('{"@type":"Article","headline":"A","articleBody":"' + WORDS * 3 + "<br>" + WORDS + '"}')

    assert text_in(read("<div></div>", head)).count("<p>") == 2


# ------------------------------------------------------------------ pictures
def test_an_ornament_is_no_lead_picture():
    pictures = "<img src=/img/icon.png><img src=/a.gif width=20><div class=share><img src=/b.jpg></div>"
    pictures += "<img src='data:x'><figure><img src=/c.jpg><figcaption>The bridge</figcaption></figure>"

    entry = read(f"<h1>A bridge is built</h1>{pictures}{TEXT}")

    assert entry.image == "/c.jpg"
    assert entry.image_caption is not None
    assert entry.image_caption.value == "The bridge"
    assert "The bridge" not in text_in(entry)


def test_a_picture_far_down_in_the_text_is_no_lead_picture():
    entry = read(f"<h1>A bridge is built</h1>{TEXT}<img src=/late.jpg>")

    assert entry.image is None


def test_a_stated_logo_gives_way_to_the_pictures_of_the_page():
    head = "<meta property='og:image' content='/static/logo.png'>"

    assert read(f"<h1>A bridge is built</h1><img src=/c.jpg>{TEXT}", head).image == "/c.jpg"
    assert read(f"<h1>A bridge is built</h1>{TEXT}", head).image == "/static/logo.png"


def test_text_beside_a_picture_stays():
    entry = read(f"<h1>A bridge is built</h1><div><img src=/c.jpg><p>{WORDS}</p></div>{TEXT}")

    assert text_in(entry).count("old bridge") == 6


# ------------------------------------------------------------------ further links
def test_titles_without_links_below_read_more_go_too():
    below = "<p><b>Read More:</b></p><p>Putin says Russia 'will certainly respond'</p><p>Putin: \"I spoke\"</p>"

    entry = read(f"<h1>A bridge is built</h1><article>{TEXT}{below}</article>")

    assert "Putin" not in text_in(entry)
    assert "Read More" not in text_in(entry)


def test_text_behind_a_read_more_line_stays():
    inside = "<p>Read also:</p><p><a href='/b'>Another story</a></p>"

    entry = read(f"<h1>A bridge is built</h1>{TEXT}{inside}<p>{HERRING}</p>")

    assert HERRING in text_in(entry)
    assert "Another" not in text_in(entry)
    assert [(link.rel, link.href, link.title) for link in entry.links][1:] == [("related", "/b", "Another story")]


def test_a_line_in_a_box_of_its_own_goes_with_the_list_below():
    below = "<div><div><h3>Related articles</h3></div></div><ul><li><a href='/b'>Another story</a></li></ul>"

    entry = read(f"<h1>A bridge is built</h1>{TEXT}{below}<p>{WORDS}</p>")

    assert [link.title for link in entry.links][1:] == ["Another story"]
    assert "Related" not in text_in(entry)


def test_related_links_that_lead_nowhere_or_to_the_page_itself_are_none():
    links = f"<a href='#top'>Top of page</a><a href='{LOCATION}#x'>This story</a><a href='/b'>Read more</a>"

    entry = read(f"<h1>A bridge is built</h1>{TEXT}<div class=related>{links}<a href='/c'>The other</a></div>")

    assert [link.href for link in entry.links][1:] == ["/c"]


def test_a_box_named_related_that_holds_text_stays():
    entry = read(f"<h1>A bridge is built</h1>{TEXT}<div class='see-also'>{TEXT.replace('old', 'new')}</div>")

    assert "new bridge" in text_in(entry)


def test_a_link_that_leads_on_is_no_line_above_others():
    entry = read(f"<h1>A bridge is built</h1>{TEXT}<p><a href='/full'>Read more</a></p><p>{HERRING}</p>")

    assert len(entry.links) == 1
    assert HERRING in text_in(entry)


def test_a_sentence_that_begins_like_a_label_is_text():
    entry = read(
        f"<h1>A bridge is built</h1>{TEXT}<p>Read more books, said the teacher to <a href='/b'>them</a>.</p>"
    )

    assert "said the teacher" in text_in(entry)


def test_a_credit_to_the_own_site_is_no_via():
    entry = read(f"<h1>A bridge is built</h1>{TEXT}<p>Source: <a href='/archive'>Archive</a></p>")

    assert len(entry.links) == 1


def test_a_credit_to_another_site_is_via():
    entry = read(
        f"<h1>A bridge is built</h1>{TEXT}<p>Source: <a href='https://agency.example.net/1'>Agency</a></p>"
    )

    assert [(link.rel, link.href, link.title) for link in entry.links][1:] == [
        ("via", "https://agency.example.net/1", "Agency")
    ]


@pytest.mark.parametrize(
    ("canonical", "href"),
    [
        ("https://www.example.com/world/story-1", "https://www.example.com/world/story-1"),
        ("https://news.example.com/", LOCATION),
        ("https://evil.example.net/world/story-1", LOCATION),
        ("http://[", LOCATION),
        ("https://[::1/x", LOCATION),
    ],
)
def test_a_canonical_address_counts_on_the_same_site_only(canonical: str, href: str):
    assert read(TEXT, f"<link rel=canonical href='{canonical}'>").links[0].href == href


# ------------------------------------------------------------------ text
def test_a_section_behind_the_agency_becomes_a_category():
    entry = read(f"<h1>A bridge</h1><p><b>Iran Press</b>/ Middle East: {WORDS}</p>{TEXT}")

    assert [category.term for category in entry.categories] == ["Middle East"]
    assert "Iran Press" not in text_in(entry)


def test_words_with_a_slash_at_the_beginning_are_no_agency():
    entry = read(f"<h1>A bridge</h1><p>he said / she said: {WORDS}</p>{TEXT}")

    assert entry.categories == ()
    assert "she said" in text_in(entry)


def test_a_page_of_very_many_elements_is_read_without_the_library():
    entry = read("<h1>A bridge</h1>" + "<p>A line of text, <b>bold</b> too.</p>" * 7000)

    assert text_in(entry).count("<p>") == 7000


def test_what_stands_aside_is_no_text(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trafilatura, "extract", lambda *_arguments, **_options: None)
    aside = (
        f"<aside><p>An aside of many words.</p></aside><p><a href='/x'>A link and nothing else in it</a></p>{TEXT}"
    )

    entry = read(f"<h1>A bridge</h1><p>By Jane Doe</p><p>3 May 2024</p>{aside}<p>© 2024 The Daily</p>")

    assert "An aside" not in text_in(entry)
    assert "nothing else" not in text_in(entry)
    assert "Jane" not in text_in(entry)
    assert "©" not in text_in(entry)


def test_code_keeps_its_lines():
    entry = read(f"<h1>A bridge</h1>{TEXT}<pre>one\n\n  two\n\nthree</pre>")

    assert "one\n\n  two\n\nthree" in text_in(entry)


def test_clutter_goes_and_boxes_with_the_text_stay():
    body = f"<div class='post-meta'>{TEXT}</div><div class=comments><p>{WORDS * 2}</p><p>{WORDS * 2}</p></div>"

    entry = read(f"<article><h1>A bridge</h1><p>Share this article: Facebook, Twitter</p>{body}</article>")

    assert "Nobody had" in text_in(entry)
    assert "Share" not in text_in(entry)


def test_a_dateline_beside_text_goes_alone():
    entry = read(f"<article><h1>A bridge</h1><div>3 May 2024 <b>Lindenau</b>{TEXT}</div></article>")

    assert "2024" not in text_in(entry)
    assert "Nobody had" in text_in(entry)


@pytest.mark.parametrize(
    ("description", "kept"),
    [
        ("A bridge is built", False),
        ("The council met on the old bridge and talked ab", False),
        ("The council met on the old bridge and talked...", False),
        ("The council met on the old bridge. Read more.", False),
        ("Short", False),
        ("Why a town that had two bridges wanted a third one.", True),
        (
            WORDS.strip(),
            True,
        ),
    ],
)
def test_only_real_summaries_are_summaries(description: str, kept: bool):
    head = f"<meta name=description content='{description}'>"

    assert (read(f"<h1>A bridge is built</h1>{TEXT}", head).summary is not None) == kept


def test_a_lead_that_stands_outside_of_the_text_is_put_before_it():
    lead = "Why a town that had two bridges wanted a third one, and how it came by it at last."

    entry = read(
        f"<header><h1>A bridge is built</h1><p class=standfirst>{lead}</p></header><article>{TEXT}</article>"
    )

    assert text_in(entry).count(lead) == 1
    assert entry.summary is not None
    assert entry.summary.value == lead


def test_bold_words_in_later_paragraphs_are_no_lead():
    entry = read(f"<h1>A bridge is built</h1>{TEXT}<p><strong>{WORDS}</strong></p>")

    assert entry.summary is None


def test_an_article_beside_long_comments_is_still_the_article():
    comments = "".join(f"<div>{WORDS} {number}</div>" for number in range(9))

    entry = read(f"<article><h1>A bridge</h1>{TEXT}</article><div>{comments}</div>")

    assert "Nobody had" in text_in(entry)


# ------------------------------------------------------------------ pages
def test_language_and_base_are_the_pages():
    page = b"<html><head><base href='/b/'><meta property='og:locale' content='de_DE'></head><body><p>Ein Satz.</p>"

    result = read_article(page, content_type="", location=LOCATION)

    assert isinstance(result, RawEntry)
    assert (result.language, result.base) == ("de_DE", "https://news.example.com/b/")


def test_a_tag_with_attributes_without_end_goes_alone():
    tag = "<p " + " ".join(f"a{number}=1" for number in range(2000)) + ">"
    long = f"<img src='data:image/png;base64,{'A' * 9000}'>"

    entry = read(f"<h1>A bridge</h1>{tag}Text of this paragraph.</p>{long}{TEXT}")

    assert "Nobody had" in text_in(entry)


def test_an_element_without_a_parent_stays_where_it_is():
    page = tree.read_page(b"<html><body><p>x</p></body></html>", content_type="", location="")
    assert isinstance(page, tree.Page)

    tree.drop_element(page.root)

    assert tree.text_of(page.root) == "x"


def test_links_without_addresses_in_the_head_are_none():
    entry = read(TEXT, "<link rel=canonical><link rel=icon href=/i.png><meta name=x>")

    assert entry.links[0].href == LOCATION


GOLDEN = Path(__file__).parent.parent.parent / "golden"


@pytest.mark.parametrize("variant", ["opengraph", "meta_times", "json_ld"])
def test_data_in_the_head_changes_nothing_of_what_the_page_shows(variant: str):
    pages = [(GOLDEN / f"article_seed_{name}" / "input.html").read_bytes() for name in ("bare", variant)]

    bare, rich = (
        read_article(page, content_type="", location="https://iranpress.example/en/news-4711") for page in pages
    )

    assert isinstance(bare, RawEntry)
    assert isinstance(rich, RawEntry)
    assert (bare.title, bare.contents, bare.summary) == (rich.title, rich.contents, rich.summary)
    assert (bare.image_caption, bare.links, bare.authors) == (rich.image_caption, rich.links, rich.authors)
    assert bare.categories == rich.categories


def test_a_process_that_reads_no_page_pays_for_none():
    code = (
        "import sys, aggregator.parse.html, aggregator.pipeline.reading; "
        "print(sorted({'lxml', 'trafilatura', 'htmldate', 'cssselect', 'jmespath', 'regex'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=300)

    assert done.stdout.strip() == "[]"


def test_a_paragraph_or_a_picture_above_the_heading_stays_and_a_kicker_goes():
    opening = "The harbour had been quiet since the autumn storms, and hardly anybody expected a vessel so late."
    figure = '<figure><img src="/bridge.jpg" alt="Bridge"></figure>'
    page = f"<main><p>World</p><p>{opening * 2}</p>{figure}<h1>The bridge</h1>{TEXT}</main>"
    scope = lxml.html.fragment_fromstring(page)
    heading = scope.find("h1")
    prune._remove_before(scope, heading)
    assert [node.tag for node in scope][:3] == ["p", "figure", "h1"]
    assert scope[0].text.startswith("The harbour")
