"""What a server says about time: how long an answer stays fresh, when to come again. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST = 2**31
"""Seconds; RFC 9111, section 1.2.2: a greater number means just this much."""
_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,"]*)))?', re.IGNORECASE)


def fresh_for(
    *, cache_control: str | None, age: str | None, expires: str | None, date: str | None, now: datetime
) -> timedelta | None:
    """How long the answer stays fresh (RFC 9111, section 4.2); None if the server does not say.

    `s-maxage` is for shared caches, which we are not. `no-store` and `no-cache` tell a cache what to do with
    the answer, and nothing of when a new one is worth asking for.

    Args:
        cache_control: The field's value; several lines joined by commas.
        age: The field's value.
        expires: The field's value.
        date: The field's value.
        now: Stands in for a missing Date.
    """
    directives = {name.lower(): quoted or bare for name, quoted, bare in _DIRECTIVE.findall(cache_control or "")}
    if "no-store" in directives or "no-cache" in directives:
        return None
    if "max-age" in directives:
        return timedelta(seconds=max(0, _seconds(directives["max-age"]) - _seconds(age or "")))
    if expires is None:
        return None
    until = http_date(expires)
    if until is None:
        return timedelta(0)  # section 5.3: what is no date, "0" above all, has expired
    since = http_date(date or "") or now
    return max(timedelta(0), until - since)


def retry_at(value: str | None, now: datetime) -> datetime | None:
    """When a Retry-After (RFC 9110, section 10.2.3) allows us to come again; None if it cannot be read.

    Never before `now`. How much of a long wait to believe is for others to judge.
    """
    written = (value or "").strip()
    if re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]*)?", written, re.ASCII):
        return _add_seconds(now, written)
    found = http_date(written)
    return None if found is None else max(found, now)


def http_date(value: str) -> datetime | None:
    """An HTTP-date in any of its three forms (RFC 9110, section 5.6.7), or something near enough."""
    if not 8 <= len(value) <= 64:
        return None
    try:
        found = parsedate_to_datetime(value)
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return aware.replace(microsecond=0)


def _add_seconds(now: datetime, written: str) -> datetime:
    if written.startswith("-"):
        return now
    whole, point, _ = written.removeprefix("+").partition(".")
    room = datetime.max.replace(tzinfo=UTC, microsecond=0) - now
    wanted = int(whole.lstrip("0")[:18] or "0") + (1 if point else 0)
    return now + timedelta(seconds=min(wanted, int(room.total_seconds())))


def _seconds(written: str) -> int:
    """A delta-seconds; what cannot be read is zero, for a cache must then take the answer for stale."""
    digits = written.strip()
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII):
        return 0
    return min(int(digits.lstrip("0")[:18] or "0"), _LONGEST)
