"""Values of elements of other namespaces: each as its kind is to be written, or "" where it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from aggregator import dates
from aggregator.dates.writing import rfc3339
from aggregator.model import Extension, is_absolute_iri
from aggregator.normalize import sanitizer
from aggregator.normalize.extension_rules import SCHEMES, ValueKind
from aggregator.normalize.title_text import read_text, unwrap
from aggregator.text.characters import to_one_line
from aggregator.text.cutting import cut
from aggregator.text.languages import language_tag
from aggregator.text.recordings import duration_in_seconds
from aggregator.text.urls import magnet_link, resolve_reference

MAX_WORDS: Final = 4000
"""Characters of a text; Apple's bound for a summary."""

MAX_LINE: Final = 1000
_MAX_NUMBERS: Final = 8000
_READ: Final = 5
_ROUNDS: Final = 6
_SIGNS = re.compile("[<&]")

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[!?][^<>]*>")
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,20})?")
_TUPLE = re.compile(rf"{_NUMBER.pattern}(?:,{_NUMBER.pattern})*")
SIGNS: Final[Mapping[str, str]] = MappingProxyType({"decimal": ".", "cs": ",", "ts": " "})
"""Attributes of gml:coordinates that say which signs part numbers, and the usual ones (GML 3.1, section 9.1.2)."""

_NAMED_NUMBER = re.compile(r"(?:[^\W\d_]{0,12}\.?\s?[#№]?\s?)?(\d{1,9})")
_BETWEEN = re.compile(r"[\s,]+")
_AROUND_COMMA = re.compile(r"(?<!\s)\s*+,\s*")
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]{1,20}):[^\s<>\"{}|\\^`]{1,1000}", re.IGNORECASE)
_YES: Final = frozenset({"1", "explicit", "true", "yes"})
_NO: Final = frozenset({"0", "clean", "false", "no"})
_DATE_FORMS: Final[Mapping[str, str]] = MappingProxyType({"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueContext:
    """Where values stand, which decides what they mean.

    Attributes:
        base: The absolute URL that references are relative to, or None.
        zone: IANA name, for dates without a zone; None means UTC.
        language: BCP 47, for dates in words; None where the feed says none.
    """

    base: str | None = None
    zone: str | None = None
    language: str | None = None


def clean_value(value: str, kind: ValueKind | None, context: ValueContext) -> str:
    """The value as its kind is written; "" for what is none. Idempotent.

    Without a kind it is plain text on one line, or an address if it looks like one.
    """
    if kind is None:
        first = value.lstrip()[:8].lower()
        looks = first.startswith(("http://", "https://")) and " " not in value.strip()
        return _address(value, context) if looks else plain_line(value, MAX_LINE)
    return _KINDS[kind](value, context)


def plain_line(value: str, limit: int) -> str:
    """A text of unknown type as one plain line, without anything that a careless reader could take for a tag.

    No format says how often such texts are escaped, so that references are resolved until none is left.
    """
    line = to_one_line(value[: _READ * limit])
    for _round in range(_ROUNDS):
        if ("<" not in line and "&" not in line) or (plainer := _strip_markup(line)) == line:
            return cut(line, limit)
        line = plainer
    return cut(to_one_line(_SIGNS.sub("", line)), limit)


def _strip_markup(value: str) -> str:
    written, marked_up = read_text(unwrap(value))
    seen = sanitizer.visible_text(sanitizer.sanitize(written)) if marked_up else written
    return to_one_line(_TAG.sub("", seen))


def _address(value: str, context: ValueContext) -> str:
    url = resolve_reference(value, context.base) or magnet_link(value)
    if url:
        return url
    other = _OTHER_ADDRESS.fullmatch(value.strip())
    return other[0] if other and other[0].isascii() and other[1].lower() in SCHEMES else ""


def _seconds(value: str, _context: ValueContext) -> str:
    found = duration_in_seconds(value.strip())
    return str(found) if found else ""


def _count(value: str, _context: ValueContext) -> str:
    text = value.strip()
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else ""


def _positive(value: str, context: ValueContext) -> str:
    found = _count(value, context)
    return "" if found == "0" else found


def _ordinal(value: str, context: ValueContext) -> str:
    """The number of an episode or a season, also where a word for it stands before (`S2`, `Episode 7`, `#7`)."""
    named = _NAMED_NUMBER.fullmatch(value.strip())
    return _positive(named[1], context) if named else ""


def _number(value: str, _context: ValueContext) -> str:
    text = value.strip()
    return text if _NUMBER.fullmatch(text) else ""


def _numbers(value: str, _context: ValueContext) -> str:
    if len(value) > _MAX_NUMBERS:
        return ""
    found = _BETWEEN.split(value.strip(" \t\r\n,"))
    return " ".join(found) if all(map(_NUMBER.fullmatch, found)) else ""


def _make_reader(count: int) -> Callable[[str, ValueContext], str]:
    """A reader of so many numbers; where commas would make them twice as many, they are decimal ones."""

    def read(value: str, context: ValueContext) -> str:
        found, words = _numbers(value, context).split(), value.split()
        if len(words) == count and len(found) == 2 * count:
            found = _numbers(value.replace(",", "."), context).split()
        height = len(found) == 3 and count == 2  # a receiver's third number is above the sea
        return " ".join(found[:count]) if len(found) == count or height else ""

    return read


def in_usual_signs(coordinates: Extension) -> str:
    """The text of gml:coordinates with the signs between its numbers that are usual, whatever it says they are."""
    text = coordinates.text[: _MAX_NUMBERS + 1]
    for name, usual in SIGNS.items():
        sign = coordinates.get(name)
        text = text.replace(sign, f"\0{name}\0") if sign and sign != usual else text
    for name, usual in SIGNS.items():
        text = text.replace(f"\0{name}\0", usual)
    return text


def _tuples(value: str, _context: ValueContext) -> str:
    found = _AROUND_COMMA.sub(",", value.strip()).split()
    return " ".join(found) if len(value) <= _MAX_NUMBERS and all(map(_TUPLE.fullmatch, found)) else ""


def _choice(yes: str, no: str) -> Callable[[str, ValueContext], str]:
    def choose(value: str, _context: ValueContext) -> str:
        word = value.strip().lower()
        return yes if word in _YES else no if word in _NO else ""

    return choose


def _hash(value: str, _context: ValueContext) -> str:
    return value.strip() if _HASH.fullmatch(value.strip()) else ""


def _time(value: str, context: ValueContext) -> str:
    text = to_one_line(value)[:200]
    stamp = dates.read(text, zone=context.zone, language=context.language)
    form = _DATE_FORMS.get(stamp.precision) if stamp else None
    day = dates.read(text, language=context.language) if form else None  # it is one day, in whatever zone
    if form and day:
        return day.utc.strftime(form)
    return rfc3339(stamp.utc) if stamp else ""


def _language(value: str, _context: ValueContext) -> str:
    return language_tag(value) or ""


_KINDS: Final[Mapping[ValueKind, Callable[[str, ValueContext], str]]] = MappingProxyType(
    {
        "address": _address,
        "iri": lambda value, _context: value.strip() if is_absolute_iri(value.strip()) else "",
        "seconds": _seconds,
        "count": _count,
        "positive": _positive,
        "ordinal": _ordinal,
        "number": _number,
        "degrees": _make_reader(1),
        "point": _make_reader(2),
        "circle": _make_reader(3),
        "box": _make_reader(4),
        "numbers": _numbers,
        "tuples": _tuples,
        "yes": _choice("yes", "no"),
        "true": _choice("true", "false"),
        "small": lambda value, _context: plain_line(value, MAX_LINE).lower(),
        "hash": _hash,
        "time": _time,
        "words": lambda value, _context: plain_line(value, MAX_WORDS),
        "language": _language,
    }
)
