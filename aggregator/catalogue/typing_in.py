"""What people type where a source is meant: its id, or an address, known or not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aggregator.catalogue import typed_urls
from aggregator.errors import UnknownNameError
from aggregator.model import Catalogue, Source
from aggregator.yamlfile import nearest_name
from aggregator.yamlfile.variables import expand, values

STRANGER = "preview"
"""The id of a source that has none yet."""


def place_meant(name: str, folder: Path) -> str | None:
    """The address or file that people mean, as feeds.yaml may have it; None for what is neither.

    In: what was typed; the folder of feeds.yaml. An address without its scheme gets one; a file is named by its
    path beside feeds.yaml.
    """
    name = name.strip()
    if not typed_urls.is_url(name):
        try:
            home = folder.resolve()
            path = (home / name).resolve()
            if path.is_relative_to(home) and path.is_file():
                return path.relative_to(home).as_posix()
        except (OSError, ValueError, RuntimeError):  # a null character, a loop of links, a name too long
            return None
    name = typed_urls.complete(name)
    return name if typed_urls.is_url(name) else None


def source_meant(
    name: str, catalogue: Catalogue, environ: Mapping[str, str], folder: Path
) -> tuple[Source, frozenset[str]]:
    """The source of that id, address or file; for a place that no source has, one with no word of an editor.

    In: what was typed; what feeds.yaml says; where `${NAME}` is looked up; the folder of feeds.yaml.

    Returns:
        The source; and what `${NAME}` in the address stands for, which must not be told.

    Raises:
        UnknownNameError: It is neither.
    """
    name = name.strip()
    known = catalogue.source(name)
    if known is not None:
        return known, frozenset()
    place = place_meant(name, folder)
    if place is None and not typed_urls.is_mistyped_url(name):
        near = nearest_name(name, [source.id for source in catalogue.sources])
        hint = f"did you mean '{near}'?" if near else "`aggregator check` lists them; a URL begins with https://"
        raise UnknownNameError(f"There is no source '{name[:100]}', and no such file beside feeds.yaml; {hint}")
    if place is not None and not typed_urls.is_url(place):
        stranger = Source(id=STRANGER, kind="file", location=str(folder.resolve() / place), url=place)
        return next((one for one in catalogue.sources if one.location == stranger.location), stranger), frozenset()
    name = place or name
    location, complaints = expand(name, environ)
    shown = typed_urls.mask_password(name)
    wrong = next(iter(complaints), None) or typed_urls.explain_complaint(location, name)
    if wrong is not None:
        raise UnknownNameError(f"{shown}: this URL cannot be used: {wrong}{'' if wrong.endswith('?') else '.'}")
    address = typed_urls.comparable_url(location)
    for source in catalogue.sources:
        if source.kind != "file" and typed_urls.comparable_url(source.location) == address:
            return source, frozenset()
    return Source(id=STRANGER, kind="feed", location=str(location), url=shown), frozenset(values(name, environ))
