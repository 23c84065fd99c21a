"""Elements that a script would fill with what their attributes name, as what that is: words, pictures, frames.

Works on markup as a publisher wrote it, before any parser has judged it; what is written here is judged with the
rest. A frame becomes a figure later (see `stand_ins`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import islice
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from aggregator.normalize.markup import read_attributes
from aggregator.text.urls import is_web

_END = re.compile(
    r">(?:\s|&nbsp;)*+</(div|span|p|a|figure|section|blockquote|oembed|action-text-attachment)\s*+>", re.IGNORECASE
)
_START = re.compile(r"<([a-z-]+)(?=\s)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_BARE = re.compile(
    r"<div class=[\"']?wp-block-embed__wrapper[\"']?>\s*+(https?://[^\s<>\"]+)\s*+</div>"
    r"|\[embed[^\[\]<>]{0,100}\]\s*+(https?://[^\s<>\"\[]+)\s*+\[/embed\]"
)
"""An address that WordPress would have turned into what it shows."""

_FRAME = re.compile(r"<iframe(?=\s)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)

_BY_CLASS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "fb-post": ("data-href", "https://www.facebook.com/plugins/post.php?href={}"),
        "fb-video": ("data-href", "https://www.facebook.com/plugins/video.php?href={}"),
        "flourish-embed": ("data-src", "https://flo.uri.sh/{}/embed"),
        "infogram-embed": ("data-id", "https://e.infogram.com/{}"),
        "imgur-embed-pub": ("data-id", "https://imgur.com/{}/embed"),
        "instagram-media": ("data-instgrm-permalink", "{}"),
        "lazyYT": ("data-youtube-id", "https://www.youtube.com/embed/{}"),
        "reddit-embed-bq": ("cite", "{}"),
        "rll-youtube-player": ("data-id", "https://www.youtube.com/embed/{}"),
        "strava-embed-placeholder": ("data-embed-id", "https://www.strava.com/activities/{}"),
        "tiktok-embed": ("cite", "{}"),
        "tumblr-post": ("data-href", "{}"),
        "youtube-player": ("data-id", "https://www.youtube.com/embed/{}"),
    }
)
"""By a class: the attribute that names what is shown, and the address of that."""

_BY_ATTRIBUTE: Final = ("data-oembed-url", "data-ephox-embed-iri", "data-iframe-src", "data-embed-url")
"""Attributes that hold the address of what is shown, whatever the class."""

_PLAYERS: Final[Mapping[str, str]] = MappingProxyType(
    {"youtube": "https://www.youtube.com/embed/{}", "vimeo": "https://player.vimeo.com/video/{}"}
)
_WISTIA = re.compile(r"\bwistia_async_(\w+)")
_NO_CONTENT = re.compile(r"subscri|button|poll|share|install", re.IGNORECASE)
"""Classes of what asks the reader for something."""

_FORMULAS: Final = ("data-latex", "data-tex", "data-formula")
_TITLES: Final = ("title", "data-title", "data-youtube-title")
_MOST_PICTURES: Final = 30
_MOST_EMPTY: Final = 2000
_LONGEST_TAG: Final = 20_000
_TRIES: Final = 3
_NEAR: Final = 600
"""Characters behind an element in which a twin for browsers without scripts stands."""


def with_filled(markup: str) -> str:
    """Markup in which what scripts would fill holds what it names; a frame that holds its document is that."""
    parts, end = [], 0
    for stop in islice(_END.finditer(markup), _MOST_EMPTY):
        start = _find_start(markup, stop, end)
        if start is not None and (
            filled := _fill(start[1].lower(), read_attributes(start[2]), markup, start.end())
        ):
            parts += [markup[end : start.end()], filled]
            end = start.end()
    whole = "".join([*parts, markup[end:]]) if parts else markup
    if "embed" in whole:
        whole = _BARE.sub(lambda match: f'<iframe src="{match[1] or match[2]}"></iframe>', whole)
    return _FRAME.sub(_open_frame, whole) if "srcdoc" in whole else whole


def _find_start(markup: str, stop: re.Match[str], begin: int) -> re.Match[str] | None:
    """The start tag of the empty element that ends there; None for one without attributes."""
    place = stop.start()
    for _try in range(_TRIES):  # an attribute may hold markup, too
        place = markup.rfind(f"<{stop[1]}", max(begin, stop.start() - _LONGEST_TAG), place)
        start = _START.match(markup, place) if place >= 0 else None
        if place < 0 or (start is not None and start.end() == stop.start() + 1):
            return start
    return None


def _open_frame(match: re.Match[str]) -> str:
    """The document that a frame holds in an attribute, before the frame; but not a preview of what it loads."""
    values = read_attributes(match[1])
    source = next((values[name] for name in ("src", "data-src") if values.get(name)), "")
    loads = bool(source) and not source.startswith(("about:", "javascript:", "data:"))
    return match[0] if loads else values.get("srcdoc", "") + match[0]


def _fill(element: str, values: dict[str, str], markup: str, end: int) -> str:
    """What a script would write into an empty element, as markup; "" for nothing, or what follows anyway."""
    if "data-attrs" in values:
        return _from_object(values["data-attrs"], values.get("class", ""))
    if element == "action-text-attachment":
        return _attached(values)
    if tex := next((values[name] for name in _FORMULAS if values.get(name)), ""):
        return f"\\({escape(tex)}\\)" if element == "span" else _formula({"persistentExpression": tex})
    if "<" in values.get("data-html", ""):
        return values["data-html"]
    title = next((values[name] for name in _TITLES if values.get(name)), "")
    if element == "a":
        is_card = "data-iframely-url" in values or "embedly-card" in values.get("class", "")
        return escape(title or values.get("href", "")) if is_card else ""
    address = values.get("url", "") if element == "oembed" else _named(values)
    place = address.partition("?")[0].partition("//")[2]
    is_shown = bool(place) and place in markup[end : end + _NEAR]
    return f'<iframe src="{escape(address)}" title="{escape(title)}"></iframe>' if address and not is_shown else ""


def _named(values: dict[str, str]) -> str:
    """The address of what an element shows."""
    for name in values.get("class", "").split():
        attribute, address = _BY_CLASS.get(name, ("", ""))
        if shown := values.get(attribute, "").strip():
            return address.format(quote(shown, safe="") if address.endswith("={}") else shown)
    own = values.get("data-src", "") if "player" in values.get("class", "") else ""
    named = next((values[name] for name in _BY_ATTRIBUTE if values.get(name)), own)
    film = _WISTIA.search(values.get("class", ""))
    player = _PLAYERS.get(values.get("data-plyr-provider", ""), "")
    return (
        named
        or (f"https://fast.wistia.net/embed/iframe/{film[1]}" if film else "")
        or (player.format(values["data-plyr-embed-id"]) if player and values.get("data-plyr-embed-id") else "")
    )


def _attached(values: dict[str, str]) -> str:
    """A file in a text of Rails."""
    url, name = values.get("url", ""), values.get("caption") or values.get("filename", "")
    if url and values.get("content-type", "").startswith("image/"):
        return f'<img src="{escape(url)}" alt="{escape(values.get("caption", ""))}">'
    return f'<a href="{escape(url)}">{escape(name or url)}</a>' if url else ""


def _from_object(written: str, classes: str) -> str:
    """What a JSON object tells, as Substack's feeds have it: a name, a formula, a gallery, a post, a page."""
    try:
        told = json.loads(written)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, dict) or _NO_CONTENT.search(classes):
        return ""
    return next((filled for read in _OBJECTS if (filled := read(told))), "")


def _text(told: Any, *names: str) -> str:
    """The first of some values that is text."""
    found = (told.get(name) for name in names) if isinstance(told, dict) else iter(())
    return next((one.strip() for one in found if isinstance(one, str) and one.strip()), "")


def _formula(told: dict[str, Any]) -> str:
    tex = _text(told, "persistentExpression")
    return f"<p>\\[{escape(tex)}\\]</p>" if tex else ""


def _gallery(told: dict[str, Any]) -> str:
    pictures = list(_sources(told.get("gallery")))[:_MOST_PICTURES]
    caption = escape(_text(told.get("gallery"), "caption"))
    under = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure>{''.join(pictures)}{under}</figure>" if pictures else ""


def _sources(gallery: Any) -> Iterator[str]:
    images = gallery.get("images") if isinstance(gallery, dict) else None
    for image in images if isinstance(images, list) else ():
        if source := _text(image, "src"):
            yield f'<img src="{escape(source)}" alt="{escape(_text(image, "alt"))}">'


def _page(told: dict[str, Any]) -> str:
    """A post, a piece or a file that is linked to, with as much of it as the object tells."""
    url = _text(told, "canonical_url", "url", "href")
    if not is_web(url):
        return ""
    words = _text(told, "full_text", "body", "truncated_body_text", "caption", "description")
    title = _text(told, "title", "name", "username", "authorName") or words or url
    quoted = f"<blockquote>{escape(words)}</blockquote>" if words and words != title else ""
    picture = _text(told, "cover_image", "thumbnail_url", "image")
    shown = f'<img src="{escape(picture)}" alt="">' if is_web(picture) else ""
    return f'<figure>{shown}{quoted}<figcaption><a href="{escape(url)}">{escape(title)}</a></figcaption></figure>'


def _name(told: dict[str, Any]) -> str:
    return escape(_text(told, "name"))


_OBJECTS: Final[tuple[Callable[[dict[str, Any]], str], ...]] = (_formula, _gallery, _page, _name)
