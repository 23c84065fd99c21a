"""OPML -> the feeds that it lists. Trusts nothing: such files come from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from aggregator.catalogue.subscriptions import ListedFeed
from aggregator.errors import EditError
from aggregator.text.characters import to_normal_form

MAX_BYTES = 5_000_000
"""Some tens of thousands of feeds."""

MAX_DEPTH = 32
"""Of groups in groups; readers write two or three."""

_LONGEST_TAG = 40


def parse_opml(content: bytes) -> tuple[ListedFeed, ...]:
    """Read OPML 1.0 or 2.0.

    Args:
        content: The file's bytes.

    Returns:
        Its feeds in order; repeats are kept, outlines that are commented out (`isComment`) are not.

    Raises:
        EditError: It is not OPML, has a document type, or is larger or deeper than any honest list.
    """
    if len(content) > MAX_BYTES:
        raise EditError(f"The OPML file is larger than {MAX_BYTES // 1_000_000} MB; split it.")
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
        title = attributes.get("title") or attributes.get("text") or ""
        is_feed = bool(attributes.get("xmlurl")) or _lacks_its_address(element, attributes)
        if is_feed:
            tags = dict.fromkeys((*groups, *_categories(attributes.get("category", ""))))
            titled = bool(attributes.get("title"))
            yield ListedFeed(url=attributes.get("xmlurl", ""), title=title, tags=tuple(tags), titled=titled)
        inner = groups if is_feed else (*groups, *filter(None, [tag_of(title)]))
        yield from _outlines(element, inner, depth + 1)


def _lacks_its_address(element: Any, attributes: Mapping[str, str]) -> bool:
    """Whether an outline without an address is meant for a source: some readers call groups of feeds so, too."""
    calls_itself_one = attributes.get("type", "").lower() in {"rss", "atom", "link"}
    return calls_itself_one and not any(_name(inner) == "outline" for inner in element)


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
