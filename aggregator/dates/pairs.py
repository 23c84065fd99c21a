"""Strings that hold two dates, each told by a word: `A [Updated: B]`, `Published A, last modified B`."""

from __future__ import annotations

from typing import Literal, NamedTuple

from aggregator.dates.lexer import Token, lex

Role = Literal["published", "updated"]


class LabelledDate(NamedTuple):
    """A part of a string of several dates: it should hold one, and a word before it told which.

    Attributes:
        role: What its label says; `published` when it has none.
        text: The part, without the label.
    """

    role: Role
    text: str


def split_at_labels(text: str) -> list[LabelledDate]:
    """Cut a tidy text at its labels.

    A label speaks for what follows it. Where nothing follows the last one, labels stand behind their dates, as
    they do in Japanese.

    Args:
        text: With at most one unlabelled date, at its beginning.

    Returns:
        The pieces in order; a single one, with the whole text, when there is no label.
    """
    tokens = lex(text)
    marks = _labels(tokens or [])
    if not marks:
        return [LabelledDate("published", text)]
    bounds = [0, *(mark.end for mark in marks)], [*(mark.start for mark in marks), len(text)]
    segments = [text[start:end] for start, end in zip(*bounds, strict=True)]
    roles: list[Role] = ["updated" if _is_update(mark) else "published" for mark in marks]
    if not _has_digits(segments[-1]) and _has_digits(segments[0]):
        return [LabelledDate(role, segment) for role, segment in zip(roles, segments, strict=False)]
    head = [LabelledDate("published", segments[0])] if _has_digits(segments[0]) else []
    return head + [LabelledDate(role, segment) for role, segment in zip(roles, segments[1:], strict=True)]


def _labels(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.sense("label") and len(token.senses) == 1]


def _is_update(token: Token) -> bool:
    sense = token.sense("label")
    return sense is not None and sense.value == "U"


def _has_digits(text: str) -> bool:
    return any(character.isdigit() for character in text)
