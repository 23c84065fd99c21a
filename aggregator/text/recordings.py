"""Sound and film, as feeds write of them: how long they last, and what nothing plays any more."""

from __future__ import annotations

import re
from typing import Final

_CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:\.\d+)?$")
_SPELT = re.compile(
    r"(?:P(?:0D)?T)?(?:(\d{1,3})\s?h(?:(?:ou)?rs?|ours?)?\.?(?:[\s,]*+(\d{1,2})$)?)?"
    r"[\s,]*+(?:(\d{1,5})\s?m(?:in(?:ute)?s?)?\.?)?[\s,]*+(?:(\d{1,7})(?:\.\d+)?\s?s(?:ec(?:ond)?s?)?\.?)?$",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"^(\d{1,7})(?:\.\d+)?$")

PLAYED_BY_NOTHING: Final = frozenset(
    {"application/x-shockwave-flash", "application/x-director", "application/x-silverlight-2"}
)
"""Media types of players that no browser and no reader has any more."""


def duration_in_seconds(written: str | None) -> int | None:
    """A duration as seconds: `1:02:03`, `62:03`, `3723`, `PT1H2M3S`, `1h 2m 3s`; None for anything else."""
    if match := _CLOCK.match(written or ""):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    if match := _SECONDS.match(written or ""):
        return int(match[1])
    match = _SPELT.match(written or "")
    if match is None or not any(match.groups()):
        return None
    hours, minutes_alone, minutes, seconds = (int(one or 0) for one in match.groups())
    return hours * 3600 + (minutes_alone + minutes) * 60 + seconds
