"""The library's dictionaries, read with suspicion: a document can put any type under any name."""

from __future__ import annotations

from typing import Any

from aggregator.parse.limits import MAX_FIELD


def text_field(found: Any, name: str, limit: int = MAX_FIELD) -> str | None:
    """The stripped text of a field, cut at `limit`; None when absent, empty or not text.

    Reads the dictionary itself: the library's own look-up maps some names to others and warns about it.
    """
    value = dict.get(found, name) if isinstance(found, dict) else None
    return value.strip()[:limit].strip() or None if isinstance(value, str) else None


def dicts_field(found: Any, name: str, limit: int) -> tuple[dict[str, Any], ...]:
    """The dictionaries in a list field, at most `limit`; empty when absent or something else."""
    value = dict.get(found, name) if isinstance(found, dict) else None
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, dict))[:limit]


def number_field(found: Any, name: str) -> int | None:
    """A count of things as written in decimal digits, perhaps in groups (`1,234`), or None."""
    text = (text_field(found, name, 20) or "").replace(",", "")
    return int(text) if text.isascii() and text.isdigit() else None
