"""A tree -> the same tree as the library for texts reads it best: loose text in paragraphs, pictures bare.

The library was made to be asked for text alone. Asked for links and pictures, too, it cuts text that stands in no
paragraph at each link, keeps what is written under pictures as text, and takes teasers that have pictures for
paragraphs. So that is settled before it sees the tree.
"""

from __future__ import annotations

import re
from typing import Final

from aggregator.parse.html.related import link_share
from aggregator.parse.html.tree import BLOCKS, Element, drop_element, is_named, text_of

_CONTAINERS: Final = frozenset({"div", "section", "article", "main", "body", "td", "center"})
_CAPTION = re.compile(
    r"caption|bildunterschrift|(?:image|img|pic|foto|bild|to-image)[-_]?(?:text|desc|credit|copyright|box)"
)
_FIGURES: Final = frozenset({"figure", "picture", "figcaption"})
_INLINE: Final = frozenset({"picture", "span"})
_TEASERS: Final = ("div", "section", "li", "p", "td", "ul", "h2", "h3", "h4")
_HALF: Final = 0.5
_LONGEST: Final = 600
"""Characters of a figure at most; what holds more is text."""


def simplify_tree(root: Element) -> None:
    """Change a tree so that the library, asked for links and pictures, finds the text that it finds without."""
    for figure in list(root.iter("figure", "picture", "div", "p", "span", "figcaption")):
        if figure.tag in _FIGURES or is_named(figure, _CAPTION):
            _fold_figure(figure)
    for picture in list(root.iter("img")):
        if _is_teasers(picture):
            drop_element(picture)
    for container in list(root.iter(*_CONTAINERS)):
        if any(child.tag in BLOCKS for child in container):
            _wrap_loose_text(container)


def _fold_figure(figure: Element) -> None:
    """A figure becomes its pictures; what is written in it stands for the first where it cannot be seen.

    What is named a caption goes with the picture beside it; what is marked as one goes in any case.
    """
    words, around = text_of(figure), figure.getparent()
    if around is None or len(words) > _LONGEST or figure.find(".//table") is not None:
        return
    pictures = list(figure.iter("img"))
    if pictures:
        _leave_alone(figure, pictures)
    elif not words:
        return
    elif (beside := _picture_beside(around, words)) is not None:
        pictures = [beside]
        drop_element(figure)
    elif figure.tag == "figcaption":
        drop_element(figure)
    if pictures and len(pictures[0].get("alt") or "") < len(words):
        pictures[0].set("alt", words)


def _leave_alone(figure: Element, pictures: list[Element]) -> None:
    """A paragraph of its pictures stands where a figure did; in a line of text the pictures do."""
    paragraph = figure.makeelement("p")
    for picture in pictures:
        picture.tail = None
        if figure.tag in _INLINE:
            figure.addprevious(picture)
        else:
            paragraph.append(picture)
    if len(paragraph):
        figure.addprevious(paragraph)
    drop_element(figure)


def _picture_beside(around: Element, words: str) -> Element | None:
    """The first picture in the element around a caption, or around that if it holds nothing but the caption."""
    beyond = around.getparent() if text_of(around) == words else None
    return next((picture for one in (around, beyond) if one is not None for picture in one.iter("img")), None)


def _is_teasers(picture: Element) -> bool:
    """Whether a picture is a link like most of what is written around it."""
    around = next((one for one in picture.iterancestors(*_TEASERS) if text_of(one)), None)
    linked = next(picture.iterancestors("a"), None) is not None
    return linked and around is not None and link_share(around) > _HALF


def _wrap_loose_text(container: Element) -> None:
    """Text that stands among blocks or line breaks, in no paragraph, gets one; two breaks are its end."""
    run: list[Element] = []
    text, container.text = container.text, None
    place = 0
    for child in list(container):
        if child.tag in BLOCKS and child.tag != "br":
            place = _close_run(container, place, text, run) + 1
            text, child.tail, run = child.tail, None, []
        elif child.tag == "br" and run and run[-1].tag == "br" and not (run[-1].tail or "").strip():
            container.remove(run.pop())
            tail, child.tail = child.tail, None
            place = _close_run(container, place, text, run)
            container.remove(child)
            text, run = tail, []
        else:
            run.append(child)
    _close_run(container, place, text, run)


def _close_run(container: Element, place: int, text: str | None, run: list[Element]) -> int:
    """Put the run of text and inline elements that begins at a place into a paragraph; the place behind it."""
    if not (text or "").strip() and not any((one.tail or "").strip() for one in run):
        return place + len(run)
    paragraph = container.makeelement("p")
    paragraph.text = text
    paragraph.extend(run)
    paragraph.tail = "\n"
    container.insert(place, paragraph)
    return place + 1
