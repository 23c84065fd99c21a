"""The visible line that says when an article appeared: `Dec 01, 2018 20:33 [Updated: Sep 21, 2019 22:26]`.

Only recognised here, not understood: a short block that is little else than dates. What it means is read later,
by the grammar for dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 200
_MOST_WORDS: Final = 7
"""Beside its dates: `Published on Tuesday ... at ... by John Smith`."""

_YEAR: Final = r"(?:19[89]\d|20\d\d|1[34]\d\d)"
_WORD: Final = r"[^\W\d_]{2,14}"
_DATE = re.compile(
    rf"(?<!\d)(?:{_YEAR}\s?[-./]\s?\d{{1,2}}\s?[-./]\s?\d{{1,2}}"
    rf"|\d{{1,2}}\s?[-./]\s?\d{{1,2}}\s?[-./]\s?(?:{_YEAR}|\d\d)(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|re|[.ºª°])?[\s.-]{{0,2}}(?:(?:de|d[’'])\s?)?{_WORD}\.?,?[\s-](?:de[l]?\s)?{_YEAR}"
    rf"|{_WORD}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}"
    rf"|{_YEAR}\.?,?\s(?:m\.\s)?{_WORD}\.?\s(?:d\.\s|mén\.\s)?\d{{1,2}}"
    rf"|{_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]?)",
)
_CLOCK = re.compile(
    r"(?<!\d)\d{1,2}\s?[:.h時시点]\s?(?:\d{2}\s?分?(?::\d{2})?)?(?!\d)(?:\s?(?:uhr|[ap]\.?m\.?|hrs?)\b)?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+\b|\b(?:UTC|GMT)?\s?[+-]\d{2}:?\d{2}\b|\b(?:[A-Z]{1,3}[SD]T|UTC|GMT)\b"
)
_PAIR = re.compile(r"[\[\]()]")
_BETWEEN = re.compile(
    r"(?:(?<!\s)\s++)?+[|•·‧∙●▪►»«]\s*+|(?<!\s)[^\S\n]*+\n\s*+|(?<!\s)\s++[–—-]\s++(?=[^\W\d_])|(?<!\s)\s++//?(?:\s++|\Z)"
)
_CLOCK_BEHIND = re.compile(
    r"(?:(?<![\s,])[\s,]*+(?:(?:at|um|à|a las|alle|às|kl\.?|о|в|[|•·/–—-])\s?)?)"
    r"((?<!\d)\d{1,2}\s?[:.h時시点]\s?\d{2}(?::\d{2})?(?!\d)(?:\s?(?:[ap]\.?m\.?)(?!\w))?"
    r"(?:\s?(?:[+-]\d{2}:?\d{2}\b|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+|(?:[A-Z]{1,3}[SD]T|UTC|GMT|MEZ|MESZ)\b))?)",
    re.IGNORECASE,
)
_CLOCK_BEFORE = re.compile(
    r"(?<!\d)(\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?)(?:\s(?:uhr|hrs?))?(?:\son)?[\s,]{1,3}\Z", re.IGNORECASE
)
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_WORDS = re.compile(r"[^\W\d_]+")
_PLACE = re.compile(r"^[^\W\d_][^\d,:|]{1,25},\s+(?=(?:den\s|le\s)?\d)")
_BY_FIRST = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|af|от|автор|posted by|written by)[:\s]\s?[^\d,|]{2,60}?"
    r"(?:,\s?|\s(?:on|am|le|el|il|op|den)\s|\s(?=(?:published|posted|updated)\b)|\s(?=\d))",
    re.IGNORECASE,
)
_BY_LAST = re.compile(r"(?<![\s,])[\s,]++(?:by|von|par|por|written by)\s[^\d]{2,60}$", re.IGNORECASE)
_UPDATED = re.compile(
    r"updat|modif|edited|revised|correct|aktualis|geändert|überarbeit|\bstand\b|mise? à jour|\bmaj\b|actuali[sz]"
    r"|aggiorn|atualiz|bijgewerkt|gewijzigd|uppdater|oppdater|opdater|aktualiz|frissít|обновл|измен|оновлен"
    r"|güncelle|ενημέρ|به.?روز|بروز|ویرایش|تحديث|עודכן|更新|수정|업데이트|diperbarui|cập nhật",
    re.IGNORECASE,
)


def ascii_digits(text: str) -> str:
    """The same text with the digits of all scripts as ASCII ones."""
    return _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def says_updated(text: str) -> bool:
    """Whether a short text holds a word for a change, in any language."""
    return bool(_UPDATED.search(text[: 2 * LONGEST]))


def recognise_dateline(text: str) -> str | None:
    """The dates of a block that is a dateline, as written; None for any other block.

    Bylines, places and counts around the dates go; labels, zones and brackets stay.
    """
    if not 6 <= len(text) <= LONGEST or not any(character.isdigit() for character in text):
        return None
    pieces = [_trim(piece) for piece in _BETWEEN.split(text)]
    told = [piece for piece in pieces if _is_date(piece) or _is_clock(piece)]
    return " ".join(told) if any(_is_date(piece) for piece in told) else None


def dates_in(text: str) -> int:
    """How many dates a text holds, by looks."""
    return len(_DATE.findall(ascii_digits(text[: 2 * LONGEST])))


def cut_to_dates(text: str) -> tuple[str, ...]:
    """What of a text is its first date: with the clock and the zone that stand at it, then the day alone.

    For what the grammar for dates, which wants to understand every word, refuses as a whole.
    """
    plain = ascii_digits(text[: 2 * LONGEST])
    day = _DATE.search(plain)
    if day is None:
        return ()
    found = []
    clock = _CLOCK_BEHIND.match(plain, day.end())
    before = _CLOCK_BEFORE.search(plain, 0, day.start())
    if clock is not None:
        found.append(f"{day[0]} {clock[1]}")
    elif before is not None:
        found.append(f"{day[0]} {before[1]}")
    return (*found, day[0])


def first_datelines(texts: Iterable[str]) -> tuple[str | None, str | None]:
    """The (published, updated) strings of the first datelines among the texts of blocks, in their order.

    One that holds both is handed over whole, as the first; the update of a second line goes with a first that
    has none.
    """
    published: str | None = None
    for text in texts:
        line = recognise_dateline(text)
        if line is None:
            continue
        if says_updated(line) and dates_in(line) < 2:
            return published, line
        if published is not None:
            break
        published = line
        if dates_in(line) > 1:
            break
    return published, None


def _trim(piece: str) -> str:
    text = _BY_LAST.sub("", _BY_FIRST.sub("", piece.strip()))
    return text if says_updated(text[:25]) else _PLACE.sub("", text)


def _is_date(piece: str) -> bool:
    text = ascii_digits(piece)
    if not _DATE.search(text):
        return False
    rest = _PAIR.sub(" ", _CLOCK.sub(" ", _DATE.sub(" ", _ZONE.sub(" ", text))))
    few = _MOST_WORDS * min(2, len(_DATE.findall(text)))
    return len(_WORDS.findall(rest)) <= few and not re.search(r"[^\W\d_]{4}[.!?;]\s*+\Z|©|\d{3}", rest)


def _is_clock(piece: str) -> bool:
    text = ascii_digits(piece)
    return (
        len(text) <= 30
        and bool(re.search(r"\d[:.h時]\d{2}|\d\s?(?:uhr|[ap]\.?m)\b|\d{1,2}[h時]", text, re.IGNORECASE))
        and (len(_WORDS.findall(_CLOCK.sub(" ", _ZONE.sub(" ", text)))) <= 1)
    )
