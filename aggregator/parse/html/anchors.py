"""Which links of a page lead to articles.

A link is an article's when enough speaks for it: it is a heading or in one, it is long, its address looks like
an article's, a date stands beside it, others of the same shape stand beside it. Menus, footers, side bars, other
sites, and addresses that are those of lists (tags, categories, authors, pages) are out from the start.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from aggregator.parse.html.dateline import dates_in
from aggregator.parse.html.related import is_continuation
from aggregator.parse.html.tree import Element, Page, names_of, text_of
from aggregator.text.sites import path_of, same_site
from aggregator.text.urls import MAX_URL, resolve_reference

MAX_ANCHORS: Final = 3000
MAX_TITLE: Final = 300
_ENOUGH: Final = 5
_BESIDE: Final = 400
"""Characters of an element that is about one link."""
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ASIDE_TAGS: Final = frozenset({"nav", "footer", "aside", "form", "menu"})
_WHOLE: Final = frozenset({"html", "body", "article", "main"})
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|footer|foot|sidebar|side-?bar|breadcrumbs?|pagination|pager|paging|share|social"
    r"|tags?|tagcloud|categories|archives?-?list|comments?|cookie|consent|advert(?:isement)?|ads?|sponsor(?:ed)?|newsletter"
    r"|login|most-?read|popular|trending|related|blogroll|languages?|skip-?link|search|navigation|contentinfo|complementary"
    r"|banner|banner-?ads?)(?:$|[\s_-])"
)
_HEADER = re.compile(r"(?:^|[\s_-])(?:site-?header|masthead|top-?bar|site-?branding|logo)(?:$|[\s_-])")
_LIST_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies|ia|ie)|kategorien?|rubriques?|authors?|autor(?:en)?|auteurs?|topics?|labels?|sections?|page"
    r"|seite|search|suche|login|signin|register|account|user|profile|wp-admin|wp-login\.php|about|contact|kontakt"
    r"|impressum|datenschutz|privacy|terms|imprint|feed|rss|sitemap|cart|subscribe|abo|newsletter|share|archives?)"
    r"(?:/[^/]*){0,2}/?$|/\d{4}(?:/\d{1,2}){0,2}/?$|/$",
    re.IGNORECASE,
)
_LIST_QUERY = re.compile(
    r"[?&](?:cat|tag|author|paged?|s|q|replytocom|share|sort|order|seite|start|offset)=", re.IGNORECASE
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|docx?|xlsx?|mp[34]|xml|rss|atom|css|js|ics)$", re.IGNORECASE
)
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?\d{1,2}(?:[/-]?\d{1,2})?(?:/|-|$)|/20\d\d/|/1[34]\d\d/\d{1,2}/")
_SLUG = re.compile(r"[-_][^/_-]++[-_][^/_-]")
_NUMBERED = re.compile(r"\d{3,}[^/]*$|[?&](?:id|p|news_?id|article|nid|aid|story)=\d+", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A link that may lead to an article.

    Attributes:
        element: The `a`.
        href: As written.
        url: Absolute, without its fragment.
        text: Its words, else the description of its picture.
        headed: Whether it is a heading, or in one.
    """

    element: Element
    href: str
    url: str
    text: str
    headed: bool


def anchors_on(page: Page) -> list[Anchor]:
    """The links of a page that could be articles' by their address, in document order."""
    found = []
    own = page.location.partition("#")[0]
    for element in islice(page.root.iter("a"), MAX_ANCHORS):
        anchor = anchor_of(element, page.base)
        if anchor is not None and anchor.url != own and _could_be(anchor, page) and not _stands_aside(element):
            found.append(anchor)
    return found


def anchor_of(element: Element, base: str) -> Anchor | None:
    """The link that an `a` element with a web address is; None for others."""
    href = str(element.get("href") or "").strip()
    url = resolve_reference(href, base) if 0 < len(href) <= MAX_URL and not href.startswith("#") else None
    if url is None:
        return None
    headed = any(node.tag in _HEADINGS for node in element.iter())
    headed = headed or any(node.tag in _HEADINGS for node in list(element.iterancestors())[:3])
    return Anchor(element=element, href=href, url=url.partition("#")[0], text=_words_of(element), headed=headed)


def _words_of(element: Element) -> str:
    """What a link says: the heading within it, its words, else its label or the description of its picture."""
    heading = next((text_of(node) for node in element.iter(*_HEADINGS)), "")
    words = heading or text_of(element)
    if words:
        return words[:MAX_TITLE]
    pictured = (image.get("alt") or "" for image in element.iter("img"))
    return next(
        (" ".join(text.split())[:MAX_TITLE] for text in (element.get("title") or "", *pictured) if text.strip()),
        "",
    )


def likely_articles(anchors: list[Anchor], page: Page) -> list[Anchor]:
    """Of some links those that lead to articles: enough speaks for each."""
    shapes = Counter(_shape(anchor.element) for anchor in anchors if not is_continuation(anchor.text))
    depth = path_of(page.location).count("/")
    return [anchor for anchor in anchors if _weight(anchor, shapes, depth) >= _ENOUGH]


def _could_be(anchor: Anchor, page: Page) -> bool:
    if page.location and not same_site(anchor.url, page.location):
        return False
    path, _, query = anchor.url.partition("?")
    if _LIST_QUERY.search(f"?{query}") or _FILE.search(path):
        return False
    return bool(path_of(anchor.url) or query) and (bool(query) or not _LIST_PATH.search(_whole_path(path)))


def _whole_path(url: str) -> str:
    """The path with a slash before it and none behind, so that `/news/` is a page and not a folder."""
    return path_of(url) or "/"


def _stands_aside(element: Element) -> bool:
    around = takewhile(lambda one: one.tag not in _WHOLE, (element, *element.iterancestors()))
    names = ((one, names_of(one)) for one in around)
    return any(one.tag in _ASIDE_TAGS or _ASIDE.search(name) or _HEADER.search(name) for one, name in names)


def _weight(anchor: Anchor, shapes: Counter[str], depth: int) -> int:
    text = anchor.text
    length = len(text) + len(_DENSE.findall(text))  # their signs say twice as much
    if is_continuation(text) or length < 8:
        return 0
    weight = 3 if anchor.headed else 0
    weight += 2 if any(ancestor.tag == "article" for ancestor in anchor.element.iterancestors()) else 0
    weight += 2 if length >= 28 else int(length >= 16)
    weight += _address_weight(anchor.url, depth) + int(_is_dated(anchor.element))
    return weight + (1 if shapes[_shape(anchor.element)] >= 3 else 0)


def _is_dated(element: Element) -> bool:
    """Whether a date stands beside it, as beside the articles of most lists."""
    around = [text_of(ancestor) for ancestor in list(element.iterancestors())[:2]]
    return any(len(text) <= _BESIDE and dates_in(text) for text in around)


def _address_weight(url: str, depth: int) -> int:
    path = path_of(url)
    weight = 2 if _DATED.search(path) or _NUMBERED.search(url) or _SLUG.search(path.rpartition("/")[2]) else 0
    return weight + int(path.count("/") > depth or bool(_PAGE.search(path)))


def _shape(element: Element) -> str:
    """Tags and classes of a link and what is around it; articles of one list have the same."""
    around = [element, *list(element.iterancestors())[:3]]
    return ">".join(f"{node.tag}.{(node.get('class') or '')[:60]}" for node in around)
