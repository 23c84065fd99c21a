"""One line of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
"""`warn`: it works, and may soon not. `fail`: something does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of looking at one thing.

    Attributes:
        check: What was looked at, in snake_case; several findings may be of one check.
        level: How it is.
        message: What was found, a sentence for people.
        remedy: What to do about it; None where there is nothing to do.
    """

    check: str
    level: Level
    message: str
    remedy: str | None = None


def ok(check: str, message: str) -> Finding:
    """It is as it should be."""
    return Finding(check=check, level="ok", message=message)


def warn(check: str, message: str, remedy: str) -> Finding:
    """It works, and may soon not."""
    return Finding(check=check, level="warn", message=message, remedy=remedy)


def fail(check: str, message: str, remedy: str) -> Finding:
    """Something does not work."""
    return Finding(check=check, level="fail", message=message, remedy=remedy)
