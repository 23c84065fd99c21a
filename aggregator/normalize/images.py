"""Pictures in an entry's markup: the real source of lazy ones; counters that nobody sees are no pictures."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.normalize.markup import attributes, start_tag
from aggregator.text.urls import resolve_reference

LAZY: Final = (
    "data-src", "data-lazy-src", "data-original", "data-lazyload", "data-lazy", "data-orig", "data-actualsrc",
    "data-echo", "data-cfsrc", "data-ezsrc", "data-original-src", "data-real-src", "data-hi-res-src",
    "data-img-src", "data-full-src", "data-large-src", "data-defer-src", "data-delayed-url",
    "data-flickity-lazyload", "data-lazyload-src", "data-lzl-src",
    "data-opt-src", "data-pagespeed-lazy-src", "data-sf-src", "data-spai",
    "data-wpfc-original-src", "lazy-src", "loading-src", "nitro-lazy-src", "file", "zoomfile",
)  # fmt: skip
"""Where scripts find the source that they put in when the reader scrolls; some hold a switch (`true`, `1`)."""

LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "lazy-srcset", "nitro-lazy-srcset")
"""Where they find a choice of sources."""

DOUBTFUL: Final = ("data-url", "data-image", "data-bg", "data-background")
"""May hold such a source, or the page of the picture: taken only where the picture has no source of its own."""

LARGER: Final = ("data-large-file", "data-orig-file")
"""The same picture in other sizes; taken only where there is nothing else, for they may weigh megabytes."""

_ADDRESS = re.compile(
    r"(?:https?:)?//|[^\s/]*/|[^\s/]+\.(?:avif|bmp|gif|jpe?g|jfif|png|svg|webp)(?:[?#]|$)", re.IGNORECASE
)
"""How an address of a picture begins or ends; a switch, a number or a class does neither."""

_PHOTOGRAPH = re.compile(r"\.(?:avif|jpe?g|jfif|png|webp)(?![a-z0-9])", re.IGNORECASE)
"""Names of pictures that are to be looked at; what waits for a script is more often a `.gif` or a drawing."""

_NO_PICTURE = re.compile(
    r"^https?://[^/?#]+/(?:#|$)|/(?:undefined|null|nan|none|false|true|%5Bobject%20[a-z]{1,20}%5D)(?:[?#]|$)"
    r"|%7B(?:%7B|[a-z_$][a-z0-9_]{0,30}%7D)|%3C(?:%25|\?)|/image/[a-z0-9.+-]{1,20};base64,",
    re.IGNORECASE,
)
"""Addresses of fronts of sites, of a script's or template's unfilled variables, and `data:` without its scheme."""

_OWN_PAGE = re.compile(r"\s*(?:#|\?\s*$)")
_SMALL_NAME = re.compile(r"-(\d{1,4})x(\d{1,4})\.[a-z]{3,4}(?:[?#]|$)", re.IGNORECASE)
_SMALL_QUERY = re.compile(r"[?&](?:w|width|resize|fit)=(\d{1,5})(?!\d)|[?&]blur=[1-9]", re.IGNORECASE)
_LARGEST_PREVIEW: Final = 200
"""Pixels: of what declares itself to be no wider, a larger rendition is preferred."""

_EMOJI = re.compile(
    r"\b(?:wp-smiley|emoji|emojione|twemoji|smiley|smilies?)\b|s\.w\.org/images/core/emoji/|/twemoji/|/emoji/unicode/",
    re.IGNORECASE,
)
_LONGEST_EMOJI: Final = 16
_STYLED = re.compile(r"(?<![-\w])(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px", re.IGNORECASE)
_CANDIDATE = re.compile(
    r"([^\s,]\S*[^\s,]|[^\s,])(?:\s+[0-9]{1,8}h)?(?:\s+([0-9.]{1,8})[wx])?(?:\s+[0-9]{1,8}h)?\s*(?:,|$)"
)
_NUMBER = re.compile(r"^\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$")
_COUNTERS = re.compile(
    r"^https?://(?:pixel\.|[^/]*\bdoubleclick\.net/|feeds\.feedburner\.com/~(?:r|ff)/|pi\.feedsportal\.com/"
    r"|rss\.feedsportal\.com/|feeds\.wordpress\.com/1\.0/|stats\.wordpress\.com/|pixel\.wp\.com/|[^/]*/wf/open\?"
    r"|www\.google-analytics\.com/|[^/]*\bscorecardresearch\.com/|mc\.yandex\.ru/|counter\.yadro\.ru/"
    r"|[^/]*\.vgwort\.de/|www\.facebook\.com/tr\b|px\.ads\.linkedin\.com/|medium\.com/_/stat\b"
    r"|feeds\.feedblitz\.com/~/[it]/|api\.follow\.it/track-rss-story-loaded/|(?:c|t)\.statcounter\.com/"
    r"|[^/]*\.xiti\.com/hit\.|[^/]*\.(?:ioam|ivwbox)\.de/|[^/]*\.iocnt\.net/|[^/]*\.gemius\.pl/|track\.hubspot\.com/"
    r"|[^/]*\.substack(?:cdn)?\.com/open\?|substack\.com/open\?|mandrillapp\.com/track/|[^/]*\.awstrack\.me/I0/"
    r"|bat\.bing\.com/action/|ct\.pinterest\.com/|analytics\.twitter\.com/|top-fwz1\.mail\.ru/"
    r"|counter\.theconversation\.com/|[^/]*\blist-manage\.com/track/|[^/]*/(?:matomo|piwik)\.php\b"
    r"|blogger\.googleusercontent\.com/tracker/)",
    re.IGNORECASE,
)
# Pictures by which pages are laid out, and what stands where a script will put the real one.
_INVISIBLE = re.compile(
    r"/(?:spacer|blank|clear|transparent|pixel|trans|1x1|1x1\.trans|1px|none|empty|dot)\.(?:gif|png)(?:[?#]|$)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"[/_.-](?:placeholder|lazy|lazyload|loading|loader|grey|gray)[^/]{0,40}$", re.IGNORECASE
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![-\w])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"<picture(?=[ >])[^<>]*>([^<]*(?:<(?!/?picture[ >])[^<]*)*)</picture>")
_PICTURE_TAG = re.compile(r"</?picture[^<>]*>")
_SOURCE = re.compile(r'<source((?: [a-z][a-z0-9-]*="[^"]*")*)>')
_IMG = re.compile(r'<img((?: [a-z][a-z0-9-]*="[^"]*")*)>')
_OF_FEW = re.compile(r"max-(?:device-)?width|prefers-color-scheme:\s*dark|prefers-reduced|print", re.IGNORECASE)
"""Of small screens, of who reads by night, of paper: what others than most readers are shown."""

_SELDOM_SHOWN: Final = frozenset({"image/avif", "image/jxl", "image/heic", "image/heif"})
_TEXTS: Final[tuple[str, ...]] = ("alt", "title")
_SIZES: Final[tuple[str, ...]] = ("width", "height")


def without_picture_elements(sanitized: str) -> str:
    """Each `picture` element as the one `img` that it stands for.

    Readers of feeds seldom choose between sources. The element's own picture counts; where it has no source of
    its own, as with lazy ones, it takes the best of the `source` elements.
    """
    if "<picture" not in sanitized:
        return sanitized
    return _PICTURE_TAG.sub("", _PICTURE.sub(lambda match: _one_picture(match[1]), sanitized))


def write_picture(values: dict[str, str], base: str | None) -> str:
    """An img under our policy, from its attributes as read.

    Out: its start tag. Its alternative text where it has no source that can be shown (`data:` pictures, drawings
    in scripts), and where it is an emoji, whose size was in a class. "" for a counter.
    A lazy picture's own `src` is a placeholder, so that the sources for scripts come first; but not where it names
    a picture and they name none, as with an address of a page. Where it says that it is small, srcset goes first.
    """
    own, lazy = values.get("src", ""), _addresses_for_scripts(values)
    sets = [widest_candidate(values["srcset"])] if "srcset" in values else []
    written = [*lazy, *sets, own] if _is_placeholder(own) or _is_preview(own) else [*lazy, own, *sets]
    written += [values[name] for name in (*DOUBTFUL, *LARGER) if _ADDRESS.match(values.get(name, ""))]
    source = next((url for reference in written if (url := _picture_address(reference, base))), None)
    if (source is not None and _is_counter(source, values)) or (not lazy and _is_hidden(values)):
        return ""
    words = values.get("alt", "").strip()
    if source is None or _is_emoji(words, f"{values.get('class', '')} {source}"):
        return escape(words or values.get("title", "").strip(), quote=False)
    kept = {name: values[name] for name in _TEXTS if name in values}
    styled: dict[str, str] = dict(_STYLED.findall(values.get("style", "").lower()))
    sizes = {name: match[1] for name in _SIZES if (match := _NUMBER.match(values.get(name, styled.get(name, ""))))}
    return start_tag("img", {"src": source, **kept, **sizes})


def shows_nothing(values: dict[str, str]) -> bool:
    """Whether an img was meant to be seen, and has neither a source that we know nor words."""
    names = ("src", "srcset", *LAZY_SETS, *LAZY, *DOUBTFUL, *LARGER, *_TEXTS)
    return not (any(values.get(name) for name in names) or _is_hidden(values) or _is_counter("", values))


def emoji_words(values: dict[str, str]) -> str:
    """The characters that a picture of an emoji stands for, from an img's attributes; "" for any other picture."""
    words = values.get("alt", "").strip()
    return words if _is_emoji(words, f"{values.get('class', '')} {values.get('src', '')}") else ""


def widest_candidate(srcset: str) -> str:
    """The candidate of a srcset with the greatest descriptor (HTML, section 4.8.4.2.1); "" without one."""
    candidates = [
        (float(size or 1), url) for url, size in _CANDIDATE.findall(srcset[:20_000]) if size.count(".") < 2
    ]
    return max(candidates, key=lambda candidate: candidate[0])[1] if candidates else ""


def _addresses_for_scripts(values: dict[str, str]) -> list[str]:
    """What scripts would put in, as far as it may be a picture's address."""
    written = [values[name] for name in LAZY if name in values]
    written += [widest_candidate(values[name]) for name in LAZY_SETS if name in values]
    own = values.get("src", "")
    is_shown = bool(_PHOTOGRAPH.search(own)) and not _is_placeholder(own) and not _is_preview(own)
    return [
        reference
        for reference in written
        if _ADDRESS.match(reference.strip()) and (not is_shown or _PHOTOGRAPH.search(reference))
    ]


def _picture_address(reference: str, base: str | None) -> str | None:
    """The address that a reference means; None where no picture can be there."""
    url = None if _OWN_PAGE.match(reference) else resolve_reference(reference, base)
    return url if url and not _NO_PICTURE.search(url) else None


def _one_picture(inner: str) -> str:
    """The content of a picture element, its sources folded into its img."""
    sources = [attributes(written) for written in _SOURCE.findall(inner)]
    usual = [source for source in sources if source.get("type", "").strip().lower() not in _SELDOM_SHOWN]
    usual = [source for source in usual if not _OF_FEW.search(source.get("media", ""))] or usual
    choices = (
        next(filter(None, map(source.get, LAZY_SETS)), "") or source.get("srcset", "")
        for source in usual or sources
    )
    best = next((url for srcset in choices if (url := widest_candidate(srcset))), "")
    rest = _SOURCE.sub("", inner)
    img = _IMG.search(rest)
    if not best:
        return rest
    if img is None:
        return rest + start_tag("img", {"srcset": best})
    return rest[: img.start()] + start_tag("img", {"srcset": best, **attributes(img[1])}) + rest[img.end() :]


def _is_placeholder(source: str) -> bool:
    return bool(_INVISIBLE.search(source) or _PLACEHOLDER.search(source))


def _is_preview(source: str) -> bool:
    """Whether an address says that its picture is small or blurred."""
    name, query = _SMALL_NAME.search(source), _SMALL_QUERY.search(source)
    widths = [int(found[1] or 0) for found in (name, query) if found]
    return bool(widths) and min(widths) <= _LARGEST_PREVIEW


def _is_hidden(values: dict[str, str]) -> bool:
    return "hidden" in values or bool(_HIDDEN.search(values.get("style", "")))


def _is_emoji(words: str, where: str) -> bool:
    return 0 < len(words) <= _LONGEST_EMOJI and " " not in words and bool(_EMOJI.search(where))


def _is_counter(source: str, values: dict[str, str]) -> bool:
    sizes = [int(match[1]) for name in _SIZES if (match := _NUMBER.match(values.get(name, "")))]
    tiny = bool(sizes) and max(sizes) <= 1
    return tiny or bool(_COUNTERS.match(source) or _INVISIBLE.search(source))
