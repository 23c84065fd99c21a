"""The dates of publication and of update that an entry claims, read from its raw date strings."""

from __future__ import annotations

from aggregator import dates
from aggregator.model import RawEntry, Stamp
from aggregator.text.characters import strip_controls


def claimed_dates(raw: RawEntry, zone: str | None, language: str | None) -> tuple[Stamp | None, Stamp | None]:
    """The (published, updated) that an entry claims.

    One string may carry both, as in `A [Updated: B]`. Of several update claims the latest counts. Does not
    judge: a date in the future, or an update before the publication, is what the publisher claims.

    What our grammar refuses has no date. The parsing library's reading does not stand in:
    of the strings that the grammar refuses, those that the library reads are impossible times, unknown zones
    and bare clock times, and it makes wrong instants of them, even one of today's out of `10:30`.
    """
    published, revised = _read_pair(raw.published, zone, language)
    explicit, again = _read_pair(raw.updated, zone, language)
    claims = [stamp for stamp in (revised, explicit, again) if stamp is not None]
    return published, max(claims, key=lambda stamp: stamp.utc, default=None)


def _read_pair(raw: str | None, zone: str | None, language: str | None) -> tuple[Stamp | None, Stamp | None]:
    return dates.read_pair(strip_controls(raw), zone=zone, language=language) if raw else (None, None)
