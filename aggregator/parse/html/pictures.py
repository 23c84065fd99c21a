"""The lead picture of an article, with what is written under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from aggregator.parse.html.tree import Element, is_named, text_of
from aggregator.parse.plain import to_plain_text
from aggregator.text.urls import MAX_URL

_SOURCES: Final = ("data-src", "data-original", "data-lazy-src", "data-orig-file", "src")
_NO_PICTURE = re.compile(
    r"logo|icon|avatar|gravatar|sprite|spacer|pixel|placeholder|blank\.gif|emoji|badge|share|social"
)
_CAPTION = re.compile(r"caption|bildunterschrift|legende|image-?text|img-?desc|pic-?desc|didascalia|подпись")
_ASIDE = re.compile(r"related|recommend|sidebar|author|comment|share|social|teaser|promo|newsletter|advert")
_NUMBER = re.compile(r"\s*(\d{1,5})")
_SMALL: Final = 100
"""Pixels; below, it is an ornament."""
_MOST: Final = 60
_LONG: Final = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture on the page.

    Attributes:
        source: Its address, as written.
        caption: What is written under it, one line.
        holder: The element that holds both, and nothing else.
    """

    source: str
    caption: str | None
    holder: Element


def find_lead_picture(scope: Element) -> Picture | None:
    """The first real picture before the text has really begun."""
    for number, node in enumerate(scope.iter("img", "p")):
        if number > _MOST or (node.tag == "p" and len(text_of(node)) > _LONG and _has_begun(node)):
            return None
        source = source_of(node) if node.tag == "img" else None
        if source and not is_ornament(node, source) and not _stands_aside(node, scope):
            holder = _holder(node, scope)
            return Picture(source=source, caption=_caption(holder), holder=holder)
    return None


def source_of(image: Element) -> str | None:
    """The real address of a picture, as written; lazy ones keep it where scripts find it."""
    written = (str(image.get(name) or "").strip() for name in _SOURCES)
    return next(
        (source for source in written if 0 < len(source) <= MAX_URL and not source.startswith("data:")), None
    )


def is_generic(source: str) -> bool:
    """Whether an address is that of a site's logo, which some sites give every article as its picture."""
    return bool(_NO_PICTURE.search(source.lower().rsplit("/", 1)[-1]))


def _has_begun(paragraph: Element) -> bool:
    """Whether this is the second long paragraph: a lead may stand above the picture."""
    before = [node for node in paragraph.itersiblings("p", preceding=True) if len(text_of(node)) > _LONG]
    return bool(before)


def _holder(image: Element, scope: Element) -> Element:
    """The outermost element around a picture that holds no more than it and its caption."""
    holder = image
    for ancestor in takewhile(lambda one: one is not scope, image.iterancestors()):
        caption = _caption(ancestor) or ""
        beside = len(text_of(ancestor)) > len(caption) + 80 or len(ancestor.findall(".//p")) > 2
        if beside or ancestor.tag in {"article", "main", "tr", "table"}:
            break
        holder = ancestor
    return holder


def _caption(holder: Element) -> str | None:
    for node in holder.iter():
        if node.tag == "figcaption" or (node is not holder and node.tag != "img" and is_named(node, _CAPTION)):
            return to_plain_text(text_of(node))
    return None


def is_ornament(image: Element, source: str) -> bool:
    """Whether a picture is a logo, an icon, or too small to be an article's."""
    sizes = [int(match[1]) for name in ("width", "height") if (match := _NUMBER.match(image.get(name) or ""))]
    return is_generic(source) or (bool(sizes) and min(sizes) < _SMALL) or is_named(image, _NO_PICTURE)


def _stands_aside(image: Element, scope: Element) -> bool:
    around = takewhile(lambda one: one is not scope, image.iterancestors())
    return any(one.tag in {"aside", "nav", "footer"} or is_named(one, _ASIDE) for one in around)
