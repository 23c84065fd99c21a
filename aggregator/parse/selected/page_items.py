"""A page or XML that is no feed -> its entries, by XPath or CSS."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from aggregator.model import Failed, FeedMeta, FieldSelectors, ParsedFeed
from aggregator.parse.charsets.decode import decode
from aggregator.parse.html import pictures
from aggregator.parse.html.tree import MAX_TEXT, Element, read_page
from aggregator.parse.limits import MAX_ENTRIES
from aggregator.parse.selected.found_fields import FoundText, SelectedNodes, make_feed, no_document, no_items
from aggregator.parse.xml.prolog import FEED_ROOTS, find_root
from aggregator.patterns.selectors import SelectorError, compile_xpath
from aggregator.text.characters import strip_non_xml

VERSION: Final = "xpath"
_ADDRESSES: Final = ("href", "src")
_DATES: Final = ("datetime", "content")
_SHOWN: Final = 6
_PLAIN: Final = frozenset("a b br em hr i img input label option p path span strong td".split())  # noqa: SIM905 # reads as the list
"""Elements that are rarely items, unless they have a class."""
_DECLARATION = re.compile(r"^<\?xml[^>]{0,200}\?>")


def read_selected_page(
    body: bytes, *, select: FieldSelectors, content_type: str, location: str
) -> ParsedFeed | Failed:
    """Read a page, or XML, by selectors.

    In: its bytes; where its entries and their fields are; the Content-Type field's value, a hint at the encoding;
    where it came from after redirects.
    Out: an entry for each item; Failed, with what the document has instead, where the selectors find nothing.
    Elements of XML in its default namespace have no prefix here, all others that of the document. Does not raise,
    whatever the bytes are.
    """
    finder = _read_xml(body, content_type, location) or _read_html(body, content_type, location)
    if isinstance(finder, Failed):
        return finder
    found, trouble = finder.evaluate(finder.root, select.item)
    if not found:
        reason = f" ({trouble})" if trouble else ""
        nothing = f"{finder.name} on which `select.item: {select.item[:80]}` finds nothing{reason}"
        return no_items(f"{nothing}; it has {_tell(finder.root)}")
    items = SelectedNodes(all=found[:MAX_ENTRIES], whole=len(found) <= MAX_ENTRIES)
    return make_feed(items, finder, select, finder.meta)


def _read_html(body: bytes, content_type: str, location: str) -> _ElementFinder | Failed:
    page = read_page(body, content_type=content_type, location=location)
    if isinstance(page, Failed):
        return page
    meta = FeedMeta(
        title=page.meta("og:site_name") or page.title or page.meta("og:title"),
        link=page.location or None,
        language=page.language,
        version=VERSION,
    )
    name = f"a page titled “{page.title[:80]}”" if page.title else "a page"
    return _ElementFinder(root=page.root, base=page.base or None, language=page.language, meta=meta, name=name)


def _read_xml(body: bytes, content_type: str, location: str) -> _ElementFinder | Failed | None:
    """XML that is neither a page nor a feed; None for what is none, and what is so broken that nothing is left."""
    text = strip_non_xml(decode(body[: 4 * MAX_TEXT], content_type).text).lstrip("\ufeff \t\r\n")
    root = find_root(text)
    if not text.startswith("<?xml") or root is None or root.name in {"html", "body"}:
        return None
    if root.name in FEED_ROOTS:
        return no_document("page", "a feed; write `url:` instead of `xpath:` in feeds.yaml")
    tree = _parse_xml(_DECLARATION.sub("", text)[:MAX_TEXT])
    if tree is None:
        return None
    return _ElementFinder(
        root=tree, base=location or None, language=None, meta=FeedMeta(version=VERSION), name="XML", is_html=False
    )


def _parse_xml(text: str) -> Element | None:
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode(), parser)  # raises for an empty text only
    for node in root.iter() if root is not None else ():
        local = node.tag.rpartition("}")[2] if node.prefix is None and isinstance(node.tag, str) else ""
        if local and ":" not in local:
            node.tag = local  # a default namespace has no name by which XPath could ask
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class _ElementFinder:
    """Looks for fields in elements.

    Attributes:
        root: The document's.
        base: What its references are relative to.
        language: Its language.
        meta: What it says of itself.
        name: What it is, for messages.
        is_html: Whether the markup of an element is a text's.
    """

    root: Element
    base: str | None
    language: str | None
    meta: FeedMeta
    name: str
    is_html: bool = True

    def evaluate(self, node: Any, selector: str) -> tuple[list[Any], str]:
        """What a selector finds, elements, attributes, texts or one value; and why it could not look."""
        from lxml import etree

        prefixes = {prefix: uri for prefix, uri in self.root.nsmap.items() if prefix}
        try:
            if not hasattr(node, "iter"):
                return ([node] if selector == "." else []), ""
            if prefixes:
                found = node.xpath(compile_xpath(selector).path, namespaces=prefixes, smart_strings=False)
            else:
                found = compile_xpath(selector)(node)
        except (etree.XPathError, SelectorError) as error:
            return [], " ".join(str(error).lower().split())[:120]
        return (found, "") if isinstance(found, list) else ([found], "")

    def find(self, item: Any, name: str, selector: str) -> tuple[FoundText, ...]:
        """What the selector finds, each as the text of the field of that name."""
        found, _ = self.evaluate(item, selector)
        made = (self._piece(one, name) for one in found)
        return tuple(one for one in made if one.text)

    def describe(self, item: Any) -> str:
        """The elements in an item."""
        return _tell(item) if hasattr(item, "iter") else ""

    def _piece(self, found: Any, name: str) -> FoundText:
        if not hasattr(found, "iter"):
            return FoundText(text="" if isinstance(found, bool) else _number(found).strip())
        if name in {"content", "summary"} and (self.is_html or len(found)):
            return FoundText(text=_inner(found).strip(), type="html")
        told = _attribute_of(found, name)
        return FoundText(text=told or _words(found), type="text" if self.is_html else "guess")


def _number(found: Any) -> str:
    return f"{found:.15g}" if isinstance(found, float) else str(found)


def _attribute_of(element: Element, name: str) -> str:
    """What an element means for a field, where it is not its text: the address it leads to, the date behind it."""
    if name == "image":
        picture = next(element.iter("img"), None)
        return (pictures.source_of(picture) or "") if picture is not None else _value(element, _ADDRESSES)
    if name == "link":
        around = next(element.iterancestors("a"), None)
        anchors = (element, *element.iter("a"), *(() if around is None else (around,)))
        return next((address for one in anchors if (address := _value(one, _ADDRESSES))), "")
    if name in {"published", "updated"}:
        return next((date for one in (element, *element.iter("time")) if (date := _value(one, _DATES))), "")
    return ""


def _value(element: Element, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := str(element.get(name) or "").strip())), "")


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _inner(element: Element) -> str:
    """The markup within an element."""
    from lxml import etree

    parts = [escape(element.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts)


def _tell(element: Element) -> str:
    """The elements within one that may be what was meant: those that there are most of."""
    names = Counter(_name(node) for node in element.iterdescendants() if isinstance(node.tag, str))
    told = [f"{count} × <{name}>" for name, count in names.most_common() if name not in _PLAIN][:_SHOWN]
    return ", ".join(told) or "no elements"


def _name(node: Element) -> str:
    """`article`, `div class=post`, `dc:date`."""
    kind = str(node.get("class") or "").split()[:1]
    local = node.tag.rpartition("}")[2]
    named = f"{node.prefix}:{local}" if node.prefix else local
    return f"{named} class={kind[0][:40]}" if kind else named
