"""Elements without an end tag that would swallow the rest of an article."""

from __future__ import annotations

import pytest

from aggregator.normalize.sanitizer import sanitize

BASE = "https://site.example/2020/story/"
FILM = '<figure><a href="https://vimeo.com/1" rel="noopener noreferrer">Vimeo</a></figure>'
FRAME = '<iframe src="https://player.vimeo.com/video/1"'


@pytest.mark.parametrize(
    ("element", "left"),
    [
        (f"{FRAME} width='560' />", FILM),
        (f"{FRAME}>", FILM),
        (f"{FRAME} />{FRAME}></iframe>", FILM + FILM),
        ("<script src='/a.js'/>", ""),
        ("<SCRIPT src='/a.js'>", ""),
        ("<style/>", ""),
        ("<title />", ""),
        ("<noscript/>", ""),
        ("<button/><select/>", ""),
        ("<textarea/>", "<pre></pre>"),
        ("<object data='/a.png'/>", '<img src="https://site.example/a.png">'),
        ("<video src='/v.mp4' controls/>", '<video src="https://site.example/v.mp4" controls=""></video>'),
    ],
)
def test_an_element_without_an_end_does_not_take_the_rest_with_it(element: str, left: str):
    assert sanitize(f"<p>before</p>{element}<p>after</p>", BASE) == f"<p>before</p>{left}<p>after</p>"


@pytest.mark.parametrize(
    "element",
    [
        '<script>document.write(\'<script src="/a"><\\/script><script src="/b"><\\/script>\')</script>',
        "<script src='/a.js'></script>",
        "<style>a > b {}</style>",
        "<textarea><script src=x></textarea>",
        "<noscript><style>x</style></noscript>",
    ],
)
def test_what_ends_or_holds_its_content_is_left_to_the_parser(element: str):
    assert "src" not in sanitize(f"<p>a</p>{element}<p>b</p>", BASE).replace("&lt;script src=x&gt;", "")
    assert sanitize(f"<p>a</p>{element}<p>b</p>", BASE).startswith("<p>a</p>")
    assert sanitize(f"<p>a</p>{element}<p>b</p>", BASE).endswith("<p>b</p>")


def test_a_script_that_never_ends_takes_its_words_with_it():
    assert sanitize("<p>a</p><script>var b = 1; <p>c</p>", BASE) == "<p>a</p>"
