"""A date string -> the instant, or the two, that it means: by the first grammar that understands it."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.dates import iso, pairs, rfc, zones
from aggregator.dates.sentence import read_sentence
from aggregator.dates.solve import solve
from aggregator.dates.spelling import tidy
from aggregator.dates.wall import Written, to_utc
from aggregator.model import Stamp

_LONGEST = 120
_LONGEST_PAIR = 300


def read(raw: str, *, zone: str | None = None, language: str | None = None) -> Stamp | None:
    """The instant that one date string means.

    Args:
        raw: As written; may be anything.
        zone: IANA name for strings that name no zone; None is UTC. It also tells what abbreviations with
            several meanings mean to this source.
        language: BCP 47; settles words and orders of numbers that differ between languages.

    Returns:
        The stamp, with the string as written; None when it is no date, not one date, or not certain. A string
        that names no zone is refused when `zone` is unknown.
    """
    return _read(raw, zone, language) if len(raw) <= _LONGEST_PAIR else None


def read_pair(
    raw: str, *, zone: str | None = None, language: str | None = None
) -> tuple[Stamp | None, Stamp | None]:
    """The two instants of a string such as `Dec 01, 2018 20:33 [Updated: Dec 02, 2018 08:10]`.

    A date without a zone beside one that names a place is read in the zone of that place.

    Args:
        raw: As written; may be anything.
        zone: As for `read`.
        language: As for `read`.

    Returns:
        When it was published and when it was updated, each None when it is not told, or not certain.
    """
    return _read_pair(raw, zone, language) if len(raw) <= _LONGEST_PAIR else (None, None)


@lru_cache(maxsize=4096)
def _read(raw: str, zone: str | None, language: str | None) -> Stamp | None:
    text, language = tidy(raw), _tag(language)
    written = _parse_any(text, zone, language)
    if written is None:
        pieces = pairs.split_at_labels(text)
        if len(pieces) == 1 and pieces[0].role == "published":
            written = _parse_any(pieces[0].text, zone, language)
    return _stamp(raw, written, zone) if written else None


@lru_cache(maxsize=1024)
def _read_pair(raw: str, zone: str | None, language: str | None) -> tuple[Stamp | None, Stamp | None]:
    text, language = tidy(raw), _tag(language)
    machine = iso.parse_common(text, language) or rfc.parse_rfc(text, zone)
    if machine is not None:
        return _stamp(raw, machine, zone), None
    found = [(piece.role, _parse_any(piece.text, zone, language)) for piece in pairs.split_at_labels(text)]
    zones_told = [written.zone for _, written in found if written and written.zone]
    place = next((told for told in zones_told if isinstance(told, ZoneInfo)), None)
    fallback = place or (zones_told[0] if zones_told and zone is None else None)
    published, updated = (
        {_stamp(raw, written, zone, fallback) for role, written in found if written and role == wanted}
        for wanted in ("published", "updated")
    )
    return _only(published), _only(updated)


def _parse_any(text: str, zone: str | None, language: str | None) -> Written | None:
    """What the text says, by the first grammar that understands it."""
    text = text.strip(" :")
    if len(text) > _LONGEST:
        return None
    machine = iso.parse_common(text, language) or rfc.parse_rfc(text, zone) or iso.parse_uncommon(text, language)
    if machine is not None:
        return machine
    draft = read_sentence(text)
    return solve(draft, zone, language) if draft else None


def _stamp(raw: str, written: Written, zone: str | None, fallback: tzinfo | None = None) -> Stamp | None:
    known = written.zone or fallback or (zones.find_zone(zone) if zone else written.implied or UTC)
    if known is None:
        return None
    return Stamp(
        utc=to_utc(written.wall, known),
        raw=raw,
        precision=written.precision,
        zone="explicit" if written.zone else "assumed",
    )


def _tag(language: str | None) -> str | None:
    return language.replace("_", "-").lower() if language else None


def _only(stamps: set[Stamp | None]) -> Stamp | None:
    return next(iter(stamps)) if len(stamps) == 1 else None
