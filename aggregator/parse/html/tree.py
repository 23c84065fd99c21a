"""Bytes -> a bounded tree of elements, with what its head says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from aggregator.model import Failed
from aggregator.parse.charsets.decode import decode_page
from aggregator.parse.html import refusals
from aggregator.parse.plain import to_plain_text
from aggregator.text.characters import strip_non_xml
from aggregator.text.references import join_halves
from aggregator.text.urls import resolve_reference

MAX_TEXT: Final = 3_000_000
"""Characters of a page that are looked at."""
MAX_TAGS: Final = 60_000
"""Tags that are looked at: ten times a long article with its comments, and still read in a few seconds."""
MAX_WORDS: Final = 1000
"""Words in one long tag, most of them attributes."""
MAX_SCRIPTS: Final = 20
MAX_SCRIPT: Final = 1_000_000

Element = Any
"""An element of lxml, which has no type information of its own."""

_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{5000,}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,8}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_DEAD: Final = ("title", "script", "style", "template", "noscript", "svg", "iframe", "object")
BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A web page as a tree of elements, with what its head says.

    Attributes:
        root: The tree's root, without scripts; its `body` may be missing.
        location: Where the page came from; "" when that is no http(s) URL.
        base: What its references are relative to; "" when unknown.
        language: As its root or its head says.
        title: Of the document: one line, with whatever the site adds to it.
        metas: Contents by name or property, lower case, in document order.
        links: The addresses of `<link>` by relation, lower case, as written.
        scripts: Texts of its JSON-LD.
    """

    root: Element
    location: str
    base: str
    language: str | None
    title: str
    metas: dict[str, tuple[str, ...]]
    links: dict[str, tuple[str, ...]]
    scripts: tuple[str, ...]

    def meta(self, *names: str) -> str | None:
        """The first content that says something under any of the names, in their order."""
        found = (to_plain_text(value) for name in names for value in self.metas.get(name, ()))
        return next((value for value in found if value), None)


def read_page(body: bytes, *, content_type: str, location: str) -> Page | Failed:
    """Parse a web page into a bounded tree of elements.

    In: its bytes; the Content-Type field's value, a hint at the encoding; where it came from after redirects.
    Out: the page, its tree at most 256 elements deep (libxml2's own bound); Failed when it is no page. Does not
    raise, whatever the bytes are.
    """
    failed = refusals.no_markup(body)
    if failed is not None:
        return failed
    text = _cut_to_bounds(join_halves(strip_non_xml(decode_page(body[: 4 * MAX_TEXT], content_type).text)))
    failed = refusals.no_page(text)
    if failed is not None:
        return failed
    root = _parse_tree(text)
    return refusals.no_tree() if root is None else _page(root, resolve_reference(location, None) or "")


def text_of(element: Element) -> str:
    """The visible text of an element on one line."""
    return " ".join(str(element.text_content()).split())


def names_of(element: Element) -> str:
    """What its author calls an element: classes, id and role, one string of lower case letters.

    Names that are written `relatedPosts` stand there as `related-posts`, too.
    """
    named = " ".join(element.get(name) or "" for name in ("class", "id", "role", "itemprop"))[:500]
    divided = _HUMP.sub("-", named)
    return named.lower() if divided == named else f"{named} {divided}".lower()


def is_named(element: Element, pattern: re.Pattern[str]) -> bool:
    """Whether any of the names that its author gave an element matches."""
    return bool(pattern.search(names_of(element)))


def drop_element(element: Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def lines_of(element: Element) -> list[str]:
    """What stands in an element itself and in its inline children, cut where blocks and line breaks stand."""
    lines = [[element.text or ""]]
    _gather(element, lines)
    return [line for parts in lines if (line := " ".join("".join(parts).split()))]


def own_text(element: Element) -> str:
    """What stands in an element itself and in its inline children, on one line."""
    return " ".join(lines_of(element))


def _gather(element: Element, lines: list[list[str]]) -> None:
    for child in element:  # no deeper than the tree, which libxml2 bounds
        if child.tag in BLOCKS:
            lines.append([])
        else:
            lines[-1].append(child.text or "")
            _gather(child, lines)
        lines[-1].append(child.tail or "")


def _cut_to_bounds(text: str) -> str:
    text = _HUGE_TAG.sub(_bound_tag, text.lstrip("\ufeff \t\r\n")[:MAX_TEXT])
    if text.count("<") <= MAX_TAGS:
        return text
    found = re.compile("<").finditer(text)
    return text[: next(match.start() for number, match in enumerate(found) if number == MAX_TAGS)]


def _bound_tag(tag: re.Match[str]) -> str:
    """A tag of honest attributes, however long their values are; the parser's time grows with their square."""
    return tag[0] if len(tag[0].split(maxsplit=MAX_WORDS)) <= MAX_WORDS else "<wbr "


def _parse_tree(text: str) -> Element | None:
    import lxml.html
    from lxml import etree

    parser = lxml.html.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True,
        collect_ids=False, default_doctype=False,
    )  # fmt: skip
    try:
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError):  # nothing is left when comments are out
        return None
    return root


def _page(root: Element, location: str) -> Page:
    language = root.get("lang") or root.get("xml:lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    metas, links = _metas(root), _links(root)
    scripts = [str(script.text_content()) for script in root.iter("script") if _is_data(script)]
    base = next(
        (found for node in root.iter("base") if (found := resolve_reference(node.get("href"), location))), location
    )
    title = next((found for node in root.iter("title") if (found := to_plain_text(text_of(node)))), "")
    _tidy(root)
    tags = (language, *metas.get("content-language", ()), *metas.get("og:locale", ()))
    return Page(
        root=root,
        location=location,
        base=base,
        language=next((tag.strip() for tag in tags if tag and _LANGUAGE.fullmatch(tag.strip())), None),
        title=title,
        metas=metas,
        links=links,
        scripts=tuple(script[:MAX_SCRIPT] for script in scripts[:MAX_SCRIPTS]),
    )


def _is_data(script: Element) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"


def _metas(root: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("http-equiv") or ""
        if name and node.get("content"):
            found.setdefault(name.strip().lower()[:100], []).append(node.get("content"))
    return {name: tuple(values[:20]) for name, values in found.items()}


def _links(root: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in root.iter("link"):
        for relation in (node.get("rel") or "").lower().split()[:5]:
            if node.get("href"):
                found.setdefault(relation, []).append(node.get("href"))
    return {relation: tuple(values[:20]) for relation, values in found.items()}


def _tidy(root: Element) -> None:
    """Scripts go; blocks are divided by white space, so that their texts do not run together."""
    for node in list(root.iter(*_DEAD)):
        drop_element(node)
    for node in root.iterdescendants(*BLOCKS):
        node.tail = f"\n{node.tail or ''}"
        if node.tag not in {"pre", "br", "hr"}:
            node.text = f"\n{node.text or ''}"
