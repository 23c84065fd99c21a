"""A page that lists articles -> stubs of its entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from aggregator.model import Failed, FeedMeta, ParsedFeed, RawEntry, RawLink, RawText, Selectors
from aggregator.parse.html import anchors, jsonld, pictures, refusals
from aggregator.parse.html.anchors import Anchor
from aggregator.parse.html.dateline import recognise_dateline
from aggregator.parse.html.related import is_continuation
from aggregator.parse.html.tree import BLOCKS, Element, Page, read_page, text_of
from aggregator.text.urls import resolve_reference

MAX_STUBS: Final = 100
_MOST: Final = 1_000
"""Elements that one selector may find."""

VERSION: Final = "page"
_HOLDERS: Final = (*sorted(BLOCKS), "span", "small", "em", "i", "font", "b", "strong", "time")
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListedArticle:
    """An article that a page lists.

    Attributes:
        href: The address of its best link, as written.
        title: What the link or its heading says; "" where they say nothing.
        item: The outermost element that holds it and no other article; None where only data lists it.
        published: Raw date string from the data of the page, or None.
    """

    href: str
    title: str
    item: Element | None
    published: str | None = None


def read_listing(
    body: bytes, *, content_type: str, location: str, select: Selectors | None
) -> ParsedFeed | Failed:
    """Read a page as a list of articles.

    In: its bytes; the Content-Type field's value, a hint at the encoding; where it came from after redirects; the
    editor's CSS selectors, if there are any: `item` for what holds one article, `link` for the anchor in it.
    Out: one stub for each article in document order, at most 100: its address as written with its base, its title,
    and a raw date and a picture where the list shows them. Without selectors the articles are guessed. Failed with
    `not_a_feed` and the remedy when there are none.
    Pure and total: does not raise, whatever the bytes are.
    """
    page = read_page(body, content_type=content_type, location=location)
    if isinstance(page, Failed):
        return page
    return _make_feed(page, select)


def _make_feed(page: Page, select: Selectors | None) -> ParsedFeed | Failed:
    if select is not None and (select.item or select.link):
        found = _select_articles(page, select)
        if isinstance(found, Failed):
            return found
        failed = refusals.no_match(
            page.title, " with ".join(f"`{one}`" for one in (select.item, select.link) if one)
        )
    else:
        found = _guess_articles(page) or _described_articles(page)
        failed = _failure_without_articles(page)
    if not found:
        return failed
    entries = tuple(_stub(page, one) for one in found[:MAX_STUBS])
    return ParsedFeed(meta=_meta(page), entries=entries, whole=len(found) <= MAX_STUBS)


def _failure_without_articles(page: Page) -> Failed:
    heading = next((text_of(node) for node in page.root.iter("h1", "h2")), "")
    password = any((node.get("type") or "").lower() == "password" for node in page.root.iter("input"))
    shut = refusals.closed_door(page.title, heading, text_of(page.root), password=password)
    return shut or refusals.no_list(page.title)


def _guess_articles(page: Page) -> list[_ListedArticle]:
    every = anchors.anchors_on(page)
    chosen = {anchor.url for anchor in anchors.likely_articles(every, page)}
    return _join_by_address([anchor for anchor in every if anchor.url in chosen])


def _described_articles(page: Page) -> list[_ListedArticle]:
    """What the page's data lists, where scripts make the list that people see."""
    found: dict[str, _ListedArticle] = {}
    for url, title, published in jsonld.listed_articles(jsonld.jsonld_nodes(page.scripts)):
        if resolve_reference(url, page.base) not in {None, page.location}:
            found.setdefault(url, _ListedArticle(href=url, title=title or "", item=None, published=published))
    return list(found.values())


def _select_articles(page: Page, select: Selectors) -> list[_ListedArticle] | Failed:
    from aggregator.patterns import elements, selectors  # few pages are searched with any

    for selector in (select.item, select.link):
        try:
            elements.read_selector(selector or "*")
        except selectors.SelectorError:
            return refusals.bad_selector(selector or "")
    (matched,) = elements.find_in_each([page.root], select.item or select.link or "")
    if not select.item:
        firsts = (anchor for node in matched[:_MOST] for anchor in _anchors_in(node)[:1])
        return _join_by_address(_anchors_of(page, firsts))
    items = matched[:_MOST]
    insides = elements.find_in_each(items, select.link) if select.link else [[item] for item in items]
    found: dict[str, _ListedArticle] = {}
    for item, inside in zip(items, insides, strict=True):
        best = _best(_anchors_of(page, (anchor for node in inside[:_MOST] for anchor in _anchors_in(node))))
        if best is not None:
            title = _title_of(best, item)
            found.setdefault(best.url, _ListedArticle(href=best.href, title=title, item=item))
    return list(found.values())


def _anchors_in(node: Element) -> list[Element]:
    """The links of an element: itself, those within, else the one around it."""
    inside = [node] if node.tag == "a" else list(node.iter("a"))
    return inside or list(node.iterancestors("a"))[:1]


def _anchors_of(page: Page, elements: Iterable[Element]) -> list[Anchor]:
    read_ones = (anchors.anchor_of(element, page.base) for element in elements)
    return [anchor for anchor in read_ones if anchor is not None]


def _best(found: list[Anchor]) -> Anchor | None:
    return max(found, key=_worth, default=None)


def _worth(anchor: Anchor) -> tuple[bool, bool, int]:
    """A heading before other words, words before none and "Read more", long before short."""
    says = bool(anchor.text) and not is_continuation(anchor.text)
    return says, anchor.headed, len(anchor.text) if text_of(anchor.element) else 0


def _title_of(best: Anchor, item: Element) -> str:
    """The title: what the link says, else the item's heading."""
    if best.text and not is_continuation(best.text) and text_of(best.element):
        return best.text
    heading = next((text_of(node) for node in item.iter(*_HEADINGS) if text_of(node)), "")
    return heading[: anchors.MAX_TITLE] or ("" if is_continuation(best.text) else best.text)


def _join_by_address(found: list[Anchor]) -> list[_ListedArticle]:
    """One article for each address, in the order of the first link to it, called by the best."""
    by_url: dict[str, list[Anchor]] = {}
    for anchor in found:
        by_url.setdefault(anchor.url, []).append(anchor)
    crowded = _shared_elements(by_url)
    joined = []
    for group in by_url.values():
        best = max(group, key=_worth)
        item = _item(best.element, crowded)
        joined.append(_ListedArticle(href=best.href, title=_title_of(best, item), item=item))
    return joined


def _shared_elements(by_url: dict[str, list[Anchor]]) -> set[Element]:
    """The elements that hold links to more than one article."""
    held: dict[Element, str] = {}
    crowded: set[Element] = set()
    for url, group in by_url.items():
        for anchor in group:
            for ancestor in anchor.element.iterancestors():
                if held.setdefault(ancestor, url) != url:
                    crowded.add(ancestor)
    return crowded


def _item(element: Element, crowded: set[Element]) -> Element:
    """The outermost element around a link that holds no other article."""

    def is_shared(one: Element) -> bool:
        return one in crowded or one.tag in {"html", "body", "main"}

    return [element, *takewhile(lambda one: not is_shared(one), element.iterancestors())][-1]


def _stub(page: Page, found: _ListedArticle) -> RawEntry:
    item = found.item
    image = (
        next((source for node in item.iter("img") if (source := _picture(node))), None)
        if item is not None
        else None
    )
    return RawEntry(
        links=(RawLink(href=found.href),),
        title=RawText(value=found.title, type="text") if found.title else None,
        published=found.published or (_date(item) if item is not None else None),
        image=image,
        language=page.language,
        base=page.base or None,
    )


def _picture(image: Element) -> str | None:
    source = pictures.source_of(image)
    return source if source and not pictures.is_ornament(image, source) else None


def _date(item: Element) -> str | None:
    """What stands in `<time datetime>`, else a block or a span that is a dateline."""
    for node in item.iter("time"):
        written = str(node.get("datetime") or text_of(node)).strip()
        if any(character.isdigit() for character in written):
            return written[:100]
    texts = [_beside_links(node) for node in item.iter(*_HOLDERS)]
    before = item.getprevious()  # blogs head the posts of a day with its date
    texts += [text_of(before)[:200]] if before is not None else []
    told = [line for text in texts if (line := recognise_dateline(text))]
    return min(told, key=len, default=None)


def _beside_links(node: Element) -> str:
    """The text of an element, without the words of links: they are titles."""
    words = [node.text or "", *(f"{_text_without_links(child)}{child.tail or ''}" for child in node)]
    return " ".join("".join(words).split())


def _text_without_links(child: Element) -> str:
    linked = child.tag == "a" or child.tag in BLOCKS or child.find(".//a") is not None
    return "" if linked else text_of(child)


def _meta(page: Page) -> FeedMeta:
    icons = (*page.links.get("apple-touch-icon", ()), *page.links.get("icon", ()))
    return FeedMeta(
        title=page.meta("og:site_name") or page.title or page.meta("og:title"),
        link=page.location or None,
        language=page.language,
        icon=next((url for icon in icons if (url := resolve_reference(icon, page.base))), None),
        version=VERSION,
    )
