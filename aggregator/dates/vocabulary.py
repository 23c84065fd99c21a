"""All words that a date may hold, each with every sense it has in any language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from aggregator.dates import date_labels, date_words, zones
from aggregator.dates.spelling import fold_word, tidy

SenseKind = Literal["month", "jalali", "day", "half", "unit", "before", "era", "zone", "filler", "suffix", "label"]

_NO_HALVES = frozenset({"sa"})
"""Vietnamese for before noon, but nearly everywhere else for Saturday; harmless to lose, since it adds nothing."""


class Sense(NamedTuple):
    """One thing that a word can mean.

    Attributes:
        kind: What part of a date it is.
        value: Months from 1, weekdays from 0 (Monday), eras as what to add; everything else by name.
        languages: In which languages; empty when that does not matter.
    """

    kind: SenseKind
    value: int | str
    languages: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, tuple[Sense, ...]]:
    """Every folded word or phrase with its senses; read from `names.json` and the tables at first use."""
    found: dict[str, dict[tuple[SenseKind, int | str], set[str]]] = {}

    def add(text: str, kind: SenseKind, value: int | str, language: str = "") -> None:
        word = plain(text)
        senses = found.setdefault(word, {})
        senses.setdefault((kind, value), set()).update({language} if language else ())

    for language, row in _languages().items():
        _add_language(add, language, row)
    _add_names(add)
    _add_particles(add)
    _add_zones(add)
    for kind, table in (("U", date_labels.UPDATED), ("P", date_labels.PUBLISHED)):
        for text in table.replace("\n", "|").split("|"):
            if text:
                add(text, "label", kind)
    return {
        word: tuple(Sense(kind, value, frozenset(languages)) for (kind, value), languages in senses.items())
        for word, senses in found.items()
    }


@lru_cache(maxsize=1)
def longest_phrase() -> int:
    """How many words the longest phrase has."""
    return max(word.count(" ") for word in vocabulary()) + 1


@lru_cache(maxsize=256)
def numeric_order_of_language(language: str) -> str | None:
    """The order of numeric dates in a language (BCP 47, lower case): `dmy`, `mdy` or `ymd`.

    None when unknown, and for English of no country, where it may be either.
    """
    base = language.partition("-")[0]
    for tag in (language, base):
        if tag != "en" and tag in _languages():
            return str(_languages()[tag]["order"])
    return None


def plain(text: str) -> str:
    """A word or phrase as the lexer produces it: folded, dots gone, one space between words."""
    return fold_word(tidy(text)).replace(".", "").replace("-", " ").strip()


@lru_cache(maxsize=1)
def _languages() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
    return loaded


def _add_language(add: Any, language: str, row: Mapping[str, Any]) -> None:
    for number, names in enumerate(row.get("months", ()), 1):
        _add_each(add, names, "month", number, language)
    for number, names in enumerate(row.get("days", ())):
        _add_each(add, names, "day", number, language)
    for half in ("am", "pm"):
        _add_each(add, (word for word in row.get(half, ()) if word not in _NO_HALVES), "half", half, language)


def _add_names(add: Any) -> None:
    for language, text in date_words.MONTHS.items():
        for number, name in enumerate(text.split(), 1):
            add(name, "month", number, language)
    for name, number in date_words.MISSPELT.items():
        add(name, "month", number)
    for number, text in enumerate(date_words.JALALI_MONTHS, 1):
        _add_each(add, text.split(), "jalali", number, "fa")
    for language, text in date_words.DAYS.items():
        for number, name in enumerate(text.split("|" if "|" in text else None)):
            add(name, "day", number, language.strip())


def _add_particles(add: Any) -> None:
    tables: tuple[tuple[SenseKind, Mapping[str, str]], ...] = (
        ("half", date_words.HALVES),
        ("before", date_words.BEFORE),
        ("unit", date_words.UNITS),
    )
    for kind, table in tables:
        for value, text in table.items():
            _add_each(add, text.split("|"), kind, value)
    for unit, sign in date_words.KOREAN_UNITS.items():
        add(sign, "unit", unit, "ko")
    _add_each(add, date_words.FILLERS.split(), "filler", "")
    _add_each(add, date_words.THAI_FILLERS, "filler", "", "th")
    _add_each(add, date_words.SUFFIXES.split(), "suffix", "")
    for era, years in date_words.ERAS.items():
        add(era, "era", years)


def _add_zones(add: Any) -> None:
    for name in (*zones.ABBREVIATIONS, *zones.ELSEWHERE):
        add(name, "zone", name)
    for name, meaning in (*zones.REGIONS.items(), *zones.SPOKEN.items()):
        add(name, "zone", meaning)


def _add_each(add: Any, names: Iterable[str], kind: SenseKind, value: int | str, language: str = "") -> None:
    for name in names:
        add(name, kind, value, language)
