"""The list of sources as OPML 2.0: http://opml.org/spec2.opml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from lxml import etree

from aggregator.model import Origin, Site
from aggregator.publish import parts, sanitize


def write_opml(site: Site, origins: Sequence[Origin]) -> bytes:
    """The sources, grouped by tag, for any reader to subscribe to.

    A source stands once, under its first tag, so that no reader subscribes to it twice; `category` names all
    its tags. Addresses appear as the editor wrote them, so secrets stay placeholders. A page without a feed is
    a `link`; a file, which nobody else could read, is listed as a link to its site or not at all.
    """
    document = etree.Element("opml", version="2.0")
    head = etree.SubElement(document, "head")
    etree.SubElement(head, "title").text = sanitize.line(site.title)
    body = etree.SubElement(document, "body")
    groups: dict[str, Any] = {}
    for origin in origins:
        attributes = _outline(origin)
        if not attributes:
            continue
        tag = sanitize.line(origin.source.tags[0]) if origin.source.tags else ""
        if tag and tag not in groups:
            groups[tag] = etree.SubElement(body, "outline", text=tag)
        etree.SubElement(groups.get(tag, body), "outline", attributes)
    written: bytes = etree.tostring(document, pretty_print=True, encoding="UTF-8", xml_declaration=True)
    return written


def listed_as(origin: Origin) -> Literal["rss", "link"] | None:
    """What a source is in such a list: a feed, or the link to a site that has none; None where it is left out."""
    kind = _outline(origin).get("type")
    return "rss" if kind == "rss" else "link" if kind else None


def _outline(origin: Origin) -> dict[str, str]:
    """The attributes of a source's outline; empty when it has no address for others."""
    title = sanitize.line(origin.source.title or origin.meta.title or "")
    # Of one that was never read nobody knows the title: whoever imports it must not take its id for one.
    common = {"text": title or origin.source.id, **({"title": title} if title else {})}
    home = parts.home_url(origin)
    tags = ",".join(sanitize.line(tag) for tag in origin.source.tags)
    extra = {
        "htmlUrl": home,
        "language": sanitize.language(origin.meta.language),
        "category": tags,
    }
    more = {name: value for name, value in extra.items() if value}
    if origin.source.kind == "feed":
        return {"type": "rss", **common, "xmlUrl": sanitize.line(origin.source.url), **more}
    more.pop("htmlUrl", None)
    return {"type": "link", **common, "url": home, **more} if home else {}
