"""Which of the titles that a page states and shows is the article's; one rule a test."""

from __future__ import annotations

import pytest

from aggregator.model import RawEntry
from aggregator.parse.html import read_article

LINE = "The mill has ground nothing since the flood, and nobody has been found who would put it right again. "
TEXT = f"<p>{LINE * 2}</p><p>{LINE * 3}</p>"


def title_of(headings: str, stated: str = "", document: str = "") -> str | None:
    head = f"<title>{document}</title>" + (f"<meta property=og:title content='{stated}'>" if stated else "")
    page = f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{headings}{TEXT}</body></html>"
    found = read_article(page.encode(), content_type="text/html; charset=utf-8", location="https://mill.example/a")
    assert isinstance(found, RawEntry), found
    assert found.title is not None
    return found.title.value


def test_a_heading_that_says_the_stated_title_in_other_words_is_the_title():
    heading = "<h1>After the flood, the mill stands still for good</h1>"

    assert title_of(heading, "Flood: why the old mill stands still") == (
        "After the flood, the mill stands still for good"
    )


def test_a_heading_without_the_kicker_of_the_stated_title_is_the_title():
    assert title_of("<h1>The mill stands still</h1>", "Floods: The mill stands still") == "The mill stands still"


@pytest.mark.parametrize(
    "heading",
    [
        "<h1><a href=/>The Mill Post</a></h1>",
        "<h1>Contents and service</h1>",
        "<h1 class=nav-skip>The mill stands still: to the text</h1>",
    ],
)
def test_a_heading_that_says_something_else_is_not_the_title(heading: str):
    assert title_of(heading, "Who will mend it?", "Who will mend it? | The Mill Post") == "Who will mend it?"


def test_the_heading_that_says_exactly_the_title_comes_before_one_that_goes_on():
    headings = "<h2>The mill stands still 12 March 2024</h2><h1>The mill stands still</h1>"

    assert title_of(headings, "The mill stands still") == "The mill stands still"


def test_the_sites_name_is_no_title_though_the_document_has_it():
    headings = "<h1>The Mill Post</h1><h2>The mill stands still</h2>"

    assert title_of(headings, document="The mill stands still | The Mill Post") == "The mill stands still"


@pytest.mark.parametrize(
    "heading",
    [
        "<span class=dachzeile>Floods</span> <span>The mill stands still</span>",
        "<span class=article__kicker>Floods</span><span class=visually-hidden>: </span>The mill stands still",
        "The mill stands still <small>12 March 2024 • Local</small>",
        "The mill stands still <span class=subline></span><time>12 March 2024</time>",
        "The mill stands still <span class=subtitle>Nobody mends it</span>",
        "The mill stands <em class=word>still</em>",
        "The mill stands <b>still</b>",
        "The mill stands st\u00adill",
    ],
)
def test_lines_that_are_set_above_or_below_a_title_are_none_of_it(heading: str):
    assert title_of(f"<h1>{heading}</h1>", "The mill stands still") == "The mill stands still"


def test_a_heading_that_would_be_nothing_without_its_kicker_keeps_it():
    assert title_of("<h1><span class=kicker>The mill:</span> stop</h1>") == "The mill: stop"


def test_a_title_set_in_bold_is_found_where_no_heading_says_it():
    assert title_of("<b>The mill stands still</b>", document="The mill stands still") == "The mill stands still"
