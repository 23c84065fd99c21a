"""What can be measured of an entry, as people type it in a filter: its age, its length, its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import PlainValidator, WithJsonSchema

from aggregator.model import InLanguage, OfAge, OfLength
from aggregator.text.languages import language_tag
from aggregator.yamlfile import quote
from aggregator.yamlfile.types import DURATION_PATTERN, fault, parse_duration

MEASURES: Final = ("older_than", "newer_than", "longer_than", "shorter_than")
"""The keys of conditions that measure."""

_SHORTEST_AGE: Final = timedelta(hours=1)
_SPOKEN = re.compile(r"(?P<number>[0-9]{1,4})\s*(?P<unit>hour|day|week|month|year)s?", re.IGNORECASE)
_UNITS: Final = {"hour": (1, "h"), "day": (1, "d"), "week": (1, "w"), "month": (30, "d"), "year": (365, "d")}
_LENGTH = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})\s*(?P<unit>word|char(?:acter)?)s?", re.IGNORECASE
)
_SPOKEN_PATTERN: Final = r"|^\s*[0-9]+\s*([Hh]our|[Dd]ay|[Ww]eek|[Mm]onth|[Yy]ear)s?\s*$"
_HOW_TO_WRITE: Final = "write it as 300 words or 2000 characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAge:
    """A span of time.

    Attributes:
        span: How long.
        shown: What the editor typed.
    """

    span: timedelta
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLength:
    """A length of a text.

    Attributes:
        number: So many,
        unit: of these.
    """

    number: int
    unit: Literal["words", "characters"]


NO_AGE: Final = TypedAge(span=timedelta(), shown="")
NO_LENGTH: Final = TypedLength(number=0, unit="words")


def condition(name: str, typed: TypedAge | TypedLength) -> list[OfAge | OfLength]:
    """The condition under one of the keys that measure; none where nothing was typed."""
    if typed in (NO_AGE, NO_LENGTH):
        return []
    if isinstance(typed, TypedAge):
        return [OfAge(than=typed.span, older=name == "older_than", shown=f"{name}: {typed.shown}")]
    shown = f"{name}: {typed.number} {typed.unit}"
    return [OfLength(than=typed.number, unit=typed.unit, longer=name == "longer_than", shown=shown)]


def in_language(tag: str) -> InLanguage:
    """The condition that an entry is in a language."""
    return InLanguage(tag=tag, shown=f"language: {tag}")


def _read_age(value: Any) -> TypedAge:
    spoken = _SPOKEN.fullmatch(value.strip()) if isinstance(value, str) else None
    span = parse_duration(value if spoken is None else _shorten(spoken))
    if span < _SHORTEST_AGE:
        raise fault("ages are looked at once an hour; write 1h or more")
    return TypedAge(span=span, shown=str(value).strip())


def _shorten(spoken: re.Match[str]) -> str:
    """`2 weeks` as `2w`; a month has thirty days, a year 365."""
    factor, unit = _UNITS[spoken["unit"].lower()]
    return f"{int(spoken['number']) * factor}{unit}"


def _read_length(value: Any) -> TypedLength:
    if isinstance(value, int) and not isinstance(value, bool):
        raise fault(f"{value} of what? A length is needed; {_HOW_TO_WRITE}")
    found = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    number = int(found["number"].replace(",", "")) if found else 0
    if found is None or not number:
        raise fault(f"a length is needed, not {quote(value)}; {_HOW_TO_WRITE}")
    return TypedLength(number=number, unit="words" if found["unit"].lower() == "word" else "characters")


def _read_language(value: Any) -> str:
    tag = language_tag(value) if isinstance(value, str) else None
    if tag is None:
        raise fault(f"the code of a language is needed, such as de, en or pt-BR, not {quote(value)}")
    return tag


Age = Annotated[
    TypedAge,
    PlainValidator(_read_age),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN + _SPOKEN_PATTERN}),
]
Length = Annotated[
    TypedLength,
    PlainValidator(_read_length),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\s*[0-9]+(,[0-9]{3})*\s*([Ww]ord|[Cc]har(acter)?)s?\s*$|\$\{"}
    ),
]
Language = Annotated[str, PlainValidator(_read_language, json_schema_input_type=str)]
