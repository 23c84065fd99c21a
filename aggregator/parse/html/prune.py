"""What stands among a page's text and is none of it goes: share bars, comments, menus, datelines, bylines."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from aggregator.parse.html import dateline
from aggregator.parse.html.bylines import is_byline
from aggregator.parse.html.related import link_share
from aggregator.parse.html.tree import BLOCKS, Element, drop_element, is_named, own_text, text_of

_TAGS: Final = ("nav", "form", "button", "input", "select", "textarea", "dialog", "menu")
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:share(?:d|daddy|s|bar|tools|buttons?)?|sharing|social(?:-?(?:media|links|bar|icons))?|addtoany"
    r"|breadcrumbs?|comments?(?:-area|-list|-section)?|kommentare?|comentarios?|commentaires?|commenti|disqus(?:-thread)?|respond|newsletter|subscribe|subscription"
    r"|signup|adverts?|advertisement|advertising|ads?|adsbygoogle|promo|(?:[a-z]+)?cookies?|consent"
    r"|content-?blocker|disclosures?|disclaimer|affiliate|pop-?up|modal|overlay|next-?(?:story|post|article)"
    r"|tags?(?:-links|-list|cloud)?|labels|pagination|pager|post-?nav(?:igation)?|nav|menu|skip-link|toolbar|rating"
    r"|poll|authors?|(?:author|sa)-?box(?:plugin)?|author-?bio|about-?author|post-?meta|entry-?meta|article-?meta|byline|dateline|news-?date"
    r"|post-?footer|most-?read|trending|screen-reader-text|visually-?hidden)(?:$|[\s_-])"
    r"|(?:^|\s)(?:hidden|(?:sidebar|sponsor(?:ed)?|paywall|print(?:-?button)?)(?:[_-]\S*)?)(?:$|\s)"
    r"|[_-](?:sidebar|sponsor(?:ed)?|paywall|print(?:-?button)?)(?:$|\s)|(?:^|\s)(?:[a-z]+[_-]{1,2})?meta(?:$|\s)"
)
_SHARE = re.compile(
    r"^(?:share(?: (?:this|on|via|article))?(?: (?:article|story|post))?|print(?: page)?|teilen|drucken|partager"
    r"|imprimer|compartir|compartilhar|condividi|поделиться|распечатать|اشتراک.?گذاری|چاپ|advertisement|anzeige|publicité"
    r"|publicidad|werbung|реклама|تبلیغات|広告|シェア|ツイート)\b[\s:：]*(?:(?:facebook|twitter|x|telegram|whatsapp|e-?mail"
    r"|linkedin|line|instagram|copy link|print)[\s,|]*)*$",
    re.IGNORECASE,
)
_NEVER = re.compile(r"comment|disqus|respond|author|cookie|consent|paywall")
_KEPT: Final = frozenset({"html", "body", "article", "main"})
_FRAMES: Final = frozenset({"html", "body", "main"})
_INLINE: Final = ("font", "span", "small", "b", "i", "em", "time")
_LABELLED: Final = frozenset({"div", "span", "dl", "dt", "dd", "small", "time"})
_ENDS = re.compile(r"[.!?。！？۔؟:,;…][\"'”’»)\]]*$")
_HEAD: Final = 12
_LABEL: Final = 120
_HALF: Final = 0.5
_SEVERAL: Final = 3
_TEASER: Final = 400
"""Characters of a box about another article at most."""


def prune_article(scope: Element, heading: Element | None) -> None:
    """Remove from the element that holds an article what is none of its text.

    What is named like clutter goes, unless it holds the text.

    In: that element; the heading, which goes too, since the title has a field of its own.
    """
    keep = set() if heading is None else {heading, *heading.iterancestors()}
    remove_teasers(scope, keep)
    _remove_named(scope, keep)
    _fold_captions(scope)
    _remove_lines(scope, heading)
    if heading is not None and heading is not scope:
        _remove_before(scope, heading)
        drop_element(heading)
    for node in list(scope.iterdescendants("font")):
        node.drop_tag()  # paragraphs within it would be taken for inline text
    for node in scope.iterdescendants("p"):
        if node.find(".//p") is not None:
            node.tag = "div"  # a paragraph within another is one that was never closed


def _remove_named(scope: Element, keep: set[Element]) -> None:
    whole = len(text_of(scope))
    for node in list(scope.iterdescendants(*_TAGS)):
        if len(text_of(node)) < _HALF * whole:
            drop_element(node)
    for node in list(scope.iterdescendants()):
        if node in keep or node.tag in _FRAMES or node.getparent() is None or not is_named(node, _NAMED):
            continue
        if node.tag == "a" and (node.tail or "").strip():
            continue  # part of a sentence, whatever the site calls such links
        if not _holds_text(node, whole):
            drop_element(node)


def remove_teasers(scope: Element, keep: set[Element]) -> None:
    """Three or more boxes of one kind, each with a linked heading and little else, are about other articles."""
    boxes: dict[tuple[str, str], list[Element]] = {}
    for title in scope.iter("h2", "h3", "h4", "h5", "h6"):
        link = title.find(".//a[@href]")
        link = next(title.iterancestors("a"), None) if link is None else link
        box = _box_of(title, scope) if link is not None else None
        if box is not None and box not in keep:
            boxes.setdefault((box.tag, (box.get("class") or "").split(" ")[0]), []).append(box)
    for alike in boxes.values():
        if len(alike) >= _SEVERAL:
            for box in alike:
                drop_element(box)


def _box_of(title: Element, scope: Element) -> Element | None:
    """The outermost element around a heading that holds no other and little text."""
    box = None
    for around in takewhile(lambda one: one is not scope, title.iterancestors()):
        if len(text_of(around)) > _TEASER or sum(1 for _ in around.iter("h2", "h3", "h4", "h5", "h6")) > 1:
            break
        box = around
    return box


def _fold_captions(scope: Element) -> None:
    """What is written under a picture becomes what stands for it: else it would stand among the paragraphs."""
    for caption in list(scope.iter("figcaption")):
        figure = caption.getparent()
        picture = next(figure.iter("img"), None)
        words = text_of(caption)
        if picture is not None and len(picture.get("alt") or "") < len(words):
            picture.set("alt", words)
        drop_element(caption)


def _remove_lines(scope: Element, heading: Element | None) -> None:
    """Datelines and bylines near the heading, share lines anywhere."""
    told, begun = 0, heading is None
    for node in list(scope.iter(*BLOCKS, *_INLINE)):
        text = own_text(node) if node is not heading and node is not scope and node.tag not in _KEPT else ""
        if text and node.getparent() is not None:
            told += node.tag in BLOCKS
            begun = begun or len(text) >= _LABEL
            near = told <= _HEAD and (bool(dateline.recognise_dateline(text)) or is_byline(text))
            label = not begun and node.tag in _LABELLED and len(text) < _LABEL // 2 and not _ENDS.search(text)
            if near or label or _SHARE.match(text[:200]):
                _empty_element(node)


def _remove_before(scope: Element, heading: Element) -> None:
    """Short lines above the heading: kickers and labels."""
    for node in (heading, *takewhile(lambda one: one is not scope, heading.iterancestors())):
        for sibling in list(node.itersiblings(preceding=True)):
            if len(text_of(sibling)) < _LABEL and sibling.tag not in {"figure", "img", "picture"}:
                drop_element(sibling)


def _empty_element(node: Element) -> None:
    """Take out what stands in an element itself; blocks within it stay."""
    if not any(child.tag in BLOCKS and text_of(child) for child in node.iterdescendants()):
        drop_element(node)
        return
    node.text = None
    for child in list(node):
        child.tail = None
        if child.tag not in BLOCKS and child.find(".//p") is None:
            drop_element(child)


def _holds_text(node: Element, whole: int) -> bool:
    length = len(text_of(node))
    if length > 0.3 * whole and length > 200:
        return True
    paragraphs = [child for child in node.iter("p") if len(text_of(child)) > _LABEL and link_share(child) < _HALF]
    return len(paragraphs) > 1 and not is_named(node, _NEVER)
