"""Character references, whatever stands in them."""

from __future__ import annotations

import pytest

from aggregator.model import RawText
from aggregator.normalize.title_text import plain_title
from aggregator.parse.html import jsonld
from aggregator.text.references import unescape
from aggregator.text.visible import strip_tags


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"&#{'9' * 6000};", "\ufffd"),
        (f"&#{'0' * 6000}65;", "A"),
        (f"&#{'0' * 6000};", "\ufffd"),
        (f"&#x{'9' * 6000};", "\ufffd"),
        ("&#65;&amp;#65; &#x41 &# &#;", "A&#65; A &# &#;"),
    ],
)
def test_a_reference_with_a_number_of_any_length_is_one_character(written, read):
    assert unescape(f"one {written} two") == f"one {read} two"


def test_a_number_of_thousands_of_digits_costs_no_more_than_itself():
    digits = "9" * 6000
    assert plain_title(RawText(value=f"<b>Water</b> &#{digits};", type="html")) == "Water \ufffd"
    assert strip_tags(f"<p>Water &#{digits};</p>") == " Water \ufffd "
    assert jsonld.jsonld_nodes([f'{{"@type": "NewsArticle", "wordCount": {digits}, "headline": "Water"}}']) == [
        {"@type": "NewsArticle", "wordCount": None, "headline": "Water"}
    ]
