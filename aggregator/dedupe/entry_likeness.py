"""Whether two entries are about the same thing, by their words."""

from __future__ import annotations

import re
from datetime import timedelta

from aggregator.model import Entry

_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""Words; of scripts that put no space between them, characters."""

_READ = 8_000
"""Characters that are compared: enough to know a text again, and a bound on what comparing costs."""

_SIMILAR = 0.5
UNRELATED = 0.2
"""Texts that share less than this are about different things."""
_REPEATED = 0.8
"""Texts that share so much are one text, also under another title and another date."""
_SAME_MOMENT = timedelta(seconds=60)
_A_DAY = timedelta(hours=12)
"""So much later, at least, is the next issue of what comes out every day."""
_EVERY_DAY = 0.4
"""Issues of one column may share so much: greetings, headings, the words of their trade."""


def is_similar(one: Entry, other: Entry) -> bool:
    """Whether title, text or the claimed moment say that both are one thing."""
    if one.title and _title(one) == _title(other):
        return True
    return (
        is_simultaneous(one, other) or overlap(one.title, other.title) >= _SIMILAR or _has_similar_text(one, other)
    )


def is_unrelated(one: Entry, other: Entry) -> bool:
    """Whether both are surely different things: another title, and texts with little in common."""
    if is_simultaneous(one, other) or not one.text or not other.text:
        return False
    if one.title and _title(one) == _title(other):
        return False
    return overlap(one.text, other.text) < UNRELATED


def has_nothing_in_common(one: Entry, other: Entry) -> bool:
    """Whether nothing of what one says is in the other: neither title, nor text, nor moment.

    Titles count where there are no texts to compare; what has neither in common says nothing.
    """
    if is_simultaneous(one, other):
        return False
    titles, texts = (one.title, other.title), (one.text, other.text)
    compared = [pair for pair in (titles, texts) if all(pair)]
    return bool(compared) and all(overlap(*pair) < UNRELATED for pair in compared)


def is_one_thing_by_words(one: Entry, other: Entry) -> bool:
    """Whether two entries are one thing by their words and dates alone, their names saying nothing.

    A title of every day ("Weather") over another text at another time is another thing; so is a title that
    differs, unless the text is nearly the same, or the same moment is claimed.
    """
    if has_nothing_in_common(one, other):
        return False
    later = has_other_date(one, other)
    shared = overlap(one.text, other.text)
    if one.title and _title(one) == _title(other):
        return not (is_next_issue(one, other) or is_next_issue(other, one))
    if is_simultaneous(one, other) or shared >= (_REPEATED if later else _SIMILAR):
        return True
    return not later and overlap(one.title, other.title) >= _SIMILAR


def is_next_issue(entry: Entry, known: Entry) -> bool:
    """Whether an entry is what came out after another one, as issues of a column do: "Weather", "Digest, 3 March".

    It is dated later and says something else. What issues of every day have in common (greetings, headings) is no
    sign of an edit, if they bear nearly one title and a day is between them.
    """
    if overlap(entry.title, known.title) >= _SIMILAR and _delay(entry, known) > _A_DAY:
        return _says_else(entry, known, _EVERY_DAY)
    return _delay(entry, known) > _SAME_MOMENT and _says_else(entry, known, UNRELATED)


def is_next_days_issue(entry: Entry, known: Entry) -> bool:
    """Whether an entry is the next day's issue of another one; only a text with nothing in common will do."""
    return _delay(entry, known) > _A_DAY and _says_else(entry, known, UNRELATED)


def has_same_title_and_place(one: Entry, other: Entry) -> bool:
    """Whether title, and address or moment, are those of the other, whatever ids they bear."""
    if not one.title or _title(one) != _title(other) or one.url_key != other.url_key:
        return False
    return is_simultaneous(one, other) or (one.url_key is not None and not has_other_date(one, other))


def says_the_same(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same, as one does that is read twice; a new date speaks against it."""
    if has_other_date(one, other):
        return False
    if one.title and _title(one) == _title(other):
        return True
    return one.text == other.text or _has_similar_text(one, other)


def is_listed_twice(one: Entry, other: Entry) -> bool:
    """Whether two entries of one document, under one key and one address, are one thing listed twice.

    In doubt they are two: an item too many does less harm than one that is lost.
    """
    same_id = bool(one.id) and one.id == other.id
    if one.title != other.title:
        return same_id and bool(one.text) and one.text == other.text
    if one.title and same_id:
        return not (is_next_issue(one, other) or is_next_issue(other, one))
    return one.text == other.text or not one.text or not other.text or _has_similar_text(one, other)


def is_simultaneous(one: Entry, other: Entry) -> bool:
    """Whether both claim to be published at the same time to the minute; days and months say too little."""
    if one.published is None or other.published is None:
        return False
    exact = {one.published.precision, other.published.precision} <= {"minute", "second"}
    return exact and abs(one.published.utc - other.published.utc) <= _SAME_MOMENT


def has_other_date(one: Entry, other: Entry) -> bool:
    """Whether both claim dates, and these differ."""
    if one.published is None or other.published is None:
        return False
    return abs(one.published.utc - other.published.utc) > _SAME_MOMENT


def overlap(one: str, other: str) -> float:
    """Shared words over all words, from 0 (none) to 1 (the same words); 0 where either has none."""
    return overlap_of_words(distinct_words(one), distinct_words(other))


def overlap_of_words(first: frozenset[str], second: frozenset[str]) -> float:
    """`overlap` of words that were found before, since finding them costs far more than comparing."""
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def distinct_words(text: str) -> frozenset[str]:
    """The different words of a text, as far as texts are compared."""
    return frozenset(_WORDS.findall(text[:_READ].casefold()))


def _delay(entry: Entry, known: Entry) -> timedelta:
    """By how much an entry is dated later; nothing where either claims no date."""
    if entry.published is None or known.published is None:
        return timedelta(0)
    return entry.published.utc - known.published.utc


def _says_else(one: Entry, other: Entry, share: float) -> bool:
    """Whether two texts share less than that; one that merely grew or shrank says nothing else."""
    first, second = distinct_words(one.text), distinct_words(other.text)
    common = len(first & second)
    if not first or not second or common >= _REPEATED * min(len(first), len(second)):
        return False
    return common < share * len(first | second)


def _has_similar_text(one: Entry, other: Entry) -> bool:
    return overlap(one.text, other.text) >= _SIMILAR


def _title(entry: Entry) -> str:
    return entry.title.casefold()
