"""Where on a page the times of its article stand: in its markup, and in the line that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Final

from aggregator.parse.html.dateline import (
    dates_in,
    first_datelines,
    recognise_dateline,
    says_updated,
)
from aggregator.parse.html.page_times import Times
from aggregator.parse.html.tree import Element, Page, is_named, lines_of, names_of, own_text, text_of

_ASIDE = re.compile(
    r"related|recommend|teaser|comment|sidebar|latest|popular|most-?read|breaking|site-?footer|ticker"
)
_MARKED = re.compile(r"(?:^|[\s_-])(?:published|updated|entry-date|post-date)(?:$|[\s_-])")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_INLINE: Final = ("span", "time", "small", "b", "i", "em", "strong", "font")
_REACH: Final = 30
"""Blocks behind the heading among which a dateline may stand."""
_TITLE: Final = 25
"""Characters of a link from which on a list's entry is about another article."""
_LONG: Final = 140
"""Characters from which on a block counts as text; behind the second, the article has begun."""
_MOST: Final = 20


def times_in_markup(page: Page, scope: Element, heading: Element | None) -> tuple[Times, Times]:
    """The dates that the markup says: itemprop and hAtom, which say what they are; and any `<time datetime>`.

    Of several the one nearest to the heading.
    """
    told: dict[tuple[bool, bool], str] = {}
    for node in _time_elements(scope, heading):
        value = node.get("datetime") or node.get("content") or node.get("title") or text_of(node)
        if _is_dated(value):
            told.setdefault((node.tag == "time" and not _is_stated(node), _is_update(node)), value)
    for name, revised in (("datepublished", False), ("datemodified", True)):
        for value in _stated_times(page, name):
            told.setdefault((False, revised), value)
    stated, plain = (
        Times(published=told.get((one, False)), updated=told.get((one, True))) for one in (False, True)
    )
    return stated, plain


def times_shown(blocks: list[Element], start: int, heading: Element | None) -> Times:
    """The dates of the line that shows them: beside the heading, behind it, else just before it.

    In: the page's blocks in document order; which of them is the first behind the heading; the heading.
    """
    beside = [] if heading is None else lines_of(heading.getparent())
    before = (
        line for block in blocks[max(0, start - 7) : start] for line in lines_with_dates(block, own_text(block))
    )
    for lines in (beside, _until_the_text(blocks[start : start + _REACH]), before):
        published, updated = first_datelines(lines)
        if published or updated:
            return Times(published=published, updated=updated)
    return Times()


def _is_dated(value: str) -> bool:
    return bool(dates_in(value) or _EPOCH.fullmatch(value.strip()) or re.match(r"\d{4}-?\d\d-?\d\d", value))


def _until_the_text(blocks: list[Element]) -> Iterator[str]:
    long = 0
    for block in blocks:
        text = own_text(block)
        long += len(text) > _LONG
        if long > 1:
            return
        if block.tag != "figcaption":
            yield from lines_with_dates(block, text)


def lines_with_dates(block: Element, text: str) -> Iterable[str]:
    """The lines of a block if one is a dateline, else it as a whole, else what stands in its inline elements."""
    lines = lines_of(block)
    if any(recognise_dateline(line) for line in lines):
        return lines
    return [text] if recognise_dateline(text) else [text_of(node) for node in block.iter(*_INLINE)]


def _time_elements(scope: Element, heading: Element | None) -> list[Element]:
    """What the markup marks as times, nearest to the heading first."""
    found: list[tuple[int, Element]] = []
    place = 0
    for number, node in enumerate(scope.iter()):
        if node is heading:
            place = number
        if len(found) < _MOST and (node.tag == "time" or _is_stated(node)) and not stands_aside(node, scope):
            found.append((number, node))
    return [node for _, node in sorted(found, key=lambda one: abs(one[0] - place))]


def _is_stated(node: Element) -> bool:
    if node.tag not in {"time", "abbr", "span", "p", "div", "b"}:
        return False
    names = names_of(node)
    hatom = (node.tag == "abbr" or node.get("title")) and _MARKED.search(names)
    return bool("datepublished" in names or "datemodified" in names or hatom)


def stands_aside(node: Element, scope: Element) -> bool:
    """Whether an element stands within one that is about something else: a teaser, a comment, a menu."""
    return any(_is_aside(one) for one in takewhile(lambda one: one is not scope, node.iterancestors()))


def _is_aside(element: Element) -> bool:
    if element.tag == "li":
        return any(len(text_of(link)) > _TITLE for link in element.iter("a"))
    return element.tag in {"aside", "nav"} or is_named(element, _ASIDE)


def _is_update(node: Element) -> bool:
    names = names_of(node)
    if "datepublished" in names:
        return False
    before = node.getprevious()
    near = (before.tail if before is not None else node.getparent().text) or ""
    label = near.strip() or (
        text_of(before) if before is not None and before.tag in {"span", "b", "strong"} else ""
    )
    return says_updated(f"{names} {label[-40:]}") or says_updated(text_of(node)[:40])


def _stated_times(page: Page, name: str) -> list[str]:
    metas = page.root.iter("meta")
    return [
        node.get("content")
        for node in metas
        if (node.get("itemprop") or "").lower() == name and node.get("content")
    ]
