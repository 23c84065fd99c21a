"""Where the feeds of a publication are, and who finds them there no more after an edit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from aggregator.model import Catalogue, Publication


def find_ended(was: Publication, after: Catalogue) -> tuple[str, ...]:
    """The paths of a publication as it was that lead nowhere in the later version; tokens aside."""
    still = {path for one in after.publications for path in _paths(one)}
    return tuple(path for path in dict.fromkeys(_paths(was)) if path not in still)


def becomes(was: Publication, now: Publication) -> Literal["public", "private"] | None:
    """What it is that it was not; None where it stays public, or private."""
    if was.private == now.private:
        return None
    return "private" if now.private else "public"


def count_lost_tokens(was: Publication, now: Publication) -> int:
    """How many tokens open it no more, of one that stays private."""
    return len(set(was.tokens) - set(now.tokens)) if now.private else 0


def find_alike(publication: Publication, gone: Iterable[Publication]) -> str | None:
    """The id of the one that goes and chooses the same entries, whose addresses `was` would keep; None without."""
    return next((one.id for one in gone if _choice(one) == _choice(publication)), None)


def _choice(publication: Publication) -> tuple[object, ...]:
    return frozenset(publication.tags), frozenset(publication.sources), publication.filters


def _paths(publication: Publication) -> Iterator[str]:
    for name in (publication.id, *publication.was):
        yield from (f"/{name}.{form}" for form in publication.formats)
    yield from (path for path, _ in publication.paths)
