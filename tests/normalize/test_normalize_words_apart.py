"""Words that stand apart on a page stand apart in every excerpt of it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Format
from aggregator.normalize.sanitizer import sanitize, visible_text
from aggregator.publish import render
from aggregator.publish.sanitize import plain
from aggregator.text.terms import split_terms
from aggregator.text.word_tables import word_set
from aggregator.web.views import excerpt
from tests.publish.editions import edition, item, origin
from tests.support.nouns import NOON

_NAMES = word_set(
    "address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hgroup legend li listing main menu nav ol p pre search section summary ul xmp"
)
BLOCKS = [
    *(f"<{name}>{{}}</{name}>" for name in sorted(_NAMES)),
    *(f"<{name.upper()} class='x'>{{}}</{name.upper()}>" for name in ("p", "div", "form", "hgroup")),
    "<table><tr><td>{}</td></tr></table>",
    "<table><caption>{}</caption><tr><th>three</th></tr></table>",
    "<ul><li>{}</ul>",
    "<p>{}<p>",
    "<div><div><section>{}</section></div></div>",
    *(
        f"{one}{{}}{one}"
        for one in (
            "<br>",
            "<br />",
            "<hr>",
            "<img src='https://x.example/a.png' alt=''>",
            "<video src='https://x.example/a.mp4'></video>",
            "<button>press</button>",
            "<select><option>this</option></select>",
        )
    ),
]
"""Elements that browsers begin on a new line or show as a box, as templates around a word (HTML, section 15.3)."""

WORDS = {"one", "two", "three"}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(BLOCKS), st.sampled_from(BLOCKS), st.booleans())
def test_the_words_of_two_blocks_are_two_words_in_every_excerpt(first: str, second: str, within: bool):
    written = first.format(f"one{second.format('two')}") if within else first.format("one") + second.format("two")
    content = sanitize(f"{written}three", "https://x.example/")
    text = visible_text(content)
    assert set(text.split()) >= WORDS, content
    assert set(split_terms(text)) >= WORDS
    told = item(1, NOON, title="T", content=None, summary=content, text=text)
    assert set(excerpt(told, origin()).split()) >= WORDS
    assert set(plain(content).split()) >= WORDS


def test_cells_items_captions_and_lines_stand_apart_in_every_format():
    content = sanitize(
        "<table><tr><th>Day</th><th>Level</th></tr><tr><td>Mon</td><td>2.1</td></tr></table>"
        "<figure><img src='https://x.example/a.png' alt=''><figcaption>At noon</figcaption></figure>Then"
        "<ul><li>ebb</li><li>flow</li></ul>high<br>low<pre>a = 1\nb</pre>end",
        "https://x.example/",
    )
    told = edition(item(1, NOON, title="Tides", content=content, summary=None, text=visible_text(content)))
    words = "Day Level Mon 2.1 At noon Then ebb flow high low a = 1 b end"
    forms: tuple[Format, ...] = ("rss", "atom", "json")
    rss, _, feed = [render(told, form).body.decode() for form in forms]
    assert f"<description>{words}</description>" in rss
    both = edition(item(1, NOON, title="T", content="<p>All</p>", summary=content, text="All"))
    assert json.loads(render(both, "json").body)["items"][0]["summary"] == words
    assert "DayLevel" not in feed


def test_phrases_and_scripts_without_spaces_get_no_space_within():
    content = sanitize("<p><b>京都</b>の<i>水位</i>が<span>上</span>がる。</p><p>明日は<wbr>雨。</p>", None)
    assert visible_text(content) == "京都の水位が上がる。 明日は雨。"
