"""Sound and film, as feeds write of them: how long they last, and what nothing plays any more."""

from __future__ import annotations

import re
from typing import Final

_CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:\.\d+)?$")
_SECONDS = re.compile(r"^(\d{1,7})(?:\.\d+)?$")

PLAYED_BY_NOTHING: Final = frozenset(
    {"application/x-shockwave-flash", "application/x-director", "application/x-silverlight-2"}
)
"""Media types of players that no browser and no reader has any more."""


def duration_in_seconds(written: str | None) -> int | None:
    """A duration as seconds: `1:02:03`, `62:03` or `3723`; None for anything else."""
    if match := _CLOCK.match(written or ""):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    match = _SECONDS.match(written or "")
    return int(match[1]) if match else None
