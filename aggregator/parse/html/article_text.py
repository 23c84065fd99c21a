"""The text of an article: trafilatura's reading, else every paragraph; then our own cuts."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.parse.html.bylines import is_byline
from aggregator.parse.html.dateline import recognise_dateline
from aggregator.parse.html.library_tree import simplify_tree
from aggregator.parse.html.related import link_share
from aggregator.parse.html.tree import BLOCKS, Element, lines_of, own_text, text_of
from aggregator.parse.limits import MAX_MARKUP
from aggregator.text.characters import fold_to_words

MAX_ELEMENTS: Final = 12_000
"""Of a tree that trafilatura is given; its cost grows faster than the tree."""
_LINE_ENDS = re.compile(r"(?<=>)[^\S\n]*+\n\s*+|(?<!\s)[^\S\n]*+\n\s*+(?=<)")
_TAG = re.compile(r"<[^<>]*>")
_AGENCY = re.compile(r"^\s*([^\W\d_][\w .&'’-]{1,40}?)\s{0,2}/\s{0,2}([^\W\d_][\w &'’-]{1,30}?)\s{0,2}[:：]\s+")
_LOOKED_AT: Final = 4
_KEPT: Final = frozenset({"h2", "h3", "h4", "h5", "li", "blockquote", "pre"})
_HOLDERS: Final = ("p", *sorted(_KEPT), "dd", "dt", "td", "div", "section", "center", "article", "main", "body")
_ASIDE: Final = frozenset({"nav", "footer", "aside"})
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b|all rights reserved)", re.IGNORECASE)
_FEW: Final = 0.4
"""Share of what the library finds on the whole page below which what it finds in the article is too little."""
_LEAST: Final = 0.15
"""Share of all paragraphs below which what the library finds is too little."""
_MENU: Final = 0.8
"""Share of links from which on a page without a line of text is a menu."""
_SHORT: Final = 25
"""Characters; shorter lines outside of paragraphs are labels."""


def extract_text(scope: Element, whole: Element) -> str:
    """The article as markup, "" when there is none.

    In: the element that holds it, without what is none of its text; the page's body as it was, for where that
    element was the wrong one: then the library finds far more of an article in the body. Both may be changed.
    """
    simple = _paragraphs(scope)
    if not simple and link_share(scope) > _MENU:
        return ""
    found = _by_library(scope)
    least = _FEW * len(text_of(whole))
    if len(words_of_markup(found)) < least:
        wider = _by_library(whole, MAX_ELEMENTS // 2)
        if len(words_of_markup(found)) < _FEW * len(words_of_markup(wider)):
            found = wider
    if len(words_of_markup(found)) < _LEAST * len(words_of_markup(simple)):
        found = simple
    found = found[:MAX_MARKUP]
    return found if "<pre" in found else _LINE_ENDS.sub("\n", found)


def strip_agency(scope: Element, agencies: tuple[str, ...]) -> str | None:
    """Take `Agency/ Section:` from the beginning of the text, and return the section; None without one.

    A name that the page gives its publisher is enough; any other must look like a name.
    """
    known = {fold_to_words(name) for name in agencies}
    for node in [node for node in scope.iter(*BLOCKS) if len(own_text(node)) > 60][:_LOOKED_AT]:
        match = _AGENCY.match(str(node.text_content())[:200])
        if match and (fold_to_words(match[1]) in known or all(_is_name(part) for part in match.groups())):
            _strip(node, match.end())
            return " ".join(match[2].split())
    return None


def markup_of_lines(text: str) -> str:
    """Plain text as markup, its lines as paragraphs."""
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.splitlines() if line.strip())


def words_of_markup(markup: str) -> str:
    """The words of markup, on one line; good enough to compare lengths and beginnings."""
    return " ".join(_TAG.sub(" ", markup).split())


def _by_library(scope: Element, most: int = MAX_ELEMENTS) -> str:
    import trafilatura

    if sum(1 for _ in scope.iter()) > most:
        return ""
    page = _document(scope)
    simplify_tree(page)
    try:
        found = trafilatura.extract(
            page, output_format="html", include_comments=False, include_formatting=True,
            include_images=True, include_links=True, include_tables=True,
        )  # fmt: skip
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 # odd trees are its trouble; every paragraph is ours
        found = None
    inner, end, _ = (found or "").partition("<body>")[2].rpartition("</body>")
    return inner.strip() if end else ""


def _document(scope: Element) -> Element:
    """The element as a page of its own, so that nothing around it is weighed."""
    import copy

    import lxml.html

    root = lxml.html.document_fromstring("<html><body></body></html>")
    element = copy.deepcopy(scope)
    element.tail = None
    if scope.tag == "body":
        root.replace(root.body, element)
    else:
        element.tag = "article" if scope.tag not in {"article", "main"} else scope.tag
        root.body.append(element)
    return root


def _paragraphs(scope: Element) -> str:
    """Every line of text that is not mostly links; datelines and bylines before the text are none of it."""
    found: list[str] = []
    for node in (scope, *scope.iterdescendants(*_HOLDERS)):
        if any(ancestor.tag in _ASIDE for ancestor in (node, *node.iterancestors())):
            continue
        lines = [line for line in lines_of(node) if _is_text(node, line, first=len(found) < _LOOKED_AT)]
        if not lines or link_share(node) > 0.5:
            continue
        tag = node.tag if node.tag in _KEPT else "p"
        between = "<br>" if node.tag in {"p", *_KEPT} else f"</{tag}><{tag}>"
        found.append(f"<{tag}>{between.join(escape(line, quote=False) for line in lines)}</{tag}>")
    return "\n".join(found)


def _is_text(node: Element, line: str, *, first: bool) -> bool:
    if _RIGHTS.match(line) or (node.tag not in {"p", *_KEPT} and len(line) < _SHORT):
        return False
    return not (first and (recognise_dateline(line) or is_byline(line)))


def _is_name(words: str) -> bool:
    parts = words.split()
    return 0 < len(parts) <= 4 and all(part[0].isupper() or part[0].upper() == part[0].lower() for part in parts)


def _strip(node: Element, count: int) -> None:
    """Take the first characters of an element's text away, wherever in it they stand."""
    for text in node.xpath(".//text()"):
        rest, count = str(text)[count:], max(0, count - len(text))
        if text.is_text:
            text.getparent().text = rest
        else:
            text.getparent().tail = rest
