"""Instants as we write them: for machines, and for people in the middle of a sentence. Always UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """An aware instant as RFC 3339 has it, in whole seconds: `2026-11-02T14:05:00Z`."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def to_the_minute(moment: datetime) -> str:
    """An aware instant for people: `2026-11-02 14:05 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
