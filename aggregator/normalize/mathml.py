"""Formulas as publishers write them -> MathML Core or TeX, without the pictures and previews beside them.

Works on markup as a publisher wrote it, as `stand_ins` does, and with the same promise: what is written here is
judged with the rest.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from aggregator.normalize.markup import read_attributes
from aggregator.text.references import unescape
from aggregator.text.visible import strip_tags

_MAY_HOLD_ONE = re.compile(r"<math\b|:math\b|MathJax_|[\"'=]math/", re.IGNORECASE)
_PREFIXED = re.compile(
    r"<(/?)[a-z][\w-]{0,19}:(?=(?:math|m[a-z]{1,13}|semantics|annotation(?:-xml)?)[\s/>])", re.IGNORECASE
)
_REACH: Final = 20_000
"""Characters of a formula or of a drawing of one, at most; what is longer stays as it is written."""

_VALUES: Final = r"((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)"
_FORMULA = re.compile(rf"<math(?=[\s>]){_VALUES}>", re.IGNORECASE)
_FORMULA_END = re.compile(r"</math\s*+>", re.IGNORECASE)
_TAG = re.compile(rf"<(/?)([a-z][a-z-]*){_VALUES}>", re.IGNORECASE)
_REWRITTEN = re.compile(r"<(?:mfenced|menclose|maction)\b", re.IGNORECASE)
_ANNOTATION = re.compile(
    r"<annotation\b[^<>]*\btex\b[^<>]*>([^<]*)</annotation\s*>|<annotation\b[^<>]*>[^<]*</annotation\s*>",
    re.IGNORECASE,
)
_FALLBACK = re.compile(rf"(</math\s*>\s*(?:</(?:span|div)>\s*){{0,3}})<img\b{_VALUES}>", re.IGNORECASE)
_PREVIEW = re.compile(r"<span\b[^<>]{0,200}\bMathJax(?:_SVG)?_Preview\b[^<>]{0,200}>", re.IGNORECASE)
_SPAN = re.compile(r"<(/?)span\b", re.IGNORECASE)
_PREVIEWED = re.compile(
    r"[^<>]{0,9}>\s*+<(?:(?:span|div)\b[^<>]{0,500}\bMathJax|mjx-container\b|nobr\b|script\b[^<>]{0,200}[\"'=]math/)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"<script\b[^<>]{0,200}\btype\s*=\s*[\"']?math/(tex|asciimath|mml)\b([^<>]{0,200})>", re.IGNORECASE
)
_SOURCE_END = re.compile(r"</script\s*+>", re.IGNORECASE)
_SECTION = re.compile(r"%?[ \t]?<!\[CDATA\[|%?[ \t]?\]\]>")
_DRAWN = re.compile(r"\bMathJax|<mjx-|</math\b", re.IGNORECASE)
_ENDS_DRAWING: Final = ("</span>", "</div>", "</nobr>", "</math>", "</mjx-container>")


def with_plain_formulas(markup: str) -> str:
    """Markup whose formulas are MathML Core, or TeX in text where scripts would draw them.

    A picture or a preview that stands for a formula beside it goes. Elements that MathML Core has not are written
    with those that it has; a formula that shows nothing gets its TeX as its alternative text.
    """
    if not _MAY_HOLD_ONE.search(markup):
        return markup
    if ":math" in markup:  # XML as journals write it, which in HTML is an element that nobody knows
        markup = _PREFIXED.sub(r"<\1", markup)
    alone = _FALLBACK.sub(_without_fallback, _write_sources(_without_previews(markup)))
    parts, end = [], 0
    while (start := _FORMULA.search(alone, end)) and (stop := _FORMULA_END.search(alone, start.end())):
        parts += [alone[end : start.start()], _formula(start[1], alone[start.end() : stop.start()]), stop[0]]
        end = stop.end()
    return "".join([*parts, alone[end:]])


def _without_fallback(match: re.Match[str]) -> str:
    """Wikipedia puts one behind each formula, hidden from those who hear the page."""
    values = read_attributes(match[2])
    is_fallback = values.get("aria-hidden") == "true" or "math-fallback" in values.get("class", "")
    return match[1] if is_fallback else match[0]


# ------------------------------------------------ what MathJax reads and draws


def _without_previews(markup: str) -> str:
    """What MathJax shows until it has drawn the formula that follows."""
    parts, end = [], 0
    for start in _PREVIEW.finditer(markup):
        stop = _end_of_span(markup, start.end())
        if start.start() >= end and stop is not None and _PREVIEWED.match(markup, stop):
            parts.append(markup[end : start.start()])
            end = markup.index(">", stop) + 1
    return "".join([*parts, markup[end:]])


def _end_of_span(markup: str, begin: int) -> int | None:
    """Where the end tag of a span begins, from the end of its start tag."""
    depth = 1
    for tag in _SPAN.finditer(markup, begin, begin + _REACH // 4):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start() + 2
    return None


def _write_sources(markup: str) -> str:
    """TeX in scripts as text between the signs that mark it, unless it has been drawn."""
    parts, end = [], 0
    while (start := _SOURCE.search(markup, end)) and (stop := _SOURCE_END.search(markup, start.end())):
        before = markup[end : start.start()]
        nearest = before[-_REACH:].rstrip()
        is_drawn = nearest.lower().endswith(_ENDS_DRAWING) and _DRAWN.search(nearest)
        written = markup[start.end() : stop.start()]
        parts += [before, "" if is_drawn else _source(start[1].lower(), start[2], written)]
        end = stop.end()
    return "".join([*parts, markup[end:]])


def _source(language: str, further: str, written: str) -> str:
    if language == "mml":
        return written
    source = escape(_SECTION.sub("", written).strip(), quote=False)
    if language != "tex" or not source:
        return source
    return rf"\[{source}\]" if "mode=display" in further.replace(" ", "") else rf"\({source}\)"


# ------------------------------------------------ MathML of earlier versions


def _formula(written: str, inner: str) -> str:
    """A formula without its end tag."""
    if len(inner) > _REACH:
        return f"<math{written}>{inner}"
    values = read_attributes(written)
    source = next((match[1] for match in _ANNOTATION.finditer(inner) if match[1]), "").strip()
    if source and not values.get("alttext") and not strip_tags(_ANNOTATION.sub("", inner)).strip():
        written += f' alttext="{escape(unescape(source))}"'
    return f"<math{written}>{_write_elements(inner) if _REWRITTEN.search(inner) else inner}"


def _write_elements(inner: str) -> str:
    """The content of a formula in elements of MathML Core; as it is where its tags do not match."""
    opened: list[tuple[str, str, str]] = []  # name, attributes and start tag of each element that is open
    children: list[list[str]] = [[]]
    end = 0
    for tag in _TAG.finditer(inner):
        _append_text(children[-1], inner[end : tag.start()])
        end = tag.end()
        if tag[3].endswith("/"):
            children[-1].append(tag[0])
        elif not tag[1]:
            opened.append((tag[2].lower(), tag[3], tag[0]))
            children.append([])
        elif not opened or opened[-1][0] != tag[2].lower():
            return inner
        else:
            name, written, start = opened.pop()
            held = children.pop()
            children[-1].append(
                _write_element(name, read_attributes(written), held) or "".join([start, *held, tag[0]])
            )
    _append_text(children[-1], inner[end:])
    return inner if opened else "".join(children[0])


def _append_text(children: list[str], text: str) -> None:
    if text.strip():
        children.append(text)


def _write_element(name: str, values: dict[str, str], children: list[str]) -> str:
    """An element that MathML Core has not, in those that it has; "" for any other."""
    if name == "mfenced":
        return f"<mrow>{_fence(values, children)}</mrow>"
    if name == "menclose" and "radical" in values.get("notation", "").split():
        return f"<msqrt>{''.join(children)}</msqrt>"
    if name == "maction":
        selected = values.get("selection", "")
        place = int(selected) - 1 if selected.isdecimal() and 0 < int(selected[:4]) <= len(children) else 0
        return "".join(children[place : place + 1]) or "<mrow></mrow>"
    return ""


def _fence(values: dict[str, str], children: list[str]) -> str:
    """What stands between two signs, its parts with separators between them; the last separator repeats."""
    signs = "".join(values.get("separators", ",").split())
    parts = [f'<mo fence="true">{escape(values.get("open", "("))}</mo>']
    for place, child in enumerate(children):
        if place and signs:
            parts.append(f'<mo separator="true">{escape(signs[min(place, len(signs)) - 1])}</mo>')
        parts.append(child)
    return "".join([*parts, f'<mo fence="true">{escape(values.get("close", ")"))}</mo>'])
