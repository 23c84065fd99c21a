"""An item that is a headline only, and the article whose headline it is.

A search or an alert lists a story as "Headline - Outlet" without a text. Two outlets give one event the same
headline, and one outlet gives it to an article and to the next day's sequel, so that a headline alone joins
nothing: its outlet and its hour must be the article's too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Final
from zlib import crc32

from aggregator.model import Likeness, Sighting
from aggregator.stories.hashing import unpack
from aggregator.stories.tokens import Words, plain_spelling

CLOSE: Final = timedelta(hours=2)
"""How far apart an article and its headline may be dated: a search meets an article within the hour or two, and
sequels come later."""

FEWEST: Final = 5
"""Different words that a headline needs to mean one article."""

SAME_OUTLET: Final = 0.6
"""Of the titles' words in both, where the article stands on the named outlet's own site."""

NAMED_OUTLET: Final = 0.7
"""The same, where the article names the outlet as its agency or in its text."""

BOTH_BARE: Final = 0.9
"""The same, where both are headlines only."""

_CALLED: Final = ("Source", "Quelle", "Fuente", "Fonte", "Bron", "Kaynak")
_SOURCE = re.compile(rf"\b(?:{'|'.join(_CALLED)})\s*:\s*([^\W\d_]{{2,30}})")
_AGENCY_ENDINGS: Final = ("news", "press", "agency")
_MOST_AUTHORS: Final = 8
_MOST_CREDIT: Final = 40
_EXTRA_WORDS: Final = 5
_MAX_TITLE: Final = 400
_SEPARATORS: Final = (" - ", " | ")
_FEWEST_LETTERS: Final = 2
_SECTION = re.compile(r"\s(?:[-|>»:·]|rss\b)|[:,>»(]", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_NO_LETTER = re.compile(r"[\W_]+")
_ENDINGS: Final = ("", "com", "news", "online")
_EMPTY_WORDS: Final = frozenset({"the", "com", "www", "news", "online"})


def is_headline_only(title: Words, text: Words) -> bool:
    """Whether a text says nothing that its title does not, but for a few words such as the outlet's name.

    In: both taken apart, the title whole.
    """
    if len(set(title.tokens)) < FEWEST or len(text.tokens) > len(title.tokens) + _EXTRA_WORDS:
        return False
    return len(set(text.tokens) - set(title.tokens)) <= _EXTRA_WORDS - 1 and (
        not text.tokens or title.tokens[0] in text.tokens
    )


def outlet(title: str) -> str:
    """The outlet that a title names behind its headline, case folded; empty where it names none."""
    text = plain_spelling(title[:_MAX_TITLE]).strip()
    place = max(text.rfind(separator) for separator in _SEPARATORS)
    name = text[place + 3 :].strip() if place >= 0 else ""
    return name.casefold() if _FEWEST_LETTERS <= len(name) <= _MOST_CREDIT else ""


def agency(text: str, authors: Iterable[str]) -> str:
    """Whose text it is, case folded: as "Source: Outlet" says, else an author who is no person; empty for none.

    An author of one word is none, nor is one whose last word is "News", "Press" or "Agency".
    """
    match = _SOURCE.search(text) if any(word in text for word in _CALLED) else None  # ten times as fast
    if match:
        return match[1].casefold()
    names = (name.split() for name in islice(authors, _MOST_AUTHORS))
    found = (name for name in names if len(name) == 1 or (name and name[-1].casefold() in _AGENCY_ENDINGS))
    return " ".join(next(found, ())).casefold()[:_MOST_CREDIT]


def is_headline_of(one: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether one is nothing but the headline of the other; the same both ways round.

    Numbers that both titles have must agree: each in the shorter one is in the longer.
    """
    bare = [found for found in (one, other) if "headline" in found.signature.traits]
    if not bare or one.source_id == other.source_id or one.recurring or other.recurring:
        return False
    if abs(one.published - other.published) > CLOSE or not _has_telling_titles(one, other):
        return False
    needed = min((_needed_agreement(found, other if found is one else one) for found in bare), default=2.0)
    return likely.title >= (max(needed, BOTH_BARE) if len(bare) > 1 else needed)


def _has_telling_titles(one: Sighting, other: Sighting) -> bool:
    first, second = one.signature, other.signature
    numbers = set(unpack(first.title_numbers)), set(unpack(second.title_numbers))
    fewest = min(len(unpack(first.title)), len(unpack(second.title)))
    return fewest >= FEWEST and (numbers[0] <= numbers[1] or numbers[1] <= numbers[0])


def _needed_agreement(bare: Sighting, article: Sighting) -> float:
    """How alike the titles must be; more than they can be where the outlets do not agree."""
    if _is_at_home(bare, article):
        return SAME_OUTLET
    return NAMED_OUTLET if _is_named_by(article, bare.signature.credit) else 2.0


def _is_at_home(bare: Sighting, article: Sighting) -> bool:
    """Whether the article stands on the site that the headline names or stands on itself, or is of that source."""
    if bare.host and bare.host == article.host:
        return True
    credit = bare.signature.credit
    if f".{article.host}".endswith(f".{credit.removeprefix('www.')}") and "." in credit:
        return True
    if any(credit == _SECTION.split(title, maxsplit=1)[0].strip() for title in article.called):
        return bool(credit)
    named = _compact(credit)
    return bool(named) and any(
        len(label) > 1 and named == _compact(label) + ending
        for label in article.host.split(".")
        for ending in _ENDINGS
    )


def _is_named_by(article: Sighting, credit: str) -> bool:
    """Whether an article's dateline or text names the outlet."""
    words = set(_WORD.findall(credit)) - _EMPTY_WORDS
    credited = set(_WORD.findall(article.signature.credit))
    names = set(unpack(article.signature.names))
    return bool(words) and all(
        word in credited or crc32(word.encode("utf-8", "replace")) in names for word in words
    )


def _compact(name: str) -> str:
    return _NO_LETTER.sub("", name.removeprefix("the "))
