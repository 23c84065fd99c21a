"""Time zones by every name that feeds give them.

Abbreviations are no identifiers: most mean one offset wherever news is written in them, some mean several. The
table holds the meaning with the most readers (IST is India's, CST and EST are North America's, BST is
Britain's); a source that declares its zone gets the meaning that the zone gives the letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_H = 60

ABBREVIATIONS: Mapping[str, int] = {
    # world
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "tu": 0, "tuc": 0, "zulu": 0, "wet": 0, "гмт": 0, "utc/gmt": 0,
    "世界标准时间": 0, "世界協調時": 0,
    # Europe and Africa
    "bst": _H, "ist": 5 * _H + 30, "west": _H, "cet": _H, "cest": 2 * _H, "met": _H, "mest": 2 * _H, "mez": _H,
    "mesz": 2 * _H, "eet": 2 * _H, "eest": 3 * _H, "msk": 3 * _H, "msd": 4 * _H, "мск": 3 * _H, "trt": 3 * _H,
    "samt": 4 * _H, "yekt": 5 * _H, "omst": 6 * _H, "novt": 7 * _H, "krat": 7 * _H, "irkt": 8 * _H,
    "yakt": 9 * _H, "vlat": 10 * _H, "magt": 11 * _H, "pett": 12 * _H, "wat": _H, "cat": 2 * _H, "sast": 2 * _H,
    "eat": 3 * _H, "azot": -_H, "cvt": -_H,
    # Asia
    "irst": 3 * _H + 30, "irdt": 4 * _H + 30, "idt": 3 * _H, "gst": 4 * _H, "azt": 4 * _H, "aft": 4 * _H + 30,
    "pkt": 5 * _H, "uzt": 5 * _H, "tjt": 5 * _H, "npt": 5 * _H + 45, "almt": 5 * _H, "bdt": 6 * _H,
    "bdst": 7 * _H, "mmt": 6 * _H + 30, "ict": 7 * _H, "wib": 7 * _H, "wita": 8 * _H, "wit": 9 * _H,
    "hkt": 8 * _H, "sgt": 8 * _H, "myt": 8 * _H, "pht": 8 * _H, "phst": 8 * _H, "ulat": 8 * _H, "jst": 9 * _H,
    "kst": 9 * _H, "tlt": 9 * _H,
    # Australia and the Pacific
    "awst": 8 * _H, "acst": 9 * _H + 30, "acdt": 10 * _H + 30, "aest": 10 * _H, "aedt": 11 * _H,
    "chst": 10 * _H, "pgt": 10 * _H, "nzst": 12 * _H, "nzdt": 13 * _H, "fjt": 12 * _H, "hst": -10 * _H,
    "hdt": -9 * _H,
    # the Americas
    "akst": -9 * _H, "akdt": -8 * _H, "pst": -8 * _H, "pdt": -7 * _H, "mst": -7 * _H, "mdt": -6 * _H,
    "cst": -6 * _H, "cdt": -5 * _H, "est": -5 * _H, "edt": -4 * _H, "ast": -4 * _H, "adt": -3 * _H,
    "nst": -3 * _H - 30, "ndt": -2 * _H - 30, "art": -3 * _H, "brt": -3 * _H, "brst": -2 * _H, "clt": -4 * _H,
    "clst": -3 * _H, "cot": -5 * _H, "pet": -5 * _H, "ect": -5 * _H, "vet": -4 * _H, "bot": -4 * _H,
    "gyt": -4 * _H, "uyt": -3 * _H, "pyt": -3 * _H, "hae": -4 * _H, "hne": -5 * _H,
}  # fmt: skip
"""Minutes east of Greenwich, by folded abbreviation."""

REGIONS: Mapping[str, str] = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "at": "America/Halifax", "akt": "America/Anchorage", "eastern": "America/New_York",
    "eastern time": "America/New_York", "us eastern time": "America/New_York",
    "central time": "America/Chicago", "mountain time": "America/Denver", "pacific time": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "atlantic time": "America/Halifax", "uk time": "Europe/London",
    "london time": "Europe/London", "moscow time": "Europe/Moscow", "tehran time": "Asia/Tehran",
    "paris time": "Europe/Paris", "tokyo time": "Asia/Tokyo", "new york time": "America/New_York",
    "kyiv time": "Europe/Kyiv", "istanbul time": "Europe/Istanbul", "jerusalem time": "Asia/Jerusalem",
    "sydney time": "Australia/Sydney", "по москве": "Europe/Moscow", "по московскому времени": "Europe/Moscow",
    "время московское": "Europe/Moscow", "за києвом": "Europe/Kyiv", "за київським часом": "Europe/Kyiv",
    "heure de paris": "Europe/Paris", "beijing time": "Asia/Shanghai", "北京时间": "Asia/Shanghai",
    "北京時間": "Asia/Shanghai",
    "台北时间": "Asia/Taipei", "台北時間": "Asia/Taipei",
    "香港時間": "Asia/Hong_Kong", "日本時間": "Asia/Tokyo", "한국시간": "Asia/Seoul", "한국 시간": "Asia/Seoul",
    "به وقت تهران": "Asia/Tehran",
    "تهران": "Asia/Tehran", "hora de brasilia": "America/Sao_Paulo", "horario de brasilia": "America/Sao_Paulo",
    "بتوقیت مکه": "Asia/Riyadh", "بتوقیت القاهره": "Africa/Cairo",
}  # fmt: skip
"""Names of a place's time, summer or winter, whichever applies on that day."""

SPOKEN: Mapping[str, str] = {
    "coordinated universal time": "utc", "greenwich mean time": "gmt", "universal time": "utc",
    "بتوقیت غرینتش": "gmt", "بتوقیت جرینتش": "gmt", "по гринвичу": "gmt", "eastern standard time": "est",
    "eastern daylight time": "edt", "central standard time": "cst", "central daylight time": "cdt",
    "mountain standard time": "mst", "mountain daylight time": "mdt", "pacific standard time": "pst",
    "pacific daylight time": "pdt", "british summer time": "bst", "western european time": "wet",
    "western european summer time": "west", "central european time": "cet",
    "central european standard time": "cet", "central european summer time": "cest",
    "eastern european time": "eet", "eastern european standard time": "eet",
    "eastern european summer time": "eest", "moscow standard time": "msk", "india standard time": "ist",
    "indian standard time": "ist", "iran standard time": "irst", "iran daylight time": "irdt",
    "pakistan standard time": "pkt", "hong kong time": "hkt", "hong kong standard time": "hkt",
    "singapore time": "sgt", "singapore standard time": "sgt", "japan standard time": "jst",
    "korea standard time": "kst", "korean standard time": "kst", "australian eastern standard time": "aest",
    "australian eastern daylight time": "aedt", "new zealand standard time": "nzst",
    "new zealand daylight time": "nzdt", "south africa standard time": "sast", "east africa time": "eat",
    "west africa time": "wat", "central africa time": "cat", "gulf standard time": "gst",
    "brasilia standard time": "brt", "argentina standard time": "art", "philippine time": "pht",
}  # fmt: skip
"""Abbreviations written out."""

ELSEWHERE: Mapping[str, tuple[tuple[str, int], ...]] = {
    "bst": (("Asia/Dhaka", 6 * _H), ("Pacific/Bougainville", 11 * _H)),
    "ast": tuple((f"Asia/{city}", 3 * _H) for city in ("Riyadh", "Kuwait", "Baghdad", "Bahrain", "Qatar", "Aden")),
    "est": (("Australia/", 10 * _H),),
    "edt": (("Australia/", 11 * _H),),
    "cst": (("Australia/", 9 * _H + 30),),
    "cdt": (("Australia/", 10 * _H + 30),),
    "wst": (("Australia/", 8 * _H), ("Pacific/Apia", 13 * _H)),
    "mst": (("Asia/Kuala_Lumpur", 8 * _H),),
    "sst": (("Asia/Singapore", 8 * _H), ("Pacific/", -11 * _H)),
    "gst": (("Atlantic/South_Georgia", -2 * _H),),
    "amt": (("Asia/Yerevan", 4 * _H), ("America/", -4 * _H)),
    "bdt": (("Asia/Brunei", 8 * _H),),
}
"""What abbreviations mean in zones where the table's meaning or the zone database does not help."""

_AMERICAN = frozenset({"pst", "pdt", "mst", "mdt", "cst", "cdt", "est", "edt", "akst", "akdt", "hst"})
_EUROPEAN = frozenset(
    {
        "cet",
        "cest",
        "met",
        "mest",
        "mez",
        "mesz",
        "bst",
        "west",
        "wet",
        "eet",
        "eest",
        "msk",
        "мск",
        "aest",
        "aedt",
    }
    | {"ist", "sast", "nzst", "nzdt"}
)
_MONTH_FIRST = frozenset(
    {f"America/{city}" for city in ("New_York", "Chicago", "Denver", "Los_Angeles", "Phoenix", "Detroit", "Boise")}
    | {"America/Anchorage", "Pacific/Honolulu", "Asia/Manila"}
)
_MONTH_FIRST_AREAS = ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")
_UNSETTLED = re.compile(
    "(?:UTC|GMT|Etc/.*|Canada/.*|America/(?:Toronto|Vancouver|Halifax|Edmonton|Winnipeg|Regina))$"
)


@lru_cache(maxsize=512)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, in any case and with spaces for underscores; None when there is none."""
    key = name.replace(" ", "_")
    return load_zone(key) or load_zone(_capitals(key))


def fixed_zone(minutes: int) -> timezone:
    """A zone that is always that many minutes east of Greenwich."""
    return timezone(timedelta(minutes=minutes))


def zone_of_abbreviation(letters: str, wall: datetime, source_zone: str | None) -> tzinfo | None:
    """What an abbreviation means to a source at that time.

    Args:
        letters: Folded.
        wall: The wall time that it stands beside.
        source_zone: The zone that the source declares; one that uses the letters itself decides.

    Returns:
        A fixed offset, since EST is five hours behind in summer too; None when the letters mean nothing here.
    """
    zone = find_zone(source_zone) if source_zone else None
    if zone is not None:
        for day in (wall, wall.replace(month=1, day=15), wall.replace(month=7, day=15)):
            local = day.replace(tzinfo=zone)
            if str(local.tzname()).lower() == letters:
                return timezone(local.utcoffset() or timedelta())
        for area, minutes in ELSEWHERE.get(letters, ()):
            if str(source_zone).startswith(area):
                return fixed_zone(minutes)
    return fixed_zone(ABBREVIATIONS[letters]) if letters in ABBREVIATIONS else None


def numeric_order_of_zone(zone: str) -> str | None:
    """How numeric dates are written where a zone applies: `mdy`, `dmy`, or None where customs differ.

    Args:
        zone: An IANA name or a folded abbreviation.
    """
    if zone in _AMERICAN or zone in _MONTH_FIRST or zone.startswith(_MONTH_FIRST_AREAS):
        return "mdy"
    known = zone in _EUROPEAN or ("/" in zone and not _UNSETTLED.match(zone))
    return "dmy" if known else None


def load_zone(key: str) -> ZoneInfo | None:
    """The zone of that name; None where the machine knows none."""
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return None


def _capitals(key: str) -> str:
    parts = re.split(r"([/_-])", key.lower())
    return "".join(part if part in {"of", "es", "au"} else part.capitalize() for part in parts)
