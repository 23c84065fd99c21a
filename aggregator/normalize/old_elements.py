"""Old elements, task boxes and painted pictures, rewritten to elements that the policy has.

Works on markup as a publisher wrote it, as `stand_ins` does, and with the same promise: what is written here is
judged with the rest.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.normalize.markup import read_attributes
from aggregator.normalize.policy import MATH
from aggregator.text.references import unescape
from aggregator.text.word_tables import word_set

_OF_FORMULAS: Final = "|".join(
    sorted(
        MATH - {"math"}
        | word_set("maction menclose mfenced mlabeledtr mlongdiv mscarries mscarry msgroup msline msrow mstack")
    )
)
"""Elements of MathML that have no meaning elsewhere, as alternatives of a pattern."""

_MAY_HOLD_ONE = re.compile(
    r"<(?:xmp|listing|plaintext|textarea|acronym|dir|menu|input|fieldset|form|legend|search|button|dialog|select"
    rf"|{_OF_FORMULAS})\b|background",
    re.IGNORECASE,
)
_RAW = re.compile(r"<(xmp|textarea|plaintext)(?=[\s/>])[^<>]*+>", re.IGNORECASE)
_PARTS: Final = dict.fromkeys(("fieldset", "form", "legend", "search"), "div")
"""Of forms and the like: elements that we do not keep, and which stand apart from what is around them."""

_RENAMED: Final = {"acronym": "abbr", "dir": "ul", "listing": "pre", "menu": "ul"} | _PARTS
_OLD_TAG = re.compile(rf"<(/?)({'|'.join(_RENAMED)})(?=[\s/>])", re.IGNORECASE)
_CONTROL = re.compile(r"(?<=[^\s>])<(?=(?:button|dialog|select)[\s/>])", re.IGNORECASE)
"""Behind a word, what goes with its content: the next word is another one."""

_INPUT = re.compile(r"<input\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_OF_FORMULA = re.compile(rf"<(/?)(math|{_OF_FORMULAS})(?=[\s/>])", re.IGNORECASE)
_PAINTED = re.compile(
    r"<(div|figure|section|span|a)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>(?=(?:\s|&nbsp;)*+</\1\s*+>)", re.IGNORECASE
)
_BACKGROUND = re.compile(
    r"background(?:-image)?\s*:[^;]*?url\(\s*[\"']?([^\"')\s]+)[\"']?\s*\)([^;]*)", re.IGNORECASE
)
_SPRITE = re.compile(r"background-position\s*:|-\d+(?:px|%)|(?<!no-)repeat", re.IGNORECASE)
"""How a part of a larger picture is shown, or a pattern; neither is a picture of the text."""

_SIGN = re.compile(r"emoji|icon|avatar|sprite", re.IGNORECASE)
_ICON: Final = 32
"""Pixels; what is painted on a smaller element is an ornament."""

_SIDE = re.compile(r"(?<![-\w])(?:width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px", re.IGNORECASE)


def with_equivalents(markup: str) -> str:
    """Markup with text that browsers show as it is written in `pre`, and old elements under their present names.

    Forms and their parts become `div`. A checked box becomes ☑ and an empty one ☐; an element without content that
    shows a picture as its background holds that picture; MathML outside of a formula, which no parser keeps,
    leaves its words.
    """
    if not _MAY_HOLD_ONE.search(markup):
        return markup
    text = _CONTROL.sub(" <", _preformat(markup))
    text = _OLD_TAG.sub(lambda match: f"<{match[1]}{_RENAMED[match[2].lower()]}", text)
    return _free_words(_PAINTED.sub(_with_background, _INPUT.sub(_box, text)))


def _preformat(markup: str) -> str:
    """What browsers show as it is written; without an end it goes on to the end of the text."""
    parts, end = [], 0
    while start := _RAW.search(markup, end):
        name = start[1].lower()
        stop = re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(markup, start.end())
        inner = markup[start.end() : stop.start() if stop and name != "plaintext" else None]
        # HTML reads references in a text area, and none in the other two.
        parts += [markup[end : start.start()], _as_pre(unescape(inner) if name == "textarea" else inner)]
        end = stop.end() if stop and name != "plaintext" else len(markup)
    return "".join([*parts, markup[end:]])


def _as_pre(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"


def _free_words(markup: str) -> str:
    """What only formulas hold as `span` where there is none, as browsers show it."""
    is_formula = False

    def write(match: re.Match[str]) -> str:
        nonlocal is_formula
        if match[2].lower() == "math":
            is_formula = not match[1]
            return match[0]
        return match[0] if is_formula else f"<{match[1]}span"

    return _OF_FORMULA.sub(write, markup)


def _box(match: re.Match[str]) -> str:
    """A list of tasks, as GitHub writes it, tells by its boxes what is done."""
    written = re.sub(r"\schecked(?=[\s/]|$)", ' checked="checked"', match[1], flags=re.IGNORECASE)
    values = read_attributes(written)
    if values.get("type", "").lower() != "checkbox":
        return match[0]
    return "☑ " if "checked" in values else "☐ "


def _with_background(match: re.Match[str]) -> str:
    values = read_attributes(match[2])
    style = "" if _SIGN.search(values.get("class", "")) else values.get("style", "")
    painted = _BACKGROUND.search(style)
    sides = [int(side) for side in _SIDE.findall(style)]
    if painted is None or _SPRITE.search(style) or (sides and min(sides) <= _ICON):
        return match[0]
    return f'{match[0]}<img src="{escape(painted[1])}" alt="">'
