"""What people type where a source is meant: its id, or an address, known or not."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.catalogue import typed_urls
from aggregator.errors import UnknownNameError
from aggregator.model import Catalogue, Source
from aggregator.yamlfile import nearest_name
from aggregator.yamlfile.variables import expand, values

STRANGER = "preview"
"""The id of a source that has none yet."""


def source_meant(name: str, catalogue: Catalogue, environ: Mapping[str, str]) -> tuple[Source, frozenset[str]]:
    """The source of that id or address; for an address that no source has, one with no word of an editor.

    Returns:
        The source; and what `${NAME}` in the address stands for, which must not be told.

    Raises:
        UnknownNameError: It is neither.
    """
    name = name.strip()
    known = catalogue.source(name)
    if known is not None:
        return known, frozenset()
    if not typed_urls.is_url(name):
        near = nearest_name(name, [source.id for source in catalogue.sources])
        hint = f"did you mean '{near}'?" if near else "`aggregator check` lists them; a URL begins with https://"
        raise UnknownNameError(f"There is no source '{name[:100]}'; {hint}")
    location, complaints = expand(name, environ)
    shown = typed_urls.mask_password(name)
    wrong = next(iter(complaints), None) or typed_urls.complaint(location)
    if wrong is not None:
        raise UnknownNameError(f"{shown}: this URL cannot be used: {wrong}.")
    address = typed_urls.comparable_url(location)
    for source in catalogue.sources:
        if source.kind != "file" and typed_urls.comparable_url(source.location) == address:
            return source, frozenset()
    return Source(id=STRANGER, kind="feed", location=str(location), url=shown), frozenset(values(name, environ))
