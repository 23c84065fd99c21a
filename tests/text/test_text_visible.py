"""What a reader sees of markup."""

from __future__ import annotations

import pytest

from aggregator.text.visible import strip_tags


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p>One</p><p>two</p>", " One  two "),
        ("H<sub>2</sub>O", "H2O"),
        ("<li>a<li>b<hr>c", " a b c"),
        ("5 &lt; 6 &amp;amp; 7", "5 < 6 &amp; 7"),
        ('<picture>a</picture><a href="/?a=1&amp;b">b</a>', "ab"),
        ('Dawn.<img src="https://x.example/a.png" alt="">The bridge', "Dawn. The bridge"),
        ("<mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr>", "  1  0  "),
        ("<hgroup>a</hgroup>b", " a b"),
    ],
)
def test_borders_of_blocks_part_words_and_those_of_phrases_do_not(markup: str, seen: str):
    assert strip_tags(markup) == seen
