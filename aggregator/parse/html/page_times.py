"""When a page says that its article was published and updated; of several statements the most exact counts.

A zone is worth more than a clock, a clock more than a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from aggregator.parse.html.dateline import (
    ascii_digits,
    dates_in,
    first_datelines,
    recognise_dateline,
    says_updated,
)
from aggregator.parse.html.tree import Element, Page, is_named, lines_of, names_of, own_text, text_of
from aggregator.parse.limits import MAX_DATE

_ZONE = re.compile(
    r"(?:\d|\s)Z\b|[+-]\d{2}:?\d{2}\s*(?:$|[\])])|\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+|\b(?:UTC|GMT|[A-Z]{1,4}S?[TZ])\b"
)
_CLOCK = re.compile(r"\d\s?[:h.時点]\s?\d{2}|T\d{4}|\d\s?[ap]\.?m\b|\d\s?(?:uhr|時)", re.IGNORECASE)
_EPOCH = re.compile(r"\d{10}|\d{13}")
_ASIDE = re.compile(
    r"related|recommend|teaser|comment|sidebar|latest|popular|most-?read|breaking|site-?footer|ticker"
)
_INLINE: Final = ("span", "time", "small", "b", "i", "em", "strong", "font")
_REACH: Final = 30
"""Blocks behind the heading among which a dateline may stand."""
_TITLE: Final = 25
"""Characters of a link from which on a list's entry is about another article."""
_LONG: Final = 140
"""Characters from which on a block counts as text; behind the second, the article has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When an article was published and updated, as its page writes it.

    Attributes:
        published: Raw date string; it may hold both dates. None where the page says none.
        updated: Raw date string of its own, or None.
    """

    published: str | None = None
    updated: str | None = None


def best(told: Iterable[Times]) -> Times:
    """Of several statements the most exact date of publication and of update; of equals the first.

    A publication and an update in one string stay together, and count as an update where no other is as exact.
    """
    times = [Times(published=_keep_if_dated(one.published), updated=_keep_if_dated(one.updated)) for one in told]
    published = max((one.published for one in times if one.published), key=_exactness, default=None)
    updates = [one.updated for one in times if one.updated]
    updates += [one.published for one in times if one.published and _is_pair(one.published)]
    updated = max(updates, key=_exactness, default=None)
    return Times(published=published, updated=updated if updated != published else None)


def times_in_markup(page: Page, scope: Element) -> Times:
    """The dates that the markup says: itemprop, `<time datetime>`, `<abbr title>` (hAtom)."""
    published: list[str] = []
    updated: list[str] = []
    for node in _time_elements(scope):
        value = node.get("datetime") or node.get("content") or node.get("title") or text_of(node)
        if dates_in(value) or _EPOCH.fullmatch(value.strip()) or re.match(r"\d{4}-?\d\d-?\d\d", value):
            (updated if _is_update(node) else published).append(value)
    published += _stated_times(page, "datepublished")
    updated += _stated_times(page, "datemodified")
    return Times(published=next(iter(published), None), updated=next(iter(updated), None))


def times_shown(blocks: list[Element], start: int) -> Times:
    """The dates of the line that shows them: behind the heading, else just before it.

    In: the page's blocks in document order; which of them is the first behind the heading.
    """
    published, updated = first_datelines(_until_the_text(blocks[start : start + _REACH]))
    if published is None and updated is None:
        published, updated = first_datelines(own_text(block) for block in blocks[max(0, start - 7) : start])
    return Times(published=published, updated=updated)


def by_library(page: Page) -> Times:
    """The day that htmldate finds in the address and the head of a page.

    It is not shown the body: there it takes the times of teasers for the article's.
    """
    import copy

    import htmldate
    import lxml.html

    root = lxml.html.document_fromstring("<html><head></head><body></body></html>")
    root.head.extend(copy.deepcopy(node) for node in page.root.iter("meta", "link"))
    try:
        day = htmldate.find_date(
            root, extensive_search=False, original_date=True, url=page.location or None,
            min_date="1995-01-01", max_date="2100-12-31",
        )  # fmt: skip
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 # its trouble is with odd trees; we do without
        day = None
    return Times(published=day)


def _until_the_text(blocks: list[Element]) -> Iterable[str]:
    long = 0
    for block in blocks:
        text = own_text(block)
        long += len(text) > _LONG
        if long > 1:
            return
        if block.tag != "figcaption":
            yield from _lines_with_dates(block, text)


def _lines_with_dates(block: Element, text: str) -> Iterable[str]:
    """The lines of a block if one is a dateline, else it as a whole, else what stands in its inline elements."""
    lines = lines_of(block)
    if any(recognise_dateline(line) for line in lines):
        return lines
    return [text] if recognise_dateline(text) else [text_of(node) for node in block.iter(*_INLINE)]


def _time_elements(scope: Element) -> list[Element]:
    found = []
    for node in scope.iter("time", "abbr", "span", "p", "div", "b"):
        names = names_of(node)
        stated = "datepublished" in names or "datemodified" in names
        hatom = node.tag == "abbr" and ("published" in names or "updated" in names)
        if (node.tag == "time" or stated or hatom) and not _stands_aside(node, scope):
            found.append(node)
    return found[:20]


def _stands_aside(node: Element, scope: Element) -> bool:
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


def _keep_if_dated(written: str | None) -> str | None:
    text = (written or "").strip()[:MAX_DATE]
    return text if _exactness(text) else None


def _is_pair(text: str) -> bool:
    return dates_in(text) > 1 and says_updated(text)


def _exactness(written: str) -> int:
    """0: no date; 1: a day; 2: with a clock; 3: with a zone too."""
    text = ascii_digits(written)
    if _EPOCH.fullmatch(text):
        return 3
    if not (
        dates_in(text)
        or re.match(r"\d{4}(?:-?\d\d-?\d\d)?(?:T|\s|$)", text)
        or re.search(r"\b(?:19|20)\d\d\b", text)
    ):
        return 0
    if not _CLOCK.search(text):
        return 1
    return 3 if _ZONE.search(text) else 2
