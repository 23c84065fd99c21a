"""All that reads publishers' text: the part of a poll that hostile input could stall or blow up.

Bytes -> clean entries -> what is new of them; entries -> signatures. Pure; called in processes that can be killed,
and what it needs for that is loaded only there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

from aggregator import dedupe, normalize, parse, stories
from aggregator.errors import EditError
from aggregator.model import (
    Conventions,
    Decision,
    DocumentDigests,
    Entry,
    Failed,
    Fetched,
    FieldSelectors,
    Item,
    ItemKey,
    ListMember,
    NamedFeed,
    ParsedFeed,
    Reading,
    Recall,
    Signature,
    Source,
    SourceProfile,
)
from aggregator.pipeline.sparing import decide_around_faults, entry_fault, work_around_faults

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)[\s>]", re.IGNORECASE)

READER_VERSION = parse.VERSION * 1000 + normalize.VERSION
"""Of the rules that turn bodies into entries; a body read under another version is read again."""


def digest(source: Source) -> str:
    """What the reading of a source's bodies depends on besides the bytes, and what is made of it at once.

    That is the version of our rules, a colon, and a digest of what the editor says of how the source is read and
    its items told apart. A stored body hash, and validators, say something only while this stays the same. The
    version tells whether the source may have secrets: what was read before they were known is read once more.
    """
    version = f"{READER_VERSION}r" if "${" in source.url or source.headers else str(READER_VERSION)
    return f"{version}:{_digest_words(source.conventions, source.identity, source.content)}"


@lru_cache(maxsize=256)
def _digest_words(conventions: Conventions, identity: str | None, content: str) -> str:
    """Of what the editor says, which of most sources is the same: asked several times a poll."""
    told = asdict(conventions)
    if not conventions.trimming:
        del told["trimming"]  # so that what was read before there was such a rule stays read
    said = [told, identity, content]
    written = json.dumps(said, sort_keys=True, default=sorted)  # what JSON does not know here are sets of names
    return blake2b(written.encode(), digest_size=12).hexdigest()


def has_same_words(one: str, other: str) -> bool:
    """Whether two such digests stand for the same words of the editor, under whatever version of the rules."""
    return one.partition(":")[2] == other.partition(":")[2]


def read(fetched: Fetched, conventions: Conventions, known: DocumentDigests | None = None) -> Reading | Failed:
    """Bytes -> clean entries. Pure and heavy: to be called where it can do no harm.

    Entries that are known are left out where that makes no difference to the others (`Reading.same`).
    """
    if known is None:
        return _read(fetched, conventions, None)
    try:
        found = _read(fetched, conventions, known)
    except (ImportError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 # a fault on all that is new: among all entries it costs these only
        return _read(fetched, conventions, None)
    whole = isinstance(found, Failed) or not found.same or found.digests is not None
    return found if whole else _read(fetched, conventions, None)


def load() -> None:
    """Load what most calls need."""
    _ = parse.parse, normalize.normalize, stories.sign


def _read(fetched: Fetched, conventions: Conventions, known: DocumentDigests | None) -> Reading | Failed:
    # Without its query, which no relative reference needs but an empty one, and which may hold a secret.
    base = fetched.content_location.partition("?")[0]
    kind = fetched.content_type
    parsed = _parse(fetched.body, conventions, known, content_type=kind, location=base)
    if isinstance(parsed, Failed):
        return parsed
    (entries, warnings), blamed = work_around_faults(
        parsed.entries, lambda some: normalize.normalize(replace(parsed, entries=tuple(some)), conventions)
    )
    reading = Reading(
        meta=normalize.clean_meta(parsed, conventions),
        entries=entries,
        hints=parsed.hints,
        deleted=normalize.deleted_ids(parsed, entries),
        warnings=parsed.warnings + warnings,
        whole=parsed.whole and not blamed,
        faults=(*parsed.faults, *(entry_fault(raw, error) for raw, error in blamed)),
        same=parsed.same,
        unfinished=None if blamed else parsed.unfinished,
    )
    return reading if parsed.digests is None else _with_digests(reading, parsed.digests)


def _parse(
    body: bytes, conventions: Conventions, known: DocumentDigests | None, *, content_type: str, location: str
) -> ParsedFeed | Failed:
    """The entries as they are written, by the reader for that kind of source."""
    select = conventions.select
    if isinstance(select, FieldSelectors):
        from aggregator.parse import selected

        if conventions.kind == "json":
            return selected.read_selected_json(
                body, select=select, content_type=content_type, location=location, known=known
            )
        return selected.read_selected_page(body, select=select, content_type=content_type, location=location)
    if conventions.kind == "page":
        from aggregator.parse import html

        return html.read_listing(body, select=select, content_type=content_type, location=location)
    return parse.parse(body, content_type=content_type, location=location, known=known)


def _with_digests(reading: Reading, digests: DocumentDigests) -> Reading:
    """A reading with its entries at their places in the document, and digests of these.

    It has none where anything was wrong with the document: what is told of all entries cannot be told by some. Of
    addresses with fragments it depends on the other entries what they are, and some keys are not stored.
    """
    same = frozenset(reading.same)
    places = [place for place in range(len(digests.entries)) if place not in same]
    fragments = [place for place, entry in zip(places, reading.entries, strict=False) if "#" in (entry.url or "")]
    if reading.warnings or reading.faults or not reading.whole or (same and fragments):
        return reading
    again = {
        *fragments,
        *(place for place, entry in zip(places, reading.entries, strict=True) if entry.former_keys),
    }
    entries = tuple("" if place in again else one for place, one in enumerate(digests.entries))
    return replace(
        reading,
        entries=tuple(replace(one, position=place) for one, place in zip(reading.entries, places, strict=True)),
        digests=replace(digests, entries=entries),
    )


def article(fetched: Fetched, conventions: Conventions) -> Entry | Failed:
    """Bytes of one article's page -> its entry."""
    from aggregator.parse import html

    base = fetched.content_location.partition("?")[0]
    raw = html.read_article(fetched.body, content_type=fetched.content_type, location=base)
    if isinstance(raw, Failed):
        return raw
    entry = normalize.clean_entry(raw, conventions, position=0)
    return entry or Failed(trouble="not_a_feed", message="There is no article on the page.")


def judge(
    source: Source,
    entries: Sequence[Entry],
    known: Mapping[ItemKey, Sequence[Item]],
    profile: SourceProfile,
    now: datetime,
    recall: Recall | None = None,
) -> Decision:
    """See `dedupe.decide`; an entry on which it raises is left out, and told in the decision's faults."""
    return decide_around_faults(
        entries, profile, lambda some, learned: dedupe.decide(source, some, known, learned, now, recall)
    )


def sign(entries: Sequence[Entry]) -> tuple[Signature, ...]:
    """The signature of each entry, in order."""
    return tuple(stories.sign(entry) for entry in entries)


def list_feeds(page: Fetched) -> tuple[ListMember, ...] | Failed:
    """Bytes -> the feeds that a list of somebody else's names; Failed, with the trouble, where it is none."""
    from aggregator.catalogue.opml import parse_opml  # few children read a list, and it brings much along

    try:
        found = parse_opml(page.body)
    except EditError as error:
        return Failed(trouble="malformed", message=str(error))
    feeds = tuple(ListMember(url=one.url, title=one.title, tags=one.tags) for one in found if one.url)
    return feeds or Failed(trouble="malformed", message="The list names no feeds.")


def discover(page: Fetched) -> tuple[NamedFeed, ...]:
    """Bytes -> where the feed of a page may be: what it names, then the usual places of a site; each once."""
    from aggregator.parse.html import feed_links

    named = feed_links.discover_feeds(page.body, content_type=page.content_type, location=page.url)
    usual = feed_links.common_places(page.url) if _PAGE.search(page.body, 0, 4096) else ()
    found = {one.url: NamedFeed(url=one.url, title=one.title or "", declared=one.found == "link") for one in named}
    return (*found.values(), *(NamedFeed(url=url) for url in usual if url not in found))
