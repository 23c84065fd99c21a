"""What lists elsewhere name -> sources: with ids that stay, and none lost because a list was cut short. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from aggregator.catalogue import typed_urls
from aggregator.catalogue.naming import new_id, on_one_line
from aggregator.catalogue.opt_outs import heed
from aggregator.catalogue.sheet import comparable
from aggregator.model import Catalogue, FollowedList, FollowedLists, ListMember, ListState, Source
from aggregator.text.sites import same_site

HELD: Final = timedelta(days=7)
"""How long a list has to go on naming so few until that is believed."""

_MANY: Final = 0.3
"""The part of a list whose loss at once is not believed."""


def with_lists(catalogue: Catalogue, known: FollowedLists) -> Catalogue:
    """The catalogue with the sources that its lists name, after those that feeds.yaml declares.

    What feeds.yaml has itself, by address or by id, is the editor's alone, and so is what it leaves out of a list.
    A feed that several lists name is the first one's, with the tags of all.
    """
    if not catalogue.lists:
        return catalogue
    sources = {source.id: source for source in catalogue.sources}
    places = {comparable(source.location): source.id for source in catalogue.sources}
    own = frozenset(sources)
    for one in catalogue.lists:
        without = {name for said in one.without for name in _spellings(said)}
        for member in known.states[one.id].members if one.id in known.states else ():
            if not without.isdisjoint({member.id, comparable(member.url)}):
                continue
            holder = places.get(comparable(member.url))
            if member.listed and holder is None and member.id not in sources:
                sources[member.id] = heed(_source_of(one, member), catalogue.opted_out)
                places[comparable(member.url)] = member.id
            elif member.listed and holder is not None and holder not in own:
                sources[holder] = _with_tags(sources[holder], (*one.template.tags, *member.tags))
    standing = replace(catalogue.standing, lists=known.version)
    return replace(catalogue, sources=tuple(sources.values()), standing=standing)


def find_unknown(one: FollowedList, state: ListState) -> tuple[str, ...]:
    """What is left out of a list and bears a name that no feed of it has, or had."""
    names = {name for member in state.members for name in (member.id, comparable(member.url))}
    return tuple(said for said in one.without if names.isdisjoint(_spellings(said)))


def _spellings(said: str) -> tuple[str, ...]:
    """An id, or an address as those of members are compared."""
    return said, comparable(typed_urls.complete(said))


def _source_of(followed: FollowedList, member: ListMember) -> Source:
    source = replace(
        followed.template, id=member.id, location=member.url, url=member.url, title=member.title or None
    )
    return _with_tags(source, member.tags)


def _with_tags(source: Source, tags: Sequence[str]) -> Source:
    return replace(source, tags=tuple(dict.fromkeys((*source.tags, *tags))))


def take_in(
    state: ListState, named: Sequence[ListMember], taken: Collection[str], now: datetime, *, doubting: bool = True
) -> ListState:
    """What is remembered of a list after it was read.

    In: what was remembered; what it names now; the ids that others have; the present moment. A feed that it named
    before has the id that it had then. Where the list lost much at once, what it lost goes on being listed, until
    it was so for a week; not if nobody is `doubting` it.
    """
    found = {comparable(one.url): one for one in _right(named)}
    known = {comparable(one.url): one for one in state.members}
    lost = {key for key, one in known.items() if one.listed and key not in found}
    moved = dict(_find_moved(known, found, lost))
    lost -= {*moved.values()}
    listed = sum(one.listed for one in state.members)
    is_cut = doubting and bool(lost) and len(lost) >= _MANY * listed
    since = (state.held_since or now) if is_cut else None
    is_held = since is not None and now - since < HELD
    members: dict[str, ListMember] = {}
    ids = {*taken, *(one.id for one in state.members)}
    for key, one in found.items():
        before = known.get(moved.get(key, key))
        called = f"{state.list_id} {one.title or urlsplit(one.url).hostname}"
        name = before.id if before is not None else new_id(one.url, called, ids)
        ids.add(name)
        members[name] = replace(one, id=name)
    for key, one in known.items():
        if one.id not in members:
            members[one.id] = replace(one, listed=is_held and key in lost)
    return replace(
        state,
        members=tuple(members.values()),
        held_since=since if is_held else None,
        missing=len(lost) if is_held else 0,
    )


def _right(named: Sequence[ListMember]) -> Iterator[ListMember]:
    """What may join: addresses of the web without a user's name, titles on one line; twins are joined."""
    found: dict[str, ListMember] = {}
    for one in named:
        url = typed_urls.complete(one.url.strip())
        if typed_urls.complaint(url) is not None or "@" in urlsplit(url).netloc:
            continue
        key, before = comparable(url), found.get(comparable(url))
        tags = (*before.tags, *one.tags) if before else one.tags
        title = (before.title if before else "") or on_one_line(one.title)
        found[key] = ListMember(url=before.url if before else url, title=title, tags=tuple(dict.fromkeys(tags)))
    yield from found.values()


def _find_moved(
    known: Mapping[str, ListMember], found: Mapping[str, ListMember], lost: Collection[str]
) -> Iterator[tuple[str, str]]:
    """New addresses of feeds that the list goes on calling as it did, on the same site; each with the old one."""
    gone: dict[str, list[str]] = {}
    for key in lost:
        gone.setdefault(known[key].title, []).append(key)
    for key, one in found.items():
        old = gone.get(one.title, []) if one.title and key not in known else []
        if len(old) == 1 and same_site(one.url, known[old[0]].url):
            yield key, old[0]
            gone.pop(one.title)
