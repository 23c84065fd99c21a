"""Old elements, task boxes and painted pictures, as elements that the policy has."""

from __future__ import annotations

import pytest

from aggregator.normalize.policy import MATH
from aggregator.normalize.sanitizer import sanitize

BASE = "https://site.example/2026/story/"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<xmp class=c><b>1</b> &amp; 2</xmp> end", "<pre>&lt;b&gt;1&lt;/b&gt; &amp;amp; 2</pre> end"),
        ("<textarea rows=2>if (a &lt; b) <i></textarea>", "<pre>if (a &lt; b) &lt;i&gt;</pre>"),
        ("<listing>a <b>b</b></listing>", "<pre>a <b>b</b></pre>"),
        ("one <plaintext>two</plaintext> <b>", "one <pre>two&lt;/plaintext&gt; &lt;b&gt;</pre>"),
        ("<xmp>never <i>ends", "<pre>never &lt;i&gt;ends</pre>"),
        ("<canvas id=c>Sales rose</canvas>", "Sales rose"),
    ],
)
def test_what_browsers_show_as_it_is_written_stays_so(written: str, read: str):
    assert sanitize(written, BASE) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<ACRONYM title="North">NATO</ACRONYM>', '<abbr title="North">NATO</abbr>'),
        ("<dir><li>a</dir>", "<ul><li>a</li></ul>"),
        ("<menu><li>b</menu>", "<ul><li>b</li></ul>"),
        ("<direction>c</direction>", "c"),
    ],
)
def test_elements_of_earlier_versions_of_html_have_their_present_names(written: str, read: str):
    assert sanitize(written, BASE) == read


def test_a_list_of_tasks_tells_what_is_done():
    written = '<ul><li><input type="checkbox" disabled checked> Buy<li><INPUT TYPE=checkbox> Sell</ul>'
    assert sanitize(written) == "<ul><li>☑  Buy</li><li>☐  Sell</li></ul>"
    assert sanitize('<input type="text" value="q" checked>x') == "x"


def test_words_of_formulas_are_words_where_no_formula_is():
    written = "<math><mi>x</mi></math> where <mi>x</mi> is <mtext>any</mtext> number"
    assert sanitize(written) == "<math><mi>x</mi></math> where <span>x</span> is <span>any</span> number"


@pytest.mark.parametrize("name", [*sorted(MATH - {"math"}), "maction", "mfenced", "menclose"])
def test_whatever_only_formulas_hold_leaves_its_words_where_no_formula_is(name: str):
    assert sanitize(f"<p>a <{name} class=x><b>word</b></{name}> c</p>") == "<p>a <span><b>word</b></span> c</p>"


@pytest.mark.parametrize("element", ["div", "figure", "a", "span"])
def test_a_picture_that_is_painted_behind_nothing_is_a_picture(element: str):
    written = (
        f'<{element} style="height: 300px; background: #fff url(&quot;/big.jpg&quot;) no-repeat">\n</{element}>'
    )
    assert sanitize(written, BASE) == f'<{element}><img src="https://site.example/big.jpg" alt="">\n</{element}>'


@pytest.mark.parametrize(
    "written",
    [
        '<div style="background-image: url(/paper.png)">words</div>',
        '<span style="background: url(/icons.png) -20px 0"></span>',
        '<div style="background: url(/tile.png) repeat-x; height: 90px"></div>',
        '<span style="width:16px;height:16px;background-image:url(/i.svg)"></span>',
        '<div style="background: red"></div>',
        '<span class="emoji-sizer" style="background-image:url(/e.png)"></span>',
    ],
)
def test_what_is_painted_behind_words_in_parts_as_a_pattern_or_small_is_none(written: str):
    assert "<img" not in sanitize(written, BASE)
