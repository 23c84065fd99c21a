"""The picture that stands for an entry, and what is written under it."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import RawText
from aggregator.normalize.markup import attributes
from aggregator.normalize.sanitizer import visible_text
from aggregator.normalize.title_text import MAX_TITLE, plain_title
from aggregator.text.cutting import cut

_NEAR: Final = 500
"""Characters of text before a picture that may still stand for the whole; later ones illustrate a passage."""

_SMALLEST: Final = 100
"""Pixels; a smaller picture is an ornament."""

_IMG = re.compile(r"<img ([^<>]*)>")
_CAPTION = re.compile(r"<figcaption[^<>]*>")
_NAMES_LINK = re.compile(
    r'<figure[^<>]*><a href="([^"]*)"[^<>]*><img [^<>]*></a><figcaption><a href="\1"[^<>]*>[^<]*</a></figcaption>'
)
_ORNAMENT = re.compile(
    r"emoji|smil(?:ey|ies)|latex|/tex[/.?]|/math[/.-]|equation|avatar|gravatar|/icons?[/._-]|favicon|[/_.-]badges?[/_.-]|img\.shields\.io|[/_-]button"
    r"|s\.w\.org/images/core/|feedburner\.com/~|\.ico(?:[?#]|$)",
    re.IGNORECASE,
)
_NAMED_SIZE = re.compile(r"[-_](\d{1,5})x(\d{1,5})\.[A-Za-z]{3,4}(?:[?#]|$)")
_SIZE = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z]{3,4}$)")


def first_picture(markup: str) -> str | None:
    """The first real picture of clean markup, if it stands near the beginning."""
    read = end = 0
    for match in _IMG.finditer(markup):
        read, end = read + len(visible_text(markup[end : match.start()])), match.end()
        if read > _NEAR:
            return None
        values = attributes(f" {match[1]}")
        if not _ORNAMENT.search(values["src"]) and not _is_small(values):
            return values["src"]
    return None


def clean_caption(
    given: RawText | None, picture: str | None, markup: str, repeated: tuple[str, ...], summary: str | None = None
) -> str | None:
    """What is written under the picture: plain text, one line, at most 500 characters.

    In: what the feed says; the picture; the clean content, in which a figure may hold the same picture; texts
    that the entry shows anyway (its title, its text), and its summary as markup, which are no caption.
    The alternative text of a picture is for those who do not see it, and is not written under it.
    """
    if picture is None:
        return None
    text = plain_title(given) or cut(_figure_caption(picture, markup), MAX_TITLE)
    if not text:
        return None
    shown = {_fold_caption(one) for one in (*repeated, visible_text(summary or ""))}
    return text if _fold_caption(text) not in shown else None


def _figure_caption(picture: str, markup: str) -> str:
    """The caption of the figure that shows the picture; "" without one."""
    for match in _IMG.finditer(markup):
        if _name(attributes(f" {match[1]}")["src"]) != _name(picture):
            continue
        begin = markup.rfind("<figure", 0, match.start())
        end = markup.find("</figure>", match.end())
        if begin < 0 or end < 0 or "</figure>" in markup[begin : match.start()]:
            return ""
        found = _CAPTION.search(markup, begin, end)
        if found and _NAMES_LINK.match(markup, begin):
            return ""  # what is embedded, by its name
        return visible_text(markup[found.end() : end].partition("</figcaption>")[0]) if found else ""
    return ""


def _name(url: str) -> str:
    """A picture's address without what chooses one of its sizes."""
    return _SIZE.sub("", url.partition("?")[0].partition("#")[0])


def _is_small(values: dict[str, str]) -> bool:
    """By its size as written, or as its name tells it."""
    named = _NAMED_SIZE.search(values["src"])
    sizes = [int(values[side]) for side in ("width", "height") if side in values]
    sizes += [int(side) for side in named.groups()] if named else []
    return bool(sizes) and min(sizes) < _SMALLEST


def _fold_caption(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .…")
