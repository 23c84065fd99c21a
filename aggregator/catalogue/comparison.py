"""What differs between two catalogues: as data, and in a sentence for whoever puts one in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from aggregator.catalogue import ended_addresses, typed_urls
from aggregator.model import (
    Catalogue,
    Difference,
    EntryChange,
    FollowedList,
    ListChange,
    Publication,
    PublicationChange,
    Source,
    SourceChange,
)

_NAMED = 5
"""So many are named; of more, how many there are."""

_FATES = ("added", "renamed", "moved", "removed", "polled no more", "polled again", "changed")

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
        "opt_out": before.opted_out.keys() != after.opted_out.keys(),
    }
    return Difference(
        sources=tuple(_compare_sources(before, after, stored_under or {})),
        publications=tuple(_compare_publications(before, after)),
        lists=tuple(_compare_lists(before.lists, after.lists)),
        sections=tuple(name for name, differs in given.items() if differs),
    )


def compare_with_nothing(after: Catalogue) -> Difference:
    """What differs before anything is in force: all of it is new, whatever file has it already."""
    nothing = Catalogue(site=after.site, sources=(), publications=())
    return replace(compare(nothing, after), uncounted="nothing is in force yet, so all is new")


def predecessor(publication: Publication, before: Catalogue, after: Catalogue) -> Publication | None:
    """The publication of `before` that one of `after` is, or whose place it takes by its `was`; else None."""
    olds = (before.publication(name) for name in publication.was if after.publication(name) is None)
    return before.publication(publication.id) or next((one for one in olds if one is not None), None)


def describe_change(before: Catalogue, after: Catalogue) -> str:
    """What differs, as `describe` says it, without asking a store."""
    return describe(compare(before, after))


def describe(found: Difference) -> str:
    """The difference in a sentence, without its full stop."""
    told = [
        *_describe_changes("list", found.lists),
        *_describe_changes("source", found.sources),
        *_describe_changes("publication", found.publications),
        *(line for one in found.publications for line in describe_access(one)),
        *_describe_ends(found.publications),
    ]
    if found.sections:
        told.append(f"{' and '.join(found.sections)} changed")
    counted = [(one.id, one.entries) for one in found.publications if one.entries is not None]
    told += [f"{name}: {_describe_entries(one)}" for name, one in counted[:_NAMED]]
    if len(counted) > _NAMED:
        told.append(f"entries of {len(counted) - _NAMED} more publications change")
    if told and not found.uncounted:
        told.append(f"{found.again} announced again")
        told += _describe_unseen(found.unseen)
    return "; ".join(told) or "no source and no publication changes"


def _describe_unseen(names: Sequence[str]) -> Iterator[str]:
    """That nobody knows what sources bring from addresses to which they move."""
    if names:
        yield (
            f"not counting what {_name_some(names)} {'brings' if len(names) == 1 else 'bring'} from "
            f"{'its new address' if len(names) == 1 else 'their new addresses'}, which nobody has read yet"
        )


def _describe_entries(found: EntryChange) -> str:
    entries = "1 entry" if len(found.added) == 1 else f"{len(found.added)} entries"
    return f"{entries} added, {len(found.dropped)} dropped"


def describe_access(change: PublicationChange) -> Iterator[str]:
    """Who may read a publication that could not, or may no more, a sentence each."""
    if change.becomes == "public":
        yield f"{change.id} becomes public: anybody can read it; its addresses under a token end"
    if change.becomes == "private":
        yield f"{change.id} becomes private: its public addresses end"
    if change.lost_tokens:
        plural = "" if change.lost_tokens == 1 else "s"
        yield f"{change.id} loses {change.lost_tokens} token{plural}: its addresses under such a token end"


def _describe_ends(changes: Sequence[PublicationChange]) -> Iterator[str]:
    ends = [path for one in changes for path in one.ends]
    if ends:
        yield f"{len(ends)} {'address ends' if len(ends) == 1 else 'addresses end'} ({_name_some(ends)})"


def _describe_changes(
    noun: str, changes: Sequence[SourceChange] | Sequence[ListChange] | Sequence[PublicationChange]
) -> Iterator[str]:
    """How many there are of each fate; each change is counted once, as the most that becomes of it."""
    groups: dict[str, list[str]] = {how: [] for how in _FATES}
    for one in changes:
        how = _most_of(one)
        if how is not None:
            groups[how].append(f"{one.was} -> {one.id}" if how == "renamed" else one.id)
    for how, names in groups.items():
        if names:
            plural = "" if len(names) == 1 else "s"
            yield f"{len(names)} {noun}{plural} {how} ({_name_some(names)})"


def _most_of(one: SourceChange | ListChange | PublicationChange) -> str | None:
    """The most that becomes of it, one of `_FATES`; None where only its entries change."""
    if one.fate != "edited":
        return one.fate
    if one.was:
        return "renamed"
    if not isinstance(one, PublicationChange) and (one.moved_from or one.polling):
        return "moved" if one.moved_from else "polled no more" if one.polling == "ends" else "polled again"
    return "changed" if one.keys else None


def _name_some(names: Sequence[str]) -> str:
    return ", ".join([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])


def _compare_lists(before: Sequence[FollowedList], after: Sequence[FollowedList]) -> Iterator[ListChange]:
    """By their names; a name that is new to an address whose old name is gone is another name of the same list."""
    olds, names = {one.id: one for one in before}, {one.id for one in after}
    gone = {_address(one.source): one for one in before if one.id not in names}
    for one in after:
        was = olds.pop(one.id, None) or gone.pop(_address(one.source), None)
        if was is None:
            yield ListChange(id=one.id, fate="added", address=one.source.url, polling=_polling(None, one.source))
            continue
        olds.pop(was.id, None)
        change = ListChange(
            id=one.id,
            fate="edited",
            address=one.source.url,
            was=was.id if was.id != one.id else None,
            moved_from=was.source.url if _address(was.source) != _address(one.source) else None,
            keys=(
                *_changed_keys(was.template, one.template, _SOURCE_KEYS),
                *(["without"] if was.without != one.without else []),
            ),
            polling=_polling(was.source, one.source),
        )
        if change.was or change.moved_from or change.keys or change.polling:
            yield change
    for one in olds.values():
        yield ListChange(id=one.id, fate="removed", address=one.source.url)


def _compare_sources(
    before: Catalogue, after: Catalogue, stored_under: Mapping[str, str]
) -> Iterator[SourceChange]:
    earlier = _find_earlier(before, after) | {
        name: was for name, was in stored_under.items() if before.source(was) is not None
    }
    for source in after.sources:
        was = before.source(earlier.get(source.id, ""))
        if was is None:
            yield SourceChange(id=source.id, fate="added", address=source.url, polling=_polling(None, source))
        elif was != source:
            moved, polling = _address(was) != _address(source), _polling(was, source)
            change = SourceChange(
                id=source.id,
                fate="edited",
                address=source.url,
                was=was.id if was.id != source.id else None,
                moved_from=was.url if moved else None,
                keys=(
                    *_kind_key(was, source),
                    *_changed_keys(_as_typed(was, polling), _as_typed(source, polling), _SOURCE_KEYS),
                ),
                polling=polling,
            )
            if change.was or moved or change.keys or polling:
                yield change
    kept = frozenset(earlier.values())
    for source in before.sources:
        if source.id not in kept:
            yield SourceChange(id=source.id, fate="removed", address=source.url)


def _kind_key(was: Source, now: Source) -> tuple[str, ...]:
    """The key under which its address stands now, if it is to be read as something else."""
    before, after = ("url" if kind in {"feed", "file"} else kind for kind in (was.kind, now.kind))
    return (after,) if before != after else ()


def _polling(was: Source | None, now: Source) -> Literal["ends", "resumes"] | None:
    """What becomes of its polls because its host asked not to be read, or does so no more."""
    before = was is not None and was.opted_out is not None
    if before == (now.opted_out is not None):
        return None
    return "resumes" if before else "ends"


def _as_typed(source: Source, polling: str | None) -> Source:
    """Without what `opt_out` makes of it, which is told for itself."""
    return replace(source, opted_out=None, enabled=source.enabled or polling is not None)


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
    olds = {one.id: predecessor(one, before, after) for one in after.publications}
    kept = {one.id for one in olds.values() if one is not None}
    gone = [one for one in before.publications if one.id not in kept]
    for publication in after.publications:
        was = olds[publication.id]
        if was is None:
            alike = ended_addresses.find_alike(publication, gone)
            yield PublicationChange(id=publication.id, fate="added", resembles=alike)
            continue
        renamed = was.id != publication.id
        keys = _changed_keys(was, publication, _PUBLICATION_KEYS)
        if renamed:  # which `was` says, and nothing else by it
            keys = tuple(one for one in keys if one != "was")
        if keys or renamed:
            yield PublicationChange(
                id=publication.id,
                fate="edited",
                was=was.id if renamed else None,
                keys=keys,
                becomes=ended_addresses.becomes(was, publication),
                lost_tokens=ended_addresses.count_lost_tokens(was, publication),
                ends=ended_addresses.find_ended(was, after),
            )
    for publication in gone:
        ends = ended_addresses.find_ended(publication, after)
        yield PublicationChange(id=publication.id, fate="removed", ends=ends)


def _changed_keys(before: Any, after: Any, names: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of feeds.yaml whose values differ, each once."""
    fields: Iterable[str] = before.__dataclass_fields__
    differing = (one for one in fields if one not in _PLACES and getattr(before, one) != getattr(after, one))
    return tuple(dict.fromkeys(names.get(one, one) for one in differing))
