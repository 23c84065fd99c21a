"""Which zone a publisher may write its dates in, by how far off they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from aggregator.dates.zones import load_zone

_MOST: Final = 3

_CITIES: Final = (
    "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Istanbul", "Europe/Moscow", "Africa/Lagos",
    "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Tehran", "Asia/Kabul", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Jakarta", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "America/Halifax", "America/St_Johns",
    "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip
"""The best known of each offset first."""

_COUNTRIES: Final[Mapping[str, str]] = {
    "af": "Asia/Kabul", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna", "au": "Australia/Sydney",
    "bd": "Asia/Dhaka", "be": "Europe/Brussels", "bg": "Europe/Sofia", "br": "America/Sao_Paulo",
    "ca": "America/Toronto", "ch": "Europe/Zurich", "cl": "America/Santiago", "cn": "Asia/Shanghai",
    "co": "America/Bogota", "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen",
    "eg": "Africa/Cairo", "es": "Europe/Madrid", "fi": "Europe/Helsinki", "fr": "Europe/Paris",
    "gr": "Europe/Athens", "hk": "Asia/Hong_Kong", "hu": "Europe/Budapest", "id": "Asia/Jakarta",
    "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "it": "Europe/Rome",
    "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kr": "Asia/Seoul", "lk": "Asia/Colombo", "mm": "Asia/Yangon",
    "mx": "America/Mexico_City", "my": "Asia/Kuala_Lumpur", "ng": "Africa/Lagos", "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo", "np": "Asia/Kathmandu", "nz": "Pacific/Auckland", "pe": "America/Lima",
    "ph": "Asia/Manila", "pk": "Asia/Karachi", "pl": "Europe/Warsaw", "ro": "Europe/Bucharest",
    "ru": "Europe/Moscow", "sa": "Asia/Riyadh", "se": "Europe/Stockholm", "sg": "Asia/Singapore",
    "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "ua": "Europe/Kyiv",
    "vn": "Asia/Ho_Chi_Minh", "za": "Africa/Johannesburg",
}  # fmt: skip
"""What a host's last label tells of where its people are."""


def zones_that_fit(host: str, offset: int, tolerance: int, moment: datetime) -> tuple[str, ...]:
    """IANA names of zones that are so many minutes ahead of UTC at the moment; () where none that we know of is.

    That of the host's country alone where it fits, or is ahead by less than the tolerance less; else a few of the
    best known.
    """
    home = _COUNTRIES.get(host.rpartition(".")[2].lower(), "")
    known = offset_of(home, moment)
    if known is not None and offset - tolerance < known <= offset:
        return (home,)
    return tuple(name for name in _CITIES if offset_of(name, moment) == offset)[:_MOST]


def offset_of(zone: str, moment: datetime) -> int | None:
    """The minutes by which a zone is ahead of UTC at the moment; None where the machine does not know it."""
    found = load_zone(zone) if zone else None
    offset = moment.astimezone(found).utcoffset() if found else None
    return None if offset is None else offset // timedelta(minutes=1)
