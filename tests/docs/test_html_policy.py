"""What the documentation says of markup is what the policy holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.normalize.players import PLAYERS
from aggregator.normalize.policy import CONTENT_GOES, TAGS
from aggregator.normalize.sanitizer import sanitize
from aggregator.text.word_tables import word_set

PAGE = Path(__file__).parent.parent.parent / "docs" / "html-policy.md"
HTML = word_set(
    """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote
body br button canvas caption center cite code col colgroup command content data datalist dd del details dfn
dialog dir div dl dt element em embed fencedframe fieldset figcaption figure font footer form frame frameset
h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li
link listing main map mark marquee menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript
object ol optgroup option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp
script search section select selectedcontent shadow slot small source spacer span strike strong style sub
summary sup table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp
"""
)
"""HTML, sections 4 and 16.2, and what browsers still know of earlier HTML."""

MATHML = word_set(
    """
annotation annotation-xml maction math menclose merror mfenced mfrac mglyph mi mlabeledtr mlongdiv
mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mscarries mscarry msgroup msline mspace
msqrt msrow mstack mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
"""
)
"""MathML 3 and MathML Core."""

SVG = word_set(
    """
a animate animateMotion animateTransform circle clipPath defs desc discard ellipse feBlend feColorMatrix
feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology
feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter foreignObject g image line
linearGradient marker mask metadata mpath path pattern polygon polyline radialGradient rect script set stop
style svg switch symbol text textPath title tspan use view
"""
)
"""SVG 2, appendix F, with filter effects."""

INSTEAD = {
    *(
        "iframe",
        "frame",
        "embed",
        "object",
        "picture",
        "image",
        "noscript",
        "xmp",
        "plaintext",
        "textarea",
        "listing",
    ),
    *("acronym", "dir", "menu", "input"),
    *("form", "fieldset", "legend", "search"),
}
"""Elements of HTML that leave something in their place; a row of the table each."""

ELSEWHERE = {"head", "frameset", "caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"}
"""Elements whose tags the parser passes over where they do not belong."""

ALONE = {"br", "hr", "wbr"}


def listed(section: str) -> list[list[str]]:
    """The lists of a section of the page, in order."""
    text = PAGE.read_text("utf-8").partition(f"\n## Elements of {section}\n")[2].partition("\n## ")[0]
    return [block.split() for block in text.split("```")[1::2]]


@pytest.mark.parametrize(("section", "names"), [("HTML", HTML - INSTEAD), ("MathML", MATHML)])
def test_every_element_stands_once_and_where_the_policy_has_it(section: str, names: frozenset[str]):
    stay, leave, go = listed(section) if section == "HTML" else (listed(section)[place] for place in (0, 2, 1))
    assert sorted([*stay, *leave, *go]) == sorted(names)
    assert set(stay) <= TAGS
    assert set(go) <= CONTENT_GOES
    assert not set(leave) & (TAGS | CONTENT_GOES)


def test_every_element_of_svg_is_named_and_goes():
    assert sorted(listed("SVG")[0]) == sorted(SVG)
    assert "svg" in CONTENT_GOES


@pytest.mark.parametrize("name", sorted(HTML - INSTEAD - ELSEWHERE))
def test_an_element_does_what_is_said_of_it(name: str):
    stay, leave, _go = listed("HTML")
    start = f"{name} src=https://x.example/a" if name in PLAYERS else name
    cleaned = sanitize(
        f"<div><{start}>words</{name}></div>" if name not in ALONE else f"<div>x<{name}>words</div>"
    )
    if name in stay:
        assert f"<{name}" in cleaned or name in {"source", "img"}
    else:
        assert f"<{name}" not in cleaned
    assert ("words" in cleaned) == (name in [*stay, *leave])


def test_what_leaves_something_in_its_place_has_a_row():
    table = PAGE.read_text("utf-8").partition("| element | what stands there |")[2].partition("\n## ")[0]
    assert [name for name in sorted(INSTEAD) if f"`{name}`" not in table] == []
