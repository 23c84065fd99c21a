"""Elements that scripts would fill."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest

from aggregator.normalize.sanitizer import sanitize

BASE = "https://site.example/2020/story/"
REL = ' rel="noopener noreferrer"'


def told(value: Any, classes: str = "x", element: str = "div") -> str:
    attrs = value if isinstance(value, str) else json.dumps(value)
    return sanitize(f'<{element} class="{classes}" data-attrs="{escape(attrs)}"></{element}>', BASE)


@pytest.mark.parametrize(
    ("element", "page"),
    [
        ("div class='fb-post' data-href='https://www.facebook.com/a/posts/4'", "https://www.facebook.com/a/posts/4"),
        ("div data-href='https://www.facebook.com/watch/?v=9' class='x fb-video'", "https://www.facebook.com/watch/?v=9"),
        ("blockquote class=instagram-media data-instgrm-permalink='https://www.instagram.com/p/A/'", "https://www.instagram.com/p/A/"),
        ("div class=flourish-embed data-src='visualisation/12'", "https://public.flourish.studio/visualisation/12/"),
        ("div class='rll-youtube-player' data-id=aZ9", "https://www.youtube.com/watch?v=aZ9"),
        ("div class='rll-youtube-player' data-src='https://www.youtube.com/embed/aZ9'", "https://www.youtube.com/watch?v=aZ9"),
        ("div class=lazyYT data-youtube-id=aZ9", "https://www.youtube.com/watch?v=aZ9"),
        ("div data-plyr-provider=vimeo data-plyr-embed-id=12", "https://vimeo.com/12"),
        ("div class='wistia_embed wistia_async_a1 videoFoam=true'", "https://fast.wistia.net/embed/iframe/a1"),
        ("div data-oembed-url='https://vimeo.com/13'", "https://vimeo.com/13"),
        ("blockquote class=tiktok-embed cite='https://www.tiktok.com/@a/video/5'", "https://www.tiktok.com/@a/video/5"),
        ("oembed url='https://youtu.be/aZ9'", "https://www.youtube.com/watch?v=aZ9"),
    ],
)  # fmt: skip
def test_what_an_empty_element_names_is_linked_to(element: str, page: str):
    name = element.partition(" ")[0]

    assert f'<figure><a href="{page}"' in sanitize(f"<{element}>&nbsp;\n</{name}>", BASE)
    assert "<figure>" not in sanitize(f"<{element}>It says something itself</{name}>", BASE)


@pytest.mark.parametrize(
    "element",
    [
        "div class='fb-post'",
        "div class=fb-like data-href='https://www.facebook.com/a'",
        "div class=story data-src=/a.js",
        "div data-plyr-provider=smoke data-plyr-embed-id=1",
        "div data-plyr-provider=vimeo",
        "span data-html=true title=Tip",
        "a data-id=4 href=/x",
        "oembed data-x=1",
        "action-text-attachment sgid=5",
    ],
)
def test_other_empty_elements_stay_empty(element: str):
    assert sanitize(f"<p>a<{element}></{element.partition(' ')[0]}>b</p>", BASE).count("<figure>") == 0


def test_a_player_with_a_twin_for_browsers_without_scripts_is_shown_once():
    player = '<div class="rll-youtube-player" data-src="https://www.youtube.com/embed/aZ9" data-id="aZ9"></div>'
    twin = '<noscript><iframe src="https://www.youtube.com/embed/aZ9?x=1"></iframe></noscript>'

    assert sanitize(player + twin, BASE).count("<figure>") == 1


@pytest.mark.parametrize(
    "written",
    [
        '<div class="wp-block-embed__wrapper">\nhttps://vimeo.com/5?a=1&amp;b=2\n</div>',
        "[embed width='9']https://vimeo.com/5?a=1&amp;b=2[/embed]",
    ],
)
def test_an_address_that_wordpress_would_have_embedded_is_linked_to(written: str):
    link = f'<a href="https://vimeo.com/5?a=1&amp;b=2"{REL}>Vimeo</a>'

    assert sanitize(f"<p>a</p>{written}", BASE) == f"<p>a</p><figure>{link}</figure>"
    assert sanitize("<p>Write [embed]address[/embed]</p>", BASE) == "<p>Write [embed]address[/embed]</p>"


def test_a_player_whose_markup_is_in_an_attribute_is_that_markup():
    frame = escape('<iframe src="//player.vimeo.com/video/5" title="Tides"></iframe>')

    assert f'<a href="https://vimeo.com/5"{REL}>Tides (Vimeo)</a>' in sanitize(
        f'<div class="sqs-video-wrapper" data-html="{frame}"></div>', BASE
    )


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        (
            'content-type="image/png" url="/x.png" caption="Sea"',
            '<img src="https://site.example/x.png" alt="Sea">',
        ),
        (
            'content-type="application/pdf" url="/x.pdf" filename="tides.pdf"',
            f'<a href="https://site.example/x.pdf"{REL}>tides.pdf</a>',
        ),
        ('url="/x.pdf"', f'<a href="https://site.example/x.pdf"{REL}>/x.pdf</a>'),
    ],
)
def test_a_file_that_is_attached_to_a_text_is_shown_or_linked_to(attributes: str, shown: str):
    assert sanitize(f"<action-text-attachment {attributes}></action-text-attachment>", BASE) == shown


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ('data-iframely-url="//cdn.iframe.ly/a"', "https://x.example/1"),
        ('class="embedly-card" title="One"', "One"),
    ],
)
def test_a_link_that_a_script_would_make_a_card_of_has_words(anchor: str, words: str):
    assert sanitize(f'<a href="https://x.example/1" {anchor}></a>', BASE).endswith(f">{words}</a>")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"name": "Ann Archer", "id": 1, "url": None}, "<div>Ann Archer</div>"),
        ({"persistentExpression": "a < b^2", "id": "X"}, "<div><p>\\[a &lt; b^2\\]</p></div>"),
        (
            {"gallery": {"images": [{"src": "https://x.example/1.jpg"}, "?", {"src": 1}], "caption": "Two"}},
            '<div><figure><img src="https://x.example/1.jpg" alt=""><figcaption>Two</figcaption></figure></div>',
        ),
        (
            {"gallery": {"images": [{"src": "//x.example/1.jpg", "alt": "b"}]}},
            '<div><figure><img src="https://x.example/1.jpg" alt="b"></figure></div>',
        ),
        (
            {
                "canonical_url": "https://x.example/p/why",
                "title": "Why",
                "caption": "For <b>",
                "cover_image": "https://x.example/c.png",
            },
            ('<div><figure><img src="https://x.example/c.png" alt=""><blockquote>For &lt;b&gt;</blockquote>'
            f'<figcaption><a href="https://x.example/p/why"{REL}>Why</a></figcaption></figure></div>'),
        ),
        ({"url": "https://x.example/9"}, f'<div><figure><figcaption><a href="https://x.example/9"{REL}>https://x.example/9</a></figcaption></figure></div>'),
    ],
)  # fmt: skip
def test_what_an_object_in_an_attribute_tells_is_told(value: Any, shown: str):
    assert told(value) == shown


@pytest.mark.parametrize(
    "value",
    ["{", "[" * 100_000, "[1]", "7", {"gallery": []}, {"gallery": {"images": {}}}, {"url": "x:y"}, {"name": 3}],
    ids=lambda one: str(one)[:20],
)  # fmt: skip
def test_an_object_that_tells_nothing_leaves_nothing(value: Any):
    assert told(value) == ""


@pytest.mark.parametrize("classes", ["subscription-widget", "button-wrapper", "poll-embed"])
def test_what_asks_the_reader_for_something_leaves_nothing(classes: str):
    assert told({"url": "https://x.example/subscribe", "title": "Subscribe"}, classes) == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<p>so <span data-latex="x&lt;2"></span></p>', "<p>so <span>\\(x&lt;2\\)</span></p>"),
        ('<div data-tex="e=mc^2"></div>', "<div><p>\\[e=mc^2\\]</p></div>"),
        ('<span data-formula="x">drawn</span>', "<span>drawn</span>"),
    ],
)
def test_a_formula_in_an_attribute_stands_in_the_text(written: str, shown: str):
    assert sanitize(written, BASE) == shown


def test_a_name_in_a_sentence_stands_in_it():
    attrs = escape(json.dumps({"name": "Ann"}))

    assert (
        sanitize(f'<p>Thanks to <span data-attrs="{attrs}"></span>!</p>', BASE)
        == "<p>Thanks to <span>Ann</span>!</p>"
    )


@pytest.mark.parametrize("source", ["", "src=about:blank", "src='javascript:false'"])
def test_a_frame_that_holds_its_document_is_that_document(source: str):
    written = f"<p>a</p><iframe {source} srcdoc='<p>Tide &amp;amp; time</p><script>1</script>'></iframe>"

    assert sanitize(written, BASE) == "<p>a</p><p>Tide &amp; time</p>"


@pytest.mark.parametrize("name", ["src", "data-src"])
def test_a_frame_that_loads_a_page_shows_that_and_not_its_preview(name: str):
    written = f"<iframe {name}='https://player.vimeo.com/video/5' srcdoc='<b>▶</b>'></iframe>"

    assert sanitize(written, BASE) == f'<figure><a href="https://vimeo.com/5"{REL}>Vimeo</a></figure>'


def test_a_model_and_a_film_in_pieces_show_their_posters_and_say_what_they_are():
    model = sanitize("<model-viewer src=/a.glb poster=/a.jpg alt='A boat'></model-viewer>", BASE)
    film = sanitize("<hls-video src=/a.m3u8 poster=/a.jpg title=Ebb></hls-video>", BASE)

    for found, file, words in ((model, "a.glb", "A boat"), (film, "a.m3u8", "Ebb")):
        link = f'<a href="https://site.example/{file}"{REL}>'
        assert f'{link}<img src="https://site.example/a.jpg" alt=""></a>' in found
        assert f"{link}{words} (site.example)</a>" in found
