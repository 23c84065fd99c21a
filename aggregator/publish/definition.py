"""What a publication's bytes depend on besides its items."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from aggregator.model import Publication, Site, Source

VERSION = 8
"""Of the renderer. To be raised with every change that gives equal editions other bytes (the golden tests tell),
so that an upgrade renders everything once."""


def digest(
    site: Site, publication: Publication, sources: Iterable[Source], beside: Iterable[Publication] = ()
) -> str:
    """A hash of all that the publication's documents take from feeds.yaml, and of the renderer's version.

    Equal in every process and on every machine. Secrets have no part in it: tokens, headers and the expanded
    addresses of sources change no byte. Nor has the order of the sources.

    Args:
        site: Who we are.
        publication: Which one.
        sources: Those whose entries belong to it.
        beside: Other publications whose filters decide what it shows; see `virtual`.
    """
    facts = (
        VERSION,
        (site.title, site.link),
        (publication.id, publication.title, publication.filters, publication.limit, publication.per_source),
        (publication.edits, publication.duplicates, publication.formats),
        sorted(
            (
                source.id,
                source.kind,
                source.url,
                source.title or "",
                source.publish,
                source.priority,
                repr(source.filters),
                *_rules(source),
            )
            for source in sources
        ),
        sorted((one.id, repr((one.tags, one.sources, one.filters))) for one in beside),
    )
    return blake2b(repr(facts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _rules(source: Source) -> tuple[str, ...]:
    """What the editor has rewritten; nothing of a source of which nothing is."""
    return (repr((source.rewrites, source.trimming)),) if source.rewrites or source.trimming else ()
