"""The page of one article -> its entry."""

from __future__ import annotations

import copy
import re
from itertools import islice
from typing import Final

from aggregator.model import Category, Failed, RawEntry, RawLink, RawText
from aggregator.parse.html import article_text as text
from aggregator.parse.html import bylines, headings, jsonld, opengraph, pictures, related
from aggregator.parse.html.article_times import find_times
from aggregator.parse.html.page_claims import Claims
from aggregator.parse.html.prune import prune_article, remove_teasers
from aggregator.parse.html.refusals import closed_door, no_article
from aggregator.parse.html.time_marks import stands_aside
from aggregator.parse.html.tree import BLOCKS, Element, Page, drop_element, is_named, own_text, read_page, text_of
from aggregator.text.beginnings import ends_as_beginning, without_mark
from aggregator.text.characters import fold, fold_to_words
from aggregator.text.sites import path_of, same_site, site_of
from aggregator.text.urls import MAX_URL, resolve_reference

MAX_KEYWORDS: Final = 8
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|standfirst|summary|intro|introduction|chapeau|chapo|sapo|deck|dek|subtitle|subtitulo"
    r"|excerpt|vorspann|teaser-?text|einleitung|kicker-?text|bajada|occhiello|abstract|لید|anons)(?:$|[\s_-])"
)
_ENDS = re.compile(r"[.!?。！？۔؟][\"'”’»)\]]*$")
_HOLDERS: Final = ("article", "main")
_MOST: Final = 0.7
_HALF: Final = 0.5
_LONG: Final = 80
"""Characters from which on a line is text."""
_WEIGHED: Final = 5000
_BEGUN: Final = 140
"""Characters of a paragraph of the text; behind the second, no lead is to be expected."""


def read_article(body: bytes, *, content_type: str, location: str) -> RawEntry | Failed:
    """Read a page as one article.

    In: its bytes; the Content-Type field's value, a hint at the encoding; where it came from after redirects.
    Out: the entry as a feed would have carried it: title, raw dates, people, categories, lead picture with its
    caption, text without what surrounds it, links to related pages and to where it has been taken from. For each
    field what the page states as data (JSON-LD, then OpenGraph and its like) comes before what it shows. Failed
    with `not_a_feed` when the page is none, stands in the way of the article, or has no text.
    Pure and total: does not raise, whatever the bytes are.
    """
    page = read_page(body, content_type=content_type, location=location)
    if isinstance(page, Failed):
        return page
    try:
        return _entry(page)
    except (RecursionError, MemoryError):  # of libraries, on hostile trees
        return no_article(page.title)


def _entry(page: Page) -> RawEntry | Failed:
    head = opengraph.meta_claims(page)
    data = jsonld.jsonld_claims(
        jsonld.jsonld_nodes(page.scripts),
        addresses=[page.location, head.url or ""],
        titles=[title for title in (head.title, page.title) if title],
    )
    agencies = tuple(dict.fromkeys((*data.agencies, *head.agencies)))
    heading = headings.find_heading(page, [title for title in (data.title, head.title) if title], list(agencies))
    whole = text_of(page.root)
    shut = closed_door(
        page.title,
        text_of(heading.element) if heading.element is not None else "",
        whole if not data.body else data.body + whole,
        password=any((node.get("type") or "").lower() == "password" for node in page.root.iter("input")),
    )
    return shut or _make_entry(page, data, head, heading, agencies)


def _make_entry(
    page: Page, data: Claims, head: Claims, heading: headings.Heading, agencies: tuple[str, ...]
) -> RawEntry | Failed:
    scope = _find_scope(page, heading.element)
    whole = _copy_without_heading(page, heading.element)
    blocks = list(page.root.iter(*BLOCKS))
    start = _index_behind(blocks, heading.element)
    times = find_times(page, (data, head), scope, heading.element, (blocks, start))
    named = data.authors or head.authors
    authors = bylines.keep_people(named, agencies, page.base) or bylines.keep_people(
        bylines.visible_authors(blocks, start, scope), agencies, page.base
    )
    picture = pictures.find_lead_picture(scope)
    lead = _find_lead(scope, heading.element)
    further = related.take_related(scope, page.location, page.base)
    credited = related.find_credit(scope, page.base, site_of(page.location))
    stated = next((one for one in (data.image, head.image) if one and not pictures.is_generic(one)), None)
    if picture is not None:
        drop_element(picture.holder)
    section = text.strip_agency(scope, agencies)
    prune_article(scope, heading.element)
    markup = _markup(text.extract_text(scope, whole), data.body, lead)
    if not markup:
        return no_article(page.title)
    summary = _summary((data.summary, head.summary, lead), heading.title, text.words_of_markup(markup))
    image = stated or (picture.source if picture else None) or data.image or head.image
    caption = (picture.caption if picture else None) or data.caption
    return RawEntry(
        links=(*_find_home(page, data, head), *further, *(credited or _sources(data))),
        title=RawText(value=heading.title, type="text") if heading.title else None,
        summary=RawText(value=summary, type="text") if summary else None,
        contents=(RawText(value=markup, base=page.base or None),),
        published=times.published,
        updated=times.updated,
        authors=authors,
        categories=_categories(data, head, section),
        image=image[:MAX_URL] if image else None,
        image_caption=RawText(value=caption, type="text") if image and caption else None,
        language=page.language or data.language,
        base=page.base or None,
    )


def _copy_without_heading(page: Page, heading: Element | None) -> Element:
    """A copy of the page's body without the heading, as it is before anything else is taken out of it."""
    body = page.root.find("body")
    whole = copy.deepcopy(page.root if body is None else body)
    title = text_of(heading) if heading is not None else ""
    for node in list(whole.iterdescendants("h1", "h2")):
        if text_of(node) == title:
            drop_element(node)
    remove_teasers(whole, set())
    return whole


def _find_scope(page: Page, heading: Element | None) -> Element:
    """The element that holds the article: the nearest around the heading with most of the page's text.

    Where comments weigh more than it, an `article` or `main` will do with half; without a heading the last such.
    """
    root = page.root.find("body")
    root = page.root if root is None else root
    held = _long_text_lengths(root)
    around = heading.iterancestors() if heading is not None else root.iter(*_HOLDERS)
    for element in around:
        share = held.get(element, 0) / (held.get(root) or 1)
        if share >= _MOST or (share >= _HALF and element.tag in _HOLDERS):
            return element
    return root


def _long_text_lengths(root: Element) -> dict[Element, int]:
    """How many characters of long lines each element holds; links are titles of other articles."""
    held: dict[Element, int] = {}
    for node in islice((node for node in root.iter(*BLOCKS) if len(own_text(node)) >= _LONG), _WEIGHED):
        length = len(own_text(node)) if related.link_share(node) < _HALF else 0
        for element in (node, *node.iterancestors()):
            held[element] = held.get(element, 0) + length
    return held


def _index_behind(blocks: list[Element], heading: Element | None) -> int:
    """Which block is the first behind the heading, or the one in which it stands beside others."""
    if heading is None:
        return 0
    around = {heading, *heading.iterancestors()}
    place = max((number for number, node in enumerate(blocks) if node in around), default=0)
    return place + 1 if blocks and blocks[place] is heading else place


def _find_lead(scope: Element, heading: Element | None) -> str | None:
    """A paragraph that is set as the lead: by its name, or by being bold as a whole; before the text has begun."""
    title = fold_to_words(text_of(heading)) if heading is not None else ""
    begun = 0
    for node in scope.iter("p", "div", "h2", "h3", "strong"):
        words = text_of(node) if node is not heading else ""
        if begun > 1:
            return None
        begun += node.tag == "p" and len(words) > _BEGUN
        if not 40 <= len(words) <= 1000 or (title and title in fold_to_words(words)):
            continue
        named = node.tag != "strong" and is_named(node, _LEAD) and len(node.findall(".//p")) < 3
        parent = node.getparent()
        if (named and not stands_aside(node, scope)) or (
            node.tag == "strong" and text_of(parent) == words and _is_first(parent)
        ):
            return words
    return None


def _is_first(node: Element) -> bool:
    return not any(len(own_text(before)) > 80 for before in node.itersiblings("p", preceding=True))


def _markup(read: str, stated: str | None, lead: str | None) -> str:
    """The text that the page shows, else the one in its data; with the lead, which may stand outside of it."""
    words = text.words_of_markup(read)
    if stated and len(words) < 0.5 * len(stated):
        return text.markup_of_lines(stated)
    if lead and words and fold_to_words(lead) not in fold_to_words(words):
        return f"{text.markup_of_lines(lead)}\n{read}"
    return read


def _summary(written: tuple[str | None, ...], title: str | None, words: str) -> str | None:
    """The first that is a summary: not the title, not the whole text, and not its beginning cut off."""
    whole = fold_to_words(fold(words))
    for one in written:
        said = fold_to_words(fold(one or ""))
        if one is None or len(one) < 25 or said in {fold_to_words(fold(title or "")), whole}:
            continue
        start = fold_to_words(without_mark(one))
        if whole.startswith(start[:60]) and (ends_as_beginning(one) or not _ENDS.search(one)):
            continue
        return one
    return None


def _find_home(page: Page, data: Claims, head: Claims) -> tuple[RawLink, ...]:
    """Where the article is at home, if that is on the same site and no front page; else where it was read."""
    for written in (head.url, data.url):
        url = resolve_reference(written, page.base)
        if url and path_of(url) and same_site(url, page.location):
            return (RawLink(href=url),)
    return (RawLink(href=page.location),) if page.location else ()


def _sources(data: Claims) -> tuple[RawLink, ...]:
    return tuple(RawLink(href=url, rel="via") for url in data.sources if resolve_reference(url, None))[:1]


def _categories(data: Claims, head: Claims, section: str | None) -> tuple[Category, ...]:
    sections = data.sections or head.sections or ((section,) if section else ())
    keywords = [word for word in (data.keywords or head.keywords) if len(word) <= 40][:MAX_KEYWORDS]
    return tuple(Category(term=term) for term in dict.fromkeys((*sections[:MAX_KEYWORDS], *keywords)))
