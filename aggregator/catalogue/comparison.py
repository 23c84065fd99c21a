"""What differs between two catalogues: as data, and in a sentence for whoever puts one in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from aggregator.catalogue import typed_urls
from aggregator.model import (
    Catalogue,
    Difference,
    EntryChange,
    Publication,
    PublicationChange,
    Source,
    SourceChange,
)

_NAMED = 5
"""So many are named; of more, how many there are."""

_SOURCE_KEYS = {"filters": "filter", "rewrites": "rewrite", "trimming": "keep, remove"}
_PUBLICATION_KEYS = {"filters": "filter", "tokens": "private", "tags": "from", "sources": "from", "paths": "path"}
_PLACES = ("id", "kind", "location", "url")


def compare(before: Catalogue, after: Catalogue, stored_under: Mapping[str, str] | None = None) -> Difference:
    """What becomes of the sources and publications of `before`, and what joins them.

    In: `stored_under` has, for sources of `after`, the label under which the store has what their feeds brought,
    where that is another one; see `pipeline.succession`. Without a store equal addresses tell who was renamed.
    """
    given = {
        "site": before.site != after.site,
        "stories": before.overrides != after.overrides,
        "withdraw": before.withdrawn.keys() != after.withdrawn.keys(),
    }
    return Difference(
        sources=tuple(_compare_sources(before, after, stored_under or {})),
        publications=tuple(_compare_publications(before, after)),
        sections=tuple(name for name, differs in given.items() if differs),
    )


def predecessor(publication: Publication, before: Catalogue, after: Catalogue) -> Publication | None:
    """The publication of `before` that one of `after` is, or whose place it takes by its `was`; else None."""
    olds = (before.publication(name) for name in publication.was if after.publication(name) is None)
    return before.publication(publication.id) or next((one for one in olds if one is not None), None)


def describe_change(before: Catalogue, after: Catalogue) -> str:
    """What differs, as `describe` says it, without asking a store."""
    return describe(compare(before, after))


def describe(found: Difference) -> str:
    """The difference in a sentence, without its full stop."""
    told = [*_describe_sources(found.sources), *_describe_publications(found.publications)]
    if found.sections:
        told.append(f"{' and '.join(found.sections)} changed")
    counted = [(one.id, one.entries) for one in found.publications if one.entries is not None]
    told += [f"{name}: {_describe_entries(one)}" for name, one in counted[:_NAMED]]
    if len(counted) > _NAMED:
        told.append(f"entries of {len(counted) - _NAMED} more publications change")
    if told and not found.uncounted:
        told.append(f"{found.again} announced again")
    return "; ".join(told) or "no source and no publication changes"


def _describe_entries(found: EntryChange) -> str:
    return f"{len(found.added)} entries added, {len(found.dropped)} dropped"


def _describe_sources(changes: Sequence[SourceChange]) -> Iterator[str]:
    edited = [one for one in changes if one.fate == "edited"]
    groups = {
        "added": [one.id for one in changes if one.fate == "added"],
        "renamed": [f"{one.was} -> {one.id}" for one in edited if one.was],
        "moved": [one.id for one in edited if one.moved_from],
        "removed": [one.id for one in changes if one.fate == "removed"],
        "changed": [one.id for one in edited if one.keys],
    }
    return _count("source", groups)


def _describe_publications(changes: Sequence[PublicationChange]) -> Iterator[str]:
    edited = [one for one in changes if one.fate == "edited"]
    groups = {
        "added": [one.id for one in changes if one.fate == "added"],
        "renamed": [f"{one.was} -> {one.id}" for one in edited if one.was],
        "removed": [one.id for one in changes if one.fate == "removed"],
        "changed": [one.id for one in edited if one.keys],
    }
    return _count("publication", groups)


def _count(noun: str, groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for how, names in groups.items():
        if names:
            more = ", …" if len(names) > _NAMED else ""
            plural = "" if len(names) == 1 else "s"
            yield f"{len(names)} {noun}{plural} {how} ({', '.join(names[:_NAMED])}{more})"


def _compare_sources(
    before: Catalogue, after: Catalogue, stored_under: Mapping[str, str]
) -> Iterator[SourceChange]:
    earlier = _find_earlier(before, after) | {
        name: was for name, was in stored_under.items() if before.source(was) is not None
    }
    for source in after.sources:
        was = before.source(earlier.get(source.id, ""))
        if was is None:
            yield SourceChange(id=source.id, fate="added", address=source.url)
        elif was != source:
            moved = _address(was) != _address(source)
            change = SourceChange(
                id=source.id,
                fate="edited",
                address=source.url,
                was=was.id if was.id != source.id else None,
                moved_from=was.url if moved else None,
                keys=_changed_keys(was, source, _SOURCE_KEYS),
            )
            if change.was or moved or change.keys:
                yield change
    kept = frozenset(earlier.values())
    for source in before.sources:
        if source.id not in kept:
            yield SourceChange(id=source.id, fate="removed", address=source.url)


def _find_earlier(before: Catalogue, after: Catalogue) -> dict[str, str]:
    """For each source that was there, its earlier label: addresses tell feeds apart, then labels."""
    had = {_address(one): one.id for one in reversed(before.sources)}
    found = {one.id: had[_address(one)] for one in after.sources if _address(one) in had}
    taken = set(found.values())
    stayed = {one.id: one.id for one in after.sources if one.id not in found and one.id not in taken}
    return found | {name: name for name in stayed if before.source(name) is not None}


def _address(source: Source) -> tuple[str, str]:
    if source.kind == "file":
        return source.kind, source.location
    return source.kind, typed_urls.comparable_url(source.location)


def _compare_publications(before: Catalogue, after: Catalogue) -> Iterator[PublicationChange]:
    kept: set[str] = set()
    for publication in after.publications:
        was = predecessor(publication, before, after)
        if was is None:
            yield PublicationChange(id=publication.id, fate="added")
            continue
        kept.add(was.id)
        keys = _changed_keys(was, publication, _PUBLICATION_KEYS)
        renamed = was.id != publication.id
        if keys or renamed:
            old = was.id if renamed else None
            yield PublicationChange(id=publication.id, fate="edited", was=old, keys=keys)
    for publication in before.publications:
        if publication.id not in kept:
            yield PublicationChange(id=publication.id, fate="removed")


def _changed_keys(before: Any, after: Any, names: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of feeds.yaml whose values differ, each once."""
    fields: Iterable[str] = before.__dataclass_fields__
    differing = (one for one in fields if one not in _PLACES and getattr(before, one) != getattr(after, one))
    return tuple(dict.fromkeys(names.get(one, one) for one in differing))
