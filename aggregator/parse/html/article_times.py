"""When the article of a page appeared and was updated, by every way in which a page may say it.

The order of evidence: JSON-LD, `<meta>` that says what it is the date of, marked dates, the visible dateline, any
`<time>`, `<meta>` that does not say it. Where none of them tells a date, one after the other: a labelled line
anywhere, an element that is named as a date, the address, a dateline at the article's end.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from aggregator.dates.date_labels import PUBLISHED
from aggregator.parse.html import opengraph
from aggregator.parse.html.dateline import (
    LONGEST,
    cut_to_dates,
    dates_in,
    first_datelines,
    recognise_dateline,
    says_updated,
)
from aggregator.parse.html.page_claims import Claims
from aggregator.parse.html.page_times import Times, best
from aggregator.parse.html.page_words import alternatives_of
from aggregator.parse.html.time_marks import lines_with_dates, stands_aside, times_in_markup, times_shown
from aggregator.parse.html.tree import BLOCKS, Element, Page, is_named, lines_of, own_text, text_of

_DATED = re.compile(
    r"(?<!up)date(?!picker|-?range)|datum|fecha|pubdat|published|posted|entry-?time|(?:^|[\s_-])time(?:$|[\s_-])"
)
_LABELLED = re.compile(
    rf"(?:^|[\s\W])(?:{alternatives_of(PUBLISHED)})(?:\s(?:on|am|le|el|il|op|den|at))?[\s:]{{0,3}}\Z",
    re.IGNORECASE,
)
_WEIGHED: Final = 2000
"""Elements that are looked at in each of the last places."""
_EIGHT_DIGITS = re.compile(r"(?<![\d=])(20\d\d)([01]\d)([0-3]\d)(?!\d)")


def find_times(
    page: Page, claims: Sequence[Claims], scope: Element, heading: Element | None, shown: tuple[list[Element], int]
) -> Times:
    """When the article was published and updated, as its page writes it.

    In: the page; what it states as data, the surest first; the element that holds the article; the heading; the
    page's blocks in document order, and which of them is the first behind the heading.
    """
    blocks, start = shown
    told = [Times(published=one.published, updated=one.updated) for one in claims]
    stated, plain = times_in_markup(page, scope, heading)
    loose = Times(published=opengraph.loose_date(page))
    found = best([*told, stated, times_shown(blocks, start, heading), plain, loose], page.language)
    places: tuple[Callable[[], Times], ...] = (
        lambda: _labelled_times(blocks, page.root),
        lambda: _named_time(page.root),
        lambda: _time_by_library(page),
        lambda: _time_in_address(page),
        lambda: _signed_time(scope),
    )
    for look in places:
        if found.published or found.updated:
            break
        found = best([look()], page.language)
    return found


def _labelled_times(blocks: list[Element], root: Element) -> Times:
    """The first dates that words such as "Published" and "Updated" stand before, wherever on the page."""
    found: dict[bool, str] = {}
    for block in islice(blocks, _WEIGHED):
        for line in lines_of(block):
            date = next(iter(cut_to_dates(line)), "") if len(line) <= LONGEST else ""
            label = line.partition(date[:6])[0][-40:] if date else ""
            revised = says_updated(label)
            if date and (revised or _LABELLED.search(label)) and not stands_aside(block, root):
                found.setdefault(revised, date)
    return Times(published=found.get(False), updated=found.get(True))


def _named_time(root: Element) -> Times:
    """The first short date that stands in an element whose name says that it is one."""
    nodes = root.iter("time", "span", "p", "div", "td", "li", "b", "i", "em", "small", "a", "dd")
    for node in islice(nodes, _WEIGHED):
        if node.tag == "time" or is_named(node, _DATED):
            text = text_of(node)
            if 6 <= len(text) <= LONGEST // 2 and dates_in(text) and not stands_aside(node, root):
                return Times(published=text)
    return Times()


def _time_by_library(page: Page) -> Times:
    """The day that htmldate finds in the address and the head of a page.

    It is not shown the body: of 29 readings for which that was the last resort five were the article's date.
    """
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


def _time_in_address(page: Page) -> Times:
    """The day that the page's address holds in eight digits."""
    found = _EIGHT_DIGITS.search(page.location)
    return Times(published="-".join(found.groups()) if found else None)


def _signed_time(scope: Element) -> Times:
    """The first dateline of the article, wherever it stands: some sign at the end."""
    published, updated = first_datelines(
        line
        for block in islice(scope.iter(*BLOCKS), _WEIGHED)
        for line in lines_with_dates(block, own_text(block))
        if recognise_dateline(line) and not stands_aside(block, scope)
    )
    return Times(published=published, updated=updated)
