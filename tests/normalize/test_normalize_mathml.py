"""Formulas of scripts and of earlier versions of MathML, once and with what they mean."""

from __future__ import annotations

import pytest

from aggregator.normalize.mathml import with_plain_formulas
from aggregator.normalize.sanitizer import sanitize

TEX = '<script type="math/tex">r<2 % x</script>'
SHOWN = "<math><mi>r</mi></math>"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"<p>where {TEX} holds</p>", r"<p>where \(r&lt;2 % x\) holds</p>"),
        ("<SCRIPT id=a type='math/tex; mode=display'>\nk\n</SCRIPT>", r"\[k\]"),
        ('<script type="math/tex">% <![CDATA[\na & b %]]></script>', r"\(a &amp; b\)"),
        ("<script type=math/asciimath>x^2</script>", "x^2"),
        (f'<script type="math/mml">{SHOWN}</script>', SHOWN),
        ('a <script type="math/tex"> </script>b', "a b"),
        ('a <script type="math/tex">never ends', "a"),
        ("a <script type=math/javascript>x</script>b", "a b"),
        (f'<span class="MathJax_Preview"><span>[math]</span></span>{TEX}', r"\(r&lt;2 % x\)"),
        (f'<span class="MathJax_Preview">r</span> <b>b</b> {TEX}', r"<span>r</span> <b>b</b> \(r&lt;2 % x\)"),
        (f'<span class="MathJax" id=m><i>r</i></span>{TEX} {TEX}', r"<span><i>r</i></span> \(r&lt;2 % x\)"),
        (f"{SHOWN}{TEX}", SHOWN),
        (f"<p><span>the</span>{TEX}", r"<p><span>the</span>\(r&lt;2 % x\)</p>"),
    ],
)  # fmt: skip
def test_a_formula_in_a_script_stands_as_text_where_nothing_is_drawn_of_it(written: str, read: str):
    assert sanitize(written) == read
    assert sanitize(read) == read


@pytest.mark.parametrize(
    "beside",
    [
        '<img src="https://i.example/r.svg" aria-hidden="true" alt="r>0">',
        '<img class="mwe-math-fallback-image-display" src="https://i.example/r.svg">',
    ],
)
def test_the_picture_of_a_formula_goes_where_the_formula_stands(beside: str):
    assert sanitize(f"<p><span><span style='display: none'>{SHOWN}</span>{beside}</span></p>") == (
        f"<p><span><span>{SHOWN}</span></span></p>"
    )


def test_a_picture_behind_a_formula_that_shows_something_else_stays():
    kept = f'{SHOWN} <img src="https://i.example/plot.png" alt="The plot">'
    assert sanitize(kept) == kept


@pytest.mark.parametrize("preview", ["", SHOWN, "<span>r</span>"])
def test_a_preview_goes_where_the_formula_has_been_drawn(preview: str):
    written = f'a<span class="MathJax_Preview">{preview}</span><span class="MathJax"><span>{SHOWN}</span></span>'
    assert sanitize(written) == f"a<span><span>{SHOWN}</span></span>"


def test_a_preview_that_never_ends_stays():
    assert sanitize('<span class="MathJax_Preview">r') == "<span>r</span>"
    within = '<span class="MathJax_Preview"><span class="MathJax_Preview">r</span></span>'
    assert sanitize(f"{within}{TEX}") == r"\(r&lt;2 % x\)"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            '<mfenced open="[" close="]" separators=";,"><mn>1</mn> <mi>x</mi><mn>3</mn><mn>3</mn></mfenced>',
            '<mrow><mo fence="true">[</mo><mn>1</mn><mo separator="true">;</mo><mi>x</mi>'
            + 2 * '<mo separator="true">,</mo><mn>3</mn>'
            + '<mo fence="true">]</mo></mrow>',
        ),
        (
            '<mfenced separators=""><mn>1</mn>2</mfenced>',
            '<mrow><mo fence="true">(</mo><mn>1</mn>2<mo fence="true">)</mo></mrow>',
        ),
        ('<menclose notation="box radical"><mn>2</mn></menclose>', "<msqrt><mn>2</mn></msqrt>"),
        ('<menclose notation="box"><mn>2</mn></menclose>', "<mn>2</mn>"),
        ("<maction><mrow><mi>a</mi></mrow><mi>b</mi></maction>", "<mrow><mi>a</mi></mrow>"),
        ('<maction selection="2"><mi>a</mi><mi>b</mi></maction>', "<mi>b</mi>"),
        ('<maction selection="3"><mi>a</mi><mi>b</mi></maction>', "<mi>a</mi>"),
        ("<mi>a</mi><maction></maction>", "<mi>a</mi><mrow></mrow>"),
        ("<maction><mspace/><mi>b</mi></maction><mn>1</mn>", "<mspace></mspace><mn>1</mn>"),
    ],
)
def test_elements_of_earlier_mathml_keep_their_meaning(written: str, read: str):
    assert sanitize(f"<math>{written}</math>") == f"<math>{read}</math>"


@pytest.mark.parametrize("inner", ["<maction><mi>a</maction>", "</mi><maction>", "<maction><mi>a</mi>"])
def test_a_formula_whose_tags_do_not_match_is_left_to_the_parser(inner: str):
    assert with_plain_formulas(f"<math>{inner}</math>") == f"<math>{inner}</math>"


def test_a_formula_without_end_or_measure_is_left_to_the_parser():
    for written in ("<math><maction>", f"<math><maction>{'x' * 20_001}</maction></math>"):
        assert with_plain_formulas(written) == written


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<math alttext="r &lt; 2"></math>', "r &lt; 2"),
        ('<math alttext="r"><mrow> <mspace width="1em"/></mrow></math>', "r"),
        ('<math><semantics><annotation encoding="x-tex">r&lt;"2</annotation></semantics></math>', 'r&lt;"2'),
        ('<math alttext="r"><annotation encoding="x-tex">s</annotation></math>', "r"),
        ("<math>&#x1;</math>", ""),
        ('<math><mtext><img src="https://i.example/r.gif" width="1" height="1"></mtext></math>', ""),
        ('<math alttext="r"><mtext><math></math></mtext></math>', "r"),
        ("<math><annotation encoding=text/plain>s</annotation></math>", ""),
        (
            "<math><mi>r</mi><annotation encoding=TeX>r</annotation></math>",
            SHOWN,
        ),
    ],
)  # fmt: skip
def test_a_formula_that_shows_nothing_leaves_its_alternative_text(written: str, read: str):
    assert sanitize(f"<p>x {written}</p>") == f"<p>x {read}</p>"


@pytest.mark.parametrize("prefix", ["mml", "m", "ns2"])
def test_a_formula_in_elements_with_a_prefix_is_a_formula(prefix: str):
    formula = "<math><mfrac><mn>1</mn><msup><mi>x</mi><mn>2</mn></msup></mfrac></math>"
    written = formula.replace("</", f"</{prefix}:").replace("<m", f"<{prefix}:m")

    assert sanitize(f"<p>so {written}</p>") == f"<p>so {formula}</p>"
