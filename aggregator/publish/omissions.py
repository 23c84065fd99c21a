"""Entries that documents leave out, and why."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace

from aggregator.publish import sanitize


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """That an entry is left out of a publication or document.

    Attributes:
        notice: A sentence for people, with the reason.
        trace: The traceback where the reason is a fault of ours; None else.
    """

    notice: str
    trace: str | None = None


def omission(name: str, entry_id: str, reason: str) -> Omission:
    """That an entry is left out of a publication or document, since it cannot be written."""
    entry, why = sanitize.excerpt(entry_id, 200), sanitize.excerpt(reason, 300)
    return Omission(notice=f"{name}: the entry {entry!r} is left out: {why}")


def fault(name: str, entry_id: str, error: Exception) -> Omission:
    """That it is left out by a fault of ours."""
    found = omission(name, entry_id, f"a fault in this program ({type(error).__name__}). Report it.")
    return replace(found, trace="".join(traceback.format_exception(error)))
