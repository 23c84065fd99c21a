"""The title of an article, and where on the page it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aggregator.parse.html.tree import Element, Page, text_of
from aggregator.parse.limits import MAX_FIELD
from aggregator.text.characters import fold_to_words

_SUFFIX = re.compile(r"(?:(?<!\s)\s++)?+(?:[|•·»›]|::)\s*+|(?<!\s)\s++[-–—:]\s++")
_MARK = re.compile(r"\s([•·»›–—-]|::)\s|\s?[|｜]\s?")
_DASHES: Final = frozenset({"-", "–", "—"})
_MOST: Final = 40
"""Headings that are weighed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An article's title, and where its page shows it.

    Attributes:
        title: One line, without the site's name; None where the page has none.
        element: The element that shows it, or None.
    """

    title: str | None
    element: Element | None


def find_heading(page: Page, stated: list[str], names: list[str]) -> Heading:
    """The title of the page's article.

    In: the page; titles that its data state, the surest first; names of the site.
    Out: the heading that shows what is stated, else the first stated title, the likeliest heading, or the
    document's title, each without the site's name.
    """
    stated = [title for one in stated if (title := _without_site(one, names))]
    document = _without_site(page.title, names)
    parts = sorted(_SUFFIX.split(page.title), key=len, reverse=True)[:2]
    shown = _find_shown(page, [*stated, document, page.title, *parts], names)
    heading = text_of(shown)[:MAX_FIELD] if shown is not None else ""
    if stated and not _is_same(stated[0], heading):
        return Heading(title=stated[0], element=shown)
    return Heading(title=heading or document or None, element=shown)


def _find_shown(page: Page, titles: list[str], names: list[str]) -> Element | None:
    """The heading that says one of the titles; else the first h1 that is not the site's name."""
    headings = [node for node in page.root.iter("h1", "h2", "h3") if text_of(node)][:_MOST]
    for title in filter(None, titles):
        for node in headings:
            if _is_same(title, text_of(node)):
                return node
    for title in filter(None, titles):  # old pages set their titles in bold
        for node in page.root.iter("b", "strong", "font", "div", "p", "td"):
            if (
                len(node) < 3
                and 0 < len(node.text or "") <= MAX_FIELD
                and _is_same(title, text_of(node)[: 2 * MAX_FIELD])
            ):
                return node
    site = {fold_to_words(name) for name in names}
    return next((node for node in headings if node.tag == "h1" and fold_to_words(text_of(node)) not in site), None)


def _is_same(title: str, heading: str) -> bool:
    """Whether one is the other, perhaps cut off or with the site's name behind it."""
    first, second = fold_to_words(title), fold_to_words(heading)
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    return first == second or (longer.startswith(shorter) and len(shorter) > 0.5 * len(longer))


def _without_site(title: str, names: list[str]) -> str:
    """`Title | Site` without the site: by its names if they are known, else the shorter end behind a mark."""
    parts = _SUFFIX.split(title)
    if len(parts) < 2:
        return title.strip()
    site = {fold_to_words(name) for name in names}
    if fold_to_words(parts[-1]) in site:
        return title[: title.rfind(parts[-1])].rstrip(" |•·»›-–—:\t")
    if fold_to_words(parts[0]) in site:
        return title[len(parts[0]) :].lstrip(" |•·»›-–—:\t")
    last = next(reversed(list(_MARK.finditer(title))), None)
    if last is None or site or len(title) - last.end() > (0.5 if last[1] in _DASHES else 1.0) * last.start():
        return title.strip()
    return title[: last.start()].strip()
