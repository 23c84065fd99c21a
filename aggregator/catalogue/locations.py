"""Where each source is, at a URL or in a file beside feeds.yaml; and whether two are the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aggregator.catalogue import typed_urls
from aggregator.catalogue.selecting import check_select
from aggregator.model import SourceKind
from aggregator.yamlfile import Place, Report, YamlDocument

KINDS: Final[dict[str | int, SourceKind]] = {"url": "feed", "page": "page", "json": "json", "xpath": "xpath"}
"""What a source is, by the key under which its location stands; a feed may turn out to be a file."""

WHOLE: Final[dict[SourceKind, str]] = {
    "page": "the articles of a `page` are always read whole; remove this key",
    "file": "only the entries of a feed at a URL can be fetched whole, not those of a file; remove this key",
}
"""Why `content: full` says nothing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where one source is read from.

    Attributes:
        kind: What it is read as; see `Source.kind`.
        location: What is asked or opened, secrets included.
        url: What may be shown of it.
    """

    kind: SourceKind
    location: str = field(repr=False)
    url: str


def locate_all(document: YamlDocument, folder: Path, report: Report) -> dict[str, Whereabouts]:
    """The place of every source whose place is right.

    Reads the plain data, so that a mistake elsewhere in a source hides nothing that is wrong with its place.
    """
    found: dict[str, Whereabouts] = {}
    first: dict[str, Place] = {}
    for source_id, value in document.section("sources").items():
        place: Place = ("sources", source_id)
        written = _place_as_written(value, place, report)
        whereabouts = written and _locate(document, written, folder, report)
        if not whereabouts:
            continue
        found[source_id] = whereabouts
        if isinstance(value, dict) and value.get("content") == "full" and whereabouts.kind in WHOLE:
            report.add((*place, "content"), WHOLE[whereabouts.kind])
        key = (
            whereabouts.location if whereabouts.kind == "file" else typed_urls.comparable_url(whereabouts.location)
        )
        if key in first:
            other = first[key]
            what = "file" if whereabouts.kind == "file" else "URL"
            report.add(
                place,
                f"the same {what} as source '{other[-1]}' on line {document.line(other)}; remove one of the two",
            )
        first.setdefault(key, place)
    return found


def _place_as_written(value: Any, place: Place, report: Report) -> Place | None:
    """Where the source's location is written."""
    if isinstance(value, str):
        return place
    if not isinstance(value, dict):
        return None
    given = [key for key in KINDS if value.get(key) is not None]
    if len(given) != 1:
        named = " and ".join(f"`{key}`" for key in given)
        wanted = f"not {named}; keep one" if given else "and this one has none of them; add one"
        report.add(place, f"a source has one of `url` (a feed, a file), `page`, `json` and `xpath`, {wanted}")
        return None
    if "select" in value or given[0] in {"json", "xpath"}:
        check_select(KINDS[given[0]], value.get("select"), (*place, "select"), report)
    return (*place, given[0]) if isinstance(value[given[0]], str) else None


def _locate(document: YamlDocument, place: Place, folder: Path, report: Report) -> Whereabouts | None:
    written = document.as_written(place).strip()
    location = str(document.value(place)).strip()
    if report.has(place) or not location:
        return None
    kind = KINDS[place[-1]] if len(place) == 3 else "feed"
    if kind != "feed" or not _is_beside(folder, location):
        scheme = typed_urls.missing_scheme(location)
        if scheme:
            location, written = scheme + location, scheme + written
            report.note(place, f"source '{place[1]}' is read as {typed_urls.mask_password(written)}")
    is_file = not typed_urls.is_url(location) and (
        _is_beside(folder, location) or not typed_urls.is_mistyped_url(location)
    )
    if kind == "feed" and is_file:
        return _locate_file(document, place, folder, report)
    wrong = typed_urls.explain_complaint(location, written)
    if wrong is not None:
        report.add(place, f"this URL cannot be used: {wrong}")
        return None
    return Whereabouts(kind=kind, location=location, url=typed_urls.mask_password(written))


def _is_beside(folder: Path, name: str) -> bool:
    """Whether a file, or the folder that it would be in, stands beside feeds.yaml: then no host is meant."""
    try:
        first = name.partition("/")[0]
        return bool(first) and not typed_urls.is_url(name) and (folder / first).exists()
    except (OSError, ValueError):  # a null character, a name too long
        return False


def _locate_file(document: YamlDocument, place: Place, folder: Path, report: Report) -> Whereabouts | None:
    name = str(document.value(place)).strip()
    written = document.as_written(place).strip()
    try:
        home = folder.resolve()
        path = (home / name).resolve()
        inside = path.is_relative_to(home) and path != home and not Path(name).is_absolute()
        is_file, exists = path.is_file(), path.exists()
    except (OSError, ValueError, RuntimeError):  # a null character, a loop of links, a name too long
        report.add(place, "this is neither a URL nor the path of a file")
        return None
    if not inside:
        report.add(place, "a file must lie beside feeds.yaml or below it; write a path relative to feeds.yaml")
        return None
    if not exists and not {".", "/"} & set(name):  # what was begun to be typed, not a file that is yet to come
        report.add(place, f"there is no such file beside feeds.yaml: {written} (a URL begins with https://)")
        return None
    if not is_file:
        what = "this is no file" if exists else "there is no such file"
        report.note(place, f"source '{place[1]}': {what}: {written} (a URL begins with https://)")
    return Whereabouts(kind="file", location=str(path), url=written)
