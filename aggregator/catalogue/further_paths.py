"""Further addresses of publications, for those whose subscribers know them by others: `path: /rss20.xml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from aggregator.model import Format, Publication
from aggregator.yamlfile import Place, Report
from aggregator.yamlfile.types import fault

_SAFE = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+/?")
_LONGEST = 200
_OF_FORMATS: Mapping[str, Format] = {"atom": "atom", "json": "json", "rss": "rss"}
_CODINGS = (".gz", ".br")
_ROBOTS = "robots.txt"


def check_path(value: str) -> str:
    """A path below the root of the site that needs no escapes, and is a file's name as well."""
    if not value.startswith("/"):
        raise fault("a path begins with a slash, such as /rss20.xml, and has no host before it")
    if len(value) > _LONGEST or not _SAFE.fullmatch(value):
        raise fault("a path holds only letters, digits, - _ . ~ and slashes, and no part of it begins with a dot")
    if value.endswith(_CODINGS):
        raise fault("the compressed forms of a document have such names; leave the ending away")
    return value


def format_of(path: str, formats: Collection[Format]) -> Format:
    """What is served at the path: the format that its name tells of, else the first that there is."""
    name = path.rstrip("/").rpartition("/")[2].lower()
    told = (form for word, form in _OF_FORMATS.items() if word in name)
    return next(told, next(iter(formats)))


def check_paths(publications: Collection[Publication], reserved: Collection[str], report: Report) -> None:
    """Report every further path of a publication that leads somewhere else already."""
    owners = {name: one.id for one in publications for name in (one.id, *one.was)}
    taken: dict[str, str] = {}
    for publication in publications:
        for index, (path, form) in enumerate(publication.paths):
            place: Place = ("publish", publication.id, "path", index)
            if form not in publication.formats:
                report.add(place, f"'{path}' names {form}, which `formats` leaves out; add it there")
            bare = path.strip("/")
            others = {other: name for other, name in taken.items() if (other, name) != (bare, publication.id)}
            for wrong in _conflicts(bare, owners, reserved, others):
                report.add(place, f"'{path}' {wrong}")
            taken.setdefault(bare, publication.id)


def _conflicts(
    bare: str, owners: Mapping[str, str], reserved: Collection[str], taken: Mapping[str, str]
) -> Iterator[str]:
    first = bare.partition("/")[0]
    stem, _, ending = first.rpartition(".")
    stem = stem.removesuffix(".changes") if ending == "atom" else stem
    owner = owners.get(first, owners.get(stem) if ending in _OF_FORMATS.values() else None)
    if first == _ROBOTS or first.partition(".")[0] in reserved:
        yield "is an address of our own pages; choose another one"
    elif owner is not None:
        yield f"is an address that '{owner}' has anyway; leave it out"
    elif bare in taken:
        yield f"is an address of '{taken[bare]}' too; it can lead to one only"
    elif any(bare.startswith(f"{other}/") or other.startswith(f"{bare}/") for other in taken):
        yield "lies below another path, or another one below it, which files cannot; choose another one"
