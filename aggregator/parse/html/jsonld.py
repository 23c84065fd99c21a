"""schema.org's articles in JSON-LD -> claims.

Tolerant of what sites really write: several scripts, `@graph`, lists, references by `@id`, types as lists or as
addresses, comments, CDATA marks, trailing commas, control characters, and markup where text should stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from aggregator.model import Person
from aggregator.parse.html.page_claims import Claims
from aggregator.parse.limits import MAX_AUTHORS, MAX_CATEGORIES, MAX_DATE, MAX_MARKUP
from aggregator.parse.plain import to_plain_text
from aggregator.text.characters import fold_to_words
from aggregator.text.references import unescape

MAX_NODES: Final = 2000
ARTICLES: Final = frozenset({
    "advertisercontentarticle", "analysisnewsarticle", "article", "askpublicnewsarticle", "backgroundnewsarticle",
    "blogposting", "discussionforumposting", "liveblogposting", "newsarticle", "opinionnewsarticle", "report",
    "reportagenewsarticle", "reviewnewsarticle", "satiricalarticle", "scholarlyarticle", "socialmediaposting",
    "techarticle",
})  # fmt: skip
_PAGES: Final = frozenset({"webpage", "itempage"})
_GROUPS: Final = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "item")

_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|"
                       r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$")  # fmt: skip
_STRING_OR_COMMENT = re.compile(  # possessive, and closed by the end too: never tries a place twice
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*|,(?=\s*+[}\]])', re.DOTALL
)

Node = dict[str, Any]


def jsonld_nodes(scripts: Iterable[str]) -> list[Node]:
    """All things that the scripts describe at their outermost, at most 2,000; those of broken scripts are lost."""
    found: list[Node] = []
    waiting: list[Any] = [value for script in scripts if (value := _value(script)) is not None]
    while waiting and len(found) < MAX_NODES:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:MAX_NODES]
        elif isinstance(value, dict):
            found.append(value)
            waiting[:0] = [value[name] for name in _GROUPS if isinstance(value.get(name), (dict, list))]
    return found


def jsonld_claims(described: list[Node], *, addresses: Iterable[str], titles: Iterable[str]) -> Claims:
    """What the page says about its own article.

    In: the things described; the page's addresses and titles, by which its article is told from teasers.
    Out: claims; of a mere WebPage, or of the one dated thing that is no article, only the dates and the language.
    """
    known = {name: node for node in described if isinstance(name := node.get("@id"), str) and len(node) > 1}
    node = _find_own_article(
        described, frozenset(map(_key, addresses)), [fold_to_words(title) for title in titles if title]
    )
    if node is not None:
        return _article(node, known)
    dated = [node for node in described if node.get("datePublished")]
    page = next((node for node in dated if _types(node) & _PAGES), dated[0] if len(dated) == 1 else None)
    if page is None:
        return Claims()
    return Claims(
        published=_date(page.get("datePublished")),
        updated=_date(page.get("dateModified")),
        language=_text(page.get("inLanguage")),
    )


def listed_articles(described: list[Node]) -> Iterator[tuple[str, str | None, str | None]]:
    """Address, headline and date of each article that a list page describes."""
    for node in described:
        entries = node.get("itemListElement") or node.get("blogPost") or ()
        for entry in [node, *_as_nodes(entries)]:
            item = entry["item"] if isinstance(entry.get("item"), dict) else entry
            url = _address(item)
            if url and (_types(item) & ARTICLES or (_types(entry) & {"listitem"} and not _types(node) & _TRAILS)):
                yield url, _text(item.get("headline")) or _text(item.get("name")), _date(item.get("datePublished"))


_TRAILS: Final = frozenset({"breadcrumblist"})


def _find_own_article(described: list[Node], addresses: frozenset[str], titles: list[str]) -> Node | None:
    articles = [node for node in described if _types(node) & ARTICLES]
    if len(articles) == 1:
        return articles[0]
    for node in articles:
        if _key(_address(node) or "") in addresses - {""}:
            return node
    for node in articles:
        headline = fold_to_words(_text(node.get("headline")) or _text(node.get("name")) or "")
        if headline and any(headline in title or title in headline for title in titles):
            return node
    return None


def _article(node: Node, known: dict[str, Node]) -> Claims:
    authors, agencies = _authors(node, known)
    publisher = [_text(thing.get("name")) for thing in _things(node.get("publisher"), known)]
    image = next(_things(node.get("image"), known), None) or {}
    return Claims(
        title=_text(node.get("headline")) or _text(node.get("name")),
        published=_date(node.get("datePublished")) or _date(node.get("dateCreated")),
        updated=_date(node.get("dateModified")),
        authors=authors,
        agencies=(*agencies, *(name for name in publisher if name)),
        sections=_terms(node.get("articleSection")),
        keywords=_terms(node.get("keywords")),
        image=_line(image.get("url")) or _line(image.get("contentUrl")) or _line(image.get("name")),
        caption=_text(image.get("caption")),
        summary=_text(node.get("description")),
        language=_text(node.get("inLanguage")),
        url=_address(node),
        body=_body(node.get("articleBody")),
        sources=tuple(url for thing in _things(node.get("isBasedOn"), known) if (url := _source(thing))),
    )


def _authors(node: Node, known: dict[str, Node]) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    people, agencies = [], []
    for thing in _things(node.get("author") or node.get("creator"), known):
        for name in (
            _terms(thing.get("name"))[:5] if isinstance(thing.get("name"), list) else [_text(thing.get("name"))]
        ):
            if name and any("organization" in kind for kind in _types(thing)):
                agencies.append(name)
            elif name:
                people.append(Person(name=name, uri=_line(thing.get("url")), email=_line(thing.get("email"))))
    return tuple(people[:MAX_AUTHORS]), tuple(agencies[:MAX_AUTHORS])


def _value(script: str) -> Any:
    """A script's JSON, mended if need be; None when it is beyond that."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", script)).strip().rstrip(";")
    for attempt in (str, _without_comments, unescape):
        try:
            return json.JSONDecoder(strict=False, parse_int=_number).raw_decode(attempt(text).lstrip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _number(digits: str) -> int | None:
    """Python refuses to read thousands of digits, which must not cost the rest of the script."""
    return int(digits) if len(digits) < 20 else None


def _without_comments(text: str) -> str:
    return _STRING_OR_COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else "", text)


def _types(node: Node) -> set[str]:
    written = node.get("@type")
    names = written if isinstance(written, list) else [written]
    return {re.split("[/#:]", name)[-1].lower() for name in names[:10] if isinstance(name, str)}


def _things(value: Any, known: dict[str, Node]) -> Iterator[Node]:
    """What stands in a field, each as a thing: strings are names, references are looked up."""
    for one in _as_nodes(value, strings=True):
        reference = one.get("@id")
        yield known.get(reference, one) if isinstance(reference, str) and len(one) <= 2 else one


def _as_nodes(value: Any, *, strings: bool = False) -> list[Node]:
    values = value if isinstance(value, (list, tuple)) else [value]
    found = [{"name": one} if strings and isinstance(one, str) else one for one in values[:200]]
    return [one for one in found if isinstance(one, dict)]


def _source(thing: Node) -> str | None:
    return _line(thing.get("url")) or _line(thing.get("@id")) or _line(thing.get("name"))


def _address(node: Node) -> str | None:
    page = node.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    return _line(node.get("url")) or _line(page) or _line(node.get("@id"))


def _text(value: Any) -> str | None:
    """One plain line; of several the first, of numbers none."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return to_plain_text(value) if isinstance(value, str) else None


def _line(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip() or None if isinstance(value, str) else None


def _date(value: Any) -> str | None:
    written = _text(value)
    return written[:MAX_DATE] if written else None


def _terms(value: Any) -> tuple[str, ...]:
    """Names of categories, from a list or from one string with commas."""
    values = value if isinstance(value, list) else str(value).split(",") if isinstance(value, str) else [value]
    return tuple(term for one in values[:MAX_CATEGORIES] if (term := _text(one)))


def _body(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = unescape(re.sub(r"</?[A-Za-z][^<>]{0,300}>", "\n", value[:MAX_MARKUP]))
    return text.strip() or None


def _key(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url.partition("#")[0].partition("?")[0]).rstrip("/")
