"""What of a page is the article's text and what is not, where markup makes it hard to tell; one rule a test."""

from __future__ import annotations

import lxml.html
import pytest

from aggregator.model import RawEntry
from aggregator.parse.html import read_article
from aggregator.parse.html.library_tree import simplify_tree
from aggregator.parse.html.tree import names_of

LINE = "The ferry crosses the sound twice a day, as long as the ice lets it through to the other side. "
TEXT = f"<p>{LINE * 2}</p><p>{LINE * 3}</p><p>Nobody on the island has ever asked for a bridge.</p>"


def read(body: str) -> RawEntry:
    page = f"<!DOCTYPE html><html lang=en><head><title>The ferry</title></head><body>{body}</body></html>"
    found = read_article(page.encode(), content_type="text/html; charset=utf-8", location="https://isle.example/a")
    assert isinstance(found, RawEntry), found
    return found


def text_in(body: str) -> str:
    return read(body).contents[0].value


def simplified(body: str) -> str:
    root = lxml.html.document_fromstring(f"<html><body>{body}</body></html>")
    simplify_tree(root)
    return lxml.html.tostring(root.body, encoding="unicode").replace("\n", "")[6:-7]


# ------------------------------------------------------------------ loose text
def test_a_sentence_with_links_between_line_breaks_stays_one_sentence():
    body = f"{LINE} It is run by <a href=/n>North Lines</a> and <b>two</b> families.<br><br>{LINE * 2}<br>{LINE}"

    found = text_in(f"<h1>The ferry</h1><div>{body}</div>{TEXT}")

    assert "It is run by <a href=" in found
    assert "North Lines</a> and <strong>two</strong> families.</p>" in found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div>a <b>b</b> c<p>d</p></div>", "<div><p>a <b>b</b> c</p><p>d</p></div>"),
        ("<div><p>a</p>b<br>c</div>", "<div><p>a</p><p>b<br>c</p></div>"),
        ("<div>a<br> <br>b<br><br></div>", "<div><p>a</p><p>b</p></div>"),
        ("<div>a<br><i>b</i></div>", "<div><p>a<br><i>b</i></p></div>"),
        ("<div><b>a</b> <p>b</p> </div>", "<div><b>a</b> <p>b</p></div>"),
        ("<div>a <b>b</b></div>", "<div>a <b>b</b></div>"),
    ],
)
def test_loose_text_among_blocks_gets_paragraphs_and_two_breaks_end_one(body: str, expected: str):
    assert simplified(body) == expected


# ------------------------------------------------------------------ figures
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<figure><img src=a><figcaption>In May</figcaption></figure>", '<p><img src="a" alt="In May"></p>'),
        ("<figure><img src=a alt='A boat in May'>boat</figure>", '<p><img src="a" alt="A boat in May"></p>'),
        ("<p>a <picture><source src=b><img src=a></picture> c</p>", '<p>a <img src="a"> c</p>'),
        ("<div class=wp-caption><img src=a><p>By Ann</p></div>", '<p><img src="a" alt="By Ann"></p>'),
        (
            "<div><img src=a><div><p class=image-credit>Ann</p></div></div>",
            '<div><img src="a" alt="Ann"><div></div></div>',
        ),
        ("<div><p>a</p><figcaption>b</figcaption></div>", "<div><p>a</p></div>"),
        ("<div><p>a</p><p class=caption>b</p></div>", '<div><p>a</p><p class="caption">b</p></div>'),
        ("<div><p>a</p><p class=caption></p></div>", '<div><p>a</p><p class="caption"></p></div>'),
        (
            "<figure><table><tr><td>a</td></tr></table></figure>",
            "<figure><table><tr><td>a</td></tr></table></figure>",
        ),
    ],
)
def test_of_a_figure_the_pictures_stay_and_what_is_written_in_it_stands_for_the_first(body: str, expected: str):
    assert simplified(body) == expected


def test_what_is_named_a_caption_and_holds_a_whole_text_is_a_text():
    assert (
        text_in(f"<h1>The ferry</h1><div class=caption-text><img src=/a.jpg>{TEXT}</div>").count("Nobody on") == 1
    )


def test_a_picture_in_a_teaser_does_not_make_a_paragraph_of_it():
    teaser = "<div><a href=/b><img src=/b.jpg>Another ferry</a></div>"
    own = "<p>Seen from <a href=/c><img src=/c.jpg></a> the old harbour</p>"

    assert "b.jpg" not in simplified(teaser)
    assert "c.jpg" in simplified(own)


# ------------------------------------------------------------------ names
@pytest.mark.parametrize(
    "names",
    ["field field-label-hidden", "hidden-xs", "tip-print-step", "show-paywall-2"],
)
def test_a_word_within_a_name_does_not_cost_a_paragraph(names: str):
    box = f"<div class='{names}'><p>{LINE.replace('ferry', 'barge')}</p></div>"

    assert "barge" in text_in(f"<h1>The ferry</h1>{TEXT}{box}")


@pytest.mark.parametrize(
    "names",
    [
        "hidden", "print", "article-print", "sidebar-box", "post__meta", "relatedComments", "storyNewsletterBox",
        "ks-kommentare", "BorlabsCookie", "authors", "affiliate-text", "next-story", "modal",
    ],
)  # fmt: skip
def test_what_is_named_as_something_else_is_no_text_however_the_name_is_written(names: str):
    box = f"<div class='{names}'><p>{LINE.replace('ferry', 'barge')}</p></div>"

    assert "barge" not in text_in(f"<h1>The ferry</h1><div>{TEXT}{box}</div>")


def test_a_name_with_humps_says_its_words_too():
    node = lxml.html.fragment_fromstring("<div class='shareBar box' itemprop=datePublished>")

    assert "share-bar" in names_of(node)
    assert "datepublished" in names_of(node)


def test_a_link_within_a_sentence_stays_whatever_it_is_named():
    body = f"<p>{LINE} Of it <a class=popup href=/w>the whole island</a> speaks.</p>"

    assert "the whole island" in text_in(f"<h1>The ferry</h1>{TEXT}{body}")


# ------------------------------------------------------------------ teasers
def test_three_boxes_with_linked_headings_and_little_text_are_about_other_articles():
    boxes = "".join(
        f"<article class='card n{n}'><a href=/{n}><h3>Other {n}</h3><p>Said of the barge {n}.</p></a></article>"
        for n in range(3)
    )

    found = text_in(f"<div><h1>The ferry</h1>{TEXT}<section>{boxes}</section></div>")

    assert "barge" not in found
    assert "Nobody on the island" in found


def test_headings_with_links_above_the_paragraphs_of_a_list_of_things_stay():
    things = "".join(f"<h2><a href=/{n}>Boat {n}</a></h2><p>{LINE}</p>" for n in range(3))

    found = text_in(f"<div><h1>The ferry</h1>{TEXT}{things}</div>")

    assert [f"Boat {n}" in found for n in range(3)] == [True] * 3


def test_two_boxes_with_linked_headings_may_be_the_articles_own():
    boxes = "".join(f"<div class=part><h3><a href=/{n}>Part {n}</a></h3><p>{LINE}</p></div>" for n in range(2))

    assert "Part 1" in text_in(f"<div><h1>The ferry</h1>{TEXT}{boxes}</div>")


# ------------------------------------------------------------------ leads
@pytest.mark.parametrize(
    "elsewhere",
    [
        f"{TEXT}<p class=article-excerpt>The barge is cheaper, and goes on days on which nothing else does.</p>",
        f"<aside><p class=summary>The barge is cheaper, and goes on days on which nothing does.</p></aside>{TEXT}",
        f"<div class=intro><b>The ferry</b> Ann Lee, of the barge and of all of what goes by sea</div>{TEXT}",
    ],
)
def test_what_stands_behind_the_text_or_in_a_teaser_or_repeats_the_title_is_no_lead(elsewhere: str):
    entry = read(f"<div><h1>The ferry</h1>{elsewhere}</div>")

    assert entry.summary is None
