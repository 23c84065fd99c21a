"""Players and drawings, which the policy does not let through: a linked figure or words in their place.

Works on markup as a publisher wrote it, before any parser has judged it: what is written here is judged with the
rest. A guess that is wrong costs a stand-in, and lets nothing through.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import unquote

from aggregator.normalize.embeds import Embed, find_embed
from aggregator.normalize.markup import read_attributes
from aggregator.text.characters import to_one_line
from aggregator.text.cutting import cut
from aggregator.text.references import unescape
from aggregator.text.sites import host_of
from aggregator.text.urls import display_url
from aggregator.text.visible import strip_tags

_MAY_HOLD_ONE = re.compile(
    r"<(?:iframe|frame|embed|object|svg|amp-|lite-|[a-z]{2,20}-(?:video|audio|player|viewer)|video-js|script|math|nobr|mjx-)",
    re.IGNORECASE,
)
_EMBEDDING = re.compile(
    r"<(iframe|frame|embed|object|script|amp-\w+|lite-\w+|[a-z]{2,20}-(?:video|audio|player)|model-viewer|video-js)"
    r"(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE,
)
_SOURCES: Final = (
    "src", "data-src", "data-lazy-src", "data-litespeed-src", "data-cmp-src", "data-src-cmplz", "data-consent-src",
    "data-cookieblock-src", "consent-original-src-_", "data-orig-src", "data-original", "data-ezsrc", "data",
)  # fmt: skip
"""Where it stands what is embedded, also before a script has asked the reader or the reader has scrolled."""
_WITHIN_OBJECT = re.compile(
    r"<(?:embed\b[^<>]*?\ssrc|param\b(?=[^<>]*\sname\s*=\s*[\"']?(?:movie|src|url)\b)[^<>]*?\svalue)\s*=\s*[\"']?([^\"'\s<>]+)",
    re.IGNORECASE,
)
_LINK = re.compile(r"<a\s[^<>]{0,500}\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_OF_WORDPRESS: Final = "wp-embedded-content"
_REACH: Final = 2000
"""Characters after an `object` among which its film is looked for."""

_OWN_NAME = re.compile(r"(?:amp|lite)-(\w+)|(\w+)-(?:audio|player|video|viewer)")
_PLAYERS: Final = {
    "youtube": ("videoid", "https://www.youtube.com/embed/{}"),
    "vimeo": ("videoid", "https://player.vimeo.com/video/{}"),
    "dailymotion": ("videoid", "https://www.dailymotion.com/embed/video/{}"),
    "twitter": ("tweetid", "https://platform.twitter.com/embed/Tweet.html?id={}"),
    "instagram": ("shortcode", "https://www.instagram.com/p/{}/embed/"),
    "soundcloud": ("trackid", "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/tracks/{}"),
    "gist": ("gistid", "https://gist.github.com/{}"),
    "facebook": ("href", "{}"),
    "reddit": ("src", "{}"),
    "tiktok": ("src", "{}"),
    "iframe": ("src", "{}"),
    "mux": ("playback-id", "https://player.mux.com/{}"),
    "wistia": ("media-id", "https://fast.wistia.net/embed/iframe/{}"),
}
"""Players that are elements of their own, by what their name holds: the attribute that names what they show, with
`data-` before it or without, and the address of that."""

_WIDGETS = re.compile(
    r"(?:https?:)?//(?:gist\.github\.com/|asciinema\.org/a/|jsfiddle\.net/|(?:www\.)?buzzsprout\.com/\d"
    r"|cdn\.jwplayer\.com/players/|content\.jwplatform\.com/players/|fast\.wistia\.(?:com|net)/embed/medias/)",
    re.IGNORECASE,
)
"""Scripts whose own address names what they write into the page."""

_NAMED_BESIDE: Final = {
    "telegram.org/js/telegram-widget.js": ("data-telegram-post", "https://t.me/{}?embed=1"),
    "speakerdeck.com/assets/embed.js": ("data-id", "https://speakerdeck.com/player/{}"),
}
"""Scripts beside whose address an attribute names it."""

_TITLES: Final = ("title", "alt", "metadata-video-title", "video-title", "playlabel")
"""Where an element says what it shows."""

_FLASH = re.compile(r"[^?#]*\.swf(?:[?#]|$)", re.IGNORECASE)
_MEDIA: Final = (
    ("img", re.compile(r"(?:avif|gif|jpe?g|png|svg|webp)", re.IGNORECASE)),
    ("audio", re.compile(r"(?:aac|flac|m4a|mp3|oga|ogg|opus|wav)", re.IGNORECASE)),
    ("video", re.compile(r"(?:m4v|mp4|ogv|webm)", re.IGNORECASE)),
)
_SUFFIX = re.compile(r"[^?#]*/[^?#/]*\.(\w{2,4})(?:[?#]|$)")

_GENERIC = re.compile(
    r"(?:youtube|vimeo|dailymotion|spotify|embedded|embed|video|audio|media|player|post|content|iframe|from|[\W_])*",
    re.IGNORECASE,
)
"""Titles of frames that say no more than the provider's name does."""

_DRAWN_PICTURE = re.compile(r"<img(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_OF_A_PLAIN_PICTURE: Final = frozenset({"src", "alt", "title", "width", "height", "class", "style"})
"""Attributes of a picture that no script and no screen chooses another source for."""

_SVG = re.compile(r"<svg\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_SVG_END = re.compile(r"</svg\s*>", re.IGNORECASE)
_SVG_TITLE = re.compile(r"<(?:title|desc)\b[^<>]*>([^<]*)<", re.IGNORECASE)
_SVG_TEXT = re.compile(r"<text\b[^<>]*>(.{0,1000}?)</text\s*>", re.IGNORECASE | re.DOTALL)
_ICON: Final = 32
"""Pixels; a smaller drawing is an ornament beside words."""

_LONGEST_LABEL: Final = 300
_MATH_WRAPPER = re.compile(r"<(/?)(?:nobr|mjx-container|mjx-assistive-mml)\b", re.IGNORECASE)


def with_stand_ins(markup: str, base: str | None) -> str:
    """Markup with a linked figure before each player, and a drawing's words in its place."""
    named = _DRAWN_PICTURE.sub(_name_drawing, markup) if "data:image/svg" in markup.casefold() else markup
    if not _MAY_HOLD_ONE.search(named):
        return named
    drawn = _label_drawings(named)
    held = _EMBEDDING.sub(lambda match: _write_embed(match, drawn, base), drawn)
    return _MATH_WRAPPER.sub(r"<\1span", held)


def _write_embed(match: re.Match[str], markup: str, base: str | None) -> str:
    """An embedding element with what stands in for it before it; the element itself goes later, with its content.

    Of an `object` that shows nothing today, as Flash does, or that says nothing, the content is what its author
    wants to be shown: its start tag goes here.
    """
    element, values = match[1].lower(), read_attributes(match[2])
    following = markup[match.end() : match.end() + _REACH]
    reference = _reference(element, values, following)
    if element == "object" and (not reference or _FLASH.match(reference)):
        inner = following.partition("</object")[0]
        if not _is_unseen(values) and to_one_line(strip_tags(inner)):
            return ""
    if not reference or _is_unseen(values):
        return match[0]
    if _OF_WORDPRESS in values.get("class", ""):
        if _OF_WORDPRESS in markup[max(0, match.start() - _REACH) : match.start()]:
            return match[0]  # a link with the post's title stands before it
        reference = reference.partition("embed/")[0]
    embed = find_embed(reference, base)
    if embed is None:
        return match[0]
    if element == "iframe":
        embed = _move_to_own_page(embed, following.rpartition("</iframe")[0].partition("</iframe")[0])
    embed = replace(embed, thumbnail=embed.thumbnail or values.get("poster"))
    title = next((values[name] for name in _TITLES if values.get(name)), "")
    return (_media(embed.page) or _figure(embed, title)) + match[0]


def _move_to_own_page(embed: Embed, inner: str) -> Embed:
    """An embed at the page that its frame links to for old browsers, where that is a site of its host's."""
    link = _LINK.search(inner)
    page = display_url(unescape(link[1])) if link else None
    is_of_host = page is not None and f".{host_of(page)}".endswith(f".{host_of(embed.page)}")
    return replace(embed, page=page) if page and is_of_host and embed.thumbnail is None else embed


def _media(address: str) -> str:
    """A picture, a sound or a film as such; "" where an address does not end like one's."""
    suffix = _SUFFIX.match(address)
    found = (name for name, suffixes in _MEDIA if suffix and suffixes.fullmatch(suffix[1]))
    name = next(found, "")
    end = f"</{name}>" if name != "img" else ""
    return f'<{name} src="{escape(address)}">{end}' if name else ""


def _reference(element: str, values: dict[str, str], following: str) -> str:
    """The address of what an element embeds; "" where it names none."""
    if element == "script":
        return _widget(values)
    if own_name := _OWN_NAME.fullmatch(element):
        return _player(own_name[1] or own_name[2], values) or (values.get("src", "") if own_name[2] else "")
    if element == "video-js":  # Brightcove's
        account, player, film = (values.get(f"data-{name}", "") for name in ("account", "player", "video-id"))
        is_whole = account and player and film
        return (
            f"https://players.brightcove.net/{account}/{player}_default/index.html?videoId={film}"
            if is_whole
            else ""
        )
    named = (values[name] for name in _SOURCES if name in values)
    own = next((value for value in named if value.strip() and not value.startswith(("about:", "data:"))), "")
    if element == "object" and not own:
        inner = _WITHIN_OBJECT.search(following.partition("</object")[0])
        return unescape(inner[1]) if inner else ""
    return own


def _widget(values: dict[str, str]) -> str:
    source = values.get("src", "")
    if _WIDGETS.match(source):
        return source
    place = source.partition("//")[2].partition("?")[0]
    attribute, address = _NAMED_BESIDE.get(place, ("", ""))
    return address.format(values[attribute]) if values.get(attribute) else ""


def _player(name: str, values: dict[str, str]) -> str:
    attribute, address = _PLAYERS.get(name, ("", ""))
    shown = values.get(f"data-{attribute}") or values.get(attribute)
    return address.format(shown) if shown else ""


def _is_unseen(values: dict[str, str]) -> bool:
    """Frames that count and measure are a pixel wide, or not shown."""
    style = re.sub(r"\s", "", values.get("style", "").lower())
    tiny = {values.get("width", ""), values.get("height", "")} & {"0", "1", "0px", "1px"}
    return bool(tiny) or "display:none" in style or "visibility:hidden" in style


def _figure(embed: Embed, title: str) -> str:
    page = escape(embed.page)
    words = cut(to_one_line(title), _LONGEST_LABEL)
    label = escape(embed.name if _GENERIC.fullmatch(words) else f"{words} ({embed.name})")
    if embed.thumbnail is None:
        return f'<figure><a href="{page}">{label}</a></figure>'
    picture = f'<a href="{page}"><img src="{escape(embed.thumbnail)}" alt=""></a>'
    return f'<figure>{picture}<figcaption><a href="{page}">{label}</a></figcaption></figure>'


def _label_drawings(markup: str) -> str:
    """Each drawing as its words; what has no end is left to the parser."""
    parts, end = [], 0
    while (start := _SVG.search(markup, end)) and (stop := _SVG_END.search(markup, start.end())):
        parts += [markup[end : start.start()], _label(start[1], markup[start.end() : stop.start()])]
        end = stop.end()
    return "".join([*parts, markup[end:]])


def _name_drawing(picture: re.Match[str]) -> str:
    """An img that holds its drawing in its address: without that, and with the drawing's words as its own."""
    values = read_attributes(picture[1])
    source = values.get("src", "").strip()
    if not source.lower().startswith("data:image/svg") or not values.keys() <= _OF_A_PLAIN_PICTURE:
        return picture[0]
    drawing = _decode(source)
    start = _SVG.search(drawing)
    stop = _SVG_END.search(drawing, start.end()) if start else None
    words = values.get("alt", "").strip()
    if start and stop and not words:
        words = _words(start[1], drawing[start.end() : stop.start()])
    kept = {**values, "src": "", "alt": words}
    return "<img" + "".join(f' {name}="{escape(value)}"' for name, value in kept.items() if value) + ">"


def _decode(address: str) -> str:
    """What a `data:` address holds, as text; "" where that cannot be read."""
    kind, _comma, data = address.partition(",")
    if not kind.lower().endswith(";base64"):
        return unquote(data)
    try:
        return b64decode(unquote(data)).decode("utf-8", "replace")
    except ValueError:
        return ""


def _label(written: str, inner: str) -> str:
    """A drawing's words, as markup."""
    line = _words(written, inner)
    return f"<span>{escape(line)}</span>" if line else ""


def _words(written: str, inner: str) -> str:
    """What a drawing says to those who cannot see it: its label, else its title, else the words within."""
    values = read_attributes(written)
    sizes = [int(values[side]) for side in ("width", "height") if values.get(side, "").isdecimal()]
    if values.get("aria-hidden") == "true" or (sizes and max(sizes) <= _ICON):
        return ""
    title = _SVG_TITLE.search(inner)
    label = values.get("aria-label") or (unescape(title[1]) if title else "")
    words = label or " ".join(unescape(strip_tags(text)) for text in _SVG_TEXT.findall(inner))
    return cut(to_one_line(words), _LONGEST_LABEL)
