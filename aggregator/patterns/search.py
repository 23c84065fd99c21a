"""Searching with an editor's pattern, within a limit of time."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, Final

from aggregator.patterns.exact import can_run_long, has_nested_repeats, translate

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
        if hash(text) in self.stalled:
            return None
        try:
            limit = SECONDS if len(self.stalled) < STRIKES else SHORTENED
            # Other threads work on meanwhile: `re` and `regex` alike keep them from it, but this one can be told.
            return self._stoppable.search(text, timeout=limit, concurrent=True) is not None
        except TimeoutError:
            if len(self.stalled) >= _REMEMBERED:
                self.stalled.clear()
            self.stalled[hash(text)] = None
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
