"""OPML -> the feeds that it lists. Trusts nothing: such files come from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from aggregator.catalogue import typed_urls
from aggregator.catalogue.naming import new_id, show
from aggregator.catalogue.subscriptions import ListedFeed
from aggregator.errors import EditError
from aggregator.text.characters import to_normal_form

MAX_BYTES = 5_000_000
"""Some tens of thousands of feeds."""

MAX_DEPTH = 32
"""Of groups in groups; readers write two or three."""

_LONGEST_TAG = 40
_OF_FEEDS = frozenset({"", "rss", "atom"})
"""Of an outline that calls itself so, a mere `url` is the feed's: some readers know no `xmlUrl`."""
_MEANT_FOR_A_SOURCE = frozenset({"rss", "atom", "link"})
_PAGE = re.compile(rb"\s*+(?:\xef\xbb\xbf\s*+)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_OF_A_LIST = re.compile(r"\.opml(?:$|[?#])", re.IGNORECASE)


def parse_opml(content: bytes) -> tuple[ListedFeed, ...]:
    """Read OPML 1.0 or 2.0.

    Args:
        content: The file's bytes.

    Returns:
        Its feeds in order; repeats are kept, outlines that are commented out (`isComment`) are not. Of what is
        there in the place of a feed, such as another list or a page, it is said what that is.

    Raises:
        EditError: It is not OPML, has a document type, or is larger or deeper than any honest list.
    """
    if len(content) > MAX_BYTES:
        raise EditError(f"The OPML file is larger than {MAX_BYTES // 1_000_000} MB; split it.")
    if _PAGE.match(content):
        raise EditError("This is a web page, and no list of feeds (OPML).")
    root = _parse(content)
    if _name(root) != "opml":
        raise EditError(f"This is not OPML: its first element is <{_name(root)[:40]}>, not <opml>.")
    return tuple(outline for body in root if _name(body) == "body" for outline in _outlines(body, (), 0))


def _parse(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise EditError(f"The OPML file is not well-formed XML{line}; export it again.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        # Attributes are expanded whatever the parser is told, so a document type is refused as a whole.
        raise EditError("The OPML file has a document type (<!DOCTYPE …>); remove it.")
    return root


def _outlines(parent: Any, groups: tuple[str, ...], depth: int) -> Iterator[ListedFeed]:
    for element in parent:
        if _name(element) != "outline":
            continue
        if depth > MAX_DEPTH:
            raise EditError(f"The OPML file nests its outlines deeper than {MAX_DEPTH}; export it again, flatter.")
        # Exports differ in the case of the names.
        attributes = {name.lower(): " ".join(value.split()) for name, value in element.attrib.items()}
        if attributes.get("iscomment") == "true":
            continue
        found = _read_outline(element, attributes, groups)
        if found is not None:
            yield found
        title = attributes.get("title") or attributes.get("text") or ""
        inner = groups if found is not None else (*groups, *filter(None, [tag_of(title)]))
        yield from _outlines(element, inner, depth + 1)


def _read_outline(element: Any, attributes: Mapping[str, str], groups: tuple[str, ...]) -> ListedFeed | None:
    """The feed, or what stands in the place of one; None for a group."""
    kind, title = attributes.get("type", "").lower(), attributes.get("title", "")
    further = attributes.get("url", "")
    is_list = kind == "include" or (kind != "rss" and _OF_A_LIST.search(further) is not None)
    address = attributes.get("xmlurl") or (further if kind in _OF_FEEDS and not is_list else "")
    page = attributes.get("htmlurl") or further
    fault = ""
    if not address:
        if is_list:
            fault = _offer_to_follow(further, title or attributes.get("text", ""))
        elif any(_name(inner) == "outline" for inner in element):  # some readers call groups of feeds so, too
            return None
        elif page:
            fault = f"no feed is named, only a page; `aggregator add {show(page)}` looks for its feed"
        elif kind not in _MEANT_FOR_A_SOURCE:
            return None
    return ListedFeed(
        url=typed_urls.without_reader(address),
        title=title or attributes.get("text", ""),
        tags=tuple(dict.fromkeys((*groups, *_categories(attributes.get("category", ""))))),
        titled=bool(title),
        fault=fault,
    )


def _offer_to_follow(url: str, title: str) -> str:
    if typed_urls.complaint(url) is not None:
        return "it takes in another list; import that by itself, or write its full address under `lists:`"
    return (
        f"it takes in another list; to follow that, write `{new_id(url, title, ())}: {show(url)}` under `lists:`"
    )


def _categories(value: str) -> Iterator[str]:
    """OPML 2.0: separated by commas, each a path with slashes."""
    for part in re.split(r"[,/]", value):
        if tag := tag_of(part):
            yield tag


def tag_of(text: str) -> str:
    """Letters and digits of any script in lower case, all else a hyphen."""
    folded = to_normal_form(text, "NFKC").casefold()
    return re.sub(r"[\W_]+", "-", folded)[:_LONGEST_TAG].strip("-")


def _name(element: Any) -> str:
    """The local name in lower case; empty for comments and processing instructions."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
