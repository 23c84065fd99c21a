"""The sanitizer: any markup -> markup under one policy (see `policy`).

Its output is the only HTML that anything after this stage ever sees. References are absolute, without tracking;
pictures show their real source; counters are gone. Everything is judged by a real HTML parser (nh3) and
serialized by it; our own steps work on its output and are fed back to it until nothing changes any more, so
that cleaning twice is cleaning once. Our own steps change nothing when they are taken twice in a row; so what
the parser leaves as they wrote it is certain, without a second round of them.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

import nh3

from aggregator.model import QueryRules
from aggregator.normalize.formulas import without_drawn_formulas, without_empty_formulas
from aggregator.normalize.images import shows_nothing, without_picture_elements, write_picture
from aggregator.normalize.markup import attributes, nesting_depth, start_tag
from aggregator.normalize.markup_context import MarkupContext
from aggregator.normalize.mathml import with_plain_formulas
from aggregator.normalize.missing_ends import with_missing_ends
from aggregator.normalize.old_elements import with_equivalents
from aggregator.normalize.players import PLAYERS, without_empty_players
from aggregator.normalize.policy import CONTENT_GOES, LAZY_MEDIA, READ, READ_ONLY, READ_TAGS, SCHEMES, TO_PEOPLE
from aggregator.normalize.shorten import shorten
from aggregator.normalize.stand_ins import with_stand_ins
from aggregator.normalize.twins import without_noscript_twins
from aggregator.normalize.unfilled import with_filled
from aggregator.text.characters import strip_controls, to_one_line
from aggregator.text.urls import resolve_reference
from aggregator.text.visible import strip_tags

MAX_MARKUP: Final = 400_000
"""Characters of cleaned markup; what is longer is cut where an element ends."""

_REFERENCES: Final = ("href", "src", "cite", "poster")
_PLAYING: Final = PLAYERS | {"source"}
_FILE = re.compile(r"[/.]")  # a switch or a number is no address
_PERSON = re.compile(rf"(?:{'|'.join(TO_PEOPLE)}):", re.IGNORECASE)
# Start tags that hold an attribute or must; others are as they are to be.
_TAG_TO_REWRITE = re.compile(
    r'<([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*="[^"]*")+|(?<=<img)|(?<=<source)|(?<=<audio)|(?<=<video))>'
)
_EMPTY_PARAGRAPHS = re.compile(r"(?:<p></p>\s*+)++")
_NEAR_FIGURE: Final = 40
_LINKED_PICTURE = re.compile(r"<a( [^<>]*)>\s*<img([^<>]*)>\s*</a>")
_EMPTY_LINK = re.compile(r"<a( [^<>]*)>(?:\s|</?(?:i|span)(?: [^<>]*)?>)*</a>")
_ASKS = re.compile(
    r"[^#]*#|https?://(?:[^/]*\.)?(?:facebook|twitter|x|linkedin|pinterest|reddit|t|tumblr|wa)\.(?:com|me)/",
    re.IGNORECASE,
)
"""Links into a page, and to where readers would share one: signs beside a heading or below a text."""

_AMP_MEDIA = re.compile(r"<(/?)amp-(img|anim|audio|video)(?=[\s/>])", re.IGNORECASE)
_OF_XHTML = re.compile(r"<(/?)x?html:(?=[a-z])", re.IGNORECASE)
_REAL_SOURCE = re.compile(r"(?<=\s)real_src(?=\s*=)", re.IGNORECASE)  # no name of ours has such a sign
_REPEATED_PICTURE = re.compile(r'(<img src="([^"]*)"[^<>]*>)(?:\s*<img src="\2"[^<>]*>)+')
_MEDIA = re.compile(r"<(?:img|audio|video|source) ")
_WORD = re.compile(r"(?:^|>)[^<>&]{0,1000}\w")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_MAX_DEPTH: Final = 200
_DEEP_ENOUGH: Final = 2000
_ROUNDS: Final = 6
_READ_AT_MOST: Final = 2_000_000


def sanitize(
    markup: str, base: str | None = None, *, page: str | None = None, query: QueryRules | None = None
) -> str:
    """Make any markup safe to publish: only what the policy allows stays.

    In: markup; the absolute URL that its references are relative to, the page whose text it is, the source's
    rules for parameters of links (see `Place`).
    Out: markup of at most `MAX_MARKUP` characters; "" when nothing visible is left. Idempotent. Does not raise.
    """
    place = MarkupContext(base=base, page=page, query=query)
    text = strip_controls(markup[:_READ_AT_MOST])
    if (
        text.count("<") > _DEEP_ENOUGH and nesting_depth(text) > _MAX_DEPTH
    ):  # the sanitizer's cost grows with the square
        return markup_of_text(to_one_line(strip_tags(nh3.clean_text(_without_tags(text)))))
    parsed, certain = (
        _CLEANER.clean(
            with_stand_ins(
                with_filled(with_equivalents(with_plain_formulas(_with_ends_without_twins(text)))), base
            )
        ),
        False,
    )
    for _round in range(_ROUNDS):
        before = text
        if not certain:
            text = shorten(_rewrite(parsed, place), MAX_MARKUP)
        if text == before:
            return text if _has_content(text) else ""
        parsed = _CLEANER.clean(text)
        certain = parsed == text
    # It moves with every reading, as nested formatting in tables can: its words are what is certain.
    return markup_of_text(visible_text(text))


def _with_ends_without_twins(text: str) -> str:
    """What swallows the rest with its end, and pictures that are written in two ways in one."""
    folded = text.casefold()  # which finds out at a tenth of the cost that there is nothing to do
    if "html:" in folded:
        text = _OF_XHTML.sub(r"<\1", text)
    text = with_missing_ends(text, folded)
    if "real_src" in folded:
        text = _REAL_SOURCE.sub("data-src", text)
    if "noscript" in folded:
        text = without_noscript_twins(text)
    return _AMP_MEDIA.sub(_media_tag, text) if "<amp-" in folded else text


def _media_tag(match: re.Match[str]) -> str:
    name = match[2].lower()
    return f"<{match[1]}{'img' if name == 'anim' else name}"


def markup_of_text(text: str) -> str:
    """Plain text as markup: blank lines divide paragraphs, other line ends stay."""
    paragraphs = _BLANK_LINES.split(strip_controls(text).replace("\r\n", "\n").replace("\r", "\n").strip())
    lines = (escape(paragraph, quote=False).replace("\n", "<br>") for paragraph in paragraphs if paragraph.strip())
    return sanitize("".join(f"<p>{line}</p>" for line in lines))


def visible_text(markup: str) -> str:
    """What a reader sees of cleaned markup, on one line."""
    return to_one_line(strip_tags(markup))


def _rewrite(sanitized: str, place: MarkupContext) -> str:
    """Our own steps on what the parser wrote."""
    pictured = without_drawn_formulas(without_picture_elements(sanitized))
    linked = _LINKED_PICTURE.sub(lambda match: _keep_link(match, place), pictured)
    named = _name_links(linked)
    rewritten = _TAG_TO_REWRITE.sub(lambda match: _start_tag(match[1], match[2], place), named)
    allowed = without_empty_players(strip_controls(rewritten))  # references may have spelt what is not
    single = _REPEATED_PICTURE.sub(r"\1", without_empty_formulas(allowed))
    single = _name_links(single)  # what was in a link may be gone only now
    return (_EMPTY_PARAGRAPHS.sub(_drop_beside_figure, single) if "figure>" in single else single).strip()


def _drop_beside_figure(empty: re.Match[str]) -> str:
    """Empty paragraphs; nothing beside a figure, which a parser has taken out of them."""
    before = empty.string[max(0, empty.start() - _NEAR_FIGURE) : empty.start()].rstrip()
    is_beside = before.endswith("</figure>") or empty.string.startswith("<figure>", empty.end())
    return empty[0].rpartition(">")[2] if is_beside else empty[0]


def _keep_link(match: re.Match[str], place: MarkupContext) -> str:
    """A link that holds nothing but a picture that cannot be shown: with its address in place of the picture."""
    address = place.display_url(attributes(match[1]).get("href", ""))
    if address is None or not shows_nothing(attributes(match[2])):
        return match[0]
    return f"<a{match[1]}>{escape(address, quote=False)}</a>"


def _name_links(markup: str) -> str:
    """Links whose only content was a drawing or a sign, with their labels."""
    return _EMPTY_LINK.sub(_name_link, markup) if "></a>" in markup or "> </a>" in markup else markup


def _name_link(match: re.Match[str]) -> str:
    """A link without content: with its label, if it has one."""
    values = attributes(match[1])
    label = values.get("aria-label") or values.get("title", "")
    is_sign = not label or _ASKS.match(values.get("href", "#"))
    return match[0] if is_sign else f"<a{match[1]}>{escape(to_one_line(label), quote=False)}</a>"


def _start_tag(name: str, written: str, place: MarkupContext) -> str:
    values = attributes(written)
    if name == "img":
        return write_picture(values, place.base)
    values = _keep_attributes(name, values, place)
    return "" if name == "source" and "src" not in values else start_tag(name, values)


def _keep_attributes(name: str, values: dict[str, str], place: MarkupContext) -> dict[str, str]:
    """What stays of an element's attributes, references absolute."""
    kept = {}
    for key, value in values.items():
        written = _reference(value, key, place) if key in _REFERENCES else value
        if written is not None and key not in READ_ONLY.get(name, ()):
            kept[key] = written
    if name in _PLAYING and "src" not in kept:
        lazy = (_reference(values[key], "src", place) for key in LAZY_MEDIA if _FILE.search(values.get(key, "")))
        kept.update(("src", url) for url in lazy if url)
    if name == "a" and "href" not in kept:
        kept.pop("rel", None)
    if name in PLAYERS:
        kept.setdefault("controls", "")  # what plays by itself does not here, and could not be started
    return kept


def _reference(written: str, key: str, place: MarkupContext) -> str | None:
    if key == "href":
        return written if _PERSON.match(written) else place.display_url(written)
    return resolve_reference(written, place.base)


def _has_content(markup: str) -> bool:
    return bool(_WORD.search(markup) or _MEDIA.search(markup) or visible_text(markup))


def _without_tags(text: str) -> str:
    return re.sub(r"<[^<>]{0,1000}>", " ", text)


_CLEANER: Final = nh3.Cleaner(
    tags=READ_TAGS,
    clean_content_tags=CONTENT_GOES,
    attributes=READ,
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer",
    url_relative="pass_through",
)
