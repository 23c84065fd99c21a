"""Further reading: what hangs on a "Read more", and the credit that names where an article comes from."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from aggregator.model import RawLink
from aggregator.parse.html.page_words import CREDIT, FURTHER, ONWARD, alternatives_of
from aggregator.parse.html.tree import BLOCKS, Element, drop_element, is_named, own_text, text_of
from aggregator.parse.plain import to_plain_text
from aggregator.text.sites import site_of
from aggregator.text.urls import MAX_URL, resolve_reference

_LABEL = re.compile(rf"^[\W_]{{0,4}}(?:{alternatives_of(FURTHER)})(?![\w])[\s:：.…>»→\-–]*", re.IGNORECASE)
_BARE = re.compile(
    rf"^[\W_]{{0,4}}(?:{alternatives_of(FURTHER)}|{alternatives_of(ONWARD)})[\W_]{{0,4}}$", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|see-?also|read-?more|more-(?:stories|news|on)|similar)(?:$|[\s_-])"
)
_CREDIT = re.compile(rf"^(?:{alternatives_of(CREDIT)})\s*[:：]", re.IGNORECASE)
_ENDS_A_SENTENCE = re.compile(r"[.!?。！？۔؟…][\"'”’»)\]]*$")
_TITLE: Final = 200
"""Characters of a related title at most; what is longer is text."""
_MOST: Final = 10


def is_continuation(text: str) -> bool:
    """Whether the text of a link says no more than "go on"."""
    return bool(_BARE.match(text))


def take_related(scope: Element, own: str, base: str) -> tuple[RawLink, ...]:
    """Take the related links out of an article, each once, at most ten.

    In: the element that holds the article, which is changed; the page's own address and the base of its
    references. A line such as "Read more:" goes with what follows it as long as that is links or short titles;
    text behind that stays. Boxes that are named as related go whole.
    """
    found: dict[str, RawLink] = {}
    whole = len(text_of(scope))
    for node in list(scope.iter(*BLOCKS)):
        if not _within(node, scope):
            continue
        if is_named(node, _NAMED) and len(text_of(node)) < 0.4 * whole and not _holds_text(node):
            taken = [node]
        else:
            taken = _find_labelled(node, scope)
        for element in taken:
            for link in _links(element, own, base):
                found.setdefault(link.href, link)
            drop_element(element)
    return tuple(found.values())[:_MOST]


def find_credit(scope: Element, base: str, site: str) -> tuple[RawLink, ...]:
    """The address that a line such as "Source: ..." links to, on another site."""
    for node in scope.iter(*BLOCKS):
        if len(node) and _CREDIT.match(own_text(node)[:200]):
            for link in _links(node, "", base):
                if site_of(resolve_reference(link.href, base) or "") != site:
                    return (RawLink(href=link.href, rel="via", title=link.title),)
    return ()


def link_share(element: Element) -> float:
    """How much of an element's text stands in links: 0 to 1."""
    words = len(text_of(element))
    links = [element] if element.tag == "a" else element.iter("a")
    return sum(len(text_of(link)) for link in links) / words if words else 0.0


def _within(node: Element, scope: Element) -> bool:
    return node is not scope and any(ancestor is scope for ancestor in node.iterancestors())


def _holds_text(node: Element) -> bool:
    """Whether real paragraphs stand in it: then its name is about something else."""
    return sum(len(text_of(child)) > _TITLE and link_share(child) < 0.5 for child in node.iter("p")) > 1


def _find_labelled(node: Element, scope: Element) -> list[Element]:
    """What goes with a "Read more" line, the line included; nothing when it is none."""
    text = own_text(node)
    label = _LABEL.match(text[: 3 * _TITLE])
    if label is None:
        return []
    rest = text[label.end() :]
    if rest:
        inline = text_of(node)
        return [node] if link_share(node) * len(inline) > 0.8 * len(rest) and len(inline) < 3 * _TITLE else []
    if link_share(node) > 0.9:
        return [node]  # a link that leads on, no line above others
    top = _find_outermost(node, scope)
    following = []
    for sibling in top.itersiblings():
        if not _belongs(sibling):
            break
        following.append(sibling)
    inside = [] if text_of(top) == text else [child for child in top if child is not node]
    return [*inside, top, *following]


def _find_outermost(node: Element, scope: Element) -> Element:
    """The outermost element that holds the line and nothing else, or nothing but it and links."""
    top = node
    for ancestor in takewhile(lambda one: one is not scope, node.iterancestors()):
        rest = text_of(ancestor)[len(text_of(node)) :]
        if rest and (link_share(ancestor) < 0.7 or not text_of(ancestor).startswith(text_of(node))):
            break
        top = ancestor
    return top


def _belongs(element: Element) -> bool:
    text = text_of(element)
    if not text or link_share(element) >= 0.5:
        return True
    return len(text) <= _TITLE and not _ENDS_A_SENTENCE.search(text) and element.tag not in {"h1", "h2", "figure"}


def _links(element: Element, own: str, base: str) -> list[RawLink]:
    found = []
    for anchor in [element] if element.tag == "a" else element.iter("a"):
        href, title = str(anchor.get("href") or "").strip(), to_plain_text(text_of(anchor))
        url = resolve_reference(href, base) if 0 < len(href) <= MAX_URL and not href.startswith("#") else None
        if title and url and not is_continuation(title) and url.partition("#")[0] != own:
            found.append(RawLink(href=href, rel="related", title=title))
    return found
