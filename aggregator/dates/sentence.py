"""Dates for people, in any language and order: every token must be understood, or there is no date.

Nothing is guessed and nothing filled in: an unknown word, a second time of day, a number without a role, a day
without a year each refuse the whole string.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from aggregator.dates.draft import Draft, FreeNumber
from aggregator.dates.lexer import Token, lex

_COMMENT = re.compile(r"(?<=\d) ?\([^()\d]{1,60}\)$")
_UNIVERSAL = frozenset({"am", "pm", "a m", "p m", "p", "noon"})
_ENGLISH = frozenset(
    {"at", "on", "of", "the", "and", "t", "h", "hr", "hrs", "hour", "hours", "st", "nd", "rd", "th", "a"}
    | _UNIVERSAL
)
_CLOCKS = frozenset({"clock", "dotted"})


def read_sentence(text: str) -> Draft | None:
    """What a date string for people tells, token by token; None when one token does not fit."""
    if re.search(r"\d[+-]\d\d:?\d\d ?\(| [+-]\d\d:?\d\d ?\(|(?:GMT|UTC)[+-]\d", text):
        text = _COMMENT.sub("", text)  # a comment after an offset, as JavaScript writes (RFC 5322, section 3.2.2)
    tokens = lex(text)
    if not tokens:
        return None
    draft = Draft()
    for index in range(len(tokens)):
        if not _HANDLERS[tokens[index].kind](draft, tokens, index):
            return None
    return draft


def _take_mark(_draft: Draft, _tokens: list[Token], _index: int) -> bool:
    return _tokens[_index].text != "+"


def _take_place(draft: Draft, tokens: list[Token], index: int) -> bool:
    draft.zones.append(tokens[index].text)
    return True


def _take_shift(draft: Draft, tokens: list[Token], index: int) -> bool:
    draft.shifts.append(tokens[index].numbers[0])
    return True


def _take_clock(draft: Draft, tokens: list[Token], index: int) -> bool:
    return draft.put_clock(tokens[index].numbers)


def _take_triple(draft: Draft, tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if draft.triple is None:
        draft.triple = token
        return True
    return "." in token.text and draft.put_clock(token.numbers)


def _take_pair(draft: Draft, tokens: list[Token], index: int) -> bool:
    first, second = tokens[index].numbers
    if index > 1 and tokens[index - 1].text == "-" and tokens[index - 2].kind == "word":  # Jun-04-2024
        draft.numbers += [
            FreeNumber(first, len(str(first)), dotted=False),
            FreeNumber(second, len(str(second)), dotted=False),
        ]
        return True
    year, month = (first, second) if first > 999 else (second, first)
    return draft.put("year", year) and draft.put("month", month)


def _take_number(draft: Draft, tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    value, length = token.numbers[0], len(token.text)
    if length > 4:
        return False
    awaited, draft.awaited = draft.awaited, ""
    if awaited == "minute" and (length != 2 or not _is_minute(draft, tokens, index)):
        awaited = ""
    if awaited:
        return draft.put(awaited, value)
    dotted = index + 1 < len(tokens) and tokens[index + 1].text == "."
    before = tokens[index - 1] if index else token
    draft.numbers.append(FreeNumber(value, length, dotted, "" if before.kind == "number" else before.text))
    return True


def _is_minute(draft: Draft, tokens: list[Token], index: int) -> bool:
    """Whether two digits after `20h` are minutes: attached, or the date is complete without them."""
    attached = tokens[index - 1].end == tokens[index].start
    return attached or draft.triple is not None or len(draft.numbers) >= 2


def _take_word(draft: Draft, tokens: list[Token], index: int) -> bool:
    draft.languages.update(*(sense.languages for sense in tokens[index].senses if len(sense.languages) == 1))
    draft.foreign = draft.foreign or _is_foreign(tokens[index])
    return any(role(draft, tokens, index) for role in _ROLES)


def _is_foreign(word: Token) -> bool:
    return (
        word.text not in _ENGLISH
        and word.sense("zone") is None
        and not any("en" in sense.languages for sense in word.senses)
    )


def _as_zone(draft: Draft, tokens: list[Token], index: int) -> bool:
    token, sense = tokens[index], tokens[index].sense("zone")
    if sense is None or (token.text.isascii() and not token.ascii):
        return False  # čet is Thursday, not Central European Time
    timed = "hour" in draft.parts
    if token.sense("filler") and not (timed and index + 1 == len(tokens)):
        return False
    if (token.sense("day") or token.sense("month")) and not timed:
        return False
    draft.zones.append(str(sense.value))
    return True


def _as_half(draft: Draft, tokens: list[Token], index: int) -> bool:
    token, sense = tokens[index], tokens[index].sense("half")
    if sense is None:
        return False
    beside, attached = _beside_clock(tokens, index)
    universal = token.text in _UNIVERSAL or not token.text.isascii()
    if beside and not (universal or (attached and token.text == "a")):
        draft.doubtful = sense
        draft.undecided = not (token.sense("filler") or token.sense("day"))
        return draft.undecided
    if beside:
        fresh = not draft.half
        draft.half = str(sense.value)
        return fresh
    return token.text in _UNIVERSAL and _hour_before(draft, tokens, index, str(sense.value))


def _hour_before(draft: Draft, tokens: list[Token], index: int, half: str) -> bool:
    """`8 pm`: the number before is the hour."""
    if index == 0 or tokens[index - 1].kind != "number" or not draft.numbers:
        return False
    draft.half = half
    return draft.put("hour", draft.numbers.pop().value)


def _beside_clock(tokens: list[Token], index: int) -> tuple[bool, bool]:
    """Whether a time stands directly before or after the word, but for a dot; and whether directly before it."""
    attached = index > 0 and tokens[index - 1].kind in _CLOCKS and tokens[index - 1].end == tokens[index].start
    before = index > 0 and tokens[index - 1].kind in _CLOCKS
    after = [token for token in tokens[index + 1 : index + 4] if token.text != "."]
    clock_follows = bool(after) and after[0].kind in _CLOCKS
    hour_follows = len(after) > 1 and after[0].kind == "number" and _counts_hours(after[1])
    return before or clock_follows or hour_follows, attached


def _counts_hours(token: Token) -> bool:
    sense = token.sense("unit")
    return sense is not None and sense.value == "hour"


def _as_unit(draft: Draft, tokens: list[Token], index: int) -> bool:
    sense = tokens[index].sense("unit")
    before = tokens[index - 1] if index else None
    if sense is None or before is None:
        return False
    unit = str(sense.value)
    if before.kind in _CLOCKS:
        return unit == "hour"
    if not draft.numbers or not (before.kind == "number" or before.text in "-."):
        return False
    number = draft.numbers[-1]
    if number.length > (4 if unit == "year" else 2):
        return unit == "hour" and tokens[index].text.startswith("h") and _military(draft, number)
    if unit == "hour":
        draft.awaited = "minute"
    draft.numbers.pop()
    return draft.put(unit, number.value)


def _military(draft: Draft, number: FreeNumber) -> bool:
    """`1530 hrs`, if the year came before."""
    if not any(other.length == 4 for other in draft.numbers[:-1]):
        return False
    draft.numbers.pop()
    return draft.put_clock(divmod(number.value, 100))


def _as_unit_heard(draft: Draft, tokens: list[Token], index: int) -> bool:
    """The word of a unit whose number took its role from elsewhere: the minutes of `20h33m`."""
    sense = tokens[index].sense("unit")
    return sense is not None and index > 0 and tokens[index - 1].kind == "number" and sense.value in draft.parts


def _as_suffix(_draft: Draft, tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    before = tokens[index - 1] if index else token
    if before.text == "-" and index > 1:
        before = tokens[index - 2]
    attached = before.end >= token.start - 1 and (before.end == token.start or tokens[index - 1].text == "-")
    return (
        token.sense("suffix") is not None
        and token.sense("month") is None
        and before.kind in {"number", *_CLOCKS}
        and attached
    )


def _as_before(draft: Draft, tokens: list[Token], index: int) -> bool:
    sense = tokens[index].sense("before")
    following = [token for token in tokens[index + 1 : index + 3] if token.text not in ".:"][:1]
    if sense is None or not following or (sense.value == "weekday" and tokens[index].ascii):
        return False  # Thứ 4 is Wednesday, Thu 4 is a Thursday
    if following[0].kind == "number":
        draft.awaited = str(sense.value)
        return True
    return following[0].kind in {*_CLOCKS, "triple"}


def _as_era(draft: Draft, tokens: list[Token], index: int) -> bool:
    sense = tokens[index].sense("era")
    if sense is not None:
        draft.era = int(sense.value)
    return sense is not None


def _as_name(draft: Draft, tokens: list[Token], index: int) -> bool:
    senses = tuple(sense for sense in tokens[index].senses if sense.kind in {"month", "jalali", "day"})
    if senses:
        silent = tuple(sense for sense in tokens[index].senses if sense.kind == "filler")
        draft.names.append(senses + silent)
        draft.places.append(len(draft.numbers))
    return bool(senses)


def _as_filler(_draft: Draft, tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if token.sense("filler") is None or (token.text == "a" and following is None):
        return False  # a lone A at the end is a zone of old mail, or half of a.m.
    attached = following is not None and following.kind == "number" and following.start == token.end
    return token.text == "t" or not (attached and token.text.isascii())  # v2 is a version


_Handler = Callable[[Draft, list[Token], int], bool]
_HANDLERS: Mapping[str, _Handler] = {
    "mark": _take_mark,
    "place": _take_place,
    "shift": _take_shift,
    "clock": _take_clock,
    "dotted": _take_clock,
    "triple": _take_triple,
    "pair": _take_pair,
    "number": _take_number,
    "word": _take_word,
}
_ROLES: tuple[_Handler, ...] = (
    _as_zone,
    _as_half,
    _as_era,
    _as_unit,
    _as_unit_heard,
    _as_suffix,
    _as_before,
    _as_name,
    _as_filler,
)
