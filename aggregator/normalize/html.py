"""Markup under one policy (see `policy`): the only HTML that anything after this stage ever sees.

References are absolute, without tracking; pictures show their real source; counters are gone. Everything is
judged by a real HTML parser (nh3) and serialized by it; our own steps work on its output and are fed back
to it until nothing changes any more, so that cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

import nh3

from aggregator.normalize.characters import allowed, cut, one_line
from aggregator.normalize.images import picture
from aggregator.normalize.markup import START_TAG, attributes, depth, start_tag, visible
from aggregator.normalize.policy import CONTENT_GOES, READ, SCHEMES, TAGS
from aggregator.normalize.urls import absolute, display_url

_REFERENCES: Final = ("href", "src", "cite", "poster")
_NOSCRIPT = re.compile(r"</?noscript[^<>]{0,200}>", re.IGNORECASE)  # often holds the picture of a lazy one
_REPEATED_PICTURE = re.compile(r'(<img src="([^"]*)"[^<>]*>)(?:\s*<img src="\2"[^<>]*>)+')
_MEDIA = re.compile(r"<(?:img|audio|video|source) ")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_MAX_DEPTH: Final = 200
_DEEP_ENOUGH: Final = 2000
_ROUNDS: Final = 6


def clean(markup: str, base: str | None = None) -> str:
    """Any markup under the policy.

    In: markup; the absolute URL that its references are relative to, or None.
    Out: markup; "" when nothing visible is left. Idempotent. Does not raise.
    """
    text = allowed(markup)
    if text.count("<") > _DEEP_ENOUGH and depth(text) > _MAX_DEPTH:  # the sanitizer's cost grows with the square
        return from_text(one_line(visible(nh3.clean_text(_without_tags(text)))))
    for _round in range(_ROUNDS):
        before, text = text, _once(text, base)
        if text == before:
            return text if _has_content(text) else ""
    # It moves with every reading, as nested formatting in tables can: its words are what is certain.
    return from_text(visible_text(text))


def from_text(text: str) -> str:
    """Plain text as markup: blank lines divide paragraphs, other line ends stay."""
    paragraphs = _BLANK_LINES.split(allowed(text).replace("\r\n", "\n").replace("\r", "\n").strip())
    lines = (escape(paragraph, quote=False).replace("\n", "<br>") for paragraph in paragraphs if paragraph.strip())
    return clean("".join(f"<p>{line}</p>" for line in lines))


def visible_text(markup: str) -> str:
    """What a reader sees of cleaned markup, on one line."""
    return one_line(visible(markup))


def excerpt(text: str, limit: int) -> str:
    """The beginning of a text in at most `limit` characters, ended by an ellipsis if it is cut; whole words."""
    return cut(one_line(text), limit)


def _once(text: str, base: str | None) -> str:
    sanitized = _CLEANER.clean(_NOSCRIPT.sub("", text))
    rewritten = START_TAG.sub(lambda match: _start_tag(match[1], match[2], base), sanitized)
    return _REPEATED_PICTURE.sub(
        r"\1", allowed(rewritten)
    ).strip()  # references may have spelt what is not allowed


def _start_tag(name: str, written: str, base: str | None) -> str:
    if not written:
        return "" if name == "img" else f"<{name}>"
    values = attributes(written)
    if name == "img":
        pictured = picture(values, base)
        return start_tag("img", pictured) if pictured else ""
    for key in _REFERENCES:
        if key in values:
            url = _reference(values[key], key, base)
            if url is None:
                del values[key]
            else:
                values[key] = url
    if name == "a" and "href" not in values:
        values.pop("rel", None)
    return start_tag(name, values)


def _reference(written: str, key: str, base: str | None) -> str | None:
    if key == "href":
        return written if written.lower().startswith("mailto:") else display_url(written, base)
    return absolute(written, base)


def _has_content(markup: str) -> bool:
    return bool(_MEDIA.search(markup)) or bool(visible_text(markup))


def _without_tags(text: str) -> str:
    return re.sub(r"<[^<>]{0,1000}>", " ", text)


_CLEANER: Final = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=CONTENT_GOES,
    attributes=READ,
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer",
    url_relative="pass_through",
)
