"""Changes feeds.yaml for people who would rather not: comments, order and every other line stay as they are."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from aggregator.catalogue import typed_urls
from aggregator.catalogue.naming import new_id, on_one_line, show, slug
from aggregator.catalogue.replace import take
from aggregator.catalogue.sheet import Addition, comparable
from aggregator.catalogue.typed_values import ID
from aggregator.catalogue.typing_in import place_meant
from aggregator.errors import EditError
from aggregator.yamlfile.variables import escape


def add_source(
    path: Path,
    url: str,
    *,
    source_id: str | None = None,
    title: str | None = None,
    tags: Sequence[str] = (),
    key: Literal["url", "page"] = "url",
) -> str:
    """Add a source after the others.

    Args:
        path: feeds.yaml.
        url: The feed's own http(s) URL, or the path of a file beside feeds.yaml; `${NAME}` in a URL refers to the
            environment, as in the file.
        source_id: Its id; None makes one from the title or the host.
        title: Shown instead of the feed's own.
        tags: For publications to select by.
        key: What the address is: of a feed, or of a page that lists articles.

    Returns:
        The id.

    Raises:
        EditError: The URL or the id cannot be used or is there already, or the file cannot be edited. The file
            is then as it was.
    """
    url = require_addable(path, url, source_id)
    original = take(path)
    sheet = original.sheet
    name = new_id(url, title, sheet.ids) if source_id is None else source_id
    new = Addition(
        id=name,
        key=key,
        url=url,
        title=escape(on_one_line(title)),
        tags=tuple(escape(tag) for tag in map(on_one_line, tags) if tag),
    )
    original.replace(sheet.with_sources([new]), (*sheet.ids, name))
    return name


def require_addable(path: Path, url: str, source_id: str | None = None) -> str:
    """The address, or the path of a file, as it is to be written; see `add_source`. Changes nothing.

    Raises:
        EditError: There is nothing of the kind, its host asked not to be read, or a source has it or
            the id already.
    """
    place = place_meant(url, path.parent)
    typed = url.strip()
    if place is None and not typed_urls.is_mistyped_url(typed):
        raise EditError(
            f"there is no such file: {show(typed)}; a file lies beside feeds.yaml, a URL begins with https://"
        )
    url = place or typed
    is_file = place is not None and not typed_urls.is_url(place)
    wrong = None if is_file else typed_urls.explain_complaint(url, url)
    if wrong is not None:
        raise EditError(f"{show(typed)}: this URL cannot be used: {wrong}{'' if wrong.endswith('?') else '.'}")
    original = take(path)
    sheet, refusal = original.sheet, None if is_file else original.refuser()(url)
    if refusal is not None:
        raise EditError(f"{show(typed)}: {refusal}; nothing was asked or added.")
    holder = sheet.addresses.get(comparable(url))
    if holder is not None:
        raise EditError(f"{path}: source '{holder}' reads this URL already; nothing to add.")
    if source_id is not None:
        _require_free(path, source_id, sheet.ids)
    return url


def remove_source(path: Path, source_id: str, elsewhere: str = "") -> None:
    """Remove a source with its own lines; comments above it stay.

    In: `elsewhere` says where it is from, and what to do, if it does not stand in the file: whole sentences.

    Raises:
        EditError: There is no such source, a publication names it, or the file cannot be edited.
    """
    original = take(path)
    sheet = original.sheet
    if source_id not in sheet.ids and elsewhere:
        raise EditError(f"{path}: '{source_id}' {elsewhere}")
    if source_id not in sheet.ids:
        raise EditError(f"{path}: there is no source '{show(source_id)}'; {_nearest(source_id, sheet.ids)}")
    publications = sheet.publications_naming(source_id)
    if publications:
        places = ", ".join(f"publish.{publication}.from" for publication in publications)
        raise EditError(f"{path}: '{source_id}' is named in {places}; remove it there first.")
    remaining = tuple(known for known in sheet.ids if known != source_id)
    original.replace(sheet.without_source(source_id), remaining)


def _require_free(path: Path, name: str, ids: Collection[str]) -> None:
    if ID.fullmatch(name) is None:
        raise EditError(
            f"'{show(name)}' cannot be an id: it holds only a-z, 0-9, - and _, and begins with a letter"
            f" or digit; for example '{slug(name) or 'my-feed'}'."
        )
    if name in ids:
        raise EditError(f"{path}: there is a source '{name}' already; choose another id.")


def _nearest(source_id: str, ids: Sequence[str]) -> str:
    found = difflib.get_close_matches(source_id, ids, n=1, cutoff=0.5)
    return f"did you mean '{found[0]}'?" if found else "`aggregator status` lists them all."
