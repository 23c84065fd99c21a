"""Changes feeds.yaml for people who would rather not: comments, order and every other line stay as they are."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from aggregator.catalogue import typed_urls
from aggregator.catalogue.opml import Outline, parse_opml
from aggregator.catalogue.replace import take
from aggregator.catalogue.sheet import Addition, comparable
from aggregator.catalogue.typed_values import ID
from aggregator.catalogue.typing_in import place_meant
from aggregator.errors import EditError
from aggregator.text import sites
from aggregator.text.characters import to_normal_form
from aggregator.yamlfile.variables import escape

_LONGEST_ID = 40
_LONGEST_TITLE = 200
_LONGEST_SHOWN = 120
_COMMON_LABELS = frozenset({"www", "www3", "feed", "feeds", "rss"})
_UNWRITABLE = frozenset({"Cc", "Cs", "Cn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """Which sources an imported list brought into feeds.yaml, and which it could not.

    Attributes:
        added: The ids of the new sources, in the file's order.
        skipped: One line for each outline that was left out, with the reason.
    """

    added: tuple[str, ...]
    skipped: tuple[str, ...]


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
    name = _new_id(url, title, sheet.ids) if source_id is None else source_id
    new = Addition(
        id=name,
        key=key,
        url=url,
        title=escape(_on_one_line(title)),
        tags=tuple(escape(tag) for tag in map(_on_one_line, tags) if tag),
    )
    original.replace(sheet.with_sources([new]), (*sheet.ids, name))
    return name


def require_addable(path: Path, url: str, source_id: str | None = None) -> str:
    """The address, or the path of a file, as it is to be written; see `add_source`. Changes nothing.

    Raises:
        EditError: There is nothing of the kind, or a source has it, or the id, already.
    """
    place = place_meant(url, path.parent)
    wrong = typed_urls.complaint(place) if place and typed_urls.is_url(place) else None
    if place is None or wrong is not None:
        reason = wrong or "only http:// and https:// can be read, and files beside feeds.yaml"
        raise EditError(f"{_mask_password(url.strip())}: this URL cannot be used: {reason}.")
    sheet = take(path).sheet
    holder = sheet.addresses.get(comparable(place))
    if holder is not None:
        raise EditError(f"{path}: source '{holder}' reads this URL already; nothing to add.")
    if source_id is not None:
        _require_free(path, source_id, sheet.ids)
    return place


def remove_source(path: Path, source_id: str) -> None:
    """Remove a source with its own lines; comments above it stay.

    Raises:
        EditError: There is no such source, a publication names it, or the file cannot be edited.
    """
    original = take(path)
    sheet = original.sheet
    if source_id not in sheet.ids:
        raise EditError(
            f"{path}: there is no source '{_mask_password(source_id)}'; {_nearest(source_id, sheet.ids)}"
        )
    publications = sheet.publications_naming(source_id)
    if publications:
        places = ", ".join(f"publish.{publication}.from" for publication in publications)
        raise EditError(f"{path}: '{source_id}' is named in {places}; remove it there first.")
    remaining = tuple(known for known in sheet.ids if known != source_id)
    original.replace(sheet.without_source(source_id), remaining)


def import_opml(path: Path, content: bytes) -> ImportOutcome:
    """Add the feeds of an OPML file that are not there yet, all of them or, if anything goes wrong, none.

    Titles come along; groups and categories become tags. A `${` in the OPML file means itself: a list from
    somebody else must not get at our environment.

    Raises:
        EditError: The content is not OPML, or feeds.yaml cannot be edited.
    """
    original = take(path)
    sheet = original.sheet
    addresses, ids = sheet.addresses, list(sheet.ids)
    additions: dict[str, Addition] = {}
    skipped: list[str] = []
    for listed in parse_opml(content):
        outline = replace(listed, url=typed_urls.complete(listed.url))
        url = escape(outline.url)
        holder = addresses.get(comparable(url))
        if outline.url and holder in additions:  # listed in several groups: it has the tags of all
            additions[holder] = _with_tags(additions[holder], outline.tags)
        reason = _reason_against(outline.url, holder)
        if reason is not None:
            skipped.append(f"{_mask_password(outline.url or outline.title or 'an outline')}: {reason}")
            continue
        new = _make_addition(outline, url, ids)
        additions[new.id] = new
        ids.append(new.id)
        addresses[comparable(url)] = new.id
    if additions:
        original.replace(sheet.with_sources(list(additions.values())), ids)
    return ImportOutcome(added=tuple(additions), skipped=tuple(skipped))


def _with_tags(new: Addition, tags: Sequence[str]) -> Addition:
    return replace(new, tags=tuple(dict.fromkeys((*new.tags, *tags))))


def _make_addition(outline: Outline, url: str, ids: Collection[str]) -> Addition:
    title = _on_one_line(outline.title)
    name = _new_id(outline.url, title, ids)
    is_label = not outline.titled and title == name  # `export` has no more of what was never read
    return Addition(id=name, url=url, title="" if is_label else escape(title), tags=outline.tags)


def _reason_against(url: str, holder: str | None) -> str | None:
    if not url:
        return "it has no xmlUrl, so there is nothing to read"
    complaint = typed_urls.complaint(url)
    if complaint is not None:
        return complaint
    return None if holder is None else f"source '{holder}' reads this URL already"


def _require_free(path: Path, name: str, ids: Collection[str]) -> None:
    if ID.fullmatch(name) is None:
        raise EditError(
            f"'{_mask_password(name)}' cannot be an id: it holds only a-z, 0-9, - and _, and begins with a letter"
            f" or digit; for example '{_slug(name) or 'my-feed'}'."
        )
    if name in ids:
        raise EditError(f"{path}: there is a source '{name}' already; choose another id.")


def _new_id(url: str, title: str | None, taken: Collection[str]) -> str:
    """An id from the title, else from the host; numbered if it is taken."""
    place = _site_name(url) if typed_urls.is_url(url) else Path(url).stem
    wanted = _slug(title or "") or _slug(place) or "feed"
    name, number = wanted, 2
    while name in taken:
        name = f"{wanted}-{number}"
        number += 1
    return name


def _site_name(url: str) -> str:
    """`feeds.bbci.co.uk` -> `bbci`: what people call the site by."""
    labels = sites.labels_of(url)
    return "-".join(label for label in labels if label not in _COMMON_LABELS) or "-".join(labels)


def _slug(text: str) -> str:
    plain = to_normal_form(text, "NFKD").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].rstrip("-")


def _nearest(source_id: str, ids: Sequence[str]) -> str:
    found = difflib.get_close_matches(source_id, ids, n=1, cutoff=0.5)
    return f"did you mean '{found[0]}'?" if found else "`aggregator status` lists them all."


def _on_one_line(text: str | None) -> str:
    """The text on one line, without the characters that a terminal or YAML would choke on."""
    folded = " ".join((text or "").split())
    kept = "".join(char for char in folded if unicodedata.category(char) not in _UNWRITABLE)
    return kept[:_LONGEST_TITLE].strip()


def _mask_password(text: str) -> str:
    """For messages; a password in a URL is not repeated."""
    line = _on_one_line(typed_urls.mask_password(text))
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"
