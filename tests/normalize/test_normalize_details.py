"""The corners of single fields: long markup, directions, bylines, captions, further links."""

from __future__ import annotations

import pytest

from aggregator.model import Conventions, Person, QueryRules, RawEntry, RawLink, RawText
from aggregator.normalize import clean_entry
from aggregator.normalize.author_names import people_named
from aggregator.normalize.direction import direction
from aggregator.normalize.lead import clean_caption, first_picture
from aggregator.normalize.sanitizer import sanitize
from aggregator.normalize.shorten import MARK, shorten


def test_long_markup_is_cut_where_an_element_ends_and_what_is_open_is_closed():
    markup = "<div>" + "<p>One paragraph of many.</p>" * 50 + "</div>"
    cut = shorten(markup, 500)
    assert len(cut) <= 500
    assert cut.startswith("<div><p>One paragraph of many.</p>")
    assert cut.endswith(f"</p></div>{MARK}")
    assert shorten(markup, 10_000) == markup


@pytest.mark.parametrize(
    ("markup", "end"),
    [
        ("<p>" + "word " * 100, "word</p>"),
        ("<p>" + "a" * 120 + "<br>" + "b" * 300, "b</p>"),
        (
            "<p>" + "a" * 80 + '<a href="https://example.org/a/very/long" rel="noopener noreferrer">x</a>' * 9,
            "</a></p>",
        ),
        ("<p>" + "x" * 163 + "&amp;" * 50, "&amp;</p>"),
        ("<p>" + "x" * 160 + "&amp;" * 50, "</p>"),
    ],
    ids=["words", "one long word", "inside a tag", "whole references", "a broken reference"],
)
def test_a_giant_paragraph_is_cut_after_a_word_and_nothing_is_broken(markup: str, end: str):
    cut = shorten(markup, 200)
    assert len(cut) <= 200 + len("</a></p>")
    body = cut.removesuffix(MARK)
    assert body.endswith(end)
    assert sanitize(body) == body


@pytest.mark.parametrize(
    ("title", "markup", "language", "runs"),
    [
        ("", '<div dir="rtl"><p>Hello</p><br></div>', "en", "rtl"),
        ("", '<div dir="rtl">Hello</div><p>more</p>', "en", "ltr"),
        ("", '<p dir="ltr">سلام', None, "rtl"),
        ("سلام", "", "en-US", "rtl"),
        ("salam", "", "az-Arab", "rtl"),
        ("salam", "", "ku-IQ", "rtl"),
        ("123", "", None, None),
        ("", "", "fa", None),
    ],
)
def test_the_direction_of_a_text(title: str, markup: str, language: str | None, runs: str | None):
    text = "Hello" if "Hello" in markup else ("سلام" if "سلام" in markup else "")
    assert direction(title, markup, text, language) == runs


def test_an_element_that_is_never_closed_says_nothing_of_the_whole():
    assert direction("", '<p dir="rtl">Hello<br>', "Hello", None) == "ltr"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("By Jane Doe", [("Jane Doe", None)]),
        ("jane@example.org (Jane Doe)", [("Jane Doe", "jane@example.org")]),
        ("Jane Doe <jane@example.org>", [("Jane Doe", "jane@example.org")]),
        ("jane@example.org", [("jane@example.org", "jane@example.org")]),
        ("Jane Doe; John Roe", [("Jane Doe", None), ("John Roe", None)]),
        ("山田太郎、鈴木花子", [("山田太郎", None), ("鈴木花子", None)]),
        (
            "Jane Doe, John Roe and Max van der Berg",
            [("Jane Doe", None), ("John Roe", None), ("Max van der Berg", None)],
        ),
        ("Simon and Garfunkel", [("Simon and Garfunkel", None)]),
        ("Foreign Desk and Jane Doe", [("Foreign Desk and Jane Doe", None)]),
        (
            "jane@example.org (Jane Doe), john@example.org (John Roe)",
            [("Jane Doe", "jane@example.org"), ("John Roe", "john@example.org")],
        ),
    ],
)
def test_an_author_field_names_people(written: str, found: list[tuple[str, str | None]]):
    assert [(one.name, one.email) for one in people_named(Person(name=written), "en")] == found


def test_a_person_with_an_address_of_their_own_is_one_person():
    named = people_named(Person(name="A; B", uri="https://example.org/a"), None)
    assert named == (Person(name="A; B", uri="https://example.org/a"),)
    assert people_named(Person(name="", email="jane@example.org"), None)[0].name == "jane@example.org"


def test_a_picture_element_gives_its_best_source_where_its_own_picture_has_none():
    large = '<source srcset="https://e.example/l.jpg 900w">'
    sources = f'{large}<source type="image/avif" srcset="https://e.example/x.avif">'
    small = '<img src="https://e.example/s.jpg">'
    assert 'src="https://e.example/l.jpg"' in sanitize(f'<picture>{sources}<img alt="A"></picture>')
    assert 'src="https://e.example/l.jpg"' in sanitize(f"<picture>{sources}</picture>")
    assert 'src="https://e.example/s.jpg"' in sanitize(f"<picture>{small}</picture>")
    assert 'src="https://e.example/s.jpg"' in sanitize(f"<picture>{sources}{small}</picture>")


@pytest.mark.parametrize("media", ["(max-width: 767px)", "screen and (max-device-width:40em)", "print",
                                   "(prefers-color-scheme: dark)"])  # fmt: skip
def test_of_a_pictures_sources_that_for_few_readers_is_shown_where_there_is_no_other(media: str):
    few = f'<source media="{media}" srcset="https://e.example/few.jpg 2x">'
    many = '<source media="(min-width: 768px)" srcset="https://e.example/many.jpg">'

    assert 'src="https://e.example/many.jpg"' in sanitize(f"<picture>{few}{many}<img></picture>")
    assert 'src="https://e.example/few.jpg"' in sanitize(f"<picture>{few}<img></picture>")


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<p>Word</p><img src="https://e.example/1.jpg">', "https://e.example/1.jpg"),
        (
            '<img src="https://e.example/emoji/1.png"><img src="https://e.example/2.jpg">',
            "https://e.example/2.jpg",
        ),
        ('<img src="https://e.example/1.jpg" width="20">', None),
        (
            '<img src="https://e.example/p-32x32.png?v=1"><img src="https://e.example/p-800x600.png">',
            "https://e.example/p-800x600.png",
        ),
        ('<img src="https://e.example/site.ico">', None),
        (f'<p>{"Word " * 200}</p><img src="https://e.example/1.jpg">', None),
        ("<p>Word</p>", None),
    ],
)
def test_the_picture_that_stands_for_an_entry_is_the_first_real_one_near_its_beginning(
    markup: str, found: str | None
):
    assert first_picture(markup) == found


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        (
            '<figure><img src="https://e.example/1.jpg"><figcaption>The <b>bridge</b></figcaption></figure>',
            "The bridge",
        ),
        ('<figure><img src="https://e.example/1-300x200.jpg?w=3"><figcaption>Same</figcaption></figure>', "Same"),
        ('<img src="https://e.example/0.jpg"><img src="https://e.example/1.jpg">', None),
        ('<figure><img src="https://e.example/1.jpg"></figure>', None),
        (
            (
                '<figure><a href="https://v.example/"><img src="https://e.example/1.jpg" alt=""></a>'
                '<figcaption><a href="https://v.example/" rel="x">YouTube</a></figcaption></figure>'
            ),
            None,
        ),
        (
            (
                '<figure><a href="https://v.example/"><img src="https://e.example/1.jpg" alt=""></a>'
                '<figcaption><a href="https://p.example/">By Jo</a></figcaption></figure>'
            ),
            "By Jo",
        ),
        ('<figure><img src="https://e.example/0.jpg"></figure>', None),
        ('<figure><img src="https://e.example/1.jpg"><figcaption>A title</figcaption></figure>', None),
    ],
)
def test_a_caption_is_what_stands_under_the_same_picture_in_the_text(markup: str, told: str | None):
    assert clean_caption(None, "https://e.example/1.jpg", markup, ("A Title",)) == told


def test_a_caption_that_the_feed_gives_goes_first_and_needs_a_picture():
    given = RawText(value="The old bridge", type="text")
    assert clean_caption(given, "https://e.example/1.jpg", "", ()) == "The old bridge"
    assert clean_caption(given, None, "", ()) is None


def test_further_links_are_kept_once_each_up_to_a_bound():
    links = (
        RawLink(href="/1"),
        RawLink(href="/1", rel="related"),
        RawLink(href="/1#comments", rel="replies"),
        RawLink(href="/2?from=x", rel="http://www.iana.org/assignments/relation/related", title="<b>Two</b>"),
        RawLink(href="/2?from=y", rel="related"),
        RawLink(href="javascript:x", rel="via"),
        RawLink(href="/3", rel="license"),
        *(RawLink(href=f"/more/{number}", rel="related") for number in range(200)),
    )
    raw = RawEntry(links=links, base="https://example.org/", title=RawText(value="t", type="text"))
    entry = clean_entry(raw, Conventions(query=QueryRules(drop=frozenset({"from"}))), position=0)
    assert entry is not None
    assert [(link.rel, link.url) for link in entry.links[:3]] == [
        ("replies", "https://example.org/1#comments"),
        ("related", "https://example.org/2"),
        ("related", "https://example.org/more/0"),
    ]
    assert len(entry.links) == 50
