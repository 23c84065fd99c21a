"""What stands in for elements that the policy does not let through, so that nothing vanishes without a trace.

Works on markup as a publisher wrote it, before any parser has judged it: what is written here is judged with the
rest. A guess that is wrong costs a stand-in, and lets nothing through.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.normalize.embeds import Embed, find_embed
from aggregator.text.characters import to_one_line
from aggregator.text.cutting import cut
from aggregator.text.references import unescape
from aggregator.text.visible import strip_tags

_MAY_HOLD_ONE = re.compile(r"<(?:iframe|frame|embed|object|svg|amp-|lite-|script|math|nobr|mjx-)", re.IGNORECASE)
_EMBEDDING = re.compile(
    r"<(iframe|frame|embed|object|amp-iframe|amp-youtube|lite-youtube|youtube-video|script)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"(?<![\w-])([a-zA-Z][\w-]*+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SOURCES: Final = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-cmp-src", "data")
_WITHIN_OBJECT = re.compile(
    r"<(?:embed\b[^<>]*?\ssrc|param\b(?=[^<>]*\sname\s*=\s*[\"']?(?:movie|src|url)\b)[^<>]*?\svalue)\s*=\s*[\"']?([^\"'\s<>]+)",
    re.IGNORECASE,
)
_REACH: Final = 2000
"""Characters after an `object` among which its film is looked for."""

_GENERIC = re.compile(
    r"(?:youtube|vimeo|dailymotion|spotify|embedded|embed|video|audio|media|player|post|content|iframe|from|[\W_])*",
    re.IGNORECASE,
)
"""Titles of frames that say no more than the provider's name does."""

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
    if not _MAY_HOLD_ONE.search(markup):
        return markup
    drawn = _label_drawings(markup)
    held = _EMBEDDING.sub(lambda match: _figure_for(match, drawn, base) + match[0], drawn)
    return _MATH_WRAPPER.sub(r"<\1span", held)


def _figure_for(match: re.Match[str], markup: str, base: str | None) -> str:
    """The figure that stands before an embedding element; "" where there is nothing to show."""
    values = _read_attributes(match[2])
    reference = _reference(match[1].lower(), values, markup[match.end() : match.end() + _REACH])
    if not reference or _is_unseen(values):
        return ""
    embed = find_embed(reference, base)
    return _figure(embed, values.get("title", "")) if embed is not None else ""


def _reference(element: str, values: dict[str, str], following: str) -> str:
    if element == "script":
        source = values.get("src", "")
        return source if "//gist.github.com/" in source else ""
    video = values.get("data-videoid") or values.get("videoid")
    if video:
        return f"https://www.youtube.com/embed/{video}"
    named = (values[name] for name in _SOURCES if name in values)
    own = next((value for value in named if value.strip() and not value.startswith(("about:", "data:"))), "")
    if element == "object" and not own:
        inner = _WITHIN_OBJECT.search(following.partition("</object")[0])
        return unescape(inner[1]) if inner else ""
    return own


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


def _label(written: str, inner: str) -> str:
    """What a drawing says to those who cannot see it: its label, else its title, else the words within."""
    values = _read_attributes(written)
    sizes = [int(values[side]) for side in ("width", "height") if values.get(side, "").isdecimal()]
    if values.get("aria-hidden") == "true" or (sizes and max(sizes) <= _ICON):
        return ""
    title = _SVG_TITLE.search(inner)
    label = values.get("aria-label") or (unescape(title[1]) if title else "")
    words = label or " ".join(unescape(strip_tags(text)) for text in _SVG_TEXT.findall(inner))
    line = cut(to_one_line(words), _LONGEST_LABEL)
    return f"<span>{escape(line)}</span>" if line else ""


def _read_attributes(written: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(written)
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}
