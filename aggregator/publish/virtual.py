"""Feeds that nobody declared: one for every tag, source, story and search that the public may see.

A tag's and a source's are publications like any other, made from the catalogue; their ids begin with `tag/` and
`source/`, which no declared one can. They show what the public publications show, and nothing that only a private
one does, or that every public one filters out. A tag's shows a story once, unless no public publication does; a
source's shows all that the source said.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from urllib.parse import quote

from aggregator.model import Catalogue, Edition, Item, Origin, Publication, Revision, Site, Source
from aggregator.publish.rewriting import for_readers
from aggregator.publish.selection import can_show
from aggregator.publish.view import NAMESPACE

TAG_LIMIT = 100
SOURCE_LIMIT = 50
"""Entries of a source's feed: as much as most feeds carry, and half the bytes to store of each of many."""

SEARCH_LIMIT = 50
SEARCH = "search/"
"""The id of what is searched for; no declared publication has a slash in its own."""

_TAG, _SOURCE = "tag/", "source/"

PREFIXES = (_TAG, _SOURCE)
"""What the ids of these publications begin with, and those of no other."""


def is_virtual(publication_id: str) -> bool:
    """Whether the publication is a tag's, a source's or a search."""
    return publication_id == SEARCH or publication_id.startswith(PREFIXES)


def is_of_source(publication_id: str) -> bool:
    """Whether the publication is a source's."""
    return publication_id.startswith(_SOURCE)


def tag_feed(catalogue: Catalogue, tag: str) -> Publication | None:
    """The feed of a tag; None when no source that the public may see bears it."""
    return _tag_feed(catalogue, tag, visible_sources(catalogue))


def source_feed(catalogue: Catalogue, source_id: str) -> Publication | None:
    """The feed of a source; None when there is none of that id, or none for the public."""
    found = catalogue.source(source_id)
    if found is None or not publications_including(catalogue, found):
        return None
    return _source_feed(catalogue, found)


def search_feed(catalogue: Catalogue, title: str, sources: Sequence[Source]) -> Publication | None:
    """What is searched among some of the sources that the public may see; None for none."""
    ids = tuple(source.id for source in sources)
    return _make(catalogue, SEARCH, title, ids, SEARCH_LIMIT, _duplicates(catalogue)) if ids else None


def virtual_publications(catalogue: Catalogue) -> tuple[Publication, ...]:
    """All of them: the tags', then the sources', each in the editor's order."""
    seen = visible_sources(catalogue)
    borne: dict[str, list[Source]] = {}
    for source in seen:
        for tag in source.tags:
            borne.setdefault(tag, []).append(source)
    tags = (_tag_feed(catalogue, tag, sources) for tag, sources in borne.items())
    return (*(feed for feed in tags if feed), *(_source_feed(catalogue, source) for source in seen))


def public_publications(catalogue: Catalogue) -> tuple[Publication, ...]:
    """The declared publications that everybody may read, in the editor's order."""
    return tuple(publication for publication in catalogue.publications if not publication.private)


def front_id(catalogue: Catalogue) -> str | None:
    """The publication that is shown first: `all`, else the first public one, else None.

    What is searched for has the names that it has there.
    """
    ids = [publication.id for publication in public_publications(catalogue)]
    return "all" if "all" in ids else next(iter(ids), None)


def visible_sources(catalogue: Catalogue) -> tuple[Source, ...]:
    """The sources that some public publication includes, in the editor's order."""
    public = public_publications(catalogue)
    return tuple(source for source in catalogue.sources if any(one.includes(source) for one in public))


def touched_publication_ids(catalogue: Catalogue, source: Source) -> tuple[str, ...]:
    """The ids of all publications that entries of the source may belong to, the declared ones first."""
    declared = [publication for publication in catalogue.publications if publication.includes(source)]
    ids = [publication.id for publication in declared]
    if any(not publication.private for publication in declared):
        ids += [tag_id(tag) for tag in source.tags]
        ids.append(source_id(source.id))
    return tuple(ids)


def tag_id(tag: str) -> str:
    """The id of a tag's publication; a tag may be any text, an id is a path."""
    return f"{_TAG}{quote(tag, safe='')}"


def source_id(name: str) -> str:
    """The id of a source's publication."""
    return f"{_SOURCE}{name}"


def publications_including(catalogue: Catalogue, source: Source) -> tuple[Publication, ...]:
    """The public publications that include the source."""
    return tuple(publication for publication in public_publications(catalogue) if publication.includes(source))


def can_any_show(publications: Sequence[Publication], source: Source, item: Item) -> bool:
    """Whether one of the publications lets the item through, limits and quotas aside."""
    return any(can_show(publication, source, item) for publication in publications)


def history_id(item: Item) -> str:
    """The id of the feed of what an item said over time."""
    return f"story/{item.uid}"


def history_edition(
    item: Item, revisions: Sequence[Revision], origin: Origin, site: Site, feed_name: str
) -> Edition:
    """What an item said over time as an edition: one entry per revision, the newest first.

    Each entry is the item as it read then, dated when we saw it, under an id of its own; so is what superseded a
    revision in silence.
    """
    entries = tuple(
        replace(
            item,
            entry=revision.entry,
            public_id=f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{item.uid}/{_place(revision)}')}",
            published=revision.seen_at,
            updated=revision.seen_at,
        )
        for revision in reversed(revisions)
    )
    entry = for_readers(item.entry, origin.source)
    title = f"{entry.title or entry.url or 'A story'}: what it said over time"
    return Edition(
        site=site,
        publication=Publication(id=history_id(item), title=title, formats=("atom",)),
        items=entries,
        origins={item.source_id: origin},
        created=item.first_seen,
        feed_name=feed_name,
        page=history_id(item),
    )


def _place(revision: Revision) -> str:
    return f"{revision.number}/later" if revision.is_silent else str(revision.number)


def _tag_feed(catalogue: Catalogue, tag: str, among: Sequence[Source]) -> Publication | None:
    ids = tuple(source.id for source in among if tag in source.tags)
    if not ids:
        return None
    return _make(catalogue, tag_id(tag), tag, ids, TAG_LIMIT, _duplicates(catalogue))


def _source_feed(catalogue: Catalogue, source: Source) -> Publication:
    return _make(catalogue, source_id(source.id), source.title or source.id, (source.id,), SOURCE_LIMIT, "keep")


def _duplicates(catalogue: Catalogue) -> Literal["merge", "keep"]:
    merging = any(publication.duplicates == "merge" for publication in public_publications(catalogue))
    return "merge" if merging else "keep"


def _make(
    catalogue: Catalogue,
    name: str,
    title: str,
    sources: tuple[str, ...],
    limit: int,
    duplicates: Literal["merge", "keep"],
) -> Publication:
    public = public_publications(catalogue)
    return Publication(
        id=name,
        title=title,
        sources=sources,
        # Never longer than the longest that the editor, or the installation, allows.
        limit=min(limit, max(publication.limit for publication in public)),
        edits="bump" if any(publication.edits == "bump" for publication in public) else "silent",
        duplicates=duplicates,
    )
