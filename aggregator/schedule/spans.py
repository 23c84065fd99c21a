"""Spans of time in words."""

from __future__ import annotations

from datetime import timedelta


def format_span(span: timedelta) -> str:
    """A span in the notation of feeds.yaml: `90s`, `10m`, `1h30m`, `2d`."""
    left = int(span.total_seconds())
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts[:2]) or "0s"
