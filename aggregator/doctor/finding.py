"""A finding: one thing that doctor looked at, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
"""`warn`: it works, and may soon not. `fail`: something does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that doctor looked at: how it is, and what to do about it.

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
    """A finding of something that is as it should be."""
    return Finding(check=check, level="ok", message=message)


def warn(check: str, message: str, remedy: str) -> Finding:
    """A finding of something that works, and may soon not."""
    return Finding(check=check, level="warn", message=message, remedy=remedy)


def fail(check: str, message: str, remedy: str) -> Finding:
    """A finding of something that does not work."""
    return Finding(check=check, level="fail", message=message, remedy=remedy)
