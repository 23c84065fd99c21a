"""Searching with an editor's pattern, within a limit of time."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, Final, TypeVar

from aggregator.patterns.exact import can_run_long, has_nested_repeats, translate
from aggregator.patterns.template import Template

SECONDS: Final = 0.1
"""CPU seconds that one search may take; an ordinary one takes less than a thousandth."""

STRIKES: Final = 3
"""Searches that may take too long before a pattern gets less time."""

SHORTENED: Final = 0.005
"""CPU seconds for a pattern that took too long so often: enough for texts that do not stall it."""

_REMEMBERED: Final = 1000
_TRIED: Final = 200
"""Repetitions with which a pattern is tried."""

_LITERAL = re.compile(r"\w+|[^\w\s]|\s")
_ESCAPE = re.compile(r"\\.|[()\[\]{}?*+|^$.]")


Found = TypeVar("Found")


class _TooLongError(Exception):
    """What is made of a text grows beyond its bound."""


@dataclass(slots=True)
class GuardedPattern:
    """A pattern, searched without regard to case, exactly as `re` does it.

    Attributes:
        pattern: As the editor wrote it.
        stalled: Hashes of texts on which it took too long; they are not tried again.
    """

    pattern: str
    _plain: re.Pattern[str] | None
    _stoppable: Any
    stalled: dict[int, None] = field(default_factory=dict)

    def search(self, text: str) -> bool | None:
        """Whether it is found in the text; None if that took too long to tell."""
        if self._plain is not None:
            return self._plain.search(text) is not None
        return self._within_limit(
            hash(text),
            # Other threads work on meanwhile: `re` and `regex` alike keep them from it, but this one can be told.
            lambda limit: self._stoppable.search(text, timeout=limit, concurrent=True) is not None,
        )

    def replace(self, texts: Sequence[str], template: Template, longest: int) -> list[str] | None:
        """The texts with the template wherever the pattern is found in one.

        None if all of them take longer than one search may, or would be longer together than `longest`.
        """
        room = longest - sum(map(len, texts))

        def expand(match: Any) -> str:
            nonlocal room
            made = template.expand(match)
            room -= len(made) - len(match.group())
            if room < 0:
                raise _TooLongError
            return made

        try:
            if self._plain is not None:
                return [self._plain.sub(expand, text) for text in texts]
            return self._within_limit(hash(tuple(texts)), lambda limit: self._replace_within(limit, texts, expand))
        except _TooLongError:
            return None

    def _replace_within(self, limit: float, texts: Sequence[str], expand: Callable[[Any], str]) -> list[str]:
        end = time.thread_time() + limit
        made = []
        for text in texts:
            left = end - time.thread_time()
            if left <= 0:
                raise TimeoutError
            made.append(str(self._stoppable.sub(expand, text, timeout=left, concurrent=True)))
        return made

    def _within_limit(self, name: int, work: Callable[[float], Found]) -> Found | None:
        """What comes of some work on a text of that hash; None where it takes too long, which is remembered."""
        if name in self.stalled:
            return None
        try:
            return work(SECONDS if len(self.stalled) < STRIKES else SHORTENED)
        except TimeoutError:
            if len(self.stalled) >= _REMEMBERED:
                self.stalled.clear()
            self.stalled[name] = None
            return None


@lru_cache(maxsize=1024)
def guard_pattern(pattern: str) -> GuardedPattern:
    """The pattern, ready to be searched. Raises re.error and what else `re.compile` raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of future meanings of `[[`: not the editor's concern
        plain = re.compile(pattern, re.IGNORECASE)
        if not can_run_long(pattern):
            return GuardedPattern(pattern=pattern, _plain=plain, _stoppable=None)
    import regex  # few patterns need it

    try:
        return GuardedPattern(
            pattern=pattern, _plain=None, _stoppable=regex.compile(translate(pattern), regex.VERSION0)
        )
    except regex.error as error:
        raise re.error(f"it cannot be searched within a limit ({error})") from None


def can_stall(pattern: str) -> bool:
    """Whether the pattern can take too long, by its build or on short texts made of its own words, repeated."""
    return can_run_long(pattern) and (
        has_nested_repeats(pattern) or _takes_too_long(translate(pattern), _texts(pattern))
    )


def _takes_too_long(pattern: str, texts: Iterable[str]) -> bool:
    import regex

    compiled = regex.compile(pattern, regex.VERSION0)
    try:
        for text in texts:
            compiled.search(text, timeout=SECONDS / 2)
    except TimeoutError:
        return True
    return False


def _texts(pattern: str) -> Iterator[str]:
    words = list(dict.fromkeys(_LITERAL.findall(_ESCAPE.sub(" ", pattern))))[:6]
    for one in (*words, *_pairs(words), "a", "a ", "1", "1 ", "-"):
        for end in ("", "\x00", "!"):
            yield one * _TRIED + end


def _pairs(words: Iterable[str]) -> Iterator[str]:
    return (one + other for one, other in product(words, repeat=2) if one != other)
