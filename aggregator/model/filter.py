"""What the editor declared of entries to be shown: filters and their conditions, and what is rewritten in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """The condition of a filter in feeds.yaml that something is found in an entry.

    Attributes:
        field: Where to look; `any` is title, text, authors and categories together.
        pattern: A regular expression, searched without regard to case.
        shown: The condition as the editor wrote it, for messages.
        folded: Whether the pattern is of a plain word, for texts in which letters are folded (`text.letters`).
    """

    field: Literal["any", "title", "text", "author", "category", "url"]
    pattern: str
    shown: str
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAge:
    """The condition that an item was published longer ago than a span, or more recently.

    Attributes:
        than: The span.
        older: Whether longer ago.
        shown: As in `Matcher`.
        since: The moment that lies by the span before the present hour; None, and nothing holds, before the
            catalogue is brought up to an hour.
    """

    than: timedelta
    older: bool
    shown: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLength:
    """The condition that an entry's visible text is longer than a length, or shorter.

    Attributes:
        than: The length.
        unit: In what it is counted.
        longer: Whether longer.
        shown: As in `Matcher`.
    """

    than: int
    unit: Literal["words", "characters"]
    longer: bool
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """The condition that an entry says it is in a language.

    Attributes:
        tag: BCP 47; `de` is `de-AT` too.
        shown: As in `Matcher`.
    """

    tag: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithMedia:
    """The condition that an entry has sound, film or a picture, attached or in its text.

    Attributes:
        kind: Of what.
        shown: As in `Matcher`.
    """

    kind: Literal["audio", "video", "image"]
    shown: str


Condition = Matcher | OfAge | OfLength | InLanguage | WithMedia
"""What an entry can be kept or dropped for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The step of a filter that keeps an entry only if any of the conditions holds.

    Attributes:
        any_of: The conditions; without one nothing is kept.
    """

    any_of: tuple[Condition, ...]

    @property
    def shown(self) -> str:
        """The step as the editor wrote it, for messages."""
        return f"keep {', '.join(one.shown for one in self.any_of)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The step of a filter that drops an entry if any of the conditions holds.

    Attributes:
        any_of: The conditions; without one nothing is dropped.
    """

    any_of: tuple[Condition, ...]

    @property
    def shown(self) -> str:
        """The step as the editor wrote it, for messages."""
        return f"drop {', '.join(one.shown for one in self.any_of)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The step of a filter that keeps the newest entries of what is left there.

    Attributes:
        count: How many it keeps.
    """

    count: int


Filter = Keep | Drop | Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What `rewrite` in feeds.yaml changes in an entry, for readers alone.

    Attributes:
        field: Where: the title, the visible text, or the link.
        pattern: A regular expression, searched without regard to case.
        replacement: What stands in the place of each match; see `patterns.read_template`.
        shown: The rule as the editor wrote it, for messages.
    """

    field: Literal["title", "text", "link"]
    pattern: str
    replacement: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimming:
    """What `keep` and `remove` of a source leave of the markup of its texts: CSS selectors.

    Attributes:
        keep: What is found by any of them stays, and the rest goes; where nothing is found, all stays.
        remove: What is found by any of them goes.
    """

    keep: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keep or self.remove)
