"""The title of an article, and where on the page it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from aggregator.parse.html.tree import Element, Page, is_named, text_of
from aggregator.parse.limits import MAX_FIELD
from aggregator.text.characters import fold_to_words

_SUFFIX = re.compile(r"(?:(?<!\s)\s++)?+(?:[|•·»›]|::)\s*+|(?<!\s)\s++[-–—:]\s++")
_MARK = re.compile(r"\s([•·»›–—-]|::)\s|\s?[|｜]\s?")
_DASHES: Final = frozenset({"-", "–", "—"})
_KICKER = re.compile(
    r"kicker|over-?line|dachzeile|spitzmarke|top-?line|roof-?line|eyebrow|(?:pre|sur|sub)-?(?:title|head|line)|h1small"
)
_SKIPPED = re.compile(r"(?:^|[\s_-])(?:nav|skip|hidden|logo)(?:$|[\s_-])")
_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_MARKS: Final = " |•·:–—-"
_MOST: Final = 40
"""Headings that are weighed."""
_WORD: Final = 4
"""Letters of a word that says something."""
_SHARED: Final = 0.3
"""Share of a heading's words that a title must have, too."""
_LEAST: Final = 10
"""Characters of a heading at least that a kicker leaves."""


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
    Out: the heading that shows what is stated, or an h1 that says it in other words, each without a kicker; else
    the first stated title, the likeliest heading, or the document's title, without the site's name.
    """
    stated = [title for one in stated if (title := _without_site(one, names))]
    document = _without_site(page.title, names)
    parts = sorted(_SUFFIX.split(page.title), key=len, reverse=True)[:2]
    titles = [title for title in (*stated, document) if title]
    site = {fold_to_words(name) for name in names}
    headings = [node for node in page.root.iter("h1", "h2", "h3") if text_of(node)][:_MOST]
    own = [node for node in headings if node.tag == "h1" and _is_articles(node, site)]
    shown = next(chain(_find_equal(headings, titles), _find_near(headings, titles), _find_akin(own, titles)), None)
    if shown is None:
        likely = chain(_find_near(headings, parts), _find_bold(page, [*titles, page.title, *parts]), own)
        shown = next(likely, None)
        if stated and not _is_same(stated[0], text_of(shown) if shown is not None else ""):
            return Heading(title=stated[0], element=shown)
    heading = _without_kicker(shown)[:MAX_FIELD] if shown is not None else ""
    return Heading(title=heading or document or None, element=shown)


def _find_equal(headings: list[Element], titles: list[str]) -> Iterator[Element]:
    """The headings that say one of the titles, the surest title first."""
    said = [(fold_to_words(_without_kicker(node)), node) for node in headings]
    return (node for title in titles for words, node in said if words == fold_to_words(title))


def _find_near(headings: list[Element], titles: list[str]) -> Iterator[Element]:
    """The headings that begin one of the titles or go on behind it."""
    return (node for title in titles for node in headings if title and _is_same(title, text_of(node)))


def _find_akin(headings: list[Element], titles: list[str]) -> Iterator[Element]:
    """The headings that share their words with a title: headlines are written anew for those who search."""
    known = {word for title in titles for word in _words(title)}
    for node in headings:
        words = _words(text_of(node))
        if words and len(words & known) >= _SHARED * len(words):
            yield node


def _words(title: str) -> set[str]:
    return {word for word in fold_to_words(title).split() if len(word) >= _WORD}


def _find_bold(page: Page, titles: list[str]) -> Iterator[Element]:
    """What says a title without being a heading: old pages set theirs in bold."""
    for title in filter(None, titles):
        for node in page.root.iter("b", "strong", "font", "div", "p", "td"):
            if (
                len(node) < 3
                and 0 < len(node.text or "") <= MAX_FIELD
                and _is_same(title, text_of(node)[: 2 * MAX_FIELD])
            ):
                yield node


def _is_articles(heading: Element, site: set[str]) -> bool:
    """Whether an h1 may be an article's: not the site's name, nor for those who skip the menu."""
    return fold_to_words(text_of(heading)) not in site and not is_named(heading, _SKIPPED)


def _without_kicker(heading: Element) -> str:
    """What a heading says without the line above or below it that some put into it."""
    whole = text_of(heading).replace(_SOFT_HYPHEN, "")
    for part in heading.iterdescendants("span", "small", "div", "p", "strong", "em", "time"):
        label = text_of(part).replace(_SOFT_HYPHEN, "")
        if label and (part.tag in {"small", "time"} or is_named(part, _KICKER)):
            rest = whole.removeprefix(label) if whole.startswith(label) else whole.removesuffix(label)
            if len(rest.strip(_MARKS)) >= _LEAST:
                whole = rest.strip(_MARKS)
    return whole


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
